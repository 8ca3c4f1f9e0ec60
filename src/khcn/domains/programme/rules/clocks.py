"""Statutory clocks: when a period ends, how late an act is, how long before a meeting papers must go out.

The calendar of working days is passed in; this module knows neither holidays nor today.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from khcn.lib.dates import add_months

from ..choices import ClockUnit
from .rule_sets import Clock


class WorkdayCalendar(Protocol):
    """The part of a working-day calendar that the clocks need; `khcn.lib.calendar` provides one."""

    def add_working_days(self, start: date, days: int, /) -> date:
        """Return the working day `days` working days after `start`, before it when negative; `start` is not counted."""
        ...

    def working_days_between(self, start: date, end: date, /) -> int:
        """Return how many working days lie after `start` up to and including `end`; negative when `end` is earlier."""
        ...


@dataclass(frozen=True, slots=True)
class ClockReading:
    """How a clock stands on a day.

    late_days: calendar days after the due day, 0 when in time; late_working_days the same in working days. For a clock
    that asks an act to come at least so long before an event, `due_on` is the last day on which the act is in time.
    """

    code: str
    due_on: date
    done_on: date | None
    late_days: int
    late_working_days: int

    @property
    def is_late(self) -> bool:
        """True when the due day has passed without the act, or the act came after it."""
        return self.late_days > 0


def due_on(start: date, clock: Clock, calendar: WorkdayCalendar) -> date:
    """Return the last day on which the act is in time, counted from the start event `start`.

    The start day is not counted. A period in days or months that would end on a day off ends on the next working day;
    one that must be kept (`keep`) ends no earlier than counted, and one before an event (`before`) is counted back and
    never rolled towards the event. Source: Bộ luật Dân sự 2015, Điều 147 khoản 2 and Điều 148 khoản 1, 3, 5.
    """
    if clock.bound == "before":
        return _counted_back(start, clock, calendar)
    if clock.unit is ClockUnit.WORKING_DAY:
        return calendar.add_working_days(start, clock.amount)
    last = add_months(start, clock.amount) if clock.unit is ClockUnit.MONTH else start + timedelta(days=clock.amount)
    return last if clock.bound == "keep" else _rolled_forward(last, calendar)


def reading(start: date, clock: Clock, calendar: WorkdayCalendar, *, done_on: date | None, today: date) -> ClockReading:
    """Return how the clock stands: against `done_on` when the act was done, else against `today`."""
    limit = due_on(start, clock, calendar)
    until = done_on or today
    late = max(0, (until - limit).days)
    late_working = max(0, calendar.working_days_between(limit, until)) if late else 0
    return ClockReading(clock.code, limit, done_on, late, late_working)


def is_kept_in_time(start: date, clock: Clock, calendar: WorkdayCalendar, done_on: date) -> bool:
    """Tell whether an act on `done_on` respects the clock: not after the due day, or for `keep` not before it."""
    limit = due_on(start, clock, calendar)
    return done_on >= limit if clock.bound == "keep" else done_on <= limit


def _counted_back(event: date, clock: Clock, calendar: WorkdayCalendar) -> date:
    if clock.unit is ClockUnit.WORKING_DAY:
        return calendar.add_working_days(event, -clock.amount)
    if clock.unit is ClockUnit.MONTH:
        return add_months(event, -clock.amount)
    return event - timedelta(days=clock.amount)


def _rolled_forward(day: date, calendar: WorkdayCalendar) -> date:
    # The first working day after the eve of `day` is `day` itself when it is a working day.
    return calendar.add_working_days(day - timedelta(days=1), 1)
