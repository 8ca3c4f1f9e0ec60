"""Reads the table in a file that a person sent: .xlsx, .csv, or the table of a .docx.

Office files are parsed in a child process with limited memory and time (`isolated_parser`), so that no file can bring
the server down. Nothing is stored, and no value is judged: that is `validation`.
"""

import json
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import msgspec
import olefile

from khcn.lib.encodings import ENCODING_NAMES, detect_encoding, to_unicode
from khcn.lib.text import nfc
from khcn.web.archive_limits import ArchiveBroken, ArchiveEncrypted, ArchiveRefused, check_zip
from khcn.web.spreadsheets import isolated_parser
from khcn.web.spreadsheets.delimited import read_delimited
from khcn.web.spreadsheets.headings import Merge, find_heading, is_blank
from khcn.web.spreadsheets.table import (
    DEFAULT_READ_LIMITS,
    CellValue,
    FileBroken,
    FileEmpty,
    FileHasMacros,
    FileProtected,
    FileTooLarge,
    FormatUnsupported,
    NoTableFound,
    ReadLimits,
    Table,
    TableRefused,
    TableRow,
    TableWarning,
    column_letter,
)

_OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP_SIGNATURE = b"PK\x03\x04"
_MACRO_ENDINGS = (".xlsm", ".xltm", ".xlam", ".docm", ".dotm")
_REFUSED_EXIT = 3
_NAMED_CELLS = 10
_SAMPLE_CHARACTERS = 20_000

_REFUSALS: dict[str, type[TableRefused]] = {
    kind.code: kind for kind in (FileEmpty, FileBroken, FileProtected, NoTableFound)
}


def read_table(
    source: bytes | Path,
    filename: str,
    *,
    limits: ReadLimits = DEFAULT_READ_LIMITS,
    sheet: str = "",
    expected_titles: Sequence[str] = (),
) -> Table:
    """Read the table in a file.

    filename: as the user named it; its ending and the content must agree. sheet: the sheet of a workbook, else the
    first visible one that holds something. expected_titles: headings hoped for; they help to find the heading row.
    Raises a TableRefused, whose message tells the user what to do.
    """
    content = _content(source, limits)
    ending = Path(filename.lower()).suffix
    kind = _kind_of(content, ending)
    if kind == "csv":
        rows, warnings = read_delimited(content, limits)
        facts: dict[str, Any] = {}
    else:
        facts, rows = _parse_isolated(content, kind, sheet, limits)
        warnings = _formula_warnings(facts)
    rows, text_warnings = _with_unicode_text(rows)
    return _as_table(rows, facts, [*warnings, *text_warnings], expected_titles, limits)


def _content(source: bytes | Path, limits: ReadLimits) -> bytes:
    size = source.stat().st_size if isinstance(source, Path) else len(source)
    if size == 0:
        raise FileEmpty("Tệp trống (0 byte). Vui lòng kiểm tra và chọn lại tệp.")
    if size > limits.max_bytes:
        megabytes = limits.max_bytes // (1024 * 1024)
        raise FileTooLarge(f"Tệp vượt quá {megabytes} MB. Vui lòng tách thành nhiều tệp nhỏ hơn rồi nhập từng tệp.")
    return source.read_bytes() if isinstance(source, Path) else source


def _kind_of(content: bytes, ending: str) -> str:
    """ "xlsx", "docx" or "csv", by content first and ending second."""
    if ending in _MACRO_ENDINGS:
        raise FileHasMacros
    if content.startswith(_OLE_SIGNATURE):
        raise _ole_refusal(content)
    if content.startswith(_ZIP_SIGNATURE):
        return _kind_of_archive(content)
    if ending in (".xlsx", ".docx"):
        raise FileBroken
    if ending in (".csv", ".txt", ".tsv"):
        return "csv"
    raise FormatUnsupported


