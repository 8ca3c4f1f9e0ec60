"""Put together the rows of a table that was copied as one cell to a line ("TT", "Chỉ tiêu", "Năm 2026", "1", …).

Only a table that begins with a column of numbers is recognised: the numbers in step tell where each row begins.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from khcn.lib.text import fold
from khcn.standards.officialdoc.lines import Line

_FIRST_HEAD = re.compile(r"(?:s\.?)?t\.?t\.?|so (?:tt|thu tu)")
_YEAR = re.compile(r"(?:năm\s+)?(?:19|20)\d\d", re.IGNORECASE)
_GROUP = re.compile(r"[IVX]{1,5}\.?|[A-H]\.?")
_SPANNING = re.compile(r"ke hoach|muc tieu|phan dau|lo trinh|giai doan|thuc hien|chi tieu (?:giao|nam)|cac nam|\bnam$")
_FIGURE = re.compile(r"\d")
_BARE_FIGURE = re.compile(r"[≥≤<>=~]*\s*\d[\d.,\s]*%?(?:\s*[-–]\s*\d[\d.,]*\s*%?)?")
_REMARKS = re.compile(r"ghi chu|chu thich")
_MOST_COLUMNS = 12
_LONGEST_HEAD = 90
_MOST_WRAPS = 6  # more lines than this in one row of a table: it is no table


def join_flattened_rows(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Return `lines` with each row of a flattened table as one line of columns. Linear in the number of lines."""
    joined: list[Line] = []
    i = 0
    while i < len(lines):
        rows, stop = _table_at(lines, i)
        joined += rows or lines[i : i + 1]
        i = stop if rows else i + 1
    return tuple(joined)


def _table_at(lines: Sequence[Line], start: int) -> tuple[list[Line], int]:
    """Return the rows of the table whose first heading cell is `lines[start]` and where it ends; no rows: no table."""
    if not _FIRST_HEAD.fullmatch(fold(lines[start].text).strip(" .")):
        return [], start
    head = _head_end(lines, start)
    width = head - start
    if not 3 <= width <= _MOST_COLUMNS:
        return [], start
    spanning = _spanning(lines, start, head)
    remarked = bool(_REMARKS.fullmatch(fold(lines[head - 1].text)))
    for columns in (width, width - 1) if spanning is not None else (width,):
        rows, stop = _rows(lines, head, columns - remarked)
        if sum(len(row) > 2 for row in rows) >= 2:
            cells = [line.text for line in lines[start:head]]
            if columns < width and spanning is not None:
                # A cell over several years: its words hold for each of them.
                over = cells.pop(spanning)
                cells[spanning:] = [f"{over} {cell}" for cell in cells[spanning:]]
            body = [_line(row, _fitted(row, columns, remarked=remarked)) for row in rows]
            return [_line(lines[start:head], cells), *body], stop
    return [], start


def _head_end(lines: Sequence[Line], start: int) -> int:
    stop = start + 1
    while stop < len(lines) and stop - start <= _MOST_COLUMNS and not _begins_row(lines, stop, 1):
        if len(lines[stop].columns) > 1 or len(lines[stop].text) > _LONGEST_HEAD:
            return start
        stop += 1
    return stop


def _spanning(lines: Sequence[Line], start: int, head: int) -> int | None:
    """Return which heading cell stands over the years that end the head, None when none does."""
    first = head
    while first > start and _YEAR.fullmatch(lines[first - 1].text):
        first -= 1
    if head - first < 2 or first - start < 3 or not _SPANNING.search(fold(lines[first - 1].text)):
        return None
    return first - start - 1


def _begins_row(lines: Sequence[Line], index: int, number: int) -> bool:
    text = lines[index].text.strip(" .")
    if index + 1 >= len(lines) or len(lines[index].columns) > 1 or not re.search(r"[^\W\d_]", lines[index + 1].text):
        return False
    return text == str(number) or text == f"{number:02d}" or (number == 1 and bool(_GROUP.fullmatch(text)))


def _rows(lines: Sequence[Line], start: int, columns: int) -> tuple[list[Sequence[Line]], int]:
    rows: list[Sequence[Line]] = []
    i, number = start, 1
    while i < len(lines):
        text = lines[i].text.strip(" .")
        if _GROUP.fullmatch(text) and i + 2 < len(lines) and any(_begins_row(lines, i + 2, n) for n in (1, number)):
            # A heading within the table has a number and words only; counting goes on or starts again.
            rows.append(lines[i : i + 2])
            number = number if _begins_row(lines, i + 2, number) else 1
            i += 2
            continue
        if not _begins_row(lines, i, number):
            break
        stop = _row_end(lines, i, columns, number)
        if stop is None:
            break
        rows.append(lines[i:stop])
        i, number = stop, number + 1
    return rows, i


def _row_end(lines: Sequence[Line], start: int, columns: int, number: int) -> int | None:
    """Return where the row ends: before the next number, or, in the last row, after its last figure.

    None when cells are missing and no blank lines tell which.
    """
    for stop in range(start + 2, min(len(lines), start + columns + _MOST_WRAPS)):
        if _begins_row(lines, stop, number + 1) or (
            _GROUP.fullmatch(lines[stop].text.strip(" ."))
            and stop + 2 < len(lines)
            and any(_begins_row(lines, stop + 2, n) for n in (1, number + 1))
        ):
            return stop if len(_cells(lines[start:stop])) >= columns else None
    least = start + columns
    for stop in range(least, min(len(lines), least + 2) + 1):
        if _FIGURE.search(lines[stop - 1].text):
            return stop
    return None


def _cells(row: Sequence[Line]) -> list[str]:
    """Return the texts of the lines, with an empty cell for each blank line between them."""
    cells = [row[0].text]
    for line in row[1:]:
        cells += [""] * line.blanks_before + [line.text]
    return cells


def _fitted(row: Sequence[Line], columns: int, *, remarked: bool) -> list[str]:
    """Return the cells of a row: what the second, the words, was wrapped into is put together; remarks may lack."""
    plain = [line.text for line in row]
    cells = plain if len(plain) >= columns - remarked else _cells(row)
    if remarked and _BARE_FIGURE.fullmatch(cells[-1]) and not _BARE_FIGURE.fullmatch("".join(cells[columns - 2 : -1])):
        cells = [*cells, ""]
    extra = len(cells) - columns
    return cells if extra <= 0 else [cells[0], " ".join(cells[1 : 2 + extra]), *cells[2 + extra :]]


def _line(lines: Sequence[Line], cells: list[str]) -> Line:
    return replace(
        lines[0],
        text=" | ".join(cells),
        end=lines[-1].end,
        last=lines[-1].last,
        exact=False,
        columns=tuple(cells),
    )
