"""The index follows the steps; the NO2 example printed as 60 is an erratum: its formula gives 59."""

import csv
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khcn.domains.hazards.rules.air_quality import daily_index, hourly_index, nowcast, sub_index

DATA = Path(__file__).resolve().parents[6] / "data" / "reference" / "hazards"


@pytest.fixture(scope="module")
def breakpoints():
    steps: dict[str, list[tuple[float, float]]] = {}
    with (DATA / "air_quality_breakpoints.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            steps.setdefault(row["parameter"], []).append((float(row["index"]), float(row["concentration"])))
    return steps


def test_breakpoints_rise_together(breakpoints):
    assert sorted(breakpoints) == ["co", "no2", "o3_1h", "o3_8h", "pm10", "pm25", "so2"]
    for steps in breakpoints.values():
        assert all(low[0] < high[0] and low[1] < high[1] for low, high in pairwise(steps))


@pytest.mark.parametrize(
    ("parameter", "concentration", "index"),
    [("pm25", 25, 50), ("pm25", 25.1, 50), ("pm25", 50, 100), ("no2", 118.7, 59), ("so2", 2630, 500), ("co", 9e6, 500),
     ("o3_1h", 0, 0), ("pm10", 600, 500), ("pm10", 100, 75)],
)  # fmt: skip
def test_sub_index_follows_the_steps_without_gaps(breakpoints, parameter, concentration, index):
    assert sub_index(concentration, breakpoints[parameter]) == index


def test_nowcast_needs_two_of_the_newest_three_hours():
    assert nowcast([10, None, 10, 10]) == 10
    assert nowcast([10, None, None, 10, 10, 10]) is None
    assert nowcast([]) is None
    assert nowcast([0.0, 0.0]) == 0


@given(st.lists(st.one_of(st.none(), st.floats(0, 900)), min_size=2, max_size=20))
def test_nowcast_lies_between_the_lowest_and_highest_hour(hours):
    mean = nowcast(hours)
    known = [hour for hour in hours[:12] if hour is not None]

    if mean is not None:
        assert min(known) - 1e-9 <= mean <= max(known) + 1e-9


def test_hour_without_particles_has_no_index(breakpoints):
    hour = hourly_index({}, {"o3": 300.0}, breakpoints)

    assert (hour.index, hour.parts, hour.leading) == (None, {"o3": 150}, "")


def test_hour_takes_the_worst_parameter(breakpoints):
    hour = hourly_index({"pm25": [25.0] * 12}, {"o3": 300.0, "no2": 118.7}, breakpoints)

    assert (hour.index, hour.leading) == (150, "o3")
    assert hour.parts == {"pm25": 50, "o3": 150, "no2": 59}


def test_day_leaves_eight_hour_ozone_out_above_400(breakpoints):
    inside = daily_index({"pm10": 100.0}, {"o3": 200.0}, 210.0, breakpoints)
    beyond = daily_index({"pm10": 100.0}, {"o3": 200.0}, 401.0, breakpoints)

    assert inside.parts["o3"] == 200
    assert beyond.parts["o3"] == 100
