"""Answers reading requests of SensorThings 1.1: sets, entities, links, options, pages."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from django.db.models import Q

from khcn.domains.hazards.models import Datastream, Observation, ObservedProperty, Sensor
from khcn.domains.hazards.queries import things
from khcn.domains.hazards.queries.things import Entity
from khcn.lib.actor import Actor
from khcn.lib.failure import ApiRefusal, NoSuchThing
from khcn.standards.sensorthings.model import ENTITIES, ID, lead
from khcn.standards.sensorthings.options import Options
from khcn.standards.sensorthings.paths import Resource, entity_address

#: Within an entity a set shows so many at most.
MOST_INSIDE = 100


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and under which address the service stands."""

    actor: Actor | None
    root: str


def answer(asker: Asker, resource: Resource, options: Options, query: list[tuple[str, str]], path: str) -> Any:
    """What a request is answered with. Raises ApiRefusal and NoSuchThing."""
    rows, set_name = _walk(asker, resource)
    if not resource.to_many:
        row = rows[0] if isinstance(rows, list) and rows else None
        if row is None:
            raise NoSuchThing
        found = _drawn(asker, set_name, row, options)
        if resource.property:
            value = found.get(resource.property)
            return str(value) if resource.is_value else {resource.property: value}
        return {"@iot.selfLink": found["@iot.selfLink"]} if resource.is_reference else found
    return _page(asker, set_name, rows, options, query, path, resource.is_reference)


def _walk(asker: Asker, resource: Resource) -> tuple[Any, str]:
    """The rows at the end of the way: a list of one where it is a single entity."""
    rows: Any = None
    name = ""
    for step in resource.steps:
        rows = _all(asker, step.set_name) if rows is None else _linked(asker, name, rows[0], step.link)
        name = step.set_name
        if step.key is not None:
            rows = _keyed(name, rows, step.key)
        elif not isinstance(rows, list) and step.link and not lead_many(resource, step):
            rows = list(rows[:1])
        if (step.key is not None or step is not resource.steps[-1]) and not rows:
            raise NoSuchThing
    return rows, name


def lead_many(resource: Resource, step: Any) -> bool:
    """Whether the link of a step leads to many."""
    place = resource.steps.index(step)
    return place == 0 or lead(resource.steps[place - 1].set_name, step.link)[1]


def _all(asker: Asker, name: str) -> Any:
    if name in ("Things", "Locations", "HistoricalLocations", "FeaturesOfInterest"):
        return things.stations_for(asker.actor)
    if name == "Datastreams":
        return things.streams_for(asker.actor)
    if name == "Sensors":
        return Sensor.objects.filter(station__in=things.stations_for(asker.actor)).order_by("pk")
    if name == "ObservedProperties":
        return ObservedProperty.objects.order_by("order", "code")
    return things.observations_for(asker.actor)


def _keyed(name: str, rows: Any, key: str) -> list[Any]:
    if isinstance(rows, list):
        return [row for row in rows if str(_key(name, row)) == key]
    if name == "Observations":
        code, _at, moment = key.rpartition("@")
        digits = moment.replace("T", "").replace("Z", "")
        if not (code and digits.isdecimal() and len(digits) == 14):
            return []
        text = f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}T{digits[8:10]}:{digits[10:12]}:{digits[12:]}+00:00"
        return list(rows.filter(datastream__code=code, phenomenon_time=text)[:1])
    if name == "Sensors":
        return [row for row in rows if str(row.uid) == key]
    return list(rows.filter(code=key)[:1])


def _key(name: str, row: Any) -> str:
    if name == "Observations":
        return things.observation_key(row)
    return str(row.uid) if name == "Sensors" else str(row.code)


def _linked(asker: Asker, name: str, row: Any, link: str) -> Any:
    """The rows to which a link of an entity leads."""
    target, _many = lead(name, link)
    if name in ("Things", "Locations", "HistoricalLocations", "FeaturesOfInterest"):
        if target == "Datastreams":
            return things.streams_for(asker.actor).filter(station=row)
        if target == "Observations":
            return things.observations_for(asker.actor).filter(datastream__station=row)
        return [row]
    if isinstance(row, Datastream):
        if target == "Observations":
            return things.observations_for(asker.actor).filter(datastream=row)
        if target == "Sensors":
            return [row.sensor] if row.sensor is not None else []
        return [row.station] if target == "Things" else [row.property]
    if isinstance(row, Observation):
        return [row.datastream] if target == "Datastreams" else [row.datastream.station]
    near = Q(sensor=row) if isinstance(row, Sensor) else Q(property=row)
    return things.streams_for(asker.actor).filter(near)


