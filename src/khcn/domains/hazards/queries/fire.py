"""Forest-fire danger by the indices P and FWI at stations that measure what they ask. Their classes are no risk levels.

P counts from the last wet day. The FWI system begins at the first whole day of the last weeks with the start values of
its source: after a longer drought its deep layers are drier than it says.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from khcn.domains.hazards.models import Datastream, Station
from khcn.domains.hazards.queries.parameters import parameters_on
from khcn.domains.hazards.queries.windows import open_streams, totals_of, values_at_hour
from khcn.domains.hazards.rules.fire_danger import FireDay, accumulate, danger_class
from khcn.domains.hazards.rules.fire_weather import FireWeather, next_day
from khcn.domains.hazards.rules.parameters import Parameters

DAYS = 45
NOON = 13
_KMH = 3.6


@dataclass(frozen=True, slots=True)
class FireDanger:
    """P at a station at the end of the last whole day, its class I–V, and the FWI; None where a day is not known."""

    station: Station
    index: float | None
    danger_class: int | None
    dry_days: int
    fwi: float | None = None


def fire_danger(as_of: datetime, parameters: Parameters | None = None) -> list[FireDanger]:
    """The indices at each station with heat, damp and rain. The day of `as_of` counts once it is past 13 h."""
    here = timezone.localtime(as_of)
    last = here.date() if here.hour >= NOON else here.date() - timedelta(days=1)
    parameters = parameters or parameters_on(here.date())
    warm, damp, wet, windy = (
        {one.station_id: one for one in open_streams(code, on=here.date())}
        for code in ("air_temp_c", "humidity_pct", "rain_mm", "wind_ms")
    )
    complete = [key for key in warm if key in damp and key in wet]
    streams = [rows[key] for rows in (warm, damp, windy) for key in complete if key in rows]
    at_noon = values_at_hour(streams, last=last, days=DAYS, hour=NOON)
    rain = totals_of([wet[key] for key in complete], _spans(here, last))
    bounds, wet_day = parameters.numbers("fire_p_bounds"), parameters.number("fire_wet_day_mm")
    found = []
    for key in complete:
        days = [
            FireDay(
                at_noon[warm[key].pk][place], at_noon[damp[key].pk][place], _whole(rain[wet[key].pk][f"d{place}"])
            )
            for place in range(DAYS)
        ]  # fmt: skip
        known = next((place for place, day in enumerate(days) if day.rain_mm is not None), DAYS)
        line = accumulate(days[known:], wet_day_mm=wet_day)
        index = line[-1] if line else None
        dry = next((n for n, p in enumerate(reversed(line)) if not p), len(line))
        fwi = _fwi(warm[key].station, days, _noon_wind(windy, key, at_noon), last)
        found.append(FireDanger(warm[key].station, index, danger_class(index, bounds), dry, fwi))
    return found


def _spans(here: datetime, last: date) -> dict[str, tuple[datetime, datetime]]:
    """From noon to noon, the newest last."""
    noon = here.replace(hour=NOON, minute=0, second=0, microsecond=0) - timedelta(days=(here.date() - last).days)
    ends = [noon - timedelta(days=DAYS - 1 - place) for place in range(DAYS)]
    return {f"d{place}": (end - timedelta(days=1), end) for place, end in enumerate(ends)}


def _noon_wind(
    windy: Mapping[int, Datastream], key: int, at_noon: Mapping[int, Sequence[float | None]]
) -> Sequence[float | None]:
    return at_noon[windy[key].pk] if key in windy else [None] * DAYS


def _fwi(station: Station, days: Sequence[FireDay], wind_ms: Sequence[float | None], last: date) -> float | None:
    """The FWI of the last day, begun anew at the first whole day; a day that is not known makes it unknown."""
    weather = [
        (day.temperature_c, day.humidity_pct, None if wind is None else wind * _KMH, day.rain_mm)
        for day, wind in zip(days, wind_ms, strict=True)
    ]
    first = next((place for place, values in enumerate(weather) if None not in values), None)
    if first is None or any(None in values for values in weather[first:]):
        return None
    held: FireWeather | None = None
    for place in range(first, len(weather)):
        month = (last - timedelta(days=len(weather) - 1 - place)).month
        held = next_day(held, *weather[place], latitude_deg=station.latitude, month=month)  # type: ignore[arg-type]
    value = float(held.fwi) if held is not None else math.nan
    return None if math.isnan(value) else round(value, 1)


def _whole(window: object) -> float | None:
    return window.value if window.is_whole else None  # type: ignore[attr-defined]
