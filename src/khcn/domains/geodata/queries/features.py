"""Objects of a layer as a person may see them: on a day, in a stretch of time, or as of a version."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.cache import cache
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from shapely.geometry import box
from shapely.ops import unary_union

from khcn.domains.geodata.choices import Access
from khcn.domains.geodata.models import Feature, Layer, LayerVersion
from khcn.domains.geodata.rules.clearance import seen_at
from khcn.domains.geodata.rules.fields import Field, seen_fields
from khcn.standards.ogcapi.parameters import Box, Interval, boxes_of

COUNT_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class View:
    """A layer as one reader sees it: the level, and the fields that it opens."""

    layer: Layer
    clearance: Access
    fields: tuple[Field, ...]

    @property
    def sees_all_fields(self) -> bool:
        """True when no field is hidden."""
        return len(self.fields) == len(self.layer.fields)


def view_of(layer: Layer, clearance: Access) -> View:
    """The layer under a clearance."""
    return View(layer, clearance, seen_fields(layer.described_fields, clearance))


def states(view: View, *, on: date | None = None, during: Interval | None = None) -> QuerySet[Feature]:
    """States that the reader may see: those of a day (today), or the last of each object in a stretch of days."""
    rows = Feature.objects.filter(layer=view.layer)
    if view.clearance is not Access.RESTRICTED:
        rows = rows.filter(access__in=seen_at(view.clearance))
    if during is None or during.first == during.last:
        day = on or (during.last if during else None) or timezone.localdate()
        return rows.filter(Q(valid_to=None) | Q(valid_to__gt=day), valid_from__lte=day)
    rows = rows.filter(~Q(valid_to=F("valid_from")) | Q(valid_to=None))
    later = Feature.objects.filter(layer=view.layer, code=OuterRef("code"), valid_from__gt=OuterRef("valid_from"))
    if during.last is not None:
        rows, later = rows.filter(valid_from__lte=during.last), later.filter(valid_from__lte=during.last)
    if during.first is not None:
        rows = rows.filter(Q(valid_to=None) | Q(valid_to__gt=during.first))
    return rows.filter(~Exists(later))


def states_of_version(view: View, number: int) -> QuerySet[Feature]:
    """The states that were current when a version was the latest."""
    rows = Feature.objects.filter(layer=view.layer, access__in=seen_at(view.clearance), added_in__lte=number)
    return rows.filter(Q(ended_in=None) | Q(ended_in__gt=number))


def in_box(rows: QuerySet[Feature], bbox: Box | None) -> QuerySet[Feature]:
    """Those whose shape meets a box in degrees."""
    if bbox is None:
        return rows
    areas = [box(*one) for one in boxes_of(bbox)]
    return rows.filter(geometry__intersects=areas[0] if len(areas) == 1 else unary_union(areas))


def count_of(view: View, rows: QuerySet[Feature], asked: str) -> int:
    """How many there are; remembered for the version of the layer, the level, the day and what was asked."""
    layer = view.layer
    key = f"geodata.count.{layer.uid}.{layer.version_number}.{view.clearance}.{timezone.localdate()}.{hash(asked)}"
    found = cache.get(key)
    if found is None:
        found = rows.count()
        cache.set(key, found, COUNT_SECONDS)
    return int(found)


def state_of(view: View, code: str, *, on: date | None = None) -> Feature | None:
    """The object's state on a day, when the reader may see it."""
    return states(view, on=on).filter(code=code).first()


def history_of(view: View, code: str) -> list[Feature]:
    """All states of an object that the reader may see, newest first."""
    rows = Feature.objects.filter(layer=view.layer, code=code, access__in=seen_at(view.clearance))
    return list(rows.order_by("-valid_from", "-id"))


def versions_of(layer: Layer) -> QuerySet[LayerVersion]:
    """Versions, newest first."""
    return LayerVersion.objects.filter(layer=layer)


def values_of(view: View, state: Feature) -> list[tuple[Field, Any]]:
    """Each field that the reader may see, with its value or None."""
    return [(field, state.properties.get(field.name)) for field in view.fields]
