"""Plot files and statements against the Commission's description, outside fixtures, and what is built here."""

import base64
import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from shapely.geometry import MultiPolygon, Point, box, shape

from khcn.standards.eudr import statements as dds
from khcn.standards.eudr.geometry_checks import check_plots, read_plots
from khcn.standards.eudr.limits import Limits
from khcn.standards.eudr.plot_packages import Plot, packages_of, plot_findings, without_holes

REFERENCE = Path(__file__).parents[6] / "shared" / "reference" / "eudr"
LIMITS = Limits(4.0, 0.0001, 6, 25_000_000, 100, 1_000, 10_000, 500, 2_000, 150, 35, 500)
VN = frozenset({"VN", "GH", "CI", "BR"})
WEST, SOUTH = 106.912345, 11.512345


def square(size=0.002, west=WEST, south=SOUTH):
    return [[west, south], [west + size, south], [west + size, south + size], [west, south + size], [west, south]]


def collection(kind, coordinates, **properties):
    geometry = {"type": kind, "coordinates": coordinates}
    feature = {"type": "Feature", "properties": properties, "geometry": geometry}
    return {"type": "FeatureCollection", "features": [feature]}


def codes(value, **options):
    return [one.code for one in check_plots(value, LIMITS, countries=VN, **options)]


@pytest.mark.skipif(not REFERENCE.is_dir(), reason="reference material is not beside this tree")
@pytest.mark.parametrize(
    ("name", "fatal"),
    [
        ("multipolygon-farm", set()), ("point-under-4ha", set()), ("polygon-over-4ha", set()),
        ("invalid-duplicate-ring", {"hole"}), ("invalid-latitude-out-of-range", {"out_of_range"}),
        ("invalid-self-intersecting-polygon", {"self_crossing"}), ("invalid-unclosed-ring", {"open_ring"}),
    ],
)  # fmt: skip
def test_outside_plot_files_get_the_verdict_they_were_made_for(name, fatal):
    raw = (REFERENCE / "plot-fixtures" / f"{name}.geojson").read_bytes()

    found = read_plots(raw, LIMITS, countries=VN)

    assert {one.code for one in found if one.is_fatal} == fatal


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (collection("LineString", square()), "type_refused"),
        (collection("Point", [[WEST, SOUTH]]), "coordinates_shape"),
        (collection("Point", [WEST, SOUTH], Area="3"), "area_no_number"),
        (collection("Point", [WEST, SOUTH], Area=4.01), "point_too_large"),
        (collection("Point", [WEST, SOUTH], Area=0.00001), "point_too_small"),
        (collection("Point", [WEST, SOUTH]), "area_assumed"),
        (collection("Point", [SOUTH, WEST], Area=1), "swapped"),
        (collection("Point", [106.91, 11.51], Area=1), "few_decimals"),
        (collection("Polygon", [square(), square(0.0005)]), "hole"),
        (collection("Polygon", [[*square()[:2], square()[0]]]), "few_points"),
        (collection("Polygon", [[[WEST, SOUTH], [WEST + 1, SOUTH], [WEST + 2, SOUTH], [WEST, SOUTH]]]), "zero_area"),
        (collection("Polygon", [[square()[0], [WEST + 1e-7, SOUTH], *square()[1:]]]), "repeated_point"),
        (collection("Polygon", [square()], productionplace="x"), "property_case"),
        (collection("Polygon", [square()], ProducerCountry="XX"), "country_unknown"),
        ({"type": "FeatureCollection", "features": []}, "empty"),
        ({"type": "Feature", "geometry": None, "properties": {}}, "geometry_missing"),
        ([1], "not_feature"),
    ],
)  # fmt: skip
def test_each_rule_of_the_file_description_is_found(value, code):
    assert code in codes(value)


def test_file_at_commodity_level_needs_the_country_of_each_producer():
    value = collection("Polygon", [square()])

    assert codes(value) == []
    assert codes(value, by_commodity=True) == ["country_missing"]


