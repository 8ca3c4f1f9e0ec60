"""Files of every format in: coordinates declared and found, old Vietnamese text, mapping remembered, all or nothing."""

import io
import zipfile
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import shapely
import xlsxwriter
from shapely.geometry import Point

from khcn.domains.geodata.choices import FieldType, GeometryType, LayerImportState
from khcn.domains.geodata.errors import SourceRefused
from khcn.domains.geodata.models import Feature, LayerTemplate, LayerVersion
from khcn.domains.geodata.queries.source_files import epsg_of, read_source
from khcn.domains.geodata.rules.fields import Field
from khcn.domains.geodata.services import imports
from khcn.domains.geodata.services.reference import load_templates
from khcn.domains.geodata.tests.conftest import DAY, square, written
from khcn.lib.failure import Forbidden, Refused
from khcn.standards.coordinate_systems import from_wgs84
from khcn.web.archive_limits import ArchiveRefused

pytestmark = [pytest.mark.django_db]
GOLDEN = Point(106.89, 11.535)
SHAPES = [square(106.8, 11.8), square(106.9, 11.8)]
COLUMNS = {"ma": ["R-01", "R-02"], "ten": ["Rừng Bù Gia Mập", "Đắk Ơ"], "dien_tich": [480.5, 12.0]}
TCVN3 = {"ten": ["Rõng ®Æc dông", "§¾k ¥"], "ma": ["R-01", "R-02"]}


def prepare(world, content, filename="rung.gpkg", **more):
    layer = more.pop("layer", world.layer)
    reading = {name: more.pop(name) for name in ("part", "encoding") if name in more}
    table = read_source(content, filename, layer, code_column=more.get("code_column") or "", **reading)
    values = {"by": world.editor, "declared_epsg": 9212, "effective_on": date(2022, 1, 1)}
    batch = imports.prepare_import(layer=layer, content=content, table=table, **(values | more))
    return batch, table


def take_in(world, content, filename="rung.gpkg", **more):
    batch, table = prepare(world, content, filename, **more)
    assert batch.faults == []
    return imports.apply_import(by=world.editor, batch=batch, table=table)


@pytest.mark.parametrize(
    ("driver", "ending", "zipped"),
    [
        ("GPKG", ".gpkg", False), ("ESRI Shapefile", ".shp", True), ("FlatGeobuf", ".fgb", False),
        ("MapInfo File", ".tab", True), ("OpenFileGDB", ".gdb", True), ("GeoJSON", ".geojson", False),
        ("KML", ".kml", False),
    ],
)  # fmt: skip
def test_file_of_each_format_brings_its_objects_to_the_right_place(world, driver, ending, zipped) -> None:
    epsg = 4326 if driver in ("GeoJSON", "KML") else 9212
    columns = {**COLUMNS, "Name": COLUMNS["ten"]} if driver == "KML" else COLUMNS
    content = written(driver, ending, SHAPES, columns, epsg=epsg, zipped=zipped)

    version = take_in(world, content, f"rung{'.zip' if zipped else ending}", declared_epsg=epsg)

    found = {one.code: one for one in Feature.objects.filter(layer=world.layer)}
    assert (version.added, set(found)) == (2, {"R-01", "R-02"})
    assert found["R-01"].title == "Rừng Bù Gia Mập"
    assert found["R-01"].geometry.symmetric_difference(SHAPES[0]).area < 1e-8
    assert [found[code].properties["dien_tich"] for code in ("R-01", "R-02")] == [480.5, 12.0]


@pytest.mark.parametrize(("driver", "ending"), [("DXF", ".dxf"), ("DGN", ".dgn")])
def test_closed_lines_of_drawing_programs_become_areas(world, driver, ending) -> None:
    world.layer.fields = []
    world.layer.title_field = ""
    world.layer.save()
    outline = [shape.exterior for shape in SHAPES]
    content = written(driver, ending, outline, {}, epsg=9212, crs="EPSG:9212" if driver == "DXF" else None,
                      geometry_type="LineString")  # fmt: skip

    batch, table = prepare(world, content, f"ve{ending}", code_column="")
    imports.apply_import(by=world.editor, batch=batch, table=table)

    found = list(Feature.objects.filter(layer=world.layer).order_by("code"))
    assert [one.code for one in found] == ["1", "2"]
    assert found[0].geometry.symmetric_difference(SHAPES[0]).area < 1e-7


