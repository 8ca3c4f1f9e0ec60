"""Builds the frozen facts of a rule from the plain JSON of a stored trace; the way there is `rule_trace.as_plain`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from enum import Enum
from fractions import Fraction
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

Fact = TypeVar("Fact")


def restore(kind: type[Fact], plain: Mapping[str, Any]) -> Fact:
    """Return the dataclass `kind` with the values of `plain` turned into the types of its fields.

    Knows dates, enumerations, fractions, tuples, optional values and what JSON holds itself. Raises KeyError for a
    field without a value, ValueError for a value that its type does not have.
    """
    hints = get_type_hints(kind)
    return kind(**{field.name: _as(hints[field.name], plain[field.name]) for field in fields(kind)})  # type: ignore[arg-type]


def _as(hint: Any, value: Any) -> Any:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is UnionType:
        return None if value is None and NoneType in arguments else _as(_only(arguments), value)
    if origin is tuple:
        return tuple(_as(arguments[0], item) for item in value)
    if hint is date:
        return date.fromisoformat(value)
    if hint is Fraction:
        return Fraction(value)
    return hint(value) if isinstance(hint, type) and issubclass(hint, Enum) else value


def _only(arguments: tuple[Any, ...]) -> Any:
    return next(item for item in arguments if item is not NoneType)
