"""Read what identifies a plan: number, date, issuer, title, period, legal bases."""

import re
from collections.abc import Sequence

from khcn.domains.programme.rules.plan_reading.model import LegalBasis, ReadPeriod
from khcn.domains.programme.rules.plan_reading.units import department_name
from khcn.standards.officialdoc import Block, OfficialDocument, fold, read_citations
from khcn.standards.officialdoc.letters import compile_letters

_RANGE = re.compile(
    r"(?:giai\s+đoạn|thời\s+kỳ|các\s+năm|05\s+năm|5\s+năm|năm)?\s*\(?((?:19|20)\d\d)\s*(?:[-–—]|"
    r"đến(?:\s+năm)?)\s*((?:19|20)\d\d)\)?",
    re.IGNORECASE,
)
_UNTIL = re.compile(r"đến\s+(?:hết\s+|cuối\s+)?năm\s+((?:19|20)\d\d)", re.IGNORECASE)
_YEAR = re.compile(r"(?:trong\s+)?năm\s+((?:19|20)\d\d)", re.IGNORECASE)
_OUTLOOK = re.compile(r"(?:,|\s|\()*(?:tầm nhìn|định hướng|hướng tới|hướng đến|và những năm).*$", re.IGNORECASE)
_FOLLOWING = re.compile(r"và\s+(?:những|các)\s+năm\s+(?:tiếp|sau)", re.IGNORECASE)
_ACT_IN_TITLE = re.compile(
    r"(?:nghị quyết|quyết định|chỉ thị|kết luận|kế hoạch|"
    r"chương trình(?:\s+hành động)?)\s+số\s+\S+(?:\s*,?\s*ngày\s+[\d/.\s]+(?:tháng\s+\d+\s+năm\s+\d{4})?)?",
    re.IGNORECASE,
)
_PROCLAIMS = compile_letters(
    r"(?P<issuer>(?:UBND|Ủy ban nhân dân|Uỷ ban nhân dân)\s+(?P<level>tỉnh|thành phố|huyện|thị xã|quận|xã|"
    r"phường|đặc khu)(?:\s+(?P<place>[\p{Lu}]\w*(?:\s*[-–]?\s*[\p{Lu}]\w*){0,4}))?)"
    r"\s+(?:ban hành|xây dựng|triển khai|phê duyệt|yêu cầu|đề ra)",
)
_PLACE = compile_letters(r"\b(tỉnh|thành phố|Tỉnh|Thành phố)\s+((?:[\p{Lu}][\p{Ll}]+\s?|-\s?){1,5})")
_BOARD = re.compile(r"^(BAN|BỘ)\s+(CHỈ HUY|CHỈ ĐẠO|TƯ LỆNH|QUẢN LÝ|ĐIỀU PHỐI|ĐIỀU HÀNH)\s+(.+)$")
_ISSUING = ("Ủy ban nhân dân", "UBND", "Hội đồng nhân dân", "Tỉnh ủy", "Thành ủy", "Sở Khoa học và Công nghệ")
_LEVELS = ("tỉnh", "thành phố", "huyện", "thị xã", "quận", "xã", "phường", "đặc khu")
_NOT_PLACE = {"uy", "doan", "dang", "ve", "va"}
_BASIS_END = re.compile(
    r"(?:UBND|Ủy ban nhân dân|Uỷ ban nhân dân)\s+(?:tỉnh|[Tt]hành phố|huyện|xã|phường)[^;]{0,60}?\s+(?:ban hành|"
    r"xây dựng|"
    r"triển khai)\s+(?:kế hoạch|Kế hoạch|chương trình|Chương trình).*",
    re.DOTALL,
)


def read_period(document: OfficialDocument) -> ReadPeriod | None:
    """Return the years of the plan from its title, else from what the preamble proclaims; outlook years are left
    out.
    """
    proclaimed = [block.text for block in document.preamble if re.search(r"ban hành|xây dựng|triển khai", block.text)]
    for text in [document.title or "", *reversed(proclaimed)]:
        if (period := period_of(text)) is not None:
            return period
    if document.decision is not None:
        return read_period(document.decision)
    return None


def period_of(text: str) -> ReadPeriod | None:
    """Return the period that `text` names: "giai đoạn 2021 - 2025", "đến năm 2030, tầm nhìn 2045", "năm 2026"."""
    plain = _ACT_IN_TITLE.sub("", text)
    # "năm 2022 và những năm tiếp theo (2022-2025)" runs to 2025; "đến năm 2030, tầm nhìn 2045" does not run to 2045.
    whole = [plain] if _FOLLOWING.search(plain) and _RANGE.search(plain) else []
    for candidate in (*whole, _OUTLOOK.sub("", plain), plain):
        ranges = list(_RANGE.finditer(candidate))
        if ranges:
            found = next((m for m in ranges if "giai" in m.group().lower()), ranges[0])
            first, last = int(found.group(1)), int(found.group(2))
            if first <= last <= first + 40:
                return ReadPeriod(first, last, found.group().strip())
        if until := _UNTIL.search(candidate):
            return ReadPeriod(None, int(until.group(1)), until.group().strip())
        if years := list(_YEAR.finditer(candidate)):
            year = int(years[-1].group(1))
            return ReadPeriod(year, year, years[-1].group().strip())
    return None


