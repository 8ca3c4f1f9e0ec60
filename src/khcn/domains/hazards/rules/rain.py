"""Rain windows, antecedent rain and return periods of yearly maxima; unknown stays unknown.

Sources: the windows of QĐ 18/2021/QĐ-TTg and of flash-flood practice; Hosking (1990) for L-moments of the generalised
extreme value distribution.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Floats = NDArray[np.float64]

WINDOWS_H = (1, 3, 6, 12, 24, 48, 72)
#: Fewer yearly maxima than this give no return period.
FEWEST_MAXIMA = 20


class TooFewMaxima(ValueError):
    """The record is too short to speak of return periods."""

    def __init__(self, years: int) -> None:
        super().__init__(f"Chuỗi có {years} năm; cần ít nhất {FEWEST_MAXIMA} năm để tính chu kỳ lặp lại.")
        self.years = years


def window_totals(amounts_mm: ArrayLike, slots: int) -> Floats:
    """Return totals of the last `slots` slots ending with each slot, NaN where one is missing or before the first.

    amounts_mm: (…, n), oldest first, NaN = missing. A window with a hole is unknown, never smaller.
    """
    amounts = np.asarray(amounts_mm, dtype=np.float64)
    totals = np.full(amounts.shape, np.nan)
    if slots < 1:
        raise ValueError("a window has at least one slot")
    if amounts.shape[-1] >= slots:
        totals[..., slots - 1 :] = np.lib.stride_tricks.sliding_window_view(amounts, slots, axis=-1).sum(axis=-1)
    return totals


def antecedent_precipitation(daily_mm: ArrayLike, half_life_days: float, *, start_mm: float = 0.0) -> Floats:
    """Return API_t = P_t + k·API_(t−1), k = 2^(−1/half life). After a missing day all is unknown until begun anew."""
    if half_life_days <= 0:
        raise ValueError("a half life is above zero")
    keep = 2.0 ** (-1.0 / half_life_days)
    index = start_mm
    found = []
    for amount in np.asarray(daily_mm, dtype=np.float64):
        index = amount + keep * index
        found.append(index)
    return np.array(found)


@dataclass(frozen=True, slots=True)
class ExtremeValues:
    """A fitted GEV: location and scale in the data's unit, shape in Hosking's sign (positive has an upper end)."""

    location: float
    scale: float
    shape: float
    years: int

    def level(self, return_period_years: float) -> float:
        """The value exceeded on average once in that many years (more than one)."""
        from scipy.stats import genextreme  # takes a third of a second to load, and is seldom asked

        return float(genextreme.isf(1.0 / return_period_years, self.shape, self.location, self.scale))

    def return_period(self, value: float) -> float:
        """Years between yearly maxima above the value, on average; infinite above the upper end."""
        from scipy.stats import genextreme  # as above

        chance = float(genextreme.sf(value, self.shape, self.location, self.scale))
        return 1.0 / chance if chance > 0 else float("inf")


def sample_l_moments(values: Sequence[float]) -> tuple[float, float, float]:
    """Return the first two L-moments and the L-skewness, unbiased (Hosking 1990, section 3)."""
    ordered = np.sort(np.asarray(values, dtype=np.float64))
    n = len(ordered)
    ranks = np.arange(1, n + 1)
    b0 = ordered.mean()
    b1 = float(np.sum((ranks - 1) / (n - 1) * ordered) / n)
    b2 = float(np.sum((ranks - 1) * (ranks - 2) / ((n - 1) * (n - 2)) * ordered) / n)
    second = 2 * b1 - b0
    return float(b0), second, (6 * b2 - 6 * b1 + b0) / second


def fit_extremes(yearly_maxima: Sequence[float]) -> ExtremeValues:
    """Fit a GEV by L-moments. Raises TooFewMaxima below 20 years, ValueError where all maxima are equal."""
    known = [value for value in yearly_maxima if not np.isnan(value)]
    if len(known) < FEWEST_MAXIMA:
        raise TooFewMaxima(len(known))
    if min(known) == max(known):
        raise ValueError("equal maxima have no distribution")
    first, second, skewness = sample_l_moments(known)
    z = 2.0 / (3.0 + skewness) - np.log(2.0) / np.log(3.0)
    shape = 7.8590 * z + 2.9554 * z * z
    gamma = float(special.gamma(1.0 + shape))
    scale = second * shape / ((1.0 - 2.0**-shape) * gamma)
    location = first - scale * (1.0 - gamma) / shape
    return ExtremeValues(float(location), float(scale), float(shape), len(known))


def level_interval(
    yearly_maxima: Sequence[float], return_period_years: float, *, seed: int, rounds: int = 500, share: float = 0.9
) -> tuple[float, float]:
    """Return the bootstrap interval of the level: `share` of the refits of resampled years lie in it; seeded."""
    known = np.array([value for value in yearly_maxima if not np.isnan(value)])
    fit_extremes(known.tolist())
    dice = np.random.default_rng(seed)
    levels: list[float] = []
    while len(levels) < rounds:
        drawn = dice.choice(known, len(known))
        if drawn.min() < drawn.max():
            levels.append(fit_extremes(drawn.tolist()).level(return_period_years))
    tail = (1.0 - share) / 2.0
    low, high = np.quantile(levels, (tail, 1.0 - tail))
    return float(low), float(high)
