"""Counts over cases and step runs: how procedures and steps keep their times, where cases wait, what is returned."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Q, QuerySet

from khcn.kernel.procedures.choices import CaseState, RunState
from khcn.kernel.procedures.engine.definition import WORK_KINDS
from khcn.kernel.procedures.models import Case, StepRun

_OPEN = Q(state__in=[CaseState.RUNNING, CaseState.PAUSED])
_LATE = Q(ended_at__gt=F("due_at"))


@dataclass(frozen=True, slots=True)
class CaseTally:
    """Cases received in a time: how many, how many ended in time, late, still open and overdue, cancelled."""

    received: int
    ended: int
    in_time: int
    late: int
    open: int
    open_late: int
    cancelled: int


@dataclass(frozen=True, slots=True)
class StepTally:
    """Runs of one step: how many done, in time, returned; how long they took on the wall clock."""

    procedure_code: str
    step_key: str
    name: str
    done: int
    in_time: int
    returned: int
    open: int
    open_late: int
    mean: timedelta | None


def case_tally(rows: QuerySet[Case], *, now: datetime) -> CaseTally:
    """Count the given cases. One query."""
    counts = rows.order_by().aggregate(
        received=Count("id"),
        ended=Count("id", filter=Q(state=CaseState.ENDED)),
        late=Count("id", filter=Q(state=CaseState.ENDED) & _LATE),
        open=Count("id", filter=_OPEN),
        open_late=Count("id", filter=Q(state=CaseState.RUNNING, due_at__lt=now)),
        cancelled=Count("id", filter=Q(state=CaseState.CANCELLED)),
    )
    return CaseTally(in_time=counts["ended"] - counts["late"], **counts)


def step_tallies(rows: QuerySet[Case], *, now: datetime) -> list[StepTally]:
    """How each step of the given cases was kept, by procedure and name; the most returned first. One query."""
    took = ExpressionWrapper(F("done_at") - F("ready_at"), output_field=DurationField())
    done, live = Q(state=RunState.DONE), Q(state__in=[RunState.READY, RunState.CLAIMED])
    found = (
        StepRun.objects.filter(case__in=rows.order_by().values("pk"), kind__in=WORK_KINDS)
        .values("step_key", "name", procedure_code=F("case__version_pinned__procedure__code"))
        .annotate(
            done=Count("id", filter=done),
            in_time=Count("id", filter=done & (Q(due_at=None) | Q(done_at__lte=F("due_at")))),
            returned=Count("id", filter=Q(state=RunState.RETURNED)),
            open=Count("id", filter=live),
            open_late=Count("id", filter=live & Q(due_at__lt=now)),
            mean=Avg(took, filter=done),
        )
        .order_by("-returned", "-open_late", "step_key")
    )
    return [StepTally(**row) for row in found]


def steps_often_overdue(*, since: datetime, at_least: int = 3) -> list[tuple[str, str, int]]:
    """(procedure code, step name, times) of steps overdue at least so often since a moment; feeds nonconformities."""
    rows = (
        StepRun.objects.filter(ready_at__gte=since, due_at__isnull=False, kind__in=WORK_KINDS)
        .filter(Q(done_at__gt=F("due_at")) | Q(done_at=None, overdue_told=True))
        .values_list("case__version_pinned__procedure__code", "name")
        .annotate(times=Count("id"))
        .filter(times__gte=at_least)
        .order_by("-times")
    )
    return [(code, name, times) for code, name, times in rows]