def _ole_refusal(content: bytes) -> TableRefused:
    """An OLE container is either an encrypted modern file or a file of Office 97–2003."""
    try:
        with olefile.OleFileIO(content) as container:
            if container.exists("EncryptedPackage"):
                return FileProtected()
    except (OSError, ValueError, IndexError, struct.error):  # what olefile raises on a damaged container
        return FileBroken()
    return FormatUnsupported(
        "Tệp ở định dạng Office 97–2003 (.xls, .doc). Vui lòng lưu lại dưới dạng .xlsx hoặc .docx."
    )


def _kind_of_archive(content: bytes) -> str:
    try:
        names = check_zip(content).names
    except ArchiveEncrypted as refusal:
        raise FileProtected from refusal
    except ArchiveBroken as refusal:
        raise FileBroken from refusal
    except ArchiveRefused as refusal:
        raise FileTooLarge(refusal.message) from refusal
    if any(name.lower().endswith("vbaproject.bin") or "/macrosheets/" in name.lower() for name in names):
        raise FileHasMacros
    if "xl/workbook.bin" in names:
        raise FormatUnsupported("Tệp ở định dạng .xlsb. Vui lòng lưu lại dưới dạng .xlsx rồi gửi lần nữa.")
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    if any(name.startswith("word/") for name in names):
        return "docx"
    if "[Content_Types].xml" in names:
        return "xlsx"
    raise FormatUnsupported


def _parse_isolated(
    content: bytes, kind: str, sheet: str, limits: ReadLimits
) -> tuple[dict[str, Any], list[list[CellValue]]]:
    settings = {
        "memory_bytes": limits.memory_bytes,
        "cpu_seconds": limits.cpu_seconds,
        "max_rows": limits.max_rows,
        "max_columns": limits.max_columns,
        "max_cells": limits.max_cells,
        "sheet": sheet,
    }
    with tempfile.TemporaryDirectory(prefix="khcn-table-") as folder:
        source, target = Path(folder) / f"source.{kind}", Path(folder) / "rows"
        source.write_bytes(content)
        command = [sys.executable, "-I", isolated_parser.__file__, kind, str(source), str(target), json.dumps(settings)]
        try:
            # The command is this interpreter and a file of ours; nothing in it comes from the user.
            run = subprocess.run(command, capture_output=True, timeout=limits.wall_seconds, check=False)  # noqa: S603
        except subprocess.TimeoutExpired:
            raise FileTooLarge(
                "Tệp quá phức tạp, đọc quá lâu nên đã dừng. Vui lòng tách thành nhiều tệp nhỏ."
            ) from None
        if run.returncode == _REFUSED_EXIT:
            raise _refusal(run.stdout.decode(errors="replace").strip(), limits)
        if run.returncode < 0:  # stopped by the system: memory or processor time
            raise FileTooLarge(
                "Tệp quá lớn hoặc có ô dữ liệu nằm rất xa bên phải, bên dưới. Vui lòng xóa ô thừa hoặc tách nhỏ tệp."
            )
        if run.returncode:
            raise FileBroken
        records = _records(target)
        facts = next(records)
        return facts, [[_cell(value) for value in record] for record in records]


def _refusal(code: str, limits: ReadLimits) -> TableRefused:
    if code == "rows":
        return FileTooLarge(f"Bảng có quá {limits.max_rows:,} dòng. Vui lòng tách thành nhiều tệp.".replace(",", "."))
    if code in ("columns", "cells"):
        return FileTooLarge(
            "Bảng quá rộng: có ô dữ liệu nằm rất xa bên phải hoặc bên dưới. Vui lòng xóa các ô thừa rồi lưu lại."
        )
    return _REFUSALS.get(code, FileTooLarge)()


def _records(path: Path) -> Iterator[Any]:
    decoder = msgspec.msgpack.Decoder()
    with path.open("rb") as stream:
        while length := stream.read(4):
            yield decoder.decode(stream.read(int.from_bytes(length, "big")))


def _cell(value: Any) -> CellValue:
    if isinstance(value, list):
        tag, text = value
        kinds: dict[str, type[date] | type[time]] = {"d": date, "t": datetime, "h": time}
        return kinds[tag].fromisoformat(text)
    return None if value == "" else value


