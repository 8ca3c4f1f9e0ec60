"""Read the end of an official document: "Nơi nhận", the signature block, and where annexes begin."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from khcn.lib.text import fold
from khcn.standards.officialdoc.letters import compile_letters
from khcn.standards.officialdoc.lines import Line, Span

_RECIPIENTS = re.compile(r"^n[ơo]i\s*(?:nh[ậa]n|g[ửu]i)\s*:?", re.IGNORECASE)
_AUTHORITY = compile_letters(r"\b(?:TM|KT|TL|TUQ|Q)\s?\.\s*[\p{Lu}]")
_OFFICE = compile_letters(
    r"(?<![\w])(?:(?:TM|KT|TL|TUQ|Q|T/M|K/T|T/L)\s?\.?\s+|(?:TM|KT|TL|TUQ|Q)\.)?(?:ỦY BAN NHÂN DÂN|"
    r"UỶ BAN NHÂN DÂN|PHÓ CHỦ TỊCH|CHỦ TỊCH|"
    r"PHÓ GIÁM ĐỐC|GIÁM ĐỐC|BAN THƯỜNG VỤ|"
    r"PHÓ BÍ THƯ|BÍ THƯ|CHÁNH VĂN PHÒNG|THỦ TƯỚNG|BỘ TRƯỞNG|THỨ TRƯỞNG|(?<=\. )(?:UBND|"
    r"HĐND))(?:\s+[\p{Lu}]{2,}\b)*\s*$"
)
_SIGNED = re.compile(r"\(?\s*(?:đã ký|đã kí|ký tên|signed)[^)]*\)?\s*$", re.IGNORECASE)
_NAME = compile_letters(r"^(?:[\p{Lu}][\p{Ll}]*\s+){1,4}[\p{Lu}][\p{Ll}]*$")
_SIGNED_BESIDE = compile_letters(r"^(\s*[-–+•]\s*Lưu\b.*?[.;])\s+((?:[\p{Lu}][\p{Ll}]+\s+){1,4}[\p{Lu}][\p{Ll}]+)$")
_ITEM = re.compile(r"^\s*[-–—+•*]\s*")
_SEVERAL = re.compile(r"(?<=[;.])\s+(?=[-–—+•]\s)")  # items written one after another in one line
_ANNEX = re.compile(r"^(?:phụ lục|danh mục|biểu(?: số)?|bảng phụ lục)\b", re.IGNORECASE)
_ANNEX_NUMBER = re.compile(r"^phụ lục(?:\s+(?:số\s+)?(?:[IVX]+|\d{1,2}|[A-H]))?\s*[.:]?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Recipient:
    """One line of "Nơi nhận", its continuation lines joined."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Closing:
    """Recipients, and the signature: authority and office in capitals, then the name."""

    recipients: tuple[Recipient, ...]
    offices: tuple[str, ...]
    signer: str | None
    span: Span | None


def starts_closing(line: Line) -> bool:
    """Whether the closing begins here: "Nơi nhận", or a signature's first line where there are no recipients."""
    if any(_RECIPIENTS.match(column) for column in line.columns):
        return True
    text = line.text
    return len(text) < 90 and bool(_AUTHORITY.match(text)) and text.upper() == text


def is_annex_heading(line: Line) -> bool:
    """Whether an annex begins here: "PHỤ LỤC 1" alone on its line, or a heading in capitals ("DANH MỤC …")."""
    text = line.text
    if not _ANNEX.match(text) or len(line.columns) > 2:
        return False
    return bool(_ANNEX_NUMBER.match(text)) or (text.upper() == text and len(text) < 120)


def read_closing(lines: Sequence[Line]) -> tuple[Closing, Sequence[Line]]:
    """Read recipients and signature; return them and the lines after (annexes, or an attached document)."""
    items: list[tuple[str, Span]] = []
    offices: list[str] = []
    signer: str | None = None
    opened = done = False
    stop = len(lines)
    for i, line in enumerate(lines):
        if i > 0 and (is_annex_heading(line) or _starts_document(line) or len(line.text) > 400):
            stop = i
            break
        if opened and done and signer and i - 1 < len(lines) and not _is_signature(line.text):
            stop = i
            break
        for text in line.columns:
            if found := _RECIPIENTS.match(text):
                opened, text = True, text[found.end() :].strip()
            text, office = _cut_office(text)
            if office:
                offices.append(office)
            if not text:
                continue
            if _SIGNED.fullmatch(text):
                continue
            is_item = bool(_ITEM.match(text))
            if is_item and (signed := _SIGNED_BESIDE.match(text)):
                text, signer = signed.group(1), signed.group(2)
            if _NAME.match(text) and not is_item and (done or offices) and len(text) < 40 and not _is_open(items):
                signer = text
            elif opened and not (done and not is_item and not _is_open(items)):
                for part in _SEVERAL.split(text) if is_item else [text]:
                    _add(items, part, line, is_item)
                    done = done or fold(_ITEM.sub("", part)).startswith(("luu", "lu'u"))
    span = lines[0].span.joined(lines[stop - 1].span) if lines[:stop] else None
    recipients = tuple(
        Recipient(text, where) for raw, where in items if (text := raw.removesuffix("./.").strip(" ;.,"))
    )
    return Closing(recipients, tuple(offices), signer, span), lines[stop:]


def _is_open(items: Sequence[tuple[str, Span]]) -> bool:
    """Whether the last recipient line ends in the middle ("- TTTU, TT HĐND tỉnh,")."""
    return bool(items) and items[-1][0].rstrip().endswith((",", "-", "–", "và"))


def _is_signature(text: str) -> bool:
    return bool(_OFFICE.search(text) or _SIGNED.search(text) or _NAME.match(text) or _ITEM.match(text))


def _starts_document(line: Line) -> bool:
    text = line.text
    return text.upper() == text and fold(text) in (
        "ke hoach",
        "chuong trinh",
        "chuong trinh hanh dong",
        "de an",
        "chien luoc",
    )


def _cut_office(text: str) -> tuple[str, str | None]:
    """Divide a line that the extraction joined from two columns: "- Bộ KH&CN; KT. CHỦ TỊCH"."""
    found = _OFFICE.search(text)
    if found is None:
        return text, None
    return text[: found.start()].strip(), found.group().strip()


def _add(items: list[tuple[str, Span]], text: str, line: Line, is_item: bool) -> None:
    body = _ITEM.sub("", text) if is_item else text
    starts = is_item or not items or (items[-1][0].endswith(";") and not body[:1].islower())
    if starts:
        items.append((body, line.span))
        return
    before, where = items[-1]
    glue = "" if before.endswith(("-", "/")) else " "
    items[-1] = (before + glue + body, where.joined(line.span))
