"""Rule sets as dated reference data: which set governs a file, and what a parameter is on a day.

Nothing is read from disk or a database here: the caller gives the rows of data/reference/rules or of the models.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from ..choices import ClockUnit, PinningPolicy, Regime, RuleStatus, TaskLevel


class ParameterUnknown(LookupError):
    """No row gives this parameter on this day; `message` is a whole Vietnamese sentence."""

    def __init__(self, key: str, rule_set: str, on: date) -> None:
        self.message = f"Bộ quy tắc {rule_set} chưa có tham số “{key}” áp dụng tại ngày {on:%d/%m/%Y}."
        super().__init__(self.message)


class NoRuleSet(LookupError):
    """No rule set is in force for this level on this day; `message` is a whole Vietnamese sentence."""

    def __init__(self, level: str, on: date) -> None:
        self.message = f"Chưa có bộ quy tắc cho nhiệm vụ {TaskLevel(level).label.lower()} tại ngày {on:%d/%m/%Y}."
        super().__init__(self.message)


@dataclass(frozen=True, slots=True)
class RuleSet:
    """A regime of rules with its validity `[valid_from, valid_to)`, the levels it governs and how it pins live files.

    falls_back_to: the set whose parameter is borrowed, marked unverified, where this one has none.
    """

    code: str
    title: str
    regime: Regime
    levels: frozenset[TaskLevel]
    valid_from: date
    valid_to: date | None
    pinning_policy: PinningPolicy
    falls_back_to: str = ""
    status: RuleStatus = RuleStatus.UNVERIFIED
    citation: str = ""

    def governs(self, level: str, on: date) -> bool:
        """Tell whether this set is in force for a task of `level` on `on`."""
        return level in self.levels and _within(self.valid_from, self.valid_to, on)


@dataclass(frozen=True, slots=True)
class RuleParameter:
    """One dated figure of a rule set: `value` is text that the rule reads exactly (`3/4`, `30`, `yes`)."""

    rule_set: str
    key: str
    value: str
    unit: str
    citation: str
    status: RuleStatus
    valid_from: date
    valid_to: date | None = None
    evidence: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Clock:
    """A statutory period. bound: `within` (at most), `before` (at least so long before), `keep` (at least so long)."""

    rule_set: str
    code: str
    step: int
    amount: int
    unit: ClockUnit
    bound: str
    start_event: str
    party: str
    citation: str
    status: RuleStatus
    valid_from: date
    valid_to: date | None = None
    consequence: str = ""
    evidence: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Resolved:
    """A parameter as found: `borrowed` when it came from the set that the asked one falls back to."""

    parameter: RuleParameter
    borrowed: bool

    @property
    def value(self) -> str:
        """The exact value as text."""
        return self.parameter.value

    @property
    def is_verified(self) -> bool:
        """True when the figure was found in the cited article of the very rule set that was asked."""
        return not self.borrowed and self.parameter.status is RuleStatus.VERIFIED


@dataclass(frozen=True)
class RuleBook:
    """All rule sets, parameters and clocks that are known, as rows; build it once per request or job."""

    rule_sets: tuple[RuleSet, ...]
    parameters: tuple[RuleParameter, ...]
    clocks: tuple[Clock, ...] = ()

    def rule_set(self, code: str) -> RuleSet:
        """Return the set with this code; raise LookupError when there is none."""
        for item in self.rule_sets:
            if item.code == code:
                return item
        raise LookupError(code)

    def in_force(self, level: str, on: date) -> RuleSet:
        """Return the set in force for `level` on `on`, the latest when ranges overlap. Raises NoRuleSet."""
        governing = [item for item in self.rule_sets if item.governs(level, on)]
        if not governing:
            raise NoRuleSet(level, on)
        return max(governing, key=lambda item: item.valid_from)

    def pinned(self, level: str, *, filed_on: date, approved_on: date | None, today: date) -> RuleSet:
        """Return the set that governs a file filed on `filed_on` and perhaps approved, as of `today`.

        The policy of the set now in force decides: `at_filing` keeps the law of the filing day; `at_approval` takes
        that of the approval day, or of today before approval; `new_rule_if_unapproved` moves a file that was not
        approved before the new set began. That the transition rule itself varies is seen in TT 25/2026/TT-BCT, Điều 24
        khoản 3 and TT 44/2026/TT-BGDĐT, Điều 32 khoản 2. Raises NoRuleSet.
        """
        current, filed_under = self.in_force(level, today), self.in_force(level, filed_on)
        if current.code == filed_under.code or current.pinning_policy is PinningPolicy.AT_FILING:
            return filed_under
        if current.pinning_policy is PinningPolicy.AT_APPROVAL:
            return self.in_force(level, approved_on or today)
        approved_before = approved_on is not None and approved_on < current.valid_from
        return self.in_force(level, approved_on) if approved_before and approved_on else current

    def resolve(self, rule_set: str, key: str, on: date) -> Resolved:
        """Return the parameter `key` of `rule_set` on `on`, borrowed along `falls_back_to`. Raises ParameterUnknown."""
        code, borrowed = rule_set, False
        while code:
            found = [
                item
                for item in self.parameters
                if item.rule_set == code and item.key == key and _within(item.valid_from, item.valid_to, on)
            ]
            if found:
                return Resolved(_preferred(found), borrowed)
            code, borrowed = self.rule_set(code).falls_back_to, True
        raise ParameterUnknown(key, rule_set, on)

    def values(self, rule_set: str, keys: Iterable[str], on: date) -> dict[str, str]:
        """Return `{key: value}` for the keys that a rule needs. Raises ParameterUnknown."""
        return {key: self.resolve(rule_set, key, on).value for key in keys}

    def family(self, rule_set: str, prefix: str, on: date) -> dict[str, str]:
        """Return every key that begins with `prefix` and its value; keys without a row on `on` are left out."""
        keys = sorted({item.key for item in self.parameters if item.key.startswith(prefix)})
        found: dict[str, str] = {}
        for key in keys:
            try:
                found[key] = self.resolve(rule_set, key, on).value
            except ParameterUnknown:
                continue
        return found

    def clock(self, rule_set: str, code: str, on: date) -> Clock:
        """Return the statutory period `code` on `on`, borrowed along `falls_back_to`. Raises ParameterUnknown."""
        asked = rule_set
        while asked:
            for item in self.clocks:
                if item.rule_set == asked and item.code == code and _within(item.valid_from, item.valid_to, on):
                    return item
            asked = self.rule_set(asked).falls_back_to
        raise ParameterUnknown(code, rule_set, on)


def parse_rule_sets(rows: Iterable[Mapping[str, str]]) -> tuple[RuleSet, ...]:
    """Read the rows of rule_sets.csv. Raises KeyError or ValueError for a row that does not fit."""
    return tuple(
        RuleSet(
            code=row["code"],
            title=row["title"],
            regime=Regime(row["regime"]),
            levels=frozenset(TaskLevel(level) for level in row["levels"].split(";")),
            valid_from=date.fromisoformat(row["valid_from"]),
            valid_to=_optional_date(row["valid_to"]),
            pinning_policy=PinningPolicy(row["pinning_policy"]),
            falls_back_to=row["falls_back_to"],
            status=RuleStatus(row["status"]),
            citation=row["citation"],
        )
        for row in rows
    )


def parse_parameters(rows: Iterable[Mapping[str, str]]) -> tuple[RuleParameter, ...]:
    """Read the rows of rule_parameters.csv. Raises KeyError or ValueError for a row that does not fit."""
    return tuple(
        RuleParameter(
            rule_set=row["rule_set"],
            key=row["key"],
            value=row["value"],
            unit=row["unit"],
            citation=_citation(row),
            status=RuleStatus(row["status"]),
            valid_from=date.fromisoformat(row["valid_from"]),
            valid_to=_optional_date(row["valid_to"]),
            evidence=row["evidence"],
            note=row["note"],
        )
        for row in rows
    )


def parse_clocks(rows: Iterable[Mapping[str, str]]) -> tuple[Clock, ...]:
    """Read the rows of clocks.csv. Raises KeyError or ValueError for a row that does not fit."""
    return tuple(
        Clock(
            rule_set=row["rule_set"],
            code=row["code"],
            step=int(row["step"]),
            amount=int(row["amount"]),
            unit=ClockUnit(row["unit"]),
            bound=row["bound"],
            start_event=row["start_event"],
            party=row["party"],
            citation=_citation(row),
            status=RuleStatus(row["status"]),
            valid_from=date.fromisoformat(row["valid_from"]),
            valid_to=_optional_date(row["valid_to"]),
            consequence=row["consequence"],
            evidence=row["evidence"],
            note=row["note"],
        )
        for row in rows
    )


def _citation(row: Mapping[str, str]) -> str:
    return ", ".join(part for part in (row["instrument"], row["article"]) if part)


def _optional_date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _within(start: date, end: date | None, on: date) -> bool:
    return start <= on and (end is None or on < end)


def _preferred(found: list[RuleParameter]) -> RuleParameter:
    # A provincial decision overrides the national figure, then the newest row wins.
    return max(found, key=lambda item: (item.status is RuleStatus.PROVINCIAL, item.valid_from))
