"""The times of a case: its clock in segments, the due moments of its steps, timers; recomputed from what is stored."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from khcn.kernel.procedures.choices import CaseState, ClockReason, StepClock
from khcn.kernel.procedures.engine.definition import Step
from khcn.kernel.procedures.models import Case, CaseEvent, ClockSegment, StepRun
from khcn.kernel.procedures.models.cases import WORKABLE_RUNS
from khcn.kernel.procedures.queries import calendar, graph_of
from khcn.kernel.procedures.rules import Segment, due_after
from khcn.lib.calendar import TimeUnit, WorkCalendar
from khcn.lib.dates import VIETNAM
from khcn.web.rows import Reading, Writes, update

if TYPE_CHECKING:
    from khcn.kernel.procedures.services.cases.walking import Walk

#: Hours of a working day, for norms in parts of days. Source: Bộ luật Lao động 2019, Điều 105 khoản 1.
HOURS_A_DAY = 8
_RESTARTING = (ClockReason.STARTED, ClockReason.RESTARTED)
_open_segment = Reading(lambda key: ClockSegment.objects.filter(case_id=key, stopped_at=None).order_by())


def calendar_for(cut_off: time | None, stamp: tuple[Any, ...] | None = None) -> WorkCalendar:
    """The office's calendar with a procedure's time of closing. stamp: as the calendar's query takes it."""
    return calendar(cut_off=cut_off, stamp=stamp)


def after(days: WorkCalendar, start: datetime, amount: Decimal, unit: TimeUnit) -> datetime:
    """The moment an amount of time after another; parts of working days are counted in hours."""
    if unit is TimeUnit.WD and amount != int(amount):
        return days.add_work(start, amount * HOURS_A_DAY, TimeUnit.WH)
    return days.add_work(start, amount, unit)


def step_due(days: WorkCalendar, now: datetime, step: Step, case: Case) -> datetime:
    """When a step reached now must be done: its norm, never after the case itself unless the step pauses the clock."""
    due = after(days, now, step.norm or Decimal(0), TimeUnit(step.norm_unit))
    if case.due_at is not None and step.clock is StepClock.RUN and case.state == CaseState.RUNNING:
        due = min(due, max(case.due_at, now))
    return due


def opening_of(days: WorkCalendar, day: date) -> datetime:
    """The first working moment of a date, or of the next working day."""
    return days.effective_start(datetime.combine(day, time(), VIETNAM))


def open_clock(case: Case, days: WorkCalendar, now: datetime) -> None:
    """Save a new case with its first, running segment and its due moment."""
    if case.limit_amount is not None and case.due_at is None:
        case.due_at = after(days, now, case.limit_amount, TimeUnit(case.limit_unit))
    case.save(force_insert=True)
    ClockSegment.objects.create(case=case, started_at=now, running=True, reason=ClockReason.STARTED)


def close_clock(case: Case, now: datetime, *, into: Writes | None = None) -> None:
    """End the open segment. into: writes that the caller flushes; without, it is written at once."""
    for segment in _open_segment(case.pk):
        segment.stopped_at = max(now, segment.started_at)
        if into is None:
            update(segment, ["stopped_at"])
        else:
            into.update(segment, ["stopped_at"])


def turn(case: Case, now: datetime, *, running: bool, reason: ClockReason, note: str = "") -> None:
    """End the open segment and begin another."""
    close_clock(case, now)
    last = case.clock.order_by("-id").first()
    started = max(now, last.stopped_at) if last is not None and last.stopped_at is not None else now
    ClockSegment.objects.create(case=case, started_at=started, running=running, reason=reason, note=note[:500])
    case.state = CaseState.RUNNING if running else CaseState.PAUSED


def computed_due(case: Case, days: WorkCalendar) -> datetime | None:
    """The due moment that the case's segments give now; the stored one where it was set by hand or stands still."""
    if case.limit_amount is None or case.due_fixed:
        return case.due_at
    segments = [
        Segment(one.started_at, one.stopped_at, one.running, one.reason in _RESTARTING)
        for one in case.clock.order_by("started_at", "id")
    ]
    amount, unit = case.limit_amount, TimeUnit(case.limit_unit)
    if unit is TimeUnit.WD and amount != int(amount):
        amount, unit = amount * HOURS_A_DAY, TimeUnit.WH
    return due_after(days, segments, amount, unit) or case.due_at


