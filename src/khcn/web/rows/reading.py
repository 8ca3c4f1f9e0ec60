"""Queries that are asked again and again with other keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.models import QuerySet
from django.db.models.base import ModelState

from khcn.web.rows.statements import asked, fetched

M = TypeVar("M", bound=models.Model)
#: Stands for a key while a query is put together; no row has such a key.
_PLACE = -(2**40)


class Answer(Generic[M]):
    """What a query that was asked will give."""

    def __init__(self, found: Any, read: Callable[[Any], M]) -> None:
        self._found = found
        self._read = read

    def rows(self) -> list[M]:
        """The rows; once."""
        return [self._read(row) for row in fetched(self._found)]


def ask(sql: str, values: Sequence[Any] = ()) -> Answer[Any]:
    """Ask for plain rows by a text of SQL, written in the code and never made of what came from outside."""
    return Answer(asked(connections[DEFAULT_DB_ALIAS], sql, values), tuple)


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
        return Answer(asked(here, plan.sql, values), plan.instance)


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
