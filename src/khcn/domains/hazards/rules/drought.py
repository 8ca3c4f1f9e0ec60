"""Standardised drought indices of monthly series: SPI, SPEI, percent of normal, and Thornthwaite's evaporation.

Sources: McKee et al. (1993) and WMO-No. 1090 for the SPI, Thom (1958) for the gamma fit, Vicente-Serrano et al. (2010)
for the SPEI, Thornthwaite (1948) for evaporation. A month that is not known, or whose window is not whole, is NaN.
"""

from __future__ import annotations

import calendar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Floats = NDArray[np.float64]

#: Beyond this the fitted tail says nothing; the usual bound of published series (probability 0.001 and 0.999).
BOUND = 3.09
MONTHS = 12
#: Fewer years than this in the calibration give no fit (WMO-No. 1090 asks for thirty at best; the caller may ask more).
FEWEST_YEARS = 20
# Water balances are shifted by this many mm so that a distribution of positive values fits; the index does not change.
_SHIFT_MM = 1000.0


class SeriesTooShort(ValueError):
    """The calibration holds too few years for a fit; .years says how many there are."""

    def __init__(self, years: int, wanted: int) -> None:
        super().__init__(f"Chuỗi có {years} năm để hiệu chỉnh; cần ít nhất {wanted} năm.")
        self.years = years


def window_sums(monthly: ArrayLike, months: int) -> Floats:
    """Return sums of the last `months` values ending at each month, NaN while a window is not whole. Shape (n,)."""
    values = np.asarray(monthly, dtype=np.float64)
    sums = np.full(values.shape, np.nan)
    if len(values) >= months:
        sums[months - 1 :] = np.lib.stride_tricks.sliding_window_view(values, months).sum(axis=1)
    return sums


def standardized_precipitation(
    monthly_mm: ArrayLike, months: int, *, calibration: slice = slice(None), fewest_years: int = FEWEST_YEARS
) -> Floats:
    """Return the SPI of each month by a gamma fit per calendar month, within ±3.09. Shape (n,).

    monthly_mm begins in January. `calibration` cuts the years that the fit uses (slice over years). Raises
    SeriesTooShort.
    """
    return _standardised(window_sums(monthly_mm, months), calibration, fewest_years)


def standardized_balance(
    monthly_mm: ArrayLike, evaporation_mm: ArrayLike, months: int, *, calibration: slice = slice(None),
    fewest_years: int = FEWEST_YEARS,
) -> Floats:  # fmt: skip
    """Return the SPEI of each month: rain less potential evaporation, otherwise as the SPI. Raises SeriesTooShort."""
    balance = np.asarray(monthly_mm, dtype=np.float64) - np.asarray(evaporation_mm, dtype=np.float64)
    return _standardised(window_sums(balance + _SHIFT_MM, months), calibration, fewest_years)


def percent_of_normal(monthly_mm: ArrayLike, months: int, *, calibration: slice = slice(None)) -> Floats:
    """Return each window's sum over the mean of that calendar month's sums in the calibration; 1.0 is normal.

    NaN where the normal is zero: a share of nothing says nothing.
    """
    table = _by_year(window_sums(monthly_mm, months))
    known = ~np.isnan(table[calibration])
    with np.errstate(all="ignore"):
        normal = np.nansum(table[calibration], axis=0) / known.sum(axis=0)
        share = table / np.where(normal > 0, normal, np.nan)
    return share.ravel()[: np.asarray(monthly_mm).size]


def thornthwaite_evaporation(monthly_c: ArrayLike, latitude_deg: float, first_year: int) -> Floats:
    """Return potential evaporation in mm a month from mean temperatures that begin in January of first_year."""
    temperatures = np.asarray(monthly_c, dtype=np.float64)
    table = np.clip(_by_year(temperatures), 0.0, None)
    normal = np.nanmean(table, axis=0)
    heat = float(np.sum((normal / 5.0) ** 1.514))
    exponent = 6.75e-07 * heat**3 - 7.71e-05 * heat**2 + 1.792e-02 * heat + 0.49239
    years = table.shape[0]
    days = np.array(
        [[calendar.monthrange(first_year + year, month)[1] for month in range(1, 13)] for year in range(years)]
    )
    hours = np.array([_mean_daylight(latitude_deg, leap) for leap in (False, True)])
    daylight = np.array([hours[int(calendar.isleap(first_year + year))] for year in range(years)])
    with np.errstate(all="ignore"):
        evaporation: Floats = 16.0 * (daylight / 12.0) * (days / 30.0) * (10.0 * table / heat) ** exponent
    return evaporation.ravel()[: temperatures.size]


def _mean_daylight(latitude_deg: float, leap: bool) -> Floats:
    """Mean hours of daylight of each month (FAO Irrigation and Drainage Paper 56, equations 24, 25, 34)."""
    lengths = [29 if leap and days == 28 else days for days in (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)]
    day = np.arange(1, sum(lengths) + 1)
    declination = 0.409 * np.sin(2.0 * np.pi / 365.0 * day - 1.39)
    cosine = np.clip(-np.tan(np.radians(latitude_deg)) * np.tan(declination), -1.0, 1.0)
    hours = 24.0 / np.pi * np.arccos(cosine)
    return np.array([part.mean() for part in np.split(hours, np.cumsum(lengths)[:-1])])


def _by_year(series: Floats) -> Floats:
    """The series as rows of twelve months, the last year filled with NaN."""
    missing = -series.size % MONTHS
    return np.concatenate([series, np.full(missing, np.nan)]).reshape(-1, MONTHS)


def _standardised(series: Floats, calibration: slice, fewest_years: int) -> Floats:
    table = _by_year(series)
    years = table[calibration].shape[0]
    if years < fewest_years:
        raise SeriesTooShort(years, fewest_years)
    columns = [_column_index(table[:, month], table[calibration, month]) for month in range(MONTHS)]
    return np.stack(columns, axis=1).ravel()[: series.size]


def _column_index(values: Floats, calibrating: Floats) -> Floats:
    """The index of one calendar month: gamma by Thom's estimate, the share of zeros kept as a mass of its own."""
    known = calibrating[~np.isnan(calibrating)]
    positive = known[known > 0]
    if len(positive) < 2 or np.all(positive == positive[0]):
        return np.full(values.shape, np.nan)
    zero_share = 1.0 - len(positive) / len(known)
    spread = np.log(positive.mean()) - np.log(positive).mean()
    alpha = (1.0 + np.sqrt(1.0 + 4.0 * spread / 3.0)) / (4.0 * spread)
    beta = positive.mean() / alpha
    probability = zero_share + (1.0 - zero_share) * special.gammainc(alpha, values / beta)
    index: Floats = np.clip(special.ndtri(probability), -BOUND, BOUND)
    return index
