"""Landing page, conformance, description of the interface, and the list of collections."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from khcn.domains.geodata.api.openapi import describe
from khcn.domains.geodata.api.resource import (
    GEOJSON,
    HTML,
    JSON,
    OPENAPI,
    SCHEMA,
    Asked,
    answer,
    json_answer,
    link,
    links_to,
)
from khcn.domains.geodata.choices import LayerKind
from khcn.domains.geodata.models import Layer
from khcn.domains.geodata.permissions import clearance, visible_layers
from khcn.domains.geodata.queries.features import View, view_of
from khcn.lib.failure import NoSuchThing
from khcn.standards.coordinate_systems import CRS84, SYSTEMS
from khcn.standards.ogcapi.conformance import CLASSES

CATALOGUE = "danh-muc"
CATALOGUE_TITLE = "Danh mục lớp dữ liệu"


def landing(asked: Asked) -> HttpResponse:
    """Links to everything."""
    links = [
        *links_to(asked),
        link("service-desc", asked.address("api", f="json"), OPENAPI, _("Mô tả giao diện")),
        link("service-doc", asked.address("api", f="html"), HTML, _("Tài liệu giao diện")),
        link("conformance", asked.address("conformance"), title=_("Các lớp tuân thủ")),
        link("data", asked.address("collections"), title=_("Các lớp dữ liệu")),
        link("http://www.opengis.net/def/rel/ogc/1.0/ogc-catalog", asked.address(f"collections/{CATALOGUE}"),
             title=_("Danh mục lớp dữ liệu")),
        link("http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes", asked.address("tileMatrixSets")),
    ]  # fmt: skip
    title = _("Dữ liệu bản đồ")
    return answer(asked, {"title": title, "description": _("Các lớp dữ liệu quản lý trên bản đồ của tỉnh."),
                          "links": links}, title=title)  # fmt: skip


def conformance(asked: Asked) -> HttpResponse:
    """The classes that tests hold."""
    value = {"conformsTo": list(CLASSES), "links": links_to(asked)}
    return answer(asked, value, title=_("Các lớp tuân thủ"), facts=[(one, "") for one in CLASSES])


def api(asked: Asked) -> HttpResponse:
    """The description in OpenAPI 3.0, or a page that lists the addresses."""
    described = describe(asked.request.build_absolute_uri("/ogc"), _visible(asked))
    if asked.form == "json":
        return json_answer(described, media=OPENAPI)
    rows = [
        (f"{method.upper()} {path}", operation["summary"])
        for path, methods in described["paths"].items() for method, operation in methods.items()
    ]  # fmt: skip
    return answer(asked, {"links": links_to(asked, media=OPENAPI)}, title=_("Tài liệu giao diện"), facts=rows)


def collections(asked: Asked) -> HttpResponse:
    """The layers that the asker may read, and the catalogue of them."""
    found = [describe_catalogue(asked), *(describe_layer(asked, layer) for layer in _visible(asked))]
    value = {"links": links_to(asked), "collections": found, "crs": [CRS84, *(one.uri for one in SYSTEMS.values())]}
    table = [
        ((one["title"], asked.address(f"collections/{one['id']}", f="html")), one.get("description", ""))
        for one in found
    ]
    return answer(asked, value, title=_("Các lớp dữ liệu"), table=table)


def collection(asked: Asked, key: str) -> HttpResponse:
    """One layer."""
    value = describe_catalogue(asked) if key == CATALOGUE else describe_layer(asked, layer_of(asked, key))
    value = {**value, "links": [*links_to(asked), *value["links"][1:]]}
    facts = [(name, value[name]) for name in ("id", "description") if value.get(name)]
    return answer(asked, value, title=value["title"], facts=facts)


def layer_of(asked: Asked, key: str) -> Layer:
    """The layer, when the asker may read it. Raises NoSuchThing."""
    layer = visible_layers(asked.actor).filter(key=key).select_related("owner").first()
    if layer is None:
        raise NoSuchThing
    return layer


def view_for(asked: Asked, key: str) -> View:
    """The layer under the asker's clearance. Raises NoSuchThing."""
    layer = layer_of(asked, key)
    return view_of(layer, clearance(asked.actor, layer))


def _visible(asked: Asked) -> Any:
    return visible_layers(asked.actor).select_related("owner").order_by("key")


def storage_uri(layer: Layer) -> str:
    """The system in which a layer is stored: WGS 84, longitude first."""
    return CRS84


def describe_layer(asked: Asked, layer: Layer) -> dict[str, Any]:
    """A layer as a collection."""
    path = f"collections/{layer.key}"
    extent: dict[str, Any] = {}
    if layer.bbox:
        extent["spatial"] = {"bbox": [layer.bbox], "crs": CRS84}
        extent["temporal"] = {"interval": [[None, None]], "trs": "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"}
    return {
        "id": layer.key, "title": layer.title, "description": layer.summary or layer.title,
        "attribution": layer.owner.name, "itemType": "feature", **({"extent": extent} if extent else {}),
        "crs": [CRS84, *(one.uri for one in SYSTEMS.values())], "storageCrs": storage_uri(layer),
        "links": [
            link("self", asked.address(path)),
            link("items", asked.address(f"{path}/items", f="json"), GEOJSON, layer.title),
            link("items", asked.address(f"{path}/items", f="html"), HTML, layer.title),
            link("http://www.opengis.net/def/rel/ogc/1.0/queryables", asked.address(f"{path}/queryables"), SCHEMA),
            link("http://www.opengis.net/def/rel/ogc/1.0/schema", asked.address(f"{path}/schema"), SCHEMA),
            link("http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector", asked.address(f"{path}/tiles")),
            *([link("license", asked.address(path), HTML, layer.licence)] if layer.licence else []),
        ],
    }  # fmt: skip


def describe_catalogue(asked: Asked) -> dict[str, Any]:
    """The catalogue of layers as a collection of records."""
    path = f"collections/{CATALOGUE}"
    return {
        "id": CATALOGUE, "type": "Catalog", "title": CATALOGUE_TITLE, "description": CATALOGUE_TITLE,
        "itemType": "record", "crs": [CRS84],
        "conformsTo": [one for one in CLASSES if "records" in one],
        "links": [
            link("self", asked.address(path)),
            link("items", asked.address(f"{path}/items", f="json"), GEOJSON, CATALOGUE_TITLE),
            link("items", asked.address(f"{path}/items", f="html"), HTML, CATALOGUE_TITLE),
            link("http://www.opengis.net/def/rel/ogc/1.0/queryables", asked.address(f"{path}/queryables"), SCHEMA),
        ],
    }  # fmt: skip


def describe_kind(layer: Layer) -> str:
    """What a layer is for, in words."""
    return LayerKind(layer.kind).label


__all__ = ["JSON", "api", "collection", "collections", "conformance", "landing", "layer_of", "view_for"]