def test_hostile_files_are_found_wrong_and_raise_nothing():
    deep = b"[" * 100_000

    assert [one.code for one in read_plots(deep, LIMITS, countries=VN)] == ["not_json"]
    assert [one.code for one in read_plots(b"\xff\xfe", LIMITS, countries=VN)] == ["not_json"]
    odd = {"type": ["x"], "features": 3}
    worse = collection({"a": 1}, [[[{}]]], ProducerCountry=[], ProducerName={}, Area={})
    assert codes(odd) == ["not_feature"]
    assert codes(worse) == ["country_unknown", "type_refused"]
    assert codes(collection("Point", [True, 1], Area={})) == ["coordinates_shape"]
    large = Limits(**{**{name: getattr(LIMITS, name) for name in Limits.names()}, "package_most_bytes": 10})
    assert [one.code for one in read_plots(b" " * 11, large, countries=VN)] == ["too_large"]


def plot(form, code="P1", area=None):
    return Plot(code, "Hộ A", "VN", "Lô 7", area, form)


@given(
    st.lists(st.tuples(st.floats(0.05, 0.9), st.floats(0.05, 0.9), st.floats(0.01, 0.08)), max_size=5),
    st.floats(105, 109), st.floats(9, 22),
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_packages_hold_the_same_land_without_holes_and_pass_every_check(holes, west, south):
    land = box(west, south, west + 0.01, south + 0.01)
    for x, y, size in holes:
        land = land.difference(
            box(west + x * 0.01, south + y * 0.01, west + (x + size) * 0.01, south + (y + size) * 0.01)
        )
    parts = land.geoms if isinstance(land, MultiPolygon) else [land]

    (package,) = packages_of([plot(land)], LIMITS)

    value = json.loads(package)
    written = [shape(one["geometry"]) for one in value["features"]]
    assert not any(part.interiors for one in parts for part in without_holes(one))
    assert read_plots(package, LIMITS, countries=VN, by_commodity=True) == []
    assert abs(shapely.union_all(written).area - land.area) < land.area * 1e-3
    assert sum(one.area for one in written) == pytest.approx(shapely.union_all(written).area)


def test_packages_are_split_by_bytes_and_keep_every_plot_whole():
    plots = [plot(box(WEST + n / 100, SOUTH, WEST + n / 100 + 0.001, SOUTH + 0.001), f"P{n}") for n in range(40)]
    small = Limits(**{**{name: getattr(LIMITS, name) for name in Limits.names()}, "package_most_bytes": 2_000})

    packages = packages_of(plots, small)

    assert len(packages) > 1
    assert all(len(one) <= 2_000 for one in packages)
    named = [one["properties"]["PlotId"] for package in packages for one in json.loads(package)["features"]]
    assert named == [one.code for one in plots]


def test_points_stand_only_for_small_plots():
    found = plot_findings([plot(Point(WEST, SOUTH), "A", 4.0), plot(Point(WEST, SOUTH), "B", 4.5),
                           plot(Point(WEST, SOUTH), "C")], LIMITS)  # fmt: skip

    assert [(one.code, one.pointer) for one in found] == [("polygon_needed", "B"), ("area_unknown", "C")]
    assert b'"coordinates":[106.912345,11.512345]' in packages_of([plot(Point(WEST, SOUTH), area=1.2)], LIMITS)[0]
    assert b"106.900000" in packages_of([plot(Point(106.9, 11.5), area=1)], LIMITS)[0]


def statement(**changes):
    producer = dds.Producer("VN", "Hộ A", packages_of([plot(box(WEST, SOUTH, WEST + 0.001, SOUTH + 0.001))], LIMITS)[0])
    goods = dds.Commodity("Mủ cao su", Decimal("20000.5"), "4001", (producer,), **changes.pop("goods", {}))
    values = {"commodities": (goods,), "activity": "IMPORT", "country_of_activity": "DE", "border_country": "DE"}
    return dds.Statement(**{**values, **changes})


def test_statement_within_the_limits_has_no_findings():
    assert dds.check_statement(statement(), LIMITS) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"activity": "TRADE"}, "activity_unknown"), ({"role": "TRADER"}, "role_unknown"),
        ({"internal_reference": "x" * 36}, "reference_long"), ({"commodities": ()}, "commodity_missing"),
        ({"border_country": ""}, "border_missing"), ({"grouped": ("26BE7XTVCZAQ2SX",)}, "grouped_number"),
        ({"goods": {"is_timber": True}}, "species_missing"),
        ({"goods": {"deviation_percent": Decimal(101)}}, "deviation_wrong"),
    ],
)  # fmt: skip
def test_statement_beyond_a_rule_says_which(changes, code):
    assert code in [one.code for one in dds.check_statement(statement(**changes), LIMITS)]


