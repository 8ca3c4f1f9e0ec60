"""Vector tiles of a layer under a clearance: the smallest areas become dots, points are thinned by pixel."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import mapbox_vector_tile
import msgspec
import numpy as np
import shapely
from django.core.cache import cache
from django.utils import timezone

from khcn.domains.geodata.choices import GeometryType
from khcn.domains.geodata.queries.features import View, states
from khcn.domains.geodata.queries.items import raw_rows, shapes_of

EXTENT = 4096
BUFFER = 64
DEEPEST = 18
HALF_WORLD_M = 20_037_508.342789244
RADIUS_M = 6_378_137.0
_MOST = ((11, 3_000), (13, 8_000), (DEEPEST, 20_000))
"""(deepest zoom, most objects in a tile): the largest are kept where there are more."""
KEPT_SECONDS = 3600
_SHOWS_ALL = 14
#: Areas below so many square units of the tile grid, half a pixel each way, are drawn as a dot of that size.
_DUST, _DOT = 64.0, 4.0


def tile_bounds(z: int, x: int, y: int) -> tuple[float, float, float, float]:
    """West, south, east, north of a tile in degrees."""
    tiles = 2**z
    west, east = x / tiles * 360 - 180, (x + 1) / tiles * 360 - 180
    north, south = (
        math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * row / tiles)))) for row in (y, y + 1)
    )  # fmt: skip
    return west, south, east, north


def tile_of(view: View, z: int, x: int, y: int, *, on: date | None = None) -> bytes:
    """The tile in Mapbox's encoding, remembered for the layer's version, the level and the day."""
    day = on or timezone.localdate()
    layer = view.layer
    key = f"geodata.tile.{layer.uid}.{layer.version_number}.{view.clearance}.{day}.{z}.{x}.{y}"
    found = cache.get(key)
    if found is None:
        found = encode_tile(view, z, x, y, on=day)
        cache.set(key, found, KEPT_SECONDS)
    return bytes(found)


def encode_tile(view: View, z: int, x: int, y: int, *, on: date) -> bytes:
    """Encode a tile from the rows."""
    west, south, east, north = tile_bounds(z, x, y)
    edge_x, edge_y = (east - west) * BUFFER / EXTENT, (north - south) * BUFFER / EXTENT
    rows = states(view, on=on)
    bbox = (max(west - edge_x, -180), max(south - edge_y, -90), min(east + edge_x, 180), min(north + edge_y, 90))
    small_scale = view.layer.geometry_type == GeometryType.POLYGON and z < _SHOWS_ALL
    most = next(most for deepest, most in _MOST if z <= deepest)
    rows = rows.filter(geometry__bbox_overlaps=shapely.box(*bbox)).order_by("-area_m2" if small_scale else "code")
    found = list(raw_rows(rows)[:most])
    return encode_rows(view, found, z, x, y)


def encode_rows(view: View, rows: list[Any], z: int, x: int, y: int) -> bytes:
    """Encode raw rows into one tile with a layer named by the layer's key."""
    features: list[dict[str, Any]] = []
    if rows:
        kind = GeometryType(view.layer.geometry_type)
        shapes = on_grid(shapes_of([row[1] for row in rows]), z, x, y)
        if kind is not GeometryType.POINT and z < _SHOWS_ALL:
            shapes = shapely.simplify(shapes, 4.0)
        if kind is GeometryType.POLYGON and z < _SHOWS_ALL:
            shapes = _with_dots(shapes)
        if kind is not GeometryType.POINT:
            shapes = shapely.clip_by_rect(shapes, -BUFFER, -BUFFER, EXTENT + BUFFER, EXTENT + BUFFER)
        kept = _kept(shapes, kind, z)
        names = {field.name for field in view.fields}
        for place in kept:
            values = {name: one for name, one in msgspec.json.decode(rows[place][2]).items() if name in names}
            features.append({"geometry": shapes[place], "properties": {"ma": rows[place][0], **values}})
    options = {"extents": EXTENT, "y_coord_down": True, "check_winding_order": True}
    return bytes(mapbox_vector_tile.encode([{"name": view.layer.key, "features": features}], default_options=options))


def on_grid(shapes: Any, z: int, x: int, y: int) -> Any:
    """Degrees to units of the tile, y down."""
    scale = 2**z * EXTENT

    def move(points: Any) -> Any:
        column = (points[:, 0] + 180) / 360 * scale - x * EXTENT
        sine = np.sin(np.radians(np.clip(points[:, 1], -85.06, 85.06)))
        row = (0.5 - np.log((1 + sine) / (1 - sine)) / (4 * math.pi)) * scale - y * EXTENT
        return np.round(np.column_stack([column, row]))

    return shapely.transform(shapes, move)


def _with_dots(shapes: Any) -> Any:
    """Areas too small to be seen as dots in their place."""
    middles = shapely.get_coordinates(shapely.centroid(shapely.envelope(shapes))).round()
    dots = shapely.box(*(middles - _DOT).T, *(middles + _DOT).T)
    return np.where(shapely.area(shapes) < _DUST, dots, shapes)


def _kept(shapes: Any, kind: GeometryType, z: int) -> Any:
    alive = ~shapely.is_empty(shapes)
    if kind is GeometryType.POINT:
        if z < _SHOWS_ALL:
            pixels = np.floor(shapely.get_coordinates(shapely.centroid(shapes)) / 16)
            _pixels, first = np.unique(pixels, axis=0, return_index=True)
            thinned = np.zeros(len(shapes), dtype=bool)
            thinned[first] = True
            alive &= thinned
    elif kind is GeometryType.POLYGON:
        alive &= shapely.area(shapes) > 0
    return np.flatnonzero(alive)
