"""The golden point in every system, against PROJ's own operation; which system a file is in; order of axes."""

import pytest
import shapely
from pyproj import CRS
from pyproj.transformer import TransformerGroup
from shapely.geometry import Point, box

from khcn.standards.coordinate_systems import (
    CRS84,
    SYSTEMS,
    UnknownSystem,
    are_swapped,
    from_wgs84,
    in_register_order,
    system_of_uri,
    systems_that_fit,
    to_wgs84,
)

GOLDEN = Point(106.89, 11.535)
HOME = box(106.4, 11.3, 107.45, 12.35)


def test_golden_point_has_the_published_coordinates_in_9212() -> None:
    plane = from_wgs84(GOLDEN, 9212)

    assert (plane.x, plane.y) == (pytest.approx(569_613.688, abs=0.001), pytest.approx(1_275_708.641, abs=0.001))
    assert to_wgs84(plane, 9212).distance(GOLDEN) < 1e-9


def test_shift_is_not_forgotten() -> None:
    with_shift, without = from_wgs84(GOLDEN, 9212), Point(569_613.688 - 112.3, 1_275_708.641 + 195.6)

    assert 200 < with_shift.distance(without) < 260


@pytest.mark.parametrize("code", [code for code, system in SYSTEMS.items() if system.is_vn2000])
def test_every_system_agrees_with_the_register_and_with_operation_6960(code) -> None:
    crs = CRS.from_epsg(code)
    parameters = {} if SYSTEMS[code].is_degrees else {one.name: one.value for one in crs.coordinate_operation.params}
    found = [
        one for one in TransformerGroup(crs, "EPSG:4326", always_xy=True).transformers if "6960" in one.to_json()
        or "VN-2000 to WGS 84 (2)" in one.to_json()
    ]  # fmt: skip
    here = from_wgs84(GOLDEN, code)

    assert parameters.get("Longitude of natural origin") == SYSTEMS[code].meridian
    assert found, "PROJ knows the operation"
    there = Point(found[0].transform(here.x, here.y))
    assert there.distance(GOLDEN) < 1e-8
    assert crs.axis_info[0].direction == ("north" if SYSTEMS[code].northing_first else "east")


@pytest.mark.parametrize("code", [4326, 4756, 9212, 5899, 3405, 32648])
def test_file_in_a_system_is_recognised(code) -> None:
    shapes = from_wgs84(shapely.points([(106.6, 11.6), (106.9, 11.9), (107.2, 12.1)]), code)

    found = systems_that_fit(shapes, HOME)

    assert code in found
    assert 9218 not in found


def test_vn2000_of_another_meridian_is_not_taken_for_the_declared() -> None:
    shapes = from_wgs84(shapely.points([(106.5, 11.6), (106.6, 11.9)]), 9212)

    assert systems_that_fit(shapes, HOME, among=(5899, 9212)) == [9212]


def test_swapped_axes_are_told() -> None:
    turned = shapely.points([(1_275_708.641, 569_613.688)])

    assert systems_that_fit(turned, HOME) == []
    assert are_swapped(turned, HOME, 9212)
    assert not are_swapped(shapely.points([(0.0, 0.0)]), HOME, 9212)


def test_order_of_axes_is_the_register_s() -> None:
    assert in_register_order(GOLDEN, SYSTEMS[4326]).equals(Point(11.535, 106.89))
    assert in_register_order(GOLDEN, SYSTEMS[9212]) is GOLDEN
    assert in_register_order(GOLDEN, system_of_uri(CRS84)) is GOLDEN
    assert system_of_uri(SYSTEMS[9212].uri) is SYSTEMS[9212]


@pytest.mark.parametrize("uri", ["", "EPSG:9212", "http://www.opengis.net/def/crs/EPSG/0/27700", CRS84 + "h"])
def test_unknown_system_is_refused(uri) -> None:
    with pytest.raises(UnknownSystem):
        system_of_uri(uri)
