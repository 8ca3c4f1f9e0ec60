"""Recovers money of a task that was not completed: explanation, cause and amounts, demand, payments, or a waiver.

Source: TTLT 27/2015/TTLT-BKHCN-BTC, Điều 16, 17. The least that is due is computed by the traced rule `recovery.due`
from the parameters pinned on the task; the authority may demand more, never less.
"""

from datetime import date

from django.db import transaction

from khcn.domains.programme.choices import FailureCause, FundingSourceKind, LedgerEntryKind, LumpMode, RecoveryState
from khcn.domains.programme.errors import MoneyRefused, NotNow
from khcn.domains.programme.models import LedgerEntry, Recovery, Task
from khcn.domains.programme.permissions import roles_on
from khcn.domains.programme.queries.law import parameters_of
from khcn.domains.programme.queries.recovery import received_vnd, recovered_vnd
from khcn.domains.programme.rules.rule_trace import run
from khcn.domains.programme.services.asking import ask
from khcn.domains.programme.services.money import enter
from khcn.domains.programme.services.transitions import advance, rule_set_of
from khcn.kernel.audit.services import record
from khcn.kernel.documents.models import Document
from khcn.kernel.notices.choices import NoticeKind
from khcn.lib.actor import Actor
from khcn.lib.failure import Forbidden, Refused
from khcn.lib.money import format_vnd
from khcn.lib.roles import Role

CONCLUDERS = (Role.SPECIALIST, Role.HEAD, Role.ACCOUNTANT)
PARAMETERS = ("recovery.final_product_share_min", "recovery.partial_share_min", "recovery.unproven_share")


def open_recovery(*, by: Actor, task: Task, on: date) -> Task:
    """Open the recovery of a failed or terminated task on which it did not open by itself."""
    advance(by=by, subject=task, machine="recovery", event="open", on=on, facts={})
    return task


def record_explanation(*, by: Actor, task: Task, text: str, on: date) -> Recovery:
    """Keep the host's explanation of why the task was not completed."""
    if not text.strip():
        raise Refused("Ghi nội dung giải trình của tổ chức chủ trì.", field="text")
    with transaction.atomic():
        recovery = _recovery(task)
        recovery.claim(None)
        recovery.explanation, recovery.explained_on = text.strip(), on
        recovery.save()
        advance(by=by, subject=task, machine="recovery", event="record_explanation", on=on, facts={}, note=text)
        ask(
            subject=task, on=on, roles=[Role.SPECIALIST, Role.DIRECTOR],
            title=f"Kết luận nguyên nhân không hoàn thành nhiệm vụ {task.code}",
        )  # fmt: skip
    return recovery


def conclude_cause(
    *,
    by: Actor,
    task: Task,
    cause: FailureCause,
    unspent_vnd: int,
    proper_vnd: int,
    unproven_vnd: int,
    conclusion: str,
    on: date,
    expected_version: int | None = None,
) -> Recovery:
    """Conclude why the task failed and split what the host received; the least that is due follows from the rule.

    unspent_vnd: received and not used; proper_vnd: used as the rules allow; unproven_vnd: use that is not shown. They
    must sum to what the ledger says was advanced and paid. Raises Refused with the field.
    """
    if not roles_on(by, task) & set(CONCLUDERS):
        raise Forbidden("Chỉ cơ quan quản lý được kết luận nguyên nhân không hoàn thành nhiệm vụ.")
    if task.recovery_state != RecoveryState.OPEN:
        raise NotNow("Chỉ kết luận nguyên nhân khi đang xác định số phải thu hồi.")
    if not conclusion.strip():
        raise Refused("Ghi kết luận và căn cứ.", field="conclusion")
    if min(unspent_vnd, proper_vnd, unproven_vnd) < 0:
        raise Refused("Số tiền không được âm.", field="unspent_vnd")
    received = received_vnd(task)
    if unspent_vnd + proper_vnd + unproven_vnd != received:
        raise Refused(
            f"Tổng ba khoản phải bằng số đã tạm ứng và thanh toán cho nhiệm vụ theo sổ: {format_vnd(received)}.",
            field="unspent_vnd",
        )
    rules = rule_set_of(task, on=on)
    trace = run(
        "recovery.due", parameters=parameters_of(rules, on=on, keys=PARAMETERS), rule_set=rules.code,
        inputs={
            "mode": str(task.lump_mode), "cause": str(cause), "unspent_vnd": unspent_vnd, "proper_vnd": proper_vnd,
            "unproven_vnd": unproven_vnd,
        },
    )  # fmt: skip
    changes = {
        "cause": cause, "unspent_vnd": unspent_vnd, "proper_vnd": proper_vnd, "unproven_vnd": unproven_vnd,
        "conclusion": conclusion.strip(),
    }  # fmt: skip
    with transaction.atomic():
        recovery = _recovery(task)
        recovery.claim(expected_version or None, changes)
        for name, value in changes.items():
            setattr(recovery, name, value)
        recovery.mode = LumpMode(task.lump_mode)
        recovery.due_vnd, recovery.trace = trace.outcome["total_vnd"], trace.as_json()
        recovery.concluded_on, recovery.concluded_by_id = on, by.user_id
        recovery.save()
        record(by=by, verb="recovery.conclude", subject=recovery, after={**changes, "due_vnd": recovery.due_vnd})
        ask(
            subject=task, on=on, roles=[Role.DIRECTOR, Role.LEADER], kind=NoticeKind.APPROVE,
            title=f"Quyết định thu hồi kinh phí nhiệm vụ {task.code}",
        )  # fmt: skip
    return recovery


