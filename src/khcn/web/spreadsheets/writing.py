"""Writes tables as .xlsx and .csv that open cleanly in Excel and cannot smuggle a formula.

It does not compute, sort or format figures for reading: values come in typed, and the reader's program shows them.
"""

import csv
import io
import math
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter

# A spreadsheet program takes a text that begins like this for a formula (OWASP: CSV injection).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

_LOCAL_TIME = ZoneInfo("Asia/Ho_Chi_Minh")
_FIXED_CREATED = datetime(2000, 1, 1, tzinfo=UTC)  # so that equal input gives equal bytes
_MAX_TEXT = 32_767  # Excel's limit of characters in a cell
_MAX_ROWS = 1_048_576
_FEW_ROWS = 20_000
_EXACT_DIGITS_LIMIT = 10**15  # Excel keeps 15 significant digits
_LINE_PT = 16  # height of a line of 12-point text
_MAX_ROW_PT = 400  # Excel allows 409
_LETTERS_PER_WIDTH = 1.15  # a unit of width is a digit of Calibri 11; letters of Times 12 are narrower on average
_CUT_MARK = " […đã cắt bớt]"
_FORBIDDEN_IN_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")


class CellKind(StrEnum):
    """How a column's values are stored and shown."""

    TEXT = "text"
    INTEGER = "integer"
    DONG = "dong"
    DECIMAL = "decimal"
    PERCENT = "percent"
    DATE = "date"
    DATETIME = "datetime"


_WIDTHS = {
    CellKind.TEXT: 32.0,
    CellKind.INTEGER: 10.0,
    CellKind.DONG: 20.0,
    CellKind.DECIMAL: 14.0,
    CellKind.PERCENT: 10.0,
    CellKind.DATE: 12.0,
    CellKind.DATETIME: 18.0,
}
_NUMBER_FORMATS = {
    CellKind.TEXT: "@",
    CellKind.INTEGER: "#,##0",
    CellKind.DONG: "#,##0",
    CellKind.DECIMAL: "#,##0.00",
    CellKind.PERCENT: "0.0%",
    CellKind.DATE: "dd/mm/yyyy",
    CellKind.DATETIME: "dd/mm/yyyy hh:mm",
}


@dataclass(frozen=True)
class Column:
    """One column: its heading, the kind of its values, and its width in characters (None = by kind).

    PERCENT takes fractions (0.4 = 40 %); DONG takes whole đồng.
    """

    title: str
    kind: CellKind = CellKind.TEXT
    width: float | None = None

    @cached_property
    def room(self) -> float:
        """How many letters a line of the column holds, about."""
        return (self.width or _WIDTHS[self.kind]) * _LETTERS_PER_WIDTH


@dataclass(frozen=True)
class Sheet:
    """One sheet: title rows, provenance rows (where the figures come from), the header row, data rows, a total row.

    rows: any iterable, read once; each row has one value per column. A value that does not fit its column's kind (say
    "chưa có" in a number column) is written as text. None is an empty cell.
    """

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]
    title: str = ""
    provenance: Sequence[str] = ()
    totals: Sequence[Any] | None = None


class SheetTooLong(ValueError):
    """More rows than one sheet of a workbook can hold (1,048,576)."""


def write_xlsx(sheets: Sequence[Sheet], *, created_at: datetime | None = None) -> bytes:
    """Return a workbook with one sheet after another; equal input gives equal bytes.

    created_at: time written into the file's properties; left out, a fixed one is written.
    Raises SheetTooLong. Long tables are streamed to a temporary file, so memory does not grow with their number.
    """
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "workbook.xlsx"
        write_xlsx_file(target, sheets, created_at=created_at)
        return target.read_bytes()


