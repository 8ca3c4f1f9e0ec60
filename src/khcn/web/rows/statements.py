"""The statements themselves: their texts, kept once made, and the way to either database."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models

#: Fields whose texts and whole numbers need no conversion for either database.
_KEPT_AS_GIVEN = (models.CharField, models.TextField, models.IntegerField, models.ForeignKey)


@contextmanager
def together() -> Iterator[None]:
    """What is asked inside goes to the database at once, in order, each statement seeing what those before it did.

    Answers are read after it: leaving waits for all of them once, where reading one inside would wait once more.
    """
    here = connections[DEFAULT_DB_ALIAS]
    if here.vendor != "postgresql":
        yield
        return
    here.ensure_connection()
    with here.wrap_database_errors, here.connection.pipeline():
        yield


class Column:
    """One field of a model, and how its values go to the database."""

    __slots__ = ("_field", "_is_kept_as_given", "_is_set_by_itself", "_name", "quoted")

    def __init__(self, field: Any, here: Any) -> None:
        self._field = field
        self._name = field.attname
        self.quoted = here.ops.quote_name(field.column)
        self._is_kept_as_given = isinstance(field, _KEPT_AS_GIVEN)
        self._is_set_by_itself = bool(getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False))

    def value(self, row: models.Model, is_new: bool, here: Any) -> Any:
        """The row's value as the database takes it."""
        if self._is_set_by_itself:
            return self.stored(self._field.pre_save(row, is_new), here)
        value = row.__dict__.get(self._name, self)  # what is not there is deferred, and read by the field
        if value is None or (self._is_kept_as_given and type(value) in (str, int)):
            return value
        return self.stored(getattr(row, self._name) if value is self else value, here)

    def stored(self, value: Any, here: Any) -> Any:
        """A value as the database takes it; texts and whole numbers pass as they are."""
        if value is None or (self._is_kept_as_given and type(value) in (str, int)):
            return value
        return self._field.get_db_prep_save(value, here)


def asked(here: Any, sql: str, values: Sequence[Any]) -> Any:
    """Send one statement: on PostgreSQL the cursor that will have its rows, on SQLite the rows.

    SQLite has not done a statement before its answer is read; PostgreSQL is asked for all of them first, values apart
    from the text, so that the server prepares it. Inside a transaction that nobody watches, SQLite's own cursor is
    used: Django's costs as much as the statement.
    """
    if here.vendor == "postgresql":
        from django.db.backends.postgresql.base import ServerBindingCursor

        here.ensure_connection()
        cursor = here._prepare_cursor(ServerBindingCursor(here.connection))  # type: ignore[call-arg]
        cursor.execute(sql, values)
        return cursor
    if _is_unwatched_sqlite(here):
        here.validate_no_broken_transaction()
        with here.wrap_database_errors:
            return here.connection.execute(_in_sqlites_words(sql), values).fetchall()
    with here.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def repeated(sql: str, rows: Sequence[Sequence[Any]]) -> None:
    """Do a statement that gives nothing back once for each row of values, past Django's cursor as `asked` does.

    The text is written in the code, and never made of what came from outside.
    """
    here = connections[DEFAULT_DB_ALIAS]
    if _is_unwatched_sqlite(here):
        here.validate_no_broken_transaction()
        with here.wrap_database_errors:
            here.connection.executemany(_in_sqlites_words(sql), rows)
        return
    with here.cursor() as cursor:
        cursor.executemany(sql, rows)


def _is_unwatched_sqlite(here: Any) -> bool:
    return bool(here.vendor == "sqlite" and here.in_atomic_block and not (here.queries_logged or here.execute_wrappers))


def fetched(found: Any) -> list[Any]:
    """The rows of what was asked; once."""
    if isinstance(found, list):
        return found
    with found as cursor:
        rows: list[Any] = cursor.fetchall()
        return rows


@lru_cache(maxsize=512)
def _in_sqlites_words(sql: str) -> str:
    """A statement with the places of values marked as SQLite marks them."""
    return re.sub(r"(?<!%)%s", "?", sql).replace("%%", "%")


@lru_cache(maxsize=512)
def insertion(model: type[models.Model], count: int, vendor: str) -> tuple[str, list[Column]]:
    here, key = connections[DEFAULT_DB_ALIAS], key_of(model)
    columns = [Column(field, here) for field in model._meta.local_concrete_fields if field is not key]
    row = f"({', '.join(['%s'] * len(columns))})"
    sql = (
        f"INSERT INTO {here.ops.quote_name(model._meta.db_table)} ({', '.join(one.quoted for one in columns)}) "  # noqa: S608
        f"VALUES {', '.join([row] * count)} RETURNING {here.ops.quote_name(key.column)}"
    )  # names of tables and columns come from the models
    return sql, columns


@lru_cache(maxsize=512)
def change(
    model: type[models.Model], names: tuple[str, ...], was: tuple[str, ...], vendor: str
) -> tuple[str, list[Column], list[Column]]:
    here, key = connections[DEFAULT_DB_ALIAS], Column(key_of(model), connections[DEFAULT_DB_ALIAS])
    columns, guards = ([Column(model._meta.get_field(name), here) for name in chosen] for chosen in (names, was))
    written = ", ".join(f"{one.quoted} = %s" for one in columns)
    held = " AND ".join(f"{one.quoted} = %s" for one in (key, *guards))
    table = here.ops.quote_name(model._meta.db_table)
    return f"UPDATE {table} SET {written} WHERE {held} RETURNING {key.quoted}", columns, guards  # noqa: S608


@lru_cache(maxsize=512)
def change_of_many(model: type[models.Model], names: tuple[str, ...], was: tuple[str, ...], count: int) -> str:
    """An update of many rows from a list of values; each is of its column's type, also where all of them are empty."""
    here, key = connections[DEFAULT_DB_ALIAS], key_of(model)
    fields = [*(model._meta.get_field(name) for name in names), key, *(model._meta.get_field(name) for name in was)]
    quoted = [here.ops.quote_name(field.column) for field in fields]
    typed = [f"CAST(given.column{n} AS {_cast_type(field, here)})" for n, field in enumerate(fields, 1)]
    table = here.ops.quote_name(model._meta.db_table)
    written = ", ".join(f"{quoted[n]} = {typed[n]}" for n in range(len(names)))
    held = " AND ".join(f"{table}.{quoted[n]} = {typed[n]}" for n in range(len(names), len(fields)))
    row = f"({', '.join(['%s'] * len(fields))})"
    return (
        f"UPDATE {table} SET {written} FROM (VALUES {', '.join([row] * count)}) AS given "  # noqa: S608
        f"WHERE {held} RETURNING {table}.{here.ops.quote_name(key.column)}"
    )  # names of tables and columns come from the models


def _cast_type(field: Any, here: Any) -> str:
    """A type that does not cut: a text too long for its column is to be refused, as it is when written alone."""
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    return "text" if isinstance(target, models.CharField) else str(target.cast_db_type(here))


def key_of(model: type[models.Model]) -> Any:
    if model._meta.pk is None or model._meta.parents:
        raise ValueError("rows are written of models with one table")
    return model._meta.pk
