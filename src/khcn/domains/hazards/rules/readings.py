"""Reads one value as machines write it: a moment with its zone, a finite number or "not measured".

Every fault is a sentence for whoever looks after the machine; nothing is guessed.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

#: Moments outside are a broken clock or a broken record; the far ends of the calendar cannot change their zone.
FIRST_YEAR, LAST_YEAR = 1900, 2199
#: So many values may one message hold: a station that catches up on a week of minutes sends ten.
MOST_IN_MESSAGE = 1_000
TOPIC_ROOT = "bp"


class UnreadableReading(ValueError):
    """What a machine sent cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class SentValues:
    """What one message of the broker holds. fault: of its first value that could not be read, empty without one."""

    station: str
    kind: str
    values: tuple[tuple[datetime, float | None], ...]
    fault: str = ""

    @property
    def series(self) -> str:
        """The code of the series that the topic names."""
        return f"{self.station}.{self.kind}"


def read_moment(told: Any, name: str) -> datetime:
    """Return the moment that ends the interval; ISO 8601 with a zone, `start/end` too. Raises UnreadableReading."""
    if not isinstance(told, str):
        raise UnreadableReading(f"Thiếu thời điểm {name}.")
    try:
        found = datetime.fromisoformat(told.split("/")[-1].replace("Z", "+00:00"))
    except ValueError as fault:
        raise UnreadableReading(f"Không đọc được thời điểm {name}.") from fault
    if found.tzinfo is None:
        raise UnreadableReading(f"Thời điểm {name} phải có múi giờ.")
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise UnreadableReading(f"Không đọc được thời điểm {name}.")
    return found


def read_number(told: Any, name: str) -> float | None:
    """Return a finite number, None for null. Raises UnreadableReading."""
    if told is None:
        return None
    if isinstance(told, bool) or not isinstance(told, int | float) or abs(told) > 1e300 or not math.isfinite(told):
        raise UnreadableReading(f"Trị số {name} phải là một số.")
    return float(told)


def read_message(topic: str, payload: bytes) -> SentValues:
    """Return the values of a message on `bp/<station>/<property>`: `{"t": …, "v": …}` or a list of such.

    t: ISO 8601 with a zone, or whole seconds since 1970. Raises UnreadableReading where nothing can be read.
    """
    parts = topic.split("/")
    if len(parts) != 3 or parts[0] != TOPIC_ROOT or not all(parts):
        raise UnreadableReading("Chủ đề phải có dạng bp/mã trạm/mã yếu tố.")
    try:
        told = json.loads(payload)
    except (ValueError, RecursionError) as fault:
        raise UnreadableReading("Nội dung không phải JSON đọc được.") from fault
    rows = told if isinstance(told, list) else [told]
    if len(rows) > MOST_IN_MESSAGE:
        raise UnreadableReading(f"Mỗi gói nhận nhiều nhất {MOST_IN_MESSAGE} trị số; hãy chia nhỏ.")
    values, faults = [], []
    for row in rows:
        try:
            values.append(_value_of(row))
        except UnreadableReading as fault:
            faults.append(str(fault))
    if not values:
        raise UnreadableReading(faults[0] if faults else "Gói không có trị số nào.")
    return SentValues(parts[1], parts[2], tuple(values), faults[0] if faults else "")


def _value_of(row: Any) -> tuple[datetime, float | None]:
    if not isinstance(row, dict):
        raise UnreadableReading("Một trị số là một đối tượng JSON.")
    if "v" not in row:
        raise UnreadableReading("Gói thiếu trị số v.")
    at = row.get("t")
    if isinstance(at, int) and not isinstance(at, bool) and 0 <= at < 7_000_000_000:
        return datetime.fromtimestamp(at, UTC), read_number(row["v"], "v")
    return read_moment(at, "t"), read_number(row["v"], "v")
