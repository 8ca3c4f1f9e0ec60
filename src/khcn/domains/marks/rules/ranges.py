"""Ranges of stamp numbers: what is free in an order, and whether one lies in another. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Range:
    """Numbers from `first` to `last`, both in it."""

    first: int
    last: int

    @property
    def count(self) -> int:
        """How many numbers."""
        return self.last - self.first + 1

    def holds(self, other: "Range") -> bool:
        """Whether another range lies in it as a whole."""
        return self.first <= other.first and other.last <= self.last

    def meets(self, other: "Range") -> bool:
        """Whether both have a number in common."""
        return self.first <= other.last and other.first <= self.last


def free_of(whole: Range, taken: Iterable[Range]) -> list[Range]:
    """What is left of a range, in order."""
    found, start = [], whole.first
    for one in sorted(taken, key=lambda one: one.first):
        if one.first > start:
            found.append(Range(start, min(one.first - 1, whole.last)))
        start = max(start, one.last + 1)
    if start <= whole.last:
        found.append(Range(start, whole.last))
    return found


def take(free: Iterable[Range], count: int) -> Range | None:
    """The first run of numbers of that length; None where no run is long enough."""
    for one in free:
        if one.count >= count:
            return Range(one.first, one.first + count - 1)
    return None
