"""Plots: borders drawn, walked and imported, papers; statements of the EUDR from a trace to the information system."""

import json
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from shapely.geometry import Point, Polygon, box, mapping

from khcn.domains.traceability.choices import PlotPaperKind, Sector, ShapeSource, SiteKind, StatementState
from khcn.domains.traceability.models import PlotShape, Statement
from khcn.domains.traceability.queries.parameters import parameters_on
from khcn.domains.traceability.queries.plots import border_on, plots_behind
from khcn.domains.traceability.rules.eudr import known_codes, limits_of
from khcn.domains.traceability.services import eudr, parties
from khcn.domains.traceability.services.plots import add_plot_paper, doubts_about, measure_plot
from khcn.domains.traceability.tests.eudr_endpoint import SimulatedSystem
from khcn.domains.traceability.tests.world import NOW, SYSTEM, TODAY
from khcn.kernel.places.choices import UnitLevel
from khcn.kernel.places.models import AdministrativeUnit
from khcn.lib.failure import Forbidden, Refused, Stale
from khcn.standards.coordinate_systems import from_wgs84
from khcn.standards.eudr.geometry_checks import read_plots

pytestmark = pytest.mark.django_db

WEST, SOUTH = 106.912345, 11.812345
LATER = NOW + timedelta(days=90)


@pytest.fixture(autouse=True)
def _on_the_day(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: LATER)


def land(shift=0.0, size=0.00115):
    return box(WEST + shift, SOUTH, WEST + shift + size, SOUTH + size)


def measured(world, shape=None, on=date(2026, 3, 1), by=SYSTEM, site=None, uid=None, **more):
    values = {"source": ShapeSource.DRAWN, "now": LATER, **more}
    return measure_plot(
        by=by, uid=uid or uuid4(), site=site or world.plot, geometry=land() if shape is None else shape, measured_on=on,
        **values,
    )  # fmt: skip


@pytest.mark.database
def test_border_is_dated_and_the_day_decides_which_holds(world):
    first, _new = measured(world, on=date(2025, 1, 1))
    second, _new = measured(world, land(0.0001), on=date(2026, 3, 1))

    assert border_on(world.plot, date(2025, 12, 31)) == first
    assert border_on(world.plot, date(2026, 3, 1)) == second
    assert border_on(world.plot, date(2024, 12, 31)) is None
    assert Decimal("1.5") < second.area_ha < Decimal("1.7")
    with pytest.raises(Refused, match="trước ngày đo"):
        measured(world, on=date(2025, 6, 1))


@pytest.mark.database
def test_same_border_sent_twice_is_one_and_another_on_the_same_day_takes_its_place(world):
    uid = uuid4()
    first, is_new = measured(world, uid=uid)
    again, is_again_new = measured(world, uid=uid)

    other, _new = measured(world, land(0.0002))

    assert (is_new, is_again_new) == (True, False)
    assert again == first
    assert border_on(world.plot, date(2026, 3, 1)) == other
    assert PlotShape.objects.filter(site=world.plot, valid_to=None).count() == 1


@pytest.mark.parametrize(
    ("shape", "word"),
    [
        (Polygon([(WEST, SOUTH), (WEST + 1e-3, SOUTH + 1e-3), (WEST + 1e-3, SOUTH), (WEST, SOUTH + 1e-3)]), "cắt nhau"),
        (box(SOUTH, WEST, SOUTH + 1e-3, WEST + 1e-3), "ngoài Việt Nam"), (Point(WEST, SOUTH), "khép kín"),
        (box(WEST, SOUTH, WEST + 1e-7, SOUTH + 1e-7), "diện tích"),
    ],
)  # fmt: skip
def test_border_that_cannot_be_is_refused(world, shape, word):
    with pytest.raises(Refused, match=word):
        measured(world, shape)


def test_border_of_strangers_and_of_workshops_is_refused(world):
    with pytest.raises(Forbidden):
        measured(world, by=world.stranger.actor)
    with pytest.raises(Refused, match="Chỉ lô đất"):
        measured(world, site=world.hall)
    with pytest.raises(Refused, match="tương lai"):
        measured(world, on=LATER.date() + timedelta(days=1))


