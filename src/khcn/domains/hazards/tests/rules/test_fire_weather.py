"""The six codes equal what the Canadian package computes, on its grids and on the sample season of 1985."""

import csv

import numpy as np
import pytest

from khcn.domains.hazards.rules.fire_weather import (
    FireWeather,
    buildup_index,
    drought_code,
    duff_moisture_code,
    fine_fuel_moisture_code,
    fire_weather_index,
    initial_spread_index,
    next_day,
)


def _columns(path) -> dict[str, np.ndarray]:
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    words = {"NA": "nan", "TRUE": "1", "FALSE": "0"}
    return {name: np.array([float(words.get(row[name], row[name])) for row in rows]) for name in rows[0]}


def _assert_equal(found, printed) -> None:
    """Equal to the four significant digits that the files print."""
    known = ~np.isnan(printed)
    np.testing.assert_allclose(found[known], printed[known], rtol=6e-4, atol=1e-9)


def test_fwi_and_bui_equal_the_package_on_its_grids(hazard_reference):
    folder = hazard_reference / "cffdrs_r" / "tests"
    fwi, bui = _columns(folder / "FireWeatherIndex.csv"), _columns(folder / "BuildupIndex.csv")

    _assert_equal(fire_weather_index(fwi["isi"], fwi["bui"]), fwi["FireWeatherIndex"])
    _assert_equal(buildup_index(bui["dmc"], bui["dc"]), bui["BuildupIndex"])


def test_isi_equals_the_package_where_it_adds_no_fire_behaviour(hazard_reference):
    grid = _columns(hazard_reference / "cffdrs_r" / "tests" / "InitialSpreadIndex.csv")
    plain = (grid["fbpMod"] == 0) | (grid["ws"] < 40)

    _assert_equal(initial_spread_index(grid["ffmc"][plain], grid["ws"][plain]), grid["InitialSpreadIndex"][plain])
    assert plain.sum() > 1500


def test_ffmc_equals_the_package_on_its_grid(hazard_reference):
    grid = _columns(hazard_reference / "cffdrs_r" / "tests" / "FineFuelMoistureCode.csv")

    found = fine_fuel_moisture_code(grid["ffmc_yda"], grid["temp"], grid["rh"], grid["ws"], grid["prec"])

    possible = (grid["rh"] >= 0) & (grid["ws"] >= 0)
    _assert_equal(found[possible], grid["FineFuelMoistureCode"][possible])
    assert possible.sum() > 1400


@pytest.mark.parametrize("adjusted", [True, False])
def test_dmc_and_dc_equal_the_package_in_all_zones_and_months(hazard_reference, adjusted):
    folder = hazard_reference / "cffdrs_r" / "tests"
    dmc, dc = _columns(folder / "DuffMoistureCode.csv"), _columns(folder / "DroughtCode.csv")
    one, two = dmc["lat.adjust"] == adjusted, dc["lat.adjust"] == adjusted

    duff = duff_moisture_code(
        dmc["dmc_yda"][one], dmc["temp"][one], dmc["rh"][one], dmc["prec"][one], latitude_deg=dmc["lat"][one],
        month=dmc["mon"][one], adjust_to_latitude=adjusted,
    )  # fmt: skip
    drought = drought_code(
        dc["dc_yda"][two], dc["temp"][two], dc["prec"][two], latitude_deg=dc["lat"][two], month=dc["mon"][two],
        adjust_to_latitude=adjusted,
    )  # fmt: skip

    _assert_equal(duff, dmc["DuffMoistureCode"][one])
    _assert_equal(drought, dc["DroughtCode"][two])


@pytest.mark.parametrize(("name", "start"), [("fwi_01.csv", (85.0, 6.0, 15.0)), ("fwi_05.csv", (0.0, 0.0, 0.0))])
def test_sample_season_of_1985_is_reproduced(hazard_reference, name, start):
    expected = _columns(hazard_reference / "cffdrs_r" / "tests" / name)
    before: FireWeather | None = None
    days = []

    for day in range(len(expected["TEMP"])):
        weather = (expected[key][day] for key in ("TEMP", "RH", "WS", "PREC"))
        before = next_day(before, *weather, latitude_deg=40.0, month=int(expected["MON"][day]), start=start)
        days.append(before)

    for key in ("ffmc", "dmc", "dc", "isi", "bui", "fwi", "dsr"):
        found = np.array([float(getattr(day, key)) for day in days])
        np.testing.assert_allclose(found, expected[key.upper()], rtol=6e-4, atol=1e-6, err_msg=key)
    assert len(days) == 48


def test_missing_weather_leaves_that_station_unknown_only():
    day = next_day(None, [30.0, np.nan], [60.0, 60.0], [10.0, 10.0], [0.0, 0.0], latitude_deg=11.5, month=3)

    assert np.isfinite(day.fwi[0])
    assert np.isnan(day.fwi[1])
