"""Tables as offices send them, and files that must be refused with a sentence the user can act on."""

import io
import tracemalloc
import zipfile
from datetime import date, datetime

import docx
import openpyxl
import pytest

from khcn.web.spreadsheets.reading import read_table
from khcn.web.spreadsheets.table import (
    FileBroken,
    FileEmpty,
    FileHasMacros,
    FileProtected,
    FileTooLarge,
    FormatUnsupported,
    NoTableFound,
    ReadLimits,
    TableRefused,
    column_letter,
)
from khcn.web.spreadsheets.tests.ole_container import ole_container
from khcn.web.spreadsheets.writing import Column, Sheet, write_csv, write_xlsx


def workbook_of(*rows: tuple, merges: tuple[str, ...] = (), at: str = "A1", **sheets: str) -> bytes:
    """A workbook whose first sheet holds the rows, the first cell at `at`."""
    book = openpyxl.Workbook()
    sheet = book.active
    start = openpyxl.utils.cell.coordinate_from_string(at)
    left = openpyxl.utils.column_index_from_string(start[0])
    for line, row in enumerate(rows, start=start[1]):
        for index, value in enumerate(row, start=left):
            if value is not None:
                sheet.cell(line, index, value)
    for area in merges:
        sheet.merge_cells(area)
    for name, state in sheets.items():
        book.create_sheet(name).sheet_state = state
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


PLAIN = (("STT", "Tên nhiệm vụ", "Kinh phí"), (1, "Giống điều mới", 1000), (2, "Cảnh báo lũ", 2000))


# Where the heading is


def test_read_table_with_plain_sheet_gives_headers_letters_and_row_numbers():
    table = read_table(workbook_of(*PLAIN), "danh-muc.xlsx")

    assert table.headers == ("STT", "Tên nhiệm vụ", "Kinh phí")
    assert table.letters == ("A", "B", "C")
    assert [(row.number, row.cells[1]) for row in table.rows] == [(2, "Giống điều mới"), (3, "Cảnh báo lũ")]
    assert table.header_rows == (1, 1)


def test_read_table_with_titles_above_and_offset_corner_keeps_the_users_coordinates():
    rows = (("PHỤ LỤC",), ("Đơn vị tính: triệu đồng",), (), *PLAIN, (), (3, "Tưới tiết kiệm", None))

    table = read_table(workbook_of(*rows, at="C4", merges=("C4:E4",)), "pl.xlsx")

    assert table.letters == ("C", "D", "E")
    assert table.header_rows == (7, 7)
    assert [row.number for row in table.rows] == [8, 9, 11]
    assert [row.cells for row in table.preamble] == [("PHỤ LỤC",), ("Đơn vị tính: triệu đồng",)]


def test_read_table_with_two_level_heading_and_column_numbers_joins_titles():
    rows = (
        ("DANH MỤC NHIỆM VỤ KHOA HỌC VÀ CÔNG NGHỆ",),
        (),
        ("TT", "Tên nhiệm vụ", "Kinh phí", None, None, "Ghi chú"),
        (None, None, "Tổng số", "Ngân sách", "Đối ứng", None),
        ("(1)", "(2)", "(3)", "(4)", "(5)", "(6)"),
        (1, "Giống điều mới", 1000, 700, 300, None),
    )

    table = read_table(workbook_of(*rows, merges=("A1:F1", "A3:A4", "B3:B4", "C3:E3", "F3:F4")), "pl.xlsx")

    assert table.headers == (
        "TT", "Tên nhiệm vụ", "Kinh phí – Tổng số", "Kinh phí – Ngân sách", "Kinh phí – Đối ứng", "Ghi chú",
    )  # fmt: skip
    assert table.header_rows == (3, 4)
    assert [row.number for row in table.rows] == [6]


def test_read_table_with_expected_titles_prefers_the_row_that_holds_them():
    rows = (
        ("Cơ quan", "Người lập", "Ngày", "Nơi nhận", "Hạn gửi"),
        ("Sở A", "Lê Thị B", "hôm nay", "Sở C", "mai"),
        ("Mã", "Tên"),
        ("A1", "Một"),
    )

    table = read_table(workbook_of(*rows), "x.xlsx", expected_titles=("Mã", "Tên"))

    assert table.headers[:2] == ("Mã", "Tên")


