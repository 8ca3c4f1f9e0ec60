"""OGC API beyond Part 1 and 2: filters, transactions with rights, tiles, records, and who sees what."""

import base64
import json
from datetime import date, timedelta

import mapbox_vector_tile
import pytest
import shapely
from cql2 import parse_text
from django.test import Client
from django.utils import timezone
from shapely.geometry import shape

from khcn.domains.geodata.choices import Access
from khcn.domains.geodata.models import ChangeProposal, Feature
from khcn.domains.geodata.queries.tiles import tile_bounds
from khcn.domains.geodata.services.keys import issue_key, revoke_key
from khcn.domains.geodata.tests.conftest import plot, square
from khcn.kernel.orgs.queries import actor_for
from khcn.lib.failure import Forbidden, Refused
from khcn.standards.coordinate_systems import SYSTEMS, from_wgs84
from khcn.standards.ogcapi.tests.ledger import holds

pytestmark = [pytest.mark.django_db, pytest.mark.database]
FILTER, CQL2 = "Features Part 3 filter", "CQL2"
EDIT, TILES, RECORDS = "Features Part 4", "Tiles core, mvt", "Records core"


def authorised(world, actor):
    """Headers of a program that acts in a person's name."""
    from khcn.kernel.orgs.models import User

    today = actor_for(User.objects.get(pk=actor.user_id), on=timezone.localdate())
    _key, text = issue_key(by=today, name="QGIS", ends_on=timezone.localdate() + timedelta(days=30))
    return {"Authorization": f"Bearer {text}"}


@holds(FILTER, "/req/queryables/get-queryables-response", "/req/queryables/properties")
def test_queryables_are_a_schema_of_what_may_be_asked(served) -> None:
    response = served.raw("collections/rung/queryables", f="json")
    value = response.json()

    assert response["Content-Type"] == "application/schema+json"
    assert value["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert value["type"] == "object"
    assert value["properties"]["dien_tich"] == {"title": "Diện tích hồ sơ", "type": "number", "x-ogc-unit": "ha"}
    assert value["properties"]["loai"]["enum"] == ["Đặc dụng", "Phòng hộ", "Sản xuất"]
    assert value["properties"]["geometry"]["format"] == "geometry-polygon-or-multipolygon"
    assert value["additionalProperties"] is False


@holds(FILTER, "/req/queryables-query-parameters/parameters")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"loai": "Phòng hộ"}, ["R-02"]), ({"dien_tich": "120.5"}, ["R-01"]), ({"dien_tich": "x"}, []),
        ({"ma": "R-02"}, ["R-02"]), ({"ngay_giao": "2021-06-30", "loai": "Phòng hộ"}, ["R-02"]),
    ],
)  # fmt: skip
def test_queryable_may_stand_alone_in_the_address(served, query, found) -> None:
    assert [one["id"] for one in served("collections/rung/items", **query)["features"]] == found


