"""Keeps the cases of the five science procedures in step with the programme, inside the transaction of each act.

The programme's machines stay the truth: an act that a case has no step for moves nothing and never fails for it. Who
may act was decided before; a case is therefore moved with the system's right, in the name of whoever acted. Without a
procedure in force on the day no case is opened.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from khcn.domains.programme.choices import PlanState
from khcn.domains.programme.models import (
    Application,
    ApplicationRecord,
    Call,
    Handover,
    OrderList,
    Plan,
    Proposal,
    Task,
)
from khcn.domains.programme.queries.councils.subjects import records_of
from khcn.domains.programme.rules.procedure_steps import (
    CLOCKS,
    EFFECTS,
    HOST_STEPS,
    USER_STEPS,
    Does,
    Effect,
    Science,
    label_of_act,
)
from khcn.kernel.orgs.models import Organisation
from khcn.kernel.procedures.choices import CaseState, ClockReason
from khcn.kernel.procedures.models import Case, Clock, Procedure, TransitionRecord
from khcn.kernel.procedures.queries import cases, effective_version, open_runs
from khcn.kernel.procedures.services import (
    cancel_case,
    complete_step,
    pause_clock,
    resume_clock,
    set_step_due,
    set_step_unit,
    start_case,
)
from khcn.lib.actor import Actor
from khcn.lib.dates import VIETNAM, in_vietnam

NOON = time(12)
"""The hour of acts that are written down on a later day; their own hour is not known."""
OPEN_STATES = (CaseState.RUNNING, CaseState.PAUSED)
Key = tuple[str, Any]


@dataclass(frozen=True, slots=True)
class Opened:
    """What the backfill did: cases opened, cases that were there before, due moments set anew."""

    opened: int
    there: int
    moved: int


def follow(
    *, by: Actor, subject: Any, machine: str, event: str, on: date, note: str = "", besides: Collection[Key] = ()
) -> None:
    """Let the cases that the subject's act concerns go on. besides: (procedure, record) keys left alone."""
    effects = EFFECTS.get(f"{machine}.{event}", ())
    records = [record for _line, record in records_of(subject)] if effects and machine == "council" else [subject]
    for procedure in dict.fromkeys(effect.procedure for effect in effects):
        for record in records:
            for served in _served(procedure, record):
                if (procedure.value, served.uid) in besides:
                    continue
                _Act(by, record, machine, event, on, note).move(
                    procedure, served, [effect for effect in effects if effect.procedure is procedure]
                )


def give_to_user(*, by: Actor, task: Task) -> None:
    """Give the open steps of whoever uses the task's result to them, as after a use was written down."""
    served = _science_cases().filter(version_pinned__procedure__code=Science.USE, subject_uid=task.uid)
    for case in served.filter(state__in=OPEN_STATES):
        _name_user(by.as_system(), case, task)


def open_missing_cases(*, by: Actor) -> Opened:
    """Open the cases of proposals, calls and tasks that have none, by replaying their recorded transitions in order.

    Then set the due moments of every open case from the clocks that run now. Reports and inspections leave no
    transition, so that a replayed case waits for the next report. Repeating it changes nothing.
    """
    with transaction.atomic():
        before = _keys()
        acts = {tuple(act.split(".")) for act in EFFECTS}
        machines = {machine for machine, _event in acts}
        for record in TransitionRecord.objects.filter(machine__in=machines).order_by("id"):
            if (record.machine, record.event) not in acts:
                continue
            subject = apps.get_model(record.subject_type)._default_manager.filter(uid=record.subject_uid).first()
            if subject is None:
                continue
            on = in_vietnam(record.at).date()
            actor = Actor(uid=by.uid, name=record.by_name or by.name, on=on, user_id=record.by_id)
            follow(
                by=actor, subject=subject, machine=record.machine, event=record.event, on=on, note=record.note,
                besides=before,
            )  # fmt: skip
        moved = sum(_keep_due(by, case) for case in _science_cases().filter(state__in=OPEN_STATES))
        return Opened(len(_keys() - before), len(before), moved)


class _Act:
    """One act of the programme, applied to the case of one record at a time."""

    def __init__(self, by: Actor, subject: Any, machine: str, event: str, on: date, note: str) -> None:
        self.by = by.as_system()
        self.subject = subject
        self.name = f"{machine}.{event}"
        self.label = label_of_act(machine, event)
        self.note = note
        self.at = timezone.now() if on == timezone.localdate() else datetime.combine(on, NOON, VIETNAM)

    def move(self, procedure: Science, served: Any, effects: list[Effect]) -> None:
        """Apply the effects to the open case of the procedure and the record, if there is or comes to be one."""
        case = _science_cases().filter(
            version_pinned__procedure__code=procedure, subject_uid=served.uid, state__in=OPEN_STATES
        ).first()  # fmt: skip
        for effect in effects:
            if effect.does is Does.OPEN:
                case = case or self._open(procedure, served)
            elif case is not None:
                self._apply(effect, case)
        if case is None:
            return
        _name_host(self.by, case, self.subject)
        if procedure is Science.USE:
            _name_user(self.by, case, served)
        _keep_due(self.by, case)

    def _open(self, procedure: Science, served: Any) -> Case | None:
        found = Procedure.objects.filter(code=procedure).first()
        version = effective_version(found, on=in_vietnam(self.at).date()) if found is not None else None
        if found is None or version is None:
            return None
        return start_case(
            by=self.by, procedure=found, version=version, title=_title(served), subject=served,
            facts={"act": self.name}, deciding=_standing_body(served, self.at.year),
            support=_unit_behind(served), now=self.at,
            is_illustration=getattr(served, "is_illustration", False),
        )  # fmt: skip

    def _apply(self, effect: Effect, case: Case) -> None:
        case.refresh_from_db(fields=["state"])
        at = max(self.at, case.runs.aggregate(last=Max("ready_at"))["last"] or case.received_at)  # acts told late
        if effect.does is Does.CANCEL:
            cancel_case(by=self.by, case=case, reason=self.note or self.label, outcome=self.label, now=at)
        elif effect.does is Does.PAUSE and case.state == CaseState.RUNNING:
            pause_clock(by=self.by, case=case, reason=ClockReason.OTHER, note=self.note, now=at)
        elif effect.does is Does.RESUME and case.state == CaseState.PAUSED:
            resume_clock(by=self.by, case=case, note=self.note, now=at)
        elif effect.does is Does.COMPLETE:
            run = open_runs(case).filter(step_key__in=effect.steps).first()
            if run is not None:
                complete_step(by=self.by, run=run, facts={"act": self.name}, outcome=self.label, note=self.note, now=at)


