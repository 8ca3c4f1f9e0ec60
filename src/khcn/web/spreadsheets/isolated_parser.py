"""Stand-alone program that parses one office file under hard limits; `reading` starts it as a child process.

It imports nothing of this project, so that it starts fast and works in isolated mode. It trusts nothing in the file:
memory and processor time are capped by the system before the first byte is read. Called as

    python -I isolated_parser.py KIND SOURCE TARGET '{"memory_bytes": …, "cpu_seconds": …, "max_rows": …, …}'

and writes TARGET as MessagePack: one map with the sheet's facts, then one array of cells for each row. Dates travel as
["d", ISO], date-times as ["t", ISO], times as ["h", ISO]. Exit code 0 = written; 3 = refused, with the code of a
`TableRefused` on standard output; anything else = it was stopped or broke down.
"""

import datetime
import io
import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterable
from typing import Any

_ROW_OF_CELL = re.compile(rb'\br="[A-Z]{1,3}([0-9]{1,7})"')
# No part can run past the next tag, so a hostile sheet cannot make the search quadratic.
_FORMULA_CELL = re.compile(
    rb'<(?:\w+:)?c\b[^<>]{0,200}?\br="([A-Z]{1,3}[0-9]{1,7})"[^<>]{0,200}>\s{0,20}'
    rb"<(?:\w+:)?f\b[^<>]{0,400}(?:/>|>[^<]{0,20000}</(?:\w+:)?f>)\s{0,20}(<(?:\w+:)?v>[^<])?"
)
_VALUE_MARKS = (b"<v>", b"<is>", b"<v ", b":v>", b":is>")
_CHUNK = 4 * 1024 * 1024
_OVERLAP = 64 * 1024
_KEPT_FORMULA_CELLS = 20
_REFUSED = 3


class Refused(Exception):
    """Carries the code of the TableRefused that the parent will raise."""


def main(kind: str, source: str, target: str, limits: dict[str, Any]) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory_bytes"],) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (limits["cpu_seconds"],) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import msgspec

    reader = {"xlsx": read_workbook, "docx": read_word_table}[kind]
    facts, rows = reader(source, limits)
    encoder = msgspec.msgpack.Encoder()
    with open(target, "wb") as output:
        output.write(_framed(encoder.encode(facts)))
        for row in rows:
            output.write(_framed(encoder.encode([_portable(value) for value in row])))


def _framed(payload: bytes) -> bytes:
    return len(payload).to_bytes(4, "big") + payload


def _portable(value: Any) -> Any:
    if isinstance(value, datetime.datetime):
        return ["t", value.isoformat()]
    if isinstance(value, datetime.date):
        return ["d", value.isoformat()]
    if isinstance(value, datetime.time):
        return ["h", value.isoformat()]
    if isinstance(value, datetime.timedelta):
        return value.total_seconds() / 86_400
    return value


# Workbooks


def read_workbook(source: str, limits: dict[str, Any]) -> tuple[dict[str, Any], Iterable[list[Any]]]:
    import python_calamine

    parts = _sheet_parts(source)
    if not parts:
        raise Refused("file_empty")
    wanted = limits.get("sheet")
    chosen: str | None = None
    scan: dict[str, Any] = {}
    for name, part in parts:
        if wanted and name != wanted:
            continue
        scan = _scan_sheet(source, part)
        if scan["last_row"]:
            chosen = name
            break
    if chosen is None:
        raise Refused("file_empty")
    if scan["last_row"] > limits["max_rows"] + 1_000:  # heading and title rows come on top
        raise Refused("rows")
    try:
        workbook = python_calamine.CalamineWorkbook.from_path(source)
        sheet = workbook.get_sheet_by_name(chosen)
    except python_calamine.PasswordError:
        raise Refused("file_protected") from None
    except python_calamine.CalamineError:
        raise Refused("file_broken") from None
    if sheet.start is None:
        raise Refused("file_empty")
    # Cells far away from each other make a large rectangle out of a small file.
    if sheet.total_width > limits["max_columns"]:
        raise Refused("columns")
    if sheet.total_height * sheet.total_width > limits["max_cells"]:
        raise Refused("cells")
    facts = {
        "sheet": chosen,
        "sheet_names": [name for name, _ in parts],
        "merges": [[list(first), list(last)] for first, last in sheet.merged_cell_ranges or []],
        "formula_count": scan["formula_count"],
        "formula_cells": scan["formula_cells"],
        "uncalculated_cells": scan["uncalculated_cells"],
    }
    # iter_rows gives the empty rows before the data but not the empty columns.
    lead = [None] * sheet.start[1]
    return facts, (lead + row for row in sheet.iter_rows())


def _sheet_parts(source: str) -> list[tuple[str, str]]:
    """[(sheet name, path in the zip)] of the visible worksheets, in the workbook's order."""
    from defusedxml.ElementTree import fromstring

    with zipfile.ZipFile(source) as archive:
        root_relations = fromstring(archive.read("_rels/.rels"))
        book = next(
            relation.get("Target", "").lstrip("/")
            for relation in root_relations
            if relation.get("Type", "").endswith("/officeDocument")
        )
        folder, _, leaf = book.rpartition("/")
        relations_path = f"{folder}/_rels/{leaf}.rels" if folder else f"_rels/{leaf}.rels"
        targets = {
            relation.get("Id", ""): relation.get("Target", "")
            for relation in fromstring(archive.read(relations_path))
            if relation.get("Type", "").endswith("/worksheet")
        }
        parts = []
        for element in fromstring(archive.read(book)).iter():
            if element.tag.rpartition("}")[2] != "sheet" or element.get("state", "visible") != "visible":
                continue
            identifier = next((value for key, value in element.attrib.items() if key.endswith("}id")), None)
            target = targets.get(identifier or "")
            if target:
                path = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}" if folder else target
                parts.append((element.get("name", ""), path))
    return parts


