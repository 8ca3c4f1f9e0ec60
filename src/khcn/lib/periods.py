"""Periods of time and their ends: months, quarters, half-years, years; calendar or with a report cut-off day."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from khcn.lib.dates import add_months, format_date

#: Administrative reports close on the 14th of the last month. Source: NĐ 09/2019/NĐ-CP, Điều 12.
ADMINISTRATIVE_CUT_OFF: Final = 14


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The days from start to end, both counted, with the name printed in reports ("Quý II năm 2025")."""

    start: date
    end: date
    name: str = ""

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"a period ends before it starts: {self.start} > {self.end}")

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    @property
    def days(self) -> int:
        """The number of days, first and last counted."""
        return (self.end - self.start).days + 1

    @property
    def span(self) -> str:
        """The period as "từ 15/12/2024 đến 14/06/2025"."""
        return f"từ {format_date(self.start)} đến {format_date(self.end)}"

    def overlaps(self, other: Period) -> bool:
        """True when the two periods share a day."""
        return self.start <= other.end and other.start <= self.end


def month_start(day: date) -> date:
    """The first day of the day's month."""
    return day.replace(day=1)


def month_end(day: date) -> date:
    """The last day of the day's month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def month(year: int, number: int, *, cut_off: int | None = None) -> Period:
    """One month. cut_off: last day counted of a month (14: from 15 of the month before to 14); None: whole months."""
    return _span(year, number, 1, f"Tháng {number} năm {year}", cut_off)


def quarter(year: int, number: int, *, cut_off: int | None = None) -> Period:
    """One quarter, number 1 to 4. cut_off as for month."""
    if not 1 <= number <= 4:
        raise ValueError(f"no quarter {number}")
    return _span(year, number * 3, 3, f"Quý {('I', 'II', 'III', 'IV')[number - 1]} năm {year}", cut_off)


def half_year(year: int, number: int, *, cut_off: int | None = None) -> Period:
    """One half of a year, number 1 or 2. cut_off as for month (14: 15/12 of the year before to 14/6)."""
    if number not in (1, 2):
        raise ValueError(f"no half-year {number}")
    name = f"6 tháng đầu năm {year}" if number == 1 else f"6 tháng cuối năm {year}"
    return _span(year, number * 6, 6, name, cut_off)


def nine_months(year: int, *, cut_off: int | None = None) -> Period:
    """The first nine months of a year. cut_off as for month."""
    return _span(year, 9, 9, f"9 tháng đầu năm {year}", cut_off)


def year_period(year: int, *, cut_off: int | None = None) -> Period:
    """One year. cut_off as for month (14: 15/12 of the year before to 14/12)."""
    return _span(year, 12, 12, f"Năm {year}", cut_off)


def _span(year: int, last_month: int, months: int, name: str, cut_off: int | None) -> Period:
    first = date(year, last_month, 1)
    if cut_off is None:
        return Period(add_months(first, 1 - months), month_end(first), name)
    if not 1 <= cut_off <= 28:
        raise ValueError(f"a cut-off day lies between 1 and 28: {cut_off}")
    end = first.replace(day=cut_off)
    return Period(add_months(end, -months) + timedelta(days=1), end, name)
