"""Working days and hours, deadlines and their explanation."""

import hashlib
import tomllib
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khcn.lib.calendar import (
    OFFICE_SHIFTS,
    OFFICE_WEEK,
    CalendarExhausted,
    DayException,
    ExceptionKind,
    Shift,
    TimeUnit,
    WorkCalendar,
)
from khcn.lib.dates import VIETNAM
from khcn.lib.holidays_vn import last_confirmed_day, merge_exceptions, read_exceptions, seed_exceptions

REFERENCE = Path(__file__).resolve().parents[4] / "data" / "reference" / "calendar" / "exceptions.csv"
YEARS = range(2021, 2027)
OFFICIAL = read_exceptions(REFERENCE.read_text(encoding="utf-8"))
CALENDAR = WorkCalendar(merge_exceptions(seed_exceptions(YEARS), OFFICIAL), confirmed_through=last_confirmed_day(YEARS))

days = st.dates(date(2021, 1, 1), date(2026, 6, 30))
moments = st.datetimes(datetime(2021, 1, 1), datetime(2026, 6, 30), timezones=st.just(VIETNAM))  # noqa: DTZ001
few = st.integers(0, 60)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


# Dates published by the Government for officials, with the dispatch or notice that set them.
@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2021-05-03", False),  # bù 01/05, thứ Bảy
        ("2022-01-03", False),  # bù Tết Dương lịch
        ("2022-04-11", False),  # bù Giỗ Tổ, Chủ nhật
        ("2022-05-02", False),
        ("2022-05-03", False),
        ("2023-05-03", False),
        ("2023-09-04", False),
        ("2024-04-29", False),  # hoán đổi với 04/05/2024
        ("2024-05-04", True),
        ("2025-05-02", False),  # hoán đổi với 26/04/2025
        ("2025-04-26", True),
        ("2026-01-02", False),  # CV 12729/VPCP-KGVX
        ("2026-01-10", True),
        ("2026-08-31", False),  # hoán đổi với 22/08/2026
        ("2026-08-22", True),
        ("2025-09-02", False),
        ("2025-09-03", True),
        ("2025-09-06", False),
        ("2026-02-16", False),
        ("2026-02-23", True),
    ],
)
def test_calendar_official_dates_are_known(day, worked):
    assert CALENDAR.is_working_day(date.fromisoformat(day)) is worked


def test_calendar_seed_alone_misses_the_2026_swap():
    seeded = WorkCalendar(seed_exceptions([2026]))

    assert seeded.is_working_day(date(2026, 1, 2))
    assert not seeded.is_working_day(date(2026, 1, 10))


def test_calendar_local_row_overrides_swap():
    storm = DayException(date(2026, 1, 10), ExceptionKind.LOCAL, "Nghỉ phòng, chống bão", "Công điện 01/CĐ-UBND")

    assert not CALENDAR.with_exceptions([storm]).is_working_day(date(2026, 1, 10))
    assert "bão" in CALENDAR.with_exceptions([storm]).reason_off(date(2026, 1, 10))


@given(days, st.integers(-60, 60))
def test_working_days_between_inverts_add(day, count):
    assert CALENDAR.working_days_between(day, CALENDAR.add_working_days(day, count)) == count


@given(days, days, few)
def test_add_working_days_is_monotone(left, right, count):
    early, late = sorted((left, right))

    assert CALENDAR.add_working_days(early, count) <= CALENDAR.add_working_days(late, count)
    assert CALENDAR.add_working_days(early, count) <= CALENDAR.add_working_days(early, count + 1)


@given(days, st.integers(1, 30))
def test_add_working_days_ends_on_a_working_day(day, count):
    assert CALENDAR.is_working_day(CALENDAR.add_working_days(day, count))
    assert CALENDAR.is_working_day(CALENDAR.add_working_days(day, -count))


@given(moments, st.integers(0, 200), st.integers(0, 59))
def test_work_between_inverts_add_work(moment, hours, minutes):
    amount = hours + Decimal(minutes) / 60
    expected = timedelta(microseconds=round(amount * 3_600_000_000))

    assert CALENDAR.work_between(moment, CALENDAR.add_work(moment, amount, TimeUnit.WH)) == expected


