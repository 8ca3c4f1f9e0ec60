"""The list of units out of the package: counts that are public, and every link of the reference."""

import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from khcn.kernel.places.drivers import read_package
from khcn.lib.text import fold
from khcn.web.reference import read_rows

ROOT = Path(__file__).parents[5]
NAMES = read_rows(ROOT / "data/reference/places/names.csv")
DVHCVN = ROOT.parent / "shared/reference/geo/dvhcvn/dvhcvn_70.json"
EDITION_2026 = (
    ROOT.parent / "shared/reference/geo/vietnamese-provinces-database/vn_only_simplified_units_2026-07-25.json"
)
HOME = frozenset({"70", "75"})


@pytest.fixture(scope="module")
def home():
    return read_package(communes_of=HOME, names=NAMES)


def in_force(units, on):
    return [
        unit
        for unit in units
        if (unit.valid_from is None or unit.valid_from <= on) and (unit.valid_to is None or on < unit.valid_to)
    ]


@pytest.mark.parametrize(
    ("on", "provinces", "districts", "communes"),
    [(date(2023, 1, 1), 63, 22, 270), (date(2025, 12, 1), 34, 0, 95), (date(2026, 7, 1), 34, 0, 95)],
)
def test_units_in_force_are_as_many_as_the_lists_say(home, on, provinces, districts, communes):
    counts = Counter(unit.level.value for unit in in_force(home.units, on))

    assert (counts["province"], counts["district"], counts["commune"]) == (provinces, districts, communes)


def test_districts_and_communes_of_binh_phuoc_equal_the_outside_list(home):
    if not DVHCVN.is_file():
        pytest.skip("the list of units of the shared reference is absent")
    province = json.loads(DVHCVN.read_text("utf-8"))["data"][0]
    expected = {
        **{item["level2_id"]: item["name"] for item in province["level2s"]},
        **{commune["level3_id"]: commune["name"] for item in province["level2s"] for commune in item["level3s"]},
    }

    listed = {unit.code: unit.name for unit in in_force(home.units, date(2025, 3, 1)) if unit.level != "province"}

    assert len(expected) == 11 + 111
    assert {code: listed[code] for code in expected} == expected


def test_names_of_2026_equal_the_outside_edition(home):
    if not EDITION_2026.is_file():
        pytest.skip("the edition of 2026 of the shared reference is absent")
    edition = {item["Code"]: item for item in json.loads(EDITION_2026.read_text("utf-8"))}
    current = {unit.code: unit.name for unit in in_force(home.units, date(2026, 7, 25))}

    assert set(edition) <= set(current)
    assert current["75"] == edition["75"]["FullName"]
    # the edition sets tone marks the other way (Hoà for Hòa), so names are compared without them
    wards = {ward["Code"]: fold(ward["FullName"]) for ward in edition["75"]["Wards"]}
    assert {code: fold(current[code]) for code in wards} == wards


def test_every_commune_of_the_old_list_is_followed_and_every_new_one_follows(home):
    old = {unit.key for unit in in_force(home.units, date(2025, 6, 30)) if unit.level == "commune"}
    new = {unit.key for unit in in_force(home.units, date(2025, 7, 1)) if unit.level == "commune"}
    links = [link for link in home.successions if link.on == date(2025, 7, 1)]

    assert old <= {link.predecessor for link in links}
    assert new <= {link.successor for link in links}
    whole = Counter(link.predecessor for link in links if not link.is_partial)
    assert max(whole[key] for key in old) == 1


def test_provinces_that_stand_alone_go_on_and_the_others_end(home):
    provinces = [unit for unit in home.units if unit.level == "province"]
    on = [unit.code for unit in provinces if unit.valid_from is None and unit.valid_to is None]

    assert len(on) == 11
    assert [unit.name for unit in provinces if unit.code == "75" and unit.valid_from is None] == ["Tỉnh Đồng Nai"]


def test_dated_names_lead_the_chain_from_the_district_to_the_ward_of_today(home):
    chon_thanh = [unit for unit in home.units if unit.code == "697"]
    renaming = next(link for link in home.successions if link.predecessor == ("697", None))

    assert [unit.name for unit in chon_thanh] == ["Huyện Chơn Thành", "Thị xã Chơn Thành"]
    assert renaming.successor == ("697", date(2022, 10, 1))
    assert any(link.predecessor == ("697", date(2022, 10, 1)) for link in home.successions if link.on.year == 2025)


def test_dated_names_with_a_gap_are_refused():
    rows = [row for row in NAMES if row["code"] == "697"]
    broken = [{**rows[0], "valid_to": "2022-09-01"}, rows[1]]
    with pytest.raises(ValueError, match="697"):
        read_package(communes_of=HOME, names=broken)


def test_parents_stand_before_their_children(home):
    seen = set()
    for unit in home.units:
        assert unit.parent is None or unit.parent in seen
        seen.add(unit.key)
