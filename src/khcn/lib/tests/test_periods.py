"""Months, quarters and the administrative cut-off."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khcn.lib.dates import add_months, whole_months_between
from khcn.lib.periods import (
    ADMINISTRATIVE_CUT_OFF,
    Period,
    half_year,
    month,
    month_end,
    month_start,
    nine_months,
    quarter,
    year_period,
)

days = st.dates(date(2000, 1, 1), date(2099, 12, 31))


def test_period_administrative_cut_off_14th():
    cut = ADMINISTRATIVE_CUT_OFF

    assert month(2025, 1, cut_off=cut) == Period(date(2024, 12, 15), date(2025, 1, 14), "Tháng 1 năm 2025")
    assert quarter(2025, 1, cut_off=cut).span == "từ 15/12/2024 đến 14/03/2025"
    assert half_year(2025, 1, cut_off=cut).span == "từ 15/12/2024 đến 14/06/2025"
    assert nine_months(2025, cut_off=cut).span == "từ 15/12/2024 đến 14/09/2025"
    assert year_period(2025, cut_off=cut).span == "từ 15/12/2024 đến 14/12/2025"


def test_period_calendar_months():
    assert quarter(2024, 1) == Period(date(2024, 1, 1), date(2024, 3, 31), "Quý I năm 2024")
    assert half_year(2024, 2).span == "từ 01/07/2024 đến 31/12/2024"
    assert year_period(2024).days == 366


@given(st.integers(2000, 2090), st.integers(1, 28) | st.none())
def test_period_quarters_follow_without_gap(year, cut_off):
    quarters = [quarter(year, number, cut_off=cut_off) for number in (1, 2, 3, 4)]

    for before, after in pairwise(quarters):
        assert after.start == before.end + timedelta(days=1)
        assert not before.overlaps(after)
    whole = year_period(year, cut_off=cut_off)
    assert (quarters[0].start, quarters[-1].end) == (whole.start, whole.end)
    assert whole.end in quarters[-1]


def test_period_impossible_is_refused():
    with pytest.raises(ValueError, match="before it starts"):
        Period(date(2025, 2, 1), date(2025, 1, 1))
    with pytest.raises(ValueError, match="no quarter"):
        quarter(2025, 5)
    with pytest.raises(ValueError, match="no half-year"):
        half_year(2025, 3)
    with pytest.raises(ValueError, match="cut-off"):
        month(2025, 1, cut_off=30)


def test_add_months_clamps_to_month_end():
    assert add_months(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert add_months(date(2024, 1, 31), -2) == date(2023, 11, 30)
    assert month_end(date(2023, 2, 3)) == date(2023, 2, 28)
    assert month_start(date(2023, 2, 3)) == date(2023, 2, 1)


@given(days, st.integers(0, 400))
def test_whole_months_between_inverts_add_months(day, months):
    assert whole_months_between(day, add_months(day, months)) == months
