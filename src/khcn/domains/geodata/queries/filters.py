"""A CQL2 tree as conditions of the database, alike on SQLite and PostgreSQL; a comparison with nothing is not true."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.db.models import F, FloatField, Func, Q, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.db.models.lookups import (
    Exact,
    GreaterThan,
    GreaterThanOrEqual,
    In,
    IsNull,
    LessThan,
    LessThanOrEqual,
    Regex,
)
from shapely.geometry.base import BaseGeometry

from khcn.domains.geodata.choices import FieldType
from khcn.domains.geodata.rules.fields import Field
from khcn.lib.text import without_marks
from khcn.standards.ogcapi.cql2 import ARITHMETIC, SPATIAL, TEMPORAL, Call, Property
from khcn.web.text_sql import LowerText, PlainText

GEOMETRY = "geometry"
COLUMNS: dict[str, tuple[str, str]] = {
    "ma": ("code", "string"), "hieu_luc_tu": ("valid_from", "date"), "hieu_luc_den": ("valid_to", "date"),
    "dien_tich_m2": ("area_m2", "number"),
}  # fmt: skip
"""Queryable → (column, CQL2 type) of what every object has."""
_TYPES = {
    FieldType.TEXT: "string", FieldType.CHOICE: "string", FieldType.INTEGER: "integer", FieldType.NUMBER: "number",
    FieldType.DATE: "date", FieldType.BOOLEAN: "boolean",
}  # fmt: skip
_COMPARISONS: dict[str, Callable[..., Any]] = {
    "=": Exact, "<": LessThan, "<=": LessThanOrEqual, ">": GreaterThan, ">=": GreaterThanOrEqual,
}  # fmt: skip
_LOOKUPS = {
    "s_intersects": "intersects", "s_equals": "same_shape", "s_touches": "touches", "s_within": "within",
    "s_overlaps": "overlaps", "s_crosses": "crosses", "s_contains": "contains",
}  # fmt: skip
_SWAPPED = {"s_within": "s_contains", "s_contains": "s_within"}


def queryables_of(fields: tuple[Field, ...]) -> dict[str, str]:
    """Name → CQL2 type of everything that may be asked about."""
    own = {field.name: _TYPES[field.type] for field in fields}
    return {name: kind for name, (_column, kind) in COLUMNS.items()} | own | {GEOMETRY: "geometry"}


def condition_of(tree: Call) -> Q:
    """The condition of a checked tree, for `QuerySet.filter` of features."""
    match tree.op:
        case "constant":
            return Q(pk__isnull=False) if tree.args[0] else Q(pk__isnull=True)
        case "and" | "or":
            found = condition_of(tree.args[0])
            for item in tree.args[1:]:
                found = found & condition_of(item) if tree.op == "and" else found | condition_of(item)
            return found
        case "not":
            return ~condition_of(tree.args[0])
        case op if op in SPATIAL:
            return _spatial(op, *tree.args)
        case op if op in TEMPORAL:
            return _temporal(op, *(_span(item) for item in tree.args))
        case "isnull":
            (item,) = tree.args
            if isinstance(item, Property) and item.name == GEOMETRY:
                return Q(geometry__isnull=True)
            return Q(IsNull(_expression(item), True))
        case "like":
            return Q(Regex(_expression(tree.args[0]), _pattern(tree.args[1])))
        case "between":
            value, low, high = (_expression(item) for item in tree.args)
            return Q(GreaterThanOrEqual(value, low)) & Q(LessThanOrEqual(value, high))
        case "in":
            value, members = tree.args
            return Q(In(_expression(value), [_expression(item) for item in members]))
        case "<>":
            left, right = (_expression(item) for item in tree.args)
            return ~Q(Exact(left, right)) & Q(IsNull(left, False)) & Q(IsNull(right, False))
    return Q(_COMPARISONS[tree.op](*(_expression(item) for item in tree.args)))


class _Operation(Func):
    """Two numbers and a sign; division by nothing gives nothing."""

    output_field = FloatField()

    def __init__(self, sign: str, left: Any, right: Any) -> None:
        super().__init__(left, right, arg_joiner=f" {sign} ", template="(%(expressions)s)")


class _Unless0(Func):
    function, template = "NULLIF", "NULLIF(%(expressions)s, 0)"
    output_field = FloatField()


def _expression(item: Any) -> Any:
    match item:
        case Property(name=name) if name in COLUMNS:
            return _column(name)
        case Property(name=name, type=kind):
            text = KeyTextTransform(name, "properties")
            return Cast(text, FloatField()) if kind in ("number", "integer") else Cast(text, TextField())
        case Call(op=op, args=args) if op in ARITHMETIC:
            left, right = (_expression(one) for one in args)
            return _Operation(op, left, _Unless0(right) if op == "/" else right)
        case Call(op="casei", args=(one,)):
            return LowerText(_expression(one))
        case Call(op="accenti", args=(one,)):
            return PlainText(_expression(one))
        case bool():
            return Value("true" if item else "false", output_field=TextField())
        case int() | float():
            return Value(float(item), output_field=FloatField())
        case date():
            return Value(item.isoformat(), output_field=TextField())
    return Value(str(item), output_field=TextField())


def _column(name: str) -> Any:
    """A column as text or number: days compare as ISO text, so that they meet days in fields."""
    column, kind = COLUMNS[name]
    return Cast(F(column), TextField()) if kind in ("date", "string") else F(column)


def _spatial(op: str, left: Any, right: Any) -> Q:
    if not isinstance(left, Property):
        left, right, op = right, left, _SWAPPED.get(op, op)
    if not isinstance(right, BaseGeometry):
        same = Q(pk__isnull=False)  # the only shape of an object against itself
        return ~same if op in ("s_disjoint", "s_touches", "s_overlaps", "s_crosses") else same
    if op == "s_disjoint":
        return ~Q(geometry__intersects=right)
    return Q(**{f"geometry__{_LOOKUPS[op]}": right})


def _span(item: Any) -> tuple[Any, Any]:
    """First and last day as expressions, None for an open end."""
    if isinstance(item, tuple):
        _word, first, last = item
        return (None if first is None else _expression(first)), (None if last is None else _expression(last))
    found = _expression(item)
    return found, found


def _temporal(op: str, one: tuple[Any, Any], other: tuple[Any, Any]) -> Q:
    before = _less(one[1], other[0])
    after = _less(other[1], one[0])
    match op:
        case "t_before":
            return before
        case "t_after":
            return after
        case "t_disjoint":
            return before | after
        case "t_intersects":
            return _at_most(other[0], one[1]) & _at_most(one[0], other[1])
        case "t_during":
            return _less(other[0], one[0], open_is=True) & _less(one[1], other[1], open_is=True)
    return _at_most(one[0], other[0]) & _at_most(other[0], one[0]) & _at_most(one[1], other[1]) & _at_most(
        other[1], one[1])  # fmt: skip


def _less(low: Any, high: Any, *, open_is: bool = False) -> Q:
    if low is None or high is None:
        return Q(pk__isnull=not open_is)
    return Q(LessThan(low, high))


def _at_most(low: Any, high: Any) -> Q:
    if low is None or high is None:
        return Q(pk__isnull=False)
    return Q(LessThanOrEqual(low, high))


def _pattern(wanted: Any) -> Any:
    """A LIKE pattern as a regular expression that both databases read; a folded literal stays an expression."""
    if isinstance(wanted, Call):
        inner = wanted.args[0]
        text = _literal(wanted.op, inner)
        return _pattern(text)
    out, escaped = [], False
    for letter in str(wanted):
        if escaped:
            out.append(re.escape(letter))
            escaped = False
        elif letter == "\\":
            escaped = True
        else:
            out.append({"%": ".*", "_": "."}.get(letter) or re.escape(letter))
    return f"^{''.join(out)}$"


def _literal(op: str, inner: Any) -> str:
    text = _literal(inner.op, inner.args[0]) if isinstance(inner, Call) else str(inner)
    return text.lower() if op == "casei" else without_marks(text)


def plain_conditions(fields: tuple[Field, ...], asked: Mapping[str, str]) -> Q:
    """Equality of queryables with texts of the address (Part 1, /req/core/fc-... by property)."""
    kinds = queryables_of(fields)
    found = Q()
    for name, text in asked.items():
        kind = kinds[name]
        value: Any = text
        if kind in ("number", "integer"):
            try:
                value = float(text)
            except ValueError:
                return Q(pk__isnull=True)
        elif kind == "boolean":
            value = text.lower() == "true"
        found &= condition_of(Call("=", (Property(name, kind), value)))
    return found
