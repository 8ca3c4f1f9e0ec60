"""What moved between two snapshots of one report: rows added, gone, and cells that changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .snapshot import cell_text


@dataclass(frozen=True, slots=True)
class Change:
    """One figure that moved: the row's heading, the column's title, before and after as printed.

    kind: "changed", "added" or "removed"; for the last two the whole row stands in `row`.
    """

    kind: str
    row: str
    column: str = ""
    before: str = ""
    after: str = ""


def compare(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Return what moved from one snapshot (as JSON) to another, rows in the order of the later one, gone rows last.

    Rows are matched by key, columns by key; a running number is no change.
    """
    old, new = _by_key(before), _by_key(after)
    columns = {item["key"]: (index, item) for index, item in enumerate(after["columns"])}
    places = {item["key"]: index for index, item in enumerate(before["columns"])}
    changes = []
    for key, row in new.items():
        if key not in old:
            changes.append(Change("added", _heading(row, after)))
            continue
        if row["kind"] == "group":
            continue
        for name, (index, column) in columns.items():
            if name == "number" or name not in places:
                continue
            was, now = old[key]["cells"][places[name]], row["cells"][index]
            if was != now:
                kind = column["kind"]
                changes.append(
                    Change("changed", _heading(row, after), column["title"], cell_text(was, kind), cell_text(now, kind))
                )
    changes += [Change("removed", _heading(row, before)) for key, row in old.items() if key not in new]
    return changes


def _by_key(snapshot: Mapping[str, Any]) -> dict[str, Any]:
    return {row["key"]: row for row in snapshot["rows"]}


def _heading(row: Mapping[str, Any], snapshot: Mapping[str, Any]) -> str:
    texts = [
        cell_text(value, column["kind"])
        for column, value in zip(snapshot["columns"], row["cells"], strict=False)
        if column["key"] != "number" and value not in (None, "")
    ]
    return " – ".join(texts[:2])
