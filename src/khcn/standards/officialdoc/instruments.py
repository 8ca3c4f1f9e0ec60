"""Read citations of legal and party acts: "Quyết định số 749/QĐ-TTg ngày 03/6/2020 của Thủ tướng Chính phủ về …"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from khcn.lib.text import fold

_KINDS = (
    "Hiến pháp",
    "Bộ luật",
    "Luật",
    "Pháp lệnh",
    "Nghị quyết liên tịch",
    "Nghị quyết",
    "Nghị định",
    "Quyết định",
    "Thông tư liên tịch",
    "Thông tư",
    "Chỉ thị",
    "Kết luận",
    "Kế hoạch",
    "Chương trình hành động",
    "Chương trình",
    "Công văn",
    "Công điện",
    "Tờ trình",
    "Thông báo",
    "Thông tri",
    "Đề án",
    "Báo cáo",
    "Hướng dẫn",
    "Quy định",
    "Quy chế",
    "Văn bản",
    "Giấy mời",
    "Chiến lược",
)
_MAX_CLAUSE = 6000  # characters of one basis that are read; beyond is no citation
_KIND = "|".join(sorted(_KINDS, key=len, reverse=True))
_NUMBER = r"\d{1,6}[a-z]?(?:\s?[/-]\s?(?:\d{4}\s?[/-]\s?)?[A-ZĐƯƠ&][\wĐđƯư&.,]*(?:\s?[-/–]\s?[A-ZĐƯƠ&][\wĐđƯư&]*)*)"
_DATE = (
    r"(?P<day>\d{1,2})\s?[/.-]\s?(?P<month>\d{1,2})\s?[/.-]\s?(?P<year>\d{4})"
    r"|(?P<day2>\d{1,2})\s+tháng\s+(?P<month2>\d{1,2})\s+năm\s+(?P<year2>\d{4})"
)
_NUMBERED = re.compile(
    rf"(?P<kind>{_KIND})?\s*(?P<so>số\s*:?\s*)?(?P<number>{_NUMBER})(?:\s*,?\s*(?:ra\s+)?ngày\s+(?:{_DATE}))?",
    re.IGNORECASE,
)
_LAW = re.compile(
    r"\b(?P<kind>Hiến pháp|Bộ luật|Luật|Pháp lệnh)\s+(?P<name>[^;]{0,200}?)"
    rf"(?:,?\s*(?:số\s*(?P<number>\d+/\d{{4}}/QH\d+))?,?\s*(?:ngày\s+(?:{_DATE})|năm\s+(?P<only_year>\d{{4}})))"
)
_CONGRESS = re.compile(
    r"\bNghị quyết\s+(?P<name>(?:của\s+)?Đại hội\s+(?:đại biểu\s+)?(?:toàn quốc|(?:lần thứ|Đảng|đảng|tỉnh|thành)\b)"
    r"[^;]{0,250}?)(?=\s+và\s+(?:Nghị quyết|Chương trình|Kế hoạch)|[;.]|$|,\s+(?:Nghị quyết|Chương trình|Kế hoạch|UBND|"
    r"Ủy ban))"
)
_ISSUER = re.compile(
    r"^[\s,)]*(?:của\s+|do\s+)(?P<issuer>(?:Ban|Bộ|Chính phủ|Thủ tướng|Quốc hội|Ủy ban|Uỷ ban|UBND|HĐND|Hội đồng|"
    r"Tỉnh ủy|Thành ủy|Đại hội|"
    r"Sở|Văn phòng|Trung ương|Liên|Bí thư|Chủ tịch|Đảng ủy)\b.{0,200}?)"
    r"(?=\s+(?:về(?!\s+(?:tinh|đích))|ban hành|phê duyệt|quy định|thực hiện|triển khai|hướng dẫn|sửa đổi|"
    r"thông qua|phát động|công bố|giao|"
    r"tại|trong)\b|[;,.(]|$)"
)
_MOVED = re.compile(
    r"^[\s,]*(?:về\s+việc|về|ban hành|phê duyệt|quy định|thực hiện|triển khai|hướng dẫn)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Citation:
    """One act cited in a text: its kind, number (None for acts without one), date, issuer, subject; `nested` when
    cited in another's subject.
    """

    kind: str
    number: str | None
    issued_on: date | None
    issuer: str | None
    subject: str
    raw: str
    start: int
    end: int
    nested: bool


def make_date(year: int, month: int, day: int) -> date | None:
    """Return the date, or None when there is no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _date_of(match: re.Match[str]) -> date | None:
    for suffix in ("", "2"):
        if match.group("year" + suffix):
            return make_date(
                int(match.group("year" + suffix)), int(match.group("month" + suffix)), int(match.group("day" + suffix))
            )
    return None


