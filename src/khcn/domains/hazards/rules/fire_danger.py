"""Forest-fire danger by the modified Nesterov index P (Phạm Ngọc Hưng), with the province's own table of classes.

The classes I–V of forestry are not the risk levels 1–5 of the decision on natural hazards; nothing here mixes the two.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FireDay:
    """Weather at 13 h (°C, % humidity) and the day's rain in mm; None where not measured."""

    temperature_c: float | None
    humidity_pct: float | None
    rain_mm: float | None


def saturation_deficit_mb(temperature_c: float, humidity_pct: float) -> float:
    """Return how many millibars the air lacks to saturation (Magnus formula, WMO-No. 8 annex 4.B, over water)."""
    saturation = 6.112 * math.exp(17.62 * temperature_c / (243.12 + temperature_c))
    return saturation * (1.0 - humidity_pct / 100.0)


def accumulate(days: Iterable[FireDay], *, wet_day_mm: float, start: float | None = 0.0) -> list[float | None]:
    """Return P after each day: the sum of t₁₃·d₁₃ since the last wet day, 0 on a wet day.

    A day without rain known, or dry without weather known, makes P unknown until the next wet day: a gap is never
    taken for wet (which would lower the index) nor for dry.
    """
    index = start
    found: list[float | None] = []
    for day in days:
        if day.rain_mm is None:
            index = None
        elif day.rain_mm >= wet_day_mm:
            index = 0.0
        elif index is None or day.temperature_c is None or day.humidity_pct is None:
            index = None
        else:
            index += day.temperature_c * saturation_deficit_mb(day.temperature_c, day.humidity_pct)
        found.append(index)
    return found


def danger_class(index: float | None, upper_bounds: Sequence[float]) -> int | None:
    """Return the class from 1: the first whose upper bound is not exceeded, else the one above all bounds."""
    if index is None:
        return None
    return 1 + sum(index > bound for bound in upper_bounds)
