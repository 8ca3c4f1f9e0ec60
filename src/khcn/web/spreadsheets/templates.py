"""Makes the workbooks that go back and forth around an import: the empty template and the corrected file to mend."""

import io
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from khcn.web.spreadsheets.parsers import ChoiceParser, CodeParser, DateParser, DongParser, IntegerParser, YearParser
from khcn.web.spreadsheets.table import Table
from khcn.web.spreadsheets.validation import ColumnSpec, ImportReport
from khcn.web.spreadsheets.writing import FORMULA_STARTS, CellKind, Column, Sheet, write_xlsx

ERROR_COLUMN_TITLE = "Lỗi"

_LISTS_SHEET = "Danh mục"
_INLINE_LIST_LENGTH = 255  # Excel's limit for a list written inside a validation
_TEMPLATE_ROWS = 1_000
_GUIDE_WIDTH = 90
_ERROR_WIDTH = 70
_LINE_PT = 16  # height of a line of 12-point text
_MAX_ROW_PT = 400  # Excel allows 409
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def template_xlsx(specs: Sequence[ColumnSpec], *, title: str, sheet_name: str = "Dữ liệu") -> bytes:
    """An empty workbook to fill in: headings (required ones marked), drop-down lists, and a guide sheet.

    What comes back maps by itself: the headings are the specs' titles.
    """
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer, _OPTIONS)
    font = {"font_name": "Times New Roman", "font_size": 12}
    title_style = workbook.add_format({**font, "bold": True, "font_size": 14})
    base = {**font, "bold": True, "border": 1, "text_wrap": True, "align": "center", "valign": "vcenter"}
    header_style = workbook.add_format({**base, "bg_color": "#DCE6F1"})
    required_style = workbook.add_format({**base, "bg_color": "#FCE4D6", "font_color": "#9C0006"})
    sheet = workbook.add_worksheet(sheet_name)
    lists = _Lists(workbook)
    sheet.write_string(0, 0, title, title_style)
    for index, spec in enumerate(specs):
        sheet.write_string(2, index, spec.title_vi, required_style if spec.required else header_style)
        number_format, width = _format_of(spec)
        sheet.set_column(index, index, width, workbook.add_format({**font, "num_format": number_format}))
        _add_validation(sheet, index, spec, lists)
    sheet.freeze_panes(3, 0)
    _print_on_one_width(sheet)
    _write_guide(
        workbook.add_worksheet("Hướng dẫn"),
        specs,
        title_style,
        header_style,
        workbook.add_format({**font, "text_wrap": True, "valign": "top"}),
    )
    lists.hide()
    workbook.close()
    return buffer.getvalue()


