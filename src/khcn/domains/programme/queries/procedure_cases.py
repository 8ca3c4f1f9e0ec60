"""Reads the cases of the science procedures for the pages of the records that they serve."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.urls import NoReverseMatch, reverse

from khcn.domains.programme.models import Call, Proposal, Task
from khcn.domains.programme.permissions import reads_all
from khcn.kernel.procedures.choices import CaseState, RunState
from khcn.kernel.procedures.engine.definition import WORK_KINDS
from khcn.kernel.procedures.models import Case, StepRun
from khcn.kernel.procedures.models.cases import WORKABLE_RUNS
from khcn.kernel.procedures.queries import cases
from khcn.kernel.procedures.rules import is_overdue
from khcn.lib.actor import Actor
from khcn.lib.dates import in_vietnam
from khcn.lib.roles import Role


@dataclass(frozen=True, slots=True)
class WaitingStep:
    """A step at which a case stands. due_on: None when no clock of the programme runs for it."""

    run: StepRun
    due_on: date | None
    is_late: bool


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case, its procedure, how many steps are done, where it stands, and its page for those who may open it."""

    case: Case
    procedure: str
    done: int
    waiting: tuple[WaitingStep, ...]
    address: str


def cases_of_task(actor: Actor, task: Task, *, now: datetime) -> list[CaseLine]:
    """The task's own cases; for the whole programme's readers those of its proposal and its call too. Two queries."""
    wanted = Q(subject_uid=task.uid)
    if reads_all(actor):
        wanted |= Q(subject_uid__in=Call.objects.filter(applications__task=task).values("uid"))
        wanted |= Q(subject_uid__in=Proposal.objects.filter(order__tasks=task).values("uid"))
    return list(_lines(actor, wanted, now))


def cases_of_proposal(actor: Actor, proposal: Proposal, *, now: datetime) -> list[CaseLine]:
    """The proposal's cases. Two queries."""
    return list(_lines(actor, Q(subject_uid=proposal.uid), now))


def _lines(actor: Actor, wanted: Q, now: datetime) -> Iterator[CaseLine]:
    for case in cases().filter(wanted).order_by("id").prefetch_related("runs"):
        runs = [run for run in case.runs.all() if run.kind in WORK_KINDS]
        standing = case.state == CaseState.PAUSED
        yield CaseLine(
            case=case,
            procedure=case.version_pinned.procedure.title,
            done=sum(run.state == RunState.DONE for run in runs),
            waiting=tuple(
                WaitingStep(
                    run,
                    in_vietnam(run.due_at).date() if run.due_at else None,
                    is_overdue(run.due_at, run.done_at, now, standing=standing),
                )
                for run in sorted(runs, key=lambda one: one.pk)
                if run.state in WORKABLE_RUNS
            ),
            address=_address(actor, case),
        )


def _address(actor: Actor, case: Case) -> str:
    places = {case.deciding_id, case.receiving_id, case.support_id} - {None}
    if not (actor.holds(Role.LEADER, Role.INSPECTOR) or places & actor.organisation_ids):
        return ""
    try:
        return reverse("process_case_page", args=[case.uid])
    except NoReverseMatch:
        return ""