def _served(procedure: Science, subject: Any) -> Iterator[Any]:
    """The records whose cases of the procedure an act on the subject concerns."""
    match procedure, subject:
        case Science.IDENTIFY, OrderList():
            yield from Proposal.objects.filter(order__order_list=subject)
        case (Science.IDENTIFY, Proposal()) | (Science.SELECT, Call()):
            yield subject
        case Science.SELECT, Application():
            yield subject.call
        case Science.SELECT, Task() if subject.application is not None:
            yield subject.application.call
        case ((Science.MONITOR | Science.ACCEPT | Science.USE), Task()):
            yield subject


def _title(served: Any) -> str:
    """What worklists show; of a secret matter only the code."""
    order = served.order if isinstance(served, Call) else None
    proposal = order.proposal if order is not None else served
    if getattr(proposal, "is_secret", False):
        return str(served.code)
    return f"{served.code} {order.title if order is not None else served.title}"


def _standing_body(served: Any, year: int) -> Organisation | None:
    """Who runs the programme that the record belongs to; that of the plan of the year where it names no plan."""
    if isinstance(served, Call):
        proposal = served.order.proposal
        plan = served.order.order_list.plan or (proposal.plan if proposal is not None else None)
    else:
        plan = served.plan
    if plan is None or plan.standing_body is None:
        adopted = Plan.objects.filter(state=PlanState.ADOPTED, standing_body__isnull=False, period_from__lte=year)
        plan = adopted.select_related("standing_body").order_by("-period_from", "-id").first()
    return plan.standing_body if plan is not None else None


def _unit_behind(served: Any) -> Organisation | None:
    """Whose unit does the applicant's steps: the proposer's, the invited one's, the host's."""
    match served:
        case Proposal():
            return served.proposer
        case Call():
            return served.invited
        case Task():
            return served.host
    return None


def _name_host(by: Actor, case: Case, subject: Any) -> None:
    """Give the steps of the selected organisation to it: it was not known when the call's case was opened."""
    if isinstance(subject, Application):
        steps = [step for _procedure, step in HOST_STEPS]
        for run in open_runs(case).filter(step_key__in=steps):
            set_step_unit(by=by, run=run, organisation=subject.host)


def _name_user(by: Actor, case: Case, task: Task) -> None:
    """Give the steps of whoever uses the result to them: the last use written down, else the last who took it over."""
    runs = list(open_runs(case).filter(step_key__in=[step for _procedure, step in USER_STEPS]))
    if not runs:
        return
    use = ApplicationRecord.objects.filter(product__task=task, used_to=None).select_related("user_organisation")
    taken = Handover.objects.filter(product__task=task, signed_on__isnull=False).select_related("receiver")
    last_use, last_taken = use.order_by("-id").first(), taken.order_by("-signed_on", "-id").first()
    body = last_use.user_organisation if last_use else last_taken.receiver if last_taken else None
    if body is None:
        return
    for run in runs:
        set_step_unit(by=by, run=run, organisation=body)


def _keep_due(by: Actor, case: Case) -> int:
    """Set the due moments of the case's live steps from the clocks of its record and what hangs on it; how many moved.

    The clock of the law is computed once, where the rules are; the engine has no norm of its own for these steps.
    """
    procedure = Science(case.version_pinned.procedure.code)
    waiting = {run: CLOCKS[procedure, run.step_key] for run in open_runs(case) if (procedure, run.step_key) in CLOCKS}
    served = case.subject_uid
    if not waiting or served is None:
        return 0
    running = Clock.objects.filter(
        Q(subject_uid=served)
        | Q(subject_uid__in=OrderList.objects.filter(orders__proposal__uid=served).values("uid"))
        | Q(subject_uid__in=Application.objects.filter(call__uid=served).values("uid")),
        rule_key__in=[key for keys in waiting.values() for key in keys], stopped_on=None, cancelled=False,
    )  # fmt: skip
    due_on: dict[str, date] = dict(running.order_by("-due_on").values_list("rule_key", "due_on"))
    moved = 0
    for run, keys in waiting.items():
        days = [due_on[key] for key in keys if key in due_on]
        due_at = datetime.combine(min(days), time.max, VIETNAM) if days else None
        moved += set_step_due(by=by, run=run, due_at=due_at)
    return moved


def _science_cases() -> Any:
    return cases().filter(version_pinned__procedure__code__in=list(Science)).order_by("id")


def _keys() -> set[Key]:
    return set(_science_cases().order_by().values_list("version_pinned__procedure__code", "subject_uid"))
