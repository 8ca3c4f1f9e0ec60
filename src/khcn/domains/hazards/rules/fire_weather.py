"""The Canadian Fire Weather Index system: six codes from noon weather, day by day, for many stations at once.

Source: Van Wagner & Pickett, Equations and FORTRAN program for the Canadian Forest Fire Weather Index System, Forestry
Technical Report 33 (1985); day lengths away from Canada as Lawson & Armitage (2008) give them. Shown beside the
province's own index, never instead of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

#: Codes on the first day of a season (FTR 33).
START_FFMC, START_DMC, START_DC = 85.0, 6.0, 15.0

# Effective day lengths of the DMC, by month: Canada and the north above 30°, 10°–30° north, 10°–30° south, below 30°
# south; near the equator nine hours all year.
_DAY_LENGTH_NORTH = (6.5, 7.5, 9.0, 12.8, 13.9, 13.9, 12.4, 10.9, 9.4, 8.0, 7.0, 6.0)
_DAY_LENGTH_LOW_NORTH = (7.9, 8.4, 8.9, 9.5, 9.9, 10.2, 10.1, 9.7, 9.1, 8.6, 8.1, 7.8)
_DAY_LENGTH_LOW_SOUTH = (10.1, 9.6, 9.1, 8.5, 8.1, 7.8, 7.9, 8.3, 8.9, 9.4, 9.9, 10.2)
_DAY_LENGTH_SOUTH = (11.5, 10.5, 9.2, 7.9, 6.8, 6.2, 6.5, 7.4, 8.7, 10.0, 11.2, 11.8)
_DAY_LENGTH_EQUATOR = 9.0
# Seasonal day-length adjustment of the DC, by month; 1.4 near the equator.
_DRYING_NORTH = (-1.6, -1.6, -1.6, 0.9, 3.8, 5.8, 6.4, 5.0, 2.4, 0.4, -1.6, -1.6)
_DRYING_SOUTH = (6.4, 5.0, 2.4, 0.4, -1.6, -1.6, -1.6, -1.6, -1.6, 0.9, 3.8, 5.8)
_DRYING_EQUATOR = 1.4
_FFMC_COEFFICIENT = 250.0 * 59.5 / 101.0  # 147.27723, kept exact as cffdrs 1.10 does


@dataclass(frozen=True, slots=True)
class FireWeather:
    """The codes of one day, each of the shape of the weather given: moisture codes, behaviour indices, severity."""

    ffmc: Floats
    dmc: Floats
    dc: Floats
    isi: Floats
    bui: Floats
    fwi: Floats
    dsr: Floats


def fine_fuel_moisture_code(
    before: ArrayLike, temperature_c: ArrayLike, humidity_pct: ArrayLike, wind_kmh: ArrayLike, rain_mm: ArrayLike
) -> Floats:
    """Return today's FFMC (0–101) from yesterday's and the weather at noon; NaN where a value is missing."""
    yesterday, temperature, humidity, wind, rain = _floats(before, temperature_c, humidity_pct, wind_kmh, rain_mm)
    with np.errstate(all="ignore"):
        moisture = _FFMC_COEFFICIENT * (101.0 - yesterday) / (59.5 + yesterday)
        effective = np.where(rain > 0.5, rain - 0.5, 1.0)
        wetted = moisture + 42.5 * effective * np.exp(-100.0 / (251.0 - moisture)) * (1.0 - np.exp(-6.93 / effective))
        wetted = wetted + np.where(moisture > 150.0, 0.0015 * (moisture - 150.0) ** 2 * np.sqrt(effective), 0.0)
        moisture = np.where(rain > 0.5, np.minimum(wetted, 250.0), moisture)
        warm = 0.18 * (21.1 - temperature) * (1.0 - np.exp(-0.115 * humidity))
        drying_to = 0.942 * humidity**0.679 + 11.0 * np.exp((humidity - 100.0) / 10.0) + warm
        wetting_to = 0.618 * humidity**0.753 + 10.0 * np.exp((humidity - 100.0) / 10.0) + warm
        heat = 0.581 * np.exp(0.0365 * temperature)
        dry_rate = _rate(humidity / 100.0, wind) * heat
        wet_rate = _rate((100.0 - humidity) / 100.0, wind) * heat
        dried = drying_to + (moisture - drying_to) * 10.0**-dry_rate
        moistened = wetting_to - (wetting_to - moisture) * 10.0**-wet_rate
        after = np.where(
            moisture > drying_to, dried, np.where((moisture < wetting_to) & (moisture < drying_to), moistened, moisture)
        )
        code: Floats = np.clip(59.5 * (250.0 - after) / (_FFMC_COEFFICIENT + after), 0.0, 101.0)
    return code


def _rate(ratio: Floats, wind: Floats) -> Floats:
    """Log drying or wetting rate at 21.1 °C (equations 4 and 6a of FTR 33)."""
    rate: Floats = 0.424 * (1.0 - ratio**1.7) + 0.0694 * np.sqrt(wind) * (1.0 - ratio**8)
    return rate


def duff_moisture_code(
    before: ArrayLike, temperature_c: ArrayLike, humidity_pct: ArrayLike, rain_mm: ArrayLike, *,
    latitude_deg: ArrayLike, month: ArrayLike, adjust_to_latitude: bool = True,
) -> Floats:  # fmt: skip
    """Return today's DMC (0 and up); `month` 1–12 and `latitude_deg` choose the day length."""
    yesterday, temperature, humidity, rain, latitude = _floats(
        before, temperature_c, humidity_pct, rain_mm, latitude_deg
    )
    hours = _day_length(latitude, np.asarray(month), adjust_to_latitude)
    with np.errstate(all="ignore"):
        warmth = np.maximum(temperature, -1.1)
        growth = 1.894 * (warmth + 1.1) * (100.0 - humidity) * hours * 1e-4
        effective = 0.92 * rain - 1.27
        moisture = 20.0 + 280.0 / np.exp(0.023 * yesterday)
        slope = np.where(
            yesterday <= 33.0,
            100.0 / (0.5 + 0.3 * yesterday),
            np.where(yesterday <= 65.0, 14.0 - 1.3 * np.log(yesterday), 6.2 * np.log(yesterday) - 17.2),
        )
        wetted = moisture + 1000.0 * effective / (48.77 + slope * effective)
        after_rain = 43.43 * (5.6348 - np.log(wetted - 20.0))
        base = np.where(rain <= 1.5, yesterday, np.maximum(after_rain, 0.0))
        code: Floats = np.maximum(base + growth, 0.0)
    return code


