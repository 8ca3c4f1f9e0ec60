"""Reads cases: the worklist, a case's page, its log, and whether its chain holds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from khcn.kernel.procedures.choices import CaseState, RunState, StepKind
from khcn.kernel.procedures.engine.definition import TAKEN_KINDS, WORK_KINDS, Field, Form
from khcn.kernel.procedures.engine.forms import as_text
from khcn.kernel.procedures.engine.values import unpack
from khcn.kernel.procedures.models import Case, CaseEvent, ClockSegment, StepRun
from khcn.kernel.procedures.models.cases import WORKABLE_RUNS
from khcn.kernel.procedures.queries.versions import graph_of
from khcn.kernel.procedures.rules import GENESIS, event_digest, is_overdue
from khcn.lib.actor import Actor
from khcn.lib.roles import Role
from khcn.web.partial_indexes import IsOneOf

_LISTED = (StepKind.HUMAN, StepKind.COUNCIL, StepKind.MESSAGE)
"""TAKEN_KINDS in the order of the partial index over them."""


def cases() -> QuerySet[Case]:
    """All cases with their procedure, without the definition's text; the newest first."""
    return Case.objects.select_related("version_pinned__procedure").defer(
        "version_pinned__definition", "version_pinned__drawing", "facts"
    )


def cases_visible_to(actor: Actor) -> QuerySet[Case]:
    """Cases of the actor's organisations; all for leaders and inspectors."""
    rows = cases()
    if actor.holds(Role.LEADER, Role.INSPECTOR):
        return rows
    places = list(actor.places)
    return rows.filter(Q(deciding__in=places) | Q(receiving__in=places) | Q(support__in=places))


@dataclass(frozen=True, slots=True)
class KnownAnswer:
    """What the applicant answered before: the field, the value, its text, and the case that says so."""

    field: Field
    value: Any
    text: str
    case_code: str


def known_answers(case: Case, form: Form) -> list[KnownAnswer]:
    """Answers of the same applicant's earlier cases to fields that may be reused; the newest case's first. One query.

    Offered only: whoever fills the form asks the applicant before taking them over.
    """
    wanted = {field.reuse: field for field in form.fields if field.reuse}
    mine = Q(pk__in=[])
    if case.applicant_id is not None:
        mine |= Q(applicant_id=case.applicant_id)
    if case.applicant_organisation_id is not None:
        mine |= Q(applicant_organisation_id=case.applicant_organisation_id)
    if not wanted:
        return []
    found: dict[str, KnownAnswer] = {}
    for earlier in Case.objects.filter(mine).exclude(pk=case.pk).order_by("-id").only("code", "facts")[:20]:
        facts = unpack(earlier.facts)
        for name, field in wanted.items():
            value = facts.get(name, facts.get(field.key))
            if value not in (None, "", []) and field.key not in found:
                found[field.key] = KnownAnswer(field, value, as_text(field, value), earlier.code)
    return list(found.values())


def case_of(uid: UUID) -> Case:
    """The case by its uid, whole. Raises Case.DoesNotExist."""
    return Case.objects.select_related(
        "version_pinned__procedure", "deciding", "receiving", "support", "applicant", "applicant_organisation"
    ).get(uid=uid)


def run_of(uid: UUID) -> StepRun:
    """The step run by its uid, with its case. Raises StepRun.DoesNotExist."""
    return StepRun.objects.select_related("case__version_pinned__procedure", "organisation", "assignee").get(uid=uid)


def cases_serving(subject_uid: UUID) -> QuerySet[Case]:
    """Cases of one domain record, the newest first."""
    return cases().filter(subject_uid=subject_uid).order_by("-id")


def worklist(actor: Actor) -> QuerySet[StepRun]:
    """Steps that the actor may take now: claimed by them, or free in one of their roles; the soonest due first.

    Messages that somebody of a role records are among them, except those at a step's boundary, which may never come.
    Both kinds come out of partial indexes, however many steps were done before: each branch says the whole condition of
    its index again, since SQLite looks for it there only. Rows carry their case and its procedure.
    """
    mine = Q(assignee_id=actor.user_id)
    live = Q(IsOneOf("kind", *_LISTED), IsOneOf("state", *WORKABLE_RUNS), Q(assignee=None) | mine, host=None)
    by_place: dict[int | None, list[str]] = {}
    for grant in actor.answers_for:
        by_place.setdefault(grant.organisation_id, []).append(grant.role)
    branches = [live & Q(organisation=place, role__in=roles) for place, roles in by_place.items()]
    if actor.roles:
        branches.append(live & Q(organisation=None, role__in=sorted(actor.roles)))
    if actor.user_id is not None:
        branches.append(Q(IsOneOf("state", RunState.CLAIMED), mine, host=None, kind__in=TAKEN_KINDS))
    return (
        StepRun.objects.filter(reduce(or_, branches, Q(pk__in=[])))
        .select_related("case", "case__version_pinned__procedure", "organisation")
        .defer("case__facts", "case__version_pinned__definition", "case__version_pinned__drawing")
        .order_by(F("due_at").asc(nulls_last=True), "id")
    )


