"""The register of rights: who keeps it, how versions follow each other, and how areas survive the merger."""

import json
from datetime import date
from decimal import Decimal

import pytest
from shapely.geometry import mapping

from khcn.domains.marks.choices import RightKind, RightRole, RightState
from khcn.domains.marks.errors import AreaUnreadable, MarkStepRefused
from khcn.domains.marks.models import Right
from khcn.domains.marks.permissions import may_keep, visible_rights
from khcn.domains.marks.queries.areas import area_on, successors_on, view_of
from khcn.domains.marks.queries.register import right_on, specification_on
from khcn.domains.marks.rules.lines import ParameterLine
from khcn.domains.marks.rules.spans import INSIDE, OUTSIDE, UNKNOWN
from khcn.domains.marks.services import areas, rights, specifications
from khcn.domains.marks.tests.conftest import MERGER, SINCE, square
from khcn.kernel.audit.models import AuditEntry
from khcn.kernel.orgs.tests.cast import make_member, make_organisation
from khcn.lib.failure import Forbidden, Refused, Stale
from khcn.lib.roles import Role

pytestmark = [pytest.mark.django_db, pytest.mark.database]
ONE = (ParameterLine("Độ ẩm", "%", None, Decimal(10)),)


def test_right_is_entered_by_the_office_that_will_manage_it(office) -> None:
    values = {"kind": RightKind.COLLECTIVE, "name": "Tiêu Lộc Ninh", "manager": office.body}

    right = rights.register_right(by=office.specialist.actor, owner_name="Hội Nông dân", **values)

    assert right.code == "tieu-loc-ninh"
    assert right_on(right, date(2026, 1, 1)).owner.name == "Hội Nông dân"
    assert AuditEntry.objects.filter(verb="mark.register", subject_uid=right.uid).exists()
    with pytest.raises(Forbidden):
        rights.register_right(by=office.stranger.actor, **values)
    with pytest.raises(Refused):
        rights.register_right(by=office.specialist.actor, **values)


def test_right_registered_without_its_day_is_refused(office, cashew) -> None:
    with pytest.raises(Refused) as caught:
        rights.change_right(by=office.specialist.actor, right=cashew, changes={"registered_on": None})

    assert caught.value.field == "registered_on"


def test_right_changed_by_somebody_else_since_is_stale(office, cashew) -> None:
    seen = cashew.version
    rights.change_right(by=office.specialist.actor, right=cashew, changes={"note": "một"}, expected_version=seen)

    with pytest.raises(Stale) as caught:
        rights.change_right(by=office.head.actor, right=cashew, changes={"note": "hai"}, expected_version=seen)

    assert caught.value.difference == [("ghi chú", "một", "hai")]


def test_right_in_preparation_is_not_shown_to_the_public(office, cashew) -> None:
    other = rights.register_right(
        by=office.specialist.actor, kind=RightKind.CERTIFICATION, name="Bưởi", manager=office.body
    )

    with pytest.raises(MarkStepRefused):
        rights.open_right(by=office.head.actor, right=other, is_public=True)

    assert list(visible_rights(None)) == [cashew]
    assert list(visible_rights(office.company.actor)) == [cashew]
    assert set(visible_rights(office.specialist.actor)) == {cashew, other}
    assert list(visible_rights(office.stranger.actor)) == [cashew]


def test_manager_changed_from_a_day_on_takes_over_the_records(office, cashew) -> None:
    heir = make_organisation("Sở Khoa học và Công nghệ Đồng Nai")
    official = make_member(Role.SPECIALIST, organisation=heir)
    assert not may_keep(official.actor, cashew)

    rights.set_party(
        by=office.head.actor, right=cashew, role=RightRole.MANAGER, organisation=heir, valid_from=MERGER, basis="NQ 202"
    )

    assert may_keep(official.actor, cashew)
    assert not may_keep(office.specialist.actor, cashew)
    assert right_on(cashew, date(2025, 6, 30)).manager.name == office.body.name
    with pytest.raises(Refused):
        rights.set_party(
            by=make_member(Role.HEAD, organisation=heir).actor, right=cashew, role=RightRole.MANAGER, organisation=heir,
            valid_from=MERGER,
        )  # fmt: skip


def test_goods_left_out_are_put_out_of_use(office, cashew) -> None:
    rights.set_goods(by=office.specialist.actor, right=cashew, classes=(), products=())

    assert cashew.products.filter(is_active=True).count() == 0
    assert cashew.products.count() == 2


def test_specification_is_issued_by_somebody_else_and_then_stays_as_it_is(office, cashew) -> None:
    drafter = make_member(Role.HEAD, organisation=office.body)
    draft = specifications.draft_specification(by=drafter.actor, right=cashew, title="Bản mô tả", parameters=ONE)
    with pytest.raises(Forbidden):
        specifications.issue_specification(by=drafter.actor, specification=draft, valid_from=SINCE, decision="QĐ 1")
    with pytest.raises(MarkStepRefused):
        specifications.draft_specification(by=office.specialist.actor, right=cashew, title="Bản khác")

    specifications.issue_specification(by=office.head.actor, specification=draft, valid_from=SINCE, decision="QĐ 1")

    with pytest.raises(MarkStepRefused):
        specifications.change_specification(
            by=office.specialist.actor, specification=draft, changes={"title": "Khác"}, parameters=ONE
        )
    with pytest.raises(MarkStepRefused):
        specifications.issue_specification(by=office.head.actor, specification=draft, valid_from=SINCE, decision="QĐ 1")


