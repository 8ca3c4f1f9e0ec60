"""The Vietnamese air quality index by hour and by day; breakpoints are handed in as dated data.

Source: QĐ 1459/QĐ-TCMT of 12/11/2019. Two things that its text leaves open are settled here and said so: with the
smallest weight ½ the mean is normalised like with any other weight (unnormalised it would fall with every missing
hour), and indices round half up.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

Breakpoints = Mapping[str, Sequence[tuple[float, float]]]
"""Column → (index, concentration in µg/m³) pairs, rising; columns pm25, pm10, o3_1h, o3_8h, no2, so2, co."""

PARTICLES = ("pm25", "pm10")
GASES = ("o3", "no2", "so2", "co")
HOURS_OF_NOWCAST = 12
_SMALLEST_WEIGHT = 0.5
#: Above this the 8-hour ozone gives no index; the 1-hour one stands.
_HIGHEST_O3_8H = 400.0


@dataclass(frozen=True, slots=True)
class AirQuality:
    """The index (None where neither PM2.5 nor PM10 is known) and that of each parameter; `leading` decided it."""

    index: int | None
    parts: Mapping[str, int]
    leading: str = ""


def sub_index(concentration: float, steps: Sequence[tuple[float, float]]) -> int:
    """Return the index of a concentration (µg/m³) on its rising (index, concentration) steps; the last one caps it."""
    if concentration < 0:
        raise ValueError("a concentration is not negative")
    for (low_index, low), (high_index, high) in pairwise(steps):
        if concentration <= high:
            return _round((high_index - low_index) / (high - low) * (concentration - low) + low_index)
    return _round(steps[-1][0])


def nowcast(hourly: Sequence[float | None]) -> float | None:
    """Return the weighted mean of up to 12 hourly means, newest first; None without two of the newest three."""
    values = list(hourly[:HOURS_OF_NOWCAST])
    if sum(value is not None for value in values[:3]) < 2:
        return None
    known = [value for value in values if value is not None]
    highest = max(known)
    weight = max(min(known) / highest, _SMALLEST_WEIGHT) if highest > 0 else 1.0
    pairs = [(weight**age, value) for age, value in enumerate(values) if value is not None]
    return sum(share * value for share, value in pairs) / sum(share for share, _value in pairs)


def hourly_index(
    particles: Mapping[str, Sequence[float | None]], gases: Mapping[str, float | None], breakpoints: Breakpoints
) -> AirQuality:
    """Return the index of an hour.

    particles: pm25, pm10 → hourly means newest first. gases: o3, no2, so2, co → this hour's mean. All in µg/m³.
    """
    parts: dict[str, int] = {}
    for name in PARTICLES:
        mean = nowcast(particles.get(name, ()))
        if mean is not None:
            parts[name] = sub_index(mean, breakpoints[name])
    for name in GASES:
        value = gases.get(name)
        if value is not None:
            parts[name] = sub_index(value, breakpoints["o3_1h" if name == "o3" else name])
    return _whole(parts)


def daily_index(
    particle_means: Mapping[str, float | None], largest_hours: Mapping[str, float | None],
    largest_o3_8h: float | None, breakpoints: Breakpoints,
) -> AirQuality:  # fmt: skip
    """Return the index of a day (01:00 to 24:00): 24-hour means of particles, largest hours of gases, ozone's 8 h."""
    parts: dict[str, int] = {}
    for name in PARTICLES:
        mean = particle_means.get(name)
        if mean is not None:
            parts[name] = sub_index(mean, breakpoints[name])
    for name in GASES:
        value = largest_hours.get(name)
        if value is not None:
            parts[name] = sub_index(value, breakpoints["o3_1h" if name == "o3" else name])
    if largest_o3_8h is not None and largest_o3_8h <= _HIGHEST_O3_8H:
        parts["o3"] = max(parts.get("o3", 0), sub_index(largest_o3_8h, breakpoints["o3_8h"]))
    return _whole(parts)


def _whole(parts: Mapping[str, int]) -> AirQuality:
    if not any(name in parts for name in PARTICLES):
        return AirQuality(None, parts)
    leading = max(parts, key=lambda name: parts[name])
    return AirQuality(parts[leading], parts, leading)


def _round(number: float) -> int:
    return math.floor(number + 0.5)
