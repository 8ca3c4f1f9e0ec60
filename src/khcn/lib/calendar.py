"""The working calendar: which days and hours are worked, deadlines in working time, and why a date was reached.

Holds no list of holidays: exceptions come in as dated rows with their basis (see `holidays_vn` and the database).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import Final

from khcn.lib.dates import VIETNAM, add_months, format_date, format_moment, in_vietnam, weekday_name

_DAY: Final = timedelta(days=1)
# Ten years of days off in a row is a broken calendar, not a deadline.
_SEARCH_LIMIT: Final = 3660


class ExceptionKind(StrEnum):
    """Why a date departs from the ordinary week. Only SWAP_ON makes a day worked."""

    HOLIDAY = "holiday"
    SWAP_OFF = "swap_off"
    SWAP_ON = "swap_on"
    LOCAL = "local"


# When several rows name one date: a local decision over a swap, a swap over the holiday list.
_PRECEDENCE = (ExceptionKind.HOLIDAY, ExceptionKind.SWAP_OFF, ExceptionKind.SWAP_ON, ExceptionKind.LOCAL)
_KIND_TEXT = {
    ExceptionKind.HOLIDAY: "nghỉ lễ",
    ExceptionKind.SWAP_OFF: "nghỉ hoán đổi",
    ExceptionKind.SWAP_ON: "làm bù",
    ExceptionKind.LOCAL: "nghỉ theo quyết định của địa phương",
}


class TimeUnit(StrEnum):
    """Units of a time limit: working hours, working days, calendar days, months."""

    WH = "WH"
    WD = "WD"
    CD = "CD"
    MONTH = "month"


UNIT_NAMES: Final = {
    TimeUnit.WH: "giờ làm việc",
    TimeUnit.WD: "ngày làm việc",
    TimeUnit.CD: "ngày",
    TimeUnit.MONTH: "tháng",
}


class CalendarExhausted(ValueError):
    """No working day within ten years of the date: the calendar has no working week."""


@dataclass(frozen=True, slots=True, order=True)
class DayException:
    """One date that departs from the ordinary week. name: as shown ("Tết Nguyên Đán"). basis: the document."""

    on: date
    kind: ExceptionKind
    name: str
    basis: str = ""

    @property
    def reason(self) -> str:
        """The reason as shown to a person: "nghỉ lễ: Quốc khánh (Bộ luật Lao động 2019, Điều 112)"."""
        return f"{_KIND_TEXT[self.kind]}: {self.name}" + (f" ({self.basis})" if self.basis else "")


@dataclass(frozen=True, slots=True)
class Shift:
    """A half-day of work, start before end, on Vietnam's clock."""

    start: time
    end: time

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise ValueError(f"a shift ends before it starts: {self.start} – {self.end}")


OFFICE_SHIFTS: Final = (Shift(time(7, 30), time(11, 30)), Shift(time(13, 30), time(17, 30)))
OFFICE_WEEK: Final = (OFFICE_SHIFTS,) * 5 + ((),) * 2


