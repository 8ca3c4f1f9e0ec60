"""Windows with holes stay unknown; fits agree with scipy's generalised extreme value distribution."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from khcn.domains.hazards.rules.rain import (
    TooFewMaxima,
    antecedent_precipitation,
    fit_extremes,
    level_interval,
    sample_l_moments,
    window_totals,
)


@given(st.lists(st.one_of(st.floats(0, 300), st.just(float("nan"))), max_size=60), st.integers(1, 24))
def test_window_totals_equal_the_sums_written_out(amounts, slots):
    found = window_totals(np.array(amounts), slots)

    for end in range(len(amounts)):
        window = amounts[max(0, end - slots + 1) : end + 1]
        if len(window) < slots or any(np.isnan(window)):
            assert np.isnan(found[end])
        else:
            assert found[end] == pytest.approx(sum(window))


def test_window_totals_of_many_streams_at_once():
    rain = np.array([[1.0, 2, 3, 4], [0, np.nan, 0, 5]])

    np.testing.assert_array_equal(window_totals(rain, 2), [[np.nan, 3, 5, 7], [np.nan, np.nan, np.nan, 5]])


def test_antecedent_rain_halves_in_its_half_life():
    index = antecedent_precipitation([64.0] + [0.0] * 6, half_life_days=2)

    assert index[[0, 2, 4, 6]] == pytest.approx([64, 32, 16, 8])
    assert np.isnan(antecedent_precipitation([1.0, np.nan, 1.0], 2)[2])


def test_l_moments_of_uniform_ranks_are_those_of_theory():
    first, second, skewness = sample_l_moments(list(range(1, 20002)))

    assert (first, second, skewness) == pytest.approx((10001, 20001 / 6, 0.0), rel=1e-3, abs=1e-9)


@pytest.mark.parametrize("shape", [-0.2, 0.05, 0.2])
def test_fit_finds_the_distribution_that_scipy_drew_from(shape):
    drawn = stats.genextreme.rvs(shape, loc=95, scale=28, size=4000, random_state=7)

    fitted = fit_extremes(drawn.tolist())

    assert fitted.location == pytest.approx(95, rel=0.03)
    assert fitted.scale == pytest.approx(28, rel=0.06)
    assert fitted.shape == pytest.approx(shape, abs=0.05)
    assert fitted.level(50) == pytest.approx(stats.genextreme.isf(1 / 50, shape, 95, 28), rel=0.06)
    assert fitted.return_period(fitted.level(20)) == pytest.approx(20)


def test_interval_holds_the_level_and_narrows_with_years():
    drawn = stats.genextreme.rvs(0.1, loc=95, scale=28, size=400, random_state=3).tolist()

    short, long = (level_interval(part, 20, seed=1, rounds=120) for part in (drawn[:25], drawn))

    assert long[0] < fit_extremes(drawn).level(20) < long[1]
    assert long[1] - long[0] < short[1] - short[0]
    assert level_interval(drawn[:25], 20, seed=1, rounds=120) == short


def test_short_record_is_refused():
    with pytest.raises(TooFewMaxima, match="19 năm"):
        fit_extremes([float(year) for year in range(19)])
