"""Rows that are written together: those of one act in their order, those of many acts by few statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models

from khcn.web.rows.statements import asked, change, change_of_many, fetched, insertion, together

_MOST_AT_ONCE = 200
"""Rows that one statement changes or adds: far below the values that either database takes in one."""


class Writes:
    """Rows to be written in order, all at once when they are flushed. Whoever makes one flushes it."""

    def __init__(self) -> None:
        self._waiting: list[_Write] = []
        self._wave = 0

    def insert(self, *rows: models.Model) -> None:
        """New rows of one model, by one statement, as they are when flushed; their keys are known after that."""
        self._waiting.append(_Write((type(rows[0]), (), ()), rows=rows, wave=self._wave))

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
        _sql, columns, guards = change(type(row), tuple(names), tuple(was), here.vendor)
        values = [column.value(row, False, here) for column in columns]
        values += [row.pk, *(guard.stored(was[name], here) for guard, name in zip(guards, was, strict=True))]
        missing = otherwise or type(row).DoesNotExist(f"{type(row).__name__} {row.pk}")  # type: ignore[attr-defined]
        shape = (type(row), tuple(names), tuple(was))
        self._waiting.append(_Write(shape, values, key=row.pk, missing=missing, wave=self._wave))

    def need_keys(self, *rows: models.Model | None) -> None:
        """Have these rows, inserted before, know their keys before those that are inserted from now on."""
        self.flush()

    def flush(self) -> None:
        """Send what waits. Raises the database's refusals and, in order, what the updates were told to raise."""
        if not self._waiting:
            return
        here = connections[DEFAULT_DB_ALIAS]
        sent, self._waiting = self._waiting, []
        with together():
            answers = [asked(here, one.sql(here), one.sent_values(here)) for one in sent]
        keys = [fetched(answer) for answer in answers]
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
                alike.setdefault((one.wave, turn, one.shape), []).append(one)
            writes._waiting = []
        for (_wave, _turn, shape), found in sorted(alike.items(), key=lambda item: item[0][0]):
            for first in range(0, len(found), _MOST_AT_ONCE):
                part = found[first : first + _MOST_AT_ONCE]
                if part[0].missing is None:
                    _insert_all(part, here)
                else:
                    _change_all(shape, part, here)


class HeldWrites(Writes):
    """Writes that are sent with those of others only, by `flush_together`."""

    def need_keys(self, *rows: models.Model | None) -> None:
        """Rows inserted from now on are sent after these."""
        before = [one.wave for one in self._waiting if any(mine is row for mine in one.rows for row in rows)]
        self._wave = max(self._wave, *(wave + 1 for wave in before)) if before else self._wave

    def flush(self) -> None:
        """Raises MustWriteFirst: whoever made these has not reached the others yet."""
        raise MustWriteFirst


class MustWriteFirst(Exception):
    """What waits would have to be stored before the act can go on."""


@dataclass(slots=True)
class _Write:
    """One statement that waits: its shape (model, fields written, fields compared); the rows that it adds, or the
    values of an update, the key of its row and what is raised without it. Lower waves are sent before higher ones.
    """

    shape: tuple[type[models.Model], tuple[str, ...], tuple[str, ...]]
    values: Sequence[Any] = ()
    rows: tuple[models.Model, ...] = ()
    key: Any = None
    missing: Exception | None = None
    wave: int = 0

    def sql(self, here: Any) -> str:
        model, names, was = self.shape
        if self.missing is None:
            return insertion(model, len(self.rows), here.vendor)[0]
        return change(model, names, was, here.vendor)[0]

    def sent_values(self, here: Any) -> Sequence[Any]:
        """The values in the order of the statement, as the rows are now."""
        if self.missing is not None:
            return self.values
        _sql, columns = insertion(self.shape[0], 1, here.vendor)
        return [column.value(row, True, here) for row in self.rows for column in columns]


def _keep_keys(rows: Sequence[models.Model], found: Sequence[Any], here: Any) -> None:
    for row, (key,) in zip(rows, found, strict=False):
        row.pk = key
        row._state.adding, row._state.db = False, here.alias


def _insert_all(part: Sequence[_Write], here: Any) -> None:
    rows = [row for one in part for row in one.rows]
    if part[0].wave:
        for row in rows:
            row._prepare_related_fields_for_save(operation_name="insert")  # type: ignore[attr-defined]
    sql, _columns = insertion(part[0].shape[0], len(rows), here.vendor)
    values = [value for one in part for value in one.sent_values(here)]
    _keep_keys(rows, fetched(asked(here, sql, values)), here)


def _change_all(shape: tuple[Any, ...], part: Sequence[_Write], here: Any) -> None:
    """One statement for many rows on PostgreSQL; on SQLite, where nothing is sent anywhere, one prepared once."""
    model, names, was = shape
    if here.vendor == "postgresql":
        sql = change_of_many(model, names, was, len(part))
        found = {key for (key,) in fetched(asked(here, sql, [value for one in part for value in one.values]))}
        missing = next((one for one in part if one.key not in found), None)
    else:
        sql, _columns, _guards = change(model, names, was, here.vendor)
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
