"""Reads tables of levels and declared facts as they hold on a day."""

from datetime import date
from typing import Any

from django.db.models import QuerySet

from khcn.domains.hazards.choices import LevelTableState, TableScope
from khcn.domains.hazards.models import DeclaredFact, LevelTable
from khcn.domains.hazards.rules.parameters import Parameters
from khcn.domains.hazards.rules.risk_tables import Choices, HitPolicy, Interval, RiskTable, read_rows
from khcn.domains.hazards.rules.table_words import CODES, INPUTS

FACT = "fact_"
"""Prefix of parameters that declare a fact for the whole province."""


def tables_on(on: date) -> dict[str, LevelTable]:
    """The table in force of each hazard: the province's where it has one, else the law's; of two, the later one."""
    rows = LevelTable.objects.valid_on(on).filter(state=LevelTableState.APPROVED)
    ranked = sorted(rows, key=lambda one: (one.scope == TableScope.PROVINCE, one.valid_from or date.min, one.pk))
    return {one.hazard: one for one in ranked}


def read_table(table: LevelTable) -> RiskTable:
    """The table as the rules take it. Raises UnreadableTest or ValueError for one that does not hold together."""
    return RiskTable(table.hazard, HitPolicy(table.policy), read_rows(table.lines))


def listed_tables() -> QuerySet[LevelTable]:
    """All tables, those in force first."""
    return LevelTable.objects.select_related("owner", "drafted_by__person", "approved_by__person")


def declared_facts(on: date, parameters: Parameters) -> dict[str, dict[str, str]]:
    """Declared facts by place ("" for the province) and name; an officer's go before the reference data's."""
    found: dict[str, dict[str, str]] = {"": {}}
    for key, value in parameters.values.items():
        if key.startswith(FACT):
            found[""][key.removeprefix(FACT)] = value
    for row in DeclaredFact.objects.valid_on(on).order_by("valid_from", "pk"):
        found.setdefault(row.place, {})[row.input] = row.value
    return found


def facts_listed() -> QuerySet[DeclaredFact]:
    """Declared facts, the newest first."""
    return DeclaredFact.objects.select_related("declared_by__person").order_by("input", "place", "-valid_from")


def choices_of(table: RiskTable, name: str) -> list[str]:
    """The codes that the rows of a table ask for under a name; empty for a number."""
    found: dict[str, None] = {}
    for row in table.rows:
        for other, test in row.tests:
            if other == name and isinstance(test, Choices):
                found |= dict.fromkeys(test.codes)
    return list(found)


def words_of(test: Interval | Choices) -> str | tuple[str, ...]:
    """A test as a person reads it: codes by their names (the caller translates), intervals with signs."""
    if isinstance(test, Choices):
        return tuple(CODES.get(code, code) for code in test.codes)
    low, high = test.low, test.high
    if low is not None and high is not None:
        left, right = "≤" if test.low_included else "<", "≤" if test.high_included else "<"
        return f"{low:g} {left} x {right} {high:g}"
    if low is not None:
        return f"{'≥' if test.low_included else '>'} {low:g}"
    return f"{'≤' if test.high_included else '<'} {high:g}"


def unit_of(name: str) -> str:
    """The unit of an input."""
    return INPUTS.get(name, (name, ""))[1]


def versions_of(table: LevelTable) -> QuerySet[LevelTable]:
    """Tables of the same hazard."""
    return LevelTable.objects.filter(hazard=table.hazard).exclude(pk=table.pk)


def line_texts(lines: list[dict[str, Any]]) -> str:
    """The lines of a table as text to edit: one line per test, fields parted by a bar."""
    return "\n".join(" | ".join(str(line[name]) for name in LINE_FIELDS) for line in lines)


LINE_FIELDS = ("row", "level", "clause", "input", "test")


def read_line_texts(text: str) -> list[dict[str, str]]:
    """The lines back from their text. Raises ValueError with the sentence for the line that has not five parts."""
    lines = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        parts = [part.strip() for part in line.split("|")]
        if len(parts) != len(LINE_FIELDS):
            raise ValueError(
                f"Dòng {number} cần đúng năm phần cách nhau bằng dấu |: dòng, cấp, điều khoản, yếu tố, điều kiện."
            )
        lines.append(dict(zip(LINE_FIELDS, parts, strict=True)))
    return lines
