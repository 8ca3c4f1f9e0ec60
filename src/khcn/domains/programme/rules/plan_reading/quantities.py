"""Find the countable targets of one sentence: operator, quantity, unit and what it is a share of.

The words of the sentence decide alone; which sentences are asked at all is decided in `targets`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from khcn.domains.programme.rules.plan_reading.masking import HIDDEN, hide_uncounted
from khcn.domains.programme.rules.plan_reading.model import Operator
from khcn.domains.programme.rules.plan_reading.numerals import (
    NUMBER,
    SCALES,
    WORD_NUMBER,
    WORDS,
    read_number,
    read_word_number,
)
from khcn.domains.programme.rules.plan_reading.units_of_count import read_subject, read_unit
from khcn.standards.officialdoc.letters import compile_letters

_AT_LEAST = r"ít nhất|ít nhât|tối thiểu|không dưới|không ít hơn|không thấp hơn|thấp nhất|≥|>=|=>"
_AT_MOST = r"không quá|không vượt quá|không vượt|không cao hơn|không nhiều hơn|tối đa|nhiều nhất|cao nhất|≤|<=|=<"
_ABOVE = r"cao hơn|nhiều hơn|lớn hơn|hơn|trên|vượt|vượt quá|>"
_BELOW = r"thấp hơn|ít hơn|nhỏ hơn|dưới|<"
_APPROXIMATE = r"khoảng|xấp xỉ|gần|ước đạt|ước"
_FILLER = r"(?:\s*(?:là|có|đạt|được|khoảng|từ|thêm|mức|tỷ lệ|số|xuống|còn|mỗi năm|hằng năm|hàng năm)\b)"
_OPERATORS: tuple[tuple[Operator, re.Pattern[str]], ...] = tuple(
    (operator, re.compile(rf"(?:(?<![\w])|(?<=[≥≤<>=]))(?:{words}){_FILLER}{{0,3}}\s*:?\s*$", re.IGNORECASE))  # type: ignore[misc]
    for operator, words in ((">=", _AT_LEAST), ("<=", _AT_MOST), (">", _ABOVE), ("<", _BELOW))
)
_ROUGH = re.compile(rf"\b(?:{_APPROXIMATE})\s*(?:từ\s*)?$", re.IGNORECASE)
_DOWN_TO = re.compile(r"(?:\bgiảm\b[^,;.]*\bcòn|\bxuống\s+còn|\bchỉ\s+còn|\bxuống)\s*$", re.IGNORECASE)
_MINUS = re.compile(r"\bgiảm\b[^,;.]{0,60}$", re.IGNORECASE)
_PLUS = re.compile(
    r"\b(?:tăng(?:\s+trưởng)?|giảm)\b(?:(?!\b(?:đạt|lên|còn|xuống|chiếm|ở)\b)[^,;.]){0,60}$", re.IGNORECASE
)
_OR_MORE = re.compile(r"^[^,;.:\d]{0,70}?\btrở\s+lên\b", re.IGNORECASE)
_OR_MORE_LISTED = re.compile(r"^[^;.:\d]{0,90}?\btrở\s+lên\b", re.IGNORECASE)
_FROM = re.compile(r"\btừ\s*$", re.IGNORECASE)
_OR_LESS = re.compile(r"^[^,;.:\d]{0,70}?\btrở\s+xuống\b", re.IGNORECASE)
_QUALIFIES = re.compile(
    r"(?:\b(?:tại|ở|cho|của|trong|thuộc|với|gồm|gồm có|bao gồm|giữa|qua|các|theo|vào|cả|toàn|những|trong tổng số|"
    r"trên|từ)\s+"
    r"(?:khoảng\s+|tổng\s+số\s+|số\s+)?)$",
    re.IGNORECASE,
)
_ANNOUNCES = re.compile(
    r"(?:\b(?:đạt|là|còn|bằng|có|được|ở mức|mức|lên|tăng|giảm|chiếm|số lượng)|[:=])\s*$", re.IGNORECASE
)
_RANK = re.compile(
    r"(?:\b(?:nhóm|top|tốp|tp)\s+(?:trong\s+)?(?P<group>\d{1,2})(?=\s+(?:tỉnh|địa phương|thành phố|cả nước|"
    r"toàn quốc|của|đầu|dẫn đầu))"
    r"|\b(?:nhóm|top|tốp)\s+(?:trong\s+)?(?P<leading>\d{1,3})(?=\s[^,;.]{3,60}?(?:hàng đầu|dẫn đầu|đứng đầu|"
    r"tốt nhất|cao nhất))"
    r"|\b(?:xếp|đứng|đạt|giữ)\s+(?:vị\s+trí\s+|hạng\s+)?thứ\s+(?P<place>\d{1,2})(?!\d))(?P<end>)",
    re.IGNORECASE,
)
_CANDIDATE = compile_letters(
    rf"(?<![\w.,/{HIDDEN}-])(?:(?P<first>{NUMBER})(?P<fp>\s*%)?\s*(?:[-–]|đến|tới)\s*(?:\b(?:khoảng|"
    rf"trên)\s+)?(?P<second>{NUMBER})"
    rf"|(?P<single>{NUMBER})(?:\s*/\s*(?P<outof>\d{{1,5}})(?=\s+[\p{{Ll}}]))?|"
    rf"\b(?P<word>{WORD_NUMBER})\b(?=\s+[\p{{Ll}}]))"
    r"\s*(?P<scale>(?:nghìn|ngàn|triệu|tỷ|tỉ|vạn)\b(?:\s+(?:tỷ|tỉ|triệu)\b)?)?\s*(?P<percent>%|phần\s+trăm)?(?![\w])",
    re.IGNORECASE,
)
#: A part of the whole number of things ("ít nhất 2/3 số nhiệm vụ"), unlike "8/10 xã", where eight are counted.
_FRACTION = compile_letters(
    rf"(?<![\w.,/{HIDDEN}-])(?:(?P<part>[1-9])\s*/\s*(?P<whole>[2-9]|10)|(?P<half>một\s+nửa|phân\s+nửa)"
    r"|(?P<parts>một|hai|ba|bốn)\s+phần\s+(?P<wholes>hai|ba|tư|bốn|năm|mười))"
    r"(?=\s+(?:tổng\s+)?(?:số|lượng|diện\s+tích|sản\s+lượng|dân\s+số|kinh\s+phí|vốn|chi\s+phí|thời\s+gian|nhu\s+cầu)\b"
    # Of few things it may be a count ("2/3 huyện"); of many it is a part ("2/3 nhiệm vụ").
    r"|(?<=[1-3]/[234])\s+(?:các\s+)?(?:nhiệm\s+vụ|đề\s+tài|dự\s+án|kết\s+quả|sản\s+phẩm|hồ\s+sơ|doanh\s+nghiệp|hộ|người|"
    r"thành\s+viên|cán\s+bộ|công\s+chức|viên\s+chức|lao\s+động|học\s+sinh)\b)",
    re.IGNORECASE,
)
_CURRENCY = re.compile(r"^\s*(đồng|vnđ|vnd|usd|đô la(?: mỹ)?|euro)\b", re.IGNORECASE)
_PER_YEAR = re.compile(r"^\s*(?:/\s*(?:01\s+)?năm|mỗi năm|một năm)\b", re.IGNORECASE)
_PER_EACH = compile_letters(r"^(?:\s*/\s*[\p{Ll}]+)+", re.IGNORECASE)
_PROPERTY = re.compile(
    r"\b(?:doanh thu|vốn|giá trị|quy mô|thu nhập|diện tích|công suất|lợi nhuận|kinh phí)\b", re.IGNORECASE
)
_SIZE = re.compile(r"(?:m|mét|cv|mã lực|kw|kva|m2|m3|tuổi|tấn|tầng|lao động)\b", re.IGNORECASE)
_IN_FIGURES = re.compile(r"\s*\(\s*\d{1,3}\s*\)")  # "hai (02) sản phẩm": the figures say that it is counted
_MULTIPLE = re.compile(r"\bgấp\s+(?P<times>đôi|hai|ba|bốn|năm|mười)\b(?!\s+\d)", re.IGNORECASE)
_DURATION = re.compile(r"^\s*(?:năm|tháng|ngày|giờ|phút|giây|tuần|tiếng|buổi)\b", re.IGNORECASE)
_CREATES = re.compile(
    r"\b(?:xây dựng|hình thành|thành lập|thu hút|tổ chức|hỗ trợ|phát triển|công nhận|triển khai|đào tạo|ứng dụng|"
    r"tiếp nhận|"
    r"có|thêm)(?:\s+(?:được|thêm|mới))?\s*$",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"^\s*(?:mô hình|hệ thống|nhiệm vụ|đề tài|dự án|sản phẩm|quy trình|doanh nghiệp|hợp tác xã|nhãn hiệu|chỉ dẫn|"
    r"lớp|cơ sở|khu|trung tâm|"
    r"phần mềm|chế phẩm|giống|sáng chế|bằng|công trình|tổ chức|nền tảng|chuỗi|cuộc|hội thảo|vùng|điểm|phòng|"
    r"đơn vị|giải pháp|bài)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A counted number in a sentence at [start, end)."""

    operator: Operator
    value: Decimal
    upper: Decimal | None
    unit: str
    subject: str
    start: int
    end: int
    growth: bool
    approximate: bool
    confidence: float


