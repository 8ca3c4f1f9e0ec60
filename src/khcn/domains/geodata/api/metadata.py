"""What may be asked about a layer and what its objects hold, as JSON Schema."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from khcn.domains.geodata.api.landing import CATALOGUE, CATALOGUE_TITLE, view_for
from khcn.domains.geodata.api.resource import SCHEMA, Asked, answer
from khcn.domains.geodata.choices import GeometryType
from khcn.domains.geodata.queries.features import View
from khcn.domains.geodata.rules.fields import json_schema_of

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_SHAPES = {
    GeometryType.POINT: "geometry-point-or-multipoint",
    GeometryType.LINE: "geometry-linestring-or-multilinestring",
    GeometryType.POLYGON: "geometry-polygon-or-multipolygon",
}
_COMMON: dict[str, dict[str, Any]] = {
    "ma": {"title": "Mã", "type": "string", "x-ogc-role": "id"},
    "hieu_luc_tu": {"title": "Hiệu lực từ", "type": "string", "format": "date", "x-ogc-role": "primary-interval-start"},
    "hieu_luc_den": {"title": "Đến trước ngày", "type": "string", "format": "date"},
    "dien_tich_m2": {"title": "Diện tích", "type": "number", "x-ogc-unit": "m2"},
}


def queryables(asked: Asked, key: str) -> HttpResponse:
    """Names, types and titles of what a filter may name; nothing else may be."""
    if key == CATALOGUE:
        return _answer(asked, key, CATALOGUE_TITLE, {
            "q": {"title": "Từ khóa", "type": "string"}, "type": {"title": "Loại", "type": "string"},
        })  # fmt: skip
    view = view_for(asked, key)
    return _answer(asked, key, view.layer.title, _properties(view))


def schema(asked: Asked, key: str) -> HttpResponse:
    """The same with what must be filled."""
    view = view_for(asked, key)
    required = [field.name for field in view.fields if field.required]
    return _answer(asked, key, view.layer.title, _properties(view), path="schema", required=required)


def _properties(view: View) -> dict[str, dict[str, Any]]:
    shape = {"title": "Hình", "format": _SHAPES[GeometryType(view.layer.geometry_type)],
             "x-ogc-role": "primary-geometry"}  # fmt: skip
    return {**_COMMON, **{field.name: json_schema_of(field) for field in view.fields}, "geometry": shape}


def _answer(
    asked: Asked, key: str, title: str, properties: dict[str, Any], *, path: str = "queryables", **more: Any
) -> Any:
    value = {
        "$schema": _DRAFT, "$id": asked.address(f"collections/{key}/{path}"), "type": "object", "title": title,
        "properties": properties, "additionalProperties": False, **more,
    }  # fmt: skip
    facts = [
        (name, f"{one.get('title', '')} · {one.get('type', one.get('format', ''))}") for name, one in properties.items()
    ]
    return answer(asked, value, title=title, media=SCHEMA, facts=facts)
