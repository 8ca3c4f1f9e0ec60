"""Columns found by their titles, cells parsed as officials write them, every fault named by row and column."""

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from khcn.lib.money import format_vnd
from khcn.web.spreadsheets.parsers import (
    CellRefused,
    ChoiceParser,
    CodeParser,
    DateParser,
    DecimalParser,
    DongParser,
    IntegerParser,
    TextParser,
    YearParser,
    money_unit_in,
)
from khcn.web.spreadsheets.reading import read_table
from khcn.web.spreadsheets.table import Table, TableRow
from khcn.web.spreadsheets.templates import error_list_xlsx, error_workbook, template_xlsx
from khcn.web.spreadsheets.validation import ColumnSpec, suggest_mapping, validate
from khcn.web.spreadsheets.writing import CellKind, Column, Sheet, write_xlsx

FIELDS = ChoiceParser((("agriculture", "Nông nghiệp"), ("it", "Công nghệ thông tin"), ("env", "Môi trường, thiên tai")))
SPECS = (
    ColumnSpec("code", "Mã nhiệm vụ", CodeParser(), aliases=("Mã số", "Ký hiệu"), required=True, unique=True),
    ColumnSpec("title", "Tên nhiệm vụ", TextParser(max_length=200), aliases=("Nội dung nhiệm vụ",), required=True),
    ColumnSpec("field", "Lĩnh vực", FIELDS),
    ColumnSpec("budget_vnd", "Kinh phí", DongParser(), aliases=("Tổng kinh phí", "Dự toán")),
    ColumnSpec("starts_on", "Ngày bắt đầu", DateParser()),
    ColumnSpec("ends_on", "Ngày kết thúc", DateParser()),
    ColumnSpec("year", "Năm", YearParser()),
)
HEADERS = tuple(spec.title_vi for spec in SPECS)


def table_of(*rows: tuple, headers: tuple[str, ...] = HEADERS, preamble: tuple[str, ...] = ()) -> Table:
    return Table(
        headers=headers,
        letters=tuple("ABCDEFGHIJ"[: len(headers)]),
        rows=tuple(
            TableRow(number, row + (None,) * (len(headers) - len(row))) for number, row in enumerate(rows, start=5)
        ),
        header_rows=(4, 4),
        preamble=tuple(TableRow(number, (text,)) for number, text in enumerate(preamble, start=1)),
    )


def checked(*rows: tuple, **options):
    table = table_of(*rows, **options)
    return validate(table, SPECS, suggest_mapping(table.headers, SPECS))


# Cells


@pytest.mark.parametrize(
    ("value", "amount"),
    [
        ("45 tỷ", 45_000_000_000),
        ("45.000.000.000", 45_000_000_000),
        ("45.000.000.000 đồng", 45_000_000_000),
        ("12,5 triệu", 12_500_000),
        ("2 ty 300 trieu", 2_300_000_000),
        (45_000_000_000.0, 45_000_000_000),
        (0, 0),
    ],
)
def test_dong_parser_with_official_spellings_gives_whole_dong(value, amount: int):
    assert DongParser().parse(value) == amount


@pytest.mark.parametrize("value", ["-5", -5, "(5.000)", "45,000", 1.5, True, "abc", "12 con", 10**19, date(2025, 1, 1)])
def test_dong_parser_with_negative_ambiguous_or_foreign_values_refuses(value):
    with pytest.raises(CellRefused) as raised:
        DongParser().parse(value)

    assert raised.value.message.rstrip().endswith((".", "?"))


@pytest.mark.parametrize(
    ("value", "amount"),
    [("12,5", 12_500_000), (0.1, 100_000), (1200.5, 1_200_500_000), ("1.200", 1_200_000_000), ("3 tỷ", 3_000_000_000)],
)
def test_dong_parser_with_column_in_millions_counts_bare_numbers_in_millions(value, amount: int):
    assert DongParser(unit="triệu").parse(value) == amount


@given(st.integers(min_value=0, max_value=10**15))
def test_dong_parser_reads_back_what_is_printed(amount: int):
    assert DongParser().parse(format_vnd(amount)) == amount


@pytest.mark.parametrize(
    "value",
    [
        "01/07/2025",
        "1/7/2025",
        "01072025",
        1072025,
        1072025.0,
        45839,
        date(2025, 7, 1),
        "2025-07-01",
        "ngày 01 tháng 7 năm 2025",
    ],
)
def test_date_parser_with_every_habit_gives_the_same_day(value):
    assert DateParser().parse(value) == date(2025, 7, 1)


@pytest.mark.parametrize(
    "value", ["30/02/2025", "31/04/2025", "2025", 2025, "13/13/2025", "mai", 12.5, "01/07/25", "01/01/1900"]
)
def test_date_parser_with_impossible_or_unclear_days_refuses(value):
    with pytest.raises(CellRefused):
        DateParser().parse(value)


