"""An office that manages a right, communes before and after a merger, and the people round it."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
import shapely

from khcn.domains.marks.choices import RightKind, RightState
from khcn.domains.marks.rules.lines import ParameterLine, ProductLine
from khcn.domains.marks.services import areas, rights, specifications
from khcn.kernel.orgs.tests.cast import make_member, make_organisation
from khcn.kernel.places.choices import UnitLevel
from khcn.kernel.places.models import AdministrativeSuccession, AdministrativeUnit
from khcn.lib.roles import Role

MERGER = date(2025, 7, 1)
SINCE = date(2018, 8, 29)


def unit(code, name, *, parent=None, valid_from=None, valid_to=None, x=106.9, y=11.8, geometry=None):
    return AdministrativeUnit.objects.create(
        code=code, name=name, level=UnitLevel.COMMUNE, parent=parent, valid_from=valid_from, valid_to=valid_to,
        longitude=x, latitude=y, geometry=geometry,
    )  # fmt: skip


@pytest.fixture
def communes(db):
    """Three old communes; the first two became one, the third was shared between that one's neighbour and another."""
    district = AdministrativeUnit.objects.create(
        code="691", name="Huyện Bù Gia Mập", level=UnitLevel.DISTRICT, valid_to=MERGER
    )
    old = [
        unit(f"2522{n}", name, parent=district, valid_to=MERGER, x=106.9 + n / 10)
        for n, name in enumerate(("Xã Phú Nghĩa", "Xã Phú Văn", "Xã Đa Kia"))
    ]
    whole = unit("25230", "Xã Phú Nghĩa", valid_from=MERGER)
    mixed = unit("25231", "Xã Đa Kia", valid_from=MERGER, x=107.1)
    AdministrativeSuccession.objects.create(predecessor=old[0], successor=whole, on=MERGER)
    AdministrativeSuccession.objects.create(predecessor=old[1], successor=mixed, on=MERGER)
    AdministrativeSuccession.objects.create(predecessor=old[2], successor=mixed, on=MERGER)
    return SimpleNamespace(old=old, whole=whole, mixed=mixed)


@pytest.fixture
def office(db):
    """The department that manages the right: specialist, head; and a stranger of another body."""
    body = make_organisation("Sở Khoa học và Công nghệ", code="SKHCN-MH")
    return SimpleNamespace(
        body=body, specialist=make_member(Role.SPECIALIST, organisation=body),
        head=make_member(Role.HEAD, organisation=body),
        stranger=make_member(Role.SPECIALIST, organisation=make_organisation("Sở Tài chính")),
        company=make_member(Role.PRODUCER, organisation=make_organisation("Công ty Điều", kind="enterprise")),
    )  # fmt: skip


@pytest.fixture
def cashew(office):
    """A registered indication, open to everybody, with two products; neither specification nor area yet."""
    right = rights.register_right(
        by=office.specialist.actor, kind=RightKind.GEOGRAPHICAL_INDICATION, name="Hạt điều Bình Phước", code="dieu",
        manager=office.body, owner_name="Nhà nước", state=RightState.REGISTERED, registered_on=date(2018, 3, 13),
        registration_number="00062", goods="Hạt điều thô, nhân điều",
    )  # fmt: skip
    rights.set_goods(
        by=office.specialist.actor,
        right=right,
        classes=(),
        products=(
            ProductLine("Hạt điều thô", Decimal(2500), Decimal(1)),
            ProductLine("Nhân điều", None, Decimal("3.6")),
        ),
    )
    return rights.open_right(by=office.head.actor, right=right, is_public=True)


@pytest.fixture
def specified(cashew, office):
    """The indication with an issued specification."""
    draft = specifications.draft_specification(
        by=office.specialist.actor,
        right=cashew,
        title="Bản mô tả hạt điều",
        parameters=(
            ParameterLine("Độ dày hạt", "mm", Decimal("14.5"), Decimal(18), product="Hạt điều thô"),
            ParameterLine("Tỷ lệ nhân thu hồi", "%", Decimal(30), None, product="Hạt điều thô"),
        ),
    )
    specifications.issue_specification(
        by=office.head.actor, specification=draft, valid_from=SINCE, decision="QĐ 2065/QĐ-UBND"
    )
    return cashew


@pytest.fixture
def bounded(specified, office, communes):
    """The indication with an area of the first two old communes as well."""
    draft = areas.draft_area(
        by=office.specialist.actor, right=specified, units=communes.old[:2], units_on=SINCE, note="Hai xã"
    )
    areas.issue_area(by=office.head.actor, area=draft, valid_from=SINCE, decision="QĐ 2065/QĐ-UBND")
    return specified


def square(x, y, side):
    return shapely.box(x, y, x + side, y + side)
