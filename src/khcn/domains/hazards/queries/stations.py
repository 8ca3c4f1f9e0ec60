"""Reads stations: how they are heard of, what is due, where there are holes between them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import shapely
from django.db.models import Count, Q, QuerySet

from khcn.domains.hazards.models import Datastream, Sensor, Station
from khcn.domains.hazards.permissions import visible_stations
from khcn.domains.hazards.queries.parameters import parameters_on
from khcn.domains.hazards.rules.checks import distance_km
from khcn.domains.hazards.rules.parameters import Parameters
from khcn.domains.hazards.rules.silence import Hearing, Patience, hearing_of
from khcn.domains.hazards.rules.siting import siting_faults
from khcn.kernel.places.choices import UnitLevel
from khcn.kernel.places.queries import cells_on
from khcn.lib.actor import Actor

#: Worst first: a station is as its worst series.
_WORST = (Hearing.SILENT, Hearing.NEVER, Hearing.LATE, Hearing.ON_TIME)


@dataclass(frozen=True, slots=True)
class StreamState:
    """A series with its newest value and how it is heard of."""

    stream: Datastream
    at: datetime | None
    result: float | None
    quality: int
    hearing: Hearing


@dataclass(frozen=True, slots=True)
class SensorDue:
    """An instrument whose calibration is overdue (days below zero) or due soon."""

    sensor: Sensor
    days: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """How a network covers the communes: those without a gauge within the distance, of all; the farthest distance."""

    uncovered: tuple[tuple[str, str, float], ...]
    units: int
    spacing_km: float


def patience_of(parameters: Parameters) -> Patience:
    """When a late series counts as silent."""
    return Patience(
        parameters.number("silent_after_intervals"), timedelta(minutes=parameters.number("silent_after_minutes"))
    )


def listed_stations(actor: Actor | None) -> QuerySet[Station]:
    """Stations with their owner and how many series are open."""
    rows = visible_stations(actor).select_related("owner")
    return rows.annotate(series=Count("datastreams", filter=Q(datastreams__is_open=True), distinct=True))


def stream_states(stations: Iterable[Station], *, now: datetime, on: date) -> dict[int, list[StreamState]]:
    """Open series of the stations with their newest values, by station. Two statements."""
    rows = list(
        Datastream.objects.filter(station__in=list(stations), is_open=True)
        .select_related("property", "latest", "station")
        .order_by("property__order", "code")
    )
    found: dict[int, list[StreamState]] = {}
    if not rows:
        return found
    patience = patience_of(parameters_on(on))
    for stream in rows:
        latest = stream.latest
        hearing = hearing_of(
            latest.phenomenon_time, interval_s=stream.interval_s, latency_s=stream.expected_latency_s, now=now,
            patience=patience,
        )  # fmt: skip
        state = StreamState(stream, latest.phenomenon_time, latest.result, latest.quality, hearing)
        found.setdefault(stream.station_id, []).append(state)
    return found


def worst_of(states: Iterable[StreamState]) -> Hearing | None:
    """How a station is heard of: as its worst series; None without a series."""
    heard = {state.hearing for state in states}
    return next((one for one in _WORST if one in heard), None)


def silent_streams(actor: Actor | None, *, now: datetime, on: date) -> list[StreamState]:
    """Open series that are late or silent, the worst first."""
    stations = visible_stations(actor).filter(closed_on=None)
    states = [one for group in stream_states(stations, now=now, on=on).values() for one in group]
    odd = [one for one in states if one.hearing is not Hearing.ON_TIME]
    return sorted(odd, key=lambda one: (_WORST.index(one.hearing), one.stream.code))


def sensors_due(actor: Actor | None, *, on: date) -> list[SensorDue]:
    """Instruments in use whose calibration is overdue or due soon, the most overdue first."""
    waiting = Sensor.objects.filter(station__in=visible_stations(actor), removed_on=None).exclude(
        calibration_due_on=None
    )
    if not waiting.exists():
        return []
    notice = timedelta(days=parameters_on(on).number("calibration_notice_days"))
    rows = waiting.filter(calibration_due_on__lte=on + notice).select_related("station")
    return [
        SensorDue(row, ((row.calibration_due_on or on) - on).days) for row in rows.order_by("calibration_due_on", "pk")
    ]


def gauge_coverage(actor: Actor | None, *, on: date) -> Coverage:
    """Communes farther from every rain gauge than gauges should stand apart: (code, name, km to the nearest)."""
    cells = cells_on(on, level=UnitLevel.COMMUNE)
    if not cells:
        return Coverage((), 0, 0.0)
    spacing = parameters_on(on).number("gauge_spacing_km")
    gauges = [
        (station.latitude, station.longitude)
        for station in visible_stations(actor).filter(
            closed_on=None, datastreams__property__code="rain_mm", datastreams__is_open=True
        )
    ]
    bare = []
    for cell in cells:
        middle = cell.shape.representative_point()
        nearest = min((distance_km((middle.y, middle.x), gauge) for gauge in gauges), default=np.inf)
        if nearest > spacing:
            bare.append((cell.code, cell.name, round(float(nearest), 1) if np.isfinite(nearest) else -1.0))
    return Coverage(tuple(sorted(bare, key=lambda one: -one[2])), len(cells), spacing)


def badly_sited(actor: Actor | None, *, on: date) -> list[tuple[Station, list[str]]]:
    """Working stations whose instruments do not stand as asked, with a sentence each."""
    working = list(visible_stations(actor).filter(closed_on=None))
    if not working:
        return []
    parameters = parameters_on(on)
    names = ("gauge_height_m", "thermometer_height_m", "wind_height_m")
    found = [(one, siting_faults({name: getattr(one, name) for name in names}, parameters)) for one in working]
    return [(one, faults) for one, faults in found if faults]


def cells_for_map(on: date) -> list[tuple[str, list[tuple[float, float]]]]:
    """Communes as rings of (longitude, latitude) for a small map, coarse."""
    return [(name, ring) for _code, name, ring in coded_cells_for_map(on)]


def coded_cells_for_map(on: date) -> list[tuple[str, str, list[tuple[float, float]]]]:
    """As `cells_for_map`, with the code of each commune before its name."""
    found = []
    for cell in cells_on(on, level=UnitLevel.COMMUNE):
        shape = cell.shape.simplify(0.004)
        parts = shape.geoms if shape.geom_type == "MultiPolygon" else [shape]
        largest = max(parts, key=shapely.area, default=None)
        if largest is not None and largest.geom_type == "Polygon":
            found.append((cell.code, cell.name, [(round(x, 4), round(y, 4)) for x, y in largest.exterior.coords]))
    return found
