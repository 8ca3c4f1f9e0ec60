"""Areas and distances on the WGS 84 ellipsoid, so that both databases and every rule give the same figures.

It projects nothing for display and knows no storage; VN-2000 is in `vn2000`.
"""

from __future__ import annotations

import math
from functools import lru_cache

import shapely
from pyproj import Geod, Transformer
from shapely.geometry.base import BaseGeometry
from shapely.ops import nearest_points

_GEOD = Geod(ellps="WGS84")
#: Shortest length of one degree of latitude, and of longitude at the equator, in metres (WGS 84).
_LATITUDE_DEGREE_M = 110_574.0
_LONGITUDE_DEGREE_M = 111_319.0


def area_m2(geometry: BaseGeometry) -> float:
    """Area on the ellipsoid in square metres; 0 for points and lines.

    geometry: lon/lat degrees, EPSG:4326. The sign of a ring's direction does not matter.
    """
    if geometry.is_empty:
        return 0.0
    parts = getattr(geometry, "geoms", None)
    if parts is not None:
        return sum(area_m2(part) for part in parts)
    if geometry.geom_type != "Polygon":
        return 0.0
    shell = abs(_GEOD.geometry_area_perimeter(geometry.exterior)[0])  # type: ignore[attr-defined]
    holes = sum(abs(_GEOD.geometry_area_perimeter(ring)[0]) for ring in geometry.interiors)  # type: ignore[attr-defined]
    return shell - holes


def distance_m(one: BaseGeometry, other: BaseGeometry) -> float:
    """Shortest distance on the ellipsoid in metres, 0 when they touch.

    The nearest points are sought in an equidistant plane around `other`, then measured on the ellipsoid: exact for
    points, within a few metres for shapes less than some hundred kilometres apart.
    """
    if one.intersects(other):
        return 0.0
    centre = other.centroid
    there, back = _plane(round(centre.x, 6), round(centre.y, 6))
    plane = [shapely.transform(shape, there.transform, interleaved=False) for shape in (one, other)]
    first, second = nearest_points(*plane)
    start, end = back.transform(first.x, first.y), back.transform(second.x, second.y)
    return float(_GEOD.inv(*start, *end)[2])


def bounds_around(geometry: BaseGeometry, distance: float) -> tuple[float, float, float, float]:
    """(min_x, min_y, max_x, max_y) in degrees that hold everything within `distance` metres of the geometry."""
    min_x, min_y, max_x, max_y = geometry.bounds
    dy = distance / _LATITUDE_DEGREE_M
    farthest = min(89.0, max(abs(min_y), abs(max_y)) + dy)
    dx = 1.01 * distance / (_LONGITUDE_DEGREE_M * math.cos(math.radians(farthest)))
    return min_x - dx, min_y - dy, max_x + dx, max_y + dy


@lru_cache(maxsize=64)
def _plane(longitude: float, latitude: float) -> tuple[Transformer, Transformer]:
    plane = f"+proj=aeqd +lon_0={longitude} +lat_0={latitude} +datum=WGS84"
    return (
        Transformer.from_crs("EPSG:4326", plane, always_xy=True),
        Transformer.from_crs(plane, "EPSG:4326", always_xy=True),
    )
