"""The scenes of the forms of rights: what a right is, its goods, and the drafts of specification and area."""

from datetime import date

from django.urls import reverse

from flows.edit_scenes import A, B, Scene, scene
from khcn.domains.marks.choices import RightKind
from khcn.domains.marks.models import Right, SoftwareFile, UseRight, YearReport
from khcn.domains.marks.rules.lines import ParameterLine
from khcn.domains.marks.services import areas, rights, specifications
from khcn.kernel.orgs.tests.cast import Member, make_member, make_organisation
from khcn.kernel.places.choices import UnitLevel
from khcn.kernel.places.models import AdministrativeUnit
from khcn.lib.roles import Role


def _right() -> tuple[Member, Right]:
    office = make_organisation("Sở Khoa học và Công nghệ")
    keeper = make_member(Role.SPECIALIST, organisation=office)
    right = rights.register_right(
        by=keeper.actor, kind=RightKind.COLLECTIVE, name="Tiêu Lộc Ninh", code="tieu", manager=office
    )
    return keeper, right


@scene("mark_edit")
def _facts() -> Scene:
    keeper, right = _right()
    return Scene(keeper, reverse("mark_edit", args=[right.code]), "note", A, B, right, "note")


@scene("mark_goods")
def _goods() -> Scene:
    keeper, right = _right()

    def classes() -> Right:
        right.listed = "\n".join(f"{one.number}: {one.goods}" for one in right.classes.all())  # type: ignore[attr-defined]
        return right

    address = reverse("mark_goods", args=[right.code])
    return Scene(keeper, address, "classes", f"30: {A}", f"30: {B}", classes, "listed")


@scene("mark_spec_edit")
def _specification() -> Scene:
    keeper, right = _right()
    draft = specifications.draft_specification(
        by=keeper.actor, right=right, title="Bản mô tả", parameters=(ParameterLine("Mùi", wording="thơm"),)
    )
    address = reverse("mark_spec_edit", args=[right.code, draft.number])
    return Scene(keeper, address, "summary", A, B, draft, "summary")


@scene("mark_area_edit")
def _area() -> Scene:
    keeper, right = _right()
    commune = AdministrativeUnit.objects.create(code="25220", name="Xã Phú Nghĩa", level=UnitLevel.COMMUNE)
    draft = areas.draft_area(by=keeper.actor, right=right, units=[commune], units_on=date(2018, 8, 29))
    return Scene(keeper, reverse("mark_area_edit", args=[right.code, draft.number]), "note", A, B, draft, "note")


@scene("mark_use_edit")
def _member() -> Scene:
    keeper, right = _right()
    use = UseRight.objects.create(right=right, code="tieu-001", holder="HTX", applied_on=date(2026, 1, 10))
    return Scene(keeper, reverse("mark_use_edit", args=[use.code]), "note", A, B, use, "note")


@scene("software_edit")
def _program() -> Scene:
    keeper, _kept = _right()
    software = SoftwareFile.objects.create(code="phan-mem-1", name="Phần mềm", owner_name="Công ty")
    return Scene(keeper, reverse("software_edit", args=[software.code]), "summary", A, B, software, "summary")


@scene("mark_year_edit")
def _year() -> Scene:
    keeper, right = _right()
    report = YearReport.objects.create(
        code="tieu-2026-1", right=right, year=2026, as_of=date(2026, 11, 20), snapshot={"figures": [], "grids": []},
        sha256="0" * 64,
    )  # fmt: skip
    return Scene(keeper, reverse("mark_year_edit", args=[report.code]), "assessment", A, B, report, "assessment")
