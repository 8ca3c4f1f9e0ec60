"""Checks of values: the same marks in one go and in batches; neighbours that agree convict, a storm does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khcn.domains.hazards.rules.checks import (
    PERSISTENCE,
    RANGE,
    STEP,
    Limits,
    check_values,
    distance_km,
    is_number,
    odd_among_neighbours,
)

AIR = Limits(0, 45, 12, 12)
PLACES = {"a": (11.5, 106.6), "b": (11.55, 106.65), "c": (11.6, 106.6), "d": (11.45, 106.7), "far": (14.0, 108.0)}


@given(
    st.lists(st.one_of(st.none(), st.integers(-2, 50).map(float)), max_size=30),
    st.integers(0, 30),
    st.sampled_from([600.0, 3600.0, 7200.0]),
)
def test_batches_are_marked_as_the_whole_is(values, cut, step) -> None:
    times = [step * place for place in range(len(values))]

    whole, _last = check_values(times, values, AIR)
    first, before = check_values(times[:cut], values[:cut], AIR)
    rest, _last = check_values(times[cut:], values[cut:], AIR, before)

    assert [*first, *rest] == whole


@given(st.lists(st.integers(-20, 70).map(float), min_size=1, max_size=40))
def test_value_is_marked_out_of_range_exactly_when_it_is(values) -> None:
    marks, _last = check_values([600.0 * place for place in range(len(values))], values, AIR)

    assert [bool(mark & RANGE) for mark in marks] == [not 0 <= value <= 45 for value in values]


def test_value_after_a_spike_is_innocent() -> None:
    marks, _last = check_values([0, 600, 1200], [20.0, 99.0, 20.5], AIR)

    assert marks == [0, RANGE, 0]


def test_step_is_judged_by_the_time_between() -> None:
    assert check_values([0, 600], [20.0, 23.0], AIR)[0] == [0, STEP]
    assert check_values([0, 3600], [20.0, 23.0], AIR)[0] == [0, 0]
    assert check_values([0, 60], [20.0, 21.9], AIR)[0] == [0, 0]


def test_zero_of_rain_may_last_and_other_amounts_not() -> None:
    rain = Limits(0, 150, None, 6, zero_may_last=True)
    times = [3600.0 * place for place in range(10)]

    assert check_values(times, [0.0] * 10, rain)[0] == [0] * 10
    assert check_values(times, [0.2] * 10, rain)[0] == [0] * 7 + [PERSISTENCE] * 3


def test_gauge_that_stays_dry_in_a_flood_is_odd_and_a_lonely_one_is_not_judged() -> None:
    found = odd_among_neighbours(
        {"a": 0.0, "b": 110.0, "c": 95.0, "d": 120.0, "far": 0.0}, PLACES, radius_km=25, allowance=50
    )

    assert found == {"a"}


def test_storm_over_some_of_the_stations_convicts_nobody() -> None:
    values = {"a": 134.0, "b": 20.0, "c": 90.0, "d": 45.0}

    assert odd_among_neighbours(values, PLACES, radius_km=25, allowance=50) == set()


def test_distance_agrees_with_the_ellipsoid() -> None:
    from pyproj import Geod

    one, other = (11.2, 106.4), (12.3, 107.4)
    exact = Geod(ellps="WGS84").inv(one[1], one[0], other[1], other[0])[2] / 1000

    assert distance_km(one, other) == pytest.approx(exact, rel=0.006)


@pytest.mark.parametrize(("value", "good"), [(1.0, True), (None, False), (float("nan"), False), (1e13, False)])
def test_number_of_this_world(value, good) -> None:
    assert is_number(value) is good