def read_quantities(sentence: str) -> tuple[Quantity, ...]:
    """Return the countable targets of `sentence` in order.

    Years, acts, standards, levels and comparisons are not counted.
    """
    hidden = hide_uncounted(sentence)
    found: list[Quantity] = []
    doubtful: list[Quantity] = []
    ranks, multiples = list(_ranks(sentence)), list(_multiples(sentence, hidden))
    fractions = list(_fractions(sentence, hidden))
    taken = [(q.start, q.end) for q in (*ranks, *multiples, *fractions)]
    for match in _CANDIDATE.finditer(hidden):
        if any(a < match.end() and match.start() < b for a, b in taken):
            continue
        quantity, qualifies = _quantity(sentence, hidden, match)
        if quantity is not None:
            (doubtful if qualifies else found).append(quantity)
    found = sorted([*found, *fractions], key=lambda q: q.start)
    found = [q for i, q in enumerate(found) if i == 0 or not _describes(sentence, found[i - 1], q)]
    found += [*ranks, *(q for q in multiples if not any(q.start <= other.start < q.end for other in found))]
    if not found:
        found = doubtful[:1]
    return tuple(sorted(found, key=lambda q: q.start))


def _describes(sentence: str, counted: Quantity, quantity: Quantity) -> bool:
    """Whether `quantity` only tells what the things counted before are like ("… có doanh thu trên 100 tỷ đồng")."""
    between = sentence[counted.end : quantity.start]
    if re.search(r"[,;.]|\bvà\b", between):
        return False
    if counted.unit == "%" and _SIZE.match(quantity.unit) and not re.search(r"\b(?:với|đạt|được|lên)\b", between):
        return True  # "75% số tàu trên 15 m"
    return quantity.unit == "lần" or bool(_PROPERTY.search(between) and not re.search(r"\btổng\b", between))


