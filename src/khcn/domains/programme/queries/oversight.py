"""What a finance officer watches across tasks: ageing advances, counterpart ratios, the log of norm breaches.

Each list is ordered and summed from a few columns, and its page read in a fixed number of queries, whatever the number
of tasks. Changes nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache, partial
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, Case, Exists, F, OuterRef, Q, QuerySet, Sum, When

from khcn.domains.programme.choices import AdvanceAge, FundingSourceKind, LedgerEntryKind, NormVerdict
from khcn.domains.programme.models import BudgetLine, BudgetVersion, Counterpart, LedgerEntry, RuleSet, Task
from khcn.domains.programme.queries.law import parameters_of
from khcn.domains.programme.queries.long_lists import LongList
from khcn.domains.programme.queries.money import SIGNED
from khcn.domains.programme.rules.money import (
    MoneyThresholds,
    ageing_of_advance,
    counterpart_missing,
    lines_of_advance,
    oldest_uncleared,
)

_STATE_SPENT = (LedgerEntryKind.PAYMENT, LedgerEntryKind.CLEARANCE)
#: Money recovered counts against advances not cleared first, as in the columns of the fund table.
_CLEARED = (LedgerEntryKind.CLEARANCE, LedgerEntryKind.RECOVERY)
_ADVANCES = (LedgerEntryKind.ADVANCE, *_CLEARED)
#: What an advance, a clearance or money recovered, or the reversal of one, adds to the money not cleared.
_LEFT = Case(
    When(kind=LedgerEntryKind.ADVANCE, reverses=None, then=F("amount_vnd")),
    When(kind__in=_CLEARED, reverses__isnull=False, then=F("amount_vnd")),
    default=-F("amount_vnd"),
    output_field=BigIntegerField(),
)
_PAST_LINE = (AdvanceAge.OVERDUE, AdvanceAge.DEDUCTED)
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


class OpenAdvance(NamedTuple):
    """What order, filters and sums need of an advance not cleared: its task's key and code, money in đồng, its age."""

    task_id: int
    code: str
    source: str
    uncleared_vnd: int
    clear_by: date | None
    deduct_after: date | None
    age: AdvanceAge | None

    @property
    def is_past_line(self) -> bool:
        """True when the money should have been cleared already."""
        return self.age in _PAST_LINE

    @property
    def is_past_end(self) -> bool:
        """True when the time of the task is over."""
        return self.age not in (None, AdvanceAge.RUNNING)


class CounterpartSums(NamedTuple):
    """What order, filters and sums need of a task's non-state money, in đồng."""

    task_id: int
    code: str
    pledged_vnd: int
    proven_vnd: int
    spent_vnd: int
    state_spent_vnd: int
    missing_vnd: int


class NormBreach(NamedTuple):
    """What order and filters need of a departure from a norm: its estimate, its place among the departures kept."""

    budget_id: int
    place: int
    verdict: NormVerdict
    on: date | None
    is_latest: bool


def ageing(tasks: QuerySet[Task], *, on: date) -> LongList[OpenAdvance, AgeingRow]:
    """Advances not cleared by task and source, those whose term ended first before the others. Four queries."""
    entries = LedgerEntry.objects.filter(task__in=tasks.order_by().values("pk"), on__lte=on, kind__in=_ADVANCES)
    sums = entries.values_list("task_id", "source").annotate(left=Sum(_LEFT)).order_by()
    uncleared = [row for row in sums if row[2] > 0]
    briefs = {
        pk: (code, rule_set_id, end_on)
        for pk, code, rule_set_id, end_on in tasks.order_by().values_list("pk", "code", "rule_set_id", "end_on")
    } if uncleared else {}  # fmt: skip
    thresholds = _thresholds({briefs[row[0]][1] for row in uncleared}, on=on)

    @cache
    def standing(rule_set_id: int, end_on: date | None) -> tuple[date | None, date | None, AdvanceAge | None]:
        limits = thresholds.get(rule_set_id)
        if end_on is None or limits is None:
            return None, None, None
        lines = lines_of_advance(ends_on=end_on, thresholds=limits)
        return *lines, ageing_of_advance(ends_on=end_on, today=on, thresholds=limits)

    found = [
        OpenAdvance(task_id, code, source, left, *standing(rule_set_id, end_on))
        for task_id, source, left in uncleared
        for code, rule_set_id, end_on in (briefs[task_id],)
    ]
    found.sort(key=lambda row: (row.clear_by or date.max, row.code, row.source))
    return LongList(found, partial(_ageing_rows, on))


def _ageing_rows(on: date, wanted: Sequence[OpenAdvance]) -> list[AgeingRow]:
    """The rows of some advances with their tasks and the day of the oldest part. Two queries."""
    tasks = _tasks_by_key(row.task_id for row in wanted)
    advances: dict[tuple[int, str], list[tuple[date, int]]] = {}
    cleared: dict[tuple[int, str], int] = {}
    rows = LedgerEntry.objects.filter(task__in=tasks, kind__in=_ADVANCES, on__lte=on).values_list(
        "task_id", "source", "kind", "on", "amount_vnd", "reverses_id", "reversed_by"
    )
    for task_id, source, kind, day, amount, reverses, reversed_by in rows:
        key = (task_id, source)
        if kind in _CLEARED:
            cleared[key] = cleared.get(key, 0) + (-amount if reverses else amount)
        elif reverses is None and reversed_by is None:
            advances.setdefault(key, []).append((day, amount))
    return [
        AgeingRow(
            task=tasks[row.task_id], source=FundingSourceKind(row.source), uncleared_vnd=row.uncleared_vnd,
            oldest_on=oldest_uncleared(advances.get(key, ()), cleared_vnd=cleared.get(key, 0)),
            clear_by=row.clear_by, deduct_after=row.deduct_after, age=row.age,
        )
        for row in wanted
        for key in ((row.task_id, row.source),)
    ]  # fmt: skip