FILTERS = [
    ("ten = 'Rừng Đắk Ơ'", ["R-02"]),
    ("ten <> 'Rừng Đắk Ơ'", ["R-01"]),
    ("dien_tich > 80", ["R-01"]),
    ("dien_tich >= 80 AND dien_tich <= 100", ["R-02"]),
    ("NOT dien_tich = 80", ["R-01"]),
    ("ten = 'x' OR ma = 'R-01'", ["R-01"]),
    ("ngay_giao IS NULL", []),
    ("loai IS NOT NULL", ["R-01", "R-02"]),
    ("TRUE", ["R-01", "R-02"]),
    ("FALSE", []),
    ("dien_tich_m2 > 1000000", ["R-01", "R-02"]),
    ("ten LIKE 'Rừng B%'", ["R-01"]),
    ("ten LIKE '%ắk _'", ["R-02"]),
    ("ten LIKE 'rừng%'", []),
    ("ten LIKE 'R.*'", []),
    ("dien_tich BETWEEN 79.5 AND 80.5", ["R-02"]),
    ("dien_tich NOT BETWEEN 0 AND 100", ["R-01"]),
    ("loai IN ('Đặc dụng','Sản xuất')", ["R-01"]),
    ("dien_tich IN (80, 1)", ["R-02"]),
    ("CASEI(ten) = CASEI('RỪNG ĐẮK Ơ')", ["R-02"]),
    ("CASEI(ten) LIKE CASEI('RỪNG b%')", ["R-01"]),
    ("ACCENTI(ten) = ACCENTI('Rung Dak O')", ["R-02"]),
    ("CASEI(ACCENTI(ten)) LIKE CASEI(ACCENTI('RUNG%'))", ["R-01", "R-02"]),
    ("dien_tich = 40 * 2", ["R-02"]),
    ("dien_tich / 2 < 50", ["R-02"]),
    ("dien_tich = dien_tich", ["R-01", "R-02"]),
    ("dien_tich + 1 > dien_tich_m2", []),
    ("dien_tich / 0 = 1", []),
    ("ngay_giao >= DATE('2021-01-01')", ["R-02"]),
    ("hieu_luc_tu < DATE('2022-01-02')", ["R-01", "R-02"]),
    ("T_AFTER(ngay_giao, DATE('2020-12-31'))", ["R-02"]),
    ("T_BEFORE(ngay_giao, TIMESTAMP('2021-01-01T00:00:00Z'))", ["R-01"]),
    ("T_DURING(ngay_giao, INTERVAL('2020-01-01','2020-12-31'))", ["R-01"]),
    ("T_INTERSECTS(ngay_giao, INTERVAL('2021-06-30','..'))", ["R-02"]),
    ("T_EQUALS(ngay_giao, DATE('2020-01-02'))", ["R-01"]),
    ("T_DISJOINT(ngay_giao, DATE('2020-01-02'))", ["R-02"]),
    ("S_INTERSECTS(geometry, BBOX(106.79,11.79,106.81,11.81))", ["R-01"]),
    ("S_DISJOINT(geometry, BBOX(106.79,11.79,106.81,11.81))", ["R-02"]),
    ("S_WITHIN(geometry, BBOX(106.79,11.79,106.85,11.85))", ["R-01"]),
    ("S_CONTAINS(geometry, POINT(106.91 11.81))", ["R-02"]),
    ("S_CONTAINS(BBOX(106.7,11.7,107,12), geometry)", ["R-01", "R-02"]),
    ("S_OVERLAPS(geometry, BBOX(106.81,11.81,106.85,11.85))", ["R-01"]),
    ("S_TOUCHES(geometry, BBOX(106.7,11.8,106.8,11.82))", ["R-01"]),
    ("S_CROSSES(geometry, LINESTRING(106.7 11.81, 106.85 11.81))", ["R-01"]),
    ("S_EQUALS(geometry, POLYGON((106.82 11.8,106.82 11.82,106.8 11.82,106.8 11.8,106.82 11.8)))", ["R-01"]),
]


@holds(
    CQL2, "basic-cql2", "advanced-comparison-operators", "case-insensitive-comparison", "accent-insensitive-comparison",
    "basic-spatial-functions", "spatial-functions", "temporal-functions", "property-property", "arithmetic",
    "cql2-text", "cql2-json",
)  # fmt: skip
@pytest.mark.parametrize(("text", "found"), FILTERS)
def test_filter_gives_the_same_in_both_notations(served, text, found) -> None:
    in_json = json.dumps(parse_text(text).to_json())

    by_text = served("collections/rung/items", filter=text)
    by_json = served("collections/rung/items", filter=in_json, **{"filter-lang": "cql2-json"})

    assert [one["id"] for one in by_text["features"]] == found
    assert [one["id"] for one in by_json["features"]] == found
    assert by_text["numberMatched"] == len(found)


@holds(FILTER, "/req/filter/filter-crs-param")
def test_filter_may_speak_another_system(served) -> None:
    area = from_wgs84(square(106.79, 11.79), 9212).wkt
    found = served(
        "collections/rung/items", filter=f"S_INTERSECTS(geometry, {area})", **{"filter-crs": SYSTEMS[9212].uri}
    )

    assert [one["id"] for one in found["features"]] == ["R-01"]


@holds(FILTER, "filter with bbox, datetime and paging")
def test_filter_joins_with_box_and_pages(served) -> None:
    value = served("collections/rung/items", filter="dien_tich > 1", bbox="106.7,11.7,107,12", limit=1)
    second = next(link["href"] for link in value["links"] if link["rel"] == "next")

    assert value["numberMatched"] == 2
    assert [one["id"] for one in served.client.get(second).json()["features"]] == ["R-02"]


def body(code="R-09", **more):
    properties = {"ten": "Rừng mới", "dien_tich": 12.5, **more.pop("properties", {})}
    return {"type": "Feature", "id": code, "properties": properties, "geometry": square(106.7, 11.7).__geo_interface__,
            **more}  # fmt: skip