def _ranks(sentence: str) -> Iterator[Quantity]:
    # "thứ 15" is hidden as an ordinal, so ranks are read from the sentence itself.
    for match in _RANK.finditer(sentence):
        group = next(name for name in ("group", "leading", "place") if match.group(name))
        yield Quantity(
            operator="<=",
            value=Decimal(match.group(group)),
            upper=None,
            unit="thứ hạng",
            subject=sentence[match.end(group) :].strip(" .;,")[:120],
            start=match.start(group),
            end=match.end(group),
            growth=False,
            approximate=False,
            confidence=0.6,
        )


def _multiples(sentence: str, hidden: str) -> Iterator[Quantity]:
    """Yield "gấp đôi", "gấp ba lần": how many times as much."""
    for match in _MULTIPLE.finditer(hidden):
        word = match.group("times").lower()
        yield Quantity(
            operator=_operator(hidden, match, ranged=False)[0],
            value=Decimal(2 if word == "đôi" else WORDS[word]),
            upper=None,
            unit="lần",
            subject=" ".join(sentence[match.end() :].split()).strip(" .;,")[:120],
            start=match.start(),
            end=match.end(),
            growth=True,
            approximate=False,
            confidence=0.75,
        )


def _fractions(sentence: str, hidden: str) -> Iterator[Quantity]:
    """Yield "2/3 số nhiệm vụ" as a percentage, rounded so that it never asks more than the plan does."""
    for match in _FRACTION.finditer(hidden):
        part, whole = _part_of_whole(match)
        if part >= whole:
            continue
        operator, said = _operator(hidden, match, ranged=False)
        rounding = ROUND_CEILING if operator in ("<=", "<") else ROUND_FLOOR
        approximate = bool(_ROUGH.search(hidden[max(0, match.start() - 30) : match.start()]))
        yield Quantity(
            operator=operator,
            value=(Decimal(100 * part) / whole).quantize(Decimal("0.01"), rounding),
            upper=None,
            unit="%",
            subject=read_subject(sentence, hidden, match.start(), match.end(), percent=True),
            start=match.start(),
            end=match.end(),
            growth=False,
            approximate=approximate,
            confidence=round((0.85 if said else 0.75) - 0.1 * approximate, 2),
        )


def _part_of_whole(match: re.Match[str]) -> tuple[int, int]:
    """Return (2, 3) for "2/3" and "hai phần ba", (1, 2) for "một nửa"."""
    if match.group("half"):
        return 1, 2
    if match.group("parts"):
        wholes = match.group("wholes").lower()
        return WORDS[match.group("parts").lower()], 4 if wholes == "tư" else WORDS[wholes]
    return int(match.group("part")), int(match.group("whole"))


def _value(match: re.Match[str]) -> tuple[Decimal | None, Decimal | None]:
    if match.group("word"):
        named = read_word_number(match.group("word"))
        return (Decimal(named) if named is not None else None), None
    if match.group("single"):
        return read_number(match.group("single")), None
    low, high = read_number(match.group("first")), read_number(match.group("second"))
    if low is not None and high is not None and low >= high:
        return high, None
    return low, high


