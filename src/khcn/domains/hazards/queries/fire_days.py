"""Days of fire weather: those kept, and those that follow them, reckoned from noon values and 24 hours of rain.

Reading a day costs one statement for noon and one for rain over the index of series and time, however many stations.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from khcn.domains.hazards.choices import UNUSABLE
from khcn.domains.hazards.models import Datastream, FireWeatherDay, HazardParameter, Observation, Station
from khcn.domains.hazards.rules.facts import Window as Stretch
from khcn.domains.hazards.rules.fire_days import FireState, NoonWeather, Start, next_states
from khcn.domains.hazards.rules.parameters import ParameterMissing, Parameters
from khcn.lib.dates import VIETNAM

NOON = 13
#: Properties that make up a day of fire weather; without the last one there is no FWI.
INPUTS = ("air_temp_c", "humidity_pct", "rain_mm", "wind_ms")
PARAMETERS = ("fwi_start", "fire_wet_day_mm")
STATE = (
    "ffmc", "dmc", "dc", "whole_on", "fwi_doubt_on", "p_index", "dry_days", "rain_on", "p_doubt_on"
)  # fmt: skip
#: Days reckoned in one go, and series × days in one statement.
MOST_DAYS, MOST_PARTS = 31, 20_000


@dataclass(frozen=True, slots=True)
class FirePlace:
    """A station that measures what fire danger asks, with its series by property."""

    station: Station
    streams: Mapping[str, Datastream]

    @property
    def newest_day(self) -> date:
        """The day of its newest value; silence after it is neither reckoned nor kept."""
        newest = [one.latest.phenomenon_time for one in self.streams.values()]
        return max((day_of(at) for at in newest if at is not None), default=date.min)


@dataclass(frozen=True, slots=True)
class FireTerms:
    """The dated parameters of the codes: (key, from, to, value), a station's own start under its code."""

    rows: Sequence[tuple[str, date, date | None, str]]

    @property
    def begins_on(self) -> date:
        """The first day on which all hold. Raises ParameterMissing."""
        firsts = []
        for key in PARAMETERS:
            days = [begins for name, begins, _ends, _value in self.rows if name == key]
            if not days:
                raise ParameterMissing(f"Thiếu tham số {key} trong dữ liệu tham chiếu.")
            firsts.append(min(days))
        return max(firsts)

    def on(self, day: date) -> Parameters:
        """What holds on a day; of two, the one that began later."""
        return Parameters(
            {
                key: value
                for key, begins, ends, value in self.rows
                if begins <= day and (ends is None or day < ends)
            }
        )  # fmt: skip


def fire_terms() -> FireTerms:
    """All parameters of the codes, whatever their days."""
    wanted = Q(key__in=PARAMETERS) | Q(key__startswith="fwi_start_")
    rows = HazardParameter.objects.filter(wanted).order_by("valid_from")
    found = rows.values_list("key", "valid_from", "valid_to", "value")
    return FireTerms([(key, begins or date.min, ends, value) for key, begins, ends, value in found])


def last_day(as_of: datetime) -> date:
    """The last whole day at a moment: its own once it is past 13 h."""
    here = timezone.localtime(as_of, VIETNAM)
    return here.date() if here.hour >= NOON else here.date() - timedelta(days=1)


def day_of(at: datetime) -> date:
    """The day to which a value belongs whose interval ends at a moment."""
    return (timezone.localtime(at, VIETNAM) + timedelta(hours=24 - NOON) - timedelta(microseconds=1)).date()


def fire_places(on: date) -> list[FirePlace]:
    """Stations that work on a day and have open series of heat, damp and rain."""
    rows = Datastream.objects.filter(property__code__in=INPUTS, station__opened_on__lte=on)
    rows = rows.filter(Q(station__closed_on=None) | Q(station__closed_on__gt=on))
    of_station: dict[int, dict[str, Datastream]] = {}
    for one in rows.select_related("station", "property", "latest").order_by("station__code"):
        of_station.setdefault(one.station_id, {})[one.property.code] = one
    return [
        FirePlace(next(iter(streams.values())).station, streams)
        for streams in of_station.values()
        if all(code in streams and streams[code].is_open for code in INPUTS[:3])
    ]