def drought_code(
    before: ArrayLike, temperature_c: ArrayLike, rain_mm: ArrayLike, *,
    latitude_deg: ArrayLike, month: ArrayLike, adjust_to_latitude: bool = True,
) -> Floats:  # fmt: skip
    """Return today's DC (0 and up)."""
    yesterday, temperature, rain, latitude = _floats(before, temperature_c, rain_mm, latitude_deg)
    season = _drying(latitude, np.asarray(month), adjust_to_latitude)
    with np.errstate(all="ignore"):
        potential = np.maximum((0.36 * (np.maximum(temperature, -2.8) + 2.8) + season) / 2.0, 0.0)
        effective = 0.83 * rain - 1.27
        store = 800.0 * np.exp(-yesterday / 400.0)
        after_rain = np.maximum(yesterday - 400.0 * np.log(1.0 + 3.937 * effective / store), 0.0)
        base = np.where(rain <= 2.8, yesterday, after_rain)
        code: Floats = np.maximum(base + potential, 0.0)
    return code


def initial_spread_index(ffmc: ArrayLike, wind_kmh: ArrayLike) -> Floats:
    """Return the ISI from today's FFMC and wind."""
    code, wind = _floats(ffmc, wind_kmh)
    with np.errstate(all="ignore"):
        moisture = _FFMC_COEFFICIENT * (101.0 - code) / (59.5 + code)
        fuel = 91.9 * np.exp(-0.1386 * moisture) * (1.0 + moisture**5.31 / 49300000.0)
        index: Floats = 0.208 * np.exp(0.05039 * wind) * fuel
    return index


