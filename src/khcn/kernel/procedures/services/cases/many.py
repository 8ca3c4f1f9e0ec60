"""Completes many steps in one transaction: cases locked and read at once, rows of all of them written together.

Each case is checked, walked and refused for itself, and its log's chain continues as if it had come alone. What must
write before it can go on (programs of system steps, called procedures, clocks that stop or run on) comes after the
others, one by one, each in a savepoint.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from khcn.kernel.events.services import publish_all
from khcn.kernel.procedures.models import FormDraft, StepRun
from khcn.kernel.procedures.services.cases.happenings import StepCompleted
from khcn.kernel.procedures.services.cases.locking import Held, held_all
from khcn.kernel.procedures.services.cases.walking import Walk
from khcn.kernel.procedures.services.cases.working import Check, Work, complete_one, walk_on, workable
from khcn.lib.actor import Actor
from khcn.lib.failure import Failure
from khcn.web.rows import HeldWrites, MustWriteFirst, Writes
from khcn.web.shared_commits import commit_together

Told = StepRun | Failure


def complete_steps(
    *, by: Actor, works: Sequence[Work], check: Check | None = None, now: datetime | None = None
) -> list[Told]:
    """Finish many steps with one commit; for each work, in its place, the run, or the refusal that stopped it alone.

    check: as `complete_step`'s, asked of all cases at once. A case that is named twice goes on twice, in that order.
    What one refuses leaves the others as they are. Raises DatabaseError where nothing was kept.
    """
    at = now or timezone.now()
    return commit_together(lambda: _completed(by, works, check, at))


def _completed(by: Actor, works: Sequence[Work], check: Check | None, now: datetime) -> list[Told]:
    told: dict[int, Told] = {}
    waiting = list(enumerate(works))
    while waiting:
        turn: dict[int, tuple[int, Work]] = {}
        later = []
        for place, work in waiting:
            if work.run.case_id in turn:
                later.append((place, work))
            else:
                turn[work.run.case_id] = (place, work)
        told |= _turn(by, list(turn.values()), check, now)
        waiting = later
    return [told[place] for place in range(len(works))]


def _turn(by: Actor, works: Sequence[tuple[int, Work]], check: Check | None, now: datetime) -> dict[int, Told]:
    """One step of each of these cases."""
    told: dict[int, Told] = {}
    founds = held_all(work.run.case_id for _place, work in works)
    refused = check([found.case for found in founds.values()]) if check is not None else {}
    walked: list[tuple[Walk, StepRun, StepCompleted]] = []
    alone: list[tuple[int, Work]] = []
    for place, work in works:
        found = founds[work.run.case_id]
        try:
            run = workable(by, found, work.run)
            if why := refused.get(found.case.pk):
                raise why
            walked.append(_walked(by, found, run, work, now))
        except MustWriteFirst:
            alone.append((place, work))
        except Failure as failure:
            told[place] = failure
        else:
            told[place] = run
    _keep(walked)
    for place, work in alone:
        try:
            with transaction.atomic():
                told[place] = complete_one(by, work, check, now)
        except Failure as failure:
            told[place] = failure
    return told


def _walked(by: Actor, found: Held, run: StepRun, work: Work, now: datetime) -> tuple[Walk, StepRun, StepCompleted]:
    walk = Walk(
        by=by, case=found.case, now=now, rows=found.rows, calendar_stamp=found.calendar_stamp, writes=HeldWrites()
    )
    done = walk_on(walk, run, work)
    if walk.has_ended and found.case.parent_run_id is not None:
        raise MustWriteFirst
    walk.settle()
    return walk, run, done


def _keep(walked: Sequence[tuple[Walk, StepRun, StepCompleted]]) -> None:
    """Write what the walks brought, then tell of it."""
    if not walked:
        return
    Writes.flush_together(walk.writes for walk, _run, _done in walked)
    filled = [run for walk, run, _done in walked if walk.graph.steps[run.step_key].form]
    if filled:
        FormDraft.objects.filter(run__in=filled).delete()
    for walk, _run, _done in walked:
        if walk.has_ended:
            walk.announce_end(cancelled=False)
    publish_all([event for walk, _run, done in walked for event in (*walk.announced(), done)])
