"""From windows of measured values to the facts that the tables ask for; what is not known stays not known.

Source of the windows: QĐ 18/2021/QĐ-TTg articles 44, 45, 47, 54. Which communes a gauge stands for is a convention of
the system: the nearest gauge within a reach.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from khcn.domains.hazards.rules.checks import distance_km

Point = tuple[float, float]
"""Latitude, longitude."""


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of one series: the total or maximum of what is there, how many values of how many expected."""

    value: float | None
    known: int
    expected: int

    @property
    def is_whole(self) -> bool:
        """Nothing is missing."""
        return self.value is not None and self.known >= self.expected

    def reached(self, share: float) -> float | None:
        """The value where so much of the stretch is known, else None."""
        return self.value if self.value is not None and self.known >= share * self.expected else None


@dataclass(frozen=True, slots=True)
class Gauge:
    """One rain gauge at one moment: totals of 12 and 24 hours, and of the days of 24 hours back from now."""

    code: str
    name: str
    at: Point
    rain_12h: Window
    rain_24h: Window
    days: tuple[Window, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts by name (None: not known), whether all that should be heard was, notes of what they rest on."""

    values: Mapping[str, float | int | str | None]
    is_complete: bool = True
    told: tuple[tuple[str, str], ...] = ()
    units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Spread:
    """Of so many units, those where it rained so much, those where it is not known."""

    wet: tuple[str, ...]
    unknown: tuple[str, ...]
    total: int

    @property
    def known(self) -> int:
        """Units of which something is known."""
        return self.total - len(self.unknown)

    def share(self, *, needed: float) -> tuple[float | None, bool]:
        """The share of units, and whether it is sure. None where too little is known to tell.

        Sure is what unknown units could not move across one half, which is what the law asks.
        """
        if not self.total or not self.known:
            return None, False
        least, most = len(self.wet) / self.total, (len(self.wet) + len(self.unknown)) / self.total
        share = len(self.wet) / self.known
        if most < 0.5 or least > 0.5 or not self.unknown:
            return (least if most < 0.5 else share), True
        return (share, False) if self.known >= needed * self.total else (None, False)


def spread_of(
    gauges: Sequence[Gauge], units: Sequence[tuple[str, Point]], *, wet_24h_mm: float, wet_12h_mm: float,
    reach_km: float,
) -> Spread:  # fmt: skip
    """Return in which units it rained so much: each asks its nearest gauge within the reach that can tell."""
    heard = [(one, _is_wet(one, wet_24h_mm, wet_12h_mm)) for one in gauges]
    wet, unknown = [], []
    for code, middle in units:
        near = sorted(
            ((distance_km(middle, one.at), is_wet) for one, is_wet in heard if is_wet is not None), key=lambda it: it[0]
        )
        if not near or near[0][0] > reach_km:
            unknown.append(code)
        elif near[0][1]:
            wet.append(code)
    return Spread(tuple(wet), tuple(unknown), len(units))


def _is_wet(gauge: Gauge, wet_24h_mm: float, wet_12h_mm: float) -> bool | None:
    for window, least in ((gauge.rain_24h, wet_24h_mm), (gauge.rain_12h, wet_12h_mm)):
        if window.value is not None and window.value >= least:
            return True
    return False if gauge.rain_24h.is_whole else None


def rain_facts(gauges: Sequence[Gauge], spread: Spread, *, heavy_mm: float, known_share: float) -> Facts:
    """Return the facts of heavy rain over the province from its gauges.

    A window with a hole counts with what fell at least; a gauge that is not heard makes the facts incomplete. The rain
    has lasted as many days back as some gauge had `heavy_mm` in 24 hours without a break.
    """
    most_24h = _highest([one.rain_24h.value for one in gauges])
    most_12h = _highest([one.rain_12h.value for one in gauges])
    whole = bool(gauges) and all(one.rain_24h.is_whole for one in gauges)
    days, is_sure = _lasting(gauges, heavy_mm)
    share, share_is_sure = spread.share(needed=known_share)
    silent = [one.name for one in gauges if not one.rain_24h.is_whole]
    wettest = max((one for one in gauges if one.rain_24h.value is not None), key=lambda one: one.rain_24h.value or 0,
                  default=None)  # fmt: skip
    told = [
        ("gauges", f"{len(gauges) - len(silent)}/{len(gauges)}"),
        ("units", f"{len(spread.wet)}/{spread.known}/{spread.total}"),
    ]
    if wettest is not None:
        told.append(("wettest", wettest.name))
    if silent:
        told.append(("silent", ", ".join(silent)[:300]))
    values = {
        "rain_24h_mm": most_24h, "rain_12h_mm": most_12h, "duration_days": days,
        "share_of_units": None if share is None else round(share, 4),
    }  # fmt: skip
    return Facts(values, whole and is_sure and share_is_sure, tuple(told), spread.wet)


def _highest(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return max(known) if known else None


def _lasting(gauges: Sequence[Gauge], heavy_mm: float) -> tuple[int | None, bool]:
    """Days of 24 hours, back from now, in each of which some gauge had heavy rain; whether the end of it is sure."""
    depth = max((len(one.days) for one in gauges), default=0)
    for place in range(depth):
        windows = [one.days[place] for one in gauges if place < len(one.days)]
        if any(window.value is not None and window.value >= heavy_mm for window in windows):
            continue
        return place, all(window.is_whole for window in windows)
    return (depth, True) if depth else (None, False)


@dataclass(frozen=True, slots=True)
class River:
    """Alarm levels of a station in metres, as far as they are set."""

    alarm_1: float | None
    alarm_2: float | None
    alarm_3: float | None
    historic: float | None
    station_class: str


def river_facts(level_m: float | None, river: River) -> Facts:
    """Return the facts of a flood at one station: which alarm is reached, how far above the third and the highest."""
    values: dict[str, float | int | str | None] = {
        "station_class": river.station_class or None, "alarm_stage": None, "over_alarm_3_m": None,
        "over_historic_m": None, "basins": "one",
    }  # fmt: skip
    if level_m is None:
        return Facts(values, False)
    if river.alarm_1 is not None and river.alarm_2 is not None and river.alarm_3 is not None:
        stages = ((river.alarm_3, "alarm_3"), (river.alarm_2, "alarm_2"), (river.alarm_1, "alarm_1"))
        values["alarm_stage"] = next((name for bound, name in stages if level_m >= bound), "below")
        values["over_alarm_3_m"] = round(level_m - river.alarm_3, 3)
    if river.historic is not None:
        values["over_historic_m"] = round(level_m - river.historic, 3)
    elif values["alarm_stage"] == "below":
        values["over_historic_m"] = -1.0
    return Facts(values, True, (("level_m", f"{level_m:g}"),))


def heat_facts(maxima: Sequence[float | None], *, hot_c: float) -> Facts:
    """Return the facts of a heat wave from the maxima of the last days, the newest last; None: not known.

    A day that is not known ends the count and makes it unsure, which lets no level fall.
    """
    days, is_sure = _run(maxima, lambda value: value >= hot_c)
    newest = maxima[-1] if maxima else None
    hottest = _highest(maxima[-days:]) if days else newest
    return Facts({"tmax_c": hottest, "duration_days": days if newest is not None or days else None}, is_sure)


def fire_facts(maxima: Sequence[float | None], *, hot_c: float, zone: str) -> Facts:
    """Return the facts of article 54: days in a row above and below 35 °C, and the zone where one is declared."""
    over, over_is_sure = _run(maxima, lambda value: value > hot_c)
    under, under_is_sure = _run(maxima, lambda value: value < hot_c)
    known = bool(maxima) and maxima[-1] is not None
    values: dict[str, float | int | str | None] = {
        "days_over_35c": over if known else None, "days_under_35c": under if known else None, "fire_zone": zone or None,
    }  # fmt: skip
    return Facts(values, over_is_sure and under_is_sure)


def drought_facts(
    short_pct: Sequence[float | None], dryness: Mapping[str, float | None], *, short_over: float
) -> Facts:
    """Return the facts of a drought at one station from its whole months, the newest last; None: not known.

    short_pct: by how many per cent of the normal a month's rain fell short, below zero for more than normal. dryness:
    the SPI by name with its sign turned, so that drier is more. Months in a row that fell short by more than
    `short_over` count, with the least shortfall among them; a month that is not known ends the count, unsure.
    """
    months, is_sure = _run(short_pct, lambda value: value > short_over)
    newest = short_pct[-1] if short_pct else None
    least = min((value for value in short_pct[-months:] if value is not None), default=None) if months else newest
    values: dict[str, float | int | str | None] = {
        "rain_short_pct": None if least is None else round(least, 1), "months": months if newest is not None else None,
        **{name: None if value is None else round(value, 2) for name, value in dryness.items()},
    }  # fmt: skip
    return Facts(values, is_sure and newest is not None and None not in dryness.values())


def _run(values: Sequence[float | None], holds: object) -> tuple[int, bool]:
    count = 0
    for value in reversed(values):
        if value is None:
            return count, False
        if not holds(value):  # type: ignore[operator]
            return count, True
        count += 1
    return count, bool(values)
