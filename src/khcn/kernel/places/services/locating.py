"""Registers places and loads boundaries; where a number came from is checked before it is kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import shapely
from django.db import transaction
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity

from khcn.kernel.audit.services import record
from khcn.kernel.places.models import AdministrativeUnit, Place
from khcn.lib.actor import Actor
from khcn.lib.failure import Refused
from khcn.standards.vn2000 import to_wgs84

VIETNAM_DEGREES = (102.0, 6.0, 118.0, 24.0)
"""min_x, min_y, max_x, max_y that hold the land and the two archipelagos; catches swapped and mistyped degrees."""


@dataclass(frozen=True, slots=True)
class BoundaryReport:
    """What a boundary file did: codes set, codes already equal, and (code, reason) refused."""

    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]


def register_place(
    *,
    by: Actor,
    name: str,
    unit: AdministrativeUnit | None = None,
    address: str = "",
    latitude: float | None = None,
    longitude: float | None = None,
    northing_m: float | None = None,
    easting_m: float | None = None,
    meridian: float | None = None,
    geometry: BaseGeometry | None = None,
) -> Place:
    """Register a place, located by WGS 84 degrees, by VN-2000 metres with the zone's meridian, by a shape, or not.

    Raises Refused for half a pair or degrees outside Vietnam, OutsideZone for impossible metres.
    """
    if not name.strip():
        raise Refused("Ghi tên địa điểm.", field="name")
    if (latitude is None) != (longitude is None):
        raise Refused("Nhập đủ cả vĩ độ và kinh độ, hoặc để trống cả hai.", field="latitude")
    if northing_m is not None and easting_m is not None:
        if meridian is None:
            raise Refused("Chọn kinh tuyến trục của tọa độ VN-2000.", field="meridian")
        latitude, longitude = to_wgs84(northing_m, easting_m, meridian=meridian)
    if geometry is None and latitude is not None and longitude is not None:
        geometry = shapely.Point(longitude, latitude)
    if geometry is not None and not shapely.box(*VIETNAM_DEGREES).contains(geometry):
        raise Refused("Vị trí nằm ngoài Việt Nam; kiểm tra lại vĩ độ và kinh độ.", field="latitude")
    with transaction.atomic():
        place = Place.objects.create(
            name=name.strip()[:300], unit=unit, address=address.strip()[:300], geometry=geometry
        )
        record(
            by=by, verb="place.register", subject=place,
            after={"unit": unit.code if unit else None, "latitude": place.latitude, "longitude": place.longitude},
        )  # fmt: skip
    return place


def load_boundaries(
    *,
    by: Actor,
    features: Iterable[tuple[str, BaseGeometry]],
    on: date,
    source: str,
    sha256: str,
    repair: bool = False,
) -> BoundaryReport:
    """Give boundaries to the units in force on a date, by code, in one transaction.

    features: (unit code, polygon in lon/lat). repair: mend self-crossing rings instead of refusing them. A code that
    no unit bears that day, a shape that is no polygon, invalid or outside Vietnam is refused with its reason; the rest
    is loaded.
    """
    units = {unit.code: unit for unit in AdministrativeUnit.objects.valid_on(on)}
    changed, unchanged, refused = [], [], []
    with transaction.atomic():
        for code, shape in features:
            unit = units.get(code)
            kept = shapely.make_valid(shape) if repair and not shape.is_valid else shape
            if reason := _why_not(unit, kept):
                refused.append((code, reason))
                continue
            if unit.geometry is not None and unit.geometry.equals_exact(kept, 0):  # type: ignore[union-attr]
                unchanged.append(code)
                continue
            _set_boundary(unit, kept)
            changed.append(code)
        report = BoundaryReport(tuple(changed), tuple(unchanged), tuple(refused))
        if changed:
            record(
                by=by, verb="places.load_boundaries", subject=None, label=source[:300],
                after={"codes": changed, "refused": [list(item) for item in refused], "sha256": sha256},
            )  # fmt: skip
    return report


def _set_boundary(unit: Any, shape: BaseGeometry) -> None:
    unit.geometry = shape
    unit.save(update_fields=["geometry", "folded"])


def _why_not(unit: AdministrativeUnit | None, shape: BaseGeometry) -> str:
    """Why a boundary is refused, empty when it is not."""
    if unit is None:
        return "không có đơn vị hành chính nào mang mã này vào ngày đó"
    if shape.is_empty or shape.geom_type not in ("Polygon", "MultiPolygon"):
        return f"không phải vùng ({shape.geom_type})"
    if not shape.is_valid:
        return f"hình không hợp lệ: {explain_validity(shape)}"
    if not shapely.box(*VIETNAM_DEGREES).contains(shape):
        return "nằm ngoài Việt Nam; kiểm tra hệ tọa độ"
    return ""