def test_specification_follows_the_earlier_one_from_its_day(office, specified) -> None:
    draft = specifications.draft_specification(
        by=office.specialist.actor, right=specified, title="Bản mô tả lần 2", parameters=ONE, least_share=Decimal("0.9")
    )
    with pytest.raises(Refused):
        specifications.issue_specification(by=office.head.actor, specification=draft, valid_from=SINCE, decision="QĐ 2")

    specifications.issue_specification(
        by=office.head.actor, specification=draft, valid_from=date(2024, 1, 1), decision="QĐ 2"
    )

    assert specification_on(specified, date(2023, 12, 31)).number == 1
    assert specification_on(specified, date(2024, 1, 1)).number == 2
    assert specification_on(specified, date(2017, 1, 1)) is None


def test_parameter_of_an_unknown_product_is_refused(office, cashew) -> None:
    with pytest.raises(Refused) as caught:
        specifications.draft_specification(
            by=office.specialist.actor,
            right=cashew,
            title="Bản mô tả",
            parameters=(ParameterLine("Độ ẩm", "%", None, Decimal(10), product="Gạo"),),
        )

    assert caught.value.field == "parameters"
    assert not cashew.specifications.exists()


def test_area_of_old_communes_holds_after_the_merger(bounded, communes) -> None:
    view = view_of(area_on(bounded, date(2026, 1, 1)))

    assert view.of_unit(communes.old[0].pk) == INSIDE
    assert view.of_unit(communes.whole.pk) == INSIDE
    assert view.of_unit(communes.mixed.pk) == UNKNOWN
    assert view.of_unit(communes.old[2].pk) == OUTSIDE
    assert [unit.name for unit, _span in successors_on(view, date(2026, 1, 1))] == ["Xã Đa Kia", "Xã Phú Nghĩa"]
    assert [unit.pk for unit, _span in successors_on(view, date(2025, 6, 30))] == [one.pk for one in communes.old[:2]]


def test_area_with_a_shape_measures_a_plot_that_lies_partly_outside(office, specified, communes) -> None:
    draft = areas.draft_area(
        by=office.specialist.actor, right=specified, units=(), units_on=SINCE, geometry=square(106.9, 11.8, 0.1)
    )
    areas.issue_area(by=office.head.actor, area=draft, valid_from=SINCE, decision="QĐ 1")

    view = view_of(area_on(specified, SINCE))

    assert view.of_shape(square(106.95, 11.85, 0.01)) == INSIDE
    assert view.of_shape(square(107.5, 11.85, 0.01)) == OUTSIDE
    half = view.of_shape(square(106.995, 11.85, 0.01))
    assert half.is_exact
    assert half.low == pytest.approx(0.5, abs=0.001)
    assert view.of_unit(communes.whole.pk) == UNKNOWN


def test_area_of_whole_communes_takes_their_boundaries_where_all_are_loaded(bounded, communes) -> None:
    area = area_on(bounded, SINCE)
    assert view_of(area).shape is None

    for place, one in enumerate(communes.old[:2]):
        one.geometry = square(106.9 + place / 10, 11.8, 0.1)
        one.save()

    assert view_of(area).of_shape(square(106.995, 11.85, 0.01)) == INSIDE


def test_communes_are_read_by_code_and_by_name(communes) -> None:
    found = areas.read_units("25220\nphu van, bu gia map", SINCE)

    assert [one.code for one in found] == ["25220", "25221"]
    assert [one.code for one in areas.read_units("25220 Xã nào đó, nơi nào đó", SINCE)] == ["25220"]
    with pytest.raises(AreaUnreadable) as caught:
        areas.read_units("Phú Nghĩa\nXã Không Có", SINCE)
    assert "Xã Không Có" in caught.value.message
    assert "Phú Nghĩa" not in caught.value.message.split(".")[0]


def test_geojson_of_a_collection_becomes_one_shape() -> None:
    parts = [square(106.9, 11.8, 0.1), square(107.0, 11.8, 0.1)]
    features = [{"type": "Feature", "properties": {}, "geometry": mapping(one)} for one in parts]

    read = areas.read_geojson(json.dumps({"type": "FeatureCollection", "features": features}).encode())

    assert read.area == pytest.approx(0.02)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{}", b"[1]", b'{"type":"Point","coordinates":[106.9,11.8]}',
        b'{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}',
        b'{"type":"Polygon","coordinates":[[[106,11],[107,12],[107,11],[106,12],[106,11]]]}',
        b'{"type":"FeatureCollection","features":[]}', b"[" * 3000,
    ],
)  # fmt: skip
def test_geojson_that_is_no_area_of_the_country_is_refused(content) -> None:
    with pytest.raises(AreaUnreadable):
        areas.read_geojson(content)


def test_list_is_taken_in_whole_or_not_at_all(office) -> None:
    rows = [
        {"kind": RightKind.COLLECTIVE, "name": "Bưởi da xanh", "state": RightState.FILED, "code": None},
        {"kind": RightKind.COLLECTIVE, "name": "Sầu riêng", "state": RightState.REGISTERED, "code": None},
    ]

    with pytest.raises(Refused) as caught:
        rights.import_rights(by=office.specialist.actor, rows=rows, manager=office.body)

    assert caught.value.message.startswith("Dòng 2")
    assert not Right.objects.exists()
