"""A file of map data once it is read, and how its columns become codes, fields and shapes; pure.

Column names are matched without diacritics; coordinates of a spreadsheet are told by their headings and sizes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely

from khcn.domains.geodata.choices import GeometryType
from khcn.domains.geodata.rules.fields import Field
from khcn.lib.text import fold

_EAST = ("kinh do", "lon", "long", "longitude", "easting", "dong", "x dong", "y dong", "toa do y", "e")
_NORTH = ("vi do", "lat", "latitude", "northing", "bac", "x bac", "toa do x", "n")
_CODES = ("ma", "code", "id", "ma doi tuong", "ma so", "so hieu", "fid", "objectid", "entityhandle")
#: A plane coordinate at least this large is a northing in Vietnam; eastings stay below 900 km.
_LEAST_NORTHING_M = 905_000.0


@dataclass(frozen=True)
class SourceTable:
    """One part of a file: columns in order, a list of values per column, shapes (shapely or None) as drawn."""

    filename: str
    driver: str
    part: str
    parts: tuple[str, ...]
    columns: tuple[str, ...]
    values: tuple[tuple[Any, ...], ...]
    shapes: Any
    stated_epsg: int | None = None
    encoding: str = ""
    notes: tuple[str, ...] = field(default_factory=tuple)

    @property
    def row_count(self) -> int:
        """How many rows there are."""
        return len(self.shapes)

    def column(self, name: str) -> tuple[Any, ...]:
        """Values of a column."""
        return self.values[self.columns.index(name)]


def suggest_mapping(fields: Sequence[Field], columns: Sequence[str]) -> dict[str, str]:
    """Field name → column of the same name or title; what matches nothing is left out."""
    folded = {fold(column): column for column in reversed(columns)}
    found = {}
    for one in fields:
        for spelling in (one.name, one.name.replace("_", ""), one.title, one.heading, one.name[:10]):
            if fold(spelling) in folded:
                found[one.name] = folded[fold(spelling)]
                break
    return found


def suggest_code_column(columns: Sequence[str]) -> str:
    """The column that looks like a code, or an empty text: then rows are numbered."""
    folded = {fold(column).replace("_", " "): column for column in reversed(columns)}
    return next((folded[name] for name in _CODES if name in folded), "")


def coordinate_columns(columns: Sequence[str], first_row: Mapping[str, Any]) -> tuple[str, str] | None:
    """(column of east, column of north) of a spreadsheet, or None.

    "X" and "Y" alone mean north and east in Vietnamese tables and the reverse in programs: the size of the number
    decides, since a northing here is always the larger.
    """
    folded = {" ".join(fold(column).replace("(", " ").replace(")", " ").split()): column for column in columns}
    east = next((column for name, column in folded.items() if _says(name, _EAST)), "")
    north = next((column for name, column in folded.items() if column != east and _says(name, _NORTH)), "")
    if east and north:
        return east, north
    if "x" in folded and "y" in folded:
        first, second = folded["x"], folded["y"]
        value = _number(first_row.get(first))
        return (second, first) if value is not None and value > _LEAST_NORTHING_M else (first, second)
    return None


def _says(name: str, words: Sequence[str]) -> bool:
    return any(name == word or name.startswith(f"{word} ") or name.endswith(f" {word}") for word in words)


def _number(value: Any) -> float | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    text = str(value or "").replace(" ", "").replace("\u00a0", "")
    if text.count(",") == 1:
        text = text.replace(".", "").replace(",", ".")
    try:
        return float(text)
    except ValueError:
        return None


def points_of(east: Sequence[Any], north: Sequence[Any]) -> Any:
    """One point per row; None where a number is missing."""
    found = np.empty(len(east), dtype=object)
    for row, (x, y) in enumerate(zip(east, north, strict=True)):
        a, b = _number(x), _number(y)
        found[row] = shapely.Point(a, b) if a is not None and b is not None else None
    return found


def corners_to_shapes(codes: Sequence[Any], points: Any, kind: GeometryType) -> tuple[list[int], Any]:
    """Corner points in the order of their rows, grouped by code, to one line or area per code.

    Returns the first row of each object and the shapes; too few corners give None.
    """
    rows: dict[str, list[int]] = {}
    for row, code in enumerate(codes):
        rows.setdefault(str(code), []).append(row)
    firsts = [group[0] for group in rows.values()]
    shapes = np.empty(len(firsts), dtype=object)
    for place, group in enumerate(rows.values()):
        corners = [points[row] for row in group if points[row] is not None]
        least = 3 if kind is GeometryType.POLYGON else 2
        if len(corners) < least or len(corners) < len(group):
            continue
        line = [(point.x, point.y) for point in corners]
        shapes[place] = shapely.Polygon(line) if kind is GeometryType.POLYGON else shapely.LineString(line)
    return firsts, shapes


def fitted(shapes: Any, kind: GeometryType) -> Any:
    """Shapes of drawing programs as the layer wants them: closed lines become areas, areas' outlines stay areas."""
    found = shapes.copy()
    if kind is GeometryType.POLYGON:
        for row, shape in enumerate(shapes):
            if shape is not None and shape.geom_type == "LineString" and shape.is_closed and len(shape.coords) > 3:
                found[row] = shapely.Polygon(shape)
    return found
