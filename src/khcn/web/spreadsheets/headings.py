"""Finds the heading of a table inside a sheet as offices write them, with title rows above and merged cells.

Pure: a grid of values and its merged ranges in, the place of the heading out.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median

from khcn.lib.text import fold
from khcn.web.spreadsheets.table import CellValue

Grid = Sequence[Sequence[CellValue]]
Merge = tuple[tuple[int, int], tuple[int, int]]  # ((first row, first column), (last row, last column)), 0-based

_SEARCHED_ROWS = 40
_LEVEL_SEPARATOR = " – "
_MAX_LEVELS = 4
_COLUMN_NUMBER = re.compile(r"\(?(\d{1,2}|[a-z]|[ivx]{1,4})\)?(\s*=.*)?$")
_NUMBER_LIKE = re.compile(r"[\d.,\s%/()+-]+$")
_USUAL_HEADINGS = frozenset(
    ("stt", "tt", "so tt", "ten", "ma", "ma so", "ghi chu", "don vi", "noi dung", "ngay", "thoi gian", "kinh phi")
)


@dataclass(frozen=True)
class Heading:
    """first_row and last_row: 0-based rows of the heading; data_row: where the data begins; titles: one per column.

    Titles of a heading with several rows are joined from top to bottom: "Kinh phí – Năm 2023".
    """

    first_row: int
    last_row: int
    data_row: int
    titles: tuple[str, ...]


def find_heading(grid: Grid, merges: Sequence[Merge] = (), expected: Sequence[str] = ()) -> Heading | None:
    """The heading of the grid, or None when no row looks like one.

    expected: titles the caller hopes for; a row that holds them wins. Rows after the first 40 are not looked at.
    """
    width = max((len(row) for row in grid), default=0)
    wanted = {fold(title) for title in expected}
    scored = [
        (_score(grid, index, width, wanted), -index)
        for index in range(min(len(grid), _SEARCHED_ROWS))
        if _texts(grid[index])
    ]
    if not scored:
        return None
    best = -max(scored)[1]
    first, last = _with_merged_levels(grid, merges, best, width)
    titles = _titles(grid, merges, first, last, width)
    data_row = last + 1
    if data_row < len(grid) and _is_column_numbering(grid[data_row]):
        data_row += 1
    return Heading(first_row=first, last_row=last, data_row=data_row, titles=titles)


def is_blank(value: CellValue) -> bool:
    """True for an empty cell or one with spaces only."""
    return value is None or (isinstance(value, str) and not value.strip())


def _texts(row: Sequence[CellValue]) -> list[str]:
    return [value.strip() for value in row if isinstance(value, str) and value.strip()]


def _score(grid: Grid, index: int, width: int, wanted: set[str]) -> float:
    """Higher = more like a heading: many short, different texts, no figures, and rows as wide below."""
    row = grid[index]
    filled = [value for value in row if not is_blank(value)]
    texts = _texts(row)
    folded = [fold(text) for text in texts]
    words = sum(1 for text in texts if not _NUMBER_LIKE.match(text))
    figures = len(filled) - words
    below = [
        sum(1 for value in other if not is_blank(value))
        for other in grid[index + 1 : index + 21]
        if any(not is_blank(value) for value in other)
    ]
    typical = median(below) if below else 0
    score = len(set(folded)) - 2.0 * figures
    score += 2.0 * sum(1 for text in folded if text in _USUAL_HEADINGS)
    score += 5.0 * sum(1 for text in folded if text in wanted)
    score -= sum(0.5 for text in texts if len(text) > 80)
    score -= sum(1.0 for value in filled if isinstance(value, date | datetime))
    if typical > 1 and len(filled) < typical / 2:
        score -= 3.0
    if not below:
        score -= 1.0
    return score - 0.05 * index * (1 if width > 1 else 0)


def _with_merged_levels(grid: Grid, merges: Sequence[Merge], best: int, width: int) -> tuple[int, int]:
    """Widen one heading row to all its levels, by the merged ranges around it."""
    first = last = best
    banners = {merge for merge in merges if merge[1][1] - merge[0][1] + 1 >= max(width - 1, 2) and width > 3}
    inner = [merge for merge in merges if merge not in banners]
    changed = True
    while changed and last - first < _MAX_LEVELS:
        changed = False
        for (top, left), (bottom, right) in inner:
            spans_columns = right > left
            if top < first and (bottom >= first or (spans_columns and bottom == first - 1)) and first - top <= 2:
                first, changed = top, True
            elif first <= top <= last < bottom and bottom - top < _MAX_LEVELS:
                last, changed = bottom, True
            elif spans_columns and bottom == last and last + 1 < len(grid) and top >= first:
                below = grid[last + 1][left : right + 1]
                if len(_texts(below)) > 1 and all(isinstance(value, str) for value in below if not is_blank(value)):
                    last, changed = last + 1, True
    return first, last


def _titles(grid: Grid, merges: Sequence[Merge], first: int, last: int, width: int) -> tuple[str, ...]:
    levels = []
    for index in range(first, last + 1):
        levels.append(
            [_title_text(grid[index][column]) if column < len(grid[index]) else "" for column in range(width)]
        )
    for (top, left), (bottom, right) in merges:
        if top < first or top > last:
            continue
        text = levels[top - first][left] if left < width else ""
        for index in range(top, min(bottom, last) + 1):
            for column in range(left, min(right, width - 1) + 1):
                levels[index - first][column] = text
    titles = []
    for column in range(width):
        parts: list[str] = []
        for level in levels:
            if level[column] and level[column] not in parts:
                parts.append(level[column])
        titles.append(_LEVEL_SEPARATOR.join(parts))
    return tuple(titles)


def _title_text(value: CellValue) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(str(value).split())


def _is_column_numbering(row: Sequence[CellValue]) -> bool:
    """The row of column numbers that forms carry under their heading: (1) (2) (3)… or A B 1 2…"""
    filled = [fold(_title_text(value)) for value in row if not is_blank(value)]
    if len(filled) < 2 or not all(_COLUMN_NUMBER.match(text) for text in filled):
        return False
    numbers = [int(match.group(1)) for text in filled if (match := re.match(r"\(?(\d{1,2})\)?", text))]
    return len(numbers) >= 2 and numbers == list(range(numbers[0], numbers[0] + len(numbers))) and numbers[0] <= 3
