"""Pareto's order: the few kinds that make up most of what goes wrong, the largest first. No storage."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

VITAL = Fraction(4, 5)
"""The few kinds that together make up this share are the vital ones: a convention of quality work, no rule of law."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One kind: how many, its share and the share up to and with it (whole per cent), whether it is one of the few."""

    label: str
    count: int
    share: int
    cumulative: int
    is_vital: bool


def pareto(counts: Iterable[tuple[str, int]]) -> list[Bar]:
    """Order the counts; equal ones by label, kinds that never happened left out."""
    ordered = sorted(((label, count) for label, count in counts if count > 0), key=lambda item: (-item[1], item[0]))
    total, so_far, bars = sum(count for _, count in ordered), 0, []
    for label, count in ordered:
        vital = Fraction(so_far, total) < VITAL
        so_far += count
        bars.append(Bar(label, count, _percent(count, total), _percent(so_far, total), vital))
    return bars


def _percent(count: int, total: int) -> int:
    return round(100 * count / total)
