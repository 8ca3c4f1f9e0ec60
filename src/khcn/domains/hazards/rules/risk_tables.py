"""Levels of natural hazard by dated decision tables: what a table says, what it leaves open, where it says two things.

A table is data (rows of tests with clause and level, a declared hit policy); nothing of the law stands in this module.
The answer is a level, "outside the table" or "unknown": missing facts are never filled in and never lower a level.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import product

Fact = float | int | str | None
"""A number in the input's unit, a choice's code, None (or NaN) where it is not known."""

_INTERVAL = re.compile(r"([\[(])\s*(-?[0-9.]+)?\s*,\s*(-?[0-9.]+)?\s*([\])])")
_CHOICES = re.compile(r"\{([^{}]*)\}")


class UnreadableTest(ValueError):
    """A test is neither an interval like (200,400] nor choices like {south}; the message names it."""


class HitPolicy(Enum):
    """Which row counts where several hold."""

    UNIQUE = "unique"  # rows of two levels at once are a fault of the table: unknown, with both clauses
    FIRST = "first"  # the first row in the order of the table
    HIGHEST = "highest"  # the row with the highest level


class Outcome(Enum):
    """What a table can answer."""

    LEVEL = "level"
    OUTSIDE = "outside_table"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Interval:
    """Numbers from low to high; an open end is excluded, None has no bound."""

    low: float | None
    high: float | None
    low_included: bool = False
    high_included: bool = False

    def holds(self, fact: Fact) -> bool:
        """Whether a known number lies inside."""
        number = float(fact)  # type: ignore[arg-type]
        above = self.low is None or number > self.low or (self.low_included and number == self.low)
        below = self.high is None or number < self.high or (self.high_included and number == self.high)
        return above and below

    def __str__(self) -> str:
        left = "[" if self.low_included else "("
        right = "]" if self.high_included else ")"
        return f"{left}{_plain(self.low)},{_plain(self.high)}{right}"


@dataclass(frozen=True, slots=True)
class Choices:
    """One of several codes."""

    codes: tuple[str, ...]

    def holds(self, fact: Fact) -> bool:
        """Whether a known code is among them."""
        return str(fact) in self.codes

    def __str__(self) -> str:
        return "{" + ",".join(self.codes) + "}"


Test = Interval | Choices


def _plain(number: float | None) -> str:
    return "" if number is None else f"{number:g}"


def read_test(text: str) -> Test:
    """Return the test that "[100,200]", "(400,)" or "{south,central}" writes. Raises UnreadableTest."""
    interval = _INTERVAL.fullmatch(text.strip())
    if interval:
        left, low, high, right = interval.groups()
        bounds = (float(low) if low else None, float(high) if high else None)
        if None not in bounds and bounds[0] > bounds[1]:  # type: ignore[operator]
            raise UnreadableTest(f"Khoảng “{text}” có cận dưới lớn hơn cận trên.")
        return Interval(*bounds, low_included=left == "[", high_included=right == "]")
    choices = _CHOICES.fullmatch(text.strip())
    codes = tuple(code.strip() for code in choices[1].split(",") if code.strip()) if choices else ()
    if not codes:
        raise UnreadableTest(f"Điều kiện “{text}” phải là khoảng như (200,400] hoặc danh sách như {{south}}.")
    return Choices(codes)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: all tests together give the level; `clause` is where the law says so."""

    level: int
    clause: str
    tests: tuple[tuple[str, Test], ...]


@dataclass(frozen=True, slots=True)
class RiskTable:
    """A table of one hazard. `choices` name every code that an input may take, for the report of gaps."""

    hazard: str
    policy: HitPolicy
    rows: tuple[Row, ...]
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of all facts that the table asks for, in the order of their first use."""
        return tuple(dict.fromkeys(name for row in self.rows for name, _test in row.tests))


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer. `at_least` is what the known facts prove already; `missing` are facts that would settle the rest."""

    outcome: Outcome
    level: int | None = None
    clauses: tuple[str, ...] = ()
    at_least: int | None = None
    missing: tuple[str, ...] = ()


def _is_unknown(fact: Fact) -> bool:
    return fact is None or fact == "" or (isinstance(fact, float) and math.isnan(fact))


def _holds(row: Row, facts: Mapping[str, Fact]) -> bool | None:
    """True, False, or None where a missing fact decides."""
    verdict: bool | None = True
    for name, test in row.tests:
        fact = facts.get(name)
        if _is_unknown(fact):
            verdict = None
        elif not test.holds(fact):
            return False
    return verdict


