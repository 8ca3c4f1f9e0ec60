"""The ledger as rows that are never changed, and the columns that a finance officer reads from it.

Amounts are whole đồng. A wrong row is answered by a reversal, a row of the same kind that names it in `reverses`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from ...choices import BudgetLineKind, FundingSourceKind, LedgerEntryKind

K = LedgerEntryKind


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the ledger: `amount_vnd` is positive; a reversal repeats the row it reverses and counts against it."""

    id: str
    kind: LedgerEntryKind
    source: FundingSourceKind
    year: int
    amount_vnd: int
    on: date
    task: str = ""
    line: BudgetLineKind | None = None
    reverses: str = ""

    @property
    def signed_vnd(self) -> int:
        """The amount as it counts: negative for a reversal."""
        return -self.amount_vnd if self.reverses else self.amount_vnd


@dataclass(frozen=True, slots=True)
class FundColumns:
    """The nine columns of a fund report, in đồng.

    kế hoạch, dự toán giao, phân bổ, tạm ứng, đã thanh toán (cleared advances and direct payments), dư tạm ứng, chuyển
    nguồn (out to and in from other years), thu hồi, quyết toán.
    """

    planned_vnd: int = 0
    estimated_vnd: int = 0
    allocated_vnd: int = 0
    advanced_vnd: int = 0
    paid_vnd: int = 0
    uncleared_vnd: int = 0
    carried_out_vnd: int = 0
    carried_in_vnd: int = 0
    recovered_vnd: int = 0
    settled_vnd: int = 0

    @property
    def available_vnd(self) -> int:
        """What may still be advanced or paid from the allocation: with money carried in, less carried out and used."""
        return self.allocated_vnd + self.carried_in_vnd - self.carried_out_vnd - self.disbursed_vnd

    @property
    def disbursed_vnd(self) -> int:
        """Money that has left the treasury: paid, and advanced but not yet cleared."""
        return self.paid_vnd + self.uncleared_vnd

    @property
    def share_of_plan(self) -> Fraction | None:
        """Paid ÷ planned, exact; None when nothing is planned."""
        return Fraction(self.paid_vnd, self.planned_vnd) if self.planned_vnd else None


@dataclass(frozen=True, slots=True)
class LedgerFault:
    """A row that cannot stand: its id and a whole Vietnamese sentence."""

    entry: str
    text: str


def ledger_faults(entries: Iterable[Entry]) -> tuple[LedgerFault, ...]:
    """Return the rows that break the ledger's own law: amounts not positive, bad or double reversals, repeated ids."""
    rows = list(entries)
    by_id = {row.id: row for row in rows}
    faults = []
    seen: set[str] = set()
    reversed_already: set[str] = set()
    for row in rows:
        if row.id in seen:
            faults.append(LedgerFault(row.id, f"Bút toán {row.id} bị ghi hai lần."))
        seen.add(row.id)
        if row.amount_vnd <= 0:
            faults.append(LedgerFault(row.id, f"Số tiền của bút toán {row.id} phải lớn hơn 0."))
        if not row.reverses:
            continue
        text = _reversal_fault(row, by_id.get(row.reverses), reversed_already)
        if text:
            faults.append(LedgerFault(row.id, text))
        reversed_already.add(row.reverses)
    return tuple(faults)


def columns_of(sums: Mapping[LedgerEntryKind, int]) -> FundColumns:
    """Return the columns from signed sums per kind, as a database query groups them.

    Money recovered counts against advances not yet cleared first, since unspent money is returned before a share of
    spent money (TTLT 27/2015/TTLT-BKHCN-BTC, Điều 16 khoản 2 điểm a).
    """
    total = defaultdict(int, sums)
    open_advance = total[K.ADVANCE] - total[K.CLEARANCE]
    return FundColumns(
        planned_vnd=total[K.PLAN],
        estimated_vnd=total[K.ESTIMATE],
        allocated_vnd=total[K.ALLOCATION],
        advanced_vnd=total[K.ADVANCE],
        paid_vnd=total[K.CLEARANCE] + total[K.PAYMENT],
        uncleared_vnd=max(0, open_advance - total[K.RECOVERY]),
        carried_out_vnd=total[K.CARRY_OVER_OUT],
        carried_in_vnd=total[K.CARRY_OVER_IN],
        recovered_vnd=total[K.RECOVERY],
        settled_vnd=total[K.SETTLEMENT],
    )


def fund_columns(entries: Iterable[Entry]) -> FundColumns:
    """Return the columns of all the given rows together."""
    sums: dict[LedgerEntryKind, int] = defaultdict(int)
    for row in entries:
        sums[row.kind] += row.signed_vnd
    return columns_of(sums)


def fund_table(entries: Iterable[Entry], key: Callable[[Entry], Hashable]) -> dict[Hashable, FundColumns]:
    """Return the columns per group, e.g. `key=lambda row: (row.source, row.year)`; groups keep first appearance."""
    groups: dict[Hashable, list[Entry]] = defaultdict(list)
    for row in entries:
        groups[key(row)].append(row)
    return {name: fund_columns(rows) for name, rows in groups.items()}


def _reversal_fault(row: Entry, target: Entry | None, reversed_already: set[str]) -> str:
    if target is None:
        return f"Bút toán đảo {row.id} không chỉ đúng bút toán gốc."
    if target.reverses:
        return f"Bút toán {target.id} đã là bút toán đảo, không thể đảo tiếp."
    if target.id in reversed_already:
        return f"Bút toán {target.id} đã được đảo."
    same = (row.kind, row.source, row.year, row.amount_vnd, row.task, row.line)
    if same != (target.kind, target.source, target.year, target.amount_vnd, target.task, target.line):
        return f"Bút toán đảo {row.id} phải giống bút toán gốc {target.id} về loại, nguồn, năm, mục và số tiền."
    return ""
