"""Reads money: signed sums by kind, source and year; columns of the fund report; what is left to spend."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, Case, Count, F, QuerySet, Sum, When

from khcn.domains.programme.choices import FundingSourceKind, LedgerEntryKind
from khcn.domains.programme.models import BudgetVersion, Counterpart, LedgerEntry, Plan, PlanEnvelope, Task
from khcn.domains.programme.rules.money import FundColumns, columns_of

SIGNED = Sum(
    Case(
        When(reverses__isnull=False, then=-F("amount_vnd")), default=F("amount_vnd"), output_field=BigIntegerField()
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FundRow:
    """One row of the fund table: its group and the nine columns."""

    key: tuple[Any, ...]
    columns: FundColumns


@dataclass(frozen=True, slots=True)
class CounterpartTally:
    """Non-state money of a task: promised in the contract, pledged, proven, spent, in đồng."""

    promised_vnd: int
    pledged_vnd: int
    proven_vnd: int
    spent_vnd: int


@dataclass(frozen=True, slots=True)
class FundTable:
    """The fund table: its rows, and all of them together (None without an entry).

    The total is not the sum of the columns: money recovered in one row counts against advances of another.
    """

    rows: tuple[FundRow, ...]
    total: FundColumns | None


def plan_entries(plan: Plan) -> QuerySet[LedgerEntry]:
    """The ledger of a plan's tasks.

    Asked as "of no other plan's task": the database then sums along the covering index of the ledger instead of looking
    up the rows of each task, which takes five times as long for a hundred thousand entries.
    """
    return LedgerEntry.objects.exclude(task__in=Task.objects.exclude(plan=plan).order_by().values("pk"))


def fund_table(entries: QuerySet[LedgerEntry], *, group_by: Iterable[str]) -> FundTable:
    """The nine columns per group (fields of the entry, e.g. "source", "year", "task__uid") and over all. One query."""
    names = list(group_by)
    sums: dict[tuple[Any, ...], dict[LedgerEntryKind, int]] = {}
    total: dict[LedgerEntryKind, int] = {}
    for row in entries.values(*names, "kind").annotate(amount=SIGNED).order_by(*names):
        kind, amount = LedgerEntryKind(row["kind"]), row["amount"] or 0
        sums.setdefault(tuple(row[name] for name in names), {})[kind] = amount
        total[kind] = total.get(kind, 0) + amount
    rows = tuple(FundRow(key, columns_of(found)) for key, found in sums.items())
    return FundTable(rows, columns_of(total) if total else None)


def fund_rows(entries: QuerySet[LedgerEntry], *, group_by: Iterable[str]) -> list[FundRow]:
    """The nine columns per group, without the total. One query."""
    return list(fund_table(entries, group_by=group_by).rows)


def total_of(entries: QuerySet[LedgerEntry], *kinds: LedgerEntryKind) -> int:
    """Signed sum of the entries of the kinds, in đồng."""
    total: int | None = entries.filter(kind__in=kinds).aggregate(total=SIGNED)["total"]
    return total or 0


def count_and_sum(entries: QuerySet[LedgerEntry]) -> tuple[int, int]:
    """How many entries, and their signed sum in đồng; the sum says something where they are of one kind. One query."""
    found = entries.aggregate(n=Count("pk"), total=SIGNED)
    return found["n"], found["total"] or 0


def columns_of_task(task: Task) -> FundColumns:
    """The nine columns of one task over all years and sources."""
    rows = fund_rows(LedgerEntry.objects.filter(task=task), group_by=())
    return rows[0].columns if rows else columns_of({})


def allocated_from(envelope: PlanEnvelope) -> int:
    """What is allocated to the plan's tasks from one source and year, in đồng."""
    entries = LedgerEntry.objects.filter(task__plan=envelope.plan, source=envelope.source, year=envelope.year)
    return total_of(entries, LedgerEntryKind.ALLOCATION)


def year_left(task: Task, *, source: str, year: int) -> int:
    """What may still be advanced or paid in a year from a source: allocated and carried in, less what went out."""
    entries = LedgerEntry.objects.filter(task=task, source=source, year=year)
    into = total_of(entries, LedgerEntryKind.ALLOCATION, LedgerEntryKind.CARRY_OVER_IN)
    out = total_of(entries, LedgerEntryKind.ADVANCE, LedgerEntryKind.PAYMENT, LedgerEntryKind.CARRY_OVER_OUT)
    return into - out


def uncleared_of(task: Task) -> int:
    """Advances not yet cleared, in đồng."""
    entries = LedgerEntry.objects.filter(task=task)
    return total_of(entries, LedgerEntryKind.ADVANCE) - total_of(entries, LedgerEntryKind.CLEARANCE)


def counterpart_of(task: Task) -> CounterpartTally:
    """Pledged, proven and spent non-state money of a task."""
    sums = {
        row["state"]: row["total"]
        for row in Counterpart.objects.filter(task=task).values("state").annotate(total=Sum("amount_vnd"))
    }
    return CounterpartTally(
        promised_vnd=task.counterpart_vnd, pledged_vnd=sums.get("pledged", 0), proven_vnd=sums.get("proven", 0),
        spent_vnd=sums.get("spent", 0),
    )  # fmt: skip


def approved_budget(task: Task) -> BudgetVersion | None:
    """The approved estimate that holds now."""
    return task.budgets.exclude(approved_on=None).order_by("-number").first()


def source_label(kind: str) -> str:
    """The label of a source by its value."""
    return FundingSourceKind(kind).label
