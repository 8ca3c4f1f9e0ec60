"""Layers at size: pages of the OGC API beside pygeoapi on the same rows, tiles, an import, points in units.

Prints one JSON line per measurement, each with commit and machine. `./khcn bench geodata [--objects N] [--seconds S]`.
Requests are answered in this process, without a socket; pygeoapi gets the rows through a provider over the same ORM.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))
FOLDER = tempfile.TemporaryDirectory(prefix="khcn-bench-")
os.environ.setdefault("DATABASE_URL", f"sqlite:///{FOLDER.name}/bench.sqlite3")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "khcn.site.settings.dev")
os.environ.setdefault("KHCN_HOSTS", "testserver")

import django  # noqa: E402 - after the path and the database

django.setup()

import numpy as np  # noqa: E402
import pyogrio  # noqa: E402
import shapely  # noqa: E402
from django.core.cache import cache  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402

from khcn.domains.geodata.choices import Access, FieldType, GeometryType  # noqa: E402
from khcn.domains.geodata.models import Feature, Layer  # noqa: E402
from khcn.domains.geodata.queries.features import view_of  # noqa: E402
from khcn.domains.geodata.queries.source_files import read_source  # noqa: E402
from khcn.domains.geodata.queries.tiles import encode_tile  # noqa: E402
from khcn.domains.geodata.rules.fields import Field  # noqa: E402
from khcn.domains.geodata.services import imports, layers  # noqa: E402
from khcn.kernel.orgs.models import Organisation  # noqa: E402
from khcn.lib.actor import Actor  # noqa: E402
from khcn.standards.coordinate_systems import from_wgs84  # noqa: E402

WEST, SOUTH, EAST, NORTH = 106.4, 11.3, 107.4, 12.3
FIELDS = (
    Field("ten", "Tên"), Field("loai", "Loại", FieldType.CHOICE, choices=("A", "B", "C")),
    Field("dien_tich", "Diện tích", FieldType.NUMBER), Field("nam", "Năm", FieldType.INTEGER),
)  # fmt: skip


def machine() -> dict[str, object]:
    """The commit measured and the machine it ran on."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return {
        "commit": commit.stdout.strip(), "python": platform.python_version(), "machine": platform.machine(),
        "cores": os.cpu_count(), "database": connection.vendor,
    }  # fmt: skip


def emit(name: str, **values: object) -> None:
    """Print one measurement as a JSON line."""
    print(json.dumps({"bench": f"geodata.{name}", **values, **machine()}, ensure_ascii=False), flush=True)


def median_ms(action: Callable[[], Any], seconds: float) -> float:
    """Median of repeated runs within the time, five at least, after one to warm up."""
    action()
    taken: list[float] = []
    until = time.perf_counter() + seconds
    while len(taken) < 5 or (time.perf_counter() < until and len(taken) < 200):
        start = time.perf_counter()
        action()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken) * 1e3


def invented(count: int) -> tuple[Any, dict[str, np.ndarray]]:
    """Shapes (seven of ten areas of ten corners, the rest small squares) and columns, the same in every run."""
    random = np.random.default_rng(20261128)
    x, y = random.uniform(WEST, EAST, count), random.uniform(SOUTH, NORTH, count)
    size = random.uniform(0.0004, 0.002, count)
    shapes = np.array(shapely.box(x, y, x + size, y + size))
    round_ones = random.random(count) < 0.7
    shapes[round_ones] = shapely.buffer(shapely.points(x[round_ones], y[round_ones]), size[round_ones] / 2, quad_segs=3)
    columns = {
        "ma": np.array([f"O-{number:06d}" for number in range(count)], dtype=object),
        "ten": np.array([f"Lô đất số {number}" for number in range(count)], dtype=object),
        "loai": np.array(["A", "B", "C"], dtype=object)[random.integers(0, 3, count)],
        "dien_tich": random.uniform(0.1, 50, count).round(2), "nam": random.integers(1990, 2026, count),
    }  # fmt: skip
    return shapes, columns


