"""Maps the columns of a table to what is wanted, and checks every row; it stores nothing and asks no database."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rapidfuzz import fuzz

from khcn.lib.text import fold, fold_words
from khcn.web.spreadsheets.headings import is_blank
from khcn.web.spreadsheets.parsers import (
    CellParser,
    CellRefused,
    DongParser,
    is_error_value,
    money_unit_in,
    plain_text,
)
from khcn.web.spreadsheets.table import CellValue, Table, TableRow, TableWarning

_LIKENESS_FLOOR = 80.0  # out of 100; below, a guess would be wrong more often than right
_TOTAL_ROW = re.compile(r"(tong so|tong cong|tong|cong|cong chung)\b")
_GROUP_NUMBER = re.compile(r"([ivxl]+|[a-zđ]|\d+|[ivxl]+\.\d+)\.?", re.IGNORECASE)


@dataclass(frozen=True)
class ColumnSpec:
    """One wanted column: key in the result, title in templates and messages, other titles seen in the field."""

    key: str
    title_vi: str
    parser: CellParser
    aliases: Sequence[str] = ()
    required: bool = False
    unique: bool = False
    help_vi: str = ""


@dataclass(frozen=True, slots=True)
class RowError:
    """One fault: row number and column letter as the user's program shows them, the value found, what is wrong."""

    row: int
    column: str
    value: str
    message_vi: str


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One good row: its number in the file, key → typed value (None = empty), and the group heading above it."""

    number: int
    values: Mapping[str, Any]
    group: str = ""


@dataclass(frozen=True)
class ImportReport:
    """What a table gives. Import is all or nothing: use `rows` only when `is_clean`."""

    rows: tuple[ImportRow, ...]
    errors: tuple[RowError, ...]
    warnings: tuple[TableWarning, ...]

    @property
    def is_clean(self) -> bool:
        return not self.errors


def suggest_mapping(headers: Sequence[str], specs: Sequence[ColumnSpec]) -> dict[str, int]:
    """{key: index of the header that looks most like it}; keys without a good match are left out.

    Case, diacritics, word order and units in brackets do not matter; each header is given once, best matches first.
    """
    scored = sorted(
        (
            (_likeness(header, spec), -position, -index, spec.key)
            for position, spec in enumerate(specs)
            for index, header in enumerate(headers)
            if header
        ),
        reverse=True,
    )
    mapping: dict[str, int] = {}
    for score, _, index, key in scored:
        if score >= _LIKENESS_FLOOR and key not in mapping and -index not in mapping.values():
            mapping[key] = -index
    return mapping


def missing_columns(mapping: Mapping[str, int], specs: Sequence[ColumnSpec]) -> list[ColumnSpec]:
    """The required columns that the mapping does not cover."""
    return [spec for spec in specs if spec.required and spec.key not in mapping]


def validate(table: Table, specs: Sequence[ColumnSpec], mapping: Mapping[str, int]) -> ImportReport:
    """Check every row of the table.

    mapping: key → index into table.headers. Rows of totals and group headings are set aside, with a warning. A heading
    or a note above the table that names a unit ("triệu đồng") decides what bare numbers of a money column count.
    """
    if missing := missing_columns(mapping, specs):
        first = table.header_rows[0]
        absent = tuple(RowError(first, "", "", f"Thiếu cột bắt buộc “{spec.title_vi}”.") for spec in missing)
        return ImportReport(rows=(), errors=absent, warnings=table.warnings)
    warnings = list(table.warnings)
    mapped = [
        (_with_unit(spec, mapping[spec.key], table, warnings), mapping[spec.key])
        for spec in specs
        if spec.key in mapping
    ]
    rows: list[ImportRow] = []
    errors: list[RowError] = []
    totals: list[int] = []
    group = ""
    for row in table.rows:
        if all(is_blank(row.cells[index]) for _, index in mapped):
            continue
        if _is_total(row):
            totals.append(row.number)
        elif heading := _group_heading(row, mapped):
            group = heading
        else:
            values, faults = _parse_row(row, mapped, table)
            errors.extend(faults)
            if not faults:
                rows.append(ImportRow(row.number, values, group))
    errors.extend(_duplicates(table, mapped))
    if totals:
        numbers = ", ".join(map(str, totals[:10]))
        warnings.append(TableWarning("total_rows", f"Dòng {numbers} là dòng tổng cộng nên không được nhập."))
    if not rows and not errors:
        errors.append(RowError(table.header_rows[1], "", "", "Bảng không có dòng dữ liệu nào để nhập."))
    errors.sort(key=lambda error: (error.row, len(error.column), error.column))
    return ImportReport(rows=tuple(rows), errors=tuple(errors), warnings=tuple(warnings))


def _likeness(header: str, spec: ColumnSpec) -> float:
    """0–100. Exact (folded) titles 100, exact aliases 99, else by words; a part of a longer heading scores less."""
    bare = _bare_title(header)
    best = 0.0
    for order, title in enumerate((spec.title_vi, *spec.aliases)):
        wanted = _bare_title(title)
        if not wanted:
            continue
        if fold(header) == fold(title):
            score = 100.0 if order == 0 else 99.0
        elif bare == wanted:
            score = 98.0 if order == 0 else 97.0
        else:
            # One word more or less may change the meaning ("ngày" / "ngày kết thúc"), so whole texts are compared.
            score = min(fuzz.ratio(bare, wanted), 96.0)
            last_level = _bare_title(header.rpartition("–")[2])
            if last_level == wanted:
                score = max(score, 90.0)
            score = max(score, min(fuzz.token_sort_ratio(bare, wanted), 95.0))
        best = max(best, score)
    return best


def _bare_title(title: str) -> str:
    return " ".join(fold_words(re.sub(r"\([^)]*\)", " ", title)))


def _with_unit(spec: ColumnSpec, index: int, table: Table, warnings: list[TableWarning]) -> ColumnSpec:
    if not isinstance(spec.parser, DongParser):
        return spec
    unit = money_unit_in(table.headers[index])
    if unit is None:
        notes = [str(value) for row in table.preamble for value in row.cells if isinstance(value, str)]
        units = [money_unit_in(note) for note in notes if re.search(r"\b(don vi|dvt)\b", fold(note))]
        unit = next((found for found in units if found), None)
    if unit is None or unit == spec.parser.unit:
        return spec
    message = f"Cột {table.letters[index]} (“{spec.title_vi}”) được tính theo đơn vị {unit} đồng như ghi trong tệp."
    warnings.append(TableWarning("money_unit", message))
    return replace(spec, parser=replace(spec.parser, unit=unit))


def _parse_row(
    row: TableRow, mapped: Sequence[tuple[ColumnSpec, int]], table: Table
) -> tuple[dict[str, Any], list[RowError]]:
    values: dict[str, Any] = {}
    faults: list[RowError] = []
    for spec, index in mapped:
        value = row.cells[index]
        letter = table.letters[index]
        if is_blank(value):
            values[spec.key] = None
            if spec.required:
                faults.append(RowError(row.number, letter, "", f"Thiếu “{spec.title_vi}”."))
            continue
        if is_error_value(value):
            message = f"Ô chứa lỗi công thức {value}. Vui lòng sửa công thức hoặc ghi giá trị."
            faults.append(RowError(row.number, letter, str(value), message))
            continue
        try:
            values[spec.key] = spec.parser.parse(value)
        except CellRefused as refusal:
            faults.append(RowError(row.number, letter, plain_text(value), refusal.message))
    return values, faults


def _duplicates(table: Table, mapped: Sequence[tuple[ColumnSpec, int]]) -> list[RowError]:
    errors = []
    for spec, index in mapped:
        if not spec.unique:
            continue
        places: dict[str, list[tuple[int, CellValue]]] = {}
        for row in table.rows:
            if not is_blank(row.cells[index]) and not _is_total(row) and not _group_heading(row, mapped):
                places.setdefault(plain_text(row.cells[index]).casefold(), []).append((row.number, row.cells[index]))
        for same in places.values():
            if len(same) < 2:
                continue
            for number, value in same:
                others = ", ".join(str(other) for other, _ in same if other != number)
                message = f"{spec.title_vi} “{plain_text(value)}” bị trùng với dòng {others}."
                errors.append(RowError(number, table.letters[index], plain_text(value), message))
    return errors


def _is_total(row: TableRow) -> bool:
    """A row of sums: its first filled text, in one of the first three columns, is "Tổng cộng" or the like."""
    for value in row.cells[:3]:
        if isinstance(value, str) and value.strip():
            return bool(_TOTAL_ROW.fullmatch(fold(value).strip(" :.")))
    return False


def _numbered_heading(row: TableRow, mapped: Sequence[tuple[ColumnSpec, int]]) -> str:
    """The text after a Roman number or capital letter that stands in a column of numbers, with nothing else beside it.

    Where one column alone is required, only such a number tells a group from a row.
    """
    places = [index for index, value in enumerate(row.cells) if not is_blank(value)]
    if len(places) != 2 or places[0] in {index for _, index in mapped}:
        return ""
    number, text = (row.cells[index] for index in places)
    if isinstance(text, str) and re.fullmatch(r"(?:[IVXL]+|[A-H])\.?", plain_text(number)):
        return plain_text(text)
    return ""


def _group_heading(row: TableRow, mapped: Sequence[tuple[ColumnSpec, int]]) -> str:
    """The text of a row that only names a group ("I | Lĩnh vực nông nghiệp"); empty for an ordinary row.

    Such a row fills one text cell, at most with a number or a letter before it, and leaves required columns empty.
    """
    filled = [value for value in row.cells if not is_blank(value)]
    required = [index for spec, index in mapped if spec.required]
    if len(required) == 1:
        return _numbered_heading(row, mapped)
    if len(required) < 2 or sum(1 for index in required if is_blank(row.cells[index])) < len(required) - 1:
        return ""
    texts = [plain_text(value) for value in filled]
    if len(texts) == 2 and _GROUP_NUMBER.fullmatch(texts[0]) and isinstance(filled[1], str):
        return texts[1]
    if len(texts) == 1 and isinstance(filled[0], str) and re.match(r"([IVXL]+|[A-Z]|\d+)[.)]\s+\S", texts[0]):
        return texts[0]
    return ""
