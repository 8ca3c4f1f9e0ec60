"""Addresses of the layers room: the OGC API, and the screens."""

from django.urls import path

from khcn.domains.geodata.api import items, landing, metadata, routing, tiles
from khcn.domains.geodata.api.resource import resource
from khcn.domains.geodata.views import changes, imports, keys, layers, objects

urlpatterns = [
    path("ban-do/", layers.layer_list, name="map_layers"),
    path("ban-do/lop-moi/", layers.layer_new, name="map_layer_new"),
    path("ban-do/khoa/", keys.map_keys, name="map_keys"),
    path("ban-do/khoa/<uuid:uid>/thu-hoi/", keys.map_key_revoke, name="map_key_revoke"),
    path("ban-do/nen/<int:z>/<int:x>/<int:y>", objects.map_base_tile, name="base_tile"),
    path("ban-do/nen.pmtiles", objects.map_base_file, name="base_map_file"),
    path("ban-do/bien-dong/", changes.change_list, name="map_changes"),
    path("ban-do/bien-dong/<uuid:uid>/", changes.change_page, name="map_change_page"),
    path("ban-do/bien-dong/<uuid:uid>/<slug:event>/", changes.change_act, name="map_change_act"),
    path("ban-do/tep/<uuid:uid>/", imports.import_page, name="map_import_page"),
    path("ban-do/tep/<uuid:uid>/nhap/", imports.import_apply, name="map_import_apply"),
    path("ban-do/tep/<uuid:uid>/bo/", imports.import_drop, name="map_import_drop"),
    path("ban-do/lop/<slug:key>/", layers.layer_page, name="map_layer"),
    path("ban-do/lop/<slug:key>/sua/", layers.layer_edit, name="map_layer_edit"),
    path("ban-do/lop/<slug:key>/thiet-lap/", layers.layer_settings, name="map_layer_settings"),
    path("ban-do/lop/<slug:key>/so-sanh/", objects.map_compare, name="map_compare"),
    path("ban-do/lop/<slug:key>/nhap-tep/", imports.import_new, name="map_import_new"),
    path("ban-do/lop/<slug:key>/in/<slug:paper>/", layers.layer_print, name="map_layer_print"),
    path("ban-do/lop/<slug:key>/bien-dong/<slug:kind>/", changes.change_new, name="map_change_new"),
    path("ban-do/lop/<slug:key>/doi-tuong/<str:code>/", objects.map_object, name="map_object"),
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