def write_xlsx_file(target: Path, sheets: Sequence[Sheet], *, created_at: datetime | None = None) -> None:
    """As `write_xlsx`, into a file; for exports too large for memory."""
    options = {
        "constant_memory": not all(_is_short(sheet.rows) for sheet in sheets),
        "tmpdir": str(target.parent),
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "dd/mm/yyyy",
    }
    workbook = xlsxwriter.Workbook(str(target), options)
    workbook.set_properties({"created": created_at.astimezone(UTC) if created_at else _FIXED_CREATED})
    styles = _Styles(workbook)
    taken: set[str] = set()
    try:
        for sheet in sheets:
            worksheet = workbook.add_worksheet(_sheet_name(sheet.name, taken))
            _fill(worksheet, sheet, styles)
    finally:
        workbook.close()


def write_csv(columns: Sequence[Column], rows: Iterable[Sequence[Any]], *, delimiter: str = ",") -> bytes:
    """Return UTF-8 text with byte-order mark (Excel needs it for Vietnamese), CRLF lines and ISO 8601 dates.

    Text that a spreadsheet would take for a formula gets a leading apostrophe; numbers stay numbers.
    """
    return b"".join(stream_csv(columns, rows, delimiter=delimiter))


def stream_csv(columns: Sequence[Column], rows: Iterable[Sequence[Any]], *, delimiter: str = ",") -> Iterator[bytes]:
    """As `write_csv`, piece by piece (about 1,000 lines each), for a streamed response."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow([guard_formula(column.title) for column in columns])
    buffer_lines = 0
    prefix = b"\xef\xbb\xbf"
    for row in rows:
        writer.writerow([_csv_cell(value) for value in row])
        buffer_lines += 1
        if buffer_lines == 1000:
            yield prefix + buffer.getvalue().encode()
            prefix, buffer_lines = b"", 0
            buffer.seek(0)
            buffer.truncate()
    yield prefix + buffer.getvalue().encode()


def guard_formula(text: str) -> str:
    """The text with a leading apostrophe where a spreadsheet would run it as a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


class _Styles:
    """The formats of one workbook; xlsxwriter needs each to be made once."""

    def __init__(self, workbook: xlsxwriter.Workbook) -> None:
        base: dict[str, Any] = {"font_name": "Times New Roman", "font_size": 12, "valign": "top"}
        self.title = workbook.add_format({**base, "bold": True, "font_size": 14})
        self.provenance = workbook.add_format({**base, "italic": True, "font_color": "#555555", "font_size": 11})
        box = {**base, "border": 1, "border_color": "#BFBFBF"}
        head = {"bold": True, "bg_color": "#DCE6F1", "align": "center", "valign": "vcenter", "text_wrap": True}
        self.header = workbook.add_format({**box, **head})
        self.cells = {}
        self.totals = {}
        for kind, number_format in _NUMBER_FORMATS.items():
            style = {**box, "num_format": number_format, "text_wrap": kind is CellKind.TEXT}
            self.cells[kind] = workbook.add_format(style)
            self.totals[kind] = workbook.add_format({**style, "bold": True})
        self.guarded = workbook.add_format({**box, "num_format": "@", "text_wrap": True, "quote_prefix": True})
        self.unlike = workbook.add_format({**box, "align": "right", "italic": True})


def _fill(worksheet: Any, sheet: Sheet, styles: _Styles) -> None:
    for index, column in enumerate(sheet.columns):
        worksheet.set_column(index, index, column.width or max(_WIDTHS[column.kind], min(len(column.title), 40) * 0.6))
    line = 0
    if sheet.title:
        worksheet.write_string(line, 0, sheet.title, styles.title)
        line += 1
    for note in sheet.provenance:
        worksheet.write_string(line, 0, note, styles.provenance)
        line += 1
    line += 1 if line else 0
    header = line
    for index, column in enumerate(sheet.columns):
        worksheet.write_string(line, index, column.title, styles.header)
    worksheet.freeze_panes(header + 1, 0)
    worksheet.repeat_rows(header)
    worksheet.set_landscape()
    worksheet.set_paper(9)  # A4
    worksheet.fit_to_pages(1, 0)
    for row in sheet.rows:
        line += 1
        _write_row(worksheet, line, row, sheet.columns, styles, styles.cells)
    if sheet.columns:
        worksheet.autofilter(header, 0, line, len(sheet.columns) - 1)
    if sheet.totals is not None:
        _write_row(worksheet, line + 1, sheet.totals, sheet.columns, styles, styles.totals)


