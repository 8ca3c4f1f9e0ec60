"""Reads recoveries: what a task received, what came back, what is still owed and until when."""

from dataclasses import dataclass
from datetime import date

from khcn.domains.programme.choices import LedgerEntryKind, RecoveryState
from khcn.domains.programme.models import LedgerEntry, Recovery, Task
from khcn.domains.programme.queries.money import columns_of_task, total_of
from khcn.kernel.procedures.models import Clock


@dataclass(frozen=True, slots=True)
class RecoveryStanding:
    """One recovery with its money, in đồng. pay_by: the last day to pay, None before the demand."""

    task: Task
    recovery: Recovery | None
    received_vnd: int
    recovered_vnd: int
    left_vnd: int
    pay_by: date | None
    is_late: bool


def received_vnd(task: Task) -> int:
    """What the host was given: advances and direct payments, in đồng."""
    return total_of(LedgerEntry.objects.filter(task=task), LedgerEntryKind.ADVANCE, LedgerEntryKind.PAYMENT)


def recovered_vnd(task: Task) -> int:
    """What came back, in đồng."""
    return total_of(LedgerEntry.objects.filter(task=task), LedgerEntryKind.RECOVERY)


def standing_of(task: Task, *, on: date) -> RecoveryStanding:
    """How the recovery of one task stands."""
    recovery = Recovery.objects.select_related("concluded_by").filter(task=task).first()
    back = recovered_vnd(task)
    clock = Clock.objects.filter(subject_uid=task.uid, rule_key="recovery.pay", cancelled=False).first()
    left = max(0, ((recovery.demanded_vnd or 0) if recovery else 0) - back)
    is_open = task.recovery_state == RecoveryState.DEMANDED
    return RecoveryStanding(
        task, recovery, received_vnd(task), back, left if is_open else 0, clock.due_on if clock else None,
        bool(is_open and clock and clock.due_on < on),
    )  # fmt: skip


def split_to_begin_with(task: Task) -> dict[str, int]:
    """What the ledger suggests: advances not cleared count as not spent, the rest as properly spent."""
    columns = columns_of_task(task)
    received = received_vnd(task)
    unspent = min(received, columns.uncleared_vnd)
    return {"unspent_vnd": unspent, "proper_vnd": received - unspent, "unproven_vnd": 0}


def open_recoveries(*, on: date, plan_id: int | None = None) -> list[RecoveryStanding]:
    """Every recovery not yet ended, those that are late first."""
    tasks = Task.objects.filter(recovery_state__in=[RecoveryState.OPEN, RecoveryState.DEMANDED]).select_related("host")
    if plan_id is not None:
        tasks = tasks.filter(plan_id=plan_id)
    found = [standing_of(task, on=on) for task in tasks.order_by("code")]
    return sorted(found, key=lambda item: (not item.is_late, item.pay_by or date.max, item.task.code))