def recomputed(case: Case, rows: Sequence[StepRun], days: WorkCalendar, now: datetime) -> list[StepRun]:
    """The live rows of a case whose due or ringing moment the calendar moved, with their new moments; not saved."""
    steps = graph_of(case.version_pinned).steps
    waiting = [run for run in rows if run.state in WORKABLE_RUNS and steps[run.step_key].norm is not None]
    if not waiting:
        return []
    by_hand = set(
        CaseEvent.objects.filter(case=case, verb="due_set", run_uid__in=[run.uid for run in waiting]).values_list(
            "run_uid", flat=True
        )
    )
    pauses = [one for one in case.clock.order_by("started_at", "id") if not one.running]
    moved = []
    for run in waiting:
        step = steps[run.step_key]
        if run.fire_at is not None:
            rings = after(days, run.ready_at, step.norm or Decimal(0), TimeUnit(step.norm_unit))
            is_put_off = rings <= now < run.fire_at  # it rang, could not go on and is tried again later
            if not step.wait and not is_put_off and rings != run.fire_at:
                run.fire_at = rings
                moved.append(run)
        elif run.due_at is not None and run.uid not in by_hand:
            due = _due_again(case, run, step, pauses, days)
            if due != run.due_at:
                run.due_at = due
                moved.append(run)
    return moved


def _due_again(case: Case, run: StepRun, step: Step, pauses: Sequence[ClockSegment], days: WorkCalendar) -> datetime:
    """A live step's due moment from its norm, moved by the pauses since, as resuming moved it."""
    due = after(days, run.ready_at, step.norm or Decimal(0), TimeUnit(step.norm_unit))
    for pause in pauses:
        if pause.stopped_at is not None and run.ready_at < pause.started_at:
            stood = Decimal(days.work_between(pause.started_at, pause.stopped_at).total_seconds()) / 3600
            due = days.add_work(due, stood, TimeUnit.WH)
    if case.due_at is not None and step.clock is StepClock.RUN:
        due = min(due, max(case.due_at, run.ready_at))
    return due


def follow_steps(walk: Walk) -> None:
    """Stop the clock while a live step pauses it, and let it run on when none does."""
    case = walk.case
    pausing = [step for step in walk.live_steps() if step.clock is StepClock.PAUSE]
    if pausing and case.state == CaseState.RUNNING:
        walk.writes.flush()
        turn(case, walk.now, running=False, reason=ClockReason.STEP, note=pausing[0].name)
    elif not pausing and case.state == CaseState.PAUSED:
        standing = case.clock.filter(stopped_at=None).first()
        if standing is not None and standing.reason == ClockReason.STEP:
            walk.writes.flush()
            resume(case, walk.calendar, walk.now, ClockReason.RESUMED)


def resume(case: Case, days: WorkCalendar, now: datetime, reason: ClockReason, note: str = "") -> None:
    """Let the clock run on (or anew) and move the due moments of the case and its live steps accordingly."""
    standing = case.clock.filter(stopped_at=None).first()
    turn(case, now, running=True, reason=reason, note=note)
    if case.due_fixed and case.due_at is not None and standing is not None and reason == ClockReason.RESUMED:
        stood = days.work_between(standing.started_at, now)
        case.due_at = days.add_work(case.due_at, Decimal(stood.total_seconds()) / 3600, TimeUnit.WH)
    elif reason == ClockReason.RESTARTED:
        case.due_fixed = False
        case.due_at = computed_due(case, days)
    else:
        case.due_at = computed_due(case, days)
    if standing is None or standing.running:
        return
    stood_hours = Decimal(days.work_between(standing.started_at, now).total_seconds()) / 3600
    for run in case.runs.filter(state__in=["ready", "claimed"], due_at__isnull=False, ready_at__lt=standing.started_at):
        run.due_at = days.add_work(run.due_at or now, stood_hours, TimeUnit.WH)
        run.save(update_fields=["due_at"])
