"""Appointment, cut-off at 15:00, restart and resume after a supplement, pauses counted once, complaints' limits."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khcn.domains.onestop.choices import ComplaintState, SupplementClock
from khcn.domains.onestop.rules.clocks import (
    Limit,
    Pause,
    appointment,
    complaint_due,
    due_after_pause,
    forward_from,
    paused_within,
)
from khcn.lib.calendar import DayException, ExceptionKind, TimeUnit, WorkCalendar
from khcn.lib.dates import VIETNAM

NATIONAL_DAY = DayException(date(2022, 9, 2), ExceptionKind.HOLIDAY, "Quốc khánh")
DAYS_OFF = WorkCalendar((NATIONAL_DAY,))
FIVE = Limit(5, TimeUnit.WD, time(15))


def at(day: int, hour: int, minute: int = 0, month: int = 10) -> datetime:
    return datetime(2022, month, day, hour, minute, tzinfo=VIETNAM)


def test_appointment_before_and_at_the_cut_off_counts_from_the_same_day() -> None:
    assert appointment(DAYS_OFF, at(13, 9), FIVE) == at(20, 17, 30)
    assert appointment(DAYS_OFF, at(13, 15), FIVE) == at(20, 17, 30)


def test_appointment_after_the_cut_off_counts_from_the_next_working_day() -> None:
    assert appointment(DAYS_OFF, at(13, 15, 1), FIVE) == at(21, 17, 30)
    assert forward_from(DAYS_OFF, at(14, 16), FIVE) == at(17, 7, 30)


def test_appointment_same_day_procedure_received_late_is_due_the_next_working_day() -> None:
    same_day = Limit(0, TimeUnit.WD, time(15))

    assert appointment(DAYS_OFF, at(13, 14), same_day) == at(13, 17, 30)
    assert appointment(DAYS_OFF, at(13, 15, 30), same_day) == at(14, 17, 30)


def test_appointment_over_a_holiday_skips_it() -> None:
    assert appointment(DAYS_OFF, at(31, 8, month=8), Limit(2, TimeUnit.WD)) == at(5, 17, 30, month=9)


def test_supplement_restart_gives_the_whole_limit_again() -> None:
    due = due_after_pause(
        DAYS_OFF,
        mode=SupplementClock.RESTART,
        limit=FIVE,
        due_at=at(20, 17, 30),
        paused_at=at(19, 8),
        resumed_at=at(24, 9),
    )

    assert due == at(31, 17, 30)


def test_supplement_resume_gives_what_was_left() -> None:
    due = due_after_pause(
        DAYS_OFF,
        mode=SupplementClock.RESUME,
        limit=FIVE,
        due_at=at(20, 17, 30),
        paused_at=at(18, 13, 30),
        resumed_at=at(24, 7, 30),
    )

    assert due == at(26, 11, 30)


def test_supplement_resume_in_calendar_days_rolls_to_a_working_day() -> None:
    due = due_after_pause(
        DAYS_OFF, mode=SupplementClock.RESUME, limit=Limit(10, TimeUnit.CD), due_at=at(14, 17, 30), paused_at=at(10, 8),
        resumed_at=at(11, 8),
    )  # fmt: skip

    assert due == at(17, 17, 30)


def test_supplement_resume_after_the_due_moment_stays_late() -> None:
    due = due_after_pause(
        DAYS_OFF,
        mode=SupplementClock.RESUME,
        limit=FIVE,
        due_at=at(20, 17, 30),
        paused_at=at(21, 8),
        resumed_at=at(24, 9),
    )

    assert due == at(20, 17, 30)


@given(st.integers(0, 60), st.integers(0, 200), st.integers(1, 15))
def test_supplement_resume_keeps_the_working_time_left(paused_hours: int, away_hours: int, days: int) -> None:
    received = at(3, 8)
    limit = Limit(days, TimeUnit.WD)
    due = appointment(DAYS_OFF, received, limit)
    paused = received + timedelta(hours=paused_hours)
    resumed = paused + timedelta(hours=away_hours)

    new = due_after_pause(
        DAYS_OFF, mode=SupplementClock.RESUME, limit=limit, due_at=due, paused_at=paused, resumed_at=resumed
    )

    if paused < due:
        assert DAYS_OFF.work_between(resumed, new) == DAYS_OFF.work_between(paused, due)
    else:
        assert new == due


def test_paused_time_overlaps_count_once_and_open_pauses_end_with_the_question() -> None:
    pauses = [Pause(at(3, 8), at(3, 12)), Pause(at(3, 10), at(3, 14)), Pause(at(4, 8), None)]

    assert paused_within(pauses, at(4, 11)) == timedelta(hours=9)
    assert paused_within(pauses, at(3, 11)) == timedelta(hours=3)


def test_complaint_limits_come_from_the_parameters() -> None:
    parameters = {
        "complaint.refuse": Decimal(2),
        "complaint.ask_more": Decimal(5),
        "complaint.answer": Decimal(15),
        "complaint.publish": Decimal(2),
    }

    due = {
        state: complaint_due(DAYS_OFF, target=state, counted_from=at(3, 9), parameters=parameters).date()
        for state in (
            ComplaintState.REFUSED,
            ComplaintState.MORE_ASKED,
            ComplaintState.ANSWERED,
            ComplaintState.PUBLISHED,
        )
    }

    assert [day.day for day in due.values()] == [5, 10, 24, 5]
    with pytest.raises(KeyError):
        complaint_due(DAYS_OFF, target=ComplaintState.RECEIVED, counted_from=at(3, 9), parameters=parameters)
