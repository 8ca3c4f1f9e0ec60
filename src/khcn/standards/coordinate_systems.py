"""The coordinate systems in which layers are entered, asked for and exported, and which of them a file is in.

Vietnam's own systems go through `vn2000`, so that the datum shift is EPSG:6960 whatever a library would choose. Codes
and meridians are those of the EPSG register. It reads no file and knows no layer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from pyproj import Transformer
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from khcn.lib.failure import Failure
from khcn.standards import vn2000

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
WGS84 = 4326
_EPSG_URI = "http://www.opengis.net/def/crs/EPSG/0/"


class UnknownSystem(Failure):
    """A coordinate system that is not served."""

    code = "unknown_system"


@dataclass(frozen=True, slots=True)
class System:
    """A coordinate system by its EPSG code.

    meridian: central meridian of a transverse Mercator zone in degrees, None for degrees.
    """

    epsg: int
    name: str
    meridian: float | None = None
    scale: float = vn2000.TM3_SCALE
    is_vn2000: bool = True

    @property
    def uri(self) -> str:
        """The identifier that the OGC API uses."""
        return f"{_EPSG_URI}{self.epsg}"

    @property
    def is_degrees(self) -> bool:
        """True where coordinates are longitude and latitude."""
        return self.meridian is None

    @property
    def northing_first(self) -> bool:
        """True where the register puts latitude first, as the OGC API then does; files of programs do not."""
        return self.is_degrees


_TM3 = {
    9205: 103.0, 9206: 104.0, 9207: 104.5, 9208: 104.75, 9209: 105.5, 9210: 105.75, 9211: 106.0, 9212: 106.25,
    9213: 106.5, 9214: 107.0, 9215: 107.25, 9216: 107.5, 5899: 107.75, 9217: 108.25, 9218: 108.5, 5896: 102.0,
    5897: 105.0, 5898: 108.0,
}  # fmt: skip


def _degrees(value: float) -> str:
    return f"{int(value)}°{round(value % 1 * 60):02d}′"


SYSTEMS: dict[int, System] = {
    4326: System(4326, "WGS 84", is_vn2000=False),
    4756: System(4756, "VN-2000"),
    **{code: System(code, f"VN-2000 / TM-3 {_degrees(at)}", at) for code, at in sorted(_TM3.items())},
    3405: System(3405, "VN-2000 / UTM 48N", 105.0, vn2000.TM6_SCALE),
    3406: System(3406, "VN-2000 / UTM 49N", 111.0, vn2000.TM6_SCALE),
    32648: System(32648, "WGS 84 / UTM 48N", 105.0, vn2000.TM6_SCALE, is_vn2000=False),
    32649: System(32649, "WGS 84 / UTM 49N", 111.0, vn2000.TM6_SCALE, is_vn2000=False),
}
"""EPSG code → system, WGS 84 first."""
USUAL = (9212, 5899, 3405, 4756, 4326)
"""The systems that files of this province come in, likeliest first."""


def system_of(epsg: int) -> System:
    """The system with this code. Raises UnknownSystem."""
    if epsg not in SYSTEMS:
        raise UnknownSystem(f"Hệ tọa độ EPSG:{epsg} chưa được hỗ trợ; đề nghị chọn hệ khác trong danh sách.")
    return SYSTEMS[epsg]


def system_of_uri(uri: str) -> System | None:
    """The system behind an OGC identifier; None for CRS84, which is WGS 84 with longitude first.

    Raises UnknownSystem.
    """
    if uri == CRS84:
        return None
    code = uri.removeprefix(_EPSG_URI)
    if code == uri or not code.isascii() or not code.isdecimal():
        raise UnknownSystem(f"Không có hệ tọa độ “{uri}”.")
    return system_of(int(code))


def to_wgs84(shapes: Any, epsg: int) -> Any:
    """Shapes (one or an array; x east or longitude) to WGS 84 longitude and latitude. Raises UnknownSystem."""
    system = system_of(epsg)
    if not system.is_vn2000:
        return shapes if system.is_degrees else shapely.transform(shapes, _utm(epsg).transform, interleaved=False)
    if system.meridian is None:
        return vn2000.shape_from_degrees(shapes)
    return vn2000.shape_to_wgs84(shapes, meridian=system.meridian, scale=system.scale)


def from_wgs84(shapes: Any, epsg: int) -> Any:
    """WGS 84 shapes (one or an array) to a system, x east or longitude. Raises UnknownSystem."""
    system = system_of(epsg)
    if not system.is_vn2000:
        return shapes if system.is_degrees else shapely.transform(shapes, _back(epsg), interleaved=False)
    if system.meridian is None:
        return vn2000.shape_to_degrees(shapes)
    return vn2000.shape_to_plane(shapes, meridian=system.meridian, scale=system.scale)


def in_register_order(shapes: Any, system: System | None) -> Any:
    """Shapes with the axes as the system's register has them; None is CRS84. The same call turns them back."""
    if system is None or not system.northing_first:
        return shapes
    return shapely.transform(shapes, lambda points: points[:, ::-1])


def systems_that_fit(shapes: Iterable[BaseGeometry], home: BaseGeometry, *, among: Iterable[int] = ()) -> list[int]:
    """The systems in which most of the shapes lie at home, best first; those of WGS 84 and VN-2000 alike.

    home: where the shapes must be, in WGS 84. among: codes to try, `USUAL` and then all others by default. An empty
    answer means that no system fits: other axes, a local system, or not of this place.
    """
    sample = np.array([shape for shape in shapes if shape is not None and not shape.is_empty][:200], dtype=object)
    if not len(sample):
        return []
    points = shapely.centroid(sample)
    wanted = list(among) or [*USUAL, *(code for code in SYSTEMS if code not in USUAL)]
    shares = {code: _share_at_home(points, code, home) for code in wanted}
    found = [code for code in wanted if shares[code] > 0.5]
    return sorted(found, key=lambda code: (-round(shares[code], 2), wanted.index(code)))


def are_swapped(shapes: Iterable[BaseGeometry], home: BaseGeometry, epsg: int) -> bool:
    """True when the shapes lie at home only after their axes are turned round."""
    listed = np.array(list(shapes)[:200], dtype=object)
    if not len(listed) or systems_that_fit(listed, home, among=(epsg,)):
        return False
    turned = shapely.transform(listed, lambda points: points[:, ::-1])
    return bool(systems_that_fit(turned, home, among=(epsg,)))


def _share_at_home(points: Any, epsg: int, home: BaseGeometry) -> float:
    x, y = shapely.get_x(points), shapely.get_y(points)
    degrees = (np.abs(x) <= 180) & (np.abs(y) <= 90)
    if SYSTEMS[epsg].is_degrees != bool(degrees.mean() > 0.5):
        return 0.0
    try:
        there = to_wgs84(points, epsg)
    except (ShapelyError, ValueError):
        return 0.0
    inside = np.isfinite(shapely.get_x(there)) & shapely.intersects(home, there)
    return float(inside.mean())


@lru_cache(maxsize=4)
def _utm(epsg: int) -> Transformer:
    return Transformer.from_crs(f"EPSG:{epsg}", "EPSG:4326", always_xy=True)


def _back(epsg: int) -> Any:
    transformer = _utm(epsg)
    return lambda x, y: transformer.transform(x, y, direction="INVERSE")
