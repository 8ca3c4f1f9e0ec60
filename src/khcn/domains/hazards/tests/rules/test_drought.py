"""Drought indices equal the arrays of an independent package on 123 years of one American cell."""

import numpy as np
import pytest

from khcn.domains.hazards.rules import drought


@pytest.fixture(scope="module")
def arrays(hazard_reference):
    folder = hazard_reference / "climate_indices"
    return {path.stem: np.load(path).ravel() for path in folder.glob("*.npy")}


def _assert_same(found, expected, tolerance) -> None:
    assert np.array_equal(np.isnan(found), np.isnan(expected))
    assert np.nanmax(np.abs(found - expected)) <= tolerance


@pytest.mark.parametrize(("months", "name"), [(1, "spi_01_gamma"), (6, "spi_06_gamma")])
def test_spi_equals_outside_array(arrays, months, name):
    found = drought.standardized_precipitation(arrays["precips_mm_monthly"], months)

    _assert_same(found, arrays[name], 2e-11)


def test_spei_equals_outside_array(arrays):
    found = drought.standardized_balance(arrays["precips_mm_monthly"], arrays["pet_thornthwaite"], 6)

    _assert_same(found, arrays["spei_06_gamma"], 1e-5)


def test_evaporation_equals_outside_array(arrays):
    found = drought.thornthwaite_evaporation(arrays["temp_celsius"], 25.2292, 1895)

    _assert_same(found, arrays["pet_thornthwaite"], 1e-4)


def test_percent_of_normal_equals_outside_array_calibrated_on_1981_to_2010(arrays):
    found = drought.percent_of_normal(arrays["precips_mm_monthly"], 6, calibration=slice(86, 116))

    _assert_same(found, arrays["pnp_06"], 6e-4)


def test_missing_month_leaves_its_windows_unknown():
    rain = np.tile(np.arange(1.0, 13.0), 25) + np.repeat(np.arange(25.0), 12)
    rain[100] = np.nan

    index = drought.standardized_precipitation(rain, 3)

    assert np.flatnonzero(np.isnan(index)).tolist() == [0, 1, 100, 101, 102]


def test_short_series_is_refused_with_its_length():
    with pytest.raises(drought.SeriesTooShort) as caught:
        drought.standardized_precipitation(np.ones(12 * 19), 1)

    assert caught.value.years == 19
    assert "19 năm" in str(caught.value)


def test_month_that_is_always_dry_has_no_index_and_no_share():
    rain = np.tile([0.0] + [50.0, 60.0] * 5 + [40.0], 30) * np.repeat(1 + np.arange(30) / 30, 12)

    assert np.isnan(drought.standardized_precipitation(rain, 1)[::12]).all()
    assert np.isnan(drought.percent_of_normal(rain, 1)[::12]).all()
