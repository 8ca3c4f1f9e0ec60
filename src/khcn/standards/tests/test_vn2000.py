"""VN-2000 against PROJ's own EPSG definitions and a published list of port limits."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS, Transformer
from pyproj.transformer import TransformerGroup
from shapely.geometry import box, shape

from khcn.standards.geodesy import area_m2
from khcn.standards.vn2000 import (
    CENTRAL_MERIDIANS,
    OutsideZone,
    UnknownZone,
    degrees_from_wgs84,
    degrees_to_wgs84,
    meridian_of,
    shape_to_plane,
    shape_to_wgs84,
    to_plane,
    to_wgs84,
)

#: EPSG code → central meridian, of all provincial TM-3 zones in the EPSG register.
EPSG_ZONES = {
    9205: 103.0, 9206: 104.0, 9207: 104.5, 9208: 104.75, 5897: 105.0, 9209: 105.5, 9210: 105.75, 9211: 106.0,
    9212: 106.25, 9213: 106.5, 9214: 107.0, 9215: 107.25, 9216: 107.5, 5899: 107.75, 5898: 108.0, 9217: 108.25,
    9218: 108.5,
}  # fmt: skip


def degrees(value: int, minutes: int, seconds: float) -> float:
    return value + minutes / 60 + seconds / 3600


@pytest.mark.parametrize("code", EPSG_ZONES)
def test_zone_equals_the_epsg_definition_within_a_millimetre(code):
    """The projection alone: VN-2000 degrees to the plane, without the datum shift."""
    meridian = EPSG_ZONES[code]
    latitude, longitude = 12.3456, meridian + 0.6
    plain = Transformer.from_crs(CRS(4756), CRS(code), always_xy=True).transform(longitude, latitude)

    point = to_plane(*degrees_to_wgs84(latitude, longitude), meridian=meridian)

    assert (point.easting_m, point.northing_m) == pytest.approx(plain, abs=1e-3)


def test_datum_shift_equals_epsg_6960():
    group = TransformerGroup(4756, 4326, always_xy=True)
    operation = next(item for item in group.transformers if "VN-2000 to WGS 84 (2)" in item.description)

    longitude, latitude = operation.transform(106.89, 11.535)

    assert degrees_to_wgs84(11.535, 106.89) == pytest.approx((latitude, longitude), abs=1e-11)


def test_known_point_in_the_province_falls_where_the_survey_says():
    point = to_plane(11.5350, 106.8900, meridian=106.25)

    assert point.northing_m == pytest.approx(1_275_708.641, abs=2e-3)
    assert point.easting_m == pytest.approx(569_613.688, abs=2e-3)


@pytest.mark.parametrize(
    ("wgs84", "vn2000"),
    [
        # TT 20/2019/TT-BGTVT, port limits of Khánh Hòa, printed to a tenth of a second (about 3 m)
        (((12, 33, 36.0), (109, 26, 0.0)), ((12, 33, 39.7), (109, 25, 53.6))),
        (((12, 14, 14.0), (109, 16, 0.0)), ((12, 14, 17.7), (109, 15, 53.6))),
        (((11, 58, 8.8), (109, 12, 24.9)), ((11, 58, 12.5), (109, 12, 18.4))),
    ],
)
def test_published_port_limits_agree_in_both_systems(wgs84, vn2000):
    expected = tuple(degrees(*value) for value in vn2000)

    found = degrees_from_wgs84(*(degrees(*value) for value in wgs84))

    assert found == pytest.approx(expected, abs=0.1 / 3600)


def test_forgetting_the_shift_would_move_a_point_by_two_hundred_metres():
    shifted = to_plane(11.5350, 106.8900, meridian=106.25)
    easting, northing = Transformer.from_crs(CRS(4756), CRS(9212), always_xy=True).transform(106.89, 11.535)

    assert shifted.northing_m - northing == pytest.approx(112.3, abs=0.5)
    assert shifted.easting_m - easting == pytest.approx(-195.6, abs=0.5)


@given(st.floats(8.5, 23.3), st.sampled_from(sorted(set(CENTRAL_MERIDIANS.values()))), st.floats(-1.5, 1.5))
def test_there_and_back_is_the_same_point(latitude, meridian, offset):
    point = to_plane(latitude, meridian + offset, meridian=meridian)

    back = to_wgs84(point.northing_m, point.easting_m, meridian=meridian)

    assert back == pytest.approx((latitude, meridian + offset), abs=3e-8)  # 3 mm


def test_meridians_cover_the_list_of_63_and_agree_with_epsg():
    assert len(CENTRAL_MERIDIANS) == 63
    assert set(CENTRAL_MERIDIANS.values()) == set(EPSG_ZONES.values())
    assert meridian_of("Tỉnh Bình Phước") == 106.25
    assert meridian_of("Thành phố Hà Nội") == 105.0
    with pytest.raises(UnknownZone):
        meridian_of("Nơi không có")


def test_swapped_coordinates_are_told():
    with pytest.raises(OutsideZone, match="đổi chỗ"):
        to_wgs84(569_613.7, 1_275_708.6, meridian=106.25)
    with pytest.raises(OutsideZone):
        to_wgs84(1.0, 2.0, meridian=106.25)


def test_shapes_go_there_and_back_and_keep_their_area():
    square = box(106.8, 11.5, 106.9, 11.6)

    plane = shape_to_plane(square, meridian=106.25)

    assert plane.area == pytest.approx(area_m2(square), rel=2e-4)
    assert shape_to_wgs84(plane, meridian=106.25).equals_exact(square, 3e-8)


def test_plane_area_of_the_former_province_is_the_published_one():
    path = Path(__file__).parents[5] / "shared/reference/geo/vietnamese-provinces-database"
    file = path / "former_binh_phuoc_40_units_2026.geojson"
    if not file.is_file():
        pytest.skip("the boundaries of the shared reference are absent")
    units = [shape(unit["geometry"]) for unit in json.loads(file.read_text("utf-8"))["features"]]

    total = sum(shape_to_plane(unit, meridian=106.25).area for unit in units) / 1e6

    assert total == pytest.approx(6870.2, abs=0.1)