def kept_on(places: Sequence[FirePlace], day: date) -> dict[int, FireWeatherDay]:
    """The kept rows of a day, by key of the station."""
    keys = [one.station.pk for one in places]
    return {row.station_id: row for row in FireWeatherDay.objects.filter(station__in=keys, ends_on=day)}


def kept_before(places: Sequence[FirePlace], day: date) -> dict[int, FireWeatherDay]:
    """The newest kept row of each station up to a day, by key of the station."""
    rows = FireWeatherDay.objects.filter(station=OuterRef("pk"), ends_on__lte=day).order_by("-ends_on")
    stations = Station.objects.filter(pk__in=[one.station.pk for one in places])
    days: dict[date, list[int]] = {}
    for key, newest in stations.annotate(newest=Subquery(rows.values("ends_on")[:1])).values_list("pk", "newest"):
        if newest is not None:
            days.setdefault(newest, []).append(key)
    if not days:
        return {}
    wanted = Q()
    for ends_on, keys in days.items():
        wanted |= Q(ends_on=ends_on, station__in=keys)
    return {row.station_id: row for row in FireWeatherDay.objects.filter(wanted)}


def first_days(places: Sequence[FirePlace]) -> dict[int, date]:
    """The day of the oldest value of each station, by key of the station; one without values is left out."""
    of_stream = {stream.pk: one.station.pk for one in places for stream in one.streams.values()}
    first = Observation.objects.filter(datastream=OuterRef("pk")).order_by("phenomenon_time")
    rows = Datastream.objects.filter(pk__in=list(of_stream)).annotate(
        oldest=Subquery(first.values("phenomenon_time")[:1])
    )
    found: dict[int, date] = {}
    for key, oldest in rows.values_list("pk", "oldest"):
        if oldest is not None:
            station, day = of_stream[key], day_of(oldest)
            found[station] = min(found.get(station, day), day)
    return found