@pytest.mark.database
def test_border_tells_other_area_overlaps_and_bad_accuracy(world):
    other = parties.register_site(by=SYSTEM, party=world.coop, code="8", name="Lô 8", kind=SiteKind.PLOT,
                                  sector=Sector.CASHEW, area_ha=Decimal("1.6"))  # fmt: skip
    measured(world)

    border, _new = measured(world, land(0.0008, 0.003), site=other, accuracy_m=25.0, source=ShapeSource.WALKED)

    assert [one["code"] for one in border.findings] == ["area", "overlap", "accuracy"]
    assert "Lô 7 (7)" in border.findings[1]["text"]


def test_paper_keeps_digest_and_period_and_proofs_need_one(world):
    paper = {"site": world.plot, "issuer": "Trung tâm viễn thám", "issued_on": TODAY, "now": NOW, "by": SYSTEM,
             "content": b"\xff\xd8\xff\xe0" + b"x" * 64, "filename": "anh.jpg", "title": "Ảnh vệ tinh"}  # fmt: skip
    period = {"shows_from": date(2020, 12, 31), "shows_to": TODAY}

    kept = add_plot_paper(kind=PlotPaperKind.DEFORESTATION, **paper, **period)

    assert len(kept.file.sha256) == 64
    assert kept.signers == []
    with pytest.raises(Refused, match="khoảng thời gian"):
        add_plot_paper(kind=PlotPaperKind.DEFORESTATION, **paper)
    with pytest.raises(Refused, match="Ngày cuối"):
        add_plot_paper(kind=PlotPaperKind.LAND, **paper, shows_from=TODAY, shows_to=date(2020, 1, 1))


def test_pages_of_a_plot_draw_type_and_hand_out_borders(world, client_for):
    keeper, address = client_for(world.farmer), reverse("trace_border_new", args=[world.plot.uid])
    empty = keeper.get(reverse("trace_plot", args=[world.plot.uid]))
    form = {"uid": str(uuid4()), "measured_on": "01/03/2026", "epsg": "4326"}
    drawn = keeper.post(address, {**form, "geometry": json.dumps(mapping(land()))})
    corners = from_wgs84(land(0.0001), 9212).exterior.coords[:-1]
    typed = keeper.post(address, {
        "uid": str(uuid4()), "measured_on": "02/03/2026", "epsg": "9212",
        "geometry": "\n".join(f"{north:.3f}; {east:.3f}" for east, north in corners),
    })  # fmt: skip
    wrong = keeper.post(address, {**form, "uid": str(uuid4()), "geometry": "{"})
    few = keeper.post(address, {**form, "uid": str(uuid4()), "geometry": "11.8; 106.9"})

    shown = keeper.get(reverse("trace_plot", args=[world.plot.uid]))
    given = json.loads(keeper.get(reverse("trace_plot", args=[world.plot.uid]), {"dang": "geojson"}).getvalue())
    whole = keeper.get(reverse("trace_plot_map"))

    assert "chưa có ranh giới" in empty.content.decode()
    assert (drawn.status_code, typed.status_code, wrong.status_code, few.status_code) == (302, 302, 422, 422)
    assert "Vẽ trên bản đồ" in shown.content.decode()
    (feature,) = given["features"]
    assert feature["geometry"]["coordinates"][0][0] == pytest.approx(land(0.0001).exterior.coords[0], abs=2e-6)
    assert "1 trong 1" in whole.content.decode()
    (name,) = whole.context["map"]["names"]
    assert (name["code"], name["name"], name["href"]) == ("7", "Lô 7", reverse("trace_plot", args=[world.plot.uid]))
    assert land(0.0001).contains(Point(name["at"]))
    assert client_for(world.stranger).get(reverse("trace_plot", args=[world.plot.uid])).status_code == 404


