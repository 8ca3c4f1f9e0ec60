"""Objects as GeoJSON text, put together from stored JSON and vectorised geometry: nothing is parsed on the way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np
import shapely
from django.db.models import BinaryField, ExpressionWrapper, F, QuerySet, TextField
from django.db.models.functions import Cast

from khcn.domains.geodata.models import Feature
from khcn.domains.geodata.queries.features import View
from khcn.standards.coordinate_systems import System, from_wgs84, in_register_order

_COLUMNS = ("code", "_shape", "_values", "valid_from", "valid_to", "area_m2")


def raw_rows(rows: QuerySet[Feature]) -> QuerySet[Any]:
    """Tuples of code, WKB as the database has it, fields as text, first day, day after the last, area."""
    return rows.annotate(
        _shape=ExpressionWrapper(F("geometry"), output_field=BinaryField()),
        _values=Cast("properties", output_field=TextField()),
    ).values_list(*_COLUMNS)


def shapes_of(raw: Sequence[Any]) -> Any:
    """The shapes as they were stored, in degrees."""
    found = [bytes(one) if isinstance(one, memoryview) else one for one in raw]
    return shapely.from_wkb(np.array(found, dtype=object))


def geojson_of(view: View, rows: Sequence[tuple[Any, ...]], system: System | None = None) -> list[str]:
    """One GeoJSON feature as text per raw row, in the system asked for (None: CRS84)."""
    if not rows:
        return []
    shapes = shapes_of([row[1] for row in rows])
    if system is not None:
        shapes = in_register_order(from_wgs84(shapes, system.epsg), system)
    texts = shapely.to_geojson(shapes)
    whole = view.sees_all_fields
    names = [field.name for field in view.fields]
    return [
        f'{{"type":"Feature","id":"{code}","geometry":{geometry},"properties":{{"ma":"{code}",'
        f'"hieu_luc_tu":"{since}","hieu_luc_den":{f"{chr(34)}{until}{chr(34)}" if until else "null"},'
        f'"dien_tich_m2":{area!r}{_rest(values, whole, names)}}}}}'
        for (code, _raw, values, since, until, area), geometry in zip(rows, texts, strict=True)
    ]


def _rest(values: str, whole: bool, names: Sequence[str]) -> str:
    """The stored fields as they follow other members; hidden ones taken out, empty ones null.

    Clients learn the fields from the first objects, so each object names all. A quoted name with a colon is found only
    as a member: inside a text its quotes would be escaped.
    """
    if not whole:
        kept = {name: value for name, value in msgspec.json.decode(values).items() if name in names}
        values = msgspec.json.encode(kept).decode()
    empty = "".join(f',"{name}":null' for name in names if f'"{name}":' not in values)
    inner = values[1:-1]
    return f",{inner}{empty}" if inner.strip() else empty