def test_golden_point_lands_where_the_decision_says(world) -> None:
    points = world.register("diem", geometry_type=GeometryType.POINT, fields=[], title_field="")
    plane = shapely.Point(569_613.688, 1_275_708.641)
    content = written("GPKG", ".gpkg", [plane], {"ma": ["P"]}, epsg=None, crs="EPSG:9212", geometry_type="Point")

    take_in(world, content, layer=points)

    assert Feature.objects.get(layer=points).geometry.distance(GOLDEN) < 1e-7


def test_system_declared_wrongly_is_told_and_nothing_kept(world) -> None:
    content = written("GPKG", ".gpkg", SHAPES, COLUMNS, epsg=9212, crs="EPSG:9212")

    batch, table = prepare(world, content, declared_epsg=5899)

    assert batch.stated_epsg == 9212
    assert batch.detected[0] == 9212
    assert batch.faults[0][1] == "epsg"
    assert "EPSG:9212" in batch.faults[0][2]
    with pytest.raises(Refused, match="chưa nhập dòng nào"):
        imports.apply_import(by=world.editor, batch=batch, table=table)
    imports.reread_import(by=world.editor, batch=batch, table=table, changes={"declared_epsg": 9212})
    assert imports.apply_import(by=world.editor, batch=batch, table=table).added == 2


def test_swapped_axes_are_told(world) -> None:
    turned = [shapely.transform(one, lambda points: points[:, ::-1]) for one in from_wgs84(np.array(SHAPES), 9212)]
    content = written("GPKG", ".gpkg", turned, COLUMNS, epsg=None, crs="EPSG:9212")

    batch, _table = prepare(world, content)

    assert "đổi chỗ hai trục" in batch.faults[0][2]


@pytest.mark.parametrize(
    ("code", "wkt"),
    [
        (9212, "EPSG:9212"), (5899, "EPSG:5899"), (3405, "EPSG:3405"), (4326, "EPSG:4326"), (4756, "EPSG:4756"),
        (9212, "+proj=tmerc +lat_0=0 +lon_0=106.25 +k=0.9999 +x_0=500000 +y_0=0 +ellps=WGS84 "
               "+towgs84=-191.90441429,-39.30318279,-111.45032835,0.00928836,-0.01975479,0.00427372,0.252906278"),
        (None, "EPSG:27700"), (None, "không phải hệ tọa độ"), (None, ""),
    ],
)  # fmt: skip
def test_stated_system_is_read_even_without_a_code(code, wkt) -> None:
    assert epsg_of(wkt) == code


def test_old_vietnamese_text_becomes_unicode(world) -> None:
    content = written("ESRI Shapefile", ".shp", SHAPES, TCVN3, zipped=True, encoding="ISO-8859-1")

    batch, table = prepare(world, content, "rung.zip")
    imports.apply_import(by=world.editor, batch=batch, table=table)

    assert batch.encoding == "TCVN3 (ABC)"
    assert set(Feature.objects.values_list("title", flat=True)) == {"Rừng đặc dụng", "Đắk Ơ"}


def test_rows_that_do_not_fit_are_listed_and_nothing_is_kept(world) -> None:
    shapes = [*SHAPES, square(107.0, 11.8), Point(106.9, 11.9),
              shapely.Polygon([(106.9, 11.7), (107, 11.8), (107, 11.7), (106.9, 11.8)])]  # fmt: skip
    columns = {
        "ma": ["R-01", "R-01", "R 3", "R-04", "R-05"], "ten": ["a", "b", "c", "d", None],
        "loai": ["Phòng hộ", "phong ho", "Rừng tre", "", ""],
    }  # fmt: skip
    content = written("GPKG", ".gpkg", shapes, columns, geometry_type="Unknown")

    batch, table = prepare(world, content)

    told = {(row, field) for row, field, _text in batch.faults}
    assert told == {(2, "code"), (3, "code"), (3, "loai"), (4, "geometry"), (5, "geometry"), (5, "ten")}
    assert (batch.row_count, batch.fault_count) == (5, 6)
    with pytest.raises(Refused, match="6 lỗi"):
        imports.apply_import(by=world.editor, batch=batch, table=table)
    assert not Feature.objects.exists()


