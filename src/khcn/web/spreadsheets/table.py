"""The table that a person's file becomes, and the reasons why a file is refused.

No file is opened here: `reading` makes these values, `validation` checks them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time

from khcn.lib.failure import Failure

CellValue = str | int | float | bool | datetime | date | time | None


@dataclass(frozen=True)
class ReadLimits:
    """What reading one file may cost at most; a file beyond is refused with a sentence that says so."""

    max_bytes: int = 50 * 1024 * 1024
    max_rows: int = 100_000
    max_columns: int = 500
    max_cells: int = 3_000_000
    memory_bytes: int = 500 * 1024 * 1024
    cpu_seconds: int = 60
    wall_seconds: int = 90


DEFAULT_READ_LIMITS = ReadLimits()


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: its number as the user's program shows it (1-based) and one value per column of the table."""

    number: int
    cells: tuple[CellValue, ...]


@dataclass(frozen=True, slots=True)
class TableWarning:
    """Something the user should know although the file was read. `code` is stable, `message_vi` is for the user."""

    code: str
    message_vi: str


@dataclass(frozen=True)
class Table:
    """A read table.

    headers[i] is the heading of column i and letters[i] its letter in the file (A, B … for .csv and .docx too).
    preamble: rows above the heading (title, unit of measure). header_rows: first and last row number of the heading.
    sheet_names: the visible sheets of the workbook, empty for other formats; sheet: the one that was read.
    """

    headers: tuple[str, ...]
    letters: tuple[str, ...]
    rows: tuple[TableRow, ...]
    header_rows: tuple[int, int]
    preamble: tuple[TableRow, ...] = ()
    sheet: str = ""
    sheet_names: tuple[str, ...] = ()
    warnings: tuple[TableWarning, ...] = field(default=())

    def __iter__(self) -> Iterator[TableRow]:
        return iter(self.rows)


class TableRefused(Failure):
    """The file cannot be read as a table.

    TableRefused
      ├─ FileEmpty           file_empty          0 bytes, or no value in it
      ├─ FileTooLarge        file_too_large      bytes, rows, columns, cells, time or memory beyond the limits
      ├─ FileBroken          file_broken         damaged, cut off, or not what its name says
      ├─ FileProtected       file_protected      needs a password
      ├─ FileHasMacros       file_has_macros     holds a program (.xlsm, vbaProject)
      ├─ FormatUnsupported   format_unsupported  not .xlsx, .csv or .docx
      └─ NoTableFound        no_table            no heading with rows below it
    """

    code = "table_refused"
    default = "Không đọc được bảng trong tệp này."


class FileEmpty(TableRefused):
    code = "file_empty"
    default = "Tệp trống, không có dữ liệu nào. Vui lòng kiểm tra và chọn lại tệp."


class FileTooLarge(TableRefused):
    code = "file_too_large"
    default = "Tệp quá lớn để đọc an toàn. Vui lòng tách thành nhiều tệp nhỏ hơn rồi nhập từng tệp."


class FileBroken(TableRefused):
    code = "file_broken"
    default = "Tệp bị hỏng hoặc chưa tải lên đủ, không mở được. Vui lòng mở lại tệp gốc, lưu lại rồi gửi lần nữa."


class FileProtected(TableRefused):
    code = "file_protected"
    default = "Tệp được bảo vệ bằng mật khẩu. Vui lòng bỏ mật khẩu, lưu lại rồi gửi lần nữa."


class FileHasMacros(TableRefused):
    code = "file_has_macros"
    default = "Tệp có chứa macro (chương trình) nên không được nhận. Vui lòng lưu lại dưới dạng .xlsx rồi gửi lần nữa."


class FormatUnsupported(TableRefused):
    code = "format_unsupported"
    default = "Chỉ nhận tệp Excel (.xlsx), tệp .csv hoặc bảng trong tệp Word (.docx)."


class NoTableFound(TableRefused):
    code = "no_table"
    default = "Không tìm thấy bảng nào có dòng tiêu đề và dữ liệu bên dưới. Vui lòng dùng tệp mẫu của hệ thống."


def column_letter(index: int) -> str:
    """Letter of a 0-based column: 0 → A, 25 → Z, 26 → AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
