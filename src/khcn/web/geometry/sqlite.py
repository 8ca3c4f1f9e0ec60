"""SQLite's side: shapely functions on every connection, and an R*Tree beside each geometry column, kept by triggers."""

import sqlite3
from functools import lru_cache, partial
from typing import Any

import shapely
from django.db.backends.base.base import BaseDatabaseWrapper
from shapely.geometry.base import BaseGeometry

from khcn.standards.geodesy import distance_m

CACHED_SHAPES = 512


def rtree_of(table: str, column: str) -> str:
    """Name of the R*Tree beside a geometry column."""
    return f"{table}_{column}_rtree"


def register_functions(sender: Any, connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Give a new SQLite connection the spatial functions; other databases bring their own."""
    if connection.vendor != "sqlite":
        return
    create = partial(connection.connection.create_function, deterministic=True)
    create("khcn_bbox_overlaps", 2, _bbox_overlaps)
    create("khcn_intersects", 2, partial(_relate, shapely.intersects))
    create("khcn_contains", 2, partial(_relate, shapely.contains))
    for relation in (shapely.within, shapely.touches, shapely.crosses, shapely.overlaps, shapely.equals):
        create(f"khcn_{relation.__name__}", 2, partial(_relate, relation))
    create("khcn_dwithin", 3, _dwithin)
    create("khcn_bound", 2, _bound)


def ensure_rtree(connection: BaseDatabaseWrapper, table: str, key: str, column: str) -> bool:
    """Create the R*Tree and its triggers where they are missing, and fill it; returns whether it did.

    A change of the table by a later migration rebuilds the table and loses triggers, so this runs after every migrate.
    Raises sqlite3.OperationalError where SQLite was built without R*Tree.
    """
    quote = connection.ops.quote_name
    tree = rtree_of(table, column)
    names = {event: f"{tree}_{event}" for event in ("insert", "update", "delete")}
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type IN ('trigger', 'table')")
        if {tree, *names.values()} <= {row[0] for row in cursor.fetchall()}:
            return False
        values = ", ".join(f"khcn_bound({{row}}.{quote(column)}, {place})" for place in range(4))
        add = (
            f"INSERT OR REPLACE INTO {quote(tree)} SELECT {{row}}.{quote(key)}, {values} "
            f"WHERE {{row}}.{quote(column)} IS NOT NULL"
        ).format(row="NEW")
        remove = f"DELETE FROM {quote(tree)} WHERE id = OLD.{quote(key)}"  # noqa: S608 names are quoted
        cursor.execute(f"CREATE VIRTUAL TABLE IF NOT EXISTS {quote(tree)} USING rtree(id, min_x, max_x, min_y, max_y)")
        bodies = {"insert": add, "update": f"{remove}; {add}", "delete": remove}
        for event, body in bodies.items():
            cursor.execute(f"DROP TRIGGER IF EXISTS {quote(names[event])}")
            cursor.execute(
                f"CREATE TRIGGER {quote(names[event])} AFTER {event.upper()} ON {quote(table)} BEGIN {body}; END"
            )
        cursor.execute(f"DELETE FROM {quote(tree)}")  # noqa: S608 names are quoted
        filled = values.format(row=quote(table))
        cursor.execute(
            f"INSERT INTO {quote(tree)} SELECT {quote(key)}, {filled} FROM {quote(table)} "  # noqa: S608 names are quoted
            f"WHERE {quote(column)} IS NOT NULL"
        )
    return True


@lru_cache(maxsize=CACHED_SHAPES)
def _shape(wkb: bytes) -> BaseGeometry:
    geometry = shapely.from_wkb(wkb)
    shapely.prepare(geometry)
    return geometry


def _relate(relation: Any, one: bytes | None, other: bytes | None) -> int | None:
    return None if one is None or other is None else int(bool(relation(_shape(one), _shape(other))))


def _bbox_overlaps(one: bytes | None, other: bytes | None) -> int | None:
    if one is None or other is None:
        return None
    a, b = _shape(one).bounds, _shape(other).bounds
    return int(a[0] <= b[2] and b[0] <= a[2] and a[1] <= b[3] and b[1] <= a[3])


def _dwithin(one: bytes | None, other: bytes | None, metres: float) -> int | None:
    return None if one is None or other is None else int(distance_m(_shape(one), _shape(other)) <= metres)


def _bound(wkb: bytes | None, place: int) -> float | None:
    """One bound of a stored shape, in the order of the tree's columns: min_x, max_x, min_y, max_y."""
    if wkb is None:
        return None
    min_x, min_y, max_x, max_y = _shape(wkb).bounds
    return float((min_x, max_x, min_y, max_y)[place])


def has_rtree() -> bool:
    """True when this SQLite can keep an R*Tree."""
    with sqlite3.connect(":memory:") as probe:
        options = {row[0] for row in probe.execute("PRAGMA compile_options")}
    return "ENABLE_RTREE" in options
