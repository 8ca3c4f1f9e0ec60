"""Statutory time of a dossier: appointment, cut-off, what a supplement or a fee does to the limit, complaints' limits.

The calendar and the moment are handed in; amounts come from the procedure or from dated parameters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction

from khcn.domains.onestop.choices import ComplaintState, SupplementClock
from khcn.lib.calendar import TimeUnit, WorkCalendar
from khcn.lib.dates import in_vietnam


@dataclass(frozen=True, slots=True)
class Limit:
    """A procedure's time limit; cut_off: what comes after it counts from the next working day (None: no cut-off)."""

    amount: int
    unit: TimeUnit
    cut_off: time | None = None


def appointment(calendar: WorkCalendar, received_at: datetime, limit: Limit) -> datetime:
    """When the result is due for a dossier received at the moment."""
    return replace(calendar, cut_off=limit.cut_off).add_work(received_at, limit.amount, limit.unit)


def forward_from(calendar: WorkCalendar, received_at: datetime, limit: Limit) -> datetime:
    """From when the dossier is with the deciding agency: at once, or at the start of the next working day."""
    return replace(calendar, cut_off=limit.cut_off).effective_start(received_at)


def due_after_pause(
    calendar: WorkCalendar, *, mode: SupplementClock, limit: Limit, due_at: datetime, paused_at: datetime,
    resumed_at: datetime,
) -> datetime:  # fmt: skip
    """The new due moment when the clock runs again.

    RESTART: the whole limit from the moment of resumption (NĐ 61/2018, Điều 17). RESUME: what was left at the pause –
    working time for limits in working hours or days, calendar time (rolled to a working day's close) otherwise.
    A clock paused after its due moment had nothing left: the due moment stays.
    """
    if mode is SupplementClock.RESTART:
        return appointment(calendar, resumed_at, limit)
    if paused_at >= due_at:
        return due_at
    if limit.unit in (TimeUnit.WH, TimeUnit.WD):
        left = calendar.work_between(paused_at, due_at)
        hours = Fraction(left // timedelta(microseconds=1), 3_600_000_000)
        return replace(calendar, cut_off=limit.cut_off).add_work(resumed_at, hours, TimeUnit.WH)
    moved = in_vietnam(due_at + (resumed_at - paused_at))
    if calendar.is_working_day(moved.date()):
        return moved
    day = calendar.next_working_day(moved.date())
    return datetime.combine(day, calendar.shifts_on(day)[-1].end, moved.tzinfo)


@dataclass(frozen=True, slots=True)
class Pause:
    """A time in which the clock stood still; until None: it still does."""

    since: datetime
    until: datetime | None


def paused_within(pauses: Iterable[Pause], end: datetime) -> timedelta:
    """How long the clock stood still up to `end`; overlapping pauses count once."""
    total, reached = timedelta(), None
    for pause in sorted(pauses, key=lambda item: item.since):
        until = min(pause.until or end, end)
        since = pause.since if reached is None else max(pause.since, reached)
        if until > since:
            total += until - since
        reached = until if reached is None else max(reached, until)
    return total


COMPLAINT_LIMITS = {
    ComplaintState.REFUSED: "complaint.refuse",
    ComplaintState.MORE_ASKED: "complaint.ask_more",
    ComplaintState.ANSWERED: "complaint.answer",
    ComplaintState.PUBLISHED: "complaint.publish",
}
"""Which dated parameter (in working days) limits the way to each state of a complaint."""


def complaint_due(
    calendar: WorkCalendar, *, target: ComplaintState, counted_from: datetime, parameters: Mapping[str, Decimal]
) -> datetime:
    """By when a complaint must have reached the state. Raises KeyError for a state without limit."""
    return calendar.add_work(counted_from, int(parameters[COMPLAINT_LIMITS[target]]), TimeUnit.WD)
