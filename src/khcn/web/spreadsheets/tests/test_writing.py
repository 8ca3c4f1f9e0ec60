"""What is written is read again by two other programs' libraries: openpyxl and calamine."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
import python_calamine

from khcn.web.spreadsheets.writing import CellKind, Column, Sheet, guard_formula, stream_csv, write_csv, write_xlsx

DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", '=HYPERLINK("http://x","y")', "=cmd|' /C calc'!A0"]

COLUMNS = (
    Column("Mã nhiệm vụ"),
    Column("Kinh phí", CellKind.DONG),
    Column("Ngày ký", CellKind.DATE),
    Column("Tỷ lệ", CellKind.PERCENT),
    Column("Số lượng", CellKind.INTEGER),
)
ROW = ("NV-01", 45_000_000_000, date(2025, 7, 1), 0.4, 3)


def by_openpyxl(content: bytes, sheet: int = 0):
    return openpyxl.load_workbook(io.BytesIO(content)).worksheets[sheet]


def by_calamine(content: bytes) -> list[list]:
    workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    return workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)


def test_write_xlsx_with_typed_values_reads_back_in_two_libraries():
    content = write_xlsx([Sheet("Danh mục", COLUMNS, [ROW])])

    cells = [cell.value for cell in by_openpyxl(content)[2]]
    assert cells == ["NV-01", 45_000_000_000, datetime(2025, 7, 1), 0.4, 3]  # noqa: DTZ001 – openpyxl gives naive times
    assert by_calamine(content)[1] == ["NV-01", 45_000_000_000.0, date(2025, 7, 1), 0.4, 3.0]


@pytest.mark.parametrize("text", DANGEROUS)
@pytest.mark.parametrize("kind", list(CellKind))
def test_write_xlsx_with_formula_like_text_stores_a_string(text: str, kind: CellKind):
    content = write_xlsx([Sheet("S", [Column("A", kind)], [[text]], title=text, provenance=[text])])

    sheet = by_openpyxl(content)
    strings = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None and cell.value != "A"]
    assert [cell.data_type for cell in strings] == ["s"] * 3
    assert strings[-1].quotePrefix
    assert by_calamine(content)[-1][0].replace("_x000D_", "\r") == text


def test_write_xlsx_with_title_and_provenance_puts_them_above_a_frozen_filtered_heading():
    content = write_xlsx([Sheet("S", COLUMNS, [ROW], title="DANH MỤC NHIỆM VỤ", provenance=["Số liệu đến 14/12/2025"])])

    sheet = by_openpyxl(content)
    assert sheet["A1"].value == "DANH MỤC NHIỆM VỤ"
    assert sheet["A2"].value == "Số liệu đến 14/12/2025"
    assert sheet["A4"].value == "Mã nhiệm vụ"
    assert sheet.freeze_panes == "A5"
    assert sheet.auto_filter.ref == "A4:E5"
    assert sheet["B5"].number_format == "#,##0"
    assert sheet["C5"].number_format == "dd/mm/yyyy"


def test_write_xlsx_with_word_in_a_number_column_keeps_the_word():
    content = write_xlsx(
        [Sheet("S", COLUMNS, [("NV-02", "chưa có", None, "chưa có", 0)], totals=("Cộng", 0, "", "", 0))]
    )

    assert [cell.value for cell in by_openpyxl(content)[2]] == ["NV-02", "chưa có", None, "chưa có", 0]
    assert by_openpyxl(content)["A3"].value == "Cộng"


def test_write_xlsx_with_equal_input_gives_equal_bytes():
    assert write_xlsx([Sheet("S", COLUMNS, [ROW])]) == write_xlsx([Sheet("S", COLUMNS, [ROW])])


def test_write_xlsx_short_list_and_streamed_rows_read_the_same():
    columns = [Column("Tên", width=10), Column("Số", CellKind.INTEGER), Column("Ngày", CellKind.DATE)]
    rows = [("Đề tài dài hơn một dòng " * (n % 3), n if n % 4 else "chưa có", date(2024, 1, 1 + n)) for n in range(20)]
    rows.append((None, None, None))

    short, streamed = (
        write_xlsx([Sheet("A", columns, given, title="Bảng"), Sheet("B", columns, given)])
        for given in (rows, _Streamed(rows))
    )

    for sheet in (0, 1):
        few, many = by_openpyxl(short, sheet), by_openpyxl(streamed, sheet)
        assert [[cell.value for cell in row] for row in few] == [[cell.value for cell in row] for row in many]
        assert [few.row_dimensions[n].height for n in range(1, 25)] == [
            many.row_dimensions[n].height for n in range(1, 25)
        ]


class _Streamed:
    """Rows that come one after another, as from a database."""

    def __init__(self, rows):
        self.rows = rows

    def __iter__(self):
        return iter(self.rows)


def test_write_xlsx_with_amount_beyond_fifteen_digits_writes_text_not_a_rounded_number():
    content = write_xlsx([Sheet("S", [Column("Kinh phí", CellKind.DONG)], [[1_234_567_890_123_456_789]])])

    assert by_openpyxl(content)["A2"].value == "1234567890123456789"


def test_write_xlsx_with_too_long_text_says_that_it_was_cut():
    content = write_xlsx([Sheet("S", [Column("Nội dung")], [["đ" * 40_000]])])

    value = by_openpyxl(content)["A2"].value
    assert len(value) == 32_767
    assert value.endswith("[…đã cắt bớt]")


def test_write_xlsx_with_awkward_sheet_names_makes_them_valid_and_unique():
    names = ["Báo cáo: năm/2025?", "Báo cáo  năm 2025 ", "x" * 40, "x" * 40, ""]

    content = write_xlsx([Sheet(name, COLUMNS, []) for name in names])

    written = openpyxl.load_workbook(io.BytesIO(content)).sheetnames
    assert len({name.lower() for name in written}) == 5
    assert all(0 < len(name) <= 31 for name in written)


def test_write_xlsx_with_wrong_number_of_values_raises():
    with pytest.raises(ValueError, match="zip"):
        write_xlsx([Sheet("S", COLUMNS, [("chỉ một",)])])


def test_write_xlsx_with_moment_shows_vietnamese_time():
    content = write_xlsx([Sheet("S", [Column("Lúc", CellKind.DATETIME)], [[datetime(2025, 1, 1, 18, 30, tzinfo=UTC)]])])

    assert by_openpyxl(content)["A2"].value.isoformat() == "2025-01-02T01:30:00"


def test_write_csv_with_formula_like_text_adds_an_apostrophe_but_leaves_numbers():
    content = write_csv(
        [Column("=Tên"), Column("Số", CellKind.DECIMAL)], [(text, Decimal("-1.5")) for text in DANGEROUS]
    )

    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert rows[0] == ["'=Tên", "Số"]
    assert [row[0] for row in rows[1:]] == ["'" + text for text in DANGEROUS]
    assert {row[1] for row in rows[1:]} == {"-1.5"}


def test_stream_csv_with_many_rows_gives_one_mark_and_every_row():
    content = b"".join(
        stream_csv([Column("A"), Column("B", CellKind.DATE)], [(i, date(2025, 1, 2)) for i in range(2500)])
    )

    assert content.count(b"\xef\xbb\xbf") == 1
    assert content.count(b"\r\n") == 2501
    assert b"2499,2025-01-02" in content


@pytest.mark.parametrize("text", ["Đề tài", "1+1=2", "", " =1"])
def test_guard_formula_with_harmless_text_leaves_it(text: str):
    assert guard_formula(text) == text
