"""Hours, days and months of a series: holes are told, and a sum with a hole is not known."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khcn.domains.hazards.choices import Aggregation
from khcn.domains.hazards.rules.series import day_edges, hour_edges, into_buckets, month_edges
from khcn.lib.dates import VIETNAM

START = datetime(2017, 10, 2, 12, 0, tzinfo=UTC)
TEN = timedelta(minutes=10)


def buckets(values, edges, kind=Aggregation.SUM, share=0.75):
    points = [(START + TEN * (place + 1), value) for place, value in enumerate(values)]
    return into_buckets(points, edges, aggregation=kind, interval_s=600, fewest_share=share)


@given(st.lists(st.one_of(st.none(), st.integers(0, 20).map(float)), min_size=12, max_size=12))
def test_sum_is_known_exactly_when_nothing_is_missing(values) -> None:
    found = buckets(values, hour_edges(START, START + timedelta(hours=2)))

    assert [one.value for one in found] == [None if None in part else sum(part) for part in (values[:6], values[6:])]
    for one, part in zip(found, (values[:6], values[6:]), strict=True):
        known = [value for value in part if value is not None]
        assert (one.known, one.expected, one.has_hole) == (len(known), 6, len(known) < 6)
        assert one.least == (sum(known) if known else None)


def test_value_at_the_end_of_an_hour_belongs_to_that_hour() -> None:
    found = buckets([1, 1, 1, 1, 1, 1, 10], hour_edges(START, START + timedelta(hours=2)))

    assert found[0].value == 6
    assert (found[1].value, found[1].least) == (None, 10)


@pytest.mark.parametrize(
    ("kind", "expected"), [(Aggregation.MEAN, 3.0), (Aggregation.MAX, 5.0), (Aggregation.MIN, 1.0)]
)
def test_mean_and_extremes_need_a_share_of_the_values(kind, expected) -> None:
    hour = hour_edges(START, START + timedelta(hours=1))

    assert buckets([1, 2, 3, 4, 5, None], hour, kind)[0].value == expected
    assert buckets([1, 2, None, None, None, 5], hour, kind)[0].value is None


def test_day_of_rain_ends_at_nineteen_in_vietnam() -> None:
    edges = day_edges(date(2017, 10, 3), date(2017, 10, 4), ends_hour=19)

    assert edges == [datetime(2017, 10, day, 19, tzinfo=VIETNAM) for day in (2, 3, 4)]


def test_calendar_days_and_months_begin_at_midnight_in_vietnam() -> None:
    assert day_edges(date(2017, 10, 3), date(2017, 10, 3)) == [
        datetime(2017, 10, 3, tzinfo=VIETNAM), datetime(2017, 10, 4, tzinfo=VIETNAM)
    ]  # fmt: skip
    assert month_edges(date(2017, 11, 20), 3) == [
        datetime(2017, 11, 1, tzinfo=VIETNAM), datetime(2017, 12, 1, tzinfo=VIETNAM),
        datetime(2018, 1, 1, tzinfo=VIETNAM), datetime(2018, 2, 1, tzinfo=VIETNAM),
    ]  # fmt: skip


def test_irregular_series_expects_nothing_and_takes_what_comes() -> None:
    found = into_buckets(
        [(START + timedelta(minutes=7), 4.0)], hour_edges(START, START + timedelta(hours=1)),
        aggregation=Aggregation.INSTANT, interval_s=0, fewest_share=0.75,
    )  # fmt: skip

    assert (found[0].value, found[0].expected, found[0].has_hole) == (4.0, 0, False)
