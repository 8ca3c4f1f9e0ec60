"""Editions of boundaries: simplified without gaps, kept once; shares of successors; cells without polygons."""

import hashlib
import json
from datetime import date
from io import StringIO

import numpy as np
import pytest
import shapely
from django.core.management import CommandError, call_command
from shapely.geometry import MultiPoint, box, shape

from khcn.kernel.places import queries
from khcn.kernel.places.choices import UnitLevel
from khcn.kernel.places.models import AdministrativeSuccession, BoundaryEdition, UnitBoundary
from khcn.kernel.places.services import load_edition
from khcn.kernel.places.tests.test_spatial import AFTER, BEFORE, GEO, MERGER, boundary, read, unit
from khcn.lib.actor import Actor

pytestmark = [pytest.mark.django_db, pytest.mark.database]
COMMUNES = GEO / "vietnamese-provinces-database/former_binh_phuoc_40_units_2026.geojson"
DAY = date(2026, 7, 1)


@pytest.fixture
def system():
    from uuid import UUID

    return Actor(uid=UUID(int=0), name="Hệ thống", on=DAY, is_system=True)


def run(*arguments):
    output = StringIO()
    call_command(*arguments, stdout=output, stderr=output)
    return output.getvalue()


def test_forty_communes_become_one_gap_free_edition(system):
    data = read(COMMUNES)
    for feature in data["features"]:
        unit(feature["properties"]["code"], valid_from=MERGER)
    digest = hashlib.sha256(COMMUNES.read_bytes()).hexdigest()

    said = run("load_places", str(COMMUNES), "--sha256", digest, "--on", "2026-07-01", "--licence", "MIT")
    run("load_places", str(COMMUNES), "--sha256", digest, "--on", "2026-07-01")

    edition = BoundaryEdition.objects.get()
    rows = list(edition.boundaries.all())
    small = np.array([row.simplified for row in rows])
    assert "đặt 40" in said
    assert (len(rows), edition.licence) == (40, "MIT")
    assert shapely.coverage_is_valid(small)
    assert max(shapely.get_num_coordinates(small)) <= 234
    outside = shapely.union_all(small).symmetric_difference(shapely.union_all([row.geometry for row in rows])).area
    assert outside / shapely.union_all(small).area < 0.02
    assert not any(cell.is_schematic for cell in queries.cells_on(DAY))


def test_another_digest_is_refused_before_anything_is_read(tmp_path):
    file = tmp_path / "ranh-gioi.geojson"
    file.write_text("không phải GeoJSON")

    with pytest.raises(CommandError, match="SHA-256"):
        run("load_places", str(file), "--sha256", "0" * 64)


def test_file_that_places_nothing_says_so(tmp_path):
    file = tmp_path / "ranh-gioi.geojson"
    square = box(106, 11, 107, 12).__geo_interface__
    file.write_text(json.dumps({"features": [{"properties": {"code": "x"}, "geometry": square}]}))

    with pytest.raises(CommandError, match="Không đặt được"):
        run("load_places", str(file), "--sha256", hashlib.sha256(file.read_bytes()).hexdigest())

    assert not BoundaryEdition.objects.exists()


def test_districts_pass_to_communes_by_measured_shares(system):
    old = read(GEO / "dvhcvn/70.json")["level2s"]
    new = read(COMMUNES)["features"]
    districts = [unit(item["level2_id"], UnitLevel.DISTRICT, valid_to=MERGER) for item in old]
    communes = [unit(item["properties"]["code"], valid_from=MERGER) for item in new]
    for before in districts:
        for after in communes:
            AdministrativeSuccession.objects.create(predecessor=before, successor=after, on=MERGER, is_partial=True)

    shapes = [(item["level2_id"], boundary(item)) for item in old]
    load_edition(by=system, name="2019", features=shapes, on=BEFORE, source="a", sha256="a" * 64)
    report = load_edition(
        by=system, name="2026", features=[(item["properties"]["code"], shape(item["geometry"])) for item in new],
        on=DAY, source="b", sha256="b" * 64,
    )  # fmt: skip

    assert report.shares == 11 * 40
    for district in districts:
        district.refresh_from_db()
        parts = queries.shares_of(district, on=AFTER)
        assert sum(part for _unit, part in parts) == pytest.approx(1, abs=0.02)
        assert 1 <= len(parts) < 20


def test_whole_passing_without_boundaries_counts_whole_and_partial_is_unknown():
    first, second, third = unit("1", valid_to=MERGER), unit("2", valid_from=MERGER), unit("3", valid_from=MERGER)
    AdministrativeSuccession.objects.create(predecessor=first, successor=second, on=MERGER)

    assert queries.shares_of(first, on=AFTER) == [(second, 1.0)]
    AdministrativeSuccession.objects.update(is_partial=True)
    AdministrativeSuccession.objects.create(predecessor=first, successor=third, on=MERGER, is_partial=True)
    assert queries.shares_of(first, on=AFTER) == [(second, None), (third, None)]


def test_each_of_many_centres_lies_in_the_cell_of_its_own_unit():
    dice = np.random.default_rng(6)
    spots = dice.uniform((106.4, 11.3), (107.4, 12.3), size=(400, 2)).round(4)
    for number, (x, y) in enumerate(spots):
        unit(f"{number:05d}", longitude=float(x), latitude=float(y))

    cells = {cell.code: cell.shape for cell in queries.cells_on(DAY)}

    assert len(cells) == len(np.unique(spots, axis=0))
    assert all(cells[code].covers(shapely.Point(*spots[int(code)])) for code in cells)


def test_units_without_polygons_get_schematic_cells_that_part_the_land():
    places = [(11.5, 106.6), (11.8, 106.9), (11.6, 107.1), (12.0, 106.7)]
    for number, (latitude, longitude) in enumerate(places):
        unit(str(number), latitude=latitude, longitude=longitude)

    cells = queries.cells_on(DAY)

    assert [cell.code for cell in cells] == ["0", "1", "2", "3"]
    assert all(cell.is_schematic for cell in cells)
    assert shapely.coverage_is_valid([cell.shape for cell in cells])
    hull = MultiPoint([(x, y) for y, x in places]).convex_hull
    assert shapely.union_all([cell.shape for cell in cells]).buffer(1e-9).contains(hull)


def test_one_unit_alone_gets_a_cell():
    unit("1", latitude=11.5, longitude=106.6)

    (cell,) = queries.cells_on(DAY)

    assert cell.shape.contains(shapely.Point(106.6, 11.5))
    assert not UnitBoundary.objects.exists()