_DRAW: dict[str, Callable[[Any], Entity]] = {
    "Things": things.thing, "Locations": things.location, "HistoricalLocations": things.historical,
    "FeaturesOfInterest": things.feature, "Datastreams": things.datastream, "Sensors": things.sensor,
    "ObservedProperties": things.observed_property, "Observations": things.observation,
}  # fmt: skip


def _drawn(asker: Asker, name: str, row: Any, options: Options) -> Entity:
    """One entity with its links, what is expanded, and only what is selected."""
    bare = _DRAW[name](row)
    address = f"{asker.root}/{entity_address(name, str(bare[ID]))}"
    entity: Entity = {ID: bare[ID], "@iot.selfLink": address}
    entity |= {key: value for key, value in bare.items() if key != ID}
    for link in ENTITIES[name].links:
        entity[f"{link}@iot.navigationLink"] = f"{address}/{link}"
    if options.select:
        kept = {"id" if one == ID else one for one in options.select}
        entity = {
            key: value
            for key, value in entity.items()
            if key in kept or (key == ID and "id" in kept) or key.split("@iot.")[0] in kept or key == "@iot.selfLink"
        }
    for one in options.expand:
        target, many = lead(name, one.link)
        rows = _linked(asker, name, row, one.link)
        chosen, _more = _chosen(target, rows, one.options, most=MOST_INSIDE)
        inner = [_drawn(asker, target, each, one.options) for each in chosen]
        entity.pop(f"{one.link}@iot.navigationLink", None)
        entity[one.link] = inner if many else (inner[0] if inner else None)
    return entity


def _chosen(name: str, rows: Any, options: Options, *, most: int) -> tuple[list[Any], bool]:
    """The rows of one page, and whether there are more."""
    size = min(options.page_size, most)
    if isinstance(rows, list) or name != "Observations":
        found = [row for row in rows if options.filter is None or things.holds(options.filter, _DRAW[name](row))]
        for path, descending in reversed(options.order):
            found.sort(key=lambda row: _sortable(things.value_of(_DRAW[name](row), path)), reverse=descending)
        return found[options.skip : options.skip + size], len(found) > options.skip + size
    if options.filter is not None:
        rows = rows.filter(things.condition(options.filter))
    columns = {"phenomenonTime": "phenomenon_time", "resultTime": "received_at", "result": "result"}
    order = []
    for path, descending in options.order:
        if "/".join(path) not in columns:
            raise ApiRefusal("Trị số chỉ xếp theo phenomenonTime, resultTime hoặc result.")
        order.append(f"{'-' if descending else ''}{columns['/'.join(path)]}")
    rows = rows.order_by(*(order or ["-phenomenon_time"]), "pk")
    found = list(rows[options.skip : options.skip + size + 1])
    return found[:size], len(found) > size


def _sortable(value: Any) -> tuple[bool, str | float]:
    return (value is not None, value if isinstance(value, int | float) else str(value or ""))


def _page(
    asker: Asker, name: str, rows: Any, options: Options, query: list[tuple[str, str]], path: str, references: bool
) -> Entity:  # fmt: skip
    found: Entity = {}
    if options.count:
        if name == "Observations" and "Datastreams(" not in path:
            raise ApiRefusal("Chỉ đếm trị số trong một chuỗi: Datastreams('…')/Observations?$count=true.")
        narrowed = rows.filter(things.condition(options.filter)) if options.filter and name == "Observations" else rows
        found["@iot.count"] = len(narrowed) if isinstance(narrowed, list) else narrowed.count()
    chosen, more = _chosen(name, rows, options, most=options.page_size)
    if more:
        kept = [(key, value) for key, value in query if key != "$skip"]
        following = urlencode([*kept, ("$skip", str(options.skip + options.page_size))], quote_via=quote, safe="$/'(),")
        found["@iot.nextLink"] = f"{asker.root}/{path}?{following}"
    drawn = [_drawn(asker, name, row, options) for row in chosen]
    if options.result_format == "dataArray" and name == "Observations":
        names = list(options.select) or ["phenomenonTime", "result"]
        return found | {
            "value": [{"components": names, "dataArray@iot.count": len(drawn),
                       "dataArray": [[one.get(key) for key in names] for one in drawn]}]
        }  # fmt: skip
    return found | {
        "value": [{"@iot.selfLink": one["@iot.selfLink"]} for one in drawn] if references else drawn
    }  # fmt: skip