def _thresholds(rule_sets: Iterable[int], *, on: date) -> dict[int, MoneyThresholds]:
    """The lines in force on the day, by rule set; a set whose parameters are not known is absent."""
    found = {}
    for rule_set in RuleSet.objects.filter(pk__in=rule_sets):
        values = parameters_of(rule_set, on=on, keys=_THRESHOLDS)
        if len(values) == len(_THRESHOLDS):
            found[rule_set.pk] = MoneyThresholds.from_parameters(values)
    return found


def counterpart_rows(tasks: QuerySet[Task], *, on: date) -> LongList[CounterpartSums, CounterpartRow]:
    """Tasks that owe or have non-state money, those short of the approved ratio first, the largest shortfall on top."""
    has_rows = Exists(Counterpart.objects.filter(task=OuterRef("pk")))
    owing = tasks.filter(Q(counterpart_vnd__gt=0) | has_rows).order_by()
    given: dict[tuple[int, str], int] = {}
    kept = Counterpart.objects.filter(task__in=owing.values("pk"), on__lte=on)
    for row in kept.values("task_id", "state").annotate(total=Sum("amount_vnd")).order_by():
        given[row["task_id"], row["state"]] = row["total"] or 0
    entries = LedgerEntry.objects.filter(task__in=owing.values("pk"), kind__in=_STATE_SPENT, on__lte=on)
    state = entries.exclude(source=FundingSourceKind.S4_COUNTERPART)
    spent = {row["task_id"]: row["amount"] or 0 for row in state.values("task_id").annotate(amount=SIGNED).order_by()}
    found = []
    for pk, code, other_vnd, state_vnd in owing.values_list("pk", "code", "counterpart_vnd", "state_vnd"):
        other, from_state = given.get((pk, "spent"), 0), spent.get(pk, 0)
        missing = counterpart_missing(
            approved_other_vnd=other_vnd, approved_state_vnd=state_vnd, spent_other_vnd=other,
            spent_state_vnd=from_state,
        )  # fmt: skip
        pledged, proven = given.get((pk, "pledged"), 0), given.get((pk, "proven"), 0)
        found.append(CounterpartSums(pk, code, pledged, proven, other, from_state, missing))
    return LongList(sorted(found, key=lambda row: (-row.missing_vnd, row.code)), _counterpart_rows)


def _counterpart_rows(wanted: Sequence[CounterpartSums]) -> list[CounterpartRow]:
    """The rows of some tasks. One query."""
    tasks = _tasks_by_key(row.task_id for row in wanted)
    return [
        CounterpartRow(
            tasks[row.task_id], row.pledged_vnd, row.proven_vnd, row.spent_vnd, row.state_spent_vnd, row.missing_vnd
        )
        for row in wanted
    ]


def norm_log(tasks: QuerySet[Task], *, all_versions: bool = False) -> LongList[NormBreach, NormLogRow]:
    """Departures from norms kept with the estimates of tasks, the newest estimate first; by default the latest ones.

    What an earlier estimate exceeded and a later one mended is only in the log of all versions.
    """
    later = BudgetVersion.objects.filter(task=OuterRef("task"), number__gt=OuterRef("number"))
    budgets = BudgetVersion.objects.filter(task__in=tasks.order_by().values("pk")).exclude(norm_breaches=[])
    budgets = budgets.annotate(is_superseded=Exists(later))
    if not all_versions:
        budgets = budgets.filter(is_superseded=False)
    found = [
        NormBreach(pk, place, NormVerdict(row["verdict"]), _day(row), not is_superseded)
        for pk, breaches, is_superseded in budgets.order_by("-id").values_list("pk", "norm_breaches", "is_superseded")
        for place, row in enumerate(breaches)
    ]
    return LongList(sorted(found, key=lambda row: row.on or date.min, reverse=True), _norm_rows)


def _norm_rows(wanted: Sequence[NormBreach]) -> list[NormLogRow]:
    """The rows of some departures with their estimates and lines. Two queries."""
    budgets = BudgetVersion.objects.select_related("task__host").prefetch_related("lines")
    found = {budget.pk: budget for budget in budgets.filter(pk__in={row.budget_id for row in wanted})}
    lines = {pk: list(budget.lines.all()) for pk, budget in found.items()}
    return [
        _log_row(found[row.budget_id], lines[row.budget_id], found[row.budget_id].norm_breaches[row.place], row)
        for row in wanted
    ]


def _tasks_by_key(keys: Iterable[int]) -> dict[int, Task]:
    return {task.pk: task for task in Task.objects.filter(pk__in=set(keys)).select_related("host").order_by()}


def _day(row: dict[str, Any]) -> date | None:
    return date.fromisoformat(row["on"]) if row.get("on") else None


def _log_row(budget: BudgetVersion, lines: Sequence[BudgetLine], row: dict[str, Any], breach: NormBreach) -> NormLogRow:
    place = row["line"]
    return NormLogRow(
        budget=budget, line=lines[place] if place is not None and place < len(lines) else None,
        verdict=breach.verdict, text=row["text"], citation=row["citation"], limit_vnd=row["limit_vnd"],
        actual_vnd=row["actual_vnd"], justification=row.get("justification", ""), by=row.get("by", ""),
        on=breach.on, is_latest=breach.is_latest,
    )  # fmt: skip
