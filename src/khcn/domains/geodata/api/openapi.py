"""The description of the interface in OpenAPI 3.0: every path that is served, with its parameters and answers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from khcn.domains.geodata.api.resource import GEOJSON, HTML, JSON, PROBLEM, SCHEMA, TILE
from khcn.domains.geodata.models import Layer
from khcn.domains.geodata.queries.tiles import DEEPEST
from khcn.standards.coordinate_systems import CRS84, SYSTEMS
from khcn.standards.ogcapi.conformance import CLASSES

DEFAULT_LIMIT, MOST = 10, 10_000
_SCHEMES = (("key", "bearer"), ("basic", "basic"))
_BYTES = {"type": "string", "format": "binary"}


def _query(name: str, schema: dict[str, Any], text: str) -> dict[str, Any]:
    return {
        "name": name, "in": "query", "required": False, "schema": schema, "style": "form", "explode": False,
        "description": text,
    }  # fmt: skip


def _path(name: str, schema: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": schema or {"type": "string"}}


_BOX = {
    "type": "array", "oneOf": [{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}],
    "items": {"type": "number"}, "minItems": 4, "maxItems": 6,
}  # fmt: skip
PARAMETERS: dict[str, dict[str, Any]] = {
    "f": _query("f", {"type": "string", "enum": ["json", "html"]}, "Form of the answer"),
    "limit": _query(
        "limit", {"type": "integer", "minimum": 1, "maximum": MOST, "default": DEFAULT_LIMIT}, "How many at most"
    ),
    "offset": _query("offset", {"type": "integer", "minimum": 0, "default": 0}, "How many to leave out first"),
    "cursor": _query("cursor", {"type": "string"}, "Where a next link goes on"),
    "bbox": _query("bbox", _BOX, "Only what meets this box"),
    "bbox-crs": _query("bbox-crs", {"type": "string", "format": "uri", "default": CRS84}, "System of the box"),
    "crs": _query("crs", {"type": "string", "format": "uri", "default": CRS84}, "System of the answer"),
    "datetime": _query("datetime", {"type": "string"}, "A day or a stretch of days by RFC 3339"),
    "filter": _query("filter", {"type": "string"}, "A condition in CQL2"),
    "filter-lang": _query(
        "filter-lang", {"type": "string", "enum": ["cql2-text", "cql2-json"], "default": "cql2-text"}, "Its notation"
    ),
    "filter-crs": _query("filter-crs", {"type": "string", "format": "uri", "default": CRS84}, "System of its shapes"),
    "q": _query("q", {"type": "string"}, "Words, with or without diacritics"),
    "ids": _query("ids", {"type": "array", "items": {"type": "string"}}, "Records by id"),
    "type": _query("type", {"type": "array", "items": {"type": "string"}}, "Records by type"),
    "externalIds": _query("externalIds", {"type": "array", "items": {"type": "string"}}, "Records by other ids"),
}  # fmt: skip


def _answers(media: str, *, status: str = "200", missing: bool = False) -> dict[str, Any]:
    refused = {"description": "Refused", "content": {PROBLEM: {"schema": {"type": "object"}}}}
    forms = {media: {"schema": {"type": "object"}}, HTML: {"schema": {"type": "string"}}}
    return {
        status: {"description": "Done", "content": forms}, "400": refused, "401": refused, "403": refused,
        "406": refused, **({"404": refused} if missing else {}),
    }  # fmt: skip


def _get(summary: str, *names: str, media: str = JSON, path: Iterable[dict[str, Any]] = (), tag: str = "") -> Any:
    parts = list(path)
    parameters = [*parts, *({"$ref": f"#/components/parameters/{name}"} for name in ("f", *names))]
    return {
        "summary": summary, "operationId": summary.lower().replace(" ", "_").replace("’", ""), "tags": [tag or "data"],
        "parameters": parameters, "responses": _answers(media, missing=bool(parts)),
    }  # fmt: skip


def _write(summary: str, parts: list[dict[str, Any]], status: str) -> dict[str, Any]:
    body = {"required": True, "content": {GEOJSON: {"schema": {"type": "object"}}}}
    answers = _answers(JSON, status=status, missing=True)
    for code, text in (("202", "Proposed; waits for approval"), ("409", "Taken"), ("412", "Changed since"),
                       ("415", "Other media"), ("422", "Does not fit")):  # fmt: skip
        answers[code] = {"description": text}
    operation = {
        "summary": summary, "operationId": summary.lower().replace(" ", "_"), "tags": ["edit"], "parameters": parts,
        "responses": answers, "security": [{"key": []}, {"basic": []}],
    }  # fmt: skip
    return operation if summary.startswith("Delete") else {**operation, "requestBody": body}


def describe(address: str, layers: Iterable[Layer]) -> dict[str, Any]:
    """The document. address: of the landing page. layers: those the asker may read, as values of a path parameter."""
    keys = [layer.key for layer in layers]
    collection = _path("collectionId", {"type": "string", "enum": [*keys, "danh-muc"]})
    item, layer_of = [collection, _path("featureId")], "/collections/{collectionId}"
    paging = ("limit", "offset", "cursor", "bbox", "bbox-crs", "crs", "datetime", "filter", "filter-lang", "filter-crs")
    tile = [_path(name, {"type": "integer", "minimum": 0}) for name in ("tileMatrix", "tileRow", "tileCol")]
    tile[0]["schema"]["maximum"] = DEEPEST
    paths: dict[str, Any] = {
        "/": {"get": _get("Landing page", tag="capabilities")},
        "/api": {"get": _get("This description", tag="capabilities")},
        "/conformance": {"get": _get("Conformance classes", tag="capabilities")},
        "/collections": {"get": _get("Layers", tag="capabilities")},
        layer_of: {"get": _get("One layer", path=[collection], tag="capabilities")},
        f"{layer_of}/queryables": {"get": _get("What may be asked about", path=[collection], media=SCHEMA)},
        f"{layer_of}/schema": {"get": _get("What an object holds", path=[collection], media=SCHEMA)},
        f"{layer_of}/items": {
            "get": _get("Objects of a layer", *paging, "q", "ids", "type", "externalIds", media=GEOJSON,
                        path=[collection]),
            "post": _write("Add an object", [collection], "201"),
        },
        f"{layer_of}/items/{{featureId}}": {
            "get": _get("One object", "crs", "datetime", media=GEOJSON, path=item),
            "put": _write("Replace an object", item, "204"),
            "patch": _write("Update an object", item, "204"),
            "delete": _write("Delete an object", item, "204"),
        },
        f"{layer_of}/tiles": {"get": _get("Tile sets of a layer", path=[collection], tag="tiles")},
        f"{layer_of}/tiles/WebMercatorQuad": {"get": _get("A tile set", path=[collection], tag="tiles")},
        f"{layer_of}/tiles/WebMercatorQuad/{{tileMatrix}}/{{tileRow}}/{{tileCol}}": {
            "get": {
                **_get("A tile", "datetime", path=[collection, *tile], tag="tiles"),
                "responses": {
                    "200": {"description": "Done", "content": {TILE: {"schema": _BYTES}}},
                    "400": {"description": "Refused"}, "404": {"description": "No such tile"},
                },
            }
        },
        "/tileMatrixSets": {"get": _get("Tile matrix sets", tag="tiles")},
        "/tileMatrixSets/WebMercatorQuad": {"get": _get("The tile matrix set", tag="tiles")},
    }  # fmt: skip
    return {
        "openapi": "3.0.3",
        "info": {"title": "KHCN OGC API", "version": "1.0.0",
                 "description": "Map layers of the province. " + " ".join(CLASSES)},
        "servers": [{"url": address}],
        "tags": [{"name": name} for name in ("capabilities", "data", "edit", "tiles")],
        "paths": paths,
        "components": {
            "parameters": PARAMETERS,
            "securitySchemes": {name: {"type": "http", "scheme": scheme} for name, scheme in _SCHEMES},
        },
        "x-crs": [CRS84, *(system.uri for system in SYSTEMS.values())],
    }  # fmt: skip