@pytest.mark.parametrize(("value", "code"), [(" kh-01 ", "KH-01"), (101.0, "101"), ("đt.2025/03", "ĐT.2025/03")])
def test_code_parser_makes_capitals(value, code: str):
    assert CodeParser().parse(value) == code


@pytest.mark.parametrize("value", ["KH 01", "<b>", "=1", "x" * 60])
def test_code_parser_with_other_characters_refuses(value):
    with pytest.raises(CellRefused):
        CodeParser().parse(value)


@pytest.mark.parametrize(("value", "number"), [("1.234", 1234), (12.0, 12), ("7", 7)])
def test_integer_parser_reads_vietnamese_grouping(value, number: int):
    assert IntegerParser().parse(value) == number


@pytest.mark.parametrize("value", ["1,5", 1.5, -1, "x", "", True, 10**13])
def test_integer_parser_with_others_refuses(value):
    with pytest.raises(CellRefused):
        IntegerParser().parse(value)


def test_decimal_parser_reads_comma_as_decimals():
    assert DecimalParser().parse("1.234,5") == Decimal("1234.5")
    assert DecimalParser().parse(0.1) == Decimal("0.1")


def test_choice_parser_ignores_case_and_diacritics():
    assert FIELDS.parse("CONG NGHE THONG TIN") == "it"
    with pytest.raises(CellRefused, match="Nông nghiệp; Công nghệ"):
        FIELDS.parse("Y tế")


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("Kinh phí (triệu đồng)", "triệu"),
        ("ĐVT: tỷ đồng", "tỷ"),
        ("Đơn vị tính: 1.000 đồng", "nghìn"),
        ("ĐVT: đồng", "đồng"),
        ("Dự toán (1.000.000đ)", "triệu"),
        ("Kinh phí (đồng)", "đồng"),
        ("Diện tích (ha)", None),
        ("Tỷ lệ", None),
        ("Tỷ lệ đồng thuận", None),
        ("Hội đồng", None),
        ("Hợp đồng số", None),
        ("Cộng đồng", None),
        ("Số tiền (nghìn đồng)", "nghìn"),
        ("Giá trị 1000đ", "nghìn"),
    ],
)
def test_money_unit_in_reads_only_units_of_money(text: str, unit: str | None):
    assert money_unit_in(text) == unit


# Columns


def test_suggest_mapping_with_own_titles_maps_all():
    assert suggest_mapping(HEADERS, SPECS) == {spec.key: index for index, spec in enumerate(SPECS)}


def test_suggest_mapping_with_field_spellings_finds_them():
    headers = (
        "TT",
        "MÃ SỐ",
        "Noi dung nhiem vu",
        "Tổng kinh phí (triệu đồng)",
        "ngày bắt  đầu",
        "Ngày kết thúc",
        "Ghi chú",
    )

    mapping = suggest_mapping(headers, SPECS)

    assert mapping == {"code": 1, "title": 2, "budget_vnd": 3, "starts_on": 4, "ends_on": 5}


def test_suggest_mapping_never_gives_one_header_twice():
    mapping = suggest_mapping(("Ngày kết thúc", "Tên"), SPECS)

    assert mapping == {"ends_on": 0}


# Rows


def test_validate_with_good_rows_gives_typed_values():
    report = checked(("NV-01", "Giống điều mới", "nong nghiep", "45 tỷ", "01072025", 46022, 2025))

    assert report.is_clean
    assert dict(report.rows[0].values) == {
        "code": "NV-01",
        "title": "Giống điều mới",
        "field": "agriculture",
        "budget_vnd": 45_000_000_000,
        "starts_on": date(2025, 7, 1),
        "ends_on": date(2025, 12, 31),
        "year": 2025,
    }
    assert report.rows[0].number == 5


def test_validate_with_faults_names_row_column_and_value():
    report = checked(("NV-01", None, "Y tế", -5, "30/02/2025"), ("NV-02", "Tốt", "#REF!"))

    assert [(error.row, error.column, error.value) for error in report.errors] == [
        (5, "B", ""),
        (5, "C", "Y tế"),
        (5, "D", "-5"),
        (5, "E", "30/02/2025"),
        (6, "C", "#REF!"),
    ]
    assert report.rows == ()
    assert all(error.message_vi.endswith((".", "?")) for error in report.errors)


def test_validate_with_duplicate_codes_reports_both_rows():
    report = checked(("NV-01", "Một"), ("NV-02", "Hai"), ("nv-01", "Ba"))

    assert [(error.row, error.column) for error in report.errors] == [(5, "A"), (7, "A")]
    assert "dòng 7" in report.errors[0].message_vi
    assert "dòng 5" in report.errors[1].message_vi


def test_validate_with_totals_groups_and_blank_rows_sets_them_aside():
    headers = ("TT", *HEADERS)
    report = checked(
        ("I", None, "Lĩnh vực nông nghiệp"),
        (1, "NV-01", "Giống điều"),
        (None, None, None),
        ("II", None, "Lĩnh vực thông tin"),
        (1, "NV-02", "Phần mềm"),
        ("Tổng cộng", None, None, None, 5),
        headers=headers,
    )

    assert report.is_clean
    assert [(row.number, row.group) for row in report.rows] == [(6, "Lĩnh vực nông nghiệp"), (9, "Lĩnh vực thông tin")]
    assert [warning.code for warning in report.warnings] == ["total_rows"]


