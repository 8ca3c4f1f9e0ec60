"""Forest-fire danger by the indices P and FWI at stations that measure what they ask. Their classes are no risk levels.

Both are carried from day to day in kept rows (`models.FireWeatherDay`), however long a drought lasts. Days that are not
kept yet are reckoned here and not kept, as many as `MOST_BEHIND`; a station farther behind is unknown until they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from khcn.domains.hazards.models import FireWeatherDay, Station
from khcn.domains.hazards.queries.fire_days import (
    MOST_DAYS,
    STATE,
    FirePlace,
    days_after,
    fire_places,
    fire_terms,
    first_days,
    kept_before,
    kept_on,
    last_day,
)
from khcn.domains.hazards.queries.parameters import parameters_on
from khcn.domains.hazards.rules.fire_danger import danger_class
from khcn.domains.hazards.rules.fire_days import FireState, told_fwi, told_p
from khcn.domains.hazards.rules.parameters import Parameters

#: Days that a reading makes up for at most; the rest is for whoever keeps them.
MOST_BEHIND = 2 * MOST_DAYS


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
    on, last = timezone.localdate(as_of), last_day(as_of)
    parameters = parameters or parameters_on(on)
    bounds, gap_days = parameters.numbers("fire_p_bounds"), int(parameters.number("fire_gap_days"))
    places = fire_places(on)
    rows = _rows_of(places, last)
    found = []
    for one in places:
        row = rows.get(one.station.pk)
        if row is None:
            found.append(FireDanger(one.station, None, None, 0))
            continue
        state = FireState(**{name: getattr(row, name) for name in STATE})
        index, dry_days = told_p(last, state, gap_days=gap_days)
        fwi = told_fwi(last, state, row.wind_ms, gap_days=gap_days)
        found.append(FireDanger(one.station, index, danger_class(index, bounds), dry_days, fwi))
    return found


def _rows_of(places: Sequence[FirePlace], last: date) -> dict[int, FireWeatherDay]:
    """The row of a day at each station, kept or reckoned from the kept ones."""
    found = kept_on(places, last)
    behind = [one for one in places if one.station.pk not in found]
    if not behind:
        return found
    befores = kept_before(behind, last)
    near = last - timedelta(days=MOST_BEHIND)
    firsts = first_days([one for one in behind if one.station.pk not in befores])
    since = {key: row.ends_on for key, row in befores.items()} | firsts
    behind = [one for one in behind if since.get(one.station.pk, date.min) >= near]
    if not behind:
        return found
    held, terms = {one.station.pk: befores[one.station.pk] for one in behind if one.station.pk in befores}, fire_terms()
    while rows := days_after(behind, held, last, terms):
        held |= {row.station_id: row for row in rows}
    return found | {key: row for key, row in held.items() if row.ends_on == last}
