"""Statements about rows that are put together once and then only run, several on one way to the database.

For acts done hundreds of times a second. What runs is the SQL that Django would write for the same act; writing it
anew each time is saved, and on PostgreSQL the waiting for each answer (pipeline mode, prepared statements). Values go
through the fields' own conversions. No signal is sent, neither for rows read nor written, nothing is validated, nothing
cascades; models with one table.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.models import QuerySet
from django.db.models.base import ModelState

M = TypeVar("M", bound=models.Model)
#: Stands for a key while a query is put together; no row has such a key.
_PLACE = -(2**40)
_MOST_AT_ONCE = 200
"""Rows that one statement changes or adds: far below the values that either database takes in one."""
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


class Answer(Generic[M]):
    """What a query that was asked will give."""

    def __init__(self, found: Any, read: Callable[[Any], M]) -> None:
        self._found = found
        self._read = read

    def rows(self) -> list[M]:
        """The rows; once."""
        return [self._read(row) for row in _fetched(self._found)]


def ask(sql: str, values: Sequence[Any] = ()) -> Answer[Any]:
    """Ask for plain rows by a text of SQL, written in the code and never made of what came from outside."""
    return Answer(_asked(connections[DEFAULT_DB_ALIAS], sql, values), tuple)


class Reading(Generic[M]):
    """A query that is asked again and again with other keys.

    build: makes the query for the whole numbers it is handed, which stand for keys, whole numbers or texts. Columns
    left out with `only` or `defer` stay deferred, annotations become attributes; `select_related` is refused.
    """

    def __init__(self, build: Callable[..., QuerySet[M]], *, keys: int = 1) -> None:
        self._build = build
        self._keys = keys
        self._plans: dict[str, _Plan] = {}

    def __call__(self, *keys: int | str) -> list[M]:
        """The rows for these keys. Raises TransactionManagementError for a locking query outside a transaction."""
        return self.ask(*keys).rows()

    def ask(self, *keys: int | str) -> Answer[M]:
        """Ask for the rows for these keys, to be waited for later; inside `together`. Raises as a call does."""
        here = connections[DEFAULT_DB_ALIAS]
        plan = self._plans.get(here.vendor)
        if plan is None:
            plan = self._plans[here.vendor] = _Plan(self._build(*(_PLACE - n for n in range(self._keys))), here)
        if plan.locks and not here.in_atomic_block:
            raise transaction.TransactionManagementError("a row is locked inside a transaction only")
        values = [keys[value] if is_key else value for is_key, value in plan.values]
        return Answer(_asked(here, plan.sql, values), plan.instance)


class Writes:
    """Rows to be written in order, all at once when they are flushed. Whoever makes one flushes it."""

    def __init__(self) -> None:
        self._waiting: list[_Write] = []

    def insert(self, *rows: models.Model) -> None:
        """New rows of one model, by one statement; their keys are known after the flush."""
        here, model = connections[DEFAULT_DB_ALIAS], type(rows[0])
        _sql, columns = _insertion(model, 1, here.vendor)
        values = [column.value(row, True, here) for row in rows for column in columns]
        self._waiting.append(_Write((model, (), ()), values, rows))

    def update(
        self,
        row: models.Model,
        names: Sequence[str],
        *,
        was: Mapping[str, Any] | None = None,
        otherwise: Exception | None = None,
    ) -> None:
        """Write these fields of a stored row; the flush raises `otherwise` when it no longer holds what it `was`."""
        here, was = connections[DEFAULT_DB_ALIAS], was or {}
        _sql, columns, guards = _change(type(row), tuple(names), tuple(was), here.vendor)
        values = [column.value(row, False, here) for column in columns]
        values += [row.pk, *(guard.stored(was[name], here) for guard, name in zip(guards, was, strict=True))]
        missing = otherwise or type(row).DoesNotExist(f"{type(row).__name__} {row.pk}")  # type: ignore[attr-defined]
        self._waiting.append(_Write((type(row), tuple(names), tuple(was)), values, (), row.pk, missing))

    def flush(self) -> None:
        """Send what waits. Raises the database's refusals and, in order, what the updates were told to raise."""
        if not self._waiting:
            return
        here = connections[DEFAULT_DB_ALIAS]
        sent, self._waiting = self._waiting, []
        with together():
            answers = [_asked(here, one.sql(here), one.values) for one in sent]
        keys = [_fetched(answer) for answer in answers]
        for one, found in zip(sent, keys, strict=True):
            if one.missing is not None and not found:
                raise one.missing
            _keep_keys(one.rows, found, here)

    @staticmethod
    def flush_together(many: Iterable[Writes]) -> None:
        """Send what waits in all of them by few statements: what is alike at once, in the order in which it came first.

        Changes of one row stay in their order; others may change places. Raises the database's refusals, and what an
        update was told to raise.
        """
        here = connections[DEFAULT_DB_ALIAS]
        alike: dict[tuple[Any, ...], list[_Write]] = {}
        seen: dict[tuple[Any, ...], int] = {}
        for writes in many:
            for one in writes._waiting:
                turn = 0
                if one.missing is not None:
                    turn = seen[one.shape, one.key] = seen.get((one.shape, one.key), -1) + 1
                alike.setdefault((one.shape, turn), []).append(one)
            writes._waiting = []
        for (shape, _turn), found in alike.items():
            for first in range(0, len(found), _MOST_AT_ONCE):
                part = found[first : first + _MOST_AT_ONCE]
                if part[0].missing is None:
                    _insert_all(part, here)
                else:
                    _change_all(shape, part, here)


