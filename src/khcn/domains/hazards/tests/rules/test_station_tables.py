"""Tables of observations as offices and machines write them: every spelling of a time, every fault with its row."""

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khcn.domains.hazards.rules.station_tables import (
    AUTOMATIC_COLUMNS,
    LONG,
    Mapping,
    automatic_rows,
    fingerprint,
    is_automatic,
    read_mapping,
    read_number,
    read_values,
    suggest_mapping,
)
from khcn.lib.moments import read_moment

ZONE = timezone(timedelta(hours=7))
AT = datetime(2017, 10, 3, 7, 30, tzinfo=UTC)
SERIES = {"BGM.rain_mm": ["rain_mm", "Lượng mưa"], "BGM.water_level_m": ["water_level_m", "Mực nước"]}
AUTOMATIC = "PM25\t12.5\tug/m3\t20171003143000\t00\nPM10\t40\tug/m3\t20171003143000\t02\n"


@pytest.mark.parametrize(
    "text",
    [
        "03/10/2017 14:30", "3/10/2017 14h30", "3-10-2017 14.30", "14:30 03/10/2017", "14h30, 3/10/2017",
        "2017-10-03 14:30", "2017-10-03T14:30:00+07:00", "2017-10-03T07:30:00Z", "20171003143000", "201710031430",
        datetime(2017, 10, 3, 14, 30),  # noqa: DTZ001 - as a spreadsheet gives it
    ],
)  # fmt: skip
def test_every_spelling_of_a_time_is_the_same_moment(text) -> None:
    assert read_moment(text, ZONE) == AT


@pytest.mark.parametrize("text", ["", None, "hôm qua", "31/02/2017 10:00", "03/10/2017 25:00", "99999999999999", 7])
def test_what_is_no_time_is_none(text) -> None:
    assert read_moment(text, ZONE) is None


def test_twenty_four_hours_is_the_midnight_after() -> None:
    assert read_moment("03/10/2017 24:00", ZONE) == read_moment("04/10/2017 00:00", ZONE)


@given(st.datetimes(timezones=st.just(ZONE)).filter(lambda at: at.year > 1000))
def test_times_written_day_first_are_read_back(at) -> None:
    at = at.replace(second=0, microsecond=0)

    assert read_moment(f"{at:%d/%m/%Y %H:%M}", ZONE) == at


@pytest.mark.parametrize(
    ("cell", "number"),
    [("12,5", 12.5), ("12.5", 12.5), (" 1 200 ", 1200), (7, 7), ("-9999", None), ("///", None), (True, None),
     ("x", None), ("nan", None)],
)  # fmt: skip
def test_numbers_are_read_as_offices_write_them(cell, number) -> None:
    assert read_number(cell) == number


def test_wide_table_is_recognised_and_read() -> None:
    columns = ["Thời gian", "Lượng mưa (mm)", "Mực nước", "Ghi chú"]
    mapping = suggest_mapping(columns, SERIES)
    rows = [(2, ["03/10/2017 14:30", "12,5", 3.2, "x"]), (3, ["03/10/2017 14:40", None, "///", None])]

    values, faults = read_values(columns, rows, mapping, {})

    assert mapping.series == {"Lượng mưa (mm)": "BGM.rain_mm", "Mực nước": "BGM.water_level_m"}
    assert [(one.row, one.series, one.value) for one in values] == [
        (2, "BGM.rain_mm", 12.5), (2, "BGM.water_level_m", 3.2), (3, "BGM.water_level_m", None)
    ]  # fmt: skip
    assert values[0].at == AT
    assert not faults


def test_date_and_hour_in_two_columns_are_joined() -> None:
    columns = ["Ngày", "Giờ", "rain_mm"]
    mapping = suggest_mapping(columns, SERIES)
    rows = [(2, [date(2017, 10, 3), "14h30", 1]), (3, ["03/10/2017", 14.5, 2]), (4, ["03/10/2017", time(14, 30), 1])]

    values, faults = read_values(columns, rows, mapping, {})

    assert [one.at for one in values] == [AT]
    assert faults == [(3, "rain_mm", "Trùng thời điểm với dòng 2 nhưng khác trị số.")]


def test_long_table_names_station_and_property() -> None:
    columns = ["Trạm", "Yếu tố", "Thời điểm", "Trị số"]
    mapping = suggest_mapping(columns, SERIES)
    rows = [(2, ["BGM", "Lượng mưa", "03/10/2017 14:30", 110]), (3, ["XYZ", "Gió", "03/10/2017 14:30", 1])]

    values, faults = read_values(columns, rows, mapping, {"bgm.luong mua": "BGM.rain_mm"})

    assert mapping.shape == LONG
    assert [(one.series, one.value) for one in values] == [("BGM.rain_mm", 110)]
    assert faults == [(3, "Yếu tố", "Không có chuỗi quan trắc nào tên “XYZ Gió”.")]


def test_faults_name_row_and_column_and_hold_nothing_back() -> None:
    columns = ["time", "rain_mm"]
    mapping = Mapping(columns={"time": "time"}, series={"rain_mm": "BGM.rain_mm"})
    rows = [(2, ["hôm qua", 1]), (3, ["03/10/2017 14:30", "nhiều"]), (4, ["03/10/2017 14:40", 1])]

    values, faults = read_values(columns, rows, mapping, {})

    assert len(values) == 1
    assert [(row, column) for row, column, _text in faults] == [(2, "time"), (3, "rain_mm")]
    assert "14:30 03/10/2017" in faults[0][2]


def test_table_without_a_time_is_one_fault() -> None:
    assert read_values(["rain_mm"], [(2, [1])], Mapping(series={"rain_mm": "x"}), {})[1][0][0] == 0


def test_file_of_an_automatic_station_is_known_by_its_lines() -> None:
    assert is_automatic(AUTOMATIC)
    assert not is_automatic("Thời gian;Lượng mưa\n03/10/2017 14:30;1\n")
    assert automatic_rows(AUTOMATIC)[0] == ["PM25", "12.5", "ug/m3", "20171003143000", "00"]


def test_automatic_file_counts_only_what_was_measured() -> None:
    series = {"kk-01.pm25": ["pm25"], "kk-01.pm10": ["pm10"]}
    mapping = Mapping(
        LONG, {"time": "Thời gian", "property": "Thông số", "value": "Giá trị", "state": "Trạng thái"},
        suggest_mapping(AUTOMATIC_COLUMNS, series, station="kk-01").series,
    )  # fmt: skip
    rows = [(number, cells) for number, cells in enumerate(automatic_rows(AUTOMATIC), start=1)]

    values, faults = read_values(AUTOMATIC_COLUMNS, rows, mapping, {})

    assert not faults
    assert [(one.series, one.value) for one in values] == [("kk-01.pm25", 12.5), ("kk-01.pm10", None)]
    assert values[0].at == AT


def test_mapping_is_kept_and_known_again_by_the_columns() -> None:
    mapping = Mapping(LONG, {"time": "t"}, {"a": "b"}, 0.0)

    assert read_mapping(mapping.as_json()) == mapping
    assert fingerprint(["Thời gian", "Mưa"]) == fingerprint(["thoi gian", "MƯA"]) != fingerprint(["Mưa"])
