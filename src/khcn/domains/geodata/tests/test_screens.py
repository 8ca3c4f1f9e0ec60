"""The screens: who opens them, the way from file to approved change, files out, prints, two days, search."""

import io
import zipfile
from datetime import date, timedelta
from uuid import uuid4

import mapbox_vector_tile
import numpy as np
import pyogrio
import pytest
import shapely
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from khcn.domains.geodata.choices import Access, LayerChangeState, LayerKind
from khcn.domains.geodata.models import ChangeProposal, Feature, Layer, LayerImport
from khcn.domains.geodata.queries.finding import registers_in_use
from khcn.domains.geodata.services.base_map import base_map_path, base_tile, make_base_map
from khcn.domains.geodata.services.layers import share_layer
from khcn.domains.geodata.tests.conftest import plot, written
from khcn.kernel.indicators.queries import Question
from khcn.kernel.orgs.models import User
from khcn.standards.coordinate_systems import to_wgs84
from khcn.web.search import search

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def client_of(actor):
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


@pytest.fixture
def filled(world):
    world.fill()
    return world


def pages(world):
    key = world.layer.key
    proposal = ChangeProposal.objects.first()
    return {
        "map_layers": [], "map_layer": [key], "map_compare": [key], "map_object": [key, "R-01"], "map_keys": [],
        "map_changes": [], "map_change_page": [proposal.uid], "map_layer_edit": [key], "map_layer_settings": [key],
        "map_layer_new": [], "map_import_new": [key], "map_change_new": [key, "add"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("who", "closed"),
    [
        ("head", set()),
        ("editor", set()),
        ("stranger", {"map_change_page", "map_layer_edit", "map_layer_settings", "map_import_new", "map_change_new"}),
        ("leader", {"map_layer_edit", "map_layer_settings", "map_import_new", "map_change_new", "map_layer_new"}),
        ("host", {"map_change_page", "map_layer_edit", "map_layer_settings", "map_layer_new", "map_import_new",
                  "map_change_new"}),
    ],
)  # fmt: skip
def test_each_page_opens_to_those_whom_it_is_for(filled, who, closed) -> None:
    client = client_of(getattr(filled, who))

    found = {name for name, args in pages(filled).items() if client.get(reverse(name, args=args)).status_code == 404}

    assert found == closed


def test_signed_out_people_are_led_to_sign_in(filled) -> None:
    for name, args in pages(filled).items():
        assert Client().get(reverse(name, args=args)).status_code == 302, name


def test_restricted_layer_object_and_fields_stay_hidden(filled) -> None:
    kept = filled.register("kin", access=Access.RESTRICTED)
    stranger, editor = client_of(filled.stranger), client_of(filled.editor)
    address = reverse("map_layer", args=["rung"])

    assert stranger.get(reverse("map_layer", args=[kept.key])).status_code == 404
    assert stranger.get(reverse("map_object", args=["rung", "R-03"])).status_code == 404
    assert editor.get(reverse("map_object", args=["rung", "R-03"])).status_code == 200
    for path in (
        address,
        reverse("map_object", args=["rung", "R-01"]),
        f"{address}?xuat=csv",
        f"{address}?xuat=geojson",
    ):
        seen, whole = stranger.get(path).content.decode(), editor.get(path).content.decode()
        assert "tọa độ loài quý" not in seen
        assert ("tọa độ loài quý" in whole) or path == address
        assert "R-03" not in seen


def test_layer_page_filters_by_words_choice_condition_and_day(filled) -> None:
    client, address = client_of(filled.editor), reverse("map_layer", args=["rung"])

    def found(**query):
        response = client.get(address, query)
        return [line.code for line in response.context["lines"]], response

    assert found(q="dak o")[0] == ["R-02"]
    assert found(loai="Phòng hộ")[0] == ["R-02"]
    codes, response = found(loc="dien_tich > 100")
    assert codes == ["R-01"]
    assert response.context["map"]["layers"][0]["codes"] == ["R-01"]
    assert "Bộ lọc không đúng cú pháp" in found(loc="dien_tich >")[1].content.decode()
    assert found(ngay="31/12/2021")[0] == []
    assert found(xep="-code")[0] == ["R-03", "R-02", "R-01"]


def test_layer_page_costs_a_fixed_number_of_statements(filled, sql_count) -> None:
    client, address = client_of(filled.editor), reverse("map_layer", args=["rung"])
    client.get(address)

    with sql_count() as few:
        client.get(address)
    filled.add(filled.layer, *[plot("R-01", ten=str(n)).__class__(f"N-{n}", shapely.box(106.5 + n / 100, 11.5, 106.505
               + n / 100, 11.51), {"ten": str(n)}) for n in range(20)])  # fmt: skip
    with sql_count() as many:
        client.get(address)

    assert len(many) == len(few) <= 34


def test_file_is_sent_mapped_and_taken_in(filled) -> None:
    client = client_of(filled.editor)
    layer = filled.register("moi")
    content = written("GPKG", ".gpkg", [shapely.box(106.7, 11.7, 106.71, 11.71)], {"SOHIEU": ["X-1"], "KHU": ["Khu"]})
    sent = {"file": SimpleUploadedFile("rung.gpkg", content), "declared_epsg": "9212", "effective_on": "01/01/2022"}

    client.post(reverse("map_import_new", args=["moi"]), sent)
    batch = LayerImport.objects.get()
    here = reverse("map_import_page", args=[batch.uid])
    before = client.get(here).content.decode()
    mapping = {"declared_epsg": "9212", "code_column": "SOHIEU", "f-ten": "KHU", "effective_on": "01/01/2022",
               "version": batch.version}  # fmt: skip
    client.post(here, mapping)
    after = client.get(here)
    client.post(reverse("map_import_apply", args=[batch.uid]), {"version": batch.version + 1})

    assert "Thiếu" in before
    assert after.context["may_apply"]
    assert after.context["map"]["preview"]["features"]
    assert Feature.objects.get(layer=layer).title == "Khu"
    assert client.post(reverse("map_import_drop", args=[batch.uid])).status_code in (302, 422)


def test_unreadable_file_is_told_beside_the_field(filled) -> None:
    sent = {"file": SimpleUploadedFile("rung.gpkg", b"x"), "declared_epsg": "9212", "effective_on": "01/01/2022"}

    response = client_of(filled.editor).post(reverse("map_import_new", args=["rung"]), sent)

    assert response.status_code == 422
    assert "Không đọc được tệp" in response.content.decode()


@pytest.mark.parametrize(
    ("kind", "code", "more", "after"),
    [
        ("add", "", {"code": "R-10", "f-ten": "Mới", "geometry":
                     "1275708.641; 569613.688\n1275708.641 570613.688\n1276708.641 570613.688"},
         {"R-01", "R-02", "R-03", "R-10"}),
        ("add", "", {"code": "R-10", "f-ten": "Mới", "geometry": '{"type":"Polygon","coordinates":[[[106.6,11.5],'
                     "[106.61,11.5],[106.61,11.51],[106.6,11.5]]]}"}, {"R-01", "R-02", "R-03", "R-10"}),
        ("modify", "R-01", {"f-ten": "Tên mới", "f-so_ho": "4"}, {"R-01", "R-02", "R-03"}),
        ("split", "R-01", {"line": '{"type":"LineString","coordinates":[[106.81,11.7],[106.81,11.9]]}'},
         {"R-01-1", "R-01-2", "R-02", "R-03"}),
        ("merge", "R-01", {"code": "R-10", "codes": "R-02", "f-ten": "Gộp"}, {"R-03", "R-10"}),
        ("retire", "R-01", {}, {"R-02", "R-03"}),
    ],
)  # fmt: skip
def test_change_goes_from_form_to_map_through_three_people(filled, kind, code, more, after) -> None:
    today = f"{timezone.localdate():%d/%m/%Y}"
    address = reverse("map_change_new", args=["rung", kind]) + (f"?ma={code}" if code else "")

    sent = client_of(filled.editor).post(address, {"effective_on": today, "reason": "Quyết định 5", **more})
    proposal = ChangeProposal.objects.latest("id")
    for who, event in ((filled.second, "check"), (filled.head, "approve")):
        act = reverse("map_change_act", args=[proposal.uid, event])
        assert client_of(who).get(act).status_code == 200
        version = ChangeProposal.objects.get(pk=proposal.pk).version
        client_of(who).post(act, {"note": "", "version": version})

    assert sent.status_code == 302, sent.content.decode()[:3000]
    proposal.refresh_from_db()
    assert proposal.state == LayerChangeState.APPLIED, proposal.note
    assert set(Feature.objects.filter(valid_to=None).values_list("code", flat=True)) == after
    if kind == "modify":
        state = Feature.objects.get(code="R-01", valid_to=None)
        assert state.properties["so_ho"] == 4
    assert client_of(filled.head).get(reverse("map_change_page", args=[proposal.uid])).status_code == 200


def test_editor_without_sight_of_a_field_does_not_wipe_it(filled) -> None:
    share_layer(by=filled.head, layer=filled.layer, organisation=filled.other, may_edit=True)
    address = reverse("map_change_new", args=["rung", "modify"]) + "?ma=R-01"
    today = f"{timezone.localdate():%d/%m/%Y}"

    client_of(filled.partner).post(
        address, {"effective_on": today, "reason": "x", "f-ten": "Tên", "f-ghi_chu_mat": "giữ"}
    )

    assert ChangeProposal.objects.latest("id").after[0]["properties"]["ghi_chu_mat"] == "giữ"


@pytest.mark.parametrize(
    "text",
    [
        "abc", "1 2", '{"type":"Polygon"}',
        '{"type":"Polygon","coordinates":[[[106,11],[107,12],[107,11],[106,12],[106,11]]]}',
    ],
)  # fmt: skip
def test_shape_that_is_none_is_told_beside_the_field(filled, text) -> None:
    address = reverse("map_change_new", args=["rung", "add"])
    values = {"code": "R-10", "geometry": text, "f-ten": "x", "effective_on": "01/06/2023", "reason": "x"}

    response = client_of(filled.editor).post(address, values)

    assert response.status_code == 422
    assert response.context["form"].errors["geometry"]


@pytest.mark.parametrize("kind", ["gpkg", "geojson", "shp"])
@pytest.mark.parametrize("epsg", [9212, 4326])
def test_exported_file_is_read_by_gdal_in_its_system(filled, kind, epsg, tmp_path) -> None:
    response = client_of(filled.editor).get(reverse("map_layer", args=["rung"]), {"xuat": kind, "he": epsg})
    path = tmp_path / ("rung.zip" if kind == "shp" else f"rung.{kind}")
    path.write_bytes(b"".join(response.streaming_content) if response.streaming else response.content)

    meta, _fids, shapes, values = pyogrio.raw.read(path)

    assert meta["crs"] == f"EPSG:{4326 if kind == 'geojson' else epsg}"
    first = to_wgs84(shapely.from_wkb(shapes), 4326 if kind == "geojson" else epsg)[0]
    assert first.symmetric_difference(shapely.box(106.8, 11.8, 106.82, 11.82)).area < 1e-9
    names = [str(name) for name in meta["fields"]]
    assert values[names.index("ten")].tolist()[:2] == ["Rừng Bù Gia Mập", "Rừng Đắk Ơ"]
    assert values[names.index("dien_tich")].tolist()[0] == 120.5


def test_csv_has_coordinates_and_no_formula(filled) -> None:
    filled.add(
        filled.layer,
        plot("R-01", ten="=1+1").__class__("R-20", shapely.box(106.5, 11.5, 106.51, 11.51), {"ten": "=1+1"}),
    )

    response = client_of(filled.editor).get(reverse("map_layer", args=["rung"]), {"xuat": "csv"})
    text = response.content.decode("utf-8-sig")

    assert "'=1+1" in text
    assert ",x,y,wkt" in text.splitlines()[0]


@pytest.mark.parametrize("paper", ["a4", "a3"])
def test_print_is_one_sheet_with_legend_scale_and_source(filled, paper) -> None:
    response = client_of(filled.editor).get(reverse("map_layer_print", args=["rung", paper]))
    content = b"".join(response.streaming_content) if response.streaming else response.content
    pdf = PdfReader(io.BytesIO(content))
    text = pdf.pages[0].extract_text()

    assert len(pdf.pages) == 1
    assert round(float(pdf.pages[0].mediabox.width) / 72 * 25.4) == {"a4": 297, "a3": 420}[paper]
    for word in ("Lớp rung", "Chú giải", "Tỷ lệ 1:", "EPSG:9212", "3 đối tượng"):
        assert word in text, (word, text)
    assert client_of(filled.editor).get(reverse("map_layer_print", args=["rung", "a5"])).status_code == 422


def test_two_days_show_what_came_went_and_changed(filled) -> None:
    from khcn.domains.geodata.tests.test_changes import decide, propose

    decide(filled, propose(filled, objects=[plot("R-01", ten="Mới")]))

    response = client_of(filled.editor).get(
        reverse("map_compare", args=["rung"]), {"tu": "31/12/2021", "den": "01/06/2022"}
    )
    later = client_of(filled.editor).get(
        reverse("map_compare", args=["rung"]), {"tu": "01/06/2022", "den": "01/06/2023"}
    )

    assert [codes for _title, codes in response.context["groups"]] == [["R-01", "R-02", "R-03"], [], []]
    assert [codes for _title, codes in later.context["groups"]] == [[], [], ["R-01"]]


def test_settings_share_rule_and_look_are_kept(filled) -> None:
    client, address = client_of(filled.head), reverse("map_layer_settings", args=["rung"])

    client.post(address, {"act": "share", "organisation": filled.other.code, "may_edit": "on"})
    client.post(address, {"act": "rule", "kind": "min_area", "amount": "500", "is_blocking": "on"})
    client.post(
        address, {"act": "style", "colour": "#112233", "opacity": "0.4", "width": "2", "by": "loai", "colours": ""}
    )

    assert filled.layer.shares.get().may_edit
    assert filled.layer.rules.get().amount == 500
    assert set(filled.layer.styles.get().look["colours"]) == {"Đặc dụng", "Phòng hộ", "Sản xuất"}
    assert client.post(address, {"act": "rule", "kind": "min_area"}).status_code == 422
    client.post(address, {"act": "end_share", "code": filled.other.code})
    client.post(address, {"act": "end_rule", "uid": filled.layer.rules.get().uid})
    assert (filled.layer.shares.count(), filled.layer.rules.count()) == (0, 0)


def test_layer_is_set_up_and_described_with_stale_edits_refused(filled) -> None:
    client = client_of(filled.head)
    values = {"title": "Lớp mới", "key": "lop-moi-1", "owner": filled.owner.code, "kind": "register", "access": "open",
              "entry_epsg": "9212", "geometry_type": "point"}  # fmt: skip

    client.post(reverse("map_layer_new"), values)
    layer = Layer.objects.get(key="lop-moi-1")
    change = {"title": "Đổi", "access": "internal", "update_cycle": "yearly", "entry_epsg": "5899"}
    stale = client.post(reverse("map_layer_edit", args=[layer.key]), {**change, "version": 99})
    client.post(reverse("map_layer_edit", args=[layer.key]), {**change, "version": layer.version})

    assert stale.status_code == 409
    layer.refresh_from_db()
    assert (layer.title, layer.entry_epsg) == ("Đổi", 5899)


def test_key_is_shown_once_and_opens_the_interface(filled) -> None:
    client = client_of(filled.editor)
    ends = f"{timezone.localdate() + timedelta(days=20):%d/%m/%Y}"
    shown = client.post(reverse("map_keys"), {"name": "QGIS", "ends_on": ends}).context["shown"]

    assert shown not in client.get(reverse("map_keys")).content.decode()
    assert Client().get("/ogc/", headers={"Authorization": f"Bearer {shown}", "Accept": "*/*"}).status_code == 200


def test_search_finds_layers_and_objects_that_one_may_see(filled) -> None:
    def codes(actor, text):
        return {hit.code for group in search(actor, text) if group.key.startswith("map_") for hit in group.hits}

    assert codes(filled.editor, "rung loc ninh") == {"R-03"}
    assert codes(filled.stranger, "rung loc ninh") == set()
    assert codes(filled.stranger, "lop rung") == {"rung"}


def test_registers_in_use_count_those_renewed_in_the_period(filled) -> None:
    filled.register("trong")
    today = timezone.localdate()
    question = Question(
        period_from=date(today.year, 1, 1), period_to=today, as_of=today, scope_uid=uuid4(), parameters={}
    )  # fmt: skip

    found = registers_in_use(question)

    assert (found.value, found.numerator) == (1, ("rung",))


def test_base_map_is_a_pmtiles_file_of_units_and_open_reference_layers(filled) -> None:
    reference = filled.register("nen", kind=LayerKind.REFERENCE, fields=(), title_field="")
    filled.add(reference, plot("R-01").__class__("A", shapely.box(106.8, 11.8, 106.9, 11.9), {}))
    filled.register("kin", kind=LayerKind.REFERENCE, access=Access.RESTRICTED)

    count = make_base_map(on=timezone.localdate(), deepest=8)

    assert count > 3
    assert base_map_path().read_bytes()[:7] == b"PMTiles"
    layers = mapbox_vector_tile.decode(base_tile(8, 203, 119))
    assert set(layers) == {"don-vi", "nen"}
    assert Client().get(reverse("base_tile", args=[8, 203, 119])).status_code == 200
    assert Client().get(reverse("base_tile", args=[8, 0, 0])).status_code == 204
    assert client_of(filled.editor).get(reverse("base_map_file")).status_code == 200


def test_shapefile_export_is_zipped_with_its_parts(filled) -> None:
    response = client_of(filled.editor).get(reverse("map_layer", args=["rung"]), {"xuat": "shp"})
    content = b"".join(response.streaming_content) if response.streaming else response.content

    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert {name.rsplit(".", 1)[1] for name in names} >= {"shp", "shx", "dbf", "prj", "cpg"}
    assert np.all([name.startswith("rung.") for name in names])
