"""One byte form for values, and its SHA-256: what snapshots, pinned versions and the audit chain are hashed from.

Canonical form: UTF-8 JSON, keys sorted by code point, no spaces, strings in NFC, dates ISO 8601, moments in UTC,
decimals as strings. It does not keep types apart that print alike: a Decimal and its text have one digest.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum
from uuid import UUID

from khcn.lib.text import nfc
from khcn.lib.unreadable import Unreadable

_AS_THEY_ARE = frozenset({int, bool, type(None)})


class UnsuitableContent(Unreadable):
    """A value has no canonical form; `field` is its JSON pointer."""

    code = "unsuitable_content"


def canonical_json(value: object) -> bytes:
    """The value's canonical bytes.

    value: None, bool, int, finite float, Decimal, str, date, aware datetime, time, UUID, Enum, and mappings with text
    keys, lists, tuples, sets and dataclasses of these. Equal values give equal bytes, whatever the order of their keys.
    Raises UnsuitableContent naming the place of a value that has no such form (NaN, naive datetime, bytes …).
    """
    return json.dumps(plain(value), ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")).encode(
        "utf-8"
    )


def digest(value: object) -> str:
    """SHA-256 of the value's canonical bytes, 64 lower-case hexadecimal digits."""
    return sha256_hex(canonical_json(value))


def sha256_hex(content: bytes) -> str:
    """SHA-256 of the bytes, 64 lower-case hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def plain(value: object, pointer: str = "") -> object:
    """The value reduced to what JSON holds, in canonical form; fit for a JSON column. Raises UnsuitableContent."""
    if type(value) is list:
        return _plain_items(value, pointer)
    match value:
        case Enum():
            return plain(value.value, pointer)
        case None | bool():
            return value
        case int():
            return int(value)
        case str():
            return nfc(value)
        case float():
            if not math.isfinite(value):
                raise UnsuitableContent(f"Giá trị tại “{pointer}” không phải là số hữu hạn.", field=pointer)
            return 0.0 if value == 0 else value
        case Decimal():
            if not value.is_finite():
                raise UnsuitableContent(f"Giá trị tại “{pointer}” không phải là số hữu hạn.", field=pointer)
            return _decimal_text(value)
        case datetime():
            if value.tzinfo is None:
                raise UnsuitableContent(f"Thời điểm tại “{pointer}” thiếu múi giờ.", field=pointer)
            return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
        case date() | time():
            return value.isoformat()
        case UUID():
            return str(value)
        case Mapping():
            return _plain_mapping(value, pointer)
        case list() | tuple():
            return _plain_items(value, pointer)
        case set() | frozenset():
            items = [plain(item, f"{pointer}/-") for item in value]
            return sorted(items, key=lambda item: json.dumps(item, ensure_ascii=False, sort_keys=True))
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: plain(getattr(value, item.name), f"{pointer}/{item.name}") for item in fields(value)}
    raise UnsuitableContent(
        f"Giá trị tại “{pointer}” thuộc kiểu {type(value).__name__}, không lưu thành văn bản được.", field=pointer
    )


def _plain_items(value: Sequence[object], pointer: str) -> list[object]:
    # texts and numbers are most of a long snapshot; the place of an item is spelled only where it may be told
    return [
        nfc(item) if type(item) is str else item if type(item) in _AS_THEY_ARE else plain(item, f"{pointer}/{place}")
        for place, item in enumerate(value)
    ]


def _plain_mapping(value: Mapping[object, object], pointer: str) -> dict[str, object]:
    result: dict[str, object] = {}
    for key, item in value.items():
        name = nfc(str(key.value if isinstance(key, Enum) else key)) if isinstance(key, str) else None
        if name is None or name in result:
            raise UnsuitableContent(f"Khóa {key!r} tại “{pointer}” không phải là chữ hoặc bị trùng.", field=pointer)
        escaped = name.replace("~", "~0").replace("/", "~1")
        result[name] = plain(item, f"{pointer}/{escaped}")
    return result


def _decimal_text(value: Decimal) -> str:
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
