"""A case's facts as JSON and back without loss: decimals and dates keep their type.

Packed: {"d": "1.5"} a decimal, {"on": "2025-01-31"} a date, {"of": {…}} a mapping; texts, yes/no, lists as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from khcn.lib.text import nfc
from khcn.lib.unreadable import Unreadable

DEPTH_LIMIT = 8
SIZE_LIMIT = 5000


class UnknownValue(Unreadable):
    """A fact is of a type that cases do not keep."""

    code = "unknown_value"


def pack(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts by name as JSON values. Raises UnknownValue naming the fact."""
    return {str(name): _packed(value, str(name), 0) for name, value in facts.items()}


def unpack(stored: Mapping[str, Any]) -> dict[str, Any]:
    """What pack stored."""
    return {name: _unpacked(value) for name, value in stored.items()}


def _packed(value: Any, name: str, depth: int) -> Any:
    if depth > DEPTH_LIMIT:
        raise UnknownValue(f"Dữ liệu “{name}” lồng nhau quá sâu.", field=name)
    match value:
        case None | bool():
            return value
        case Decimal() if value.is_finite():
            return {"d": format(value, "f")}
        case int():
            return {"d": str(value)}
        case str():
            return nfc(str(value))
        case datetime():
            return value.isoformat()
        case date():
            return {"on": value.isoformat()}
        case Mapping():
            return {"of": {str(key): _packed(item, name, depth + 1) for key, item in value.items()}}
        case list() | tuple():
            if len(value) > SIZE_LIMIT:
                raise UnknownValue(f"Dữ liệu “{name}” có quá {SIZE_LIMIT} dòng.", field=name)
            return [_packed(item, name, depth + 1) for item in value]
    raise UnknownValue(f"Dữ liệu “{name}” thuộc kiểu {type(value).__name__}, hồ sơ không lưu được.", field=name)


def _unpacked(value: Any) -> Any:
    if isinstance(value, list):
        return [_unpacked(item) for item in value]
    if isinstance(value, dict):
        if "d" in value:
            return Decimal(value["d"])
        if "on" in value:
            return date.fromisoformat(value["on"])
        return {key: _unpacked(item) for key, item in value.get("of", {}).items()}
    return value
