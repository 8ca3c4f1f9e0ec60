"""A record of one run of a rule from which an auditor can compute the same outcome again.

It stores nothing: whoever runs a rule keeps the trace beside the act that relied on it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any

Rule = Callable[[Mapping[str, Any], Mapping[str, Any]], Any]
"""A rule takes `(parameters, inputs)`, both already plain JSON, and returns a plain JSON outcome."""

_RULES: dict[str, Rule] = {}


class UnknownRule(LookupError):
    """No rule of that name is registered in this version of the program."""


def rule(identifier: str) -> Callable[[Rule], Rule]:
    """Register a function as the rule `identifier` (lower case, dotted, for ever the same meaning)."""

    def register(function: Rule) -> Rule:
        if identifier in _RULES:
            raise ValueError(f"rule {identifier!r} is registered twice")
        _RULES[identifier] = function
        return function

    return register


def rule_names() -> tuple[str, ...]:
    """Return the identifiers of all registered rules, sorted."""
    return tuple(sorted(_RULES))


def as_plain(value: Any) -> Any:
    """Turn a value into plain JSON without losing exactness: dates as ISO text, fractions as `a/b`, decimals as text.

    Raises TypeError for a float, because a rule that an auditor recomputes must not depend on binary rounding.
    """
    if isinstance(value, Enum):
        return as_plain(value.value)
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Fraction | Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return {str(as_plain(key)): as_plain(item) for key, item in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(as_plain(item) for item in value)
    if isinstance(value, list | tuple):
        return [as_plain(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: as_plain(getattr(value, field.name)) for field in fields(value)}
    raise TypeError(f"{type(value).__name__} cannot stand in a rule trace")


@dataclass(frozen=True, slots=True)
class RuleTrace:
    """One run of a rule: its name, the rule set of its parameters, the parameters, the inputs and the outcome."""

    rule: str
    rule_set: str
    parameters: Mapping[str, Any]
    inputs: Mapping[str, Any]
    outcome: Any

    def as_json(self) -> dict[str, Any]:
        """Return the trace as a plain dictionary, ready for a JSON column."""
        return {
            "rule": self.rule,
            "rule_set": self.rule_set,
            "parameters": dict(self.parameters),
            "inputs": dict(self.inputs),
            "outcome": self.outcome,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> RuleTrace:
        """Read back what `as_json` wrote. Raises KeyError when a part is missing."""
        return cls(stored["rule"], stored["rule_set"], stored["parameters"], stored["inputs"], stored["outcome"])


@dataclass(frozen=True, slots=True)
class Recomputation:
    """What a stored trace gives when its rule is run again today."""

    agrees: bool
    outcome: Any


def run(identifier: str, *, parameters: Mapping[str, Any], inputs: Mapping[str, Any], rule_set: str = "") -> RuleTrace:
    """Run the rule `identifier` on plain copies of its parameters and inputs and return the trace.

    Raises UnknownRule; whatever the rule itself raises passes through.
    """
    function = _find(identifier)
    plain_parameters, plain_inputs = as_plain(parameters), as_plain(inputs)
    outcome = as_plain(function(plain_parameters, plain_inputs))
    return RuleTrace(identifier, rule_set, plain_parameters, plain_inputs, outcome)


def recompute(trace: RuleTrace) -> Recomputation:
    """Run the trace's rule again from its stored parameters and inputs and compare the outcomes.

    Raises UnknownRule when this version has no such rule.
    """
    outcome = as_plain(_find(trace.rule)(trace.parameters, trace.inputs))
    return Recomputation(agrees=outcome == trace.outcome, outcome=outcome)


def _find(identifier: str) -> Rule:
    try:
        return _RULES[identifier]
    except KeyError:
        raise UnknownRule(identifier) from None
