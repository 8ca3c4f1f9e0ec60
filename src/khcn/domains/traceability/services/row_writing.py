"""Writes and finds rows of captures without an object for each: many by one statement on SQLite, by COPY on PostgreSQL.

Whoever calls holds the lock of captures (see `capture_document`), so that numbers taken before their rows stand are
nobody else's. Nothing is checked here: rows come from events that were checked.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache, lru_cache
from hashlib import sha256
from itertools import chain
from typing import Any

from django.db import connection
from django.db.models import Model

from khcn.domains.traceability.models import CapturedEvent, Context, Ident
from khcn.standards.epcis.json_writing import write_json
from khcn.web.rows import ask, repeated

_CHUNK = 500
# Rows of one statement, of few sizes, so that each is prepared once; 32 of the widest table stay below 999 values.
_BLOCKS = (32, 16, 8, 4, 2, 1)


@cache
def _is_postgresql() -> bool:
    return connection.vendor == "postgresql"


@cache
def _column(model: type[Model], name: str) -> str:
    return connection.ops.quote_name(str(getattr(model._meta.get_field(name), "column", name)))


@cache
def _table(model: type[Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def take_numbers(model: type[Model], count: int) -> Sequence[int]:
    """Primary keys for so many new rows, in order."""
    meta = model._meta
    if _is_postgresql():
        found = _rows(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [meta.db_table, meta.pk.column, count],  # type: ignore[union-attr]
        )
        return [number for (number,) in found]
    last = _rows("SELECT seq FROM sqlite_sequence WHERE name = %s", [meta.db_table])
    first = (last[0][0] if last else 0) + 1
    return range(first, first + count)


def insert_rows(model: type[Model], names: Sequence[str], rows: list[tuple[Any, ...]]) -> None:
    """Rows of a table; moments as `stored_moments` gives them.

    SQLite looks its list of all tables' last numbers through once a statement, which costs more than a row does: so
    many rows go into one statement.
    """
    if not rows:
        return
    if _is_postgresql():
        with connection.cursor() as cursor, cursor.copy(_insertion(model, tuple(names), 0)) as copy:
            for row in rows:
                copy.write_row(row)
        return
    start = 0
    for size in _BLOCKS:
        end = len(rows) - (len(rows) - start) % size
        if end > start:
            parts = [list(chain.from_iterable(rows[at : at + size])) for at in range(start, end, size)]
            repeated(_insertion(model, tuple(names), size), parts)
        start = end


@lru_cache(128)
def _insertion(model: type[Model], names: tuple[str, ...], rows: int) -> str:
    """The statement for so many rows; for none, the one that PostgreSQL copies by."""
    table = _table(model)
    columns = ", ".join(_column(model, name) for name in names)
    if not rows:
        return f"COPY {table} ({columns}) FROM STDIN"
    row = f"({', '.join(['%s'] * len(names))})"
    return f"INSERT INTO {table} ({columns}) VALUES {', '.join([row] * rows)}"  # noqa: S608 - own names


def keys_stored(keys: Sequence[bytes]) -> set[bytes]:
    """Of these hashes, those of events that stand."""
    table = _table(CapturedEvent)
    return {bytes(key) for key in _among(f"SELECT key FROM {table} WHERE key IN (MARKS)", keys)}  # noqa: S608 - own names


def ids_taken(ids: Sequence[str], *, declare_error: bool) -> list[str]:
    """Of these ids of events, those that an event bears, or that a declaration of an error repeats."""
    table = _table(CapturedEvent)
    which = "declares_error" if declare_error else "NOT declares_error"
    sql = f"SELECT event_id FROM {table} WHERE event_id AMONG AND {which}"  # noqa: S608 - own names
    return [value for (value,) in _found(sql, list(ids))] if ids else []


def context_number(value: Any) -> int:
    """The number of a context, made where it is new."""
    digest = sha256(write_json(value)).hexdigest()
    table = _table(Context)
    found: list[int] = _among(f"SELECT id FROM {table} WHERE digest IN (MARKS)", [digest])  # noqa: S608 - own names
    return found[0] if found else int(Context.objects.get_or_create(digest=digest, defaults={"value": value})[0].pk)


def _among(sql: str, wanted: Sequence[Any]) -> list[Any]:
    found: list[Any] = []
    for start in range(0, len(wanted), _CHUNK):
        part = wanted[start : start + _CHUNK]
        found += [value for (value,) in _rows(sql.replace("MARKS", ", ".join(["%s"] * len(part))), part)]
    return found


def _found(sql: str, wanted: list[str]) -> list[tuple[Any, ...]]:
    """Rows of a statement whose AMONG stands for these texts; the statement is the same however many they are."""
    if _is_postgresql():
        return _rows(sql.replace("AMONG", "= ANY(%s)"), [wanted])
    sql = sql.replace("AMONG", "IN (SELECT value FROM json_each(%s))")
    return _rows(sql, [write_json(wanted).decode()])


def _rows(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """The rows of one statement; PostgreSQL tells the types of its values by Django's own cursor."""
    if not _is_postgresql():
        return ask(sql, values).rows()
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


@lru_cache(4_096)
def _text_of_moment(moment: datetime) -> str | None:
    return connection.ops.adapt_datetimefield_value(moment)


def stored_moments(moments: Iterable[datetime]) -> list[Any]:
    """Moments as the database keeps them."""
    return list(moments) if _is_postgresql() else [_text_of_moment(moment) for moment in moments]


def ident_numbers(uris: Iterable[str]) -> dict[str, int]:
    """The number of each identifier, made where it is new."""
    wanted = sorted(set(uris))
    table, uri, number = _table(Ident), _column(Ident, "uri"), _column(Ident, "id")
    select = f"SELECT {uri}, {number} FROM {table} WHERE {uri} AMONG"  # noqa: S608 - own names
    numbers: dict[str, int] = dict(_found(select, wanted))
    missing = [one for one in wanted if one not in numbers]
    if missing:
        fresh = dict(zip(missing, take_numbers(Ident, len(missing)), strict=True))
        insert_rows(Ident, ("id", "uri"), [(number, one) for one, number in fresh.items()])
        numbers |= fresh
    return numbers