def buildup_index(dmc: ArrayLike, dc: ArrayLike) -> Floats:
    """Return the BUI from today's DMC and DC."""
    duff, drought = _floats(dmc, dc)
    with np.errstate(all="ignore"):
        index = np.where((duff == 0) & (drought == 0), 0.0, 0.8 * drought * duff / (duff + 0.4 * drought))
        share = np.where(duff == 0, 0.0, (duff - index) / duff)
        corrected = np.maximum(duff - share * (0.92 + (0.0114 * duff) ** 1.7), 0.0)
        result: Floats = np.where(index < duff, corrected, index)
    return result


def fire_weather_index(isi: ArrayLike, bui: ArrayLike) -> Floats:
    """Return the FWI from ISI and BUI."""
    spread, buildup = _floats(isi, bui)
    with np.errstate(all="ignore"):
        factor = np.where(
            buildup > 80.0, 1000.0 / (25.0 + 108.64 * np.exp(-0.023 * buildup)), 0.626 * buildup**0.809 + 2.0
        )
        intensity = 0.1 * spread * factor
        index: Floats = np.where(intensity <= 1.0, intensity, np.exp(2.72 * (0.434 * np.log(intensity)) ** 0.647))
    return index


def next_day(
    before: FireWeather | None, temperature_c: ArrayLike, humidity_pct: ArrayLike, wind_kmh: ArrayLike,
    rain_mm: ArrayLike, *, latitude_deg: ArrayLike, month: ArrayLike,
    start: tuple[ArrayLike, ArrayLike, ArrayLike] = (START_FFMC, START_DMC, START_DC), adjust_to_latitude: bool = True,
) -> FireWeather:  # fmt: skip
    """Return the codes of a day; `before` are the day before's, None at the beginning of a season.

    Weather is that of noon (13 h in summer time): °C, %, km/h, and mm since noon before; shapes broadcast. Humidity of
    100 counts as 99.9999, as in FTR 33. A missing value (NaN) makes that station's day NaN, and so the days after it:
    begin anew there rather than guess.
    """
    humidity = np.minimum(np.asarray(humidity_pct, dtype=np.float64), 99.9999)
    ffmc, dmc, dc = (before.ffmc, before.dmc, before.dc) if before else start
    place = {"latitude_deg": latitude_deg, "month": month, "adjust_to_latitude": adjust_to_latitude}
    fine = fine_fuel_moisture_code(ffmc, temperature_c, humidity, wind_kmh, rain_mm)
    duff = duff_moisture_code(dmc, temperature_c, humidity, rain_mm, **place)  # type: ignore[arg-type]
    drought = drought_code(dc, temperature_c, rain_mm, **place)  # type: ignore[arg-type]
    spread, buildup = initial_spread_index(fine, wind_kmh), buildup_index(duff, drought)
    index = fire_weather_index(spread, buildup)
    return FireWeather(fine, duff, drought, spread, buildup, index, 0.0272 * index**1.77)


def _floats(*values: ArrayLike) -> list[Floats]:
    return [np.asarray(each, dtype=np.float64) for each in np.broadcast_arrays(*(np.asarray(each) for each in values))]


def _by_month(lengths: tuple[float, ...], month: NDArray[np.generic]) -> Floats:
    found: Floats = np.asarray(lengths)[np.asarray(month, dtype=np.int64) - 1]
    return found


def _day_length(latitude: Floats, month: NDArray[np.generic], adjusted: bool) -> Floats:
    north = _by_month(_DAY_LENGTH_NORTH, month)
    if not adjusted:
        return north
    zones = [latitude > 30, latitude > 10, latitude > -10, latitude > -30]
    lengths = [
        north, _by_month(_DAY_LENGTH_LOW_NORTH, month), np.full_like(north, _DAY_LENGTH_EQUATOR),
        _by_month(_DAY_LENGTH_LOW_SOUTH, month),
    ]  # fmt: skip
    found: Floats = np.select(
        zones, [np.broadcast_to(each, latitude.shape) for each in lengths], _by_month(_DAY_LENGTH_SOUTH, month)
    )
    return found


def _drying(latitude: Floats, month: NDArray[np.generic], adjusted: bool) -> Floats:
    north = _by_month(_DRYING_NORTH, month)
    if not adjusted:
        return north
    south = _by_month(_DRYING_SOUTH, month)
    found: Floats = np.where(latitude > 20, north, np.where(latitude > -20, _DRYING_EQUATOR, south))
    return found