def test_read_table_with_hidden_and_empty_sheets_takes_the_first_visible_one_with_values():
    book = openpyxl.Workbook()
    book.active.title = "Ẩn"
    book.active.append(["không", "đọc"])
    book.create_sheet("Trống")
    for row in PLAIN:
        book.create_sheet("Dữ liệu") if "Dữ liệu" not in book.sheetnames else None
        book["Dữ liệu"].append(row)
    book["Ẩn"].sheet_state = "hidden"

    table = read_table(saved(book), "x.xlsx")

    assert table.sheet == "Dữ liệu"
    assert table.sheet_names == ("Trống", "Dữ liệu")


def test_read_table_with_named_sheet_reads_that_one():
    content = write_xlsx(
        [Sheet("Một", [Column("A"), Column("B")], [("1", "2")]), Sheet("Hai", [Column("C"), Column("D")], [("x", "y")])]
    )

    assert read_table(content, "x.xlsx", sheet="Hai").headers == ("C", "D")


def test_read_table_with_dates_and_numbers_keeps_their_types():
    table = read_table(workbook_of(("Mã", "Ngày", "Số"), ("A", date(2025, 7, 1), 1.5)), "x.xlsx")

    code, day, number = table.rows[0].cells
    assert (code, number) == ("A", 1.5)
    assert (day.date() if isinstance(day, datetime) else day) == date(2025, 7, 1)


def test_read_table_with_formatted_empty_rows_to_the_end_ignores_them():
    book = openpyxl.load_workbook(io.BytesIO(workbook_of(*PLAIN)))
    for line in range(4, 3000):
        book.active.cell(line, 1).font = openpyxl.styles.Font(bold=True)

    table = read_table(saved(book), "x.xlsx", limits=ReadLimits(max_rows=10))

    assert len(table.rows) == 2


# Formulas


def test_read_table_with_formulas_warns_and_names_the_cells():
    content = workbook_of(("Mã", "Kinh phí"), ("A", "=1+1"), ("B", "=SUM(B2:B2)"), ("C", 5))

    table = read_table(content, "x.xlsx")

    codes = {warning.code: warning.message_vi for warning in table.warnings}
    assert "2 ô chứa công thức (B2, B3)" in codes["formulas"]
    assert "B2, B3 chưa có giá trị" in codes["formulas_uncalculated"]


