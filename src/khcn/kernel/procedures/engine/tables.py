"""Decision tables: their value over facts, and which cases two rows or no row decide.

A test is "-" (any), a value, a list of values, a comparison ("< 5"), a range ("[1..10)") or not(…) of these. Each test
becomes a set on a line (numbers, dates) or of words, so that overlaps and gaps are found exactly for columns whose
inputs do not depend on one another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from khcn.kernel.procedures.choices import HitPolicy
from khcn.kernel.procedures.engine.definition import Column, Table
from khcn.kernel.procedures.engine.expressions import BadExpression, as_value, read
from khcn.lib.failure import Refused

TYPES = ("number", "date", "text", "bool")
_RANGE = re.compile(r"^([\[(])\s*(.+?)\s*\.\.\s*(.+?)\s*([\])])$")
_COMPARISON = re.compile(r"^(<=|>=|<|>)\s*(.+)$")
_NOT = re.compile(r"^not\s*\((.*)\)$", re.DOTALL)
#: Boxes looked at while searching for gaps; a larger table is reported as not analysed.
GAP_LIMIT = 4000


class NoRuleApplies(Refused):
    """No row of a decision table fits, or several do where one must."""

    code = "no_rule_applies"


# A cut lies just below (0) or just above (1) a value; None is the far end on its side.
Cut = tuple[Any, int] | None


@dataclass(frozen=True, slots=True)
class Span:
    """Values between two cuts of a line."""

    low: Cut
    high: Cut

    def meet(self, other: Span) -> Span | None:
        """What both hold, None when nothing."""
        low = self.low if other.low is None else other.low if self.low is None else max(self.low, other.low)
        high = self.high if other.high is None else other.high if self.high is None else min(self.high, other.high)
        return None if low is not None and high is not None and low >= high else Span(low, high)


@dataclass(frozen=True, slots=True)
class Line:
    """A set of numbers or dates: disjoint spans in order."""

    spans: tuple[Span, ...]

    def holds(self, value: Any) -> bool:
        """True when the value is in the set."""
        return any(
            (span.low is None or span.low <= (value, 0)) and (span.high is None or (value, 1) <= span.high)
            for span in self.spans
        )

    def meet(self, other: Line) -> Line:
        """The values of both."""
        return Line(tuple(both for mine in self.spans for theirs in other.spans if (both := mine.meet(theirs))))

    def outside(self) -> Line:
        """Every other value."""
        rest, low = [], None
        first = True
        for span in self.spans:
            if span.low is not None:
                rest.append(Span(None if first else low, span.low))
            low, first = span.high, False
            if low is None:
                return Line(tuple(rest))
        return Line((*rest, Span(low, None)))

    def example(self) -> str:
        """A way to say the set to a person."""
        return "; ".join(_said(span) for span in self.spans)

    def __bool__(self) -> bool:
        return bool(self.spans)


@dataclass(frozen=True, slots=True)
class Words:
    """A set of texts or yes/no: the words listed, or all but them."""

    words: frozenset[Any]
    all_but: bool = False

    def holds(self, value: Any) -> bool:
        """True when the value is in the set."""
        return (value in self.words) != self.all_but

    def meet(self, other: Words) -> Words:
        """The values of both."""
        if self.all_but and other.all_but:
            return Words(self.words | other.words, True)
        if self.all_but:
            return Words(other.words - self.words)
        return Words(self.words - other.words) if other.all_but else Words(self.words & other.words)

    def outside(self) -> Words:
        """Every other value."""
        return Words(self.words, not self.all_but)

    def example(self) -> str:
        """A way to say the set to a person."""
        listed = ", ".join(
            {True: "đúng", False: "sai"}[word] if isinstance(word, bool) else f"“{word}”"
            for word in sorted(self.words, key=str)
        )
        return listed if not self.all_but else f"khác {listed}" if listed else "bất kỳ"

    def __bool__(self) -> bool:
        return self.all_but or bool(self.words)


Test = Line | Words
Box = tuple[Test, ...]
_WHOLE = Line((Span(None, None),))


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault of a table in a whole sentence. rows: the rows concerned, from 1; kind: overlap, gap, unread or large."""

    kind: str
    sentence: str
    rows: tuple[int, ...] = ()


