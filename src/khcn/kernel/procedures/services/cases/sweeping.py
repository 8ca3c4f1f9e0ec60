"""What happens without a person: timers that ring, messages that arrive, overdue steps that are told once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from khcn.kernel.events.services import publish_all
from khcn.kernel.procedures.choices import CaseState, RunState
from khcn.kernel.procedures.models import Case, StepRun
from khcn.kernel.procedures.models.cases import WORKABLE_RUNS
from khcn.kernel.procedures.queries import runs_overdue
from khcn.kernel.procedures.services.cases.happenings import StepOverdue
from khcn.kernel.procedures.services.cases.locking import locked
from khcn.kernel.procedures.services.cases.log import append
from khcn.kernel.procedures.services.cases.recounting import resume_recounts
from khcn.kernel.procedures.services.cases.walking import Walk
from khcn.lib.actor import Actor
from khcn.lib.failure import Failure

#: A timer whose way on is refused (no branch fits, a system step refuses) is tried again after this time.
TRY_AGAIN_AFTER = timedelta(hours=1)
#: What is told of an overdue step; everything else of it and of its case stays unread.
_TOLD = (
    "uid", "step_key", "name", "role", "organisation_id", "assignee_id", "due_at", "case__uid", "case__code",
    "case__version_pinned__procedure__code",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sweep:
    """What a sweep of timers did."""

    fired: int
    refused: int


def fire_timers(*, by: Actor, now: datetime | None = None, limit: int = 1000) -> Sweep:
    """Let timers ring whose moment has come, each in a transaction of its own; several workers may sweep at once.

    by: the system. A timer that cannot go on is written into its case's log and tried again later.
    """
    now = now or timezone.now()
    due = StepRun.objects.filter(
        state=RunState.READY, fire_at__lte=now, case__state__in=[CaseState.RUNNING, CaseState.PAUSED]
    )
    fired = refused = 0
    for pk, case_id in due.order_by("fire_at", "id").values_list("pk", "case_id")[:limit]:
        try:
            with transaction.atomic():
                fired += _ring(by, pk, case_id, now)
        except Failure as fault:
            refused += 1
            with transaction.atomic():
                _put_off(by, pk, case_id, now, fault)
    return Sweep(fired, refused)


def sweep_cases(*, by: Actor, on: date) -> str:
    """Fire due timers, tell of overdue steps and go on with recounts that were left, for the schedule.

    Returns in Vietnamese what was done.
    """
    resume_recounts()
    sweep = fire_timers(by=by)
    return f"{sweep.fired} hẹn giờ, {sweep.refused} chưa đi tiếp được, {tell_overdue()} bước quá hạn"


def send_message(
    *,
    by: Actor,
    message: str,
    case: Case | None = None,
    cases: QuerySet[Case] | None = None,
    facts: Mapping[str, Any] | None = None,
    now: datetime | None = None,
) -> int:
    """Give a message to the steps that wait for it in a case (or several, or all); returns how many went on.

    facts: what the message says, added to each case. A message that nobody waits for is not kept.
    """
    now = now or timezone.now()
    waiting = StepRun.objects.filter(state=RunState.READY, message=message)
    if case is not None:
        waiting = waiting.filter(case=case)
    if cases is not None:
        waiting = waiting.filter(case__in=cases)
    heard = 0
    for pk, case_id in waiting.order_by("id").values_list("pk", "case_id"):
        with transaction.atomic():
            found = _live(pk, case_id, by, now)
            if found is None:
                continue
            walk, run = found
            walk.add_facts(facts or {})
            walk.complete(run)
            walk.log("message", run, message=message, facts=dict(facts or {}))
            walk.save()
            heard += 1
    return heard


def tell_overdue(*, now: datetime | None = None, limit: int = 1000) -> int:
    """Publish StepOverdue once for each live step past its due moment; returns how many."""
    now = now or timezone.now()
    with transaction.atomic():
        rows = runs_overdue(now=now).filter(overdue_told=False)
        if connection.vendor == "postgresql":
            rows = rows.select_for_update(of=("self",), skip_locked=True)
        found = list(rows.select_related("case__version_pinned__procedure").only(*_TOLD)[:limit])
        publish_all(
            [
                StepOverdue(
                    run.case.uid, run.case.code, run.case.version_pinned.procedure.code, run.uid, run.step_key,
                    run.name, run.role, run.organisation_id, run.assignee_id, run.due_at or now,
                )
                for run in found
            ]
        )  # fmt: skip
        StepRun.objects.filter(pk__in=[run.pk for run in found]).update(overdue_told=True)
    return len(found)


def _live(pk: int, case_id: int, by: Actor, now: datetime) -> tuple[Walk, StepRun] | None:
    """The walk and run under the lock, None when somebody else was faster."""
    walk = Walk(by=by, case=locked(case_id), now=now)
    run = StepRun.objects.get(pk=pk)
    return (walk, run) if walk.case.is_open and run.state in WORKABLE_RUNS else None


def _ring(by: Actor, pk: int, case_id: int, now: datetime) -> bool:
    found = _live(pk, case_id, by, now)
    if found is None or found[1].fire_at is None or found[1].fire_at > now:
        return False
    walk, run = found
    walk.complete(run)
    walk.log("timer", run, passed=walk.passed)
    walk.save()
    return True


def _put_off(by: Actor, pk: int, case_id: int, now: datetime, fault: Failure) -> None:
    found = _live(pk, case_id, by, now)
    if found is None:
        return
    walk, run = found
    run.fire_at = now + TRY_AGAIN_AFTER
    run.save(update_fields=["fire_at"])
    append(by=by, case=walk.case, verb="timer_refused", at=now, run=run, sentence=fault.message)
    walk.case.save(update_fields=["head", "events_count"])
