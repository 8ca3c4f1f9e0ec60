"""Ends a task's money: the contract is liquidated, then the settlement approved."""

from datetime import date

from django.db import transaction

from khcn.domains.programme.choices import LedgerEntryKind
from khcn.domains.programme.models import LedgerEntry, Task
from khcn.domains.programme.queries.money import total_of, uncleared_of
from khcn.domains.programme.services.money import write_entry
from khcn.domains.programme.services.transitions import advance
from khcn.kernel.audit.services import record
from khcn.lib.actor import Actor


def liquidate(*, by: Actor, task: Task, on: date, handed_over: bool) -> Task:
    """Liquidate the contract once products and assets are handed over and advances cleared."""
    with transaction.atomic():
        advance(
            by=by, subject=task, machine="settlement", event="liquidate", on=on,
            facts={"products_and_assets_handed_over": handed_over, "uncleared_vnd": uncleared_of(task)},
        )  # fmt: skip
        contract = task.contract
        contract.claim(None)
        contract.liquidated_on = on
        contract.save()
        record(by=by, verb="contract.liquidate", subject=contract, after={"on": on})
    return task


def settle_task(*, by: Actor, task: Task, document_number: str, on: date) -> Task:
    """Approve the settlement: what was paid becomes the settled amount, per source and year."""
    event = "settle" if task.state in {"accepted", "archived"} else "settle_without_acceptance"
    with transaction.atomic():
        advance(
            by=by, subject=task, machine="settlement", event=event, on=on, note=document_number,
            facts={"minutes_signed": task.accepted_on is not None},
        )  # fmt: skip
        entries = LedgerEntry.objects.filter(task=task)
        pairs = entries.filter(kind__in=["payment", "clearance"]).values_list("source", "year").distinct()
        for source, year in sorted(set(pairs)):
            paid = total_of(
                entries.filter(source=source, year=year), LedgerEntryKind.PAYMENT, LedgerEntryKind.CLEARANCE
            )
            if paid > 0:
                write_entry(
                    by=by,
                    task=task,
                    kind=LedgerEntryKind.SETTLEMENT,
                    source=source,
                    year=year,
                    amount=paid,
                    on=on,
                    document_number=document_number,
                    note="Quyết toán",
                    key=f"settle-{task.uid}-{source}-{year}",
                )
    return task
