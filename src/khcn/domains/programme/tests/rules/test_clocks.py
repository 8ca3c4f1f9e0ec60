"""Statutory clocks in working days, calendar days and months, with the day-off rule of the Civil Code."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khcn.domains.programme.rules.clocks import due_on, is_kept_in_time, reading
from khcn.lib.calendar import DayException, ExceptionKind, WorkCalendar

ON = date(2024, 6, 1)
DAYS = st.dates(date(2023, 12, 1), date(2025, 6, 1))


@pytest.mark.parametrize(
    ("code", "start", "expected"),
    [
        ("call.opening", date(2024, 6, 7), date(2024, 6, 18)),  # 7 working days after a Friday
        ("application.revise_after_council", date(2024, 6, 3), date(2024, 6, 24)),  # day 20 is a Sunday
        ("order_list.review", date(2024, 6, 5), date(2024, 6, 20)),
        ("acceptance.dossier_lapse", date(2024, 8, 31), date(2025, 2, 28)),
        ("acceptance.papers", date(2024, 6, 20), date(2024, 6, 11)),  # 7 working days before a Thursday
        ("call.notice", date(2024, 6, 1), date(2024, 7, 1)),
        ("approval.stay_online", date(2024, 6, 1), date(2024, 7, 31)),
        ("change.extension_request", date(2024, 7, 31), date(2024, 6, 30)),
    ],
)
def test_due_on_counts_as_the_law_says(book, weekdays, code, start, expected):
    assert due_on(start, book.clock("A", code, ON), weekdays) == expected


def test_due_on_skips_holidays_of_the_programmes_calendar(book):
    calendar = WorkCalendar((DayException(date(2024, 9, 2), ExceptionKind.HOLIDAY, "Quốc khánh"),))

    assert due_on(date(2024, 8, 30), book.clock("A", "acceptance.validity", ON), calendar) == date(2024, 9, 5)
    assert due_on(date(2024, 8, 13), book.clock("A", "application.revise_after_council", ON), calendar) == date(
        2024, 9, 3
    )


@given(start=DAYS)
def test_due_on_a_period_to_act_always_ends_on_a_working_day(book, weekdays, start):
    for clock in book.clocks:
        if clock.bound == "within":
            assert due_on(start, clock, weekdays).weekday() < 5


@given(start=DAYS, later=st.integers(1, 40))
def test_due_on_grows_with_the_start(book, weekdays, start, later):
    for clock in book.clocks:
        assert due_on(start, clock, weekdays) <= due_on(start + timedelta(days=later), clock, weekdays)


def test_reading_counts_lateness_in_both_units(book, weekdays):
    clock = book.clock("A", "call.opening", ON)

    open_still = reading(date(2024, 6, 7), clock, weekdays, done_on=None, today=date(2024, 6, 24))
    done = reading(date(2024, 6, 7), clock, weekdays, done_on=date(2024, 6, 18), today=date(2024, 7, 1))

    assert (open_still.due_on, open_still.late_days, open_still.late_working_days) == (date(2024, 6, 18), 6, 4)
    assert open_still.is_late
    assert not done.is_late


def test_is_kept_in_time_reads_each_bound_its_own_way(book, weekdays):
    notice, papers = book.clock("A", "call.notice", ON), book.clock("A", "acceptance.papers", ON)

    assert not is_kept_in_time(date(2024, 6, 3), notice, weekdays, date(2024, 7, 2))
    assert is_kept_in_time(date(2024, 6, 3), notice, weekdays, date(2024, 7, 3))
    assert is_kept_in_time(date(2024, 6, 20), papers, weekdays, date(2024, 6, 11))
    assert not is_kept_in_time(date(2024, 6, 20), papers, weekdays, date(2024, 6, 12))