def _formula_warnings(facts: dict[str, Any]) -> list[TableWarning]:
    warnings = []
    if count := facts.get("formula_count", 0):
        cells = ", ".join(facts["formula_cells"][:_NAMED_CELLS])
        message = f"Có {count} ô chứa công thức ({cells}…); hệ thống dùng giá trị đã tính sẵn, không chạy công thức."
        warnings.append(TableWarning("formulas", message if count > _NAMED_CELLS else message.replace("…)", ")")))
    if empty := facts.get("uncalculated_cells"):
        cells = ", ".join(empty[:_NAMED_CELLS])
        message = f"Các ô công thức {cells} chưa có giá trị. Vui lòng mở tệp bằng Excel, lưu lại rồi gửi lần nữa."
        warnings.append(TableWarning("formulas_uncalculated", message))
    return warnings


def _with_unicode_text(rows: list[list[CellValue]]) -> tuple[list[list[CellValue]], list[TableWarning]]:
    """Every text in form NFC; text typed with TCVN3 or VNI fonts converted, and the user told."""
    sample, length = [], 0
    for row in rows:
        for value in row:
            if isinstance(value, str) and not value.isascii():
                sample.append(value)
                length += len(value)
        if length > _SAMPLE_CHARACTERS:
            break
    if not sample:
        return rows, []
    encoding = detect_encoding("\n".join(sample))
    for row in rows:
        for index, value in enumerate(row):
            if isinstance(value, str):
                row[index] = nfc(value) if encoding == "unicode" else to_unicode(value, encoding)
    if encoding == "unicode":
        return rows, []
    message = (
        f"Chữ trong tệp dùng bảng mã {ENCODING_NAMES[encoding]} và đã được đổi sang Unicode. Vui lòng kiểm tra lại."
    )
    return rows, [TableWarning("encoding_converted", message)]


def _as_table(
    rows: list[list[CellValue]],
    facts: dict[str, Any],
    warnings: list[TableWarning],
    expected_titles: Sequence[str],
    limits: ReadLimits,
) -> Table:
    while rows and all(is_blank(value) for value in rows[-1]):
        rows.pop()
    if not rows:
        raise FileEmpty
    merges: list[Merge] = [((top, left), (bottom, right)) for (top, left), (bottom, right) in facts.get("merges", ())]
    heading = find_heading(rows, merges, expected_titles)
    if heading is None or heading.data_row >= len(rows):
        raise NoTableFound
    if len(rows) - heading.data_row > limits.max_rows:
        raise _refusal("rows", limits)
    columns = _used_columns(rows, heading.titles, heading.data_row)
    body = [
        TableRow(number, _pick(row, columns))
        for number, row in enumerate(rows[heading.data_row :], start=heading.data_row + 1)
        if not all(is_blank(value) for value in row)
    ]
    if not body:
        raise NoTableFound
    preamble = [
        TableRow(number, tuple(value for value in row if not is_blank(value)))
        for number, row in enumerate(rows[: heading.first_row], start=1)
    ]
    return Table(
        headers=tuple(heading.titles[column] for column in columns),
        letters=tuple(column_letter(column) for column in columns),
        rows=tuple(body),
        header_rows=(heading.first_row + 1, heading.last_row + 1),
        preamble=tuple(row for row in preamble if row.cells),
        sheet=facts.get("sheet", ""),
        sheet_names=tuple(facts.get("sheet_names", ())),
        warnings=tuple(warnings),
    )


def _used_columns(rows: list[list[CellValue]], titles: Sequence[str], data_row: int) -> list[int]:
    """Columns that have a title, or a value below the heading."""
    used = {column for column, title in enumerate(titles) if title}
    for row in rows[data_row:]:
        used.update(column for column, value in enumerate(row) if not is_blank(value))
    return sorted(used)


def _pick(row: list[CellValue], columns: Sequence[int]) -> tuple[CellValue, ...]:
    return tuple(row[column] if column < len(row) else None for column in columns)
