"""The index P grows as the study says, and a gap in the record is neither rain nor drought."""

import pytest

from khcn.domains.hazards.rules.fire_danger import FireDay, accumulate, danger_class, saturation_deficit_mb

NESTEROV = (1000, 2500, 5000, 10000)


def test_saturation_deficit_is_that_of_steam_tables():
    assert saturation_deficit_mb(20.0, 0.0) == pytest.approx(23.37, abs=0.05)
    assert saturation_deficit_mb(34.0, 0.0) == pytest.approx(53.2, abs=0.15)
    assert saturation_deficit_mb(30.0, 100.0) == 0


@pytest.mark.parametrize(
    ("temperature", "humidity", "a_day", "first_day_of_class_5"), [(34.0, 40.0, 1085, 10), (31.0, 65.0, 487, 21)]
)
def test_dry_spell_reaches_class_5_on_the_day_the_design_figures_name(
    temperature, humidity, a_day, first_day_of_class_5
):
    index = accumulate([FireDay(temperature, humidity, 0.0)] * 30, wet_day_mm=5.0)

    assert index[0] == pytest.approx(a_day, rel=0.005)
    classes = [danger_class(value, NESTEROV) for value in index]
    assert classes.index(5) + 1 == first_day_of_class_5


def test_wet_day_begins_anew_and_a_shower_does_not():
    days = [FireDay(30, 50, 0.0), FireDay(30, 50, 4.9), FireDay(30, 50, 5.0), FireDay(30, 50, 0.0)]

    first, second, third, fourth = accumulate(days, wet_day_mm=5.0)

    assert second == pytest.approx(2 * first)
    assert third == 0
    assert fourth == pytest.approx(first)


def test_gap_is_unknown_until_the_next_wet_day():
    days = [
        FireDay(30, 50, 0.0),
        FireDay(None, 50, 0.0),
        FireDay(30, 50, 0.0),
        FireDay(30, 50, 9.0),
        FireDay(30, 50, None),
    ]

    index = accumulate(days, wet_day_mm=5.0)

    assert [value is None for value in index] == [False, True, True, False, True]
    assert danger_class(None, NESTEROV) is None


@pytest.mark.parametrize(("index", "expected"), [(0, 1), (1000, 1), (1000.1, 2), (10000, 4), (10001, 5)])
def test_classes_hold_their_upper_bounds(index, expected):
    assert danger_class(index, NESTEROV) == expected
