"""Reads rule sets: which one binds a record, and what its parameters and clocks say on a date."""

from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import Q

from khcn.domains.programme.models import ClockRule, RuleParameter, RuleSet
from khcn.lib.failure import Refused


def rule_set_in_force(*, on: date, code: str = "") -> RuleSet:
    """The rule set named by `code`, or the latest one in force on the date. Raises Refused when there is none."""
    sets = RuleSet.objects.filter(code=code) if code else RuleSet.objects.valid_on(on).order_by("-valid_from", "-id")
    found = sets.first()
    if found is None:
        raise Refused("Chưa nạp bộ quy tắc nào có hiệu lực vào ngày này. Chạy `./khcn manage load_reference`.")
    return found


def lineage(rule_set: RuleSet) -> list[RuleSet]:
    """The set and those it follows where it is silent, nearest first."""
    chain: list[RuleSet] = []
    current: RuleSet | None = rule_set
    while current is not None and current not in chain:
        chain.append(current)
        current = current.follows
    return chain


def parameters_of(rule_set: RuleSet, *, on: date, keys: tuple[str, ...] | None = None) -> dict[str, Any]:
    """Parameters in force on the date, by key: whole numbers as int, shares and decimals as exact text."""
    found: dict[str, Any] = {}
    for source in reversed(lineage(rule_set)):
        rows = RuleParameter.objects.valid_on(on).filter(rule_set=source).order_by("valid_from", "id")
        if keys is not None:
            rows = rows.filter(key__in=keys)
        for row in rows:
            found[row.key] = _typed(row.value)
    return found


def clock_rules_of(rule_set: RuleSet, *, on: date, keys: tuple[str, ...]) -> dict[str, ClockRule]:
    """Statutory times in force on the date, by key; keys that no set of the lineage knows are absent."""
    found: dict[str, ClockRule] = {}
    for source in reversed(lineage(rule_set)):
        rows = ClockRule.objects.filter(rule_set=source, key__in=keys).filter(
            (Q(valid_from=None) | Q(valid_from__lte=on)) & (Q(valid_to=None) | Q(valid_to__gt=on))
        )
        for row in rows.order_by("valid_from", "id"):
            found[row.key] = row
    return found


def share(value: Any) -> Fraction:
    """A parameter such as 3/4 or 0.2, exactly."""
    return Fraction(str(value))


def _typed(value: str) -> Any:
    text = value.strip()
    return int(text) if text.lstrip("-").isdigit() else text