@dataclass(slots=True)
class _Write:
    """One statement that waits: its shape (model, fields written, fields compared), its values, the row it changes."""

    shape: tuple[type[models.Model], tuple[str, ...], tuple[str, ...]]
    values: list[Any]
    rows: tuple[models.Model, ...]
    key: Any = None
    missing: Exception | None = None

    def sql(self, here: Any) -> str:
        model, names, was = self.shape
        if self.missing is None:
            return _insertion(model, len(self.rows), here.vendor)[0]
        return _change(model, names, was, here.vendor)[0]


def _keep_keys(rows: Sequence[models.Model], found: Sequence[Any], here: Any) -> None:
    for row, (key,) in zip(rows, found, strict=False):
        row.pk = key
        row._state.adding, row._state.db = False, here.alias


def _insert_all(part: Sequence[_Write], here: Any) -> None:
    rows = [row for one in part for row in one.rows]
    sql, _columns = _insertion(part[0].shape[0], len(rows), here.vendor)
    _keep_keys(rows, _fetched(_asked(here, sql, [value for one in part for value in one.values])), here)


def _change_all(shape: tuple[Any, ...], part: Sequence[_Write], here: Any) -> None:
    """One statement for many rows on PostgreSQL; on SQLite, where nothing is sent anywhere, one prepared once."""
    model, names, was = shape
    if here.vendor == "postgresql":
        sql = _change_many(model, names, was, len(part))
        found = {key for (key,) in _fetched(_asked(here, sql, [value for one in part for value in one.values]))}
        missing = next((one for one in part if one.key not in found), None)
    else:
        sql, _columns, _guards = _change(model, names, was, here.vendor)
        with here.cursor() as cursor:
            cursor.executemany(sql.partition(" RETURNING ")[0], [one.values for one in part])
            missing = part[0] if cursor.rowcount != len(part) else None
    if missing is not None and missing.missing is not None:
        raise missing.missing


def insert(*rows: models.Model) -> None:
    """Add new rows of one model by one statement, in this order; their keys are filled in."""
    writes = Writes()
    writes.insert(*rows)
    writes.flush()


def update(row: models.Model, names: Sequence[str]) -> None:
    """Write these fields of a stored row. Raises DoesNotExist."""
    writes = Writes()
    writes.update(row, names)
    writes.flush()


