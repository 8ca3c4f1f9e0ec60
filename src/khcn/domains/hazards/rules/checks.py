"""Checks of measured values: range, step, persistence, neighbours. A mark says what failed; nothing is thrown away.

Values in the series' unit, times as seconds since 1970; source of the kinds of checks: WMO-No. 8 volume V, WMO-No. 305.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

RANGE, STEP, PERSISTENCE, NEIGHBOURS = 1, 2, 4, 8
HOUR_S = 3600.0
_FARTHEST = 1e12


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of a series; None where a bound is not checked. zero_may_last: a zero is never too persistent."""

    minimum: float | None = None
    maximum: float | None = None
    most_per_hour: float | None = None
    persistence_h: float | None = None
    zero_may_last: bool = False


@dataclass(frozen=True, slots=True)
class Before:
    """The last value before those checked, and since when it has not moved."""

    at_s: float
    value: float
    unmoved_since_s: float


def is_number(value: float | None) -> bool:
    """Whether a value can be kept: a finite number of this world."""
    return value is not None and math.isfinite(value) and abs(value) < _FARTHEST


def check_values(
    times_s: Sequence[float], values: Sequence[float | None], limits: Limits, before: Before | None = None
) -> tuple[list[int], Before | None]:
    """Return the marks of each value, oldest first, and what the next batch is to be compared with.

    A missing value is not marked and not compared with. A value out of range is marked, but not compared with either:
    the one after a spike is innocent.
    """
    marks: list[int] = []
    last = before
    for at, value in zip(times_s, values, strict=True):
        if value is None:
            marks.append(0)
            continue
        if _outside(value, limits):
            marks.append(RANGE)
            continue
        mark = 0
        since = at
        if last is not None and at > last.at_s:
            if _steps_too_far(at, value, limits, last):
                mark |= STEP
            if value == last.value:
                since = last.unmoved_since_s
                lasts_h = (at - since) / HOUR_S
                excused = value == 0 and limits.zero_may_last
                if limits.persistence_h is not None and lasts_h > limits.persistence_h and not excused:
                    mark |= PERSISTENCE
        marks.append(mark)
        if not mark & STEP:
            last = Before(at, value, since)
    return marks, last


def _outside(value: float, limits: Limits) -> bool:
    below = limits.minimum is not None and value < limits.minimum
    return below or (limits.maximum is not None and value > limits.maximum)


def _steps_too_far(at: float, value: float, limits: Limits, last: Before) -> bool:
    """The allowance grows with the time between the two values, and is never below that of ten minutes."""
    if limits.most_per_hour is None:
        return False
    hours = max((at - last.at_s) / HOUR_S, 1 / 6)
    return abs(value - last.value) > limits.most_per_hour * hours


def odd_among_neighbours(
    values: Mapping[str, float], places: Mapping[str, tuple[float, float]], *, radius_km: float, allowance: float,
    fewest: int = 3,
) -> set[str]:  # fmt: skip
    """Return the stations whose value differs from the median of their neighbours by more than the allowance.

    places: station → (latitude, longitude). A station with fewer than `fewest` known neighbours within the radius is
    not judged. The spread of the neighbours widens the allowance, so that a local storm is not called an error.
    """
    odd = set()
    for key, value in values.items():
        near = [
            other for name, other in values.items()
            if name != key and distance_km(places[key], places[name]) <= radius_km
        ]  # fmt: skip
        if len(near) < fewest:
            continue
        middle = median(near)
        spread = median(abs(other - middle) for other in near)
        if abs(value - middle) > allowance + 3 * spread:
            odd.add(key)
    return odd


def distance_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the distance of two (latitude, longitude) on a sphere; good to 0.5 % at the size of a province."""
    mean = math.radians((one[0] + other[0]) / 2)
    north = math.radians(one[0] - other[0])
    east = math.radians(one[1] - other[1]) * math.cos(mean)
    return 6371.0 * math.hypot(north, east)