def test_goods_beyond_a_rule_say_which():
    bad = dds.Commodity("x" * 151, Decimal("1.1234567"), "40O1", ())
    none = dds.Commodity(" ", None, "4001", (dds.Producer("V", "n" * 501, b""),))

    found = [one.code for one in dds.check_statement(statement(commodities=(bad, none)), LIMITS)]

    assert found == ["description_long", "hs_heading", "net_wrong", "producers_missing", "description_missing",
                     "net_missing", "country_unknown", "producer_long"]  # fmt: skip


def _order(element):
    return [etree.QName(one).localname for one in element]


@pytest.mark.skipif(not REFERENCE.is_dir(), reason="reference material is not beside this tree")
def test_message_has_the_members_and_order_of_the_published_sample():
    text = next((REFERENCE / "commission-documents").rglob("EUDR Operator API Reference v1.0.md")).read_text("utf-8")
    start = text.index("<soapenv:Envelope", text.index("## 5.1.1 submitDds"))
    sample = text[start : text.index("</soapenv:Envelope>", start)].replace("\n\n- ", "") + "</soapenv:Envelope>"
    theirs = etree.fromstring(sample.encode())
    made = dds.statement_element(
        statement(internal_reference="R1", goods={"species": (("Hevea brasiliensis", "Cao su"),)})
    )
    access = dds.Access("u", "secret", "c")

    ours = etree.fromstring(dds.envelope(made, access, now=datetime(2026, 5, 20, 10, tzinfo=UTC), nonce=b"n" * 16))

    for path in ("Body/SubmitDdsRequest", "Body/SubmitDdsRequest/statement",
                 "Body/SubmitDdsRequest/statement/commodities", "Body/SubmitDdsRequest/statement/commodities/producers",
                 "Header/Security/UsernameToken"):  # fmt: skip
        steps = "/".join(f"{{*}}{step}" for step in path.split("/"))
        assert _order(ours.find(steps)) == _order(theirs.find(steps)), path
    assert ours.find("{*}Body")[0].tag == theirs.find("{*}Body")[0].tag
    sent = ours.findtext(".//{*}geometryGeojson")
    assert json.loads(base64.b64decode(sent))["type"] == "FeatureCollection"


def test_password_digest_is_that_of_the_profile():
    # Computed with another program: printf nonce+created+password | openssl sha1 -binary | base64
    found = dds.password_digest("secret", b"1234567890123456", "2026-01-15T10:00:00.000Z")

    assert found == "8lnGpxt/Co3FGCThpPUMdnqnAVw="


@pytest.mark.skipif(not REFERENCE.is_dir(), reason="reference material is not beside this tree")
def test_published_answers_are_read():
    text = next((REFERENCE / "commission-documents").rglob("EUDR Operator API Reference v1.0.md")).read_text("utf-8")
    start = text.index("<S:Envelope", text.index("## 5.1.1 submitDds"))
    told = dds.read_answer(text[start : text.index("</S:Envelope>", start)].encode() + b"</S:Envelope>")
    start = text.index("<S:Envelope", text.index("## 5.1.5 getDds"))
    shown = text[start : text.index("</S:Envelope>", start)].replace("\n\n- ", "") + "</S:Envelope>"
    fault = next((REFERENCE / "commission-documents").rglob("submission-error-response.xml")).read_bytes()

    overview = dds.read_answer(shown.encode()).overviews[0]

    assert told.uuid == "071874bd-8c62-4cac-8eb6-b2fbe003410c"
    assert (overview.status, overview.reference, overview.verification) == ("AVAILABLE", "26BE7XTVCZAQ2S", "SFFCB4Y3")
    assert dds.read_answer(fault).refusals[0][0] == "EUDR-WEBSERVICE-USER-ACTIVITY-NOT-ALLOWED"
    with pytest.raises(dds.AnswerUnreadable):
        dds.read_answer(b"<html>")