def test_drawn_border_with_doubts_is_written_once_they_were_looked_at(world, client_for):
    other = parties.register_site(by=SYSTEM, party=world.coop, code="8", name="Lô 8", kind=SiteKind.PLOT,
                                  sector=Sector.CASHEW, area_ha=Decimal("1.6"))  # fmt: skip
    measured(world, site=other)
    keeper, address = client_for(world.farmer), reverse("trace_border_new", args=[world.plot.uid])
    crossing = Polygon([(WEST, SOUTH), (WEST + 1e-3, SOUTH + 1e-3), (WEST + 1e-3, SOUTH), (WEST, SOUTH + 1e-3)])
    form = {"uid": str(uuid4()), "measured_on": "01/03/2026", "epsg": "4326", "is_looked_at": "False"}

    asked = keeper.post(address, {**form, "geometry": json.dumps(mapping(land(0.0005, 0.003)))})
    crossed = keeper.post(address, {**form, "geometry": json.dumps(mapping(crossing))})
    before = world.plot.shapes.count()
    written = keeper.post(address, {**form, "geometry": json.dumps(mapping(land(0.0005, 0.003))), "is_looked_at": "on"})

    told = asked.content.decode()
    assert (asked.status_code, crossed.status_code, before, written.status_code) == (422, 422, 0, 302)
    assert "Chồng lên Lô 8 (8)" in told
    assert "khác diện tích khai 1,50 ha" in told
    assert 'type="checkbox" name="is_looked_at"' in told
    assert "gần vĩ độ 11,812845, kinh độ 106,912845" in crossed.content.decode()
    assert [one["code"] for one in world.plot.shapes.get().findings] == ["area", "overlap"]


@pytest.mark.database
@pytest.mark.parametrize(
    ("level", "territory", "told"),
    [
        (UnitLevel.PROVINCE, box(106, 11, 107, 12), []), (UnitLevel.COMMUNE, box(106, 11, 107, 12), []),
        (UnitLevel.PROVINCE, box(100, 11, 101, 12), ["Ranh giới nằm ngoài"]),
        (UnitLevel.PROVINCE, box(106, 11, WEST + 0.0005, 12), ["Một phần ranh giới nằm ngoài"]),
        (UnitLevel.PROVINCE, None, []),
    ],
)  # fmt: skip
def test_border_outside_of_the_province_is_told(world, level, territory, told):
    AdministrativeUnit.objects.all().delete()
    AdministrativeUnit.objects.create(code="T", name="Tỉnh thử", level=level, latitude=11.5, longitude=106.5,
                                      valid_from=date(2025, 7, 1), geometry=territory)  # fmt: skip

    found = doubts_about(site=world.plot, geometry=land(), on=date(2026, 3, 1))

    assert [one.partition(" địa bàn tỉnh")[0] for one in found] == told


def test_walk_goes_through_the_phones_queue_once(world, client_for):
    keeper, address = client_for(world.farmer), reverse("trace_field_walk", args=["HO1"])
    points = [[x, y, 4.0] for x, y in land().exterior.coords[:-1]]
    sent = {"record": str(uuid4()), "site": str(world.plot.uid), "day": "01/03/2026", "points": json.dumps(points)}

    page = keeper.get(address)
    answers = [keeper.post(address, sent, HTTP_ACCEPT="application/json").json() for _ in range(2)]
    refused = keeper.post(address, {**sent, "record": str(uuid4()), "points": "[[1,2]]"})
    foreign = keeper.post(address, {**sent, "record": str(uuid4()), "site": str(world.hall.uid)})

    assert "data-walk" in page.content.decode()
    assert [one["state"] for one in answers] == ["stored", "known"]
    assert (refused.status_code, foreign.status_code) == (422, 422)
    border = PlotShape.objects.get()
    assert (border.source, border.accuracy_m) == (ShapeSource.WALKED, 4.0)


def test_file_is_shown_before_it_is_taken_in_and_once(world, client_for):
    keeper, address = client_for(world.officer), reverse("trace_border_import", args=["HO1"])

    def upload(*codes):
        features = [{"type": "Feature", "properties": {"ma": code}, "geometry": mapping(land(0.01 * at))}
                    for at, code in enumerate(codes)]  # fmt: skip
        content = json.dumps({"type": "FeatureCollection", "features": features}).encode()
        return {"file": SimpleUploadedFile("lo.geojson", content), "epsg": "4326", "measured_on": "01/03/2026"}

    unknown = keeper.post(address, upload("7", "99"))
    preview = keeper.post(address, upload("7"))
    shown = preview.content.decode()
    kept = shown.split('name="kept" value="')[1].split('"')[0]
    form = {"kept": kept, "name": "lo.geojson", "epsg": "4326", "measured_on": "01/03/2026"}
    before = PlotShape.objects.count()
    taken = [keeper.post(address, form).status_code for _ in range(2)]

    assert "không có lô đất mang số này" in unknown.content.decode()
    assert "Ghi các ranh giới này" not in unknown.content.decode()
    assert "Dùng được" in shown
    assert before == 0
    assert taken == [302, 302]
    assert PlotShape.objects.get().source == ShapeSource.FILE


