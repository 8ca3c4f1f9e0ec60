"""People's work on steps: take, hand over, complete with a form, return. Whoever is second is told so.

What several people do at the same moment shares one commit (`web.shared_commits`); each act stands or falls alone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from khcn.kernel.events.services import publish
from khcn.kernel.orgs.models import User
from khcn.kernel.procedures.choices import RunState
from khcn.kernel.procedures.engine.definition import TAKEN_KINDS, WORK_KINDS, Step
from khcn.kernel.procedures.engine.forms import answers
from khcn.kernel.procedures.errors import FormRefused, StepTaken
from khcn.kernel.procedures.models import Case, FormDraft, StepRun
from khcn.kernel.procedures.models.cases import WORKABLE_RUNS
from khcn.kernel.procedures.permissions import may_assign, may_work
from khcn.kernel.procedures.services.cases.happenings import StepCompleted, StepReturned
from khcn.kernel.procedures.services.cases.locking import Held, held
from khcn.kernel.procedures.services.cases.log import append
from khcn.kernel.procedures.services.cases.walking import Walk
from khcn.lib.actor import Actor
from khcn.lib.dates import format_moment
from khcn.lib.failure import Failure, Forbidden, Refused
from khcn.web.shared_commits import commit_together

Check = Callable[[Sequence[Case]], Mapping[int, Failure]]
"""Which of these cases, whose locks are held, may not go on for a reason of the domain: refusals by their key."""


def claim_step(*, by: Actor, run: StepRun, now: datetime | None = None) -> StepRun:
    """Take a free step for oneself; taking one's own again changes nothing. Raises StepTaken, Forbidden."""
    at = now or timezone.now()

    def act() -> StepRun:
        case, fresh = _workable(by, run)
        if fresh.assignee_id == by.user_id and fresh.state == RunState.CLAIMED:
            return fresh
        fresh.state, fresh.assignee_id, fresh.claimed_at = RunState.CLAIMED, by.user_id, at
        fresh.save(update_fields=["state", "assignee", "claimed_at"])
        _logged(by, case, fresh, "claimed", at)
        return fresh

    return commit_together(act)


def release_step(*, by: Actor, run: StepRun, now: datetime | None = None) -> StepRun:
    """Put a taken step back for others of the role. Raises StepTaken, Forbidden."""
    at = now or timezone.now()

    def act() -> StepRun:
        case, fresh = _workable(by, run, or_lead=True)
        fresh.state, fresh.assignee, fresh.claimed_at = RunState.READY, None, None
        fresh.save(update_fields=["state", "assignee", "claimed_at"])
        _logged(by, case, fresh, "released", at)
        return fresh

    return commit_together(act)


def assign_step(*, by: Actor, run: StepRun, to: User, now: datetime | None = None) -> StepRun:
    """Hand a step to a colleague: by its holder, or by the head of its organisation. Raises StepTaken, Forbidden."""
    at = now or timezone.now()

    def act() -> StepRun:
        case, fresh = _workable(by, run, or_lead=True)
        fresh.state, fresh.assignee, fresh.claimed_at = RunState.CLAIMED, to, at
        fresh.save(update_fields=["state", "assignee", "claimed_at"])
        _logged(by, case, fresh, "assigned", at, to=str(to))
        return fresh

    return commit_together(act)


@dataclass(frozen=True, slots=True)
class Work:
    """One step to be completed. values: answers to its form, as typed or as values. facts: more, from domain code."""

    run: StepRun
    values: Mapping[str, Any] | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    outcome: str = ""
    note: str = ""


def complete_step(
    *,
    by: Actor,
    run: StepRun,
    values: Mapping[str, Any] | None = None,
    facts: Mapping[str, Any] | None = None,
    outcome: str = "",
    note: str = "",
    check: Check | None = None,
    now: datetime | None = None,
) -> StepRun:
    """Finish a step and take the case on to where it waits next.

    values: answers to the step's form, as typed by a person or as values. facts: more facts, from domain code. check:
    what the domain says of the case, asked once its lock is held, so that nothing comes between. Raises what that
    refuses, StepTaken when somebody else was faster or holds it, Forbidden, FormRefused with a sentence per field,
    CaseClosed, NoWayOn when no branch fits the facts; then nothing has changed.
    """
    work, at = Work(run, values, facts or {}, outcome, note), now or timezone.now()
    return commit_together(lambda: complete_one(by, work, check, at))


def complete_one(by: Actor, work: Work, check: Check | None, now: datetime) -> StepRun:
    """Complete a step inside the caller's transaction."""
    found = held(work.run.case_id)
    run = workable(by, found, work.run)
    if check is not None and (refused := check([found.case]).get(found.case.pk)):
        raise refused
    walk = Walk(by=by, case=found.case, now=now, rows=found.rows, calendar_stamp=found.calendar_stamp)
    done = walk_on(walk, run, work)
    walk.save()
    if walk.graph.steps[run.step_key].form:
        FormDraft.objects.filter(run=run).delete()
    publish(done)
    return run


