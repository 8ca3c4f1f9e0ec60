"""CQL2 filters: text or JSON to one checked tree; what a property, a function or a literal may be is said beforehand.

The grammar is read by the `cql2` package; which classes of 21-065r2 are served is decided here: Basic CQL2, advanced
comparison (LIKE, BETWEEN, IN), case- and accent-insensitive comparison, basic spatial functions with the eight
relations, temporal functions over days, property against property, arithmetic. Arrays and own functions are refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import cql2 as grammar
import shapely
from shapely.errors import ShapelyError
from shapely.geometry import box, shape
from shapely.geometry.base import BaseGeometry

from khcn.standards.ogcapi.parameters import ParameterRefused

DEEPEST = 40
LONGEST = 20_000
COMPARISONS = ("=", "<>", "<", "<=", ">", ">=")
SPATIAL = (
    "s_intersects", "s_disjoint", "s_equals", "s_touches", "s_within", "s_overlaps", "s_crosses", "s_contains",
)  # fmt: skip
TEMPORAL = ("t_after", "t_before", "t_equals", "t_disjoint", "t_intersects", "t_during")
ARITHMETIC = ("+", "-", "*", "/")
FOLDING = ("casei", "accenti")
TYPES = ("string", "integer", "number", "boolean", "date", "geometry")


@dataclass(frozen=True, slots=True)
class Property:
    """A queryable named in a filter, with its type (one of `TYPES`)."""

    name: str
    type: str


@dataclass(frozen=True, slots=True)
class Call:
    """An operator over operands: properties, literals (text, number, boolean, date, shape, list) or calls."""

    op: str
    args: tuple[Any, ...]


def read_filter(text: str, queryables: Mapping[str, str], *, language: str = "cql2-text") -> Call:
    """The tree of a filter. queryables: name → type of what may be asked about. Raises ParameterRefused."""
    if len(text) > LONGEST:
        raise ParameterRefused("Bộ lọc quá dài.", field="filter")
    read = {"cql2-text": grammar.parse_text, "cql2-json": grammar.parse_json}.get(language)
    if read is None:
        raise ParameterRefused("filter-lang phải là cql2-text hoặc cql2-json.", field="filter-lang")
    try:
        tree = read(text).to_json()
    except (grammar.ParseError, grammar.ValidationError, ValueError, RecursionError) as error:
        raise ParameterRefused("Bộ lọc không đúng cú pháp CQL2.", field="filter") from error
    found = _node(tree, queryables, 0)
    if isinstance(found, bool):
        return Call("constant", (found,))
    if isinstance(found, Property) and found.type == "boolean":
        return Call("=", (found, True))
    if not isinstance(found, Call) or found.op in (*ARITHMETIC, *FOLDING):
        raise ParameterRefused("Bộ lọc phải là một điều kiện đúng hoặc sai.", field="filter")
    return found


def _node(tree: Any, queryables: Mapping[str, str], depth: int) -> Any:
    if depth > DEEPEST:
        raise ParameterRefused("Bộ lọc lồng quá sâu.", field="filter")
    match tree:
        case bool() | int() | float() | str():
            return tree
        case list():
            return tuple(_node(item, queryables, depth + 1) for item in tree)
        case {"property": str(name)}:
            if name not in queryables:
                raise ParameterRefused(f"Không lọc theo “{name}” được.", field="filter")
            return Property(name, queryables[name])
        case {"date": str(text)}:
            return _date(text)
        case {"timestamp": str(text)}:
            return _date(text[:10])
        case {"interval": [first, last]}:
            return ("interval", *(_bound(one, queryables, depth + 1) for one in (first, last)))
        case {"bbox": [*numbers]} if len(numbers) in (4, 6):
            half = len(numbers) // 2
            return box(numbers[0], numbers[1], numbers[half], numbers[half + 1])
        case {"type": str(), "coordinates": _} | {"type": "GeometryCollection", "geometries": _}:
            return _shape(tree)
        case {"op": str(op), "args": [*args]}:
            return _call(op.lower() if op != "isNull" else "isnull", args, queryables, depth)
    raise ParameterRefused("Bộ lọc có phần không dùng được.", field="filter")


def _call(op: str, args: list[Any], queryables: Mapping[str, str], depth: int) -> Call:
    sizes = {
        **dict.fromkeys(COMPARISONS, 2), **dict.fromkeys(SPATIAL, 2), **dict.fromkeys(TEMPORAL, 2),
        **dict.fromkeys(ARITHMETIC, 2), **dict.fromkeys(FOLDING, 1),
        "like": 2, "between": 3, "in": 2, "isnull": 1, "not": 1,
    }  # fmt: skip
    if op not in sizes and op not in ("and", "or"):
        raise ParameterRefused(f"Bộ lọc dùng phép “{op}” chưa được hỗ trợ.", field="filter")
    read = tuple(_node(item, queryables, depth + 1) for item in args)
    if op in ("and", "or"):
        if len(read) < 2:
            raise ParameterRefused(f"Phép “{op}” cần ít nhất hai vế.", field="filter")
        return Call(op, tuple(_truth(item) for item in read))
    if op == "-" and len(read) == 1:
        read = (0.0, read[0])
    if len(read) != sizes[op]:
        raise ParameterRefused(f"Phép “{op}” cần {sizes[op]} vế.", field="filter")
    if op == "not":
        return Call(op, (_truth(read[0]),))
    _check(op, read)
    return Call(op, read)


def _check(op: str, args: tuple[Any, ...]) -> None:
    """Operands of kinds that can be compared."""
    if op in SPATIAL:
        kinds = {_type_of(item) for item in args}
        if kinds != {"geometry"} or not any(isinstance(item, Property) for item in args):
            raise ParameterRefused("Phép không gian cần một thuộc tính hình và một hình.", field="filter")
        return
    kinds = {_type_of(item) for item in args if not isinstance(item, tuple)}
    if "geometry" in kinds and op != "isnull":
        raise ParameterRefused("Hình chỉ dùng được trong phép không gian.", field="filter")
    if op in TEMPORAL:
        _check_days(args)
    elif op in FOLDING or op == "like":
        if kinds != {"string"}:
            raise ParameterRefused(f"Phép “{op}” chỉ dùng cho chữ.", field="filter")
    elif op in (*COMPARISONS, "between", "in"):
        flat = [part for item in args for part in (item if isinstance(item, tuple) else (item,))]
        found = {"number" if _type_of(item) == "integer" else _type_of(item) for item in flat}
        found = {"string"} if found == {"string", "date"} else found
        if len(found) != 1 or "condition" in found:
            raise ParameterRefused(f"Hai vế của phép “{op}” khác kiểu nhau.", field="filter")
    elif op in ARITHMETIC and not kinds <= {"number", "integer"}:
        raise ParameterRefused(f"Phép “{op}” chỉ dùng cho số.", field="filter")


def _check_days(args: tuple[Any, ...]) -> None:
    flat = [part for item in args for part in (item[1:] if isinstance(item, tuple) else (item,)) if part is not None]
    if not all(_type_of(part) == "date" for part in flat):
        raise ParameterRefused("Phép thời gian cần ngày.", field="filter")


def _type_of(item: Any) -> str:
    match item:
        case Property():
            return item.type
        case Call(op=op):
            return "string" if op in FOLDING else "number" if op in ARITHMETIC else "condition"
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case date():
            return "date"
        case BaseGeometry():
            return "geometry"
        case tuple():
            return "list"
    return "string"


def _truth(item: Any) -> Any:
    if isinstance(item, Property) and item.type == "boolean":
        return Call("=", (item, True))
    if isinstance(item, bool):
        return Call("constant", (item,))
    if isinstance(item, Call) and item.op not in (*ARITHMETIC, *FOLDING):
        return item
    raise ParameterRefused("Bộ lọc nối những phần không phải điều kiện.", field="filter")


def _bound(item: Any, queryables: Mapping[str, str], depth: int) -> Any:
    if item == "..":
        return None
    return _date(item[:10]) if isinstance(item, str) else _node(item, queryables, depth)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ParameterRefused(f"Ngày “{text}” trong bộ lọc không đọc được.", field="filter") from error


def _shape(tree: Any) -> BaseGeometry:
    try:
        found = shape(tree)
    except (ShapelyError, ValueError, TypeError, AttributeError, KeyError) as error:
        raise ParameterRefused("Hình trong bộ lọc không đọc được.", field="filter") from error
    if found.is_empty or not shapely.is_valid(found):
        raise ParameterRefused("Hình trong bộ lọc không hợp lệ.", field="filter")
    return found
