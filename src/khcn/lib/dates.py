"""Dates as people write them in Vietnam: read, print, count months; no clock, no holidays."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from datetime import date, datetime, timedelta, timezone
from typing import Final

from khcn.lib.number_words import parse_number_words
from khcn.lib.text import fold, nfc
from khcn.lib.unreadable import Unreadable

#: Vietnam keeps UTC+7 all year, without summer time.
VIETNAM: Final = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")

EARLIEST_YEAR: Final = 1900
LATEST_YEAR: Final = 2100

_HINT = "Ghi ngày theo thứ tự ngày/tháng/năm, ví dụ 13/10/2022."
_WEEKDAYS = ("thu hai", "thu ba", "thu tu", "thu nam", "thu sau", "thu bay", "chu nhat")
_WEEKDAY_NAMES = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
_WEEKDAY_NUMBERS = {"thu 2": 0, "thu 3": 1, "thu 4": 2, "thu 5": 3, "thu 6": 4, "thu 7": 5, "cn": 6}
_WEEKDAY = re.compile(r"^(" + "|".join((*_WEEKDAYS, *_WEEKDAY_NUMBERS)) + r")\b\s*,?\s*")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_DAY_FIRST = re.compile(r"(\d{1,2})\s*([/.\-– ])\s*(\d{1,2})\s*\2\s*(\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})([/.\-])(\d{1,2})\2(\d{1,2})")
_EIGHT = re.compile(r"\d{8}")
_LONG = re.compile(r"(?:mung |mong )?(\d{1,2})\s*thang\s*(\d{1,2})\s*,?\s*nam\s*(\d{4})")
_WORDS = re.compile(r"(?:mung |mong )?([a-z0-9 ]+?) thang ([a-z0-9 ]+?),? nam ([a-z0-9 ]+)")
_ENGLISH = re.compile(r"(\d{1,2})[ -]([a-z]{3})[a-z]*\.?[ -](\d{4})")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}t\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(z|[+-]\d{2}:?\d{2})?")
_SHORT_YEAR = re.compile(r"\d{1,2}\s*[/.\-]\s*\d{1,2}\s*[/.\-]\s*\d{2}")


class UnreadableDate(Unreadable):
    """The text is no date, or no date that exists."""

    code = "unreadable_date"


def parse_date_vi(text: str) -> date:
    """The date that the text gives, day before month.

    text: "01072025", "1/7/2025", "01-07-2025", "1.7.2025", "ngày 13 tháng 10 năm 2022", with place or weekday before
    ("Hà Nội, ngày …", "Thứ Năm, 13/10/2022"), with or without accents, in words, ISO 8601 (a moment with an offset
    gives its date in Vietnam). Years 1900 to 2100 in four digits.
    Raises UnreadableDate with a Vietnamese sentence when there is no such date or the weekday contradicts it.
    """
    shown = nfc(" ".join(text.split()))
    body = fold(unicodedata.normalize("NFKC", shown)).strip(" .,;()")
    if not body:
        raise UnreadableDate(f"Chưa có ngày. {_HINT}")
    if _MOMENT.fullmatch(body):
        return _moment_date(body, shown)
    weekday: int | None = None
    if "ngay" in body and not body.startswith("ngay"):
        before, _, body = body.rpartition("ngay")
        weekday = _weekday_at_end(before)
    body = re.sub(r"^(?:ngay|date)\b\s*:?\s*", "", body.strip())
    if named := _WEEKDAY.match(body):
        name = named.group(1)
        weekday = _WEEKDAY_NUMBERS[name] if name in _WEEKDAY_NUMBERS else _WEEKDAYS.index(name)
        body = re.sub(r"^(?:ngay\b)?\s*", "", body[named.end() :])
    found = _read(body, shown)
    if weekday is not None and found.weekday() != weekday:
        raise UnreadableDate(
            f"{format_date(found)} là {weekday_name(found)}, không phải {_WEEKDAY_NAMES[weekday]}; "
            "kiểm tra lại thứ hoặc ngày."
        )
    return found


def format_date(day: date) -> str:
    """The date as dd/mm/yyyy."""
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


def format_long(day: date) -> str:
    """The date as in the head of a document: "ngày 13 tháng 10 năm 2022".

    Days below 10 and months 1 and 2 take a leading zero. Source: NĐ 30/2020/NĐ-CP, Phụ lục I, mục II.4.
    """
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def format_moment(moment: datetime) -> str:
    """The moment in Vietnam's time as "14:05 13/10/2022". moment: aware datetime."""
    local = in_vietnam(moment)
    return f"{local.hour:02d}:{local.minute:02d} {format_date(local)}"


