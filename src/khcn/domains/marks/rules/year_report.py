"""The figures of a year on a right as they are frozen: numbers and tables, with a digest of all of them. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from khcn.lib.digest import digest

TEXT, COUNT, DONG, KG, PERCENT = "text", "count", "vnd", "kg", "percent"


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the year. kind: how it is shown."""

    key: str
    label: str
    value: str | int | None
    kind: str = COUNT


@dataclass(frozen=True, slots=True)
class Grid:
    """One table of the year. columns: (title, kind)."""

    key: str
    title: str
    columns: Sequence[tuple[str, str]]
    rows: Sequence[Sequence[str | int | None]]


def frozen(figures: Sequence[Figure], grids: Sequence[Grid]) -> tuple[dict[str, Any], str]:
    """(what is kept, its SHA-256): equal figures give an equal digest."""
    snapshot = {"figures": [asdict(one) for one in figures], "grids": [_plain(one) for one in grids]}
    return snapshot, digest(snapshot)


def is_whole(snapshot: Mapping[str, Any], sha256: str) -> bool:
    """Whether what is kept is what was frozen."""
    return digest(dict(snapshot)) == sha256


def figure(snapshot: Mapping[str, Any], key: str) -> str | int | None:
    """One number of what was frozen. Raises KeyError."""
    for one in snapshot["figures"]:
        if one["key"] == key:
            value: str | int | None = one["value"]
            return value
    raise KeyError(key)


def _plain(grid: Grid) -> dict[str, Any]:
    return {
        "key": grid.key, "title": grid.title, "columns": [list(one) for one in grid.columns],
        "rows": [list(row) for row in grid.rows],
    }  # fmt: skip
