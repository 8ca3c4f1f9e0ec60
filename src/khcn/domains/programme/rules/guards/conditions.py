"""Short ways to declare the guards that recur: a fact must hold, a list must be empty, a reason must be given."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from ..transitions import Guard, guard


def holds(name: str, fact: str, sentence: str, citation: str = "") -> Guard:
    """Declare a guard that passes when `fact` is true."""
    return guard(Guard(name, (fact,), lambda _, facts: None if facts[fact] is True else sentence, citation=citation))


def holds_not(name: str, fact: str, sentence: str, citation: str = "") -> Guard:
    """Declare a guard that passes when `fact` is false."""
    return guard(Guard(name, (fact,), lambda _, facts: None if facts[fact] is False else sentence, citation=citation))


def is_empty(name: str, fact: str, sentence: str, citation: str = "") -> Guard:
    """Declare a guard that passes when the list `fact` is empty; `{items}` in the sentence becomes its members."""

    def check(_: Mapping[str, Any], facts: Mapping[str, Any]) -> str | None:
        items = facts[fact]
        return sentence.format(items="; ".join(str(item).removesuffix(".") for item in items)) if items else None

    return guard(Guard(name, (fact,), check, citation=citation))


def is_given(name: str, fact: str, sentence: str, citation: str = "") -> Guard:
    """Declare a guard that passes when the text `fact` is not blank."""
    return guard(
        Guard(name, (fact,), lambda _, facts: None if str(facts[fact] or "").strip() else sentence, citation=citation)
    )


def on(facts: Mapping[str, Any], key: str) -> date:
    """Read a date that the trace holds as ISO text."""
    return date.fromisoformat(facts[key][:10])


def share(parameters: Mapping[str, Any], key: str) -> Fraction:
    """Read an exact share such as `3/4` or `0.2`."""
    return Fraction(str(parameters[key]))


REASON_GIVEN = is_given("act.reason_given", "reason", "Đề nghị ghi rõ lý do.")