def read_issuer(document: OfficialDocument) -> str | None:
    """Return who issues the plan: the letterhead, else "UBND tỉnh … ban hành" with the province the text names."""
    printed = document.header.issuer
    if printed and printed.isascii():
        printed = _restored(printed, document)
    if printed and fold(printed) in ("uy ban nhan dan", "ubnd"):
        level = "thành phố" if "thành phố" in " ".join(b.text for b in document.preamble) else "tỉnh"
        place = document.header.place or _place(document, level)
        return f"Ủy ban nhân dân {level} {place}" if place else "Ủy ban nhân dân"
    if printed and re.search(r"nhan dan|ubnd|so |bo |hoi dong|thu tuong|tinh uy|ban ", fold(printed) + " "):
        return _title_case(printed)
    for block in document.preamble:
        if found := _PROCLAIMS.search(block.text):
            name = " ".join(found.group("issuer").split())
            if found.group("place"):
                return name
            place = _place(document, found.group("level"))
            return f"{name} {place}" if place else name
    return _title_case(printed) if printed else None


def _restored(printed: str, document: OfficialDocument) -> str:
    """Return a letterhead typed without diacritics with those of the usual words and of the place the text names."""
    folded = fold(printed)
    for head in _ISSUING:
        if not folded.startswith(fold(head)):
            continue
        rest = folded[len(fold(head)) :].strip()
        level = next((level for level in _LEVELS if rest.startswith(fold(level) + " ")), "")
        place = rest[len(fold(level)) :].strip()
        texts = [document.title or "", *(block.text for block in document.preamble)]
        named = [document.header.place or "", *(m.group(2).strip(" -") for t in texts for m in _PLACE.finditer(t))]
        known = next((name for name in named if place and fold(name) == place), place)
        return " ".join(f"{head} {level} {known}".split()).upper()
    return printed


def _place(document: OfficialDocument, level: str) -> str | None:
    """Return the province's name as the title or preamble first writes it after "tỉnh" or "thành phố"."""
    texts = [document.title or "", *(block.text for block in document.preamble)]
    counts: dict[str, int] = {}
    for text in texts:
        for found in _PLACE.finditer(text):
            name = found.group(2).strip(" -")
            if fold(found.group(1)) == fold(level) and name and fold(name).split()[0] not in _NOT_PLACE:
                counts[name] = counts.get(name, 0) + 1
    return max(counts, key=lambda name: counts[name]) if counts else None


def _title_case(text: str) -> str:
    """Return a name in capitals the way it is written in running text ("ỦY BAN NHÂN DÂN TỈNH CAO BẰNG")."""
    if text.upper() != text:
        return text
    if board := _BOARD.match(text):
        # "Ban Chỉ đạo chuyển đổi số tỉnh …": after the head only first letters and places are capitals.
        head, verb, rest = board.groups()
        placed = re.match(r"^(.*?)\s*\b(TỈNH|THÀNH PHỐ)\s+(.+)$", rest)
        body = f"{placed.group(1)} {placed.group(2)}".lower() if placed else rest.lower()
        place = f" {_capitalised(placed.group(3))}" if placed else ""
        return f"{head.capitalize()} {verb.capitalize()} {body.strip()}{place}"
    under = re.match(r"^(?:ỦY BAN NHÂN DÂN|UỶ BAN NHÂN DÂN|UBND)\s+(TỈNH|THÀNH PHỐ)\s+(.+?)\s+((?:SỞ|BAN)\s.+)$", text)
    if under:
        return f"{_title_case(under.group(3))} {under.group(1).lower()} {_capitalised(under.group(2))}"
    common = re.match(
        r"^(ỦY BAN NHÂN DÂN|UỶ BAN NHÂN DÂN|UBND)\s+(TỈNH|THÀNH PHỐ|HUYỆN|THỊ XÃ|QUẬN|XÃ|PHƯỜNG|ĐẶC KHU)\s+(.+)$", text
    )
    if common:
        head = "UBND" if common.group(1) == "UBND" else "Ủy ban nhân dân"
        return f"{head} {common.group(2).lower()} {_capitalised(common.group(3))}"
    small = {"và", "tỉnh", "thành", "phố", "nhân", "dân", "huyện", "đồng", "ủy"}
    named = department_name(text)
    return named or " ".join(w if w in small and i else w.capitalize() for i, w in enumerate(text.lower().split()))


def _capitalised(name: str) -> str:
    return re.sub(r"[^\s\-–]+", lambda m: m.group().capitalize(), name.lower())


def read_bases(blocks: Sequence[Block]) -> list[LegalBasis]:
    """Return the acts the preamble names, each number once, in order; the plan itself is not one."""
    bases: list[LegalBasis] = []
    seen: dict[str, int] = {}
    for block in blocks:
        text = _BASIS_END.sub("", block.text)
        for citation in read_citations(text):
            key = fold(citation.number or f"{citation.kind} {citation.subject}"[:60])
            basis = LegalBasis(
                kind=citation.kind,
                number=citation.number,
                issued_on=citation.issued_on,
                issuer=citation.issuer or _proposer(text, citation.start),
                subject=citation.subject,
                raw=citation.raw,
                span=block.span_of(citation.start, citation.end),
                nested=citation.nested,
                confidence=0.95 if citation.number and not citation.nested else 0.75,
            )
            if key not in seen:
                seen[key] = len(bases)
                bases.append(basis)
            elif bases[seen[key]].nested and not basis.nested:
                bases[seen[key]] = basis
    return bases


def _proposer(text: str, position: int) -> str | None:
    found = re.search(
        r"(?:theo|xét) đề nghị của\s+(?:Giám đốc\s+|đồng chí\s+)?(.+?)\s+tại\s*$",
        text[:position].rstrip(),
        re.IGNORECASE,
    )
    return found.group(1).strip(" ,") if found else None
