"""Changes of a running task and its early end: who may decide follows from what changes and from the lump-sum mode."""

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.db.models import Avg

from khcn.domains.programme.choices import ChangeKind, ChangeRequestState, LumpMode, PiChangeCause
from khcn.domains.programme.errors import NotNow
from khcn.domains.programme.models import ChangeRequest, Task, Termination
from khcn.domains.programme.permissions import roles_on
from khcn.domains.programme.queries.addresses import address_of
from khcn.domains.programme.queries.eligibility import bars_on_new_host, bars_on_new_leader
from khcn.domains.programme.queries.law import parameters_of
from khcn.domains.programme.rules.adjustments import (
    AdjustmentThresholds,
    amount_breaches,
    extension_breaches,
    host_change_breaches,
    leader_change_breaches,
    right_breaches,
    right_to_adjust,
    shortening_breaches,
)
from khcn.domains.programme.rules.findings import Finding, sentences
from khcn.domains.programme.services.transitions import advance
from khcn.kernel.audit.services import record
from khcn.kernel.notices.choices import NoticeKind
from khcn.kernel.notices.services import notify, settle
from khcn.kernel.orgs.models import Organisation, Person
from khcn.kernel.orgs.queries import holders_of
from khcn.kernel.procedures.queries import calendar
from khcn.kernel.procedures.services import cancel_clocks
from khcn.lib.actor import Actor
from khcn.lib.dates import add_months, whole_months_between
from khcn.lib.failure import Forbidden, Refused
from khcn.lib.roles import Role

CHANGEABLE = frozenset({"contracted", "running", "paused"})


def draft_change(
    *, by: Actor, task: Task, kind: ChangeKind, new: Mapping[str, Any], reason: str, detail: Mapping[str, Any]
) -> ChangeRequest:
    """Draw up a change; the old values are read from the task, so that the decider sees the difference.

    new: the wished values: {"end_on": "2025-12-31"}, {"title": …}, {"pi": <uid>}, {"host": <uid>}, {"text": …}.
    detail: inputs of the rule: cause, absent_months, restructuring (bool), before_vnd/after_vnd.
    """
    if not roles_on(by, task) & {Role.HOST, Role.PI}:
        raise Forbidden("Chỉ tổ chức chủ trì được đề nghị điều chỉnh.")
    if task.state not in CHANGEABLE:
        raise NotNow("Chỉ điều chỉnh khi nhiệm vụ đang thực hiện.")
    if not reason.strip():
        raise Refused("Ghi lý do điều chỉnh.", field="reason")
    right = right_to_adjust(kind, LumpMode(task.lump_mode))
    with transaction.atomic():
        change = ChangeRequest.objects.create(
            task=task, kind=kind, difference={key: [old_value(task, key), value] for key, value in new.items()},
            detail=dict(detail), reason=reason.strip(), asked_by_id=by.user_id, authority=right.party.value,
        )  # fmt: skip
        record(by=by, verb="change.draft", subject=change, after={"kind": kind, "difference": change.difference})
    return change


def file_change(*, by: Actor, change: ChangeRequest, on: date) -> ChangeRequest:
    """Send the change: to the authority for a decision, or as a notice of what the host decided itself."""
    right = right_to_adjust(ChangeKind(change.kind), LumpMode(change.task.lump_mode))
    event = "notify" if right.party.value == "host" else "submit"
    facts = {"deciding_party": right.party.value, "change_breaches": sentences(breaches_of(change, on=on))}
    with transaction.atomic():
        change.submitted_on = on
        advance(by=by, subject=change, machine="change_request", event=event, on=on, facts=facts, note=change.reason)
        notify(
            recipients=holders_of(Role.SPECIALIST, on=on), kind=NoticeKind.DO, subject=change, url=address_of(change),
            title=f"Điều chỉnh nhiệm vụ {change.task.code}: {ChangeKind(change.kind).label}",
        )  # fmt: skip
        if event == "notify" and not right.authority_may_object:
            _carry_out(change)
    return change