def take_in(count: int, actor: Actor) -> Layer:
    """An import of a GeoPackage in VN-2000 through the product's own way, part by part."""
    shapes, columns = invented(count)
    owner = Organisation.objects.create(code="BENCH", name="Cơ quan đo")
    layer = layers.create_layer(
        by=actor, key="lo-dat", title="Lô đất", owner=owner, geometry_type=GeometryType.POLYGON, fields=FIELDS,
        access=Access.OPEN, title_field="ten",
    )  # fmt: skip
    path = Path(FOLDER.name) / "lo.gpkg"
    pyogrio.raw.write(
        str(path), geometry=shapely.to_wkb(from_wgs84(shapes, 9212)), geometry_type="Polygon", crs="EPSG:9212",
        fields=list(columns), field_data=list(columns.values()), driver="GPKG",
    )  # fmt: skip
    content = path.read_bytes()
    start = time.perf_counter()
    table = read_source(content, "lo.gpkg", layer)
    read = time.perf_counter()
    batch = imports.prepare_import(
        by=actor, layer=layer, content=content, table=table, declared_epsg=9212, effective_on=date(2024, 1, 1)
    )
    prepared = time.perf_counter()
    imports.apply_import(by=actor, batch=batch, table=table)
    applied = time.perf_counter()
    emit("import", objects=count, read_s=round(read - start, 2), check_s=round(prepared - read, 2),
         apply_s=round(applied - prepared, 2), total_s=round(applied - start, 2))  # fmt: skip
    layer.refresh_from_db()
    return layer


