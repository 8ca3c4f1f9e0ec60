"""The base map without a network: units and open reference layers as one PMTiles file, made here and served by tile."""

import gzip
import math
import os
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import mapbox_vector_tile
import shapely
from django.conf import settings
from pmtiles.reader import MmapSource, Reader
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from khcn.domains.geodata.choices import Access, LayerKind
from khcn.domains.geodata.models import Layer
from khcn.domains.geodata.queries.features import states, view_of
from khcn.domains.geodata.queries.tiles import EXTENT, on_grid, tile_bounds
from khcn.kernel.places.choices import UnitLevel
from khcn.kernel.places.queries import cells_on

SHALLOWEST, DEEPEST = 5, 12
_MARGIN = 0.03


def base_map_path() -> Path:
    """Where the file is."""
    return Path(settings.MEDIA_ROOT) / "ban-do" / "nen.pmtiles"


def make_base_map(*, on: date, deepest: int = DEEPEST) -> int:
    """Write the file anew from the units of a day and the open reference layers; returns how many tiles it holds."""
    sources: dict[str, list[tuple[Any, dict[str, Any]]]] = {
        "don-vi": [(cell.shape, {"ten": cell.name, "so_do": cell.is_schematic}) for level in (UnitLevel.COMMUNE,)
                   for cell in cells_on(on, level=level)],
    }  # fmt: skip
    for layer in Layer.objects.filter(kind=LayerKind.REFERENCE, access=Access.OPEN, is_open=True):
        rows = states(view_of(layer, Access.OPEN), on=on)
        sources[layer.key] = [(state.geometry, {"ten": state.title}) for state in rows]
    shapes = [shape for rows in sources.values() for shape, _facts in rows]
    if not shapes:
        return 0
    bounds = tuple(float(one) for one in shapely.total_bounds(shapes))
    target = base_map_path()
    target.parent.mkdir(parents=True, exist_ok=True)
    partial, count = target.with_suffix(".moi"), 0
    with partial.open("wb") as out:
        writer = Writer(out)
        for tile_id, (z, x, y) in sorted(
            (zxy_to_tileid(*tile), tile) for tile in _tiles_over(bounds, deepest)
        ):  # fmt: skip
            content = _encode(sources, z, x, y)
            if content:
                writer.write_tile(tile_id, gzip.compress(content, mtime=0))
                count += 1
        writer.finalize(_header(bounds, deepest), {"vector_layers": [{"id": key, "fields": {}} for key in sources]})
    os.replace(partial, target)
    _opened.cache_clear()
    return count


def base_tile(z: int, x: int, y: int) -> bytes:
    """One tile of the file, empty where there is none."""
    path = base_map_path()
    if not path.is_file() or not 0 <= z <= 24:
        return b""
    stat = path.stat()
    found = _opened(str(path), stat.st_mtime_ns).get(z, x, y)
    return gzip.decompress(found) if found else b""


@lru_cache(maxsize=2)
def _opened(path: str, _changed: int) -> Reader:
    return Reader(MmapSource(open(path, "rb")))


def _tiles_over(bounds: tuple[float, ...], deepest: int) -> Iterator[tuple[int, int, int]]:
    west, south, east, north = bounds
    for z in range(SHALLOWEST, deepest + 1):
        tiles = 2**z

        def row(latitude: float, tiles: int = tiles) -> int:
            sine = math.sin(math.radians(latitude))
            return int((0.5 - math.log((1 + sine) / (1 - sine)) / (4 * math.pi)) * tiles)

        for x in range(int((west + 180) / 360 * tiles), int((east + 180) / 360 * tiles) + 1):
            for y in range(row(north), row(south) + 1):
                yield z, x, y


def _encode(sources: dict[str, list[tuple[Any, dict[str, Any]]]], z: int, x: int, y: int) -> bytes:
    west, south, east, north = tile_bounds(z, x, y)
    edge = (east - west) * _MARGIN
    area = shapely.box(west - edge, south - edge, east + edge, north + edge)
    layers = []
    for name, rows in sources.items():
        near = [(shape, facts) for shape, facts in rows if shape.intersects(area)]
        if not near:
            continue
        placed = on_grid([shape for shape, _facts in near], z, x, y)
        cut = shapely.clip_by_rect(shapely.simplify(placed, 4.0), -128, -128, EXTENT + 128, EXTENT + 128)
        features = [
            {"geometry": shape, "properties": facts}
            for shape, (_shape, facts) in zip(cut, near, strict=True) if not shape.is_empty
        ]  # fmt: skip
        if features:
            layers.append({"name": name, "features": features})
    if not layers:
        return b""
    options = {"extents": EXTENT, "y_coord_down": True}
    return bytes(mapbox_vector_tile.encode(layers, default_options=options))


def _header(bounds: tuple[float, ...], deepest: int) -> dict[str, Any]:
    west, south, east, north = (int(one * 1e7) for one in bounds)
    return {
        "tile_type": TileType.MVT, "tile_compression": Compression.GZIP, "min_zoom": SHALLOWEST, "max_zoom": deepest,
        "min_lon_e7": west, "min_lat_e7": south, "max_lon_e7": east, "max_lat_e7": north, "center_zoom": 8,
        "center_lon_e7": (west + east) // 2, "center_lat_e7": (south + north) // 2,
    }  # fmt: skip