def send(client, method, path, value, headers, media="application/geo+json"):
    return client.generic(method, f"/ogc/{path}", json.dumps(value), content_type=media, headers=headers)


@holds(EDIT, "/req/create-replace-delete/insert-post-op", "/req/create-replace-delete/insert-response",
       "/req/create-replace-delete/update-put-op", "/req/update/patch", "/req/create-replace-delete/delete-delete-op",
       "/req/optimistic-locking-etags/put")  # fmt: skip
def test_layer_without_approval_is_created_replaced_updated_and_deleted(served) -> None:
    world = served.world
    world.register("nhap", needs_approval=False, access=Access.OPEN)
    headers, client = authorised(world, world.editor), served.client

    created = send(client, "POST", "collections/nhap/items", body(), headers)
    assert created.status_code == 201
    one = client.get(created["Location"], headers={"Accept": "application/geo+json", **headers})
    assert one.json()["properties"]["ten"] == "Rừng mới"
    assert send(client, "POST", "collections/nhap/items", body(), headers).status_code == 409
    path = "collections/nhap/items/R-09"
    replaced = send(client, "PUT", path, body(properties={"ten": "Thay"}), {**headers, "If-Match": one["ETag"]})
    assert replaced.status_code == 204
    stale = send(client, "PUT", path, body(properties={"ten": "Muộn"}), {**headers, "If-Match": one["ETag"]})
    assert stale.status_code == 412
    patch = {"properties": {"so_ho": 7, "dien_tich": None}}
    assert send(client, "PATCH", path, patch, headers, "application/merge-patch+json").status_code == 204
    state = Feature.objects.get(layer__key="nhap", valid_to=None)
    assert state.properties == {"ten": "Thay", "so_ho": 7}
    assert send(client, "DELETE", path, {}, headers).status_code == 204
    assert client.get(f"/ogc/{path}?f=json").status_code == 404
    assert Feature.objects.filter(layer__key="nhap").count() == 3


@holds(EDIT, "governed layers answer 202 with the proposal")
def test_governed_layer_takes_edits_as_proposals(served) -> None:
    headers = authorised(served.world, served.world.editor)

    added = send(served.client, "POST", "collections/rung/items", body(), headers)
    ended = send(served.client, "DELETE", "collections/rung/items/R-02", {}, headers)

    assert (added.status_code, ended.status_code) == (202, 202)
    assert str(ChangeProposal.objects.get(kind="retire").uid) in ended["Location"]
    assert added.json()["state"] == "proposed"
    assert Feature.objects.filter(layer__key="rung", valid_to=None).count() == 3


@holds(EDIT, "Content-Crs of the body")
def test_body_may_come_in_vn2000(served) -> None:
    headers = {**authorised(served.world, served.world.editor), "Content-Crs": f"<{SYSTEMS[9212].uri}>"}
    plane = from_wgs84(square(106.7, 11.7), 9212).__geo_interface__

    send(served.client, "POST", "collections/rung/items", body(geometry=plane), headers)

    kept = shape(ChangeProposal.objects.latest("id").after[0]["geometry"])
    assert kept.symmetric_difference(square(106.7, 11.7)).area < 1e-10


@holds(EDIT, "rights of the person behind the key")
def test_edits_need_a_key_and_the_right_to_edit(served) -> None:
    world, path = served.world, "collections/rung/items"
    assert send(served.client, "POST", path, body(), {}).status_code == 401
    assert send(served.client, "POST", path, body(), {"Authorization": "Bearer khong-co"}).status_code == 401
    for actor in (world.partner, world.stranger, world.host, world.leader):
        assert send(served.client, "POST", path, body(), authorised(world, actor)).status_code == 403
    assert (
        send(served.client, "POST", "collections/danh-muc/items", body(), authorised(world, world.editor)).status_code
        == 404
    )
    assert not ChangeProposal.objects.filter(reason__startswith="Sửa từ").exists()


def test_browser_session_edits_only_with_the_csrf_token(served) -> None:
    from khcn.kernel.orgs.models import User

    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.get(pk=served.world.editor.user_id))

    assert send(client, "POST", "collections/rung/items", body(), {}).status_code == 403