def pygeoapi_client(layer: Layer) -> Callable[[str], int]:
    """Answers items of the layer through pygeoapi over the same ORM; returns the length of a body."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from django.test import RequestFactory
        from pygeoapi.api import API, APIRequest
        from pygeoapi.api.itemtypes import get_collection_items
        from pygeoapi.provider.base import BaseProvider

    class OrmProvider(BaseProvider):
        """The rows of the layer, as a provider for pygeoapi."""

        def get_fields(self) -> dict[str, Any]:
            return {field.name: {"type": "string"} for field in FIELDS}

        def query(self, offset: int = 0, limit: int = 10, resulttype: str = "results", bbox: Any = None,
                  **kwargs: Any) -> dict[str, Any]:  # fmt: skip
            rows = Feature.objects.filter(layer=layer, valid_to=None)
            if bbox:
                rows = rows.filter(geometry__intersects=shapely.box(*map(float, bbox)))
            found = rows.order_by("id").values_list("code", "geometry", "properties")[offset : offset + limit]
            features = [
                {"type": "Feature", "id": code, "geometry": shapely.geometry.mapping(shape), "properties": values}
                for code, shape, values in found
            ]
            return {
                "type": "FeatureCollection", "features": features, "numberReturned": len(features),
                "numberMatched": rows.count(),
            }  # fmt: skip

    sys.modules["bench_orm_provider"] = type(sys)("bench_orm_provider")
    sys.modules["bench_orm_provider"].OrmProvider = OrmProvider  # type: ignore[attr-defined]
    config = {
        "server": {"url": "http://testserver/", "mimetype": "application/json", "encoding": "utf-8",
                   "language": "en-US", "limits": {"default_items": 10, "max_items": 10_000}, "gzip": False,
                   "pretty_print": False,
                   "map": {"url": "", "attribution": ""}},
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {"title": "x", "description": "x", "keywords": ["x"], "keywords_type": "theme",
                               "terms_of_service": "", "url": ""},
            "license": {"name": "x", "url": ""}, "provider": {"name": "x", "url": ""}, "contact": {"name": "x"},
        },
        "resources": {"lo-dat": {
            "type": "collection", "title": "x", "description": "x", "keywords": ["x"], "links": [],
            "extents": {"spatial": {"bbox": [WEST, SOUTH, EAST, NORTH],
                                    "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}},
            "providers": [{"type": "feature", "name": "bench_orm_provider.OrmProvider", "data": "x", "id_field": "id"}],
        }},
    }  # fmt: skip
    logging.disable(logging.WARNING)
    api = API(config, {})
    factory = RequestFactory()

    def ask(query: str) -> int:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            request = APIRequest.from_django(factory.get(f"/collections/lo-dat/items?f=json&{query}"), api.locales)
            _headers, status, body = get_collection_items(api, request, "lo-dat")
        if status != 200:
            raise SystemExit(f"pygeoapi answered {status}: {str(body)[:300]}")
        return len(json.loads(body)["features"])

    return ask


def pages(layer: Layer, seconds: float) -> None:
    """Limits, a box and a deep page, ours and pygeoapi's on the same rows in the same run."""
    client = Client()

    def ours(query: str) -> int:
        response = client.get(f"/ogc/collections/lo-dat/items?f=json&{query}")
        if response.status_code != 200:
            raise SystemExit(f"we answered {response.status_code}: {response.content[:300]!r}")
        return response.content.count(b'"type":"Feature",')

    theirs = pygeoapi_client(layer)
    deep = max(0, layer.object_count * 9 // 10)
    first = client.get(f"/ogc/collections/lo-dat/items?f=json&limit=1&offset={deep}").json()
    cursor = next(link["href"] for link in first["links"] if link["rel"] == "next").split("cursor=")[1].split("&")[0]
    box = f"bbox={WEST + 0.4},{SOUTH + 0.4},{WEST + 0.5},{SOUTH + 0.5}"
    cases = (
        ("limit=10", "limit=10", "limit=10"), ("limit=1000", "limit=1000", "limit=1000"),
        ("limit=10000", "limit=10000", "limit=10000"), ("bbox 1000", f"limit=1000&{box}", f"limit=1000&{box}"),
        ("deep 100 by key", f"limit=100&cursor={cursor}", f"limit=100&offset={deep}"),
        ("deep 100 by offset", f"limit=100&offset={deep}", f"limit=100&offset={deep}"),
    )  # fmt: skip
    for name, mine, other in cases:
        counts = ours(mine), theirs(other)
        one, two = median_ms(lambda q=mine: ours(q), seconds), median_ms(lambda q=other: theirs(q), seconds)
        emit("items", case=name, features=counts[0], pygeoapi_features=counts[1], ours_ms=round(one, 1),
             pygeoapi_ms=round(two, 1), ratio=round(two / one, 1))  # fmt: skip


def tiles(layer: Layer) -> None:
    """p50 and p95 of tiles made from rows, not remembered, by level."""
    view, today = view_of(layer, Access.OPEN), date.today()  # noqa: DTZ011 - a day on this machine
    for z in range(8, 15):
        count = 2**z
        x0, x1 = (int((lon + 180) / 360 * count) for lon in (WEST, EAST))
        middle_y = 0.5 - np.log((1 + np.sin(np.radians(11.8))) / (1 - np.sin(np.radians(11.8)))) / (4 * np.pi)
        y0 = int(middle_y * count)
        chosen = [(x, y) for x in np.linspace(x0, x1, 6, dtype=int) for y in range(y0 - 1, y0 + 2)]
        chosen = list(dict.fromkeys((int(x), int(y)) for x, y in chosen))
        taken, sizes = [], []
        for x, y in chosen:
            start = time.perf_counter()
            sizes.append(len(encode_tile(view, z, x, y, on=today)))
            taken.append((time.perf_counter() - start) * 1e3)
        high = sorted(taken)[int(len(taken) * 0.95)]
        emit("tiles", zoom=z, tiles=len(chosen), p50_ms=round(statistics.median(taken), 1), p95_ms=round(high, 1),
             largest_kb=round(max(sizes) / 1024, 1))  # fmt: skip


def points_in_units(count: int) -> None:
    """The unit of each point among forty areas of some thousand corners, by an index of prepared shapes."""
    from khcn.kernel.places.queries import codes_at

    random = np.random.default_rng(7)
    centres = shapely.points(random.uniform(WEST, EAST, 40), random.uniform(SOUTH, NORTH, 40))
    home = shapely.box(WEST, SOUTH, EAST, NORTH)
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(centres), extend_to=home))
    areas = shapely.segmentize(shapely.intersection(cells, home), 0.0003)
    named = [(f"{place:05d}", area) for place, area in enumerate(areas)]
    longitudes, latitudes = random.uniform(WEST, EAST, count), random.uniform(SOUTH, NORTH, count)
    start = time.perf_counter()
    found = codes_at(longitudes, latitudes, named)
    taken = time.perf_counter() - start
    emit("points_in_units", points=count, corners=int(shapely.get_num_coordinates(areas).sum()),
         placed=sum(1 for one in found if one), seconds=round(taken, 3))  # fmt: skip


def main() -> None:
    """Set up a database of its own, and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--objects", type=int, default=100_000, help="how many objects the layer has")
    parser.add_argument("--seconds", type=float, default=4.0, help="how long each request is repeated")
    arguments = parser.parse_args()
    call_command("migrate", verbosity=0)
    actor = Actor(uid=UUID(int=0), name="Đo", on=date(2026, 1, 1), is_system=True)
    with transaction.atomic():
        layer = take_in(arguments.objects, actor)
    cache.clear()
    pages(layer, arguments.seconds)
    tiles(layer)
    points_in_units(100_000)


if __name__ == "__main__":
    main()
