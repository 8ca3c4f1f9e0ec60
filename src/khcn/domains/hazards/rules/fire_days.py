"""Fire-danger codes carried from day to day: what a day adds to the day before it, and what may be told of it.

A day ends at 13 h. It is whole where temperature, humidity, wind and the rain of its 24 hours are known. A day that is
not whole has no codes of the FWI system; they begin anew, with the start values of the day, at the next whole one. What
was begun anew after a gap is told only when the last whole day before the gap lies `gap_days` back: until then it would
be a guess, and mostly too low. P keeps the same rule: a day without rain known, or dry without heat and damp known,
leaves it unknown until the next wet day, or until so many days have passed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import ArrayLike

from khcn.domains.hazards.rules.fire_danger import FireDay, accumulate
from khcn.domains.hazards.rules.fire_weather import (
    Floats,
    buildup_index,
    fire_weather_index,
    initial_spread_index,
    next_day,
)

Start = tuple[float, float, float]
_KMH = 3.6


@dataclass(frozen=True, slots=True)
class NoonWeather:
    """°C and % at noon, m/s at noon, mm of the 24 hours before it; None where not known."""

    temperature_c: float | None
    humidity_pct: float | None
    wind_ms: float | None
    rain_mm: float | None

    @property
    def is_whole(self) -> bool:
        """All four are known."""
        return None not in (self.temperature_c, self.humidity_pct, self.wind_ms, self.rain_mm)


@dataclass(frozen=True, slots=True)
class FireState:
    """What a day hands to the next one.

    ffmc, dmc, dc: None after a day that is not whole. whole_on: the last whole day so far. fwi_doubt_on: the last whole
    day before the codes were begun anew, None where nothing was known before. p_index counts from the last wet day, or
    from 0 after a gap; rain_on: the last day with rain known; p_doubt_on: the last day that the gap is judged by.
    """

    ffmc: float | None = None
    dmc: float | None = None
    dc: float | None = None
    whole_on: date | None = None
    fwi_doubt_on: date | None = None
    p_index: float | None = None
    dry_days: int = 0
    rain_on: date | None = None
    p_doubt_on: date | None = None


def next_states(
    on: date, befores: Sequence[FireState], weathers: Sequence[NoonWeather], *, latitudes_deg: Sequence[float],
    starts: Sequence[Start], wet_day_mm: float,
) -> list[FireState]:  # fmt: skip
    """Return the states of a day at many stations from those of the day before."""
    codes = _codes(on, befores, weathers, latitudes_deg, starts)
    found = []
    for before, weather, (ffmc, dmc, dc) in zip(befores, weathers, codes, strict=True):
        is_whole = ffmc is not None
        index, doubt = _dryness(on, before, weather, wet_day_mm)
        found.append(
            FireState(
                ffmc, dmc, dc,
                whole_on=on if is_whole else before.whole_on,
                fwi_doubt_on=before.fwi_doubt_on if is_whole else before.whole_on,
                p_index=index,
                dry_days=before.dry_days + 1 if index else 0,
                rain_on=before.rain_on if weather.rain_mm is None else on,
                p_doubt_on=doubt,
            )
        )  # fmt: skip
    return found


def _codes(
    on: date, befores: Sequence[FireState], weathers: Sequence[NoonWeather], latitudes_deg: ArrayLike,
    starts: Sequence[Start],
) -> list[tuple[float | None, float | None, float | None]]:  # fmt: skip
    held = np.array(
        [
            start if None in (before.ffmc, before.dmc, before.dc) else (before.ffmc, before.dmc, before.dc)
            for before, start in zip(befores, starts, strict=True)
        ],
        dtype=np.float64,
    ).reshape(-1, 3)
    noon = np.array(
        [(day.temperature_c, day.humidity_pct, day.wind_ms, day.rain_mm) for day in weathers], dtype=np.float64
    ).reshape(-1, 4)
    today = next_day(
        None, noon[:, 0], noon[:, 1], noon[:, 2] * _KMH, noon[:, 3], latitude_deg=latitudes_deg, month=on.month,
        start=(held[:, 0], held[:, 1], held[:, 2]),
    )  # fmt: skip
    table = np.stack([today.ffmc, today.dmc, today.dc], axis=1)
    # DMC and DC need no wind, DC no humidity either: a day that is not whole has none of them all the same.
    known: list[bool] = np.all(np.isfinite(np.hstack([table, noon])), axis=1).tolist()
    return [
        (float(row[0]), float(row[1]), float(row[2])) if is_known else (None, None, None)
        for row, is_known in zip(table, known, strict=True)
    ]


def _dryness(
    on: date, before: FireState, weather: NoonWeather, wet_day_mm: float
) -> tuple[float | None, date | None]:  # fmt: skip
    """P after the day, and the day by which a gap is judged."""
    day = FireDay(weather.temperature_c, weather.humidity_pct, weather.rain_mm)
    index = accumulate([day], wet_day_mm=wet_day_mm, start=before.p_index or 0.0)[0]
    if day.rain_mm is None:
        return None, before.rain_on
    if day.rain_mm >= wet_day_mm:
        return index, None
    return index, on if index is None else before.p_doubt_on


def told_p(on: date, state: FireState, *, gap_days: int) -> tuple[float | None, int]:
    """Return P of a day and the days without a wet one, or (None, 0) where a gap leaves it unknown."""
    if state.p_index is None or _is_near(on, state.p_doubt_on, gap_days):
        return None, 0
    return state.p_index, state.dry_days


def told_fwi(on: date, state: FireState, wind_ms: float | None, *, gap_days: int) -> float | None:
    """Return the FWI of a day, rounded to a tenth, or None where a gap leaves it unknown."""
    if state.ffmc is None or state.dmc is None or state.dc is None or wind_ms is None:
        return None
    if _is_near(on, state.fwi_doubt_on, gap_days):
        return None
    spread = initial_spread_index(state.ffmc, wind_ms * _KMH)
    index: Floats = fire_weather_index(spread, buildup_index(state.dmc, state.dc))
    return round(float(index), 1) if np.isfinite(index) else None


def _is_near(on: date, doubt_on: date | None, gap_days: int) -> bool:
    return doubt_on is not None and (on - doubt_on).days < gap_days