def days_after(
    places: Sequence[FirePlace], befores: Mapping[int, FireWeatherDay], last: date, terms: FireTerms
) -> list[FireWeatherDay]:
    """The next days of each station up to `last`, not kept; at most `MOST_DAYS` of the one that is farthest behind.

    befores: the newest row of a station by its key; one without a row begins at its oldest value.
    """
    begins = _next_days(places, befores, last, terms)
    if not begins:
        return []
    first = min(begins.values())
    width = sum(len(one.streams) for one in places)
    length = max(1, min(MOST_DAYS, MOST_PARTS // width, (last - first).days + 1))
    days = [first + timedelta(days=place) for place in range(length)]
    here = [one for one in places if begins.get(one.station.pk, days[-1] + timedelta(days=1)) <= days[-1]]
    noon, rain = _noon_values(here, days), _rain_totals(here, days)
    held = {key: _state(row) for key, row in befores.items()}
    found: list[FireWeatherDay] = []
    for day in days:
        now = [one for one in here if begins[one.station.pk] <= day <= one.newest_day]
        if now:
            found += _one_day(now, day, noon, rain, held, terms.on(day))
    return found


def _next_days(
    places: Sequence[FirePlace], befores: Mapping[int, FireWeatherDay], last: date, terms: FireTerms
) -> dict[int, date]:
    fresh = [one for one in places if one.station.pk not in befores]
    begins = {key: max(day, terms.begins_on) for key, day in first_days(fresh).items()} if fresh else {}
    begins |= {key: row.ends_on + timedelta(days=1) for key, row in befores.items()}
    ends = {one.station.pk: min(last, one.newest_day) for one in places}
    return {key: day for key, day in begins.items() if day <= ends[key]}


def _one_day(
    places: Sequence[FirePlace], day: date, noon: Mapping[tuple[int, date], float],
    rain: Mapping[tuple[int, date], tuple[float, int]], held: dict[int, FireState], terms: Parameters,
) -> list[FireWeatherDay]:  # fmt: skip
    def at_noon(one: FirePlace, code: str) -> float | None:
        return noon.get((one.streams[code].pk, day)) if code in one.streams else None

    weathers = [
        NoonWeather(
            at_noon(one, "air_temp_c"), at_noon(one, "humidity_pct"), at_noon(one, "wind_ms"),
            _whole_rain(one.streams["rain_mm"], day, rain),
        )
        for one in places
    ]  # fmt: skip
    states = next_states(
        day, [held.get(one.station.pk, FireState()) for one in places], weathers,
        latitudes_deg=[one.station.latitude for one in places],
        starts=[_start(one.station.code, terms) for one in places], wet_day_mm=terms.number("fire_wet_day_mm"),
    )  # fmt: skip
    rows = []
    for one, weather, state in zip(places, weathers, states, strict=True):
        held[one.station.pk] = state
        rows.append(
            FireWeatherDay(
                station=one.station, ends_on=day, temperature_c=weather.temperature_c,
                humidity_pct=weather.humidity_pct, wind_ms=weather.wind_ms, rain_mm=weather.rain_mm,
                **{name: getattr(state, name) for name in STATE},
            )
        )  # fmt: skip
    return rows


def _start(code: str, terms: Parameters) -> Start:
    own = f"fwi_start_{code}"
    ffmc, dmc, dc = terms.numbers(own if own in terms.values else "fwi_start")
    return ffmc, dmc, dc


def _state(row: FireWeatherDay) -> FireState:
    return FireState(**{name: getattr(row, name) for name in STATE})


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, NOON, tzinfo=VIETNAM)


def _usable(streams: Sequence[Datastream], start: datetime, end: datetime) -> QuerySet[Observation]:
    rows = Observation.objects.filter(
        datastream__in=[one.pk for one in streams], phenomenon_time__gt=start, phenomenon_time__lte=end,
        result__isnull=False,
    )  # fmt: skip
    return rows.exclude(quality__in=UNUSABLE).order_by()


def _together(parts: Sequence[QuerySet[Any, Any]]) -> QuerySet[Any, Any]:
    return parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]


def _noon_values(places: Sequence[FirePlace], days: Sequence[date]) -> dict[tuple[int, date], float]:
    """The newest value in the hour up to noon of each series and day. One statement."""
    streams = [stream for one in places for code, stream in one.streams.items() if code != "rain_mm"]
    newest = Window(RowNumber(), partition_by=[F("datastream_id")], order_by=F("phenomenon_time").desc())
    parts = [
        _usable(streams, _noon(day) - timedelta(hours=1), _noon(day))
        .annotate(place=newest)
        .filter(place=1)
        .values_list("datastream_id", "phenomenon_time", "result")
        for day in days
    ]
    return {(key, timezone.localdate(at, VIETNAM)): value for key, at, value in _together(parts)}


def _rain_totals(places: Sequence[FirePlace], days: Sequence[date]) -> dict[tuple[int, date], tuple[float, int]]:
    """Total and count of the values from noon to noon of each series of rain and day. One statement."""
    streams = [one.streams["rain_mm"] for one in places]
    parts = [
        _usable(streams, _noon(day - timedelta(days=1)), _noon(day))
        .annotate(place=Value(place))
        .values("datastream_id", "place")
        .annotate(total=Sum("result"), count=Count("pk"))
        .values_list("datastream_id", "place", "total", "count")
        for place, day in enumerate(days)
    ]
    return {(key, days[place]): (total, count) for key, place, total, count in _together(parts)}


def _whole_rain(stream: Datastream, day: date, rain: Mapping[tuple[int, date], tuple[float, int]]) -> float | None:
    total, count = rain.get((stream.pk, day), (None, 0))
    expected = round(86_400 / stream.interval_s) if stream.interval_s else 1
    window = Stretch(None if total is None else round(total, 3), count, expected)
    return window.value if window.is_whole else None
