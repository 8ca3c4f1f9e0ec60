"""A case's time: when it is due after pauses, resumptions and restarts, and whether it is overdue.

A pause moves the due moment by the time that stood still, counted in the unit of the limit: working hours, working
days, or calendar days for limits in days and months. Source of counting: Bộ luật Dân sự 2015, Điều 147, 148.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from khcn.lib.calendar import TimeUnit, WorkCalendar
from khcn.lib.dates import VIETNAM, add_months, in_vietnam

_MICROSECONDS_AN_HOUR = 3_600_000_000


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of time, running or standing; restarts: the limit counts anew from its start. stopped_at None: open."""

    started_at: datetime
    stopped_at: datetime | None
    running: bool
    restarts: bool = False


def due_after(calendar: WorkCalendar, segments: Sequence[Segment], amount: Decimal, unit: TimeUnit) -> datetime | None:
    """The moment by which a case must be done, counting its last restart only; None while its clock stands still.

    segments: in order, touching. amount: not negative; days and months are whole. Raises ValueError without a running
    segment at the beginning or where segments do not touch.
    """
    if not segments or not segments[0].running:
        raise ValueError("a clock begins by running")
    if any(before.stopped_at != after.started_at for before, after in pairwise(segments)):
        raise ValueError("segments must touch")
    if not segments[-1].running:
        return None
    first = max(place for place, one in enumerate(segments) if one.restarts or place == 0)
    counted = segments[first:]
    if unit is TimeUnit.WH:
        return _due_in_hours(calendar, counted, Fraction(amount))
    if amount != int(amount):
        raise ValueError("days and months are whole")
    start = calendar.effective_start(counted[0].started_at).date()
    pauses = [one for one in counted if not one.running and one.stopped_at is not None]
    if unit is TimeUnit.WD:
        stood = sum(
            max(
                0,
                calendar.working_days_between(
                    calendar.effective_start(one.started_at).date(), calendar.effective_start(one.stopped_at).date()
                ),
            )
            for one in pauses
            if one.stopped_at
        )
        last = calendar.add_working_days(start, int(amount) + stood)
    else:
        stood = sum(
            (in_vietnam(one.stopped_at).date() - in_vietnam(one.started_at).date()).days
            for one in pauses
            if one.stopped_at
        )
        unrolled = add_months(start, int(amount)) if unit is TimeUnit.MONTH else start + timedelta(days=int(amount))
        last = calendar.next_working_day(unrolled + timedelta(days=stood))
    return _close(calendar, last)


def worked_until(calendar: WorkCalendar, segments: Sequence[Segment], now: datetime) -> timedelta:
    """The working time that a case has used by `now`, pauses left out."""
    return sum(
        (
            calendar.work_between(one.started_at, min(one.stopped_at or now, now))
            for one in segments
            if one.running and one.started_at < now
        ),
        timedelta(),
    )


def is_overdue(due_at: datetime | None, done_at: datetime | None, now: datetime, *, standing: bool = False) -> bool:
    """Whether what was due is late: done after its due moment, or not done when it has passed; never while paused."""
    if due_at is None:
        return False
    if done_at is not None:
        return done_at > due_at
    return not standing and now > due_at


def _due_in_hours(calendar: WorkCalendar, segments: Sequence[Segment], amount: Fraction) -> datetime:
    """Use up the limit segment by segment; what was used up before a pause ended then, whatever followed."""
    rest = timedelta(microseconds=round(amount * _MICROSECONDS_AN_HOUR))
    for one in (segment for segment in segments if segment.running):
        begin = calendar.effective_start(one.started_at)
        used = calendar.work_between(begin, max(begin, one.stopped_at)) if one.stopped_at else None
        if used is None or used >= rest:
            hours = Fraction(rest // timedelta(microseconds=1), _MICROSECONDS_AN_HOUR)
            return calendar.add_work(one.started_at, hours, TimeUnit.WH)
        rest -= used
    raise ValueError("the last segment runs")


def _close(calendar: WorkCalendar, day: date) -> datetime:
    """The end of work on a working day."""
    return datetime.combine(day, calendar.shifts_on(day)[-1].end, VIETNAM)
