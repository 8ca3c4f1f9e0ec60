"""A plan's money by source and year: envelopes beside the ledger, the gap, and counterpart in its three steps."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from khcn.domains.programme.choices import FundingSourceKind, LedgerEntryKind
from khcn.domains.programme.models import Counterpart, Plan
from khcn.domains.programme.queries.money import SIGNED, fund_rows, plan_entries
from khcn.domains.programme.rules.money import FundColumns

STATE_SOURCES = (
    FundingSourceKind.S1_RECURRENT,
    FundingSourceKind.S2_CAPITAL,
    FundingSourceKind.S3_CENTRAL,
)


@dataclass(frozen=True, slots=True)
class FundLine:
    """One source in one year: the plan's envelope (kế hoạch, dự toán giao) and the ledger's columns, in đồng.

    planned_vnd, granted_vnd: of the envelope; where the plan has none for that source and year, the ledger's own plan
    and estimate columns stand in.
    """

    source: FundingSourceKind
    year: int
    planned_vnd: int
    granted_vnd: int
    ledger: FundColumns

    @property
    def missing_vnd(self) -> int:
        """What of the plan is not paid yet."""
        return self.planned_vnd - self.ledger.paid_vnd


@dataclass(frozen=True, slots=True)
class PlanMoney:
    """The plan's total, the money of approved and contracted tasks and payments by source, and the part without money.

    gap_vnd: total less approved money whose source is known; it may be negative. In đồng.
    """

    total_vnd: int
    approved_vnd: Mapping[FundingSourceKind, int]
    paid_vnd: Mapping[FundingSourceKind, int]

    @property
    def funded_vnd(self) -> int:
        """Approved money with a known source."""
        return sum(value for kind, value in self.approved_vnd.items() if kind != FundingSourceKind.UNDETERMINED)

    @property
    def gap_vnd(self) -> int:
        """The plan's total less what is funded."""
        return self.total_vnd - self.funded_vnd

    @property
    def over_vnd(self) -> int:
        """What is approved beyond the plan's total, 0 when nothing is."""
        return max(0, -self.gap_vnd)

    @property
    def all_paid_vnd(self) -> int:
        """All payments."""
        return sum(self.paid_vnd.values())


@dataclass(frozen=True, slots=True)
class GapLine:
    """What one source plans and has granted in one year, in đồng; year None: money that no year is named for."""

    source: FundingSourceKind
    year: int | None
    planned_vnd: int
    granted_vnd: int

    @property
    def missing_vnd(self) -> int:
        """Planned and not granted yet, never negative."""
        return max(0, self.planned_vnd - self.granted_vnd)


@dataclass(frozen=True, slots=True)
class FundingGap:
    """A plan's total beside its envelopes: by source and year, with what has no source as lines of their own.

    over_vnd: what the envelopes plan beyond the total, 0 when nothing. In đồng.
    """

    total_vnd: int
    lines: tuple[GapLine, ...]
    over_vnd: int

    @property
    def named_vnd(self) -> int:
        """Planned from a known source."""
        return sum(line.planned_vnd for line in self.lines if line.source != FundingSourceKind.UNDETERMINED)

    @property
    def granted_vnd(self) -> int:
        """Granted by any source."""
        return sum(line.granted_vnd for line in self.lines)

    @property
    def unfunded_vnd(self) -> int:
        """Of the total, what no known source plans; never negative."""
        return max(0, self.total_vnd - self.named_vnd)

    @property
    def missing_vnd(self) -> int:
        """Planned and not granted yet, over all lines."""
        return sum(line.missing_vnd for line in self.lines)


@dataclass(frozen=True, slots=True)
class CounterpartSteps:
    """Non-state money of a plan's tasks, in đồng."""

    pledged_vnd: int = 0
    proven_vnd: int = 0
    spent_vnd: int = 0


def fund_lines(plan: Plan, *, on: date) -> list[FundLine]:
    """Money by source and year up to a date, sources in the plan's order, then years. Three queries at most."""
    ledger = ledger_columns(plan, on=on)
    envelopes = {
        (source, year): (planned, granted)
        for source, year, planned, granted in plan.envelopes.values_list("source", "year", "planned_vnd", "granted_vnd")
    }
    lines = []
    order = FundingSourceKind.values()
    for source, year in sorted({*ledger, *envelopes}, key=lambda key: (order.index(key[0]), key[1])):
        columns = ledger.get((source, year), FundColumns())
        planned, granted = envelopes.get((source, year), (columns.planned_vnd, columns.estimated_vnd))
        lines.append(FundLine(FundingSourceKind(source), year, planned, granted, columns))
    return lines


def funding_gap(plan: Plan) -> FundingGap:
    """A plan's total against its envelopes, sources in the plan's order, then years. One query.

    What the envelopes leave of the total stands as a last line "chưa xác định nguồn" without a year.
    """
    order = FundingSourceKind.values()
    rows = plan.envelopes.values_list("source", "year", "planned_vnd", "granted_vnd")
    lines = [
        GapLine(FundingSourceKind(source), year, planned, granted)
        for source, year, planned, granted in sorted(rows, key=lambda row: (order.index(row[0]), row[1]))
    ]
    total = plan.total_vnd or 0
    rest = total - sum(line.planned_vnd for line in lines)
    if rest > 0:
        lines.append(GapLine(FundingSourceKind.UNDETERMINED, None, rest, 0))
    return FundingGap(total, tuple(lines), max(0, -rest))


def ledger_columns(plan: Plan, *, on: date) -> dict[tuple[str, int], FundColumns]:
    """The ledger's columns by source and year up to a date. One query."""
    rows = fund_rows(plan_entries(plan).filter(on__lte=on), group_by=("source", "year"))
    return {(row.key[0], row.key[1]): row.columns for row in rows}


def plan_money(plan: Plan, lines: list[FundLine]) -> PlanMoney:
    """The plan's total against approved and paid money, from lines already read."""
    approved: dict[FundingSourceKind, int] = {}
    paid: dict[FundingSourceKind, int] = {}
    for line in lines:
        approved[line.source] = approved.get(line.source, 0) + line.ledger.planned_vnd
        paid[line.source] = paid.get(line.source, 0) + line.ledger.paid_vnd
    return PlanMoney(plan.total_vnd or 0, approved, paid)


def counterpart_steps(plan: Plan, *, on: date) -> CounterpartSteps:
    """Counterpart pledged, proven and spent up to a date. One query."""
    rows = Counterpart.objects.filter(task__plan=plan, on__lte=on).values("state").annotate(total=Sum("amount_vnd"))
    sums = {row["state"]: row["total"] or 0 for row in rows.order_by()}
    return CounterpartSteps(sums.get("pledged", 0), sums.get("proven", 0), sums.get("spent", 0))


def paid_by_task(plan: Plan, *, on: date) -> dict[int, int]:
    """Payments and cleared advances of each task up to a date, by the task's key, in đồng. One query."""
    kinds = (LedgerEntryKind.PAYMENT, LedgerEntryKind.CLEARANCE)
    rows = plan_entries(plan).filter(on__lte=on, kind__in=kinds).values_list("task_id")
    return dict(rows.annotate(paid=SIGNED).order_by())
