"""How much of a place lies in an area: a span from what is sure to what is possible. Pure.

A commune of the list lies in it as a whole. A commune before or after a merger is followed along the successions: what
came only from listed communes lies inside, what came from none lies outside, and what came from both lies somewhere
between, exactly where sizes and parts are known.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A share between 0 and 1 of which only the bounds are known; equal bounds are exact."""

    low: float
    high: float

    @property
    def is_exact(self) -> bool:
        """True where both bounds are the same."""
        return self.high - self.low < 1e-9

    def times(self, share: float) -> "Span":
        """The span of a part."""
        return Span(self.low * share, self.high * share)


INSIDE, OUTSIDE, UNKNOWN = Span(1.0, 1.0), Span(0.0, 0.0), Span(0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Passing:
    """Territory that passed from one unit to another. part: of the area of the unit before, None where not measured."""

    before: int
    after: int
    part: float | None = 1.0


class Territory:
    """The listed units and how units followed each other. sizes: areas of units, in one unit of measure."""

    def __init__(
        self, listed: Collection[int], passings: Iterable[Passing], sizes: Mapping[int, float] | None = None
    ) -> None:
        self.listed = frozenset(listed)
        self.sizes = sizes or {}
        self._into: dict[int, list[Passing]] = defaultdict(list)
        self._out: dict[int, list[Passing]] = defaultdict(list)
        for passing in passings:
            if passing.part != 0:
                self._into[passing.after].append(passing)
                self._out[passing.before].append(passing)

    def of(self, unit: int) -> Span:
        """How much of a unit's territory lies in the listed ones; a unit without ties to them lies outside."""
        if unit in self.listed:
            return INSIDE
        if any(self._reaches(one.before, self._into, "before") for one in self._into[unit]):
            return self._backward(unit, frozenset())
        if any(self._reaches(one.after, self._out, "after") for one in self._out[unit]):
            return self._forward(unit, frozenset())
        return OUTSIDE

    def _reaches(self, unit: int, ties: Mapping[int, list[Passing]], end: str) -> bool:
        waiting, seen = [unit], {unit}
        while waiting:
            current = waiting.pop()
            if current in self.listed:
                return True
            found = {getattr(one, end) for one in ties.get(current, ())} - seen
            seen |= found
            waiting += found
        return False

    def _backward(self, unit: int, seen: frozenset[int]) -> Span:
        """A later unit, by the mass of land that each earlier one gave it."""
        if unit in self.listed:
            return INSIDE
        ties = [one for one in self._into[unit] if one.before not in seen]
        if not ties:
            return OUTSIDE
        spans = [self._backward(one.before, seen | {unit}) for one in ties]
        weights = [
            None if one.part is None or one.before not in self.sizes else self.sizes[one.before] * one.part
            for one in ties
        ]
        return _mixed(spans, weights)

    def _forward(self, unit: int, seen: frozenset[int]) -> Span:
        """An earlier unit, by the part of its land that each later one got."""
        if unit in self.listed:
            return INSIDE
        ties = [one for one in self._out[unit] if one.after not in seen]
        if not ties:
            return OUTSIDE
        spans = [self._forward(one.after, seen | {unit}) for one in ties]
        return _mixed(spans, [one.part for one in ties])


def _mixed(spans: list[Span], weights: list[float | None]) -> Span:
    """The span of the whole; without weights only what all parts agree on is known."""
    low, high = min(one.low for one in spans), max(one.high for one in spans)
    known = [weight for weight in weights if weight is not None]
    total = sum(known)
    if len(known) < len(weights) or total <= 0:
        return Span(low, high)
    return Span(
        sum(one.low * weight for one, weight in zip(spans, known, strict=True)) / total,
        sum(one.high * weight for one, weight in zip(spans, known, strict=True)) / total,
    )
