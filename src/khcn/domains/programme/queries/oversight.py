"""What a finance officer watches across tasks: ageing advances, counterpart ratios, the log of norm breaches.

Each list is read in a fixed number of queries, whatever the number of tasks. Changes nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from khcn.domains.programme.choices import AdvanceAge, FundingSourceKind, LedgerEntryKind, NormVerdict
from khcn.domains.programme.models import BudgetLine, BudgetVersion, Counterpart, LedgerEntry, RuleSet, Task
from khcn.domains.programme.queries.law import parameters_of
from khcn.domains.programme.queries.money import SIGNED
from khcn.domains.programme.rules.money import (
    MoneyThresholds,
    ageing_of_advance,
    counterpart_missing,
    lines_of_advance,
    oldest_uncleared,
)

_STATE_SPENT = (LedgerEntryKind.PAYMENT, LedgerEntryKind.CLEARANCE)
_THRESHOLDS = (
    "advance.first_share_max", "advance.cleared_share_min", "advance.clear_months", "advance.deduct_months",
    "lump.final.asset_share_max", "lump.final.asset_cap_vnd",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class AgeingRow:
    """Advances of one task from one source that are not cleared.

    oldest_on: day of the oldest advance not covered by clearances. clear_by, deduct_after: the two lines that the
    parameters of the task's rule set draw after the end of its term; None, like age, while the task has no end.
    """

    task: Task
    source: FundingSourceKind
    uncleared_vnd: int
    oldest_on: date | None
    clear_by: date | None
    deduct_after: date | None
    age: AdvanceAge | None

    @property
    def is_past_line(self) -> bool:
        """True when the money should have been cleared already."""
        return self.age in (AdvanceAge.OVERDUE, AdvanceAge.DEDUCTED)


@dataclass(frozen=True, slots=True)
class CounterpartRow:
    """Non-state money of one task beside the state money, in đồng; missing_vnd: short of the approved ratio."""

    task: Task
    pledged_vnd: int
    proven_vnd: int
    spent_vnd: int
    state_spent_vnd: int
    missing_vnd: int

    @property
    def approved_ratio(self) -> Fraction | None:
        """Non-state to state money as approved; None without state money."""
        return Fraction(self.task.counterpart_vnd, self.task.state_vnd) if self.task.state_vnd else None

    @property
    def actual_ratio(self) -> Fraction | None:
        """Non-state to state money as spent; None before state money is spent."""
        return Fraction(self.spent_vnd, self.state_spent_vnd) if self.state_spent_vnd > 0 else None


@dataclass(frozen=True, slots=True)
class NormLogRow:
    """One departure from a norm as kept with an estimate.

    line: of the estimate, None for the estimate as a whole. by, on: who drew the estimate up, with the explanation if
    there is one, and when. is_latest: of the task's latest estimate.
    """

    budget: BudgetVersion
    line: BudgetLine | None
    verdict: NormVerdict
    text: str
    citation: str
    limit_vnd: int
    actual_vnd: int
    justification: str
    by: str
    on: date | None
    is_latest: bool


def ageing(tasks: QuerySet[Task], *, on: date) -> list[AgeingRow]:
    """Advances not cleared by task and source, those whose term ended first before the others."""
    entries = LedgerEntry.objects.filter(task__in=tasks.order_by(), on__lte=on)
    sums: dict[tuple[int, str], dict[str, int]] = {}
    kinds = (LedgerEntryKind.ADVANCE, LedgerEntryKind.CLEARANCE)
    rows = entries.filter(kind__in=kinds).values("task_id", "source", "kind").annotate(amount=SIGNED).order_by()
    for row in rows:
        sums.setdefault((row["task_id"], row["source"]), {})[row["kind"]] = row["amount"] or 0
    open_sums = {key: found for key, found in sums.items() if found.get("advance", 0) > found.get("clearance", 0)}
    advances: dict[tuple[int, str], list[tuple[date, int]]] = {}
    standing = LedgerEntry.objects.filter(kind=LedgerEntryKind.ADVANCE, reverses=None, reversed_by=None, on__lte=on)
    wanted = {task_id for task_id, _source in open_sums}
    for task_id, source, day, amount in standing.filter(task__in=wanted).values_list(
        "task_id", "source", "on", "amount_vnd"
    ):
        advances.setdefault((task_id, source), []).append((day, amount))
    found_tasks = {task.pk: task for task in tasks.filter(pk__in=wanted).select_related("host").order_by()}
    thresholds = _thresholds({task.rule_set_id for task in found_tasks.values()}, on=on)
    found = []
    for (task_id, source), kept in open_sums.items():
        task, cleared = found_tasks[task_id], kept.get("clearance", 0)
        lines: tuple[date | None, date | None] = (None, None)
        age = None
        if task.end_on is not None and (limits := thresholds.get(task.rule_set_id)) is not None:
            lines = lines_of_advance(ends_on=task.end_on, thresholds=limits)
            age = ageing_of_advance(ends_on=task.end_on, today=on, thresholds=limits)
        oldest = oldest_uncleared(advances.get((task_id, source), ()), cleared_vnd=cleared)
        left = kept["advance"] - cleared
        found.append(AgeingRow(task, FundingSourceKind(source), left, oldest, *lines, age))
    return sorted(
        found,
        key=lambda row: (row.clear_by or date.max, row.oldest_on or date.max, row.task.code, str(row.source)),
    )


def _thresholds(rule_sets: Iterable[int], *, on: date) -> dict[int, MoneyThresholds]:
    """The lines in force on the day, by rule set; a set whose parameters are not known is absent."""
    found = {}
    for rule_set in RuleSet.objects.filter(pk__in=rule_sets):
        values = parameters_of(rule_set, on=on, keys=_THRESHOLDS)
        if len(values) == len(_THRESHOLDS):
            found[rule_set.pk] = MoneyThresholds.from_parameters(values)
    return found


def counterpart_rows(tasks: QuerySet[Task], *, on: date) -> list[CounterpartRow]:
    """Tasks that owe or have non-state money, those short of the approved ratio first, the largest shortfall on top."""
    has_rows = Exists(Counterpart.objects.filter(task=OuterRef("pk")))
    owing = tasks.filter(Q(counterpart_vnd__gt=0) | has_rows).select_related("host")
    given: dict[tuple[int, str], int] = {}
    kept = Counterpart.objects.filter(task__in=owing.order_by().values("pk"), on__lte=on)
    for row in kept.values("task_id", "state").annotate(total=Sum("amount_vnd")).order_by():
        given[row["task_id"], row["state"]] = row["total"] or 0
    entries = LedgerEntry.objects.filter(task__in=owing.order_by().values("pk"), kind__in=_STATE_SPENT, on__lte=on)
    state = entries.exclude(source=FundingSourceKind.S4_COUNTERPART)
    spent = {row["task_id"]: row["amount"] or 0 for row in state.values("task_id").annotate(amount=SIGNED).order_by()}
    found = []
    for task in owing:
        other, from_state = given.get((task.pk, "spent"), 0), spent.get(task.pk, 0)
        missing = counterpart_missing(
            approved_other_vnd=task.counterpart_vnd, approved_state_vnd=task.state_vnd, spent_other_vnd=other,
            spent_state_vnd=from_state,
        )  # fmt: skip
        pledged, proven = given.get((task.pk, "pledged"), 0), given.get((task.pk, "proven"), 0)
        found.append(CounterpartRow(task, pledged, proven, other, from_state, missing))
    return sorted(found, key=lambda row: (-row.missing_vnd, row.task.code))


def norm_log(tasks: QuerySet[Task], *, all_versions: bool = False) -> list[NormLogRow]:
    """Departures from norms kept with the estimates of tasks, the newest estimate first; by default the latest ones.

    What an earlier estimate exceeded and a later one mended is only in the log of all versions.
    """
    later = BudgetVersion.objects.filter(task=OuterRef("task"), number__gt=OuterRef("number"))
    budgets = BudgetVersion.objects.filter(task__in=tasks.order_by().values("pk")).exclude(norm_breaches=[])
    budgets = budgets.annotate(is_superseded=Exists(later)).select_related("task__host").prefetch_related("lines")
    if not all_versions:
        budgets = budgets.filter(is_superseded=False)
    found = [
        _log_row(budget, lines, row)
        for budget in budgets.order_by("-id")
        for lines in [list(budget.lines.all())]
        for row in budget.norm_breaches
    ]
    return sorted(found, key=lambda row: row.on or date.min, reverse=True)


def _log_row(budget: Any, lines: Sequence[BudgetLine], row: dict[str, Any]) -> NormLogRow:
    place = row["line"]
    return NormLogRow(
        budget=budget, line=lines[place] if place is not None and place < len(lines) else None,
        verdict=NormVerdict(row["verdict"]), text=row["text"], citation=row["citation"], limit_vnd=row["limit_vnd"],
        actual_vnd=row["actual_vnd"], justification=row.get("justification", ""), by=row.get("by", ""),
        on=date.fromisoformat(row["on"]) if row.get("on") else None, is_latest=not budget.is_superseded,
    )  # fmt: skip
