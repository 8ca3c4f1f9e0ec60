"""Appointment, cut-off at 15:00, same-day procedures, holidays, complaints' limits."""

from datetime import date, datetime, time
from decimal import Decimal

import pytest

from khcn.domains.onestop.choices import ComplaintState
from khcn.domains.onestop.rules.clocks import (
    Limit,
    appointment,
    complaint_due,
    forward_from,
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