@pytest.mark.parametrize(
    ("value", "media", "status"),
    [
        ("x", "text/plain", 415),
        ([], "application/geo+json", 400),
        ({"type": "Point"}, "application/geo+json", 400),
        (body(geometry=None), "application/geo+json", 400),
        (body(geometry={"type": "Polygon"}), "application/json", 400),
        (body(properties={"la": 1}), "application/json", 400),
        (body(properties={"dien_tich": "x"}), "application/json", 422),
        (body("R 9"), "application/json", 422),
        (body(geometry={"type": "Point", "coordinates": [1, 2]}), "application/json", 422),
        (body("R-01"), "application/json", 409),
    ],
)
def test_bad_body_is_refused_with_its_status(served, value, media, status) -> None:
    headers = authorised(served.world, served.world.editor)

    assert send(served.client, "POST", "collections/rung/items", value, headers, media).status_code == status


def test_key_opens_what_its_person_may_see_and_ends(served) -> None:
    world = served.world
    headers = authorised(world, world.editor)
    text = headers["Authorization"].removeprefix("Bearer ")
    basic = {"Authorization": "Basic " + base64.b64encode(f"ten:{text}".encode()).decode()}

    for one in (headers, basic):
        value = served.client.get("/ogc/collections/rung/items?f=json", headers=one).json()
        assert value["numberMatched"] == 3
        assert value["features"][0]["properties"]["ghi_chu_mat"] == "tọa độ loài quý"
    from khcn.domains.geodata.models import MapKey

    key = MapKey.objects.get()
    with pytest.raises(Forbidden):
        revoke_key(by=world.head, key=key)
    revoke_key(by=world.editor, key=key)
    assert served.client.get("/ogc/", headers=headers).status_code == 401
    with pytest.raises(Refused):
        issue_key(by=world.editor, name="x", ends_on=date(2040, 1, 1))


@pytest.mark.parametrize(
    ("who", "objects", "fields"),
    [
        ("editor", 3, {"so_ho", "ghi_chu_mat"}), ("leader", 3, {"so_ho", "ghi_chu_mat"}), ("stranger", 2, {"so_ho"}),
        ("host", 2, set()), (None, 2, set()),
    ],
)  # fmt: skip
def test_each_reader_sees_their_objects_and_fields_at_every_door(served, who, objects, fields) -> None:
    headers = authorised(served.world, getattr(served.world, who)) if who else {}

    def ask(path):
        return served.client.get(f"/ogc/collections/rung/{path}", headers=headers)

    listed = ask("items?f=json").json()
    schema = set(ask("queryables?f=json").json()["properties"])
    tile = [one for column in (815, 816) for one in features_of(ask(f"tiles/WebMercatorQuad/10/478/{column}"))]

    assert listed["numberMatched"] == objects
    assert {name for one in listed["features"] for name in one["properties"]} & {"so_ho", "ghi_chu_mat"} == fields
    assert schema & {"so_ho", "ghi_chu_mat"} == fields
    assert {name for one in tile for name in one["properties"]} & {"so_ho", "ghi_chu_mat"} == fields
    assert ask("items/R-03?f=json").status_code == (200 if objects == 3 else 404)


def test_layer_of_a_level_is_not_found_by_those_below(served) -> None:
    world = served.world
    world.register("noi-bo", access=Access.INTERNAL)
    world.register("kin", access=Access.RESTRICTED)
    expected = {"editor": {"noi-bo", "kin"}, "leader": {"noi-bo", "kin"}, "stranger": {"noi-bo"}, "host": set()}

    for who, seen in expected.items():
        headers = authorised(world, getattr(world, who))
        listed = served.client.get("/ogc/collections?f=json", headers=headers).json()["collections"]
        records = served.client.get("/ogc/collections/danh-muc/items?f=json", headers=headers).json()["features"]
        assert {one["id"] for one in listed} - {"rung", "danh-muc"} == seen
        assert {one["id"] for one in records} - {"rung"} == seen
        for key in ("noi-bo", "kin"):
            for path in ("", "/items", "/queryables", "/tiles", "/tiles/WebMercatorQuad/0/0/0"):
                answer = served.client.get(f"/ogc/collections/{key}{path}?", headers={**headers, "Accept": "*/*"})
                assert answer.status_code in ((200, 204) if key in seen else (404,)), (who, key, path)