@pytest.fixture
def shipment(world):
    """A lot of the plant whose trace leads to one plot, with its border and papers."""
    world.raw_lot, world.made_lot = world.chain()
    measured(world)
    for kind in (PlotPaperKind.DEFORESTATION, PlotPaperKind.LAND):
        add_plot_paper(
            by=SYSTEM, site=world.plot, kind=kind, title="Giấy", issuer="Nơi cấp", issued_on=TODAY,
            shows_from=date(2020, 12, 31), shows_to=date(2026, 12, 31), content=b"\xff\xd8\xff\xe0" + b"x" * 64,
            filename="anh.jpg", now=NOW,
        )  # fmt: skip
    return world


def drafted(world, **changes):
    values = {"activity": "IMPORT", "country_of_activity": "de", "border_country": "DE", "description": "Cashew",
              "hs_heading": "0801", "net_kg": Decimal("80.5"), "is_confidential": True, **changes}  # fmt: skip
    return eudr.draft_statement(by=SYSTEM, lot=world.made_lot, now=LATER, **values)


@pytest.mark.database
def test_trace_leads_from_the_pack_to_the_plot_of_the_harvest(shipment):
    (found,) = plots_behind(shipment.made_lot)

    assert found.site == shipment.plot
    assert (found.is_certain, found.is_of_day, found.has_proof, found.has_title) == (True, True, True, True)
    assert found.harvested_on == date(2026, 3, 12)


def test_package_passes_every_rule_of_the_information_system(shipment, client_for):
    address = reverse("trace_lot_eudr", args=[shipment.made_lot.uid])

    shown = client_for(shipment.maker).get(address)
    package = client_for(shipment.maker).get(address, {"dang": "goi"}).getvalue()

    limits = limits_of(parameters_on(LATER.date()))
    assert "Đạt" in shown.content.decode()
    assert read_plots(package, limits, countries=frozenset({"VN"}), by_commodity=True) == []
    (feature,) = json.loads(package)["features"]
    assert feature["properties"]["PlotId"] == "HO1-7"
    assert client_for(shipment.farmer).get(address).status_code in (403, 404)


def test_large_plot_without_border_blocks_the_statement(shipment):
    parties.change_site(by=SYSTEM, site=shipment.plot, changes={
        "area_ha": Decimal("4.5"), "latitude": SOUTH, "longitude": WEST})  # fmt: skip
    PlotShape.objects.all().delete()

    draft = eudr.draft_of(lot=shipment.made_lot, on=LATER.date())

    assert draft.is_blocked
    assert [one.code for _plot, found in draft.plots for one in found if one.is_fatal] == ["polygon_needed"]
    with pytest.raises(Refused, match="chưa đủ"):
        drafted(shipment)


def test_small_plot_may_stand_as_a_point(shipment):
    parties.change_site(by=SYSTEM, site=shipment.plot, changes={"latitude": SOUTH, "longitude": WEST})
    PlotShape.objects.all().delete()

    draft = eudr.draft_of(lot=shipment.made_lot, on=LATER.date())

    assert not draft.is_blocked
    assert b'"Area": 1.5' in draft.packages[0]
    assert b'"coordinates":[106.912345,11.812345]' in draft.packages[0]


