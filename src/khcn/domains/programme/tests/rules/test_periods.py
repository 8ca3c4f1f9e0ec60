"""Reporting periods and cut-offs."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khcn.domains.programme.choices import PeriodBasis, PeriodKind
from khcn.domains.programme.rules.periods import (
    ReportingRules,
    ad_hoc_period,
    period_before,
    period_containing,
    reporting_period,
)

A, STAT, OWN = PeriodBasis.ADMINISTRATIVE, PeriodBasis.STATISTICAL, PeriodBasis.OWN
M, Q, H, Y = PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.HALF_YEAR, PeriodKind.YEAR
REGULAR = st.sampled_from([M, Q, H, Y])


@pytest.fixture(scope="module")
def rules(regime_a):
    return ReportingRules.from_parameters(regime_a("reporting."))


@pytest.mark.parametrize(
    ("kind", "number", "start", "end", "due"),
    [
        (M, 1, date(2023, 12, 15), date(2024, 1, 14), date(2024, 1, 25)),
        (M, 3, date(2024, 2, 15), date(2024, 3, 14), date(2024, 3, 25)),
        (Q, 1, date(2023, 12, 15), date(2024, 3, 14), date(2024, 3, 25)),
        (Q, 2, date(2024, 3, 15), date(2024, 6, 14), date(2024, 6, 25)),
        (H, 1, date(2023, 12, 15), date(2024, 6, 14), date(2024, 6, 25)),
        (H, 2, date(2024, 6, 15), date(2024, 12, 14), date(2024, 12, 25)),
        (Y, 1, date(2023, 12, 15), date(2024, 12, 14), date(2024, 12, 25)),
    ],
)
def test_administrative_period_runs_from_the_15th_to_the_14th(rules, kind, number, start, end, due):
    period = reporting_period(kind, A, 2024, number, rules)

    assert (period.days.start, period.days.end, period.due_on) == (start, end, due)
    assert period.cutoff_on == end


def test_statistical_period_is_the_calendar(rules):
    period = reporting_period(Q, STAT, 2024, 1, rules)

    assert (period.days.start, period.days.end, period.due_on) == (date(2024, 1, 1), date(2024, 3, 31), None)


def test_own_cutoff_of_a_committee_is_used_where_it_set_one(rules):
    own = ReportingRules(14, 25, own_cutoff_day=20)

    assert reporting_period(M, OWN, 2024, 5, own).cutoff_on == date(2024, 5, 20)
    assert reporting_period(M, OWN, 2024, 5, rules).cutoff_on == date(2024, 5, 14)
    assert reporting_period(M, A, 2024, 5, own).cutoff_on == date(2024, 5, 14)


def test_period_number_out_of_range_and_ad_hoc_are_refused(rules):
    for kind, number in ((M, 13), (Q, 0), (H, 3), (Y, 2), (PeriodKind.AD_HOC, 1)):
        with pytest.raises(ValueError, match="no "):
            reporting_period(kind, A, 2024, number, rules)


def test_period_containing_mid_december_belongs_to_the_next_year(rules):
    assert period_containing(Y, A, date(2024, 12, 14), rules).year == 2024
    assert period_containing(Y, A, date(2024, 12, 15), rules).year == 2025
    assert period_containing(Y, STAT, date(2024, 12, 15), rules).year == 2024


@given(REGULAR, st.sampled_from([A, STAT, OWN]), st.dates(date(2020, 1, 1), date(2030, 12, 31)))
def test_periods_tile_time_without_gap_or_overlap(rules, kind, basis, day):
    period = period_containing(kind, basis, day, rules)
    before = period_before(period, rules)

    assert day in period.days
    assert before.days.end + timedelta(days=1) == period.days.start


def test_ad_hoc_period_takes_any_days():
    period = ad_hoc_period(date(2024, 2, 3), date(2024, 4, 5), "Báo cáo đột xuất", date(2024, 4, 10))

    assert (period.kind, period.cutoff_on, period.due_on) == (PeriodKind.AD_HOC, date(2024, 4, 5), date(2024, 4, 10))