@given(moments, moments, few)
def test_add_work_is_monotone(left, right, count):
    early, late = sorted((left, right))

    for unit in TimeUnit:
        assert CALENDAR.add_work(early, count, unit) <= CALENDAR.add_work(late, count, unit)


@given(moments, moments, moments)
def test_work_between_adds_up(first, second, third):
    a, b, c = sorted((first, second, third))

    assert CALENDAR.work_between(a, b) + CALENDAR.work_between(b, c) == CALENDAR.work_between(a, c)
    assert CALENDAR.work_between(c, a) == -CALENDAR.work_between(a, c)


def test_add_work_hours_cross_lunch_night_and_weekend():
    friday = at("2025-07-04T16:30")

    assert CALENDAR.add_work(friday, 1, TimeUnit.WH) == at("2025-07-04T17:30")
    assert CALENDAR.add_work(friday, 2, TimeUnit.WH) == at("2025-07-07T08:30")
    assert CALENDAR.add_work(friday, 8, TimeUnit.WH) == at("2025-07-07T16:30")
    assert CALENDAR.add_work(at("2025-07-04T11:00"), 1, TimeUnit.WH) == at("2025-07-04T14:00")


def test_add_work_utc_moment_is_read_on_vietnams_clock():
    assert CALENDAR.add_work(datetime(2025, 7, 4, 9, 30, tzinfo=UTC), 2, TimeUnit.WH) == at("2025-07-07T08:30")


def test_add_work_days_end_at_close_of_day():
    assert CALENDAR.add_work(at("2025-07-04T16:30"), 3, TimeUnit.WD) == at("2025-07-09T17:30")


def test_add_work_after_cut_off_counts_from_next_working_day():
    strict = WorkCalendar(CALENDAR.exceptions, cut_off=time(15))

    assert strict.add_work(at("2025-07-04T14:59"), 1, TimeUnit.WD) == at("2025-07-07T17:30")
    assert strict.add_work(at("2025-07-04T15:01"), 1, TimeUnit.WD) == at("2025-07-08T17:30")
    assert strict.add_work(at("2025-07-04T15:01"), 1, TimeUnit.WH) == at("2025-07-07T08:30")
    assert strict.explain_moment(at("2025-07-04T15:01")) == (
        "Nhận lúc 15:01 04/07/2025 (sau 15:00), tính từ 07:30 07/07/2025."
    )
    assert strict.explain_moment(at("2025-07-04T10:00")) == ""
    assert "ngày nghỉ hằng tuần" in strict.explain_moment(at("2025-07-05T10:00"))


def test_due_on_calendar_days_and_months_roll_to_a_working_day():
    # Bộ luật Dân sự 2015, Điều 148 khoản 5: the last day off moves to the next working day.
    assert CALENDAR.due_on(date(2025, 8, 3), 30, TimeUnit.CD) == date(2025, 9, 3)
    assert CALENDAR.due_on(date(2025, 1, 31), 1, TimeUnit.MONTH) == date(2025, 2, 28)
    assert CALENDAR.due_on(date(2026, 1, 15), 1, TimeUnit.MONTH) == date(2026, 2, 23)
    assert CALENDAR.due_on(date(2025, 9, 10), -8, TimeUnit.CD) == date(2025, 9, 2)
    with pytest.raises(ValueError, match="add_work"):
        CALENDAR.due_on(date(2025, 1, 1), 1, TimeUnit.WH)


def test_add_work_months_from_weekend_receipt():
    assert CALENDAR.add_work(at("2025-07-05T09:00"), 1, TimeUnit.MONTH) == at("2025-08-07T17:30")


def test_explain_names_each_skipped_and_made_up_day():
    explanation = CALENDAR.explain(date(2025, 12, 31), 6)

    assert explanation.end == date(2026, 1, 10)
    assert [day.on.day for day in explanation.skipped] == [1, 2, 3, 4]
    assert [day.on for day in explanation.made_up] == [date(2026, 1, 10)]
    assert explanation.text == (
        "6 ngày làm việc sau ngày 31/12/2025 là thứ Bảy, 10/01/2026. Không tính: "
        "01/01/2026 (nghỉ lễ: Tết Dương lịch (Bộ luật Lao động 2019, Điều 112)); "
        "02/01/2026 (nghỉ hoán đổi: Nghỉ hoán đổi dịp Tết Dương lịch 2026 (làm bù thứ Bảy 10/01/2026) "
        "(Công văn 12729/VPCP-KGVX ngày 25/12/2025 của Văn phòng Chính phủ)); "
        "03/01/2026 (thứ Bảy, ngày nghỉ hằng tuần); 04/01/2026 (Chủ nhật, ngày nghỉ hằng tuần). Có tính: "
        "10/01/2026 (làm bù: Làm bù cho ngày nghỉ 02/01/2026 "
        "(Công văn 12729/VPCP-KGVX ngày 25/12/2025 của Văn phòng Chính phủ))."
    )