def breaches_of(change: ChangeRequest, *, on: date) -> tuple[Finding, ...]:
    """What speaks against the change by its kind's rule; the host's own kinds included."""
    task, kind = change.task, ChangeKind(change.kind)
    found = right_breaches(kind, LumpMode(task.lump_mode))
    thresholds = AdjustmentThresholds.from_parameters(parameters_of(task.rule_set, on=on))
    detail = change.detail
    if kind is ChangeKind.DURATION:
        return found + _duration_breaches(change, thresholds, on)
    if kind is ChangeKind.PI:
        cause = detail.get("cause")
        person = Person.objects.get(uid=change.difference["pi"][1])
        return found + leader_change_breaches(
            PiChangeCause(cause) if cause else None, absent_months=detail.get("absent_months"), thresholds=thresholds,
            successor_bars=bars_on_new_leader(person, task=task, on=on),
        )  # fmt: skip
    if kind is ChangeKind.HOST:
        host = Organisation.objects.get(uid=change.difference["host"][1])
        return found + host_change_breaches(bool(detail.get("restructuring")), bars_on_new_host(host, task=task, on=on))
    return found + amount_breaches(
        kind, before_vnd=int(detail.get("before_vnd", 0)), after_vnd=int(detail.get("after_vnd", 0))
    )


def return_change(*, by: Actor, change: ChangeRequest, reason: str, on: date) -> ChangeRequest:
    """Send an incomplete request back with what it lacks."""
    with transaction.atomic():
        change.answer = reason.strip()
        advance(by=by, subject=change, machine="change_request", event="return", on=on, facts={}, note=reason)
        settle(subject=change)
    return change


def declare_complete(*, by: Actor, change: ChangeRequest, on: date) -> ChangeRequest:
    """Accept the request's file; the time for the decision begins."""
    with transaction.atomic():
        advance(
            by=by, subject=change, machine="change_request", event="declare_complete", on=on,
            facts={"file_complete": bool(change.reason and change.difference)},
        )  # fmt: skip
        settle(subject=change)
        notify(
            recipients=holders_of(Role.DIRECTOR, on=on), kind=NoticeKind.APPROVE, subject=change,
            url=address_of(change), title=f"Quyết định điều chỉnh nhiệm vụ {change.task.code}",
        )  # fmt: skip
    return change


def record_consent(*, by: Actor, change: ChangeRequest, document: str, on: date) -> ChangeRequest:
    """Record the orderer's written consent."""
    if not document.strip():
        raise Refused("Ghi số văn bản đồng ý của cơ quan đặt hàng.", field="document")
    with transaction.atomic():
        change.orderer_consent = document.strip()
        advance(by=by, subject=change, machine="change_request", event="record_consent", on=on, facts={}, note=document)
    return change


def record_advice(*, by: Actor, change: ChangeRequest, minutes_signed: bool, on: date) -> ChangeRequest:
    """Record that an advisory council's signed minutes lie before the decider."""
    with transaction.atomic():
        change.detail = {**change.detail, "council_recorded": True}
        advance(
            by=by, subject=change, machine="change_request", event="record_council_advice", on=on,
            facts={"minutes_signed": minutes_signed},
        )  # fmt: skip
    return change


def approve_change(*, by: Actor, change: ChangeRequest, decision_number: str, on: date) -> ChangeRequest:
    """Approve the change and carry it out on the task, in one act."""
    if not decision_number.strip():
        raise Refused("Ghi số quyết định điều chỉnh.", field="decision_number")
    right = right_to_adjust(ChangeKind(change.kind), LumpMode(change.task.lump_mode))
    with transaction.atomic():
        change.decision_number, change.decided_on, change.decided_by_id = decision_number.strip(), on, by.user_id
        advance(
            by=by, subject=change, machine="change_request", event="approve", on=on, note=decision_number,
            facts={
                "change_breaches": sentences(breaches_of(change, on=change.submitted_on or on)),
                "council_required": right.council_required,
                "council_recorded": bool(change.detail.get("council_recorded")),
                "consent_required": right.consent_required,
                "consent_recorded": bool(change.orderer_consent),
            },
        )  # fmt: skip
        settle(subject=change)
        if ChangeKind(change.kind) is ChangeKind.DURATION:
            _extend(by, change, on)
        else:
            _carry_out(change)
    return change


