"""A case's time under pauses and restarts, against a count hour by hour and day by day that knows no shortcut."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from khcn.kernel.procedures.rules import Segment, due_after, is_overdue, worked_until
from khcn.lib.calendar import DayException, ExceptionKind, TimeUnit, WorkCalendar
from khcn.lib.dates import VIETNAM

DAYS = WorkCalendar(
    exceptions=(
        DayException(date(2026, 1, 1), ExceptionKind.HOLIDAY, "Tết dương lịch"),
        # CV 12729/VPCP-KGVX, 25/12/2025: Friday 02/01/2026 off, Saturday 10/01/2026 worked instead.
        DayException(date(2026, 1, 2), ExceptionKind.SWAP_OFF, "Hoán đổi", "CV 12729/VPCP-KGVX"),
        DayException(date(2026, 1, 10), ExceptionKind.SWAP_ON, "Làm bù", "CV 12729/VPCP-KGVX"),
        *(DayException(date(2026, 2, day), ExceptionKind.HOLIDAY, "Tết") for day in range(16, 21)),
    )
)
moments = st.integers(0, 80 * 24).map(lambda hours: datetime(2025, 12, 20, tzinfo=VIETNAM) + timedelta(hours=hours))
lengths = st.lists(st.integers(0, 200).map(lambda hours: timedelta(hours=hours)), min_size=0, max_size=6)


def at(day: int, month: int = 1, hour: int = 8) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=VIETNAM)


def touching(start: datetime, parts: list[timedelta]) -> list[Segment]:
    """Running and standing in turns, the last running and open."""
    parts = parts[: len(parts) // 2 * 2]
    segments = []
    for number, part in enumerate(parts):
        segments.append(Segment(start, start + part, number % 2 == 0))
        start += part
    return [*segments, Segment(start, None, True)]


@given(moments, lengths, st.integers(1, 60))
@settings(max_examples=200, deadline=None)
def test_hours_due_is_when_the_running_time_is_used_up(start, parts, hours):
    segments = touching(start, parts)

    due = due_after(DAYS, segments, Decimal(hours), TimeUnit.WH)

    used = worked_until(DAYS, segments, due)
    assert used == timedelta(hours=hours)


@given(moments, lengths, st.integers(0, 30))
@settings(max_examples=200, deadline=None)
def test_days_due_moves_by_the_working_days_that_stood(start, parts, days):
    segments = touching(start, parts)

    due = due_after(DAYS, segments, Decimal(days), TimeUnit.WD)

    first = DAYS.effective_start(start).date()
    stood = set()
    for one in segments[1::2]:
        begin, end = DAYS.effective_start(one.started_at).date(), DAYS.effective_start(one.stopped_at).date()
        stood |= {
            (one.started_at, day)
            for day in (begin + timedelta(offset) for offset in range(1, (end - begin).days + 1))
            if DAYS.is_working_day(day)
        }
    day, left = first, days + len(stood)
    while left:
        day += timedelta(1)
        left -= DAYS.is_working_day(day)
    assert due.date() == day


@given(moments, lengths, st.integers(0, 40), st.sampled_from([TimeUnit.WH, TimeUnit.WD, TimeUnit.CD, TimeUnit.MONTH]))
@settings(max_examples=200, deadline=None)
def test_more_standing_time_never_makes_it_due_earlier(start, parts, amount, unit):
    without = due_after(DAYS, [Segment(start, None, True)], Decimal(amount), unit)

    assert due_after(DAYS, touching(start, parts), Decimal(amount), unit) >= without


@given(moments, lengths, st.integers(0, 30))
@settings(max_examples=100, deadline=None)
def test_restart_forgets_what_was_before(start, parts, days):
    segments = touching(start, parts)
    anew = segments[-1].started_at + timedelta(hours=5)
    closed = Segment(segments[-1].started_at, anew, True)

    restarted = [*segments[:-1], closed, Segment(anew, None, True, restarts=True)]

    assert due_after(DAYS, restarted, Decimal(days), TimeUnit.WD) == due_after(
        DAYS, [Segment(anew, None, True)], Decimal(days), TimeUnit.WD
    )


def test_swap_days_of_january_2026_count_as_the_dispatch_says():
    segments = [Segment(datetime(2025, 12, 31, 8, tzinfo=VIETNAM), None, True)]

    assert due_after(DAYS, segments, Decimal(5), TimeUnit.WD).date() == date(2026, 1, 9)
    assert due_after(DAYS, segments, Decimal(6), TimeUnit.WD).date() == date(2026, 1, 10)


def test_clock_that_stands_is_not_due_and_not_overdue():
    segments = [Segment(at(5), at(6), True), Segment(at(6), None, False)]

    assert due_after(DAYS, segments, Decimal(1), TimeUnit.WD) is None
    assert not is_overdue(at(5), None, at(9), standing=True)
    assert is_overdue(at(5), None, at(9))
    assert is_overdue(at(5), at(6), at(9))
    assert not is_overdue(at(7), at(6), at(9))


def test_receipt_after_the_closing_time_counts_from_the_next_working_day():
    afternoon = WorkCalendar(DAYS.exceptions, cut_off=time(15, 0))

    early = due_after(afternoon, [Segment(at(5, hour=14), None, True)], Decimal(1), TimeUnit.WD)
    late = due_after(afternoon, [Segment(at(5, hour=16), None, True)], Decimal(1), TimeUnit.WD)

    assert (early.date(), late.date()) == (date(2026, 1, 6), date(2026, 1, 7))


@pytest.mark.parametrize(
    "segments",
    [[], [Segment(at(5), None, False)], [Segment(at(5), at(6), True), Segment(at(7), None, True)]],
    ids=["none", "begins standing", "gap"],
)
def test_impossible_segments_are_refused(segments):
    with pytest.raises(ValueError, match=r"begins|touch"):
        due_after(DAYS, segments, Decimal(1), TimeUnit.WD)