def normalise_number(number: str) -> str:
    """Return an act's number without stray spaces and in plain hyphens ("370- KL/TU" → "370-KL/TU")."""
    return re.sub(r"\s*([/\-–])\s*", lambda m: "-" if m.group(1) == "–" else m.group(1), number).strip(" .,-/")


def read_citations(text: str) -> tuple[Citation, ...]:
    """Return every act cited in `text`, one per number, in order of first mention.

    Clauses end at ";": the first act of a clause is the basis, further ones are `nested` unless listed beside it.
    """
    found: list[Citation] = []
    seen: set[str] = set()
    position = 0
    for clause in re.split(r"(?<=;)", text):
        for citation in _clause_citations(clause, position):
            key = fold(citation.number) if citation.number else fold(f"{citation.kind} {citation.subject}")[:60]
            if key not in seen:
                seen.add(key)
                found.append(citation)
        position += len(clause)
    return tuple(found)


def _clause_citations(clause: str, offset: int) -> Iterator[Citation]:
    clause = clause[:_MAX_CLAUSE]
    matches: list[tuple[re.Match[str], str]] = [(m, "law") for m in _LAW.finditer(clause)]
    taken = [m.span() for m, _ in matches]
    for match in _NUMBERED.finditer(clause):
        if not any(a <= match.start("number") < b for a, b in taken) and _is_act(match):
            matches.append((match, "numbered"))
    matches += [(m, "congress") for m in _CONGRESS.finditer(clause)]
    matches.sort(key=lambda pair: pair[0].start())
    nested: list[bool] = []
    for i, (match, _) in enumerate(matches):
        nested.append(i > 0 and (nested[-1] or not _is_listed(clause, match)))
    for i, (match, sort) in enumerate(matches):
        # A basis keeps the acts cited in its subject; a nested act ends at the next act.
        after = (j for j in range(i + 1, len(matches)) if nested[i] or not nested[j])
        following = matches[j][0].start() if (j := next(after, None)) is not None else len(clause)
        yield _citation(clause, match, sort, following, offset, nested=nested[i])


def _is_act(match: re.Match[str]) -> bool:
    number = match.group("number")
    return bool(
        match.group("kind") or match.group("so") or re.search(r"[/-](?:QĐ|NQ|NĐ|TT|CT|KL|KH|CV|TTr|BC|TB)\b", number)
    )


def _is_listed(clause: str, match: re.Match[str]) -> bool:
    before = clause[: match.start()].rstrip()
    return bool(re.search(r"(?:^|,|\bvà|Căn cứ)$", before))


def _citation(clause: str, match: re.Match[str], sort: str, following: int, offset: int, *, nested: bool) -> Citation:
    tail = clause[match.end() : following]
    if sort == "numbered":
        issuer = _ISSUER.match(tail)
        subject = tail[issuer.end() :] if issuer else tail
        return Citation(
            kind=(match.group("kind") or "Văn bản").strip().capitalize(),
            number=normalise_number(match.group("number")),
            issued_on=_date_of(match),
            issuer=issuer.group("issuer").strip(" ,") if issuer else None,
            subject=_subject(subject),
            raw=clause[match.start() : following].strip(" ;,."),
            start=offset + match.start(),
            end=offset + following,
            nested=nested,
        )
    if sort == "law":
        number = match.group("number")
        return Citation(
            kind=match.group("kind"),
            number=number,
            issued_on=_date_of(match),
            issuer="Quốc hội",
            subject=match.group("name").strip(" ,"),
            raw=match.group().strip(),
            start=offset + match.start(),
            end=offset + match.end(),
            nested=nested,
        )
    name = match.group("name").strip(" ,")
    return Citation(
        kind="Nghị quyết",
        number=None,
        issued_on=None,
        issuer=re.split(r"\s+lần thứ|,", name)[0].strip(),
        subject=name,
        raw=match.group().strip(" ,;."),
        start=offset + match.start(),
        end=offset + match.end(),
        nested=nested,
    )


def _subject(text: str) -> str:
    moved = _MOVED.match(text)
    if moved and fold(moved.group()).strip(" ,") in ("ve viec", "ve"):
        text = text[moved.end() :]
    text = re.sub(r"\s+(?:và|theo đề nghị của .*)$", "", text.strip(" ;,."))
    return text.strip(" ;,.()")
