"""Tells of payment files under way: a first advance that lacks papers, a clearance that has gone to the Treasury."""

from __future__ import annotations

from typing import TYPE_CHECKING

from khcn.domains.programme.choices import BudgetLineKind, FundingSourceKind, LedgerEntryKind
from khcn.domains.programme.models import LedgerEntry, PaymentFile, Task
from khcn.domains.programme.queries.money import uncleared_of
from khcn.domains.programme.services import payment_files

if TYPE_CHECKING:
    from khcn.site.demo.telling import World


def open_first_advance(world: World, task: Task) -> None:
    """Draw up the first advance of a task under contract; two of its four papers are there."""
    planned = task.ledger.filter(kind=LedgerEntryKind.PLAN).exclude(source=FundingSourceKind.S4_COUNTERPART)
    first = planned.order_by("year", "id").first()
    if first is None:
        return
    file = _draw_up(world, task, LedgerEntryKind.ADVANCE, first, min(task.state_vnd // 2, first.amount_vnd), None)
    _attach(world, file, {"QD-PD": task.decision_number, "HD": task.contract.number})


def open_clearance(world: World, task: Task) -> None:
    """Draw up and send the clearance of part of an advance that is still open."""
    advance = task.ledger.filter(kind=LedgerEntryKind.ADVANCE).first()
    left = uncleared_of(task)
    if advance is None or left < 10_000_000:
        return
    line = BudgetLineKind.REMUNERATION
    file = _draw_up(world, task, LedgerEntryKind.CLEARANCE, advance, left // 3 // 1000 * 1000, line)
    _attach(world, file, {"GDN-TTTU": "04a", "BK-KL": "", "XN-KL": f"{world.number()}/XN-SKHCN"})
    payment_files.send_file(by=world.office(world.today), file=file, on=world.today)


def _draw_up(
    world: World, task: Task, kind: LedgerEntryKind, like: LedgerEntry, amount: int, line: BudgetLineKind | None
) -> PaymentFile:
    return payment_files.draw_up_file(
        by=world.office(world.today), task=task, kind=kind, source=FundingSourceKind(like.source), year=like.year,
        amount_vnd=amount // 1000 * 1000, on=world.today, line=line,
    )  # fmt: skip


def _attach(world: World, file: PaymentFile, papers: dict[str, str]) -> None:
    for code, number in papers.items():
        payment_files.attach_paper(
            by=world.office(world.today), file=file, code=code, filename=f"{code}.txt", number=number, on=world.today,
            content=f"Giấy tờ minh họa {code} của hồ sơ {file.code}.".encode(),
        )  # fmt: skip
