"""Decodes delimited text (.csv) whatever program saved it: encoding, delimiter, quotes; finds no heading."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator

from khcn.lib.encodings import decode_bytes
from khcn.web.spreadsheets.table import CellValue, FileBroken, FileTooLarge, ReadLimits, TableWarning

_DELIMITERS = (",", ";", "\t", "|")
_SNIFFED_LINES = 50
_FIELD_LIMIT = 1_000_000
_LEGACY_BYTES = 10 * 1024 * 1024  # converting old encodings takes about half a second for each megabyte


def decode_text(content: bytes) -> tuple[str, str]:
    """(text, name of the encoding) of a text file.

    UTF-8 and UTF-16 are recognised with or without mark; other bytes go to khcn.lib.encodings, which knows
    Windows-1258, TCVN3 and VNI. Raises FileBroken when the bytes are no text.
    """
    if content.startswith(codecs.BOM_UTF8):
        return _strictly(content[3:], "utf-8"), "UTF-8"
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _strictly(content, "utf-16"), "UTF-16"
    head = content[:4096]
    if head[1::2].count(0) > len(head) // 4:
        return _strictly(content, "utf-16-le"), "UTF-16"
    if head[0::2].count(0) > len(head) // 4:
        return _strictly(content, "utf-16-be"), "UTF-16"
    if b"\x00" in content:
        raise FileBroken("Tệp không phải là văn bản nên không đọc được bảng. Vui lòng chọn đúng tệp .csv.")
    try:
        return content.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        if len(content) > _LEGACY_BYTES:
            message = "Tệp lớn không dùng bảng mã Unicode. Vui lòng lưu lại dưới dạng CSV UTF-8 rồi gửi lần nữa."
            raise FileBroken(message) from None
        return decode_bytes(content)


def delimiter_of(text: str) -> str:
    """The delimiter that splits the first lines most evenly; "," when none does. A first line "sep=;" decides."""
    first = text[:16].splitlines()[0] if text else ""
    if first.lower().startswith("sep=") and len(first) == 5:
        return first[4]
    lines = [line for line in text[:200_000].splitlines()[:_SNIFFED_LINES] if line.strip()]
    best, best_score = ",", 0.0
    for delimiter in _DELIMITERS:
        try:
            widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter))
        except csv.Error:  # an endless field with this delimiter; another may split it
            continue
        width, times = max(widths.items(), key=lambda item: (item[1] * (item[0] > 1), item[0]), default=(1, 0))
        score = times / max(len(lines), 1) * (width > 1) + width / 1_000
        if width > 1 and score > best_score:
            best, best_score = delimiter, score
    return best


def read_delimited(content: bytes, limits: ReadLimits) -> tuple[list[list[CellValue]], list[TableWarning]]:
    """Rows of text of a delimited file; empty cells are None.

    The apostrophe that guards a formula is taken off again. Raises FileBroken, FileTooLarge.
    """
    text, encoding = decode_text(content)
    warnings = []
    if not encoding.startswith("UTF"):
        message = f"Tệp dùng bảng mã {encoding} và đã được đổi sang Unicode. Vui lòng kiểm tra kỹ chữ có dấu."
        warnings.append(TableWarning("encoding_converted", message))
    csv.field_size_limit(_FIELD_LIMIT)  # one limit for the whole process, so it is the same at every call
    delimiter = delimiter_of(text)
    if text[:16].lower().startswith("sep="):
        text = text.split("\n", 1)[1] if "\n" in text else ""
        text = "\n" + text  # keeps the row numbers of the file
    return list(_rows(text, delimiter, limits)), warnings


def _rows(text: str, delimiter: str, limits: ReadLimits) -> Iterator[list[CellValue]]:
    count = cells = 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            count += 1
            cells += len(row)
            if count > limits.max_rows + 1_000 or cells > limits.max_cells or len(row) > limits.max_columns:
                most = f"{limits.max_rows:,}".replace(",", ".")
                raise FileTooLarge(f"Tệp có quá {most} dòng hoặc quá nhiều cột. Vui lòng tách thành nhiều tệp nhỏ hơn.")
            yield [_cell(value) for value in row]
    except csv.Error as error:
        raise FileBroken("Tệp .csv có dấu ngoặc kép không đóng hoặc ô quá dài. Vui lòng mở và lưu lại tệp.") from error


def _cell(value: str) -> CellValue:
    if value.startswith("'") and value[1:2] in ("=", "+", "-", "@", "\t", "\r"):
        value = value[1:]
    return value if value.strip() else None


def _strictly(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise FileBroken("Tệp bị cắt ngang hoặc sai bảng mã. Vui lòng lưu lại dưới dạng CSV UTF-8.") from error