def demand_recovery(*, by: Actor, task: Task, decision_number: str, demanded_vnd: int, on: date) -> Recovery:
    """Issue the decision that names the sum; the sixty days to pay begin, and the host is barred until it has paid."""
    if not decision_number.strip():
        raise Refused("Ghi số quyết định thu hồi.", field="decision_number")
    with transaction.atomic():
        recovery = _recovery(task)
        if recovery.due_vnd is None:
            raise NotNow("Chưa có kết luận về nguyên nhân không hoàn thành nhiệm vụ.")
        least = recovery.due_vnd
        if demanded_vnd < least:
            raise Refused(f"Số thu hồi không được thấp hơn mức tối thiểu {format_vnd(least)}.", field="demanded_vnd")
        received = received_vnd(task)
        if demanded_vnd > received:
            raise Refused(
                f"Số thu hồi không được vượt số nhiệm vụ đã nhận {format_vnd(received)}.", field="demanded_vnd"
            )
        if demanded_vnd == 0:
            raise NotNow("Không có số phải hoàn trả; hãy kết luận không phải hoàn trả.")
        recovery.claim(None)
        recovery.decision_number, recovery.decided_on = decision_number.strip(), on
        recovery.demanded_vnd = demanded_vnd
        recovery.save()
        advance(
            by=by, subject=task, machine="recovery", event="demand", on=on, note=recovery.decision_number,
            facts={"cause_concluded": recovery.concluded_on is not None},
        )  # fmt: skip
        ask(
            subject=task, on=on, roles=[Role.HOST], at=task.host,
            title=f"Hoàn trả {format_vnd(demanded_vnd)} của nhiệm vụ {task.code}",
        )  # fmt: skip
    return recovery


def waive_recovery(*, by: Actor, task: Task, reason: str, on: date) -> Recovery:
    """Conclude that nothing is to be paid back, where the rule computes nothing."""
    with transaction.atomic():
        recovery = _recovery(task)
        advance(
            by=by, subject=task, machine="recovery", event="waive", on=on, note=reason,
            facts={
                "cause_concluded": recovery.concluded_on is not None,
                "recovery_vnd": recovery.due_vnd if recovery.due_vnd is not None else received_vnd(task),
            },
        )  # fmt: skip
    return recovery


def record_recovery_payment(
    *, by: Actor, task: Task, amount_vnd: int, source: FundingSourceKind, year: int, on: date, document_number: str,
    key: str, document: Document | None = None,
) -> LedgerEntry:  # fmt: skip
    """Enter a repayment into the ledger, never beyond what is demanded; the last one ends the recovery."""
    with transaction.atomic():
        recovery = Recovery.objects.select_for_update().filter(task=task).first()
        if recovery is None or task.recovery_state != RecoveryState.DEMANDED:
            raise NotNow("Chưa có quyết định thu hồi nên chưa ghi được số nộp hoàn trả.")
        left = (recovery.demanded_vnd or 0) - recovered_vnd(task)
        known = LedgerEntry.objects.filter(key=key).exists()
        if amount_vnd > left and not known:
            raise MoneyRefused(f"Chỉ còn phải hoàn trả {format_vnd(left)}.", field="amount_vnd")
        entry = enter(
            by=by, task=task, kind=LedgerEntryKind.RECOVERY, source=source, year=year, amount_vnd=amount_vnd, on=on,
            document_number=document_number, key=key, note="Nộp hoàn trả theo quyết định thu hồi", document=document,
        )  # fmt: skip
        if recovered_vnd(task) == recovery.demanded_vnd:
            confirm_recovered(by=by, task=task, on=on)
    return entry


def confirm_recovered(*, by: Actor, task: Task, on: date) -> Task:
    """Confirm that everything demanded was paid; the host is free to apply again."""
    recovery = _recovery(task)
    advance(
        by=by, subject=task, machine="recovery", event="confirm_paid", on=on,
        facts={"recovered_vnd": recovered_vnd(task), "demanded_vnd": recovery.demanded_vnd or 0},
    )  # fmt: skip
    return task


def _recovery(task: Task) -> Recovery:
    recovery, _ = Recovery.objects.get_or_create(task=task)
    return recovery
