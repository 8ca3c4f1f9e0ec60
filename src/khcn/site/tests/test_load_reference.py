"""The commands that load reference data: complete, repeatable, dry when asked, and honest about damage."""

import json
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from khcn.kernel.audit.models import AuditEntry
from khcn.kernel.orgs.models import Organisation, Post
from khcn.kernel.orgs.queries import successors_of
from khcn.kernel.places.models import AdministrativeUnit
from khcn.kernel.places.queries import successor_units_of, units_on
from khcn.kernel.procedures.models import CalendarDay
from khcn.kernel.procedures.queries import calendar
from khcn.kernel.procedures.services import edit_day
from khcn.lib.roles import Role
from khcn.site.management.commands.load_reference import REFERENCE
from khcn.web.reference import altered_files

pytestmark = [pytest.mark.django_db, pytest.mark.database]
BEFORE, AFTER, CITY = date(2023, 1, 1), date(2025, 12, 1), date(2026, 6, 1)
GEO = Path(__file__).parents[5] / "shared/reference/geo/vietnamese-provinces-database"


def run(command: str, *arguments: str) -> str:
    output = StringIO()
    call_command(command, *arguments, stdout=output, stderr=output)
    return output.getvalue()


def test_load_reference_twice_adds_then_leaves_everything_as_it_was():
    first, second = run("load_reference"), run("load_reference")

    assert "đơn vị hành chính: thêm 491" in first
    lines = [line for line in second.splitlines() if "thêm" in line]
    assert len(lines) >= 12
    assert all("thêm 0, đổi 0, kết thúc 0" in line for line in lines)
    assert "Cảnh báo" not in first


def test_dry_run_reports_and_writes_nothing():
    output = run("load_reference", "--dry-run")

    assert "thêm 491" in output
    assert not AdministrativeUnit.objects.exists()
    assert not AuditEntry.objects.exists()


def test_organisations_of_the_plan_lead_to_those_of_today():
    run("load_reference")

    def successors(code, on):
        return sorted(item.code for item in successors_of(Organisation.objects.get(code=code), on=on))

    assert successors("BP-SKHDT", BEFORE) == ["BP-SKHDT"]
    assert successors("BP-SKHDT", date(2025, 4, 1)) == ["BP-STC"]
    assert successors("BP-SKHDT", AFTER) == ["DN-STC"]
    assert successors("BP-STTTT", AFTER) == ["DN-SKHCN"]
    assert successors("BP-SNNPTNT", AFTER) == successors("BP-STNMT", AFTER) == ["DN-SNNMT"]
    assert successors("BP-UBND", AFTER) == ["DN-UBND"]
    assert successors("BP-UBND", CITY) == ["DNC-UBND"]
    assert len(successors("BP-H692", AFTER)) >= 4
    districts = Organisation.objects.valid_on(BEFORE).filter(level="district")
    assert districts.count() == 11


def test_every_organisation_that_ended_has_a_successor_today():
    run("load_reference")

    lost = [item.code for item in Organisation.objects.all() if not successors_of(item, on=CITY)]

    assert lost == []


def test_units_lead_from_a_district_of_the_plan_to_the_communes_of_the_city():
    run("load_reference")
    loc_ninh = AdministrativeUnit.objects.get(code="692")

    names = [unit.name for unit in successor_units_of(loc_ninh, on=CITY)]

    assert "Phường Lộc Ninh" in names
    assert "Xã Lộc Ninh" not in names
    assert units_on(BEFORE, within="70", level="district").count() == 11
    assert units_on(CITY, within="75", level="commune").count() == 95


def test_posts_carry_known_roles_and_cover_the_office():
    run("load_reference")
    held = {role for post in Post.objects.all() for role in post.roles}

    assert {Role.SPECIALIST, Role.DIRECTOR, Role.LEADER, Role.HOST, Role.ADMIN_SECRETARY, Role.SYSADMIN} <= held


def test_calendar_knows_the_swap_of_2026_and_keeps_what_was_edited(cast):
    run("load_reference")
    edit_day(by=cast.actor(Role.HEAD), on=date(2026, 2, 13), kind="local", name="Nghỉ riêng", basis="QĐ 1")

    output = run("load_reference")

    days = calendar()
    assert not days.is_working_day(date(2026, 1, 2))
    assert days.is_working_day(date(2026, 1, 10))
    assert "lịch làm việc: thêm 0, đổi 0" in output
    assert CalendarDay.objects.get(on=date(2026, 2, 13)).kind == "local"


@pytest.mark.parametrize("folder", ["places", "calendar", "orgs", "rules"])
def test_reference_files_are_those_that_their_source_names(folder):
    assert altered_files(REFERENCE / folder) == []


def test_altered_reference_file_is_named(tmp_path):
    (tmp_path / "a.csv").write_text("x\n", "utf-8")
    (tmp_path / "SOURCE.toml").write_text('[[files]]\nname = "a.csv"\nsha256 = "0"\n', "utf-8")

    assert altered_files(tmp_path) == ["a.csv"]


def test_load_boundaries_places_the_forty_units_of_2026():
    file = GEO / "former_binh_phuoc_40_units_2026.geojson"
    if not file.is_file():
        pytest.skip("the boundaries of the shared reference are absent")
    run("load_reference")

    dry = run("load_boundaries", str(file), "--on", "2026-07-01", "--dry-run")
    output = run("load_boundaries", str(file), "--on", "2026-07-01")
    again = run("load_boundaries", str(file), "--on", "2026-07-01")

    assert "đặt 40" in dry
    assert "đặt 40, giữ nguyên 0, bỏ 0" in output
    assert "đặt 0, giữ nguyên 40" in again
    assert AdministrativeUnit.objects.exclude(geometry=None).count() == 40


@pytest.mark.parametrize(
    ("content", "arguments"),
    [
        ("không phải JSON", ()),
        (json.dumps({"features": [{"properties": {}, "geometry": {"type": "Point", "coordinates": [106, 11]}}]}), ()),
        (json.dumps({"features": []}), ()),
        (json.dumps({"features": []}), ("--sha256", "0" * 64)),
    ],
)
def test_load_boundaries_refuses_a_bad_file(tmp_path, content, arguments):
    file = tmp_path / "ranh-gioi.geojson"
    file.write_text(content, "utf-8")

    with pytest.raises(CommandError):
        run("load_boundaries", str(file), *arguments)


def test_load_boundaries_of_a_missing_file_says_so(tmp_path):
    with pytest.raises(CommandError, match="Không có tệp"):
        run("load_boundaries", str(tmp_path / "khong-co.geojson"))
