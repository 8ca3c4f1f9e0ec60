"""Writes a version of a layer: new states, ends of states, chained digest; the only writer of objects.

Who may, and whether the change was approved, is decided by the services that call it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import numpy as np
import shapely
from django.utils import timezone
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity

from khcn.domains.geodata.choices import Access, FieldType, GeometryType
from khcn.domains.geodata.models import Feature, Layer, LayerVersion
from khcn.domains.geodata.rules.digests import object_digest, version_digest
from khcn.domains.geodata.rules.fields import CODE, Field
from khcn.kernel.places.services.locating import VIETNAM_DEGREES
from khcn.lib.actor import Actor
from khcn.lib.failure import Refused
from khcn.lib.text import fold
from khcn.standards.coordinate_systems import SYSTEMS, from_wgs84
from khcn.standards.geodesy import area_m2

BATCH = 2_000
_KINDS = {
    GeometryType.POINT: ("Point", "MultiPoint"),
    GeometryType.LINE: ("LineString", "MultiLineString"),
    GeometryType.POLYGON: ("Polygon", "MultiPolygon"),
}


@dataclass(frozen=True, slots=True)
class NewObject:
    """An object as it shall be: code, shape in WGS 84 degrees, kept field values, level."""

    code: str
    geometry: BaseGeometry
    properties: dict[str, Any] = field(default_factory=dict)
    access: Access = Access.OPEN


def write_version(
    *, by: Actor, layer: Layer, add: Sequence[NewObject], end: Sequence[Feature], on: date, reason: str,
    now: datetime | None = None,
) -> LayerVersion:  # fmt: skip
    """Add states from a day on, end others on that day, and number the result. Call it inside a transaction.

    Raises Refused for a state that began later, or for an object that would have two current states.
    """
    locked = Layer.objects.select_for_update().get(pk=layer.pk)
    for state in end:
        if state.valid_to is not None or state.layer_id != layer.pk:
            raise Refused(f"Đối tượng {state.code} không còn ở trạng thái hiện tại; tải lại rồi làm lại.")
        if state.valid_from is not None and on < state.valid_from:
            raise Refused(
                f"Đối tượng {state.code} có hiệu lực từ {state.valid_from:%d/%m/%Y}; chọn ngày từ đó trở đi.",
                field="effective_on",
            )
    number = locked.version_number + 1
    ended = [state.digest for state in end]
    keys = [state.pk for state in end]
    for start in range(0, len(keys), BATCH):
        Feature.objects.filter(pk__in=keys[start : start + BATCH]).update(valid_to=on, ended_in=number)
    states = _states(locked, add, on, number)
    Feature.objects.bulk_create(states, batch_size=BATCH)
    last = LayerVersion.objects.filter(layer=layer, number=locked.version_number).first()
    version = LayerVersion.objects.create(
        layer=layer, number=number, reason=reason[:400], made_at=now or timezone.now(), made_by=by.name[:200],
        added=len(states), ended=len(ended), count=locked.object_count + len(states) - len(ended),
        previous=last.digest if last else "",
        digest=version_digest(last.digest if last else "", [one.digest for one in states], ended),
    )  # fmt: skip
    _describe(locked, version, states)
    for name in ("version_number", "object_count", "bbox", "version"):
        setattr(layer, name, getattr(locked, name))
    return version


def check_shape(layer: Layer, geometry: BaseGeometry) -> str:
    """Why a shape may not stand in a layer, empty when it may."""
    if geometry.is_empty or geometry.geom_type not in _KINDS[GeometryType(layer.geometry_type)]:
        wanted = GeometryType(layer.geometry_type).label.lower()
        return f"Hình không phải {wanted} ({geometry.geom_type})."
    if not geometry.is_valid:
        return f"Hình không hợp lệ: {explain_validity(geometry)}."
    if not shapely.box(*VIETNAM_DEGREES).contains(geometry):
        return "Hình nằm ngoài Việt Nam; kiểm tra hệ tọa độ."
    return ""


def check_code(code: str) -> str:
    """Why a text may not be an object's code, empty when it may."""
    return "" if CODE.fullmatch(code) else "Mã gồm chữ không dấu, số, dấu chấm, gạch nối; tối đa 60 ký tự."


def areas_of(layer: Layer, geometries: Any) -> np.ndarray:
    """Areas in square metres: in the plane of the layer's entry system, on the ellipsoid where that is degrees."""
    if layer.geometry_type != GeometryType.POLYGON:
        return np.zeros(len(geometries))
    if SYSTEMS[layer.entry_epsg].is_degrees:
        return np.array([area_m2(one) for one in geometries])
    return np.asarray(shapely.area(from_wgs84(geometries, layer.entry_epsg)))


def title_of(layer: Layer, properties: dict[str, Any]) -> str:
    """What an object is called: the layer's title field."""
    return str(properties.get(layer.title_field) or "")[:200] if layer.title_field else ""


def _states(layer: Layer, add: Sequence[NewObject], on: date, number: int) -> list[Feature]:
    shapes = np.empty(len(add), dtype=object)
    shapes[:] = [one.geometry for one in add]
    areas = areas_of(layer, shapes) if len(add) else shapes
    searched = [
        one for one in layer.described_fields
        if one.access is Access.OPEN and one.type in (FieldType.TEXT, FieldType.CHOICE)
    ]  # fmt: skip
    return [
        Feature(
            layer=layer, code=one.code, title=title_of(layer, one.properties), geometry=one.geometry,
            properties=one.properties, access=one.access, area_m2=round(float(area), 2), valid_from=on,
            added_in=number, digest=object_digest(one.code, one.geometry, one.properties, str(one.access)),
            folded=_folded(one, searched),
        )
        for one, area in zip(add, areas, strict=True)
    ]  # fmt: skip


def _folded(one: NewObject, searched: Sequence[Field]) -> str:
    words = [one.code, *(str(one.properties[name.name]) for name in searched if one.properties.get(name.name))]
    return fold(" ".join(words))[:400]


def _describe(layer: Layer, version: LayerVersion, states: list[Feature]) -> None:
    layer.version_number, layer.object_count = version.number, version.count
    layer.version += 1
    if states:
        found = [float(one) for one in shapely.total_bounds([state.geometry for state in states])]
        known = layer.bbox if layer.bbox and version.count > len(states) else found
        layer.bbox = [
            min(known[0], found[0]), min(known[1], found[1]), max(known[2], found[2]), max(known[3], found[3]),
        ]  # fmt: skip
    layer.save()