def claimed_by(actor: Actor) -> QuerySet[StepRun]:
    """Steps that the actor has taken and not finished."""
    return worklist(actor).filter(assignee_id=actor.user_id or -1)


def open_runs(case: Case) -> QuerySet[StepRun]:
    """Where the case stands now: its live steps, joins left out."""
    return case.runs.filter(state__in=WORKABLE_RUNS).select_related("organisation", "assignee").order_by("id")


def run_at(case: Case, step_key: str) -> StepRun | None:
    """The live run of a step of the case, None when the case does not stand there."""
    return case.runs.filter(step_key=step_key, state__in=WORKABLE_RUNS).order_by("id").first()


def may_come(run: StepRun) -> QuerySet[StepRun]:
    """What people may record as having come while the run lasts: messages at its boundary, and around it."""
    hosts, around = [run.pk], run.scope
    while around is not None:
        hosts.append(around.pk)
        around = around.scope
    return (
        StepRun.objects.filter(host__in=hosts, state__in=WORKABLE_RUNS, kind__in=TAKEN_KINDS)
        .exclude(role="")
        .order_by("id")
    )


def runs_overdue(*, now: datetime, organisation_ids: Iterable[int] | None = None) -> QuerySet[StepRun]:
    """Live work past its due moment whose case's clock runs; the longest overdue first."""
    rows = StepRun.objects.filter(
        IsOneOf("state", *WORKABLE_RUNS), kind__in=WORK_KINDS, due_at__lt=now, case__state=CaseState.RUNNING
    ).select_related("case", "organisation", "assignee")
    if organisation_ids is not None:
        rows = rows.filter(organisation_id__in=list(organisation_ids))
    return rows.order_by("due_at", "id")


def facts_of(case: Case) -> dict[str, Any]:
    """The case's facts as typed values."""
    return unpack(case.facts)


def form_of(run: StepRun) -> Form | None:
    """The form that completes the step, None when it has none."""
    definition = graph_of(run.case.version_pinned).definition
    return definition.form(definition.step(run.step_key).form)


@dataclass(frozen=True, slots=True)
class RunLine:
    """One line of a case's history: a step, who, when, and how it stood to its time."""

    run: StepRun
    is_overdue: bool
    is_open: bool


@dataclass(frozen=True, slots=True)
class CasePage:
    """What a case's page shows. lines: work in order; marks: step key → state, for colouring the drawing."""

    case: Case
    lines: tuple[RunLine, ...]
    clock: tuple[ClockSegment, ...]
    events: tuple[CaseEvent, ...]
    marks: dict[str, str]
    is_overdue: bool
    facts: dict[str, Any]


def case_page(case: Case, *, now: datetime) -> CasePage:
    """Everything about one case. Four queries."""
    standing = case.state == CaseState.PAUSED
    runs = case.runs.select_related("organisation", "assignee__person", "done_by__person").order_by("id")
    lines, marks = [], {}
    for run in runs:
        is_open = run.state in WORKABLE_RUNS
        if run.kind in WORK_KINDS or run.kind in (StepKind.CALL, StepKind.TIMER, StepKind.MESSAGE, StepKind.SUBPROCESS):
            lines.append(RunLine(run, is_overdue(run.due_at, run.done_at, now, standing=standing), is_open))
        if run.state == RunState.DONE or is_open or run.step_key not in marks:
            marks[run.step_key] = str(run.state)
    return CasePage(
        case=case,
        lines=tuple(lines),
        clock=tuple(case.clock.order_by("started_at", "id")),
        events=tuple(case.events.order_by("-place")[:200]),
        marks=marks,
        is_overdue=is_overdue(case.due_at, case.ended_at, now, standing=standing),
        facts=facts_of(case),
    )


@dataclass(frozen=True, slots=True)
class LogReport:
    """Whether logs of cases hold: cases and lines read, and (case code, sentence) of each fault."""

    cases: int
    events: int
    faults: tuple[tuple[str, str], ...]

    @property
    def holds(self) -> bool:
        """True when nothing is wrong."""
        return not self.faults


def verify_logs(rows: QuerySet[Case] | None = None) -> LogReport:
    """Walk the chains of cases (all by default), in constant memory: places without gaps, digests, the case's head."""
    wanted = (rows if rows is not None else Case.objects.all()).order_by("id")
    count = lines = 0
    faults: list[tuple[str, str]] = []
    for case in wanted.only("id", "uid", "code", "head", "events_count").iterator(chunk_size=1000):
        count += 1
        previous, place = GENESIS, 0
        for event in CaseEvent.objects.filter(case_id=case.pk).order_by("place").iterator(chunk_size=500):
            lines += 1
            place += 1
            if event.place != place:
                faults.append((case.code, f"thiếu dòng nhật ký thứ {place}"))
                place = event.place
            if event.previous != previous or event.digest != event_digest(previous, str(case.uid), event.row()):
                faults.append((case.code, f"dòng nhật ký thứ {event.place} không khớp"))
            previous = event.digest
        if place != case.events_count or (place and previous != case.head):
            faults.append((case.code, "dòng cuối của nhật ký không phải là dòng mà hồ sơ ghi"))
    return LogReport(count, lines, tuple(faults))