def _write_row(
    worksheet: Any, line: int, row: Sequence[Any], columns: Sequence[Column], styles: _Styles, formats: dict
) -> None:
    if line >= _MAX_ROWS:
        raise SheetTooLong(f"more than {_MAX_ROWS} rows in one sheet")
    # Excel fits rows to wrapped text by itself, other programs do not.
    lines = 1
    for value, column in zip(row, columns, strict=True):
        if isinstance(value, str) and (len(value) > column.room or "\n" in value):
            lines = max(lines, _lines(value, column.room))
    if lines > 1:
        worksheet.set_row(line, min(_LINE_PT * lines, _MAX_ROW_PT))
    for index, (value, column) in enumerate(zip(row, columns, strict=True)):
        if value is None or value == "":
            worksheet.write_blank(line, index, None, formats[column.kind])
        else:
            _write_cell(worksheet, line, index, value, column.kind, formats[column.kind], styles)


def _is_short(rows: Iterable[Sequence[Any]]) -> bool:
    """True for a list of few rows: kept in memory, where texts that repeat are written once, they are done sooner."""
    return isinstance(rows, Sequence) and len(rows) <= _FEW_ROWS


def _lines(text: str, room: float) -> int:
    """How many lines the text takes where a line holds `room` letters, about."""
    return sum(max(1, math.ceil(len(part) / room)) for part in text.split("\n"))


def _write_cell(worksheet: Any, line: int, index: int, value: Any, kind: CellKind, style: Any, styles: _Styles) -> None:
    if kind is CellKind.TEXT and isinstance(value, str):
        text = _fitting(value)
        worksheet.write_string(line, index, text, styles.guarded if text.startswith(FORMULA_STARTS) else style)
    elif kind in (CellKind.DATE, CellKind.DATETIME) and isinstance(value, datetime):
        worksheet.write_datetime(line, index, _naive_local(value), style)
    elif kind in (CellKind.DATE, CellKind.DATETIME) and isinstance(value, date | time):
        worksheet.write_datetime(line, index, value, style)
    elif kind is not CellKind.TEXT and _is_exact_number(value):
        worksheet.write_number(line, index, value, style)
    else:
        text = _fitting(_as_text(value))
        if kind is not CellKind.TEXT:
            style = styles.unlike
        worksheet.write_string(line, index, text, styles.guarded if text.startswith(FORMULA_STARTS) else style)


def _is_exact_number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return False
    return abs(float(value)) < _EXACT_DIGITS_LIMIT  # also False for NaN and infinity


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, datetime):
        return _naive_local(value).strftime("%d/%m/%Y %H:%M")
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    return str(value)


def _csv_cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _as_text(value)
    if isinstance(value, datetime):
        return _naive_local(value).isoformat(sep=" ", timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float | Decimal):
        return value
    return guard_formula(str(value))


def _fitting(text: str) -> str:
    return text if len(text) <= _MAX_TEXT else text[: _MAX_TEXT - len(_CUT_MARK)] + _CUT_MARK


def _naive_local(moment: datetime) -> datetime:
    return moment.astimezone(_LOCAL_TIME).replace(tzinfo=None) if moment.tzinfo else moment


def _sheet_name(name: str, taken: set[str]) -> str:
    """A name Excel accepts: at most 31 characters, none of []:*?/\\, no apostrophe at the ends, unique."""
    base = _FORBIDDEN_IN_SHEET_NAME.sub(" ", name).strip().strip("'")[:31] or "Trang tính"
    candidate, number = base, 1
    while candidate.lower() in taken:
        number += 1
        ending = f" ({number})"
        candidate = base[: 31 - len(ending)] + ending
    taken.add(candidate.lower())
    return candidate
