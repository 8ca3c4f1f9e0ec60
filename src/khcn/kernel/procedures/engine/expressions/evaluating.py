"""The value of an expression over facts: exact decimals, dates, texts, yes and no, lists; no other types, no code.

A name that is not among the facts is `nothing`; comparing `nothing` for order is false, computing with it is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, DecimalException, localcontext
from functools import lru_cache
from typing import Any

from khcn.kernel.procedures.engine.expressions.parsing import (
    BadExpression,
    Binary,
    Call,
    Listing,
    Literal,
    Name,
    Node,
    Unary,
    parse,
)
from khcn.lib.dates import in_vietnam
from khcn.lib.text import nfc

Value = Decimal | date | str | bool | tuple | None
_DIGITS = 50


@dataclass(frozen=True, slots=True)
class Expression:
    """A condition that reads."""

    text: str
    tree: Node

    def value(self, facts: Mapping[str, Any]) -> Value:
        """The value over the facts. Raises BadExpression where types do not fit."""
        try:
            with localcontext(prec=_DIGITS):
                return _value(self.tree, facts)
        except DecimalException as fault:
            raise BadExpression("Phép tính không thực hiện được (chia cho 0 hoặc số quá lớn).") from fault

    def holds(self, facts: Mapping[str, Any]) -> bool:
        """The value of a condition. Raises BadExpression when it is neither yes nor no; nothing counts as no."""
        value = self.value(facts)
        if value is None:
            return False
        if not isinstance(value, bool):
            raise BadExpression(f"Điều kiện “{self.text}” cho ra {_kind(value)}, không phải đúng hay sai.")
        return value

    def names(self) -> frozenset[str]:
        """The facts it asks for."""
        return frozenset(_names(self.tree))


@lru_cache(maxsize=4096)
def read(text: str) -> Expression:
    """Read an expression. Raises BadExpression, also for a function that the language does not have."""
    tree = parse(text)
    for call in _calls(tree):
        if call.name not in FUNCTIONS:
            raise BadExpression(f"Không có hàm “{call.name}”. Các hàm dùng được: {', '.join(sorted(FUNCTIONS))}.")
        _function, least, most = FUNCTIONS[call.name]
        if not least <= len(call.items) <= most:
            raise BadExpression(f"Hàm “{call.name}” nhận {least} giá trị." if least == most else
                                f"Hàm “{call.name}” nhận từ {least} đến {most} giá trị.")  # fmt: skip
    return Expression(text, tree)


def as_value(raw: Any) -> Value:
    """A Python value as the language knows it. Raises BadExpression for other types."""
    match raw:
        case None | bool() | Decimal():
            return raw
        case int():
            return Decimal(raw)
        case float():
            return Decimal(repr(raw))
        case str():
            return nfc(str(raw))
        case datetime():
            return in_vietnam(raw).date()
        case date():
            return raw
        case list() | tuple():
            return tuple(as_value(item) for item in raw)
    raise BadExpression(f"Điều kiện không dùng được giá trị kiểu {type(raw).__name__}.")


def _value(node: Node, facts: Mapping[str, Any]) -> Value:
    match node:
        case Literal(value):
            return value  # type: ignore[return-value]
        case Name(name):
            return as_value(_fact(name, facts))
        case Listing(items):
            return tuple(_value(item, facts) for item in items)
        case Unary("not", of):
            return not _truth(_value(of, facts))
        case Unary(_, of):
            return -_number(_value(of, facts))
        case Binary("and", left, right):
            return _truth(_value(left, facts)) and _truth(_value(right, facts))
        case Binary("or", left, right):
            return _truth(_value(left, facts)) or _truth(_value(right, facts))
        case Binary(sign, left, right):
            return _joined(sign, _value(left, facts), _value(right, facts))
        case Call(name, items):
            return FUNCTIONS[name][0](*(_value(item, facts) for item in items))
    raise BadExpression("Điều kiện có phần không hiểu được.")


def _fact(name: str, facts: Mapping[str, Any]) -> Any:
    if name in facts:
        return facts[name]
    found: Any = facts
    for part in name.split("."):
        if not isinstance(found, Mapping) or part not in found:
            return None
        found = found[part]
    return found


def _joined(sign: str, left: Value, right: Value) -> Value:
    match sign:
        case "=":
            return _same(left, right)
        case "!=":
            return not _same(left, right)
        case "in":
            if isinstance(right, str) and isinstance(left, str):
                return left in right
            if not isinstance(right, tuple):
                raise BadExpression("Sau “in” phải là một danh sách.")
            return any(_same(left, item) for item in right)
        case "<" | "<=" | ">" | ">=":
            return _ordered(sign, left, right)
    if sign == "+" and isinstance(left, str) and isinstance(right, str):
        raise BadExpression("Không cộng được hai đoạn chữ.")
    first, second = _number(left), _number(right)
    match sign:
        case "+":
            return first + second
        case "-":
            return first - second
        case "*":
            return first * second
    return first / second


def _ordered(sign: str, left: Value, right: Value) -> bool:
    if left is None or right is None:
        return False
    if type(left) is not type(right) or isinstance(left, bool | tuple):
        raise BadExpression(f"Không so sánh được {_kind(left)} với {_kind(right)}.")
    below, equal = left < right, left == right  # type: ignore[operator]
    return {"<": below, "<=": below or equal, ">": not below and not equal, ">=": not below}[sign]


def _same(left: Value, right: Value) -> bool:
    return type(left) is type(right) and left == right


def _truth(value: Value) -> bool:
    if value is None:
        return False
    if not isinstance(value, bool):
        raise BadExpression(f"Cần đúng hoặc sai nhưng gặp {_kind(value)}.")
    return value


def _number(value: Value) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, Decimal):
        raise BadExpression(f"Cần một số nhưng gặp {_kind(value)}.")
    return value


def _text(value: Value) -> str:
    if not isinstance(value, str):
        raise BadExpression(f"Cần chữ nhưng gặp {_kind(value)}.")
    return value


def _day(value: Value) -> date:
    if not isinstance(value, date):
        raise BadExpression(f"Cần một ngày nhưng gặp {_kind(value)}.")
    return value


def _kind(value: Value) -> str:
    names = {bool: "đúng/sai", Decimal: "số", date: "ngày", str: "chữ", tuple: "danh sách", type(None): "ô trống"}
    return names.get(type(value), "giá trị lạ")


def _date(text: Value) -> date:
    try:
        return date.fromisoformat(_text(text))
    except ValueError as fault:
        raise BadExpression(f"“{text}” không phải là ngày viết theo mẫu 2025-12-31.") from fault


def _size(value: Value) -> Decimal:
    if value is None:
        return Decimal(0)
    if isinstance(value, str | tuple):
        return Decimal(len(value))
    raise BadExpression(f"Không đếm được {_kind(value)}.")


def _numbers(value: Value) -> tuple[Decimal, ...]:
    if not isinstance(value, tuple):
        raise BadExpression(f"Cần một danh sách số nhưng gặp {_kind(value)}.")
    return tuple(_number(item) for item in value)


def _extreme(choose: Callable[..., Decimal]) -> Callable[..., Value]:
    def pick(*items: Value) -> Value:
        numbers = _numbers(items[0]) if len(items) == 1 and isinstance(items[0], tuple) else _numbers(items)
        return choose(numbers) if numbers else None

    return pick


def _is_empty(value: Value) -> bool:
    return value is None or value in ("", ())


#: name → (function, fewest values, most values)
FUNCTIONS: dict[str, tuple[Callable[..., Value], int, int]] = {
    "date": (_date, 1, 1),
    "days": (lambda start, end: Decimal((_day(end) - _day(start)).days), 2, 2),
    "year": (lambda day: Decimal(_day(day).year), 1, 1),
    "month": (lambda day: Decimal(_day(day).month), 1, 1),
    "count": (_size, 1, 1),
    "sum": (lambda items: sum(_numbers(items), Decimal(0)), 1, 1),
    "min": (_extreme(min), 1, 20),
    "max": (_extreme(max), 1, 20),
    "abs": (lambda value: abs(_number(value)), 1, 1),
    "round": (lambda value: _number(value).quantize(Decimal(1), rounding="ROUND_HALF_UP"), 1, 1),
    "lower": (lambda text: _text(text).lower(), 1, 1),
    "contains": (lambda text, part: text is not None and _text(part).lower() in _text(text).lower(), 2, 2),
    "starts": (lambda text, part: text is not None and _text(text).startswith(_text(part)), 2, 2),
    "empty": (_is_empty, 1, 1),
}


def _children(node: Node) -> tuple[Node, ...]:
    match node:
        case Listing(items) | Call(_, items):
            return items
        case Unary(_, of):
            return (of,)
        case Binary(_, left, right):
            return (left, right)
    return ()


def _names(node: Node) -> Iterator[str]:
    if isinstance(node, Name):
        yield node.name
    for child in _children(node):
        yield from _names(child)


def _calls(node: Node) -> Iterator[Call]:
    if isinstance(node, Call):
        yield node
    for child in _children(node):
        yield from _calls(child)