def evaluate(table: RiskTable, facts: Mapping[str, Fact]) -> Verdict:
    """Return what the table says of the facts.

    A level only where no missing fact could change it (under FIRST: come before it; under HIGHEST: raise it; under
    UNIQUE: contradict it).
    """
    states = [(row, _holds(row, facts)) for row in table.rows]
    sure = [row for row, state in states if state is True]
    open_rows = [row for row, state in states if state is None]
    if table.policy is HitPolicy.FIRST:
        if sure:
            place = table.rows.index(sure[0])
            open_rows = [row for row in open_rows if table.rows.index(row) < place]
            sure = sure[:1]
    elif table.policy is HitPolicy.HIGHEST and sure:
        highest = max(row.level for row in sure)
        open_rows = [row for row in open_rows if row.level > highest]
        sure = [row for row in sure if row.level == highest]
    levels = {row.level for row in sure}
    open_rows = [row for row in open_rows if {row.level} != levels]
    clauses = tuple(dict.fromkeys(row.clause for row in sure))
    proven = levels | ({row.level for row in open_rows} if sure and table.policy is HitPolicy.FIRST else set())
    at_least = min(proven, default=None)
    if open_rows or len(levels) > 1:
        return Verdict(Outcome.UNKNOWN, None, clauses, at_least, _missing(open_rows, facts))
    if not sure:
        return Verdict(Outcome.OUTSIDE)
    return Verdict(Outcome.LEVEL, sure[0].level, clauses, at_least)


def _missing(rows: Iterable[Row], facts: Mapping[str, Fact]) -> tuple[str, ...]:
    names = (name for row in rows for name, _test in row.tests if _is_unknown(facts.get(name)))
    return tuple(dict.fromkeys(names))


@dataclass(frozen=True, slots=True)
class Cell:
    """A set of facts that no test tells apart, with the levels that the rows give to it."""

    facts: tuple[tuple[str, str], ...]
    levels: tuple[int, ...]
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How a table covers its grid: cells without a level, cells with several."""

    cells: int
    gaps: tuple[Cell, ...]
    overlaps: tuple[Cell, ...]


def coverage(table: RiskTable) -> Coverage:
    """Return the gaps and overlaps of a table over every cell that its own bounds and choices make.

    Only numbers between the smallest and the largest bound of an input count as its range: below the lowest threshold
    nothing is said because nothing is meant.
    """
    cells = 0
    gaps: list[Cell] = []
    overlaps: list[Cell] = []
    for facts, words in _grid(table):
        cells += 1
        rows = [row for row in table.rows if _holds(row, facts)]
        levels = tuple(sorted({row.level for row in rows}))
        if len(levels) != 1:
            cell = Cell(words, levels, tuple(dict.fromkeys(row.clause for row in rows)))
            (overlaps if levels else gaps).append(cell)
    return Coverage(cells, tuple(gaps), tuple(overlaps))


def _grid(table: RiskTable) -> Iterator[tuple[dict[str, Fact], tuple[tuple[str, str], ...]]]:
    axes: list[list[tuple[str, Fact, str]]] = []
    for name in table.inputs:
        tests = [test for row in table.rows for tested, test in row.tests if tested == name]
        intervals = [test for test in tests if isinstance(test, Interval)]
        if intervals:
            axes.append([(name, number, words) for number, words in _pieces(intervals)])
        else:
            used = [code for test in tests if isinstance(test, Choices) for code in test.codes]
            axes.append([(name, code, code) for code in table.choices.get(name) or tuple(dict.fromkeys(used))])
    for picked in product(*axes):
        yield {name: fact for name, fact, _words in picked}, tuple((name, words) for name, _fact, words in picked)


def _pieces(intervals: Sequence[Interval]) -> list[tuple[float, str]]:
    """A number inside each piece into which the bounds cut an axis, with the piece in words."""
    bounds = sorted({bound for each in intervals for bound in (each.low, each.high) if bound is not None})
    pieces: list[tuple[float, str]] = []
    if any(each.low is None for each in intervals):
        pieces.append((bounds[0] - 1, f"< {bounds[0]:g}"))
    for index, bound in enumerate(bounds):
        if any(each.holds(bound) for each in intervals):
            pieces.append((bound, f"= {bound:g}"))
        if index + 1 < len(bounds):
            pieces.append(((bound + bounds[index + 1]) / 2, f"{bound:g} – {bounds[index + 1]:g}"))
    if any(each.high is None for each in intervals):
        pieces.append((bounds[-1] + 1, f"> {bounds[-1]:g}"))
    return pieces


def read_rows(lines: Iterable[Mapping[str, str]]) -> tuple[Row, ...]:
    """Return the rows of one table from lines {row, level, clause, input, test}; lines of one row share its number.

    Raises UnreadableTest, ValueError for a level that is not 1–5 or a row whose lines disagree.
    """
    grouped: dict[str, list[Mapping[str, str]]] = {}
    for line in lines:
        grouped.setdefault(line["row"], []).append(line)
    rows = []
    for number, parts in grouped.items():
        heads = {(part["level"], part["clause"]) for part in parts}
        if len(heads) != 1:
            raise ValueError(f"Dòng {number} của bảng có hai cấp độ hoặc hai điều khoản.")
        level = int(parts[0]["level"])
        if not 1 <= level <= 5:
            raise ValueError(f"Dòng {number}: cấp độ phải từ 1 đến 5.")
        tests = tuple((part["input"], read_test(part["test"])) for part in parts)
        rows.append(Row(level, parts[0]["clause"], tests))
    return tuple(rows)