def error_workbook(table: Table, report: ImportReport) -> bytes:
    """The table as it was read, each value in its own row and column, with a red last column that says what is wrong.

    Cells with an error are red too. Formatting and other sheets of the sent file are not kept.
    """
    by_row: dict[int, list[str]] = defaultdict(list)
    faulty: set[tuple[int, str]] = set()
    titles = dict(zip(table.letters, table.headers, strict=True))
    for error in report.errors:
        place = f"Cột {error.column} ({titles[error.column]}): " if error.column else ""
        by_row[error.row].append(place + error.message_vi)
        faulty.add((error.row, error.column))
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer, _OPTIONS)
    sheet = workbook.add_worksheet((table.sheet or "Dữ liệu")[:31])
    styles = _ErrorStyles(workbook)
    columns = [_column_index(letter) for letter in table.letters]
    error_column = max(columns) + 1
    for row in table.preamble:
        for index, value in enumerate(row.cells):
            _write(sheet, row.number - 1, index, value, styles, "plain")
    heading_line = table.header_rows[1] - 1
    for column, header in zip(columns, table.headers, strict=True):
        sheet.write_string(heading_line, column, header, styles.formats["header"])
        sheet.set_column(column, column, 18)
    sheet.write_string(heading_line, error_column, ERROR_COLUMN_TITLE, styles.formats["error_header"])
    sheet.set_column(error_column, error_column, _ERROR_WIDTH)
    for row in table.rows:
        for column, letter, value in zip(columns, table.letters, row.cells, strict=True):
            _write(
                sheet, row.number - 1, column, value, styles, "faulty" if (row.number, letter) in faulty else "plain"
            )
        if messages := by_row.pop(row.number, None):
            lines = sum(1 + len(message) // _ERROR_WIDTH for message in messages)
            sheet.set_row(row.number - 1, min(_LINE_PT * lines, _MAX_ROW_PT))
            sheet.write_string(row.number - 1, error_column, "\n".join(messages), styles.formats["error"])
    if by_row:  # what concerns the whole table stands beside its heading
        messages = [message for found in by_row.values() for message in found]
        sheet.write_string(max(heading_line - 1, 0), error_column, "\n".join(messages), styles.formats["error"])
    sheet.freeze_panes(heading_line + 1, 0)
    sheet.autofilter(heading_line, min(columns), table.rows[-1].number - 1, error_column)
    _print_on_one_width(sheet)
    workbook.close()
    return buffer.getvalue()


def error_list_xlsx(report: ImportReport) -> bytes:
    """The errors alone as a list: row, column, value, message."""
    columns = (
        Column("Dòng", CellKind.INTEGER),
        Column("Cột", width=8),
        Column("Giá trị", width=30),
        Column("Lỗi", width=80),
    )
    rows = ((error.row, error.column, error.value, error.message_vi) for error in report.errors)
    return write_xlsx([Sheet("Lỗi", columns, rows)])


class _Lists:
    """Drop-down lists too long for a validation, one column each on a hidden sheet."""

    def __init__(self, workbook: Any) -> None:
        self._workbook = workbook
        self._sheet: Any = None
        self._count = 0

    def source(self, labels: Sequence[str]) -> list[str] | str:
        # A comma would split an inline entry in two.
        if len(",".join(labels)) <= _INLINE_LIST_LENGTH and not any("," in label for label in labels):
            return list(labels)
        if self._sheet is None:
            self._sheet = self._workbook.add_worksheet(_LISTS_SHEET)
        for line, label in enumerate(labels):
            self._sheet.write_string(line, self._count, label)
        letter = xlsxwriter.utility.xl_col_to_name(self._count)
        self._count += 1
        return f"='{_LISTS_SHEET}'!${letter}$1:${letter}${len(labels)}"

    def hide(self) -> None:
        if self._sheet is not None:
            self._sheet.hide()


class _ErrorStyles:
    def __init__(self, workbook: Any) -> None:
        font: dict[str, Any] = {"font_name": "Times New Roman", "font_size": 12, "valign": "top", "text_wrap": True}
        red = {"bg_color": "#FFC7CE", "font_color": "#9C0006"}
        head = {"bold": True, "border": 1, "align": "center"}
        looks: dict[str, dict[str, Any]] = {
            "plain": {},
            "faulty": red,
            "header": {**head, "bg_color": "#DCE6F1"},
            "error_header": {**head, "bg_color": "#C00000", "font_color": "#FFFFFF"},
            "error": {"font_color": "#C00000"},
        }
        self.formats = {name: workbook.add_format({**font, **look}) for name, look in looks.items()}
        self.dates = {
            name: workbook.add_format({**font, **looks[name], "num_format": "dd/mm/yyyy"})
            for name in ("plain", "faulty")
        }
        self.guarded = {
            name: workbook.add_format({**font, **looks[name], "quote_prefix": True}) for name in ("plain", "faulty")
        }


def _write(sheet: Any, line: int, column: int, value: Any, styles: _ErrorStyles, look: str) -> None:
    if value is None:
        sheet.write_blank(line, column, None, styles.formats[look])
    elif isinstance(value, str):
        style = styles.guarded[look] if value.startswith(FORMULA_STARTS) else styles.formats[look]
        sheet.write_string(line, column, value, style)
    elif isinstance(value, bool):
        sheet.write_boolean(line, column, value, styles.formats[look])
    elif isinstance(value, int | float):
        sheet.write_number(line, column, value, styles.formats[look])
    else:
        sheet.write_datetime(line, column, value, styles.dates[look])


def _print_on_one_width(sheet: Any) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)


def _column_index(letter: str) -> int:
    index = 0
    for character in letter:
        index = index * 26 + ord(character) - ord("A") + 1
    return index - 1


def _format_of(spec: ColumnSpec) -> tuple[str, float]:
    match spec.parser:
        case DongParser():
            return "#,##0", 20.0
        case IntegerParser() | YearParser():
            return "0", 12.0
        case DateParser():
            return "dd/mm/yyyy", 14.0
        case CodeParser():
            return "@", 18.0
        case _:
            return "@", 32.0


def _add_validation(sheet: Any, index: int, spec: ColumnSpec, lists: _Lists) -> None:
    common = {"ignore_blank": True, "error_title": spec.title_vi[:32], "error_message": spec.parser.guide[:255]}
    match spec.parser:
        case ChoiceParser(choices=choices):
            rule: dict[str, Any] = {"validate": "list", "source": lists.source([label for _, label in choices])}
        case YearParser(minimum=minimum, maximum=maximum) | IntegerParser(minimum=minimum, maximum=maximum):
            rule = {"validate": "integer", "criteria": "between", "minimum": minimum, "maximum": maximum}
        case _:
            return
    sheet.data_validation(3, index, 3 + _TEMPLATE_ROWS, index, {**rule, **common})


def _write_guide(sheet: Any, specs: Sequence[ColumnSpec], title_style: Any, header_style: Any, style: Any) -> None:
    sheet.write_string(0, 0, "Hướng dẫn điền", title_style)
    for index, (heading, width) in enumerate(
        (("Cột", 30), ("Bắt buộc", 12), ("Cách ghi", _GUIDE_WIDTH), ("Ví dụ", 30))
    ):
        sheet.write_string(2, index, heading, header_style)
        sheet.set_column(index, index, width)
    _print_on_one_width(sheet)
    for line, spec in enumerate(specs, start=3):
        guide = " ".join(part for part in (spec.help_vi, spec.parser.guide) if part)
        required = "Có" if spec.required else "Không"
        sheet.set_row(line, min(_LINE_PT * (1 + len(guide) // _GUIDE_WIDTH), _MAX_ROW_PT))
        for index, text in enumerate((spec.title_vi, required, guide, spec.parser.example)):
            sheet.write_string(line, index, text, style)
