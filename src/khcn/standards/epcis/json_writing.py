"""JSON values to bytes: numbers as they were read, members in their order, nothing escaped that need not be."""

from typing import Any

import msgspec

_ENCODER = msgspec.json.Encoder(decimal_format="number")


def write_json(value: Any) -> bytes:
    """The value as compact UTF-8 JSON."""
    return _ENCODER.encode(value)