def test_self_crossing_outline_is_mended_only_when_asked(world) -> None:
    bow = shapely.Polygon([(106.9, 11.7), (107, 11.8), (107, 11.7), (106.9, 11.8)])
    content = written("GPKG", ".gpkg", [bow], {"ma": ["R-05"], "ten": ["Nơ"]})

    batch, table = prepare(world, content)
    mended, _table = prepare(world, content, repair=True)

    assert (batch.fault_count, mended.fault_count) == (1, 0)
    assert imports.apply_import(by=world.editor, batch=mended, table=table, repair=True).added == 1


def test_mapping_is_remembered_for_the_next_file_with_the_same_columns(world) -> None:
    columns = {"SOHIEU": ["R-01", "R-02"], "TENKHU_1": ["Một", "Hai"]}
    first, table = prepare(
        world, written("GPKG", ".gpkg", SHAPES, columns), mapping={"ten": "TENKHU_1"}, code_column="SOHIEU"
    )  # fmt: skip
    imports.apply_import(by=world.editor, batch=first, table=table)

    second, _table = prepare(world, written("GPKG", ".gpkg", SHAPES, columns))

    assert second.mapping == {"ten": "TENKHU_1"}
    assert second.code_column == "SOHIEU"
    assert second.fault_count == 0


def test_layer_with_data_takes_a_file_only_from_a_leader_who_did_not_send_it(world) -> None:
    take_in(world, written("GPKG", ".gpkg", SHAPES, COLUMNS))
    changed = {**COLUMNS, "ten": ["Rừng Bù Gia Mập", "Tên mới"]}
    batch, table = prepare(world, written("GPKG", ".gpkg", SHAPES, changed), effective_on=date(2022, 6, 1))

    with pytest.raises(Forbidden):
        imports.apply_import(by=world.editor, batch=batch, table=table)
    version = imports.apply_import(by=world.head, batch=batch, table=table)

    assert (version.added, version.ended, version.count) == (1, 1, 2)
    own, table = prepare(world, written("GPKG", ".gpkg", SHAPES[:1], {"ma": ["X"], "ten": ["x"]}), by=world.head)
    with pytest.raises(Refused, match="không được tự duyệt"):
        imports.apply_import(by=world.head, batch=own, table=table)


def test_replacing_file_ends_what_it_does_not_hold(world) -> None:
    take_in(world, written("GPKG", ".gpkg", SHAPES, COLUMNS))
    only = {name: values[:1] for name, values in COLUMNS.items()}
    batch, table = prepare(world, written("GPKG", ".gpkg", SHAPES[:1], only), replaces=True, effective_on=DAY)

    version = imports.apply_import(by=world.head, batch=batch, table=table)

    assert (version.added, version.ended, version.count) == (0, 1, 1)
    assert Feature.objects.get(code="R-02").valid_to == DAY
    again, table = prepare(world, written("GPKG", ".gpkg", SHAPES[:1], only), replaces=True, effective_on=DAY)
    with pytest.raises(Refused, match="không khác"):
        imports.apply_import(by=world.head, batch=again, table=table)


def test_file_is_taken_in_once(world) -> None:
    batch, table = prepare(world, written("GPKG", ".gpkg", SHAPES, COLUMNS))
    imports.apply_import(by=world.editor, batch=batch, table=table)

    with pytest.raises(Refused, match="đã được nhập"):
        imports.drop_import(by=world.editor, batch=batch)

    dropped, table = prepare(world, written("GPKG", ".gpkg", SHAPES, COLUMNS))
    imports.drop_import(by=world.editor, batch=dropped)
    assert dropped.state == LayerImportState.DROPPED
    with pytest.raises(Refused):
        imports.apply_import(by=world.head, batch=dropped, table=table)


def sheet(rows, name="bang.xlsx"):
    if name.endswith(".csv"):
        return "\n".join(";".join(str(cell) for cell in row) for row in rows).encode()
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet()
        for place, row in enumerate(rows):
            page.write_row(place, 0, row)
    return out.getvalue()


@pytest.mark.parametrize("name", ["gieng.xlsx", "gieng.csv"])
def test_sheet_with_coordinates_gives_points(world, name) -> None:
    fields = [Field("ten", "Tên giếng", required=True), Field("sau", "Chiều sâu", FieldType.NUMBER)]
    wells = world.register("gieng", geometry_type=GeometryType.POINT, fields=fields)
    rows = [["Mã", "Tên giếng", "X", "Y", "Chiều sâu"], ["G-1", "Giếng một", 1275708.641, 569613.688, 45],
            ["G-2", "Giếng hai", 1276000, 570000, 60]]  # fmt: skip

    take_in(world, sheet(rows, name), name, layer=wells)

    first = Feature.objects.get(layer=wells, code="G-1")
    assert first.geometry.distance(GOLDEN) < 1e-7
    assert (first.title, first.properties["sau"]) == ("Giếng một", 45)


