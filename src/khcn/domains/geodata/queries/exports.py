"""Writes objects of a layer as files of other programs: GeoPackage, GeoJSON, zipped Shapefile, CSV with coordinates."""

import csv
import io
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyogrio
import shapely

from khcn.domains.geodata.choices import FieldType, GeometryType
from khcn.domains.geodata.queries.features import View
from khcn.domains.geodata.queries.items import shapes_of
from khcn.lib.failure import Refused
from khcn.standards.coordinate_systems import SYSTEMS, from_wgs84

FORMATS = {
    "gpkg": ("GeoPackage", "application/geopackage+sqlite3"), "geojson": ("GeoJSON", "application/geo+json"),
    "shp": ("Shapefile (.zip)", "application/zip"), "csv": ("CSV", "text/csv; charset=utf-8"),
}  # fmt: skip
_DRIVERS = {"gpkg": "GPKG", "geojson": "GeoJSON", "shp": "ESRI Shapefile"}
_MULTI = {GeometryType.POINT: "MultiPoint", GeometryType.LINE: "MultiLineString", GeometryType.POLYGON: "MultiPolygon"}
_SHORTEST_NAME = 10
"""What the DBF of a Shapefile allows."""


def export_layer(view: View, rows: Sequence[tuple[Any, ...]], kind: str, *, epsg: int) -> bytes:
    """The raw rows as a file, in a system; hidden fields are not in it. Raises Refused for a format that is none."""
    if kind not in FORMATS or epsg not in SYSTEMS:
        raise Refused("Không xuất được định dạng hoặc hệ tọa độ này.")
    epsg = 4326 if kind == "geojson" else epsg
    shapes = shapes_of([row[1] for row in rows]) if rows else np.empty(0, dtype=object)
    values = [msgspec.json.decode(row[2]) for row in rows]
    columns: dict[str, list[Any]] = {
        "ma": [row[0] for row in rows], "hieu_luc_tu": [str(row[3]) for row in rows],
        "hieu_luc_den": [str(row[4]) if row[4] else None for row in rows],
        "dien_tich_m2": [float(row[5]) for row in rows],
    }  # fmt: skip
    for field in view.fields:
        columns[field.name] = [_plain(value.get(field.name), field.type) for value in values]
    moved = from_wgs84(shapes, epsg) if len(shapes) else shapes
    if kind == "csv":
        return _csv(columns, moved)
    return _with_gdal(view, moved, columns, kind, epsg)


def _with_gdal(view: View, shapes: Any, columns: dict[str, list[Any]], kind: str, epsg: int) -> bytes:
    multi = GeometryType(view.layer.geometry_type)
    make = {GeometryType.POINT: shapely.MultiPoint, GeometryType.LINE: shapely.MultiLineString,
            GeometryType.POLYGON: shapely.MultiPolygon}[multi]  # fmt: skip
    whole = [one if one.geom_type.startswith("Multi") else make([one]) for one in shapes]
    options: dict[str, Any] = {"encoding": "UTF-8"} if kind == "shp" else {}
    names = _short(list(columns)) if kind == "shp" else list(columns)
    with tempfile.TemporaryDirectory(prefix="khcn-xuat-") as folder:
        target = Path(folder) / f"{view.layer.key}.{kind}"
        pyogrio.raw.write(
            str(target), geometry=np.array([shapely.to_wkb(one) for one in whole], dtype=object),
            field_data=[np.array(values, dtype=_dtype(values)) for values in columns.values()], fields=names,
            geometry_type=_MULTI[multi], crs=f"EPSG:{epsg}", driver=_DRIVERS[kind], layer=view.layer.key, **options,
        )  # fmt: skip
        if kind != "shp":
            return target.read_bytes()
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as opened:
            for path in sorted(Path(folder).iterdir()):
                opened.write(path, path.name)
        return archive.getvalue()


def _csv(columns: dict[str, list[Any]], shapes: Any) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*columns, "x", "y", "wkt"])
    for row, shape in zip(zip(*columns.values(), strict=True), shapes, strict=True):
        centre = shape.representative_point()
        writer.writerow([*("" if cell is None else _safe(cell) for cell in row), centre.x, centre.y, shape.wkt])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _safe(cell: Any) -> Any:
    """No cell begins a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in "=+-@" else cell


def _plain(value: Any, kind: FieldType) -> Any:
    if value is None:
        return None
    return float(value) if kind in (FieldType.NUMBER, FieldType.INTEGER) else str(value)


def _dtype(values: list[Any]) -> Any:
    return float if values and all(isinstance(value, float) for value in values) else object


def _short(names: list[str]) -> list[str]:
    done: list[str] = []
    for name in names:
        short, number = name[:_SHORTEST_NAME], 1
        while short in done:
            short = f"{name[: _SHORTEST_NAME - 2]}_{number}"
            number += 1
        done.append(short)
    return done