def walk_on(walk: Walk, run: StepRun, work: Work) -> StepCompleted:
    """Take the case on from the run; nothing is stored yet, unless what follows waits for nobody. Returns the event."""
    walk.require_open()
    given = _read_form(walk, walk.graph.steps[run.step_key], work.values)
    walk.add_facts(given)
    walk.add_facts(work.facts)
    if work.outcome:
        walk.add_facts({"outcome": work.outcome})
    run.assignee_id = run.assignee_id or walk.by.user_id
    walk.complete(run, outcome=work.outcome, note=work.note)
    in_time = None if run.due_at is None else walk.now <= run.due_at
    walk.log(
        "completed", run, outcome=work.outcome, note=work.note, values=given, facts=dict(work.facts),
        passed=walk.passed, decided=walk.decided, in_time=in_time,
    )  # fmt: skip
    case = walk.case
    return StepCompleted(case.uid, case.code, run.uid, run.step_key, work.outcome, walk.by.uid, in_time)


def return_step(*, by: Actor, run: StepRun, to: str, reason: str, now: datetime | None = None) -> StepRun:
    """Send the case back from a step to an earlier one that the procedure allows; returns the run it now waits at.

    Raises Refused without a reason or for a step that the procedure does not name, StepTaken, Forbidden, CaseClosed.
    """
    if not reason.strip():
        raise Refused("Ghi lý do trả lại.", field="reason")
    at = now or timezone.now()

    def act() -> StepRun:
        case, fresh = _workable(by, run)
        walk = Walk(by=by, case=case, now=at)
        walk.require_open()
        if to not in walk.graph.steps[fresh.step_key].returns_to:
            raise Refused("Quy trình không cho trả lại về bước này.", field="to")
        walk.send_back(fresh, to, reason.strip())
        walk.log("returned", fresh, to=to, reason=reason.strip())
        walk.save()
        publish(StepReturned(case.uid, case.code, fresh.uid, fresh.step_key, to, reason.strip(), by.uid))
        return case.runs.filter(step_key=to, state__in=WORKABLE_RUNS).latest("id")

    return commit_together(act)


def _workable(by: Actor, run: StepRun, *, or_lead: bool = False) -> tuple[Case, StepRun]:
    found = held(run.case_id)
    return found.case, workable(by, found, run, or_lead=or_lead)


def workable(by: Actor, found: Held, run: StepRun, *, or_lead: bool = False) -> StepRun:
    """The run under its lock, when it is live work that the actor may do. Raises StepTaken, Refused, Forbidden."""
    fresh = next((one for one in found.rows if one.pk == run.pk and one.state in WORKABLE_RUNS), None)
    if fresh is None:
        raise StepTaken(_what_happened(StepRun.objects.select_related("done_by__person").get(pk=run.pk)))
    if not (by.is_system or fresh.kind in WORK_KINDS or (fresh.kind in TAKEN_KINDS and fresh.role)):
        raise Refused("Bước này không do người hoàn thành.")
    if may_work(by, fresh) or (or_lead and may_assign(by, fresh)):
        return fresh
    if fresh.assignee is not None:
        raise StepTaken(f"Bước “{fresh.name}” đang do {fresh.assignee} làm.")
    raise Forbidden("Bước này thuộc vai trò hoặc đơn vị khác.")


def _what_happened(run: StepRun) -> str:
    who = f" {run.done_by}" if run.done_by else ""
    when = f" lúc {format_moment(run.done_at)}" if run.done_at else ""
    done = {
        RunState.DONE: f"vừa được{who or ' người khác'} hoàn thành{when}",
        RunState.RETURNED: f"vừa được{who or ' người khác'} trả lại{when}",
        RunState.CANCELLED: f"không còn phải làm nữa{when}",
    }.get(RunState(run.state), "chưa làm được")
    return f"Bước “{run.name}” {done}. Nội dung bạn nhập chưa được ghi; hãy mở lại hồ sơ để xem."


def _read_form(walk: Walk, step: Step, values: Mapping[str, Any] | None) -> dict[str, Any]:
    form = walk.graph.definition.form(step.form)
    if form is None:
        if values:
            raise Refused("Bước này không có biểu mẫu.")
        return {}
    read = answers(form, values or {}, walk.facts)
    if read.errors:
        raise FormRefused("Biểu mẫu còn chỗ chưa đúng.", errors=read.errors)
    return dict(read.values)


def _logged(by: Actor, case: Case, run: StepRun, verb: str, now: datetime, **facts: Any) -> None:
    append(by=by, case=case, verb=verb, at=now, run=run, **facts)
    case.version += 1
    case.save(update_fields=["head", "events_count", "version", "updated_at"])
