"""Reads recoveries: what a task received, what came back, what is still owed and until when."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from khcn.domains.programme.choices import LedgerEntryKind, RecoveryState
from khcn.domains.programme.models import LedgerEntry, Recovery, Task
from khcn.domains.programme.queries.money import SIGNED, columns_of_task, total_of
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
    clock = Clock.objects.filter(subject_uid=task.uid, rule_key="recovery.pay", cancelled=False).first()
    return _standing(task, recovery, received=received_vnd(task), back=recovered_vnd(task), clock=clock, on=on)


def _standing(
    task: Task, recovery: Recovery | None, *, received: int, back: int, clock: Clock | None, on: date
) -> RecoveryStanding:
    left = max(0, ((recovery.demanded_vnd or 0) if recovery else 0) - back)
    is_open = task.recovery_state == RecoveryState.DEMANDED
    return RecoveryStanding(
        task, recovery, received, back, left if is_open else 0, clock.due_on if clock else None,
        bool(is_open and clock and clock.due_on < on),
    )  # fmt: skip


def split_to_begin_with(task: Task) -> dict[str, int]:
    """What the ledger suggests: advances not cleared count as not spent, the rest as properly spent."""
    columns = columns_of_task(task)
    received = received_vnd(task)
    unspent = min(received, columns.uncleared_vnd)
    return {"unspent_vnd": unspent, "proper_vnd": received - unspent, "unproven_vnd": 0}


def open_recoveries(*, on: date, plan_id: int | None = None) -> list[RecoveryStanding]:
    """Every recovery not yet ended, those that are late first. Five queries, whatever the number of recoveries."""
    tasks = Task.objects.filter(recovery_state__in=[RecoveryState.OPEN, RecoveryState.DEMANDED]).select_related("host")
    if plan_id is not None:
        tasks = tasks.filter(plan_id=plan_id)
    owing = list(tasks.order_by("code"))
    if not owing:
        return []
    # few at any time: by their keys the database looks up their own entries instead of walking through the ledger
    wanted = [task.pk for task in owing]
    recoveries = {row.task_id: row for row in Recovery.objects.select_related("concluded_by").filter(task__in=wanted)}
    given = (LedgerEntryKind.ADVANCE, LedgerEntryKind.PAYMENT)
    received = _sums(LedgerEntry.objects.filter(task__in=wanted, kind__in=given))
    back = _sums(LedgerEntry.objects.filter(task__in=wanted, kind=LedgerEntryKind.RECOVERY))
    clocks: dict[UUID, Clock] = {}
    for clock in Clock.objects.filter(
        subject_uid__in=[task.uid for task in owing], rule_key="recovery.pay", cancelled=False
    ):
        clocks.setdefault(clock.subject_uid, clock)
    found = [
        _standing(
            task, recoveries.get(task.pk), received=received.get(task.pk, 0), back=back.get(task.pk, 0),
            clock=clocks.get(task.uid), on=on,
        )
        for task in owing
    ]  # fmt: skip
    return sorted(found, key=lambda item: (not item.is_late, item.pay_by or date.max, item.task.code))


def _sums(entries: QuerySet[LedgerEntry]) -> dict[int, int]:
    """Signed sums by the task's key, in đồng."""
    return {row["task_id"]: row["amount"] or 0 for row in entries.values("task_id").annotate(amount=SIGNED).order_by()}
