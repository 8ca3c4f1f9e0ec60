"""The heading rows of a table in a plan: where they end, and the folded words over each column."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from khcn.domains.programme.rules.plan_reading.numerals import NUMBER
from khcn.standards.officialdoc import fold

_SEARCHED = 4
_NUMBERING = re.compile(r"(?:\d{1,3}(?:\.\d+)*\.?|[IVX]+\.?|[A-H]\.?)")
_FIGURE = re.compile(
    r"^(?:[≥≤<>=]+|ít nhất|tối thiểu|không dưới|trên|hơn|từ|không quá|tối đa|dưới|khoảng|đạt)?\s*"
    rf"(?:{NUMBER})\s*%?(?:\s*[-–]\s*(?:{NUMBER})\s*%?)?(?:\s*[^\W\d_][^\d|]{{0,40}})?$",
    re.IGNORECASE,
)
_YEAR_OR_COLUMN = re.compile(r"(?:19|20)\d\d|\(?\d\)?")


@dataclass(frozen=True, slots=True)
class Head:
    """Folded labels of the columns, and how many rows they take."""

    labels: tuple[str, ...]
    rows: int


def head_of(rows: Sequence[Sequence[str]]) -> Head:
    """Return the head of a table; the labels of several heading rows are joined column by column."""
    labels: list[str] = []
    count = 0
    for index, row in enumerate(rows[:_SEARCHED]):
        if index and begins_content(row):
            break
        folded = [fold(cell).strip(" .:") for cell in row]
        width = max(len(labels), len(folded))
        # A heading cell that spans leaves blanks: its words hold for the columns under it.
        labels = [
            f"{labels[i] if i < len(labels) else ''} {folded[i] if i < len(folded) else ''}".strip()
            for i in range(width)
        ]
        count = index + 1
    return Head(tuple(labels), count)


def begins_content(row: Sequence[str]) -> bool:
    """Whether `row` is no heading: it starts with a number of its own, or holds figures that are no years."""
    first = next((cell.strip() for cell in row if cell.strip()), "")
    if _NUMBERING.fullmatch(first) and any(re.search(r"[^\W\d_]{2,}", cell) for cell in row[1:]):
        return True
    return any(is_figure(cell) for cell in row[1:])


def is_figure(cell: str) -> bool:
    """Whether a cell holds a figure to read: a number that is neither a year nor a column's number."""
    text = cell.strip()
    return bool(_FIGURE.match(text)) and not _YEAR_OR_COLUMN.fullmatch(text)
