"""Stations and series as the entities of SensorThings 1.1: what stands in an answer, and rows of observations."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q, QuerySet

from khcn.domains.hazards.choices import QUALITY_LABELS, UNUSABLE
from khcn.domains.hazards.models import Datastream, Observation, ObservedProperty, Sensor, Station
from khcn.domains.hazards.permissions import visible_stations
from khcn.lib.actor import Actor
from khcn.lib.failure import ApiRefusal
from khcn.standards.sensorthings.filters import Binary, Literal, Node, Not, Path

OM = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement"
GEOJSON = "application/geo+json"
_SIGNS = {"eq": "exact", "gt": "gt", "ge": "gte", "lt": "lt", "le": "lte"}
_COLUMNS = {"phenomenonTime": "phenomenon_time", "resultTime": "received_at", "result": "result"}

Entity = dict[str, Any]


def stamp(moment: datetime | None) -> str | None:
    """2023-05-15T01:00:00Z."""
    return None if moment is None else f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def observation_key(row: Observation) -> str:
    """The identity of an observation outside: its series and time."""
    return f"{row.datastream.code}@{row.phenomenon_time.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def thing(one: Station) -> Entity:
    """A station as a Thing."""
    return {
        "@iot.id": one.code, "name": one.name, "description": one.address or one.name,
        "properties": {
            "network": one.network, "owner": one.owner.name, "illustration": one.is_illustration,
            "elevation_m": one.elevation_m, "unit": one.unit_code,
        },
    }  # fmt: skip


def location(one: Station) -> Entity:
    """Where a station stands."""
    return {
        "@iot.id": one.code, "name": one.name, "description": one.address or one.name, "encodingType": GEOJSON,
        "location": {"type": "Point", "coordinates": [one.longitude, one.latitude]}, "properties": {},
    }  # fmt: skip


def historical(one: Station) -> Entity:
    """Since when a station stands there."""
    return {"@iot.id": one.code, "time": f"{one.opened_on:%Y-%m-%d}T00:00:00Z"}


def feature(one: Station) -> Entity:
    """What the values of a station are about: its place."""
    return {**location(one), "feature": location(one)["location"]} | {"encodingType": GEOJSON}


def datastream(one: Datastream) -> Entity:
    """A series as a Datastream."""
    return {
        "@iot.id": one.code, "name": f"{one.property.name} – {one.station.name}",
        "description": one.property.definition,
        "observationType": OM,
        "unitOfMeasurement": {"name": one.property.unit, "symbol": one.property.unit, "definition": ""},
        "phenomenonTime": stamp(one.latest.phenomenon_time),
        "properties": {"interval_s": one.interval_s, "aggregation": one.aggregation, "open": one.is_open},
    }  # fmt: skip


def sensor(one: Sensor) -> Entity:
    """An instrument."""
    return {
        "@iot.id": str(one.uid), "name": one.name, "description": one.model or one.name,
        "encodingType": "text/html", "metadata": one.serial, "properties": {},
    }  # fmt: skip


def observed_property(one: ObservedProperty) -> Entity:
    """What is measured."""
    return {
        "@iot.id": one.code, "name": one.name, "definition": one.definition, "description": one.name,
        "properties": {"unit": one.unit},
    }  # fmt: skip


def observation(row: Observation) -> Entity:
    """One value; None where it must not be used."""
    return {
        "@iot.id": observation_key(row), "phenomenonTime": stamp(row.phenomenon_time),
        "resultTime": stamp(row.received_at), "result": None if row.quality in UNUSABLE else row.result,
        "resultQuality": QUALITY_LABELS[row.quality], "parameters": {"revision": row.revision, "quality": row.quality},
    }  # fmt: skip


def stations_for(actor: Actor | None) -> QuerySet[Station]:
    """Stations that the asker may read."""
    return visible_stations(actor).select_related("owner").order_by("code")


def streams_for(actor: Actor | None) -> QuerySet[Datastream]:
    """Series that the asker may read."""
    rows = Datastream.objects.filter(station__in=visible_stations(actor))
    return rows.select_related("station__owner", "property", "sensor", "latest").order_by("code")


def observations_for(actor: Actor | None) -> QuerySet[Observation]:
    """Values that the asker may read."""
    rows = Observation.objects.filter(datastream__station__in=visible_stations(actor))
    return rows.select_related("datastream__station__owner", "datastream__property", "datastream__latest")


def condition(tree: Node) -> Q:
    """A condition on observations for the database. Raises ApiRefusal for what it cannot ask."""
    match tree:
        case Binary("and", left, right):
            return condition(left) & condition(right)
        case Binary("or", left, right):
            return condition(left) | condition(right)
        case Not(inner):
            return ~condition(inner)
        case Binary(operator, Path(parts), Literal(value)):
            return _compared(operator, "/".join(parts), value)
    raise ApiRefusal("Bộ lọc trị số chỉ so sánh phenomenonTime, resultTime, result hoặc Datastream/@iot.id.")


def _compared(operator: str, name: str, value: Any) -> Q:
    if name in ("Datastream/@iot.id", "Datastream/id"):
        column, wanted = "datastream__code", (str, type(None))
    elif name in _COLUMNS:
        column, wanted = _COLUMNS[name], (float, int) if name == "result" else (datetime,)  # type: ignore[assignment]
    else:
        raise ApiRefusal(f"Không lọc trị số theo {name[:60]}.")
    if not isinstance(value, wanted) or isinstance(value, bool):
        raise ApiRefusal(f"Giá trị so với {name[:60]} không đúng kiểu.")
    if operator == "ne":
        return ~Q(**{column: value})
    if operator not in _SIGNS:
        raise ApiRefusal("Phép so sánh phải là eq, ne, gt, ge, lt hoặc le.")
    return Q(**{f"{column}__{_SIGNS[operator]}": value})


def value_of(entity: Entity, parts: Iterable[str]) -> Any:
    """What stands under a path in an entity; None where nothing does."""
    found: Any = entity
    for part in parts:
        found = found.get("@iot.id" if part == "id" else part) if isinstance(found, dict) else None
    return found


def holds(tree: Node, entity: Entity) -> bool:
    """Whether a condition holds for an entity in memory. Raises ApiRefusal for what it cannot ask."""
    match tree:
        case Binary("and", left, right):
            return holds(left, entity) and holds(right, entity)
        case Binary("or", left, right):
            return holds(left, entity) or holds(right, entity)
        case Not(inner):
            return not holds(inner, entity)
        case Binary(operator, Path(parts), Literal(value)):
            return _holds(operator, value_of(entity, parts), value)
    name = getattr(tree, "name", "")
    if name in ("substringof", "contains", "startswith", "endswith"):
        return _texts(name, getattr(tree, "arguments", ()), entity)
    raise ApiRefusal("Bộ lọc này chưa được hỗ trợ; so sánh một thuộc tính với một giá trị.")


def _holds(operator: str, found: Any, value: Any) -> bool:
    if operator in ("eq", "ne"):
        return (found == value) == (operator == "eq")
    if found is None or value is None or isinstance(found, str) != isinstance(value, str):
        return False
    return {"gt": found > value, "ge": found >= value, "lt": found < value, "le": found <= value}[operator]


def _texts(name: str, arguments: Any, entity: Entity) -> bool:
    texts = [
        str(one.value if isinstance(one, Literal) else value_of(entity, one.parts) or "")
        for one in arguments
        if isinstance(one, Literal | Path)
    ]
    if len(texts) != 2:
        raise ApiRefusal("Hàm chữ cần một thuộc tính và một chuỗi.")
    first, second = texts
    match name:
        case "substringof":
            return first in second
        case "contains":
            return second in first
        case "startswith":
            return first.startswith(second)
    return first.endswith(second)
