"""A report's figures as one plain value that can be frozen, hashed and printed again; nothing here reads a database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, cast

from khcn.lib.digest import plain
from khcn.lib.money import format_number

Cell = str | int | Decimal | date | None
#: How the cells of a column print: text, a count, đồng, a share in percent, a date, or a figure that may not exist yet.
KINDS: Final = ("text", "count", "vnd", "percent", "date", "figure")
NOTHING_YET: Final = "chưa có"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. key: stable name; group: heading above it, if shared; weight: share of the table's width."""

    key: str
    title: str
    kind: str = "text"
    group: str = ""
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Refs:
    """The rows behind one figure.

    counted: uids; for a count as many as the figure, for a share its numerator. of: the denominator of a share.
    subject: what the uids name ("task", "product", "issue" …). query: for sums of money, the ledger's rows asked for.
    """

    subject: str
    counted: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    query: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its key (a uid where it stands for a record), cells in the order of the columns, refs by column.

    kind: "row", "group" (a heading over the whole width) or "total". subject: what the key names, empty for none.
    """

    key: str
    cells: tuple[Cell, ...]
    kind: str = "row"
    subject: str = ""
    refs: Mapping[str, Refs] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All of a report's figures. figures: named values from which the sentences of the narrative are made."""

    form: str
    title: str
    plan: Mapping[str, Any]
    period: Mapping[str, Any]
    as_of: date
    columns: Sequence[Column]
    rows: Sequence[Row]
    notes: Sequence[str] = ()
    figures: Mapping[str, Any] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The snapshot as JSON holds it: dates ISO, decimals as text, every list in its given order."""
        for row in self.rows:
            if row.kind != "group" and len(row.cells) != len(self.columns):
                raise ValueError(f"{self.form}: row {row.key} has {len(row.cells)} cells, not {len(self.columns)}")
        content = {
            "form": self.form,
            "title": self.title,
            "plan": self.plan,
            "period": self.period,
            "as_of": self.as_of,
            "columns": [
                {"key": item.key, "title": item.title, "kind": item.kind, "group": item.group, "weight": item.weight}
                for item in self.columns
            ],
            "rows": [_row_json(row) for row in self.rows],
            "notes": list(self.notes),
            "figures": self.figures,
            "parameters": self.parameters,
        }
        return cast("dict[str, Any]", plain(content))


def cell_text(value: Any, kind: str) -> str:
    """A stored cell as a report prints it.

    value: as in the JSON of a snapshot. kind: the column's. None prints "chưa có" in figures and shares, else nothing.
    """
    if value is None:
        return NOTHING_YET if kind in ("percent", "figure") else ""
    if kind == "date":
        day = date.fromisoformat(str(value))
        return f"{day:%d/%m/%Y}"
    if kind == "percent":
        return percent_text(Decimal(str(value)))
    if kind in ("vnd", "count", "figure") and _is_number(value):
        return format_number(Decimal(str(value)))
    return str(value)


def percent_text(value: Decimal) -> str:
    """A share in percent with one decimal; rounding never makes a share whole or nothing."""
    tenths = (Fraction(value) * 20 + 1) // 2
    if 0 < value < 100:
        tenths = min(max(tenths, 1), 999)
    return f"{format_number(Decimal(int(tenths)) / 10)}%"


def percent_of(part: int, whole: int) -> Decimal | None:
    """part ÷ whole in percent with four decimals; None over nothing, never 100 %."""
    return (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.0001")) if whole else None


def _is_number(value: Any) -> bool:
    if isinstance(value, int | Decimal):
        return True
    text = str(value).lstrip("-")
    return text.replace(".", "", 1).isdigit()


def _row_json(row: Row) -> dict[str, Any]:
    refs = {}
    for key, item in row.refs.items():
        entry: dict[str, Any] = {"subject": item.subject, "counted": sorted(item.counted)}
        if item.of:
            entry["of"] = sorted(item.of)
        if item.query is not None:
            entry["query"] = item.query
        refs[key] = entry
    return {"key": row.key, "subject": row.subject, "kind": row.kind, "cells": list(row.cells), "refs": refs}
