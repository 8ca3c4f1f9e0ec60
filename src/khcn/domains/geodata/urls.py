"""Addresses of the layers room: the OGC API, and the screens."""

from django.urls import path

from khcn.domains.geodata.api import items, landing, metadata, routing, tiles
from khcn.domains.geodata.api.resource import resource

urlpatterns = [
    path("ogc/", resource(get=landing.landing), name="ogc_landing"),
    path("ogc/api", resource(get=landing.api), name="ogc_api"),
    path("ogc/conformance", resource(get=landing.conformance), name="ogc_conformance"),
    path("ogc/collections", resource(get=landing.collections), name="ogc_collections"),
    path("ogc/collections/<str:key>", resource(get=landing.collection), name="ogc_collection"),
    path("ogc/collections/<str:key>/queryables", resource(get=metadata.queryables), name="ogc_queryables"),
    path("ogc/collections/<str:key>/schema", resource(get=metadata.schema), name="ogc_schema"),
    path(
        "ogc/collections/<str:key>/items",
        resource(open_names=True, get=routing.item_list, post=routing.writing(items.create)),
        name="ogc_items",
    ),
    path(
        "ogc/collections/<str:key>/items/<str:code>",
        resource(
            open_names=True, get=routing.item_page, put=routing.writing(items.replace),
            patch=routing.writing(items.update), delete=routing.writing(items.delete),
        ),
        name="ogc_item",
    ),
    path("ogc/collections/<str:key>/tiles", resource(get=tiles.tilesets), name="ogc_tilesets"),
    path("ogc/collections/<str:key>/tiles/<str:name>", resource(get=tiles.tileset), name="ogc_tileset"),
    path(
        "ogc/collections/<str:key>/tiles/<str:name>/<int:z>/<int:row>/<int:column>",
        resource(known=("datetime",), get=tiles.tile),
        name="ogc_tile",
    ),
    path("ogc/tileMatrixSets", resource(get=tiles.schemes), name="ogc_tile_schemes"),
    path("ogc/tileMatrixSets/<str:name>", resource(get=tiles.scheme), name="ogc_tile_scheme"),
]  # fmt: skip