@dataclass(frozen=True, slots=True)
class Skipped:
    """A day that a deadline passed over. reason: as shown to a person."""

    on: date
    reason: str

    @property
    def text(self) -> str:
        """The day with its reason: "02/09/2025 (nghỉ lễ: Quốc khánh)"."""
        return f"{format_date(self.on)} ({self.reason})"


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a deadline was reached. skipped: days not counted; made_up: rest days worked instead, which count."""

    start: date
    amount: int
    unit: TimeUnit
    end: date
    skipped: tuple[Skipped, ...]
    made_up: tuple[Skipped, ...]
    is_confirmed: bool

    @property
    def text(self) -> str:
        """The whole explanation in Vietnamese sentences."""
        ahead = "sau" if self.amount >= 0 else "trước"
        count = f"{abs(self.amount)} {UNIT_NAMES[self.unit]}"
        reached = f"{weekday_name(self.end)}, {format_date(self.end)}"
        parts = [f"{count} {ahead} ngày {format_date(self.start)} là {reached}."]
        if self.skipped:
            label = "Không tính" if self.unit is TimeUnit.WD else "Ngày cuối lùi qua"
            parts.append(f"{label}: {'; '.join(day.text for day in self.skipped)}.")
        if self.made_up:
            parts.append(f"Có tính: {'; '.join(day.text for day in self.made_up)}.")
        if not self.is_confirmed:
            parts.append(f"Lịch nghỉ năm {self.end.year} chưa được xác nhận; ngày này có thể thay đổi.")
        return " ".join(parts)


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """An office's working time.

    exceptions: dated rows; week: seven tuples of shifts, Monday first, empty for a rest day; make_up_shifts: worked on
    SWAP_ON days; cut_off: what arrives after this time counts as arrived the next working day; confirmed_through: last
    date up to which official holidays are known, None for no such mark. All clock times are Vietnam's (UTC+7).
    """

    exceptions: tuple[DayException, ...] = ()
    week: tuple[tuple[Shift, ...], ...] = OFFICE_WEEK
    make_up_shifts: tuple[Shift, ...] = OFFICE_SHIFTS
    cut_off: time | None = None
    confirmed_through: date | None = None
    name: str = ""
    _by_day: dict[date, DayException] = field(init=False, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        if len(self.week) != 7:
            raise ValueError("a week has seven days")
        for shifts in (*self.week, self.make_up_shifts):
            if any(before.end > after.start for before, after in pairwise(shifts)):
                raise ValueError("shifts of a day overlap or are out of order")
        rows = sorted(self.exceptions, key=lambda row: _PRECEDENCE.index(row.kind))
        object.__setattr__(self, "_by_day", {row.on: row for row in rows})

    def with_exceptions(self, rows: Iterable[DayException]) -> WorkCalendar:
        """The same calendar with more dated rows."""
        return replace(self, exceptions=(*self.exceptions, *rows))

    def exception_on(self, day: date) -> DayException | None:
        """The row that decides the date, if any."""
        return self._by_day.get(day)

    def shifts_on(self, day: date) -> tuple[Shift, ...]:
        """The half-days worked on the date, in order; empty on a day off."""
        row = self._by_day.get(day)
        if row is None:
            return self.week[day.weekday()]
        if row.kind is not ExceptionKind.SWAP_ON:
            return ()
        return self.week[day.weekday()] or self.make_up_shifts

    def is_working_day(self, day: date) -> bool:
        """True when any half-day is worked."""
        return bool(self.shifts_on(day))

    def reason_off(self, day: date) -> str:
        """Why the date is not worked, in Vietnamese; empty for a working day."""
        if self.is_working_day(day):
            return ""
        row = self._by_day.get(day)
        return row.reason if row else f"{weekday_name(day)}, ngày nghỉ hằng tuần"

    def next_working_day(self, day: date) -> date:
        """The date itself when worked, else the first working day after it. Raises CalendarExhausted."""
        return self._step(day - _DAY, _DAY)

    def add_working_days(self, day: date, days: int) -> date:
        """The date `days` working days after `day`, which is not counted itself (before it when negative; 0: `day`).

        Source: Bộ luật Dân sự 2015, Điều 147 khoản 2. Raises CalendarExhausted.
        """
        step = _DAY if days >= 0 else -_DAY
        for _ in range(abs(days)):
            day = self._step(day, step)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after start, up to and with end; negative when end is before start, counted from end.

        Inverse of add_working_days: working_days_between(d, add_working_days(d, n)) == n.
        """
        if end < start:
            return -sum(self.is_working_day(end + _DAY * offset) for offset in range((start - end).days))
        return sum(self.is_working_day(start + _DAY * offset) for offset in range(1, (end - start).days + 1))

    def due_on(self, start: date, amount: int, unit: TimeUnit) -> date:
        """The last day of a limit counted in WD, CD or months from `start`, which is not counted.

        A limit in calendar days or months that ends on a day off ends on the next working day. Source: Bộ luật Dân sự
        2015, Điều 147, 148. A negative amount counts back and does not roll. Raises ValueError for hours.
        """
        if unit is TimeUnit.WD:
            return self.add_working_days(start, amount)
        if unit is TimeUnit.CD:
            end = start + _DAY * amount
        elif unit is TimeUnit.MONTH:
            end = add_months(start, amount)
        else:
            raise ValueError("hours need a moment: use add_work")
        return self.next_working_day(end) if amount > 0 else end

    def effective_start(self, moment: datetime) -> datetime:
        """When the clock starts for something received at the moment: at once in working time, else at the next shift.

        After cut_off on a working day it is the start of the next working day. Returns Vietnam time.
        """
        local = in_vietnam(moment)
        day = local.date()
        if self.cut_off is not None and local.time() > self.cut_off and self.is_working_day(day):
            return self._opening(self._step(day, _DAY))
        for shift in self.shifts_on(day):
            if local.time() < shift.end:
                return max(local, _at(day, shift.start))
        return self._opening(self._step(day, _DAY))

    def add_work(self, moment: datetime, amount: int | Decimal | Fraction, unit: TimeUnit) -> datetime:
        """The moment at which a limit ends that starts at `moment` (aware).

        WH: after that much working time, counted to the microsecond; WD, CD, month (whole, not negative): at the
        close of the day due_on gives, counted from the day of effective_start. Returns Vietnam time.
        Raises ValueError for a negative amount, CalendarExhausted.
        """
        if amount < 0:
            raise ValueError("a limit is not negative")
        start = self.effective_start(moment)
        if unit is TimeUnit.WH:
            return self._add_hours(start, _as_timedelta(amount))
        if amount != int(amount):
            raise ValueError("days and months are whole")
        due = self.due_on(start.date(), int(amount), unit)
        shifts = self.shifts_on(due)
        return _at(due, shifts[-1].end) if shifts else self._opening(self.next_working_day(due))

    def work_between(self, start: datetime, end: datetime) -> timedelta:
        """The working time between two aware moments (negative when end is first); cut_off plays no part.

        Inverse of add_work in hours: work_between(t, add_work(t, n, WH)) is n hours when t is not after cut_off.
        """
        if end < start:
            return -self.work_between(end, start)
        first, last = in_vietnam(start), in_vietnam(end)
        total, day = timedelta(), first.date()
        while day <= last.date():
            for shift in self.shifts_on(day):
                opened, closed = max(first, _at(day, shift.start)), min(last, _at(day, shift.end))
                total += max(closed - opened, timedelta())
            day += _DAY
        return total

    def explain(self, start: date, amount: int, unit: TimeUnit = TimeUnit.WD) -> Explanation:
        """How due_on reaches its date: the days skipped and why, the make-up days counted."""
        end = self.due_on(start, amount, unit)
        if unit is TimeUnit.WD:
            low, high = min(start, end), max(start, end)
            days = [low + _DAY * offset for offset in range((high - low).days + 1) if low + _DAY * offset != start]
        else:
            unrolled = start + _DAY * amount if unit is TimeUnit.CD else add_months(start, amount)
            days = [unrolled + _DAY * offset for offset in range((end - unrolled).days)]
        skipped = tuple(Skipped(day, self.reason_off(day)) for day in days if not self.is_working_day(day))
        rows = (self._by_day.get(day) for day in days)
        made_up = tuple(Skipped(row.on, row.reason) for row in rows if row and row.kind is ExceptionKind.SWAP_ON)
        confirmed = self.confirmed_through is None or max(start, end) <= self.confirmed_through
        return Explanation(start, amount, unit, end, skipped, made_up, confirmed)

    def explain_moment(self, moment: datetime) -> str:
        """Why the clock starts later than the moment of receipt, in Vietnamese; empty when it starts at once."""
        start, local = self.effective_start(moment), in_vietnam(moment)
        if start == local:
            return ""
        why = self.reason_off(local.date()) or (
            f"sau {self.cut_off:%H:%M}"
            if self.cut_off is not None and local.time() > self.cut_off
            else "ngoài giờ làm việc"
        )
        return f"Nhận lúc {format_moment(local)} ({why}), tính từ {format_moment(start)}."

    def _add_hours(self, start: datetime, rest: timedelta) -> datetime:
        day, moment = start.date(), start
        for _ in range(_SEARCH_LIMIT):
            for shift in self.shifts_on(day):
                opened, closed = max(moment, _at(day, shift.start)), _at(day, shift.end)
                if opened >= closed:
                    continue
                if rest <= closed - opened:
                    return opened + rest
                rest -= closed - opened
            day += _DAY
        raise CalendarExhausted(f"no working time found after {start}")

    def _opening(self, day: date) -> datetime:
        return _at(day, self.shifts_on(day)[0].start)

    def _step(self, day: date, step: timedelta) -> date:
        for _ in range(_SEARCH_LIMIT):
            day += step
            if self.is_working_day(day):
                return day
        raise CalendarExhausted(f"no working day found near {day}")


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, VIETNAM)


def _as_timedelta(hours: int | Decimal | Fraction) -> timedelta:
    return timedelta(microseconds=round(Fraction(hours) * 3_600_000_000))
