"""Deadlines in a sentence: "đến năm 2025", "trước ngày 31/12/2024", "đến hết quý II năm 2026", "hằng năm"."""

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from khcn.standards.officialdoc import make_date

_YEAR = r"(?:19|20)\d{2}"
_DEADLINE = re.compile(
    r"(?P<lead>(?:tính\s+)?đến(?:\s+(?:trước|hết|cuối))?|trước|trong|vào|chậm nhất(?:\s+(?:là|đến))?|"
    r"từ\s+nay\s+đến|hoàn thành)?\s*"
    rf"(?:ngày\s+(?P<day>\d{{1,2}})\s*(?:[/.-]|tháng)\s*(?P<dmonth>\d{{1,2}})\s*(?:[/.-]|năm)\s*(?P<dyear>{_YEAR})"
    rf"|(?<![\d/.])(?P<nday>\d{{1,2}})[/.](?P<nmonth>\d{{1,2}})[/.](?P<nyear>{_YEAR})"
    rf"|quý\s+(?P<quarter>IV|I{{1,3}}|[1-4])\s*(?:[/,]|năm|\s)\s*(?P<qyear>{_YEAR})"
    rf"|tháng\s+(?P<month>\d{{1,2}})\s*(?:[/,]|năm)\s*(?P<myear>{_YEAR})"
    rf"|(?:giai\s+đoạn|thời\s+kỳ)\s*(?:\d\s*năm\s*)?{_YEAR}\s*[-–]\s*(?P<pyear>{_YEAR})"
    rf"|(?:(?:hết|cuối)\s+)?năm\s+{_YEAR}\s*(?:[-–]|đến)\s*(?P<ryear>{_YEAR})"
    rf"|(?:(?:hết|cuối|đầu)\s+)?năm\s+(?P<year>{_YEAR})"
    rf"|(?P<bare>(?<=đến )|(?<=hết )|(?<=vào )|(?<=trước ))(?P<byear>{_YEAR})(?!\s*(?:[-–/.\d]|$)))",
    re.IGNORECASE,
)
_BASELINE = re.compile(
    r"(?:so\s+với|từ|so\s+(?:cùng\s+kỳ|sánh)|của|hiện\s+trạng|tại\s+thời\s+điểm|thực\s+hiện|lần\s+thứ\s+\S+|luật|chuẩn"
    r"|nghị\s+quyết|nhiệm\s+kỳ|kể\s+từ|bắt\s+đầu\s+từ|sau|theo\s+giá(?:\s+so\s+sánh)?|bằng|kế\s+hoạch|"
    r"sửa\s+đổi|lần)\s*(?:mức\s+)?(?:bình\s+quân|trung\s+bình|cùng\s+kỳ|kết\s+quả)?\s*(?:cuối|đầu|hết)?\s*$",
    re.IGNORECASE,
)
_RECURRING = re.compile(r"\b(?:hằng|hàng|mỗi|từng)\s+năm\b|/\s*năm\b|một\s+năm\b|bình\s+quân", re.IGNORECASE)
_BEFORE = re.compile(r"(?:(?:tính\s+)?đến\s+)?trước", re.IGNORECASE)
_YEAR_END = re.compile(r"(?:hết|cuối)\s+năm", re.IGNORECASE)
_QUARTERS = {"I": 1, "II": 2, "III": 3, "IV": 4, "1": 1, "2": 2, "3": 3, "4": 4}


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline found at [start, end) of a text, the last day it allows, and whether a word ("đến", "trước") says
    it is one.
    """

    due_on: date
    start: int
    end: int
    firm: bool


def read_deadlines(text: str) -> tuple[Deadline, ...]:
    """Return the deadlines named in `text` in order; years of comparison ("so với năm 2020", "từ năm 2021") are not
    deadlines.
    """
    found = []
    for match in _DEADLINE.finditer(text):
        if match.group("nday") and not match.group("lead"):
            continue  # "(31/10/2026)" alone may be the date of an act
        if not match.group("lead") and _BASELINE.search(text[max(0, match.start() - 40) : match.start()]):
            continue
        due_on = _due_on(match)
        if due_on is not None:
            start = match.start() + (len(match.group()) - len(match.group().lstrip()))
            found.append(Deadline(due_on, start, match.end(), bool(match.group("lead"))))
    return tuple(found)


def _due_on(match: re.Match[str]) -> date | None:
    """Return the last day allowed: "trước năm 2028", like "trước tháng 6", is over when that time begins.

    "trước ngày 30/6" names its last day, as officials write it.
    """
    due_on = _last_day(match)
    if (
        due_on is None
        or match.group("dyear")
        or match.group("nyear")
        or not _BEFORE.fullmatch(match.group("lead") or "")
    ):
        return due_on
    if match.group("qyear"):
        first = due_on.replace(month=due_on.month - 2, day=1)
    elif match.group("myear"):
        first = due_on.replace(day=1)
    elif match.group("byear") or (match.group("year") and not _YEAR_END.search(match.group())):
        first = due_on.replace(month=1, day=1)
    else:
        return due_on
    return first - timedelta(days=1)


def _last_day(match: re.Match[str]) -> date | None:
    if match.group("dyear"):
        return make_date(int(match.group("dyear")), int(match.group("dmonth")), int(match.group("day")))
    if match.group("nyear"):
        return make_date(int(match.group("nyear")), int(match.group("nmonth")), int(match.group("nday")))
    if match.group("qyear"):
        month = 3 * _QUARTERS[match.group("quarter").upper()]
        return date(int(match.group("qyear")), month, monthrange(int(match.group("qyear")), month)[1])
    if match.group("myear"):
        month, year = int(match.group("month")), int(match.group("myear"))
        return date(year, month, monthrange(year, month)[1]) if 1 <= month <= 12 else None
    year = next(int(match.group(g)) for g in ("pyear", "ryear", "year", "byear") if match.group(g))
    return date(year, 12, 31)


def is_recurring(text: str) -> bool:
    """Whether `text` sets a target for every year."""
    return bool(_RECURRING.search(text))


def deadline_for(
    sentence: str, position: int, end: int, positions: Sequence[int], deadlines: Sequence[Deadline]
) -> date | None:
    """Return the deadline of the number at [position, end), given where all counted numbers of the sentence stand.

    "đến 2025 đạt 70%, đến 2030 đạt 90%": the nearest before. "70% vào năm 2025 và 90% vào năm 2030": when no deadline
    stands before the first number, the nearest after.
    """
    if not deadlines:
        return None
    first = min(positions, default=position)
    before = [d for d in deadlines if d.end <= position]
    after = [d for d in deadlines if d.start >= end]
    if before and (before[0].start < first or not after):
        following = min((p for p in positions if p > position), default=None)
        near = [d for d in after if following is None or d.start < following]
        # "đến năm 2030, ... đạt 50% (trong đó 30% vào năm 2025)": a firm deadline right after its number wins.
        if near and near[0].firm and near[0].start - end <= 3 and not _leads_on(sentence, end, positions, near[0]):
            return near[0].due_on
        return None if _is_closed(sentence, first, before[-1], position) else before[-1].due_on
    if not before and (not after or _is_of_a_part(sentence, end, positions, after[0])):
        return None
    if not after:
        return None if _is_closed(sentence, first, before[-1], position) else before[-1].due_on
    return None if _leads_on(sentence, end, positions, after[0]) else after[0].due_on


def _is_closed(sentence: str, first: int, deadline: Deadline, position: int) -> bool:
    """Whether a deadline belongs to an earlier clause only ("đạt 100% trước ngày 31/12/2027; tại 100% trạm y tế")."""
    return deadline.start > first and ";" in sentence[deadline.end : position]


def _is_of_a_part(sentence: str, end: int, positions: Sequence[int], deadline: Deadline) -> bool:
    """Whether a deadline belongs to a part that is counted apart ("40 mã số, trong đó 10 … trước ngày 30/6/2028")."""
    following = next((p for p in sorted(positions) if end <= p < deadline.start), None)
    return following is not None and bool(re.search(r"\btrong đó\b", sentence[end:following], re.IGNORECASE))


def _leads_on(sentence: str, end: int, positions: Sequence[int], deadline: Deadline) -> bool:
    """Whether a deadline after a comma opens the next number's clause ("đạt 40%, đến năm 2030 đạt 75%")."""
    following = min((p for p in positions if p >= deadline.end), default=None)
    if following is None or not re.search(r"[,;]", sentence[end : deadline.start]):
        return False
    return not re.search(r"[,;]", sentence[deadline.end : following])
