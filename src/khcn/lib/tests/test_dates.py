"""Dates as written in Vietnam, and periods."""

import re
from contextlib import suppress
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khcn.lib.dates import UnreadableDate, format_date, format_long, format_moment, parse_date_vi, weekday_name
from khcn.lib.number_words import spell_number

JULY = date(2025, 7, 1)
OCTOBER = date(2022, 10, 13)
days = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("01072025", JULY),
        ("1/7/2025", JULY),
        ("01/07/2025", JULY),
        ("1-7-2025", JULY),
        ("01-07-2025", JULY),
        ("1.7.2025", JULY),
        ("01.07.2025.", JULY),
        ("1 7 2025", JULY),
        ("1 / 7 / 2025", JULY),
        ("2025-07-01", JULY),
        ("2025/7/1", JULY),
        ("20250701", JULY),
        ("2025-07-01T08:00:00+07:00", JULY),
        ("2025-06-30T18:00:00Z", JULY),
        ("2025-07-01T23:59", JULY),
        ("ngày 01 tháng 7 năm 2025", JULY),
        ("ngày 1 tháng 07 năm 2025", JULY),
        ("Ngày 01 Tháng 7, Năm 2025", JULY),
        ("ngay 1 thang 7 nam 2025", JULY),
        ("1 tháng 7 năm 2025", JULY),
        ("ngày 1/7/2025", JULY),
        ("Ngày: 1/7/2025", JULY),
        ("Đồng Xoài, ngày 01 tháng 7 năm 2025", JULY),
        ("mùng 1 tháng 7 năm 2025", JULY),
        ("ngày mồng 1 tháng 7 năm 2025", JULY),
        ("Thứ Ba, ngày 1/7/2025", JULY),
        ("thứ 3, 1/7/2025", JULY),
        ("1-Jul-2025", JULY),
        ("1 July 2025", JULY),
        ("（1/7/2025）", JULY),
        ("１/７/２０２５", JULY),
        ("ngày 13 tháng 10 năm 2022", OCTOBER),
        ("13 tháng mười năm 2022", OCTOBER),
        ("ngày mười ba tháng mười năm hai nghìn không trăm hai mươi hai", OCTOBER),
        ("29/02/2024", date(2024, 2, 29)),
    ],
)
def test_parse_date_usual_spellings(text, day):
    assert parse_date_vi(text) == day


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Chưa có ngày."),
        ("hôm qua", "Không đọc được ngày “hôm qua”."),
        ("30/02/2025", "Tháng 2 năm 2025 có 28 ngày; không có ngày 30/02/2025."),
        ("29/02/2023", "Tháng 2 năm 2023 có 28 ngày"),
        ("31/4/2025", "Tháng 4 năm 2025 có 30 ngày"),
        ("00/01/2025", "không có ngày 00/01/2025"),
        ("10/13/2022", "Có phải 13/10/2022?"),
        ("1/32/2025", "không có tháng này"),
        ("31022025", "Tháng 2 năm 2025 có 28 ngày"),
        ("1/7/25", "hai chữ số"),
        ("1/7/0025", "nằm ngoài khoảng 1900–2100"),
        ("13/10", "Không đọc được ngày"),
        ("thứ Sáu, ngày 13/10/2022", "13/10/2022 là thứ Năm, không phải thứ Sáu"),
        ("2022-10-13T25:00", "không phải là một thời điểm có thật"),
        ("ngày 31 tháng 6 năm 2024", "Tháng 6 năm 2024 có 30 ngày"),
        ("45000", "Không đọc được ngày"),
    ],
)
def test_parse_date_refusals_are_sentences(text, sentence):
    with pytest.raises(UnreadableDate) as refusal:
        parse_date_vi(text)

    assert sentence in refusal.value.message


@given(days)
def test_parse_date_reads_what_is_printed(day):
    assert parse_date_vi(format_date(day)) == day
    assert parse_date_vi(format_long(day)) == day
    assert parse_date_vi(day.isoformat()) == day
    assert parse_date_vi(f"{day:%d%m%Y}") == day
    assert parse_date_vi(f"{day:%Y%m%d}") == day
    assert parse_date_vi(f"{weekday_name(day)}, ngày {format_date(day)}") == day
    words = f"ngày {spell_number(day.day)} tháng {spell_number(day.month)} năm {spell_number(day.year)}"
    assert parse_date_vi(words) == day


@given(st.text(max_size=30))
def test_parse_date_any_text_gives_date_or_refusal(text):
    with suppress(UnreadableDate):
        assert 1900 <= parse_date_vi(text).year <= 2100


def test_format_long_zeros_as_in_official_documents():
    assert format_long(OCTOBER) == "ngày 13 tháng 10 năm 2022"
    assert format_long(date(2025, 2, 5)) == "ngày 05 tháng 02 năm 2025"
    assert format_long(date(2025, 3, 5)) == "ngày 05 tháng 3 năm 2025"


def test_format_moment_is_on_vietnams_clock():
    assert format_moment(datetime(2025, 6, 30, 17, 5, tzinfo=UTC)) == "00:05 01/07/2025"
    with pytest.raises(ValueError, match="time zone"):
        format_moment(datetime(2025, 6, 30, 17, 5))  # noqa: DTZ001 - the refusal of a naive moment is the subject


def test_dates_of_the_law_texts_are_read(law_texts):
    written = set(re.findall(r"ngày \d+ tháng \d+ năm \d{4}", " ".join(law_texts)))

    assert len(written) >= 15
    for text in written:
        assert format_long(parse_date_vi(text)).replace("0", "") == text.replace("0", "")