def refuse_change(*, by: Actor, change: ChangeRequest, reason: str, on: date) -> ChangeRequest:
    """Refuse the change, with reasons, in writing."""
    with transaction.atomic():
        change.answer, change.decided_on, change.decided_by_id = reason.strip(), on, by.user_id
        advance(by=by, subject=change, machine="change_request", event="refuse", on=on, facts={}, note=reason)
        settle(subject=change)
    return change


def note_change(*, by: Actor, change: ChangeRequest, on: date) -> ChangeRequest:
    """Take note of what the host decided itself; a new leader takes office with it."""
    with transaction.atomic():
        advance(by=by, subject=change, machine="change_request", event="note", on=on, facts={})
        settle(subject=change)
        if right_to_adjust(ChangeKind(change.kind), LumpMode(change.task.lump_mode)).authority_may_object:
            _carry_out(change)
    return change


def object_to_change(*, by: Actor, change: ChangeRequest, reason: str, on: date) -> ChangeRequest:
    """Object to a new leader within the days that the rule gives."""
    since = calendar().working_days_between(change.submitted_on or on, on)
    with transaction.atomic():
        change.answer, change.decided_on, change.decided_by_id = reason.strip(), on, by.user_id
        advance(
            by=by, subject=change, machine="change_request", event="object", on=on, note=reason,
            facts={"change_kind": change.kind, "working_days_since_notice": since},
        )  # fmt: skip
        settle(subject=change)
    return change


def pause_task(*, by: Actor, task: Task, reason: str, on: date) -> Task:
    """Pause a task with a reason; running clocks of reports go on until the decision."""
    advance(by=by, subject=task, machine="task", event="pause", on=on, facts={}, note=reason)
    return task


def resume_task(*, by: Actor, task: Task, reason: str, on: date) -> Task:
    """Let a paused task go on."""
    advance(by=by, subject=task, machine="task", event="resume", on=on, facts={}, note=reason)
    return task


def ask_termination(*, by: Actor, task: Task, ground: str, is_objective: bool | None, on: date) -> Termination:
    """Ask for the early end of a task, by its host or by the managing body."""
    if not roles_on(by, task) & {Role.HOST, Role.SPECIALIST, Role.HEAD, Role.DIRECTOR}:
        raise Forbidden("Chỉ tổ chức chủ trì hoặc cơ quan quản lý được đề nghị chấm dứt.")
    if not ground.strip():
        raise Refused("Ghi căn cứ, lý do chấm dứt.", field="ground")
    if task.state not in {"contracted", "running", "paused", "dossier_due"}:
        raise NotNow("Nhiệm vụ không ở giai đoạn thực hiện nên không chấm dứt được.")
    with transaction.atomic():
        termination, created = Termination.objects.get_or_create(
            task=task, defaults={"ground": ground.strip(), "is_objective": is_objective, "asked_by_id": by.user_id}
        )
        if not created:
            raise NotNow("Nhiệm vụ đã có hồ sơ đề nghị chấm dứt.")
        record(by=by, verb="termination.ask", subject=termination, after={"ground": ground.strip(), "on": on})
        notify(
            recipients=holders_of(Role.DIRECTOR, on=on), kind=NoticeKind.APPROVE, subject=termination,
            url=address_of(task), title=f"Xem xét chấm dứt nhiệm vụ {task.code}",
        )  # fmt: skip
    return termination