def test_explain_calendar_days_names_days_rolled_over():
    explanation = CALENDAR.explain(date(2025, 8, 3), 30, TimeUnit.CD)

    assert explanation.end == date(2025, 9, 3)
    assert [day.on for day in explanation.skipped] == [date(2025, 9, 2)]
    assert "Ngày cuối lùi qua: 02/09/2025 (nghỉ lễ: Quốc khánh" in explanation.text


def test_explain_backwards_and_unconfirmed_year():
    assert CALENDAR.explain(date(2025, 9, 4), -2).end == date(2025, 8, 29)
    assert "trước ngày 04/09/2025" in CALENDAR.explain(date(2025, 9, 4), -2).text
    assert "chưa được xác nhận" in CALENDAR.explain(date(2026, 12, 30), 5).text


@given(days, st.integers(-30, 30))
def test_explain_accounts_for_every_day(day, count):
    explanation = CALENDAR.explain(day, count)

    assert abs((explanation.end - day).days) == abs(count) + len(explanation.skipped)


def test_week_with_saturday_morning_is_counted():
    week = (*OFFICE_WEEK[:5], OFFICE_SHIFTS[:1], ())
    calendar = WorkCalendar(week=week)

    assert calendar.add_working_days(date(2025, 7, 4), 1) == date(2025, 7, 5)
    assert calendar.add_work(at("2025-07-04T17:00"), 5, TimeUnit.WH) == at("2025-07-07T08:00")


def test_calendar_impossible_shapes_are_refused():
    with pytest.raises(ValueError, match="seven days"):
        WorkCalendar(week=OFFICE_WEEK[:6])
    with pytest.raises(ValueError, match="ends before"):
        Shift(time(12), time(11))
    with pytest.raises(ValueError, match="overlap"):
        WorkCalendar(make_up_shifts=OFFICE_SHIFTS[::-1])
    with pytest.raises(CalendarExhausted):
        WorkCalendar(week=((),) * 7).next_working_day(date(2025, 1, 1))
    with pytest.raises(CalendarExhausted):
        WorkCalendar(week=((),) * 7).add_work(at("2025-01-01T08:00"), 1, TimeUnit.WH)
    with pytest.raises(ValueError, match="not negative"):
        CALENDAR.add_work(at("2025-01-01T08:00"), -1, TimeUnit.WH)
    with pytest.raises(ValueError, match="whole"):
        CALENDAR.add_work(at("2025-01-01T08:00"), Decimal("1.5"), TimeUnit.WD)


def test_seed_rows_name_both_sides_of_a_swap():
    rows = {row.on: row for row in seed_exceptions([2025])}

    assert rows[date(2025, 5, 2)].kind is ExceptionKind.SWAP_OFF
    assert rows[date(2025, 4, 26)].kind is ExceptionKind.SWAP_ON
    assert rows[date(2025, 9, 2)].name == "Quốc khánh"
    assert all(before.on <= after.on for before, after in pairwise(seed_exceptions(YEARS)))


def test_reference_rows_need_columns_kind_and_basis():
    with pytest.raises(ValueError, match="columns"):
        read_exceptions("day,kind\n")
    with pytest.raises(ValueError, match="basis"):
        read_exceptions("on,kind,name,basis\n2026-01-02,swap_off,Nghỉ,\n")
    with pytest.raises(ValueError, match="lunch"):
        read_exceptions("on,kind,name,basis\n2026-01-02,lunch,Nghỉ,CV\n")


def test_reference_file_matches_its_source_note():
    note = tomllib.loads((REFERENCE.parent / "SOURCE.toml").read_text(encoding="utf-8"))

    (file,) = note["files"]
    assert hashlib.sha256(REFERENCE.read_bytes()).hexdigest() == file["sha256"]
