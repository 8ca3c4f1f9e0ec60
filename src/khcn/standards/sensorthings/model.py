"""The entities of the sensing profile: their properties and how they are linked (OGC 18-088, clause 8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

ID = "@iot.id"


@dataclass(frozen=True, slots=True)
class Entity:
    """An entity set: the name of one of it, its properties, and its links as name → (set it leads to, to many)."""

    plural: str
    singular: str
    properties: tuple[str, ...]
    links: Mapping[str, tuple[str, bool]]


ENTITIES: dict[str, Entity] = {
    entity.plural: entity
    for entity in (
        Entity(
            "Things", "Thing", ("name", "description", "properties"),
            {"Locations": ("Locations", True), "HistoricalLocations": ("HistoricalLocations", True),
             "Datastreams": ("Datastreams", True)},
        ),
        Entity(
            "Locations", "Location", ("name", "description", "encodingType", "location", "properties"),
            {"Things": ("Things", True), "HistoricalLocations": ("HistoricalLocations", True)},
        ),
        Entity(
            "HistoricalLocations", "HistoricalLocation", ("time",),
            {"Thing": ("Things", False), "Locations": ("Locations", True)},
        ),
        Entity(
            "Datastreams", "Datastream",
            ("name", "description", "unitOfMeasurement", "observationType", "observedArea", "phenomenonTime",
             "resultTime", "properties"),
            {"Thing": ("Things", False), "Sensor": ("Sensors", False),
             "ObservedProperty": ("ObservedProperties", False), "Observations": ("Observations", True)},
        ),
        Entity(
            "Sensors", "Sensor", ("name", "description", "encodingType", "metadata", "properties"),
            {"Datastreams": ("Datastreams", True)},
        ),
        Entity(
            "ObservedProperties", "ObservedProperty", ("name", "definition", "description", "properties"),
            {"Datastreams": ("Datastreams", True)},
        ),
        Entity(
            "Observations", "Observation",
            ("phenomenonTime", "result", "resultTime", "resultQuality", "validTime", "parameters"),
            {"Datastream": ("Datastreams", False), "FeatureOfInterest": ("FeaturesOfInterest", False)},
        ),
        Entity(
            "FeaturesOfInterest", "FeatureOfInterest",
            ("name", "description", "encodingType", "feature", "properties"),
            {"Observations": ("Observations", True)},
        ),
    )
}  # fmt: skip
"""Every entity set by its plural name."""


class Misread(ValueError):
    """A path or an option that cannot be read; the message is a whole Vietnamese sentence."""


def lead(set_name: str, link: str) -> tuple[str, bool]:
    """Return the set that a link of a set leads to and whether to many of it. Raises Misread."""
    links = ENTITIES[set_name].links
    if link not in links:
        raise Misread(f"{ENTITIES[set_name].singular} không có liên kết {link}.")
    return links[link]
