"""Areas and distances against figures that others published."""

import json
from pathlib import Path

import pytest
from pyproj import Geod
from shapely.geometry import LineString, Point, Polygon, box, shape

from khcn.standards.geodesy import area_m2, bounds_around, distance_m

GEO = Path(__file__).parents[5] / "shared/reference/geo"


def features(path: Path) -> list:
    if not path.is_file():
        pytest.skip(f"{path.name} of the shared reference is absent")
    return json.loads(path.read_text("utf-8"))["features"]


def test_area_of_the_forty_units_of_2026_is_the_published_total():
    units = features(GEO / "vietnamese-provinces-database/former_binh_phuoc_40_units_2026.geojson")

    total = sum(area_m2(shape(unit["geometry"])) for unit in units) / 1e6

    assert len(units) == 40
    assert total == pytest.approx(6870.5, abs=0.1)


def test_area_takes_holes_off_and_ignores_the_turn_of_rings():
    outer, hole = box(106, 11, 107, 12), box(106.4, 11.4, 106.6, 11.6)
    ring = list(outer.exterior.coords)
    cut = Polygon(ring[::-1], [list(hole.exterior.coords)])

    assert area_m2(cut) == pytest.approx(area_m2(outer) - area_m2(hole))
    assert area_m2(Point(106, 11)) == area_m2(LineString([(106, 11), (107, 11)])) == 0


def test_distance_between_points_is_the_geodesic():
    hanoi, dong_xoai = Point(105.8542, 21.0285), Point(106.8833, 11.5349)
    expected = Geod(ellps="WGS84").inv(hanoi.x, hanoi.y, dong_xoai.x, dong_xoai.y)[2]

    assert distance_m(hanoi, dong_xoai) == pytest.approx(expected, rel=1e-9)


def test_distance_to_a_shape_is_to_its_nearest_border_and_zero_inside():
    square = box(106.8, 11.5, 106.9, 11.6)

    assert distance_m(Point(106.85, 11.55), square) == 0
    assert distance_m(Point(106.85, 11.4909), square) == pytest.approx(1006.6, abs=1)


@pytest.mark.parametrize("distance", [10, 5_000, 200_000])
def test_bounds_around_hold_everything_within_the_distance(distance):
    centre = Point(106.9, 11.5)
    area = box(*bounds_around(centre, distance))
    for azimuth in range(0, 360, 15):
        longitude, latitude, _ = Geod(ellps="WGS84").fwd(centre.x, centre.y, azimuth, distance)
        assert area.contains(Point(longitude, latitude))
