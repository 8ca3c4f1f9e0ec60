"""Forest-fire danger by the index P at stations that measure heat, damp and rain. Its classes are no risk levels."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from khcn.domains.hazards.models import Station
from khcn.domains.hazards.queries.parameters import parameters_on
from khcn.domains.hazards.queries.windows import open_streams, totals_of, values_at_hour
from khcn.domains.hazards.rules.fire_danger import FireDay, accumulate, danger_class

DAYS = 45


@dataclass(frozen=True, slots=True)
class FireDanger:
    """P at a station at the end of the last whole day, and its class I–V; None where a day is not known."""

    station: Station
    index: float | None
    danger_class: int | None
    dry_days: int


def fire_danger(as_of: datetime) -> list[FireDanger]:
    """P at each station with the three series. The day of `as_of` counts once it is past 13 h."""
    here = timezone.localtime(as_of)
    last = here.date() if here.hour >= 13 else here.date() - timedelta(days=1)
    parameters = parameters_on(here.date())
    warm, damp, wet = (open_streams(code, on=here.date()) for code in ("air_temp_c", "humidity_pct", "rain_mm"))
    stations = {one.station_id: one.station for one in warm}
    by_station = [{one.station_id: one for one in rows} for rows in (warm, damp, wet)]
    complete = [key for key in stations if all(key in rows for rows in by_station)]
    heat = values_at_hour([by_station[0][key] for key in complete], last=last, days=DAYS, hour=13)
    moisture = values_at_hour([by_station[1][key] for key in complete], last=last, days=DAYS, hour=13)
    spans = {}
    for place in range(DAYS):
        end = here.replace(hour=13, minute=0, second=0, microsecond=0) - timedelta(days=DAYS - 1 - place)
        if here.hour < 13:
            end -= timedelta(days=1)
        spans[f"d{place}"] = (end - timedelta(days=1), end)
    rain = totals_of([by_station[2][key] for key in complete], spans)
    found = []
    for key in complete:
        warm_key, damp_key, wet_key = (rows[key].pk for rows in by_station)
        days = [
            FireDay(heat[warm_key][place], moisture[damp_key][place], _whole(rain[wet_key][f"d{place}"]))
            for place in range(DAYS)
        ]
        known = next((place for place, day in enumerate(days) if day.rain_mm is not None), DAYS)
        line = accumulate(days[known:], wet_day_mm=parameters.number("fire_wet_day_mm"))
        index = line[-1] if line else None
        dry = next((n for n, p in enumerate(reversed(line)) if not p), len(line))
        bounds = parameters.numbers("fire_p_bounds")
        found.append(FireDanger(stations[key], index, danger_class(index, bounds), dry))
    return found


def _whole(window: object) -> float | None:
    return window.value if window.is_whole else None  # type: ignore[attr-defined]
