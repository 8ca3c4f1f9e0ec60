"""Which papers go with a payment to the State Treasury, and which of them are there.

The papers are dated rows of the rule set (TTLT 27/2015/TTLT-BKHCN-BTC, Điều 12, 13, 15, and the Treasury's own
procedures); this module only chooses among them. It reads no file and knows no document.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ...choices import (
    FundingSourceKind,
    LedgerEntryKind,
    PaperCondition,
    PaperKeeper,
    PaperNeed,
    TreasuryPayment,
)
from ..plain_values import restore
from ..rule_trace import rule

#: Kinds of entries that money leaves the Treasury by, or that account for it there.
THROUGH_TREASURY = frozenset({LedgerEntryKind.ADVANCE, LedgerEntryKind.CLEARANCE, LedgerEntryKind.PAYMENT})
_STRENGTH = {PaperNeed.NONE: 0, PaperNeed.WARN: 1, PaperNeed.BLOCK: 2}


@dataclass(frozen=True, slots=True)
class PaperRule:
    """One row: the paper `code` goes with a `payment` when line, source, amount and condition fit.

    line, source: empty for any. over_vnd: only above this amount; up_to_vnd: only up to it; None for no bound.
    """

    payment: TreasuryPayment
    code: str
    title: str
    need: PaperNeed
    keeper: PaperKeeper = PaperKeeper.TREASURY
    condition: PaperCondition = PaperCondition.ALWAYS
    line: str = ""
    source: str = ""
    over_vnd: int | None = None
    up_to_vnd: int | None = None
    copy: str = ""
    citation: str = ""
    status: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class TreasuryRequest:
    """A payment as the Treasury sees it. line: the expense, empty when it is mixed or not said."""

    payment: TreasuryPayment
    source: FundingSourceKind
    amount_vnd: int
    line: str = ""
    has_tender: bool = False
    has_equipment_note: bool = False


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One line of a checklist: the paper, and whether it is there."""

    rule: PaperRule
    is_there: bool

    @property
    def blocks(self) -> bool:
        """True when the file may not be sent for the want of this paper."""
        return not self.is_there and self.rule.need is PaperNeed.BLOCK

    @property
    def warns(self) -> bool:
        """True when the paper is missing but the file may be sent."""
        return not self.is_there and self.rule.need is PaperNeed.WARN


def treasury_payment(kind: LedgerEntryKind, *, has_advances: bool, is_last: bool) -> TreasuryPayment:
    """Return what is asked of the Treasury. has_advances: the task has advances before this one.

    Raises KeyError for kinds of entries that do not pass through the Treasury.
    """
    if kind is LedgerEntryKind.ADVANCE:
        return TreasuryPayment.NEXT_ADVANCE if has_advances else TreasuryPayment.FIRST_ADVANCE
    if kind in THROUGH_TREASURY and is_last:
        return TreasuryPayment.LAST_PAYMENT
    return {
        LedgerEntryKind.CLEARANCE: TreasuryPayment.CLEARANCE,
        LedgerEntryKind.PAYMENT: TreasuryPayment.PAYMENT,
    }[kind]


def papers_due(request: TreasuryRequest, rules: Iterable[PaperRule]) -> tuple[PaperRule, ...]:
    """Return the papers that go with the request, each code once with its strongest need, in the order of the rows.

    Counterpart money does not pass through the Treasury, so that no paper is due for it.
    """
    if request.source is FundingSourceKind.S4_COUNTERPART:
        return ()
    found: dict[str, PaperRule] = {}
    for row in rules:
        if not _fits(row, request):
            continue
        known = found.get(row.code)
        if known is None or _STRENGTH[row.need] > _STRENGTH[known.need]:
            found[row.code] = row
    return tuple(row for row in found.values() if row.need is not PaperNeed.NONE)


def checklist(request: TreasuryRequest, rules: Iterable[PaperRule], *, there: Collection[str]) -> tuple[PaperLine, ...]:
    """Return the papers due with whether they are there. there: codes of the papers that the file has."""
    return tuple(PaperLine(row, row.code in there) for row in papers_due(request, rules))


def _fits(row: PaperRule, request: TreasuryRequest) -> bool:
    conditions = {
        PaperCondition.ALWAYS: True,
        PaperCondition.TENDER: request.has_tender,
        PaperCondition.EQUIPMENT: request.has_equipment_note,
    }
    return (
        row.payment is request.payment
        and row.line in ("", request.line)
        and row.source in ("", request.source)
        and (row.over_vnd is None or request.amount_vnd > row.over_vnd)
        and (row.up_to_vnd is None or request.amount_vnd <= row.up_to_vnd)
        and conditions[row.condition]
    )


@rule("treasury.checklist")
def _checklist_rule(_: Mapping[str, Any], inputs: Mapping[str, Any]) -> Any:
    """Inputs: request (TreasuryRequest), rules (PaperRule), there (codes). Outcome: due, blocking and warning codes."""
    lines = checklist(
        restore(TreasuryRequest, inputs["request"]),
        [restore(PaperRule, row) for row in inputs["rules"]],
        there=inputs["there"],
    )
    return {
        "due": [line.rule.code for line in lines],
        "blocking": [line.rule.code for line in lines if line.blocks],
        "warning": [line.rule.code for line in lines if line.warns],
    }