def check_site(*, by: Actor, termination: Termination, findings: str, on: date) -> Termination:
    """Record the check of file and site that must come before the decision."""
    if not roles_on(by, termination.task) & {Role.SPECIALIST, Role.HEAD}:
        raise Forbidden("Chỉ đoàn kiểm tra của Sở được ghi kết quả kiểm tra.")
    if not findings.strip():
        raise Refused("Ghi kết quả kiểm tra hồ sơ và hiện trường.", field="findings")
    with transaction.atomic():
        termination.claim(None)
        termination.checked_on, termination.findings = on, findings.strip()
        termination.save()
        record(by=by, verb="termination.check_site", subject=termination, after={"on": on})
    return termination


def terminate_task(
    *, by: Actor, task: Task, decision_number: str, refund_vnd: int, assets_note: str, on: date
) -> Termination:
    """Decide the early end: refund and assets stated; recovery, settlement and assets tracks open."""
    termination = Termination.objects.filter(task=task).first()
    if termination is None:
        raise NotNow("Chưa có hồ sơ đề nghị chấm dứt.")
    if not decision_number.strip():
        raise Refused("Ghi số quyết định chấm dứt.", field="decision_number")
    if refund_vnd < 0:
        raise Refused("Số phải hoàn trả không được âm.", field="refund_vnd")
    with transaction.atomic():
        termination.claim(None)
        termination.decision_number, termination.decided_on = decision_number.strip(), on
        termination.refund_vnd, termination.assets_note = refund_vnd, assets_note.strip()
        termination.save()
        cancel_clocks(subject=task)
        advance(
            by=by, subject=task, machine="task", event="terminate", on=on, note=termination.ground,
            facts={
                "site_checked": termination.checked_on is not None,
                "refund_and_assets_stated": bool(assets_note.strip()),
            },
        )  # fmt: skip
        settle(subject=termination)
    return termination


def old_value(task: Task, key: str) -> Any:
    """The task's present value of a field that a change names, JSON-able."""
    if key in {"pi", "host"}:
        return str(getattr(task, key).uid)
    value = getattr(task, key, None)
    return value.isoformat() if isinstance(value, date) else value


def _duration_breaches(change: ChangeRequest, thresholds: AdjustmentThresholds, on: date) -> tuple[Finding, ...]:
    task = change.task
    if task.start_on is None or task.end_on is None or task.original_end_on is None:
        raise NotNow("Nhiệm vụ chưa có hợp đồng nên chưa có thời gian để điều chỉnh.")
    new_end = date.fromisoformat(change.difference["end_on"][1])
    if new_end < task.end_on:
        done = task.contents.aggregate(done=Avg("percent_done"))["done"] or 0
        return shortening_breaches(Fraction(int(done), 100), thresholds)
    earlier = task.changes.filter(
        kind=ChangeKind.DURATION, state__in=[ChangeRequestState.APPROVED, ChangeRequestState.ANNEXED]
    ).exclude(pk=change.pk)
    return extension_breaches(
        term_months=_months(task.start_on, task.original_end_on),
        extra_months=_months(task.end_on + timedelta(days=1), new_end), earlier_extensions=earlier.count(),
        ends_on=task.end_on, asked_on=change.submitted_on or on, thresholds=thresholds,
    )  # fmt: skip


def _months(first: date, last: date) -> int:
    """Months from the first day to the last, both included; a month that is begun counts."""
    after = last + timedelta(days=1)
    whole = whole_months_between(first, after)
    return whole + (add_months(first, whole) < after)


def _extend(by: Actor, change: ChangeRequest, on: date) -> None:
    task = change.task
    task.end_on = date.fromisoformat(change.difference["end_on"][1])
    if task.state != "running":
        task.claim(None)
        task.save()
        return
    advance(
        by=by, subject=task, machine="task", event="extend", on=on, note=change.decision_number,
        facts={"change_approved": True, "extension_breaches": []},
    )  # fmt: skip


def _carry_out(change: ChangeRequest) -> None:
    task = change.task
    task.claim(None)
    for key, (_, new) in change.difference.items():
        if key == "pi":
            task.pi = Person.objects.get(uid=new)
        elif key == "host":
            task.host = Organisation.objects.get(uid=new)
        elif key in {"title", "objective", "place"}:
            setattr(task, key, new)
    task.save()