def test_read_table_with_calculated_formulas_reads_the_stored_value():
    content = workbook_of(("Mã", "Kinh phí"), ("A", "=1+1"))
    content = replaced(content, "xl/worksheets/sheet1.xml", b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>")

    table = read_table(content, "x.xlsx")

    assert table.rows[0].cells == ("A", 2.0)
    assert [warning.code for warning in table.warnings] == ["formulas"]


def replaced(archive: bytes, part: str, old: bytes, new: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == part:
                assert old in content.replace(b"<v />", b"<v></v>")
                content = content.replace(b"<v />", b"<v></v>").replace(old, new)
            target.writestr(name, content)
    return buffer.getvalue()


# Delimited text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_read_table_with_any_unicode_csv_reads_the_same(encoding: str, delimiter: str):
    lines = [["Mã", "Tên nhiệm vụ", "Kinh phí"], ["A1", "Giống điều", "45.000.000.000"], ["A2", "Cảnh báo", "1.000"]]
    content = "\r\n".join(delimiter.join(line) for line in lines).encode(encoding)

    table = read_table(content, "x.csv")

    assert table.headers == ("Mã", "Tên nhiệm vụ", "Kinh phí")
    assert table.rows[0].cells == ("A1", "Giống điều", "45.000.000.000")
    assert [row.number for row in table.rows] == [2, 3]
    assert table.warnings == ()


def test_read_table_with_quoted_line_breaks_and_guarded_formula_gives_the_text_back():
    content = write_csv([Column("Mã"), Column("Tên")], [("A", "dòng 1\ndòng 2, có phẩy"), ("B", "=1+1")])

    table = read_table(content, "x.csv")

    assert [row.cells[1] for row in table.rows] == ["dòng 1\ndòng 2, có phẩy", "=1+1"]


def test_read_table_with_sep_line_uses_it_and_keeps_row_numbers():
    table = read_table("sep=;\nMã;Tên\nA;x, y\n".encode(), "x.csv")

    assert table.headers == ("Mã", "Tên")
    assert [(row.number, row.cells) for row in table.rows] == [(3, ("A", "x, y"))]


def test_read_table_with_windows_1258_csv_converts_and_says_so():
    import unicodedata

    decomposed = unicodedata.normalize("NFD", "Mã,Tên nhiệm vụ\nA,Nghiên cứu giống điều\nB,Cảnh báo thiên tai\n")
    # Windows-1258 holds â ê ô ă ơ ư whole and the tones as marks.
    for pair, letter in (
        ("a\u0302", "â"),
        ("e\u0302", "ê"),
        ("o\u0302", "ô"),
        ("a\u0306", "ă"),
        ("u\u031b", "ư"),
        ("o\u031b", "ơ"),
    ):
        decomposed = decomposed.replace(pair, letter)
    decomposed = decomposed.replace("e\u0323\u0302", "ê\u0323")

    table = read_table(decomposed.encode("cp1258"), "x.csv")

    assert table.headers == ("Mã", "Tên nhiệm vụ")
    assert table.rows[1].cells == ("B", "Cảnh báo thiên tai")
    assert [warning.code for warning in table.warnings] == ["encoding_converted"]


@pytest.mark.parametrize(
    ("old_text", "name"),
    [
        ("Céng hßa x· héi chñ nghÜa ViÖt Nam", "TCVN3"),
        ("Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", "VNI"),
    ],
)
def test_read_table_with_old_font_text_in_a_workbook_converts_and_names_the_encoding(old_text: str, name: str):
    table = read_table(workbook_of(("Ma", "Ten"), ("A", old_text), ("B", "abc")), "x.xlsx")

    assert table.rows[0].cells[1] == "Cộng hòa xã hội chủ nghĩa Việt Nam"
    assert name in next(warning for warning in table.warnings if warning.code == "encoding_converted").message_vi


def test_read_table_with_decomposed_text_gives_composed_text():
    import unicodedata

    table = read_table(unicodedata.normalize("NFD", "Mã,Tên\nA,Đề tài\n").encode(), "x.csv")

    assert table.rows[0].cells[1] == "Đề tài"


# Word


def test_read_table_with_word_file_skips_the_letterhead_and_reads_merged_headings():
    document = docx.Document()
    letterhead = document.add_table(2, 2)
    letterhead.cell(0, 0).text = "UBND TỈNH"
    letterhead.cell(0, 1).text = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    grid = document.add_table(4, 4)
    for line, row in enumerate(
        [("TT", "Tên", "Kinh phí", ""), ("", "", "2025", "2026"), ("1", "Điều", "5", "6"), ("2", "Lúa", "7", "8")]
    ):
        for index, text in enumerate(row):
            grid.cell(line, index).text = text
    grid.cell(0, 0).merge(grid.cell(1, 0))
    grid.cell(0, 1).merge(grid.cell(1, 1))
    grid.cell(0, 2).merge(grid.cell(0, 3))
    buffer = io.BytesIO()
    document.save(buffer)

    table = read_table(buffer.getvalue(), "phu-luc.docx")

    assert table.headers == ("TT", "Tên", "Kinh phí – 2025", "Kinh phí – 2026")
    assert [row.cells for row in table.rows] == [("1", "Điều", "5", "6"), ("2", "Lúa", "7", "8")]
    assert table.rows[0].number == 3


def test_read_table_with_word_file_without_table_says_so():
    buffer = io.BytesIO()
    docx.Document().save(buffer)

    with pytest.raises(NoTableFound):
        read_table(buffer.getvalue(), "x.docx")


# Refusals


def macro_workbook() -> bytes:
    buffer = io.BytesIO(workbook_of(*PLAIN))
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    return buffer.getvalue()


def bomb_workbook() -> bytes:
    buffer = io.BytesIO(workbook_of(*PLAIN))
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image1.bin", b"\0" * 30_000_000)
    return buffer.getvalue()


def far_cell_workbook() -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(workbook_of(*PLAIN)))
    book.active["XFD90000"] = "xa"
    return saved(book)


@pytest.mark.parametrize(
    ("content", "filename", "refusal", "words"),
    [
        (b"", "x.xlsx", FileEmpty, "0 byte"),
        (b"", "x.csv", FileEmpty, "0 byte"),
        (b"\xef\xbb\xbf\r\n\r\n", "x.csv", FileEmpty, "trống"),
        (workbook_of(), "x.xlsx", FileEmpty, "trống"),
        (workbook_of(*PLAIN)[:3000], "x.xlsx", FileBroken, "hỏng"),
        (b"PK\x03\x04 nothing", "x.xlsx", FileBroken, "hỏng"),
        ("Mã,Tên\n1,2".encode(), "x.xlsx", FileBroken, "hỏng"),
        (b"\x00\x01\x02" * 50, "x.csv", FileBroken, "không phải là văn bản"),
        (b"\xff\xfe\x00\xd8", "x.csv", FileBroken, "bảng mã"),
        (b'a,b\n"1,2\n' + b"x" * 1_100_000, "x.csv", FileBroken, "ngoặc kép"),
        (ole_container("EncryptedPackage"), "x.xlsx", FileProtected, "mật khẩu"),
        (ole_container("Workbook"), "x.xls", FormatUnsupported, "97–2003"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 short", "x.xls", FileBroken, "hỏng"),
        (macro_workbook(), "x.xlsx", FileHasMacros, "macro"),
        (workbook_of(*PLAIN), "x.xlsm", FileHasMacros, "macro"),
        (bomb_workbook(), "x.xlsx", FileTooLarge, "quá lớn"),
        (far_cell_workbook(), "x.xlsx", FileTooLarge, "rất xa"),
        (b"%PDF-1.7", "x.pdf", FormatUnsupported, ".xlsx"),
        (workbook_of(("chỉ một dòng", "tiêu đề")), "x.xlsx", NoTableFound, "tệp mẫu"),
    ],
)
def test_read_table_with_bad_file_refuses_with_a_useful_sentence(content, filename, refusal, words):
    with pytest.raises(TableRefused) as raised:
        read_table(content, filename)

    assert type(raised.value) is refusal
    assert words in raised.value.message
    assert raised.value.message.endswith(".")


def test_read_table_with_part_missing_from_the_package_says_broken():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")

    with pytest.raises(FileBroken):
        read_table(buffer.getvalue(), "x.xlsx")


def test_read_table_with_malformed_sheet_xml_says_broken():
    content = replaced(
        workbook_of(*PLAIN), "xl/worksheets/sheet1.xml", b"<sheetData>", b"<sheetData><row r='1'><c></row>"
    )

    with pytest.raises(TableRefused):
        read_table(content, "x.xlsx")


def test_read_table_with_billion_laughs_is_refused_quickly():
    entities = b'<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    laughs = b'<?xml version="1.0"?><!DOCTYPE w [' + entities + b"]><workbook>&b;</workbook>"
    content = workbook_of(*PLAIN)
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(buffer, "w") as target:
        for name in source.namelist():
            target.writestr(name, laughs if name == "xl/workbook.xml" else source.read(name))

    with pytest.raises(TableRefused):
        read_table(buffer.getvalue(), "x.xlsx")


def test_read_table_with_size_above_the_limit_names_the_limit():
    with pytest.raises(FileTooLarge, match="2 MB"):
        read_table(b"x" * 3_000_000, "x.csv", limits=ReadLimits(max_bytes=2 * 1024 * 1024))


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_read_table_with_more_rows_than_the_limit_names_the_limit(ending: str):
    rows = [(str(number), "x") for number in range(3_000)]
    columns = [Column("Mã"), Column("Tên")]
    content = write_xlsx([Sheet("S", columns, rows)]) if ending == "xlsx" else write_csv(columns, rows)

    with pytest.raises(FileTooLarge, match=r"1\.500 dòng"):
        read_table(content, f"x.{ending}", limits=ReadLimits(max_rows=1_500))


def test_read_table_with_a_million_row_sheet_is_refused_without_being_loaded():
    row = b'<row r="%d"><c r="A%d"><v>%d</v></c><c r="B%d"><v>1</v></c></row>'
    body = b"".join(row % (n, n, n * 7919 % 1_000_003, n) for n in range(1, 1_000_001))
    content = replaced(workbook_of(*PLAIN), "xl/worksheets/sheet1.xml", b"</sheetData>", body + b"</sheetData>")

    tracemalloc.start()
    with pytest.raises(FileTooLarge, match=r"100\.000 dòng"):
        read_table(content, "x.xlsx")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 100_000_000


def test_read_table_with_every_truncation_refuses_and_never_crashes():
    content = workbook_of(*PLAIN)

    for length in range(1, len(content), len(content) // 12):
        with pytest.raises(TableRefused):
            read_table(content[:length], "x.xlsx")


@pytest.mark.parametrize(
    ("index", "letter"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")]
)
def test_column_letter_counts_like_a_spreadsheet(index: int, letter: str):
    assert column_letter(index) == letter