def test_corner_points_of_a_licence_become_one_area(world) -> None:
    corners = [(1275000, 569000), (1275000, 570000), (1276000, 570000), (1276000, 569000)]
    rows = [["Mã", "Tên khu", "Điểm góc", "X (Bắc)", "Y (Đông)"]]
    rows += [["M-1", "Mỏ đá", number, *at] for number, at in enumerate(corners, start=1)]

    take_in(world, sheet(rows), "mo.xlsx")

    mine = Feature.objects.get(code="M-1")
    assert mine.area_m2 == pytest.approx(1_000_000, abs=1)
    assert mine.title == "Mỏ đá"


def test_sheet_without_coordinates_says_which_columns_it_needs(world) -> None:
    with pytest.raises(SourceRefused, match="hai cột tọa độ"):
        read_source(sheet([["Mã", "Tên khu"], ["1", "a"]]), "bang.xlsx", world.layer)


def _zip(**files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as opened:
        for name, content in files.items():
            opened.writestr(name.replace("__", "."), content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "filename"),
    [
        (b"", "rung.gpkg"), (b"rubbish", "rung.gpkg"), (b"rubbish", "rung.exe"), (b"<kml", "rung.kml"),
        (b'{"type":"FeatureCollection","features":[{]}', "rung.geojson"), (b"\x00" * 5000, "rung.dgn"),
        (b"0\nSECTION\n2\nENTITIES\n", "rung.dxf"), (_zip(a__txt="x"), "rung.zip"),
        (_zip(a__shp=b"\x00" * 100, b__shp=b"\x00" * 100), "rung.zip"), (_zip(a__shp=b"\x00" * 200), "rung.zip"),
        (b'<?xml version="1.0"?><!DOCTYPE k [<!ENTITY a SYSTEM "file:///etc/passwd">]><kml>&a;</kml>', "rung.kml"),
        (b'<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/etc</SrcDataSource></OGRVRTLayer>', "rung.json"),
    ],
)  # fmt: skip
def test_file_that_cannot_be_read_is_refused_in_a_sentence(world, content, filename) -> None:
    with pytest.raises(SourceRefused, match=r"\S") as refused:
        read_source(content, filename, world.layer)
    assert refused.value.message.endswith(".")


def test_archive_that_would_escape_is_refused(world) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as opened:
        opened.writestr("../ngoai.shp", b"x")
    with pytest.raises(ArchiveRefused):
        read_source(out.getvalue(), "rung.zip", world.layer)


def test_giant_coordinates_and_empty_shapes_are_faults_of_their_rows(world) -> None:
    collection = (
        b'{"type":"FeatureCollection","features":['
        b'{"type":"Feature","properties":{"ma":"A","ten":"a"},"geometry":{"type":"Polygon","coordinates":'
        b"[[[1e300,1],[2,1e300],[3,4],[1e300,1]]]}},"
        b'{"type":"Feature","properties":{"ma":"B","ten":"b"},"geometry":null}]}'
    )

    batch, _table = prepare(world, collection, "la.geojson", declared_epsg=4326)

    assert {row for row, _field, _text in batch.faults} == {1, 2}


def test_strangers_send_no_file(world) -> None:
    content = written("GPKG", ".gpkg", SHAPES, COLUMNS)
    with pytest.raises(Forbidden):
        prepare(world, content, by=world.partner)


def test_templates_of_the_first_registers_set_up_layers(world) -> None:
    folder = Path(__file__).parents[5] / "data" / "reference" / "geodata"

    (tally,) = load_templates(by=world.system, folder=folder)
    (again,) = load_templates(by=world.system, folder=folder)

    assert (tally.added, again.same) == (7, 7)
    for template in LayerTemplate.objects.all():
        layer = world.register(
            f"theo-{template.key}", template=template, fields=(), title_field="", geometry_type=None
        )  # fmt: skip
        assert layer.described_fields
        assert layer.rules.count() == len(template.rules)
    assert not LayerVersion.objects.exists()
