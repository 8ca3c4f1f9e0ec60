"""A timeline of rows with bars between dates, as the numbers an SVG needs; drawn by `<c-gantt :gantt="gantt" />`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

LABEL_WIDTH = 270
ROW_HEIGHT = 34
HEAD_HEIGHT = 46
PLOT_WIDTH = 810
#: A year narrower than this has no room for its number.
YEAR_ROOM = 34
#: From the line of a year to its number, and from the line of today to where its words end.
YEAR_INDENT, TODAY_ROOM = 6, 32


@dataclass(frozen=True, slots=True)
class Bar:
    """A span of days in a row: first day, last day (included), tone, what it says, and the share done (0–1)."""

    first: date
    last: date
    tone: str = "active"
    label: str = ""
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One line: name, bars, milestones (date, label), and the page it leads to."""

    name: str
    bars: Sequence[Bar] = ()
    milestones: Sequence[tuple[date, str]] = ()
    address: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """A bar in SVG units."""

    x: float
    width: float
    done: float
    tone: str
    label: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row in SVG units: its top, boxes, milestones as (x, label)."""

    row: Row
    top: int
    boxes: tuple[Box, ...]
    diamonds: tuple[tuple[float, str], ...]


@dataclass(frozen=True)
class Gantt:
    """Rows over the days [first, last]; `today` draws a line when it lies inside."""

    title: str
    rows: Sequence[Row]
    first: date
    last: date
    today: date | None = None
    lines: tuple[Line, ...] = field(init=False)

    def __post_init__(self) -> None:
        if self.last <= self.first:
            raise ValueError("the last day of a timeline comes after its first")
        object.__setattr__(self, "lines", tuple(self._line(row, index) for index, row in enumerate(self.rows)))

    @property
    def width(self) -> int:
        """Width of the drawing."""
        return LABEL_WIDTH + PLOT_WIDTH

    @property
    def height(self) -> int:
        """Height of the drawing."""
        return HEAD_HEIGHT + ROW_HEIGHT * len(self.rows)

    @property
    def left(self) -> int:
        """Where the days begin."""
        return LABEL_WIDTH

    @property
    def years(self) -> list[tuple[float, float, int]]:
        """(x, x of the number, year) of each year shown; the year is 0 where its number has no room.

        The number stands behind the words of today where they would cover it.
        """
        found = []
        for year in range(self.first.year, self.last.year + 1):
            left = self.x(date(year, 1, 1))
            right, number = self.x(date(year + 1, 1, 1)), left + YEAR_INDENT
            if self.today_x is not None and self.today_x - TODAY_ROOM - YEAR_ROOM < number < self.today_x + TODAY_ROOM:
                number = self.today_x + TODAY_ROOM
            found.append((left, round(number, 1), year if right - number >= YEAR_ROOM - YEAR_INDENT else 0))
        return found

    @property
    def quarters(self) -> list[tuple[float, str]]:
        """(x, "Q1" …) of each quarter that begins within the days."""
        starts = [date(y, m, 1) for y in range(self.first.year, self.last.year + 1) for m in (1, 4, 7, 10)]
        return [(self.x(day), f"Q{(day.month + 2) // 3}") for day in starts if self.first <= day <= self.last]

    @property
    def today_x(self) -> float | None:
        """Where today's line stands, or None."""
        inside = self.today is not None and self.first <= self.today <= self.last
        return self.x(self.today) if inside and self.today else None

    def x(self, day: date) -> float:
        """The day's place from the left, held inside the drawing."""
        share = (day - self.first).days / (self.last - self.first).days
        return round(LABEL_WIDTH + PLOT_WIDTH * min(max(share, 0.0), 1.0), 1)

    def _line(self, row: Row, index: int) -> Line:
        boxes = []
        for bar in row.bars:
            start, end = self.x(bar.first), self.x(bar.last)
            width = max(end - start, 3.0)
            boxes.append(Box(start, round(width, 1), round(width * (bar.share or 0), 1), bar.tone, bar.label))
        diamonds = tuple((self.x(day), text) for day, text in row.milestones)
        return Line(row, HEAD_HEIGHT + index * ROW_HEIGHT, tuple(boxes), diamonds)