def _scan_sheet(source: str, part: str) -> dict[str, Any]:
    """Last row that holds a value, and the cells with formulas, without building the sheet in memory.

    Styled but empty rows do not count: many offices format a sheet down to its last row.
    """
    last_row = count = 0
    cells: list[str] = []
    uncalculated: list[str] = []
    with zipfile.ZipFile(source) as archive, archive.open(part) as stream:
        tail = b""
        while chunk := stream.read(_CHUNK):
            window = tail + chunk
            value_at = max(window.rfind(mark) for mark in _VALUE_MARKS)
            if value_at >= 0:
                cell_at = max(window.rfind(b"<c ", 0, value_at), window.rfind(b":c ", 0, value_at))
                reference = _ROW_OF_CELL.search(window, max(cell_at, 0), value_at)
                last_row = max(last_row, int(reference.group(1)) if reference else 1)
            end = 0
            if b"<f" in window or b":f" in window:
                for match in _FORMULA_CELL.finditer(window):
                    end = match.end()
                    count += 1
                    name = match.group(1).decode()
                    if len(cells) < _KEPT_FORMULA_CELLS:
                        cells.append(name)
                    if match.group(2) is None and len(uncalculated) < _KEPT_FORMULA_CELLS:
                        uncalculated.append(name)
            # The overlap starts after the last whole formula, so none is counted twice.
            tail = window[max(end, len(window) - _OVERLAP) :]
    return {
        "last_row": last_row,
        "formula_count": count,
        "formula_cells": cells,
        "uncalculated_cells": uncalculated,
    }


# Word


def read_word_table(source: str, limits: dict[str, Any]) -> tuple[dict[str, Any], Iterable[list[Any]]]:
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    with open(source, "rb") as stream:
        content = stream.read()
    try:
        document = docx.Document(io.BytesIO(content))
    except (PackageNotFoundError, KeyError, ValueError):
        raise Refused("file_broken") from None
    grids = [_grid(table) for table in document.tables]
    if not grids:
        raise Refused("no_table")
    rows, merges = max(grids, key=_likeness_to_data)
    if len(rows) > limits["max_rows"]:
        raise Refused("rows")
    facts = {"sheet": "", "sheet_names": [], "merges": merges, "formula_count": 0}
    return facts, rows


_LETTERHEAD = ("CỘNG HÒA XÃ HỘI", "CỘNG HOÀ XÃ HỘI", "NƠI NHẬN", "ĐỘC LẬP")


def _likeness_to_data(grid: tuple[list[list[Any]], list[Any]]) -> tuple[bool, int]:
    """The letterhead and the signature block of an official document are tables too; a data table is not like them."""
    rows, _ = grid
    text = " ".join(str(value) for row in rows[:3] for value in row if value).upper()
    is_letterhead = any(mark in text for mark in _LETTERHEAD)
    width = max((len(row) for row in rows), default=0)
    return (not is_letterhead and width > 1 and len(rows) > 1, sum(1 for row in rows for value in row if value))


def _grid(table: Any) -> tuple[list[list[Any]], list[Any]]:
    """Rows of text, a merged cell's text only in its first place, and the merged ranges."""
    from docx.oxml.ns import qn

    rows: list[list[Any]] = []
    merges: list[list[list[int]]] = []
    open_merges: dict[int, list[list[int]]] = {}
    for row_index, row in enumerate(table._tbl.tr_lst):
        cells: list[Any] = [None] * row.grid_before
        for cell in row.tc_lst:
            column, span = len(cells), cell.grid_span
            merge = cell.vMerge
            if merge == "continue" and column in open_merges:
                open_merges[column][1][0] = row_index
                cells.extend([None] * span)
                continue
            text = "\n".join(
                "".join(node.text or "" for node in paragraph.iter(qn("w:t"))) for paragraph in cell.iter(qn("w:p"))
            )
            if span > 1 or merge == "restart":
                merges.append([[row_index, column], [row_index, column + span - 1]])
            if merge == "restart":
                open_merges[column] = merges[-1]
            else:
                open_merges.pop(column, None)
            cells.append(text.strip())
            cells.extend([None] * (span - 1))
        rows.append(cells)
    width = max((len(cells) for cells in rows), default=0)
    return [cells + [None] * (width - len(cells)) for cells in rows], merges


if __name__ == "__main__":
    try:
        main(sys.argv[1], sys.argv[2], sys.argv[3], json.loads(sys.argv[4]))
    except Refused as refusal:
        sys.stdout.write(str(refusal))
        sys.exit(_REFUSED)
    except MemoryError:
        sys.stdout.write("memory")
        sys.exit(_REFUSED)
    except (KeyError, StopIteration, SyntaxError, ValueError, zipfile.BadZipFile, EOFError):
        # A package whose parts are missing or not XML: SyntaxError is the base of ElementTree.ParseError.
        sys.stdout.write("file_broken")
        sys.exit(_REFUSED)
