"""Vector tiles of one layer in the usual web scheme, under the asker's clearance."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from khcn.domains.geodata.api.landing import view_for
from khcn.domains.geodata.api.resource import TILE, Asked, answer, link, links_to
from khcn.domains.geodata.queries.tiles import DEEPEST, HALF_WORLD_M, tile_of
from khcn.lib.failure import NoSuchThing
from khcn.standards.ogcapi.parameters import read_datetime

SCHEME = "WebMercatorQuad"
SCHEME_URI = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
CRS_URI = "http://www.opengis.net/def/crs/EPSG/0/3857"
_PIXEL_M = 0.00028
_TILE_PIXELS = 256


def schemes(asked: Asked) -> HttpResponse:
    """The one tile matrix set."""
    one = {"id": SCHEME, "title": SCHEME, "uri": SCHEME_URI, "crs": CRS_URI,
           "links": [link("self", asked.address(f"tileMatrixSets/{SCHEME}"))]}  # fmt: skip
    return answer(asked, {"tileMatrixSets": [one], "links": links_to(asked)}, title=SCHEME)


def scheme(asked: Asked, name: str) -> HttpResponse:
    """Its levels."""
    if name != SCHEME:
        raise NoSuchThing
    value = {
        "id": SCHEME, "title": SCHEME, "uri": SCHEME_URI, "crs": CRS_URI, "orderedAxes": ["X", "Y"],
        "wellKnownScaleSet": "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
        "tileMatrices": [_level(z) for z in range(DEEPEST + 1)],
    }  # fmt: skip
    return answer(asked, value, title=SCHEME)


def tilesets(asked: Asked, key: str) -> HttpResponse:
    """The tile sets of a layer."""
    view = view_for(asked, key)
    return answer(asked, {"tilesets": [_tileset(asked, view)], "links": links_to(asked)}, title=view.layer.title)


def tileset(asked: Asked, key: str, name: str) -> HttpResponse:
    """One tile set."""
    if name != SCHEME:
        raise NoSuchThing
    view = view_for(asked, key)
    return answer(asked, _tileset(asked, view), title=view.layer.title)


def tile(asked: Asked, key: str, name: str, z: int, row: int, column: int) -> HttpResponse:
    """One tile; 204 where nothing lies. Anybody else's tile is not kept by shared caches."""
    if name != SCHEME or z > DEEPEST or not (0 <= row < 2**z and 0 <= column < 2**z):
        raise NoSuchThing
    view = view_for(asked, key)
    during = read_datetime(asked.query.get("datetime"))
    body = tile_of(view, z, column, row, on=during.last if during else None)
    response = HttpResponse(body, content_type=TILE, status=200 if body else 204)
    response["Cache-Control"] = "private, max-age=60"
    return response


def _tileset(asked: Asked, view: Any) -> dict[str, Any]:
    base = asked.address(f"collections/{view.layer.key}/tiles/{SCHEME}")
    return {
        "title": view.layer.title, "dataType": "vector", "crs": CRS_URI, "tileMatrixSetURI": SCHEME_URI,
        "layers": [{"id": view.layer.key, "dataType": "vector", "title": view.layer.title}],
        "links": [
            link("self", base),
            link("http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme", asked.address(f"tileMatrixSets/{SCHEME}")),
            link("item", base + "/{tileMatrix}/{tileRow}/{tileCol}", TILE, templated=True),
        ],
    }  # fmt: skip


def _level(z: int) -> dict[str, Any]:
    cell = 2 * HALF_WORLD_M / (_TILE_PIXELS * 2**z)
    return {
        "id": str(z), "scaleDenominator": cell / _PIXEL_M, "cellSize": cell, "cornerOfOrigin": "topLeft",
        "pointOfOrigin": [-HALF_WORLD_M, HALF_WORLD_M], "tileWidth": _TILE_PIXELS, "tileHeight": _TILE_PIXELS,
        "matrixWidth": 2**z, "matrixHeight": 2**z,
    }  # fmt: skip
