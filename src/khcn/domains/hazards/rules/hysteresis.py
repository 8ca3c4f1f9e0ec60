"""When a level is taken up and left again: it rises after some looks, falls after more, never for want of data."""

from __future__ import annotations

from dataclasses import dataclass, replace

from khcn.domains.hazards.rules.risk_tables import Choices, Fact, Outcome, RiskTable, Test, evaluate


@dataclass(frozen=True, slots=True)
class Patience:
    """So many looks in a row say higher before the level rises, lower before it falls. Both from 1."""

    looks_to_raise: int = 1
    looks_to_lower: int = 3


@dataclass(frozen=True, slots=True)
class Standing:
    """The level held, and how many looks in a row have said higher or lower."""

    level: int = 0
    raised: int = 0
    lowered: int = 0


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at the data said. proven: the level that holds in any case, 0 where all is below every threshold,
    None where nothing can be said. may_fall_to: the level with the margin added, None where it is not known.
    """

    proven: int | None
    may_fall_to: int | None = None


def look_at(
    table: RiskTable, facts: dict[str, Fact], *, is_complete: bool, margins: dict[str, float] | None = None
) -> Look:  # fmt: skip
    """Return what the facts prove and how far the level may fall.

    margins: by how much a fact must lie below a threshold before it counts as below it. Facts that are not complete,
    unknown or outside the table let nothing fall.
    """
    verdict = evaluate(table, facts)
    if verdict.outcome is Outcome.LEVEL:
        proven = verdict.level
    elif verdict.outcome is Outcome.OUTSIDE and is_quiet(table, facts):
        proven = 0
    else:
        proven = verdict.at_least
    if not is_complete:
        return Look(proven)
    return Look(proven, _fall(table, {name: _above(fact, (margins or {}).get(name)) for name, fact in facts.items()}))


def _fall(table: RiskTable, facts: dict[str, Fact]) -> int | None:
    verdict = evaluate(table, facts)
    if verdict.outcome is Outcome.LEVEL:
        return verdict.level
    return 0 if verdict.outcome is Outcome.OUTSIDE and is_quiet(table, facts) else None


def _above(fact: Fact, margin: float | None) -> Fact:
    return fact + margin if margin and isinstance(fact, int | float) else fact


def is_quiet(table: RiskTable, facts: dict[str, Fact]) -> bool:
    """Whether every row that concerns the place fails because a fact lies below its threshold, not in a hole between.

    A code that no row knows ("below the first alarm") lies below; a row for another region does not concern the place.
    """
    known = {
        name: {code for row in table.rows for other, test in row.tests if other == name and isinstance(test, Choices)
               for code in test.codes}
        for name in table.inputs
    }  # fmt: skip
    is_below = False
    for row in table.rows:
        placed = [_place(test, facts.get(name), known[name]) for name, test in row.tests]
        if "below" in placed:
            is_below = True
        elif "elsewhere" not in placed:
            return False
    return is_below


def _place(test: Test, fact: Fact, known: set[str]) -> str:
    if fact is None or test.holds(fact):
        return "inside"
    if isinstance(test, Choices):
        return "elsewhere" if str(fact) in known else "below"
    return "below" if test.low is not None and float(fact) <= test.low else "above"


def advance(standing: Standing, look: Look, patience: Patience) -> Standing:
    """Return the standing after one more look. Nothing known changes nothing, neither level nor counts."""
    if look.proven is None:
        return standing
    if look.proven > standing.level:
        raised = standing.raised + 1
        return (
            Standing(look.proven) if raised >= patience.looks_to_raise else replace(standing, raised=raised, lowered=0)
        )
    if look.may_fall_to is not None and look.may_fall_to < standing.level:
        lowered = standing.lowered + 1
        if lowered >= patience.looks_to_lower:
            return Standing(look.may_fall_to)
        return replace(standing, raised=0, lowered=lowered)
    if look.proven == standing.level or look.may_fall_to is not None:
        return replace(standing, raised=0, lowered=0)
    return replace(standing, raised=0)