class _Plan:
    """One query as one database takes it: its text, its values with the places of keys, and how rows are read."""

    def __init__(self, rows: QuerySet[Any], here: Any) -> None:
        compiler = rows.query.get_compiler(using=here.alias)
        self.sql, values = compiler.as_sql()
        if compiler.klass_info is None or rows.query.select_related:
            raise ValueError("a reading gives rows of one model")
        self.locks = rows.query.select_for_update
        self.values = [_place_of(value) for value in values]
        self._alias = here.alias
        self._model = compiler.klass_info["model"]
        chosen = compiler.klass_info["select_fields"]
        self._first, self._after = chosen[0], chosen[-1] + 1
        self._names = [column[0].target.attname for column in compiler.select[self._first : self._after]]
        self._more = list(compiler.annotation_col_map.items())
        columns = [column[0] for column in compiler.select]
        self._converters = [
            (place, converters, expression)
            for place, (converters, expression) in compiler.get_converters(columns).items()
        ]

    def instance(self, found: Any) -> Any:
        """The model's instance that a row of the answer is."""
        row, here = list(found), connections[self._alias]
        for place, converters, expression in self._converters:
            for convert in converters:
                row[place] = convert(row[place], expression, here)
        made = self._model.__new__(self._model)
        made._state = ModelState()
        made._state.adding, made._state.db = False, self._alias
        made.__dict__.update(zip(self._names, row[self._first : self._after], strict=True))
        for name, place in self._more:
            setattr(made, name, row[place])
        return made


def _place_of(value: Any) -> tuple[bool, Any]:
    """(whether the value of a statement stands for a key, which key or the value); a text field makes it a text."""
    number = int(value) if isinstance(value, str) and value.startswith("-") and value[1:].isdecimal() else value
    return (True, _PLACE - number) if isinstance(number, int) and number <= _PLACE else (False, value)


class _Column:
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


def _asked(here: Any, sql: str, values: Sequence[Any]) -> Any:
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
    if here.vendor == "sqlite" and here.in_atomic_block and not (here.queries_logged or here.execute_wrappers):
        here.validate_no_broken_transaction()
        with here.wrap_database_errors:
            return here.connection.execute(_in_sqlites_words(sql), values).fetchall()
    with here.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def _fetched(found: Any) -> list[Any]:
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
def _insertion(model: type[models.Model], count: int, vendor: str) -> tuple[str, list[_Column]]:
    here, key = connections[DEFAULT_DB_ALIAS], _key_of(model)
    columns = [_Column(field, here) for field in model._meta.local_concrete_fields if field is not key]
    row = f"({', '.join(['%s'] * len(columns))})"
    sql = (
        f"INSERT INTO {here.ops.quote_name(model._meta.db_table)} ({', '.join(one.quoted for one in columns)}) "  # noqa: S608
        f"VALUES {', '.join([row] * count)} RETURNING {here.ops.quote_name(key.column)}"
    )  # names of tables and columns come from the models
    return sql, columns


@lru_cache(maxsize=512)
def _change(
    model: type[models.Model], names: tuple[str, ...], was: tuple[str, ...], vendor: str
) -> tuple[str, list[_Column], list[_Column]]:
    here, key = connections[DEFAULT_DB_ALIAS], _Column(_key_of(model), connections[DEFAULT_DB_ALIAS])
    columns, guards = ([_Column(model._meta.get_field(name), here) for name in chosen] for chosen in (names, was))
    written = ", ".join(f"{one.quoted} = %s" for one in columns)
    held = " AND ".join(f"{one.quoted} = %s" for one in (key, *guards))
    table = here.ops.quote_name(model._meta.db_table)
    return f"UPDATE {table} SET {written} WHERE {held} RETURNING {key.quoted}", columns, guards  # noqa: S608


@lru_cache(maxsize=512)
def _change_many(model: type[models.Model], names: tuple[str, ...], was: tuple[str, ...], count: int) -> str:
    """An update of many rows from a list of values; each is of its column's type, also where all of them are empty."""
    here, key = connections[DEFAULT_DB_ALIAS], _key_of(model)
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


def _key_of(model: type[models.Model]) -> Any:
    if model._meta.pk is None or model._meta.parents:
        raise ValueError("rows are written of models with one table")
    return model._meta.pk