def weekday_name(day: date) -> str:
    """The weekday's name: "thứ Hai" … "Chủ nhật"."""
    return _WEEKDAY_NAMES[day.weekday()]


def in_vietnam(moment: datetime) -> datetime:
    """The same moment on Vietnam's clock. Raises ValueError for a moment without a time zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(VIETNAM)


def add_months(start: date, months: int) -> date:
    """The same day of the month, `months` later (earlier when negative), or that month's last day if it has no such.

    Source: Bộ luật Dân sự 2015, Điều 148 khoản 3.
    """
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def whole_months_between(start: date, end: date) -> int:
    """Whole months from start to end, negative when end comes first: the largest n with add_months(start, n) ≤ end."""
    if end < start:
        return -whole_months_between(end, start)
    months = (end.year - start.year) * 12 + end.month - start.month
    return months if add_months(start, months) <= end else months - 1


def _weekday_at_end(before: str) -> int | None:
    words = before.replace(",", " ").split()
    name = " ".join(words[-2:])
    if name in _WEEKDAYS:
        return _WEEKDAYS.index(name)
    return _WEEKDAY_NUMBERS.get(name)


def _moment_date(body: str, shown: str) -> date:
    try:
        moment = datetime.fromisoformat(body.upper())
    except ValueError as error:
        raise UnreadableDate(f"“{shown}” không phải là một thời điểm có thật. {_HINT}") from error
    return moment.date() if moment.tzinfo is None else moment.astimezone(VIETNAM).date()


def _read(body: str, shown: str) -> date:
    if match := _DAY_FIRST.fullmatch(body) or _LONG.fullmatch(body):
        groups = [int(part) for part in match.groups() if part.isdigit()]
        return _real(groups[2], groups[1], groups[0], shown)
    if match := _YEAR_FIRST.fullmatch(body):
        return _real(int(match.group(1)), int(match.group(3)), int(match.group(4)), shown)
    if _EIGHT.fullmatch(body):
        # Never both: a year 1900–2100 first means a "month" of 19–21 in the other reading.
        year_first = body[:2] in ("19", "20", "21") and not EARLIEST_YEAR <= int(body[4:]) <= LATEST_YEAR
        parts = (body[:4], body[4:6], body[6:]) if year_first else (body[4:], body[2:4], body[:2])
        return _real(int(parts[0]), int(parts[1]), int(parts[2]), shown)
    if (match := _ENGLISH.fullmatch(body)) and match.group(2) in _MONTHS:
        return _real(int(match.group(3)), _MONTHS.index(match.group(2)) + 1, int(match.group(1)), shown)
    if match := _WORDS.fullmatch(body):
        numbers = [int(part) if part.isdigit() else parse_number_words(part) for part in match.groups()]
        if None not in numbers:
            day, month, year = (number or 0 for number in numbers)
            return _real(year, month, day, shown)
    if _SHORT_YEAR.fullmatch(body):
        raise UnreadableDate(f"“{shown}” ghi năm hai chữ số; ghi đủ bốn chữ số của năm. {_HINT}")
    raise UnreadableDate(f"Không đọc được ngày “{shown}”. {_HINT}")


def _real(year: int, month: int, day: int, shown: str) -> date:
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise UnreadableDate(f"Năm {year} trong “{shown}” nằm ngoài khoảng {EARLIEST_YEAR}–{LATEST_YEAR}.")
    if not 1 <= month <= 12:
        swapped = ""
        if 12 < month <= 31 and 1 <= day <= 12:
            swapped = f" Có phải {month:02d}/{day:02d}/{year}?"
        raise UnreadableDate(f"“{shown}” ghi tháng {month}, không có tháng này.{swapped} {_HINT}")
    last = monthrange(year, month)[1]
    if not 1 <= day <= last:
        raise UnreadableDate(f"Tháng {month} năm {year} có {last} ngày; không có ngày {day:02d}/{month:02d}/{year}.")
    return date(year, month, day)
