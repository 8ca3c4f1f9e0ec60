"""VN-2000 ⇄ WGS 84: the provinces' plane coordinates (TM-3, each with its own central meridian) and degrees.

One datum shift only, the seven parameters of Quyết định 05/2007/QĐ-BTNMT, which PROJ knows as EPSG:6960; it is named
outright, because a library left to choose may take the older set EPSG:5194. Older "internal" VN-2000 of some offices
has no shift and is not read here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

import shapely
from pyproj import Transformer

from khcn.lib.failure import Failure

#: VN-2000 → WGS 84: shift in metres, rotations in arc seconds (coordinate frame), scale in parts per million.
#: Source: Quyết định 05/2007/QĐ-BTNMT ngày 27/02/2007.
SHIFT_M = (-191.90441429, -39.30318279, -111.45032835)
ROTATION_ARCSEC = (-0.00928836, 0.01975479, -0.00427372)
SCALE_PPM = 0.252906278
#: Scale on the central meridian of a 3° and a 6° zone, false easting in metres.
#: Source: Thông tư 973/2001/TT-TCĐC, mục II.
TM3_SCALE, TM6_SCALE = 0.9999, 0.9996
TM3_FALSE_EASTING_M = 500_000.0
#: Coordinates of Vietnam in a provincial zone, in metres; used to tell swapped or foreign numbers.
NORTHING_RANGE_M = (880_000.0, 2_600_000.0)
EASTING_RANGE_M = (200_000.0, 900_000.0)

#: Central meridian in degrees → provinces of the list of 63, by name without their kind.
#: Source: Thông tư 973/2001/TT-TCĐC, Phụ lục 2; Thông tư 25/2014/TT-BTNMT, Phụ lục 2.
_MERIDIANS: dict[float, tuple[str, ...]] = {
    103.0: ("Lai Châu", "Điện Biên"),
    104.0: ("Sơn La",),
    104.5: ("Kiên Giang", "Cà Mau"),
    104.75: ("Lào Cai", "Yên Bái", "Phú Thọ", "Nghệ An", "An Giang"),
    105.0: (
        "Vĩnh Phúc", "Hà Nội", "Hà Nam", "Ninh Bình", "Thanh Hóa", "Đồng Tháp", "Cần Thơ", "Hậu Giang", "Bạc Liêu",
    ),
    105.5: (
        "Hà Giang", "Bắc Ninh", "Hải Dương", "Hưng Yên", "Nam Định", "Thái Bình", "Hà Tĩnh", "Tây Ninh", "Vĩnh Long",
        "Trà Vinh", "Sóc Trăng",
    ),
    105.75: ("Cao Bằng", "Hải Phòng", "Bình Dương", "Long An", "Tiền Giang", "Bến Tre", "Hồ Chí Minh"),
    106.0: ("Tuyên Quang", "Hòa Bình", "Quảng Bình"),
    106.25: ("Quảng Trị", "Bình Phước"),
    106.5: ("Bắc Kạn", "Thái Nguyên"),
    107.0: ("Bắc Giang", "Thừa Thiên Huế"),
    107.25: ("Lạng Sơn",),
    107.5: ("Kon Tum",),
    107.75: ("Quảng Ninh", "Đà Nẵng", "Quảng Nam", "Đồng Nai", "Bà Rịa - Vũng Tàu", "Lâm Đồng"),
    108.0: ("Quảng Ngãi",),
    108.25: ("Bình Định", "Khánh Hòa", "Ninh Thuận"),
    108.5: ("Gia Lai", "Đắk Lắk", "Đắk Nông", "Phú Yên", "Bình Thuận"),
}  # fmt: skip
CENTRAL_MERIDIANS: dict[str, float] = {name: meridian for meridian, names in _MERIDIANS.items() for name in names}
"""Province (list of 63, in force before 01/07/2025) → central meridian in degrees east."""


class UnknownZone(Failure):
    """No central meridian is known for a province."""

    code = "unknown_zone"


class OutsideZone(Failure):
    """Numbers that cannot be VN-2000 coordinates in Vietnam, often because the two were swapped."""

    code = "outside_zone"


@dataclass(frozen=True, slots=True)
class PlanePoint:
    """A point of a provincial plane: metres north (X of the Vietnamese sheet) and metres east (Y)."""

    northing_m: float
    easting_m: float


def meridian_of(province: str) -> float:
    """Central meridian of a province, degrees east. Raises UnknownZone with the name."""
    name = province.strip().removeprefix("Tỉnh ").removeprefix("tỉnh ").removeprefix("Thành phố ")
    name = name.removeprefix("thành phố ")
    if name not in CENTRAL_MERIDIANS:
        raise UnknownZone(f"Chưa biết kinh tuyến trục của “{province}”; đề nghị nhập kinh tuyến trục.")
    return CENTRAL_MERIDIANS[name]


def to_plane(latitude: float, longitude: float, *, meridian: float) -> PlanePoint:
    """WGS 84 degrees to VN-2000 plane metres in the zone of the meridian (degrees)."""
    easting, northing = _zone(meridian).transform(longitude, latitude, direction="INVERSE")
    return PlanePoint(northing_m=northing, easting_m=easting)


def to_wgs84(northing_m: float, easting_m: float, *, meridian: float) -> tuple[float, float]:
    """VN-2000 plane metres to WGS 84 (latitude, longitude) in degrees.

    Raises OutsideZone, saying so when northing and easting look swapped.
    """
    if not (_within(northing_m, NORTHING_RANGE_M) and _within(easting_m, EASTING_RANGE_M)):
        swapped = _within(easting_m, NORTHING_RANGE_M) and _within(northing_m, EASTING_RANGE_M)
        hint = " Có thể đã đổi chỗ X (hướng Bắc) và Y (hướng Đông)." if swapped else ""
        raise OutsideZone(f"Tọa độ {northing_m:.1f}; {easting_m:.1f} không phải VN-2000 múi chiếu 3° ở Việt Nam.{hint}")
    longitude, latitude = _zone(meridian).transform(easting_m, northing_m)
    return latitude, longitude


def shape_to_wgs84(shape: Any, *, meridian: float, scale: float = TM3_SCALE) -> Any:
    """Shapes in plane metres (x east, y north, as drawing programs keep it) to WGS 84 lon/lat.

    shape: one shape or an array of shapes. scale: on the central meridian; TM6_SCALE for a zone of 6°.
    """
    return shapely.transform(shape, _zone(meridian, scale).transform, interleaved=False)


def shape_to_plane(shape: Any, *, meridian: float, scale: float = TM3_SCALE) -> Any:
    """WGS 84 lon/lat shapes (one or an array) to plane metres (x east, y north)."""
    back = partial(_zone(meridian, scale).transform, direction="INVERSE")
    return shapely.transform(shape, back, interleaved=False)


def shape_from_degrees(shape: Any) -> Any:
    """Shapes in VN-2000 degrees (longitude, latitude), one or an array, to WGS 84."""
    return shapely.transform(shape, _shift().transform, interleaved=False)


def shape_to_degrees(shape: Any) -> Any:
    """WGS 84 shapes, one or an array, to VN-2000 degrees (longitude, latitude)."""
    return shapely.transform(shape, partial(_shift().transform, direction="INVERSE"), interleaved=False)


def degrees_to_wgs84(latitude: float, longitude: float) -> tuple[float, float]:
    """VN-2000 geographic degrees to WGS 84 (latitude, longitude) in degrees."""
    longitude, latitude = _shift().transform(longitude, latitude)
    return latitude, longitude


def degrees_from_wgs84(latitude: float, longitude: float) -> tuple[float, float]:
    """WGS 84 degrees to VN-2000 geographic (latitude, longitude) in degrees."""
    longitude, latitude = _shift().transform(longitude, latitude, direction="INVERSE")
    return latitude, longitude


def _within(value: float, bounds: tuple[float, float]) -> bool:
    return bounds[0] <= value <= bounds[1]


def _shift_steps() -> str:
    x, y, z = SHIFT_M
    rx, ry, rz = ROTATION_ARCSEC
    return (
        "+step +proj=push +v_3 +step +proj=cart +ellps=WGS84 "
        f"+step +proj=helmert +x={x} +y={y} +z={z} +rx={rx} +ry={ry} +rz={rz} +s={SCALE_PPM} "
        "+convention=coordinate_frame +step +inv +proj=cart +ellps=WGS84 +step +proj=pop +v_3 "
    )


@lru_cache(maxsize=1)
def _shift() -> Transformer:
    degrees = "+step +proj=unitconvert +xy_in={} +xy_out={} "
    return Transformer.from_pipeline(
        "+proj=pipeline " + degrees.format("deg", "rad") + _shift_steps() + degrees.format("rad", "deg")
    )


@lru_cache(maxsize=32)
def _zone(meridian: float, scale: float = TM3_SCALE) -> Transformer:
    """Plane to degrees, and back in the inverse direction; x is east or longitude on both sides."""
    zone = f"+proj=tmerc +lat_0=0 +lon_0={meridian} +k={scale} +x_0={TM3_FALSE_EASTING_M} +y_0=0 +ellps=WGS84"
    steps = f"+step +inv {zone} {_shift_steps()} +step +proj=unitconvert +xy_in=rad +xy_out=deg"
    return Transformer.from_pipeline(f"+proj=pipeline {steps}")