def test_validate_with_unit_in_heading_or_note_scales_and_says_so():
    headers = ("Mã nhiệm vụ", "Tên nhiệm vụ", "Kinh phí (triệu đồng)")
    by_heading = checked(("A", "x", 1200.5), headers=headers)
    by_note = checked(
        ("A", "x", "1.200,5"), headers=("Mã nhiệm vụ", "Tên nhiệm vụ", "Kinh phí"), preamble=("ĐVT: triệu đồng",)
    )

    assert by_heading.rows[0].values["budget_vnd"] == by_note.rows[0].values["budget_vnd"] == 1_200_500_000
    assert "triệu đồng" in by_heading.warnings[0].message_vi


def test_validate_with_missing_required_column_stops_with_its_name():
    report = checked(("x", "y"), headers=("Tên nhiệm vụ", "Ghi chú"))

    assert [error.message_vi for error in report.errors] == ["Thiếu cột bắt buộc “Mã nhiệm vụ”."]
    assert report.rows == ()


def test_validate_with_no_rows_left_says_so():
    assert not checked((None, None)).is_clean


# Workbooks around an import


def test_template_xlsx_read_back_and_filled_maps_and_validates_by_itself():
    many = ColumnSpec("unit", "Đơn vị", ChoiceParser(tuple((str(n), f"Xã, phường số {n}") for n in range(60))))
    specs = (*SPECS, many)
    book = openpyxl.load_workbook(io.BytesIO(template_xlsx(specs, title="DANH MỤC NHIỆM VỤ")))
    sheet = book.worksheets[0]
    for index, value in enumerate(
        ("NV-01", "Giống điều", "Nông nghiệp", 5, date(2025, 1, 2), None, 2025, "Xã, phường số 7"), 1
    ):
        sheet.cell(4, index, value)
    buffer = io.BytesIO()
    book.save(buffer)

    table = read_table(buffer.getvalue(), "mau.xlsx", expected_titles=[spec.title_vi for spec in specs])
    report = validate(table, specs, suggest_mapping(table.headers, specs))

    assert report.is_clean
    assert report.rows[0].values["unit"] == "7"
    assert {rule.type for rule in sheet.data_validations.dataValidation} == {"list", "whole"}
    assert book["Danh mục"].sheet_state == "hidden"
    assert book["Hướng dẫn"]["A4"].value == "Mã nhiệm vụ"


def test_error_workbook_puts_a_red_column_beside_each_faulty_row():
    rows = [("NV-01", "Tốt", 5), ("NV-01", "=1+1", -7)]
    columns = (Column("Mã nhiệm vụ"), Column("Tên nhiệm vụ"), Column("Kinh phí", CellKind.DONG))
    table = read_table(write_xlsx([Sheet("Danh mục", columns, rows, title="DANH MỤC")]), "x.xlsx")
    report = validate(table, SPECS, suggest_mapping(table.headers, SPECS))

    sheet = openpyxl.load_workbook(io.BytesIO(error_workbook(table, report))).active

    assert sheet["A1"].value == "DANH MỤC"
    assert sheet["D3"].value == "Lỗi"
    assert sheet["D4"].value == "Cột A (Mã nhiệm vụ): Mã nhiệm vụ “NV-01” bị trùng với dòng 5."
    assert "âm" in sheet["D5"].value
    assert sheet["D5"].font.color.rgb == "FFC00000"
    assert sheet["C5"].fill.fgColor.rgb == "FFFFC7CE"
    assert sheet["C4"].fill.fgColor.rgb != "FFFFC7CE"
    assert (sheet["B5"].value, sheet["B5"].data_type) == ("=1+1", "s")


def test_error_workbook_mended_by_the_user_imports_cleanly():
    columns = (Column("Mã nhiệm vụ"), Column("Tên nhiệm vụ"), Column("Kinh phí", CellKind.DONG))
    table = read_table(write_xlsx([Sheet("S", columns, [("NV-01", "Tốt", -5)])]), "x.xlsx")
    report = validate(table, SPECS, suggest_mapping(table.headers, SPECS))
    book = openpyxl.load_workbook(io.BytesIO(error_workbook(table, report)))
    book.active["C2"] = 5
    buffer = io.BytesIO()
    book.save(buffer)

    again = read_table(buffer.getvalue(), "x.xlsx")

    assert validate(again, SPECS, suggest_mapping(again.headers, SPECS)).is_clean


def test_error_list_xlsx_lists_each_error():
    report = checked(("NV-01", None))

    sheet = openpyxl.load_workbook(io.BytesIO(error_list_xlsx(report))).active

    assert [cell.value for cell in sheet[2]] == [5, "B", None, "Thiếu “Tên nhiệm vụ”."]