@holds(TILES, "/req/core/tc-success", "/req/core/tc-error", "/req/tileset/description", "/req/mvt/content")
def test_tiles_hold_the_objects_where_they_lie(served) -> None:
    (tileset,) = served("collections/rung/tiles")["tilesets"]
    template = next(link["href"] for link in tileset["links"] if link["rel"] == "item")
    z, x, y = 12, 3263, 1912
    west, south, east, north = tile_bounds(z, x, y)
    address = template.format(tileMatrix=z, tileRow=y, tileCol=x)

    response = served.client.get(address)

    assert response["Content-Type"] == "application/vnd.mapbox-vector-tile"
    decoded = mapbox_vector_tile.decode(response.content, default_options={"y_coord_down": True})["rung"]
    assert decoded["extent"] == 4096
    expected = {code for code, corner in (("R-01", 106.8), ("R-02", 106.9))
                if square(corner, 11.8).intersects(shapely.box(west, south, east, north))}  # fmt: skip
    assert {one["properties"]["ma"] for one in decoded["features"]} == expected != set()
    for one in decoded["features"]:
        corner = shape(one["geometry"]).bounds
        placed = west + corner[0] / 4096 * (east - west)
        original = 106.8 if one["properties"]["ma"] == "R-01" else 106.9
        assert abs(max(original, west - (east - west) / 64) - placed) < (east - west) / 2048
    for bad in ("WebMercatorQuad/30/0/0", "WebMercatorQuad/2/4/0", "Khac/0/0/0"):
        assert served.raw(f"collections/rung/tiles/{bad}").status_code == 404
    assert features_of(served.raw("collections/rung/tiles/WebMercatorQuad/12/0/0")) == []


@holds(TILES, "tile matrix set definition")
def test_tile_scheme_is_the_usual_one(served) -> None:
    value = served("tileMatrixSets/WebMercatorQuad")

    first = value["tileMatrices"][0]
    assert first["scaleDenominator"] == pytest.approx(559082264.0287178)
    assert (first["matrixWidth"], value["tileMatrices"][5]["matrixHeight"]) == (1, 32)
    assert served("tileMatrixSets")["tileMatrixSets"][0]["id"] == "WebMercatorQuad"


def features_of(response):
    """The features of a tile with one layer, none of an empty one."""
    return mapbox_vector_tile.decode(response.content).get("rung", {}).get("features", [])


def test_tile_of_another_day_shows_that_day(served) -> None:
    tile = "collections/rung/tiles/WebMercatorQuad/10/478/816"

    assert features_of(served.raw(tile, datetime="2021-01-01")) == []
    assert [one["properties"]["ma"] for one in features_of(served.raw(tile, datetime="2022-01-01"))] == ["R-02"]


@holds(RECORDS, "/req/record-core/mandatory-properties", "/req/record-core-query-parameters/q",
       "/req/record-core-query-parameters/ids", "/req/record-core-query-parameters/bbox",
       "/req/record-core-query-parameters/type")  # fmt: skip
def test_catalogue_finds_layers_by_words_ids_kind_and_box(served) -> None:
    def ask(**query):
        return [one["id"] for one in served("collections/danh-muc/items", **query)["features"]]

    record = served("collections/danh-muc/items/rung")

    assert {"type", "title", "created", "updated"} <= set(record["properties"])
    assert record["time"]["interval"]
    assert ask(q="lop rung") == ask(ids="rung,khac") == ask(bbox="106,11,108,12") == ask(type="dataset") == ["rung"]
    assert ask(q="khong co") == ask(bbox="0,0,1,1") == ask(type="service") == ask(datetime="2001-01-01") == []
    assert ask(externalIds=str(served.world.layer.uid)) == ["rung"]
    served("collections/danh-muc/items/khong-co", status=404)


def test_pages_stay_whole_while_objects_are_added(served) -> None:
    first = served("collections/rung/items", limit=1)
    served.world.add(served.world.layer, plot("R-02", ten="x").__class__("R-015", square(106.6, 11.6), {"ten": "Chen"}))
    second = next(link["href"] for link in first["links"] if link["rel"] == "next")

    assert served.client.get(second).json()["features"][0]["id"] == "R-015"


def test_small_areas_are_dots_at_small_scale_and_never_vanish(served) -> None:
    found = [
        one
        for column in (203, 204)
        for one in features_of(served.raw(f"collections/rung/tiles/WebMercatorQuad/8/119/{column}"))
    ]

    assert {one["properties"]["ma"] for one in found} == {"R-01", "R-02"}
    assert all(shape(one["geometry"]).area > 0 for one in found)