def _operator(hidden: str, match: re.Match[str], *, ranged: bool) -> tuple[Operator, bool]:
    """Return the operator of a number and whether the text says it in words."""
    before, after = hidden[max(0, match.start() - 60) : match.start()], hidden[match.end() : match.end() + 80]
    for operator, pattern in _OPERATORS:
        if pattern.search(before):
            return operator, True
    if _OR_MORE.match(after) or (_FROM.search(before) and _OR_MORE_LISTED.match(after)):
        return ">=", True
    if _OR_LESS.match(after):
        return "<=", True
    if _DOWN_TO.search(before):
        return "<=", True
    if ranged:
        return ">=", True
    return "=", False


def _quantity(sentence: str, hidden: str, match: re.Match[str]) -> tuple[Quantity | None, bool]:
    value, upper = _value(match)
    if value is None:
        return None, False
    before, after = hidden[: match.start()], sentence[match.end() :]
    operator, said = _operator(hidden, match, ranged=upper is not None)
    percent = bool(match.group("percent") or match.group("fp"))
    spelled = match.group("word") and _IN_FIGURES.match(sentence, match.end("word"))
    if match.group("word") and not spelled and not _word_counts(match, before, after, said=said):
        return None, False
    growth = bool(_PLUS.search(before[-90:])) and (percent or after.lstrip().startswith("lần"))
    if percent:
        unit = "%/năm" if _PER_YEAR.match(after) else "%"
        confidence = 0.95
    else:
        value, upper, unit = _with_scale(value, upper, match.group("scale"), sentence, match.end())
        confidence = 0.92 if said else 0.85
        if not unit:
            announced, confidence = _announced_unit(sentence, before), 0.6
            unit = announced or ""
            if announced is None or (not said and not _ANNOUNCES.search(before)):
                return None, False
        elif _DURATION.match(after) and not (said and operator in ("<=", "<")) and not _MINUS.search(before):
            return None, False
    approximate = bool(_ROUGH.search(before[-30:]))
    end = match.end()
    if currency := _CURRENCY.match(after):
        end += currency.end()
    qualifies = not percent and not said and not unit.startswith("lượt") and bool(_QUALIFIES.search(before))
    quantity = Quantity(
        operator=operator,
        value=value,
        upper=upper,
        unit=unit,
        subject=read_subject(sentence, hidden, match.start(), end, percent=percent),
        start=match.start(),
        end=end,
        growth=growth,
        approximate=approximate,
        confidence=round(
            confidence - 0.1 * approximate - 0.05 * growth - 0.1 * bool(match.group("word")) - 0.35 * qualifies, 2
        ),
    )
    return quantity, qualifies


def _word_counts(match: re.Match[str], before: str, after: str, *, said: bool) -> bool:
    """Whether a number in words counts: "một" and "năm" need more than standing before a noun."""
    word = match.group("word").lower()
    if word not in WORDS:
        return True
    if said:
        return not (word == "năm" and _DURATION.match(after))
    if word in ("một", "năm"):
        return word == "năm" and bool(_COUNTED.match(after))
    return bool(_COUNTED.match(after) or _CREATES.search(before))


def _with_scale(
    value: Decimal, upper: Decimal | None, scale: str | None, sentence: str, end: int
) -> tuple[Decimal, Decimal | None, str]:
    """Return value, upper and unit: money keeps its scale in the unit, counts are multiplied out."""
    after = sentence[end:]
    currency = _CURRENCY.match(after)
    words = (scale or "").lower().split()
    if currency and words:
        kept, multiplied = words[-1], words[:-1]
        unit = f"{kept} {currency.group(1).lower()}"
    elif currency:
        kept, multiplied, unit = "", [], currency.group(1).lower()
    else:
        multiplied, unit = words, read_unit(sentence, end)
    if currency and (per := _PER_EACH.match(after[currency.end() :])):
        unit += re.sub(r"\s", "", per.group())
    factor = 1
    for word in multiplied:
        factor *= SCALES[word]
    return value * factor, None if upper is None else upper * factor, unit


def _announced_unit(sentence: str, before: str) -> str | None:
    """Return the unit of a bare number from the words before it ("Số doanh nghiệp được hỗ trợ đạt 50" → "doanh
    nghiệp").
    """
    clause = re.split(r"[;:.]", sentence[: len(before)].rstrip(" :"))[-1].strip(" ,")
    found = re.search(r"\b(?:tổng\s+)?số(?:\s+lượng)?\s+([^\W\d].*)$", clause, re.IGNORECASE)
    if found:
        return read_unit(found.group(1), 0) or None
    found = re.search(r"\b(?:chỉ số|điểm|hệ số|năng suất)\b.*", clause, re.IGNORECASE)
    if found:
        return "điểm"
    return None
