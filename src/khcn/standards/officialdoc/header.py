"""Read the head of an official document: who issued it, its number, place and date, its kind and title."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from khcn.lib.text import fold
from khcn.standards.officialdoc.instruments import make_date, normalise_number
from khcn.standards.officialdoc.letters import compile_letters
from khcn.standards.officialdoc.lines import Line, Span
from khcn.standards.officialdoc.markers import Style, read_marker
from khcn.standards.officialdoc.outline import is_capitals

_SEARCHED = 60  # lines within which the title of a document stands
_KINDS = (
    "ke hoach hanh dong",
    "ke hoach",
    "chuong trinh hanh dong",
    "chuong trinh",
    "quyet dinh",
    "nghi quyet",
    "de an",
    "chien luoc",
    "chi thi",
    "bao cao",
    "thong bao",
    "huong dan",
    "to trinh",
    "quy dinh",
    "quy che",
)
_NUMBER = re.compile(
    r"\bS[ốôo]\s*:?\s*(\d[\d\s]{0,5}?)?\s*([/-]\s*(?:\d{4}\s*/\s*)?[A-ZĐ][A-ZĐa-z]*(?:\s*[-/]\s*[A-ZĐ][\wĐ&]*)*)"
)
_ACT_NUMBER = re.compile(r"\d+\s*[/-]\s*[A-ZĐ]{2}")
_PLACE_DATE = compile_letters(
    r"(?P<place>[\p{Lu}][\w\s.\-–]{1,40}?),?\s+ngày\s*(?P<day>\d{1,2})?[\s.…]*"
    r"(?:tháng\s*(?P<month>\d{1,2})?[\s.…]*năm\s*(?P<year>\d{4})|[/.-]\s?(?P<month2>\d{1,2})\s?[/.-]\s?(?P<year2>\d{4}))"
)
_MOTTO = re.compile(
    r"c[ộo]ng\s*h[òoàa]+\s*x[ãa].*|(?:h[ộo]i\s+)?ch[ủu] ngh[ĩi]a vi[ệe]t nam.*|đ[ộo]c l[ậa]p\s*[-–—].*|"
    r"đ[ảa]ng c[ộo]ng s[ảa]n vi[ệe]t nam.*",
    re.IGNORECASE,
)
_PREAMBLE = re.compile(
    r"^(?:căn cứ|theo |xét |nhằm |để |trên cơ sở|quán triệt|thi hành|tiếp tục |triển khai |thực hiện |ngày \d|-\s*luật|"
    r"ubnd |ủy ban nhân dân|uỷ ban nhân dân|trong (?:những )?năm)",
    re.IGNORECASE,
)
_RESOLVING = re.compile(
    r"^(?:hoi dong nhan dan|uy ban nhan dan|ubnd|chu tich|giam doc|thu tuong|bo truong|ban thuong vu|ban chap hanh)\b"
)
_PROCLAIMS = re.compile(r"\b(?:ban hành|xây dựng|triển khai|phê duyệt|quyết định)\b.*:$")
_OPEN_TITLE = re.compile(r"(?:\b(?:cua|va|do|tai|cho|voi|cac)|[,–-])$")
_ATTACHED = re.compile(r"^\(\s*(?:ban hành )?k[èe]m theo", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Header:
    """The letterhead: issuing body, number, place and date; None for what is not printed."""

    issuer: str | None
    number: str | None
    place: str | None
    issued_on: date | None
    span: Span | None


@dataclass(frozen=True, slots=True)
class Title:
    """Kind ("KẾ HOẠCH") and title of a document, and the lines [first, last) in which they stand."""

    kind: str | None
    text: str | None
    span: Span | None
    first: int
    last: int


def find_title(lines: Sequence[Line]) -> Title:
    """Find kind and title among the first lines; without one, the first basis or heading ends the head of the
    document.
    """
    for i, line in enumerate(lines[:_SEARCHED]):
        kind, taken = _kind_of(line.text), 1
        if kind is None and i + 1 < len(lines) and len(line.text) < 12:
            # A narrow column breaks even "KẾ | HOẠCH".
            kind, taken = _kind_of(f"{line.text} {lines[i + 1].text}"), 2
        if kind is None:
            continue
        heading = " ".join(part.text for part in lines[i : i + taken])
        rest = heading[len(kind) :].strip(" :-–")
        if rest and not is_capitals(heading):
            continue
        last, parts = _title_lines(lines, i + taken, [rest] if rest else [])
        span = lines[i].span.joined(lines[last - 1].span)
        return Title(kind, " ".join(parts) or None, span, i, last)
    return _unnamed_title(lines)


def _unnamed_title(lines: Sequence[Line]) -> Title:
    """Return the title of a document whose kind is not printed: the lines in capitals before the first basis."""
    for i, line in enumerate(lines[:_SEARCHED]):
        if _in_capitals(line.text):
            continue
        marker = read_marker(line.text)
        if (marker and not marker.style.is_bullet) or _PREAMBLE.match(line.text):
            first = i
            while first > 0 and is_capitals(lines[first - 1].text) and not _MOTTO.search(lines[first - 1].text):
                first -= 1
            headed = any(_NUMBER.search(before.text) for before in lines[:first])
            text = " ".join(part.text for part in lines[first:i]) if headed else ""
            span = lines[first].span.joined(lines[i - 1].span) if text else None
            return Title(None, text or None, span, first if text else i, i)
    return Title(None, None, None, 0, 0)


def _kind_of(text: str) -> str | None:
    """Return the leading words of `text` that name a kind of document, when they are in capitals."""
    squeezed = re.sub(r"(?<=\b\w) (?=\w\b)", "", text) if re.match(r"^(?:\w ){4,}", text) else text
    folded = fold(squeezed)
    for kind in _KINDS:
        if folded == kind or folded.startswith((kind + " ", kind + ":")):
            head = " ".join(squeezed.split()[: len(kind.split())])
            return head if head.upper() == head else None
    return None


def _title_lines(lines: Sequence[Line], start: int, parts: list[str]) -> tuple[int, list[str]]:
    i = start
    while i < len(lines) and i - start < 9:
        line = lines[i]
        if _ATTACHED.match(line.text):
            while i < len(lines) and ")" not in lines[i].text and i - start < 12:
                i += 1
            return min(i + 1, len(lines)), parts
        marker = read_marker(line.text)
        if marker is not None and (marker.style != Style.DASH or not parts):
            break
        if parts and (line.after_ornament or _ends_title(line, lines[i - 1], parts)):
            break
        parts.append(line.text)
        i += 1
    return i, parts


def _ends_title(line: Line, before: Line, parts: Sequence[str]) -> bool:
    if is_capitals(line.text):
        # The body that resolves stands under the title in capitals, as a line of its own.
        return bool(_RESOLVING.match(fold(line.text))) and not _OPEN_TITLE.search(fold(before.text))
    if is_capitals(before.text) and len(before.text) > 12:
        return True
    if line.text[:1].islower():
        return False
    if line.text.startswith(("Căn cứ", "Theo ", "Xét ", "Nhằm ", "UBND ", "Ủy ban nhân dân")) or len(line.text) > 160:
        return True
    if _PREAMBLE.match(line.text) or _PROCLAIMS.search(line.text):
        return True
    return len(parts) >= 2 and line.blanks_before > before.blanks_before + 1


def read_header(lines: Sequence[Line]) -> Header:
    """Read the letterhead from the lines before the title, also where its two columns were extracted into one line."""
    if not lines:
        return Header(None, None, None, None, None)
    flat = " ".join(line.text for line in lines)
    number = _NUMBER.search(flat)
    dated = _PLACE_DATE.search(flat)
    issued_on = None
    if dated and dated.group("day") and (month := dated.group("month") or dated.group("month2")):
        issued_on = make_date(int(dated.group("year") or dated.group("year2")), int(month), int(dated.group("day")))
    digits = re.sub(r"\s", "", number.group(1) or "") if number else ""
    place = re.sub(r"^.*(?:[-/]\s?[A-ZĐ]{2,}\S*|phúc|PHÚC)\s+", "", dated.group("place")).strip() if dated else None
    return Header(
        issuer=_issuer(lines),
        number=normalise_number(digits + number.group(2)) if number and digits else None,
        place=place,
        issued_on=issued_on,
        span=lines[0].span.joined(lines[-1].span),
    )


def _issuer(lines: Sequence[Line]) -> str | None:
    parts: list[str] = []
    for line in lines[:14]:
        for column in line.columns:
            text = _MOTTO.sub("", column).strip(" -–—_*|")
            if re.match(r"S[ốo]\s*:|S[ốo]\s*/", text):
                return _join_issuer(parts)
            if not text or _NUMBER.match(text) or _PLACE_DATE.search(text):
                if _NUMBER.match(text):
                    return _join_issuer(parts)
                continue
            if _in_capitals(text) and len(text) < 90 and not _ACT_NUMBER.search(text):
                parts.append(text)
    return _join_issuer(parts)


def _in_capitals(text: str) -> bool:
    return any(c.isalpha() for c in text) and text.upper() == text


def _join_issuer(parts: Sequence[str]) -> str | None:
    # In one line where the extraction joined the two columns, over several where it broke them.
    text = " ".join(dict.fromkeys(parts))
    text = re.sub(r"CỘNG\s+H(?:ÒA|OÀ|OÀ|ÓA)\s+XÃ\s+HỘI|CHỦ\s+NGHĨA\s+VIỆT\s+NAM", "", text)
    text = re.sub(r"\s*\b(?:KẾ HOẠCH|QUYẾT ĐỊNH)\b.*$", "", text)
    return " ".join(text.split()) or None