def decide(table: Table, facts: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
    """The outputs that the table gives over the facts, and the row that gave them, from 1.

    Raises NoRuleApplies when no row fits, or several under UNIQUE; BadExpression where a cell does not read.
    """
    values = [as_value(read(column.name).value(facts)) for column in table.inputs]
    fitting = [
        number
        for number, rule in enumerate(table.rules)
        if all(_fits(test, column, value) for test, column, value in zip(rule.tests, table.inputs, values, strict=True))
    ]
    if not fitting:
        raise NoRuleApplies(f"Bảng “{table.name}” không có dòng nào ứng với dữ liệu này.")
    if table.hit_policy is HitPolicy.UNIQUE and len(fitting) > 1:
        rows = ", ".join(str(number + 1) for number in fitting)
        raise NoRuleApplies(f"Bảng “{table.name}” có nhiều dòng cùng đúng ({rows}); cần sửa bảng.")
    rule = table.rules[fitting[0]]
    results = {
        column.name: read(text).value(facts) if text.strip() else None
        for column, text in zip(table.outputs, rule.results, strict=True)
    }
    return results, fitting[0] + 1


def analyse(table: Table) -> list[Finding]:
    """Faults of the table: cells that do not read, rows that overlap under UNIQUE, input that no row covers."""
    findings: list[Finding] = []
    boxes: list[Box] = []
    for number, rule in enumerate(table.rules, 1):
        if len(rule.tests) != len(table.inputs) or len(rule.results) != len(table.outputs):
            findings.append(Finding("unread", f"Dòng {number} của bảng “{table.name}” thiếu hoặc thừa ô.", (number,)))
            continue
        try:
            boxes.append(tuple(_test(text, column) for text, column in zip(rule.tests, table.inputs, strict=True)))
            for text in rule.results:
                if text.strip():
                    read(text)
        except BadExpression as fault:
            findings.append(Finding("unread", f"Dòng {number} của bảng “{table.name}”: {fault.message}", (number,)))
    for column in table.inputs:
        try:
            read(column.name)
        except BadExpression as fault:
            findings.append(Finding("unread", f"Cột “{column.name}” của bảng “{table.name}”: {fault.message}"))
        if column.type not in TYPES:
            findings.append(Finding("unread", f"Cột “{column.name}” của bảng “{table.name}” có kiểu lạ."))
    if findings:
        return findings
    if table.hit_policy is HitPolicy.UNIQUE:
        findings += _overlaps(table, boxes)
    return [*findings, *_gaps(table, boxes)]


def _overlaps(table: Table, boxes: list[Box]) -> Iterable[Finding]:
    for later in range(len(boxes)):
        for earlier in range(later):
            both = tuple(one.meet(two) for one, two in zip(boxes[earlier], boxes[later], strict=True))  # type: ignore[arg-type]
            if all(both):
                yield Finding(
                    "overlap",
                    f"Bảng “{table.name}”: dòng {earlier + 1} và {later + 1} cùng đúng khi {_box_text(table, both)}.",
                    (earlier + 1, later + 1),
                )


def _gaps(table: Table, boxes: list[Box]) -> Iterable[Finding]:
    """Subtract each row from what is not yet covered; what is left is decided by nobody."""
    rest: list[Box] = [tuple(_domain(column) for column in table.inputs)]
    for box in boxes:
        left: list[Box] = []
        for piece in rest:
            left += _without(piece, box)
        rest = left
        if len(rest) > GAP_LIMIT:
            yield Finding("large", f"Bảng “{table.name}” quá lớn để tìm chỗ bỏ sót; hãy chia thành nhiều bảng.")
            return
    for piece in rest[:5]:
        yield Finding("gap", f"Bảng “{table.name}” không có dòng nào cho trường hợp {_box_text(table, piece)}.")


def _without(piece: Box, box: Box) -> Iterable[Box]:
    """The parts of a piece outside the box, disjoint."""
    kept: list[Test] = []
    for place, (mine, theirs) in enumerate(zip(piece, box, strict=True)):
        outside = mine.meet(theirs.outside())  # type: ignore[arg-type]
        if outside:
            yield (*kept, outside, *piece[place + 1 :])
        inside = mine.meet(theirs)  # type: ignore[arg-type]
        if not inside:
            return
        kept.append(inside)


def _domain(column: Column) -> Test:
    if column.type == "bool":
        return Words(frozenset({True, False}))
    if column.type == "text":
        return Words(frozenset(column.options)) if column.options else Words(frozenset(), True)
    return _WHOLE


def _box_text(table: Table, box: Box) -> str:
    parts = [
        f"{column.name}: {test.example()}"
        for column, test in zip(table.inputs, box, strict=True)
        if test not in (_WHOLE, Words(frozenset(), True))
    ]
    return "; ".join(parts) or "bất kỳ"


def _fits(test: str, column: Column, value: Any) -> bool:
    cell = _test(test, column)
    if cell == (_WHOLE if isinstance(cell, Line) else Words(frozenset(), True)):
        return True
    expected = {"number": Decimal, "date": date, "text": str, "bool": bool}[column.type]
    if type(value) is not expected:
        return False
    return cell.holds(value)


@lru_cache(maxsize=4096)
def _test(text: str, column: Column) -> Test:
    text = text.strip()
    negated = _NOT.match(text)
    if negated:
        return _test(negated.group(1), column).outside()
    ordered = column.type in ("number", "date")
    if text in ("", "-"):
        return _WHOLE if ordered else Words(frozenset(), True)
    if ordered and (found := _RANGE.match(text)):
        opening, low, high, closing = found.groups()
        span = Span((_literal(low, column), opening == "("), (_literal(high, column), closing == "]"))
        if span.low is None or span.high is None or span.low >= span.high:
            raise BadExpression(f"Khoảng “{text}” trống.")
        return Line((span,))
    if ordered and (found := _COMPARISON.match(text)):
        sign, value = found[1], _literal(found[2], column)
        above = sign in ("<=", ">")
        return Line((Span(None, (value, above)) if sign[0] == "<" else Span((value, above), None),))
    value = read(f"[{text}]").value({})
    items = value if isinstance(value, tuple) else (value,)
    for item in items:
        _checked(item, text, column)
    if ordered:
        return Line(tuple(Span((item, 0), (item, 1)) for item in sorted(set(items))))  # type: ignore[type-var]
    return Words(frozenset(items))


def _literal(text: str, column: Column) -> Any:
    return _checked(read(text).value({}), text, column)


def _checked(value: Any, text: str, column: Column) -> Any:
    expected = {"number": Decimal, "date": date, "text": str, "bool": bool}.get(column.type)
    if expected is None or type(value) is not expected:
        raise BadExpression(f"Ô “{text}” không hợp với kiểu của cột “{column.name}”.")
    return value


def _said(span: Span) -> str:
    if span.low is None and span.high is None:
        return "bất kỳ"
    if span.low and span.high and span.low[0] == span.high[0]:
        return f"{span.low[0]}"
    parts = []
    if span.low:
        parts.append(f"{'>' if span.low[1] else '≥'} {span.low[0]}")
    if span.high:
        parts.append(f"{'≤' if span.high[1] else '<'} {span.high[0]}")
    return " và ".join(parts)
