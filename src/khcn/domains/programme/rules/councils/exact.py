"""Exact numbers of the council rules: points and shares as fractions, rounded only where a person reads them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

Number = int | str | Decimal | Fraction
"""What a point or share may be given as; a float is refused because 0.1 is not a tenth in binary."""


class NoBallots(ValueError):
    """A count needs at least one ballot and one member present."""

    message = "Chưa có phiếu nào để kiểm."


class DuplicateBallot(ValueError):
    """A member has one ballot; `message` names who has two."""

    def __init__(self, voter: str) -> None:
        self.message = f"{voter} có hơn một phiếu."
        super().__init__(self.message)


def one_ballot_each(voters: Iterable[str]) -> None:
    """Raise DuplicateBallot when a voter appears twice."""
    seen: set[str] = set()
    for voter in voters:
        if voter in seen:
            raise DuplicateBallot(voter)
        seen.add(voter)


def exact(value: Number) -> Fraction:
    """Return the value as a fraction. Raises TypeError for a float, ValueError for text that is no number."""
    if isinstance(value, bool | float):
        raise TypeError("points and shares are whole numbers, decimals or fractions")
    return Fraction(value)


def mean(values: Iterable[Fraction]) -> Fraction:
    """Return the exact mean. Raises NoBallots for no values."""
    listed = list(values)
    if not listed:
        raise NoBallots(NoBallots.message)
    return sum(listed, Fraction(0)) / len(listed)


def rounded(value: Fraction, places: int = 2) -> Decimal:
    """Return the value for print, halves away from zero as schools and offices do; never used in a comparison."""
    quantum = Decimal(1).scaleb(-places)
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(quantum, ROUND_HALF_UP)