@pytest.mark.database
def test_statement_goes_to_the_system_and_comes_back_with_its_number(shipment):
    system = SimulatedSystem(limits_of(parameters_on(LATER.date())))
    statement = drafted(shipment)

    sent = eudr.send_statement(by=SYSTEM, statement=statement, system=system, now=LATER)
    early = eudr.ask_statements(system=system, now=LATER + timedelta(minutes=29))
    moved = eudr.ask_statements(system=system, now=LATER + timedelta(minutes=30))
    again = eudr.ask_statements(system=system, now=LATER + timedelta(hours=2))

    assert sent.state == StatementState.SUBMITTED
    assert (early, moved, again) == (0, 1, 0)
    statement.refresh_from_db()
    assert (statement.state, statement.reference) == (StatementState.AVAILABLE, "26DE0000000000")
    assert statement.verification == "SFFCB4Y3"
    kept = system.statements[statement.system_uid]["sent"]
    assert "<dds:countryOfActivity>DE</dds:countryOfActivity>" in kept
    assert "netWeight>80.5<" in kept
    with pytest.raises(Refused, match="đã gửi"):
        eudr.send_statement(by=SYSTEM, statement=statement, system=system, now=LATER)


def test_refusals_and_silence_leave_a_draft(shipment):
    system = SimulatedSystem(limits_of(parameters_on(LATER.date())))
    statement = drafted(shipment)
    system.refuse = ("EUDR-EORI", "The operator has no EORI.")
    refused = eudr.send_statement(by=SYSTEM, statement=statement, system=system, now=LATER)
    system.refuse, system.is_silent = None, True

    with pytest.raises(Refused, match="chưa trả lời"):
        eudr.send_statement(by=SYSTEM, statement=refused, system=system, now=LATER)

    statement.refresh_from_db()
    assert statement.state == StatementState.DRAFT
    assert statement.refusals == ["EUDR-EORI The operator has no EORI."]


def test_statement_is_withdrawn_within_its_hours_only(shipment):
    system = SimulatedSystem(limits_of(parameters_on(LATER.date())))
    statement = eudr.send_statement(by=SYSTEM, statement=drafted(shipment), system=system, now=LATER)

    with pytest.raises(Refused, match="72 giờ"):
        eudr.withdraw_statement(by=SYSTEM, statement=statement, system=system, now=LATER + timedelta(hours=73))
    back = eudr.withdraw_statement(by=SYSTEM, statement=statement, system=system, now=LATER + timedelta(hours=71))

    assert back.state == StatementState.WITHDRAWN
    with pytest.raises(Stale):
        eudr.change_statement(by=SYSTEM, statement=back, changes={}, now=LATER, expected_version=1)


def test_screens_draft_show_and_hand_out_a_statement(shipment, client_for):
    maker = client_for(shipment.maker)
    form = {"activity": "IMPORT", "country_of_activity": "DE", "border_country": "", "description": "Cashew",
            "hs_heading": "0801", "net_kg": "80.5", "comment": ""}  # fmt: skip
    made = maker.post(reverse("trace_statement_new", args=[shipment.made_lot.uid]), form)
    statement = Statement.objects.get()
    address = reverse("trace_statement", args=[statement.uid])

    shown = maker.get(address).content.decode()
    xml = maker.get(address, {"dang": "xml"}).getvalue()
    listed = maker.get(reverse("trace_statement_list")).content.decode()
    sheet = maker.get(reverse("trace_statement_list"), {"xuat": "xlsx"})
    unsent = maker.post(reverse("trace_statement_send", args=[statement.uid]), {"version": "1"})

    assert made["Location"] == address
    assert "Chưa ghi nước EU cửa khẩu." in shown
    assert b"SubmitDdsRequest" in xml
    assert "Nhân điều rang muối" in listed
    assert sheet.status_code == 200
    assert unsent.status_code == 422
    assert client_for(shipment.stranger).get(address).status_code == 404
    assert maker.get(address, {"dang": "geojson"}).getvalue().startswith(b'{"type":"FeatureCollection"')


def test_every_finding_of_the_standard_has_a_sentence():
    import re
    from pathlib import Path

    import khcn.standards.eudr as standard

    sources = [path.read_text("utf-8") for path in Path(str(standard.__file__)).parent.glob("*.py")]
    used = {code for text in sources for code in re.findall(r'Finding\(\s*"(\w+)"', text)}

    assert used - {"swapped", "zero_area"} <= known_codes()
    assert {"swapped", "out_of_range", "zero_area", "self_crossing"} <= known_codes()
