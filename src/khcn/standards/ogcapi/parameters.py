"""Reads the query parameters of OGC API Features; whatever a parameter cannot mean is refused by name."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from khcn.lib.failure import Failure

_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2}))?", re.ASCII | re.IGNORECASE)
Box = tuple[float, float, float, float]


class ParameterRefused(Failure):
    """A parameter that is unknown here or has no such value; `field` is its name. A server answers 400."""

    code = "parameter_refused"


@dataclass(frozen=True, slots=True)
class Interval:
    """Days asked for, both included; None is open. An instant asks for one day."""

    first: date | None
    last: date | None


def refuse_unknown(given: Iterable[str], known: Iterable[str]) -> None:
    """Raises ParameterRefused for the first parameter that is not known (17-069r4, /req/core/query-param-unknown)."""
    allowed = set(known)
    for name in given:
        if name not in allowed:
            raise ParameterRefused(f"Tham số “{name}” không dùng được ở đây.", field=name)


def read_limit(text: str | None, *, default: int, maximum: int) -> int:
    """How many to answer: the default without a wish, the maximum for more. Raises ParameterRefused below 1."""
    return min(_whole(text, "limit", least=1), maximum) if text is not None else default


def read_offset(text: str | None) -> int:
    """How many to leave out first. Raises ParameterRefused below 0."""
    return 0 if text is None else _whole(text, "offset", least=0)


def read_bbox(text: str | None) -> tuple[float, float, float, float] | None:
    """West or least x, south, east, north of four or six numbers, heights left out; None without a wish.

    West may lie east of east: the box then crosses the meridian of 180°. Raises ParameterRefused.
    """
    if text is None:
        return None
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError as error:
        raise ParameterRefused("bbox phải gồm bốn hoặc sáu số.", field="bbox") from error
    if len(numbers) not in (4, 6) or not all(math.isfinite(one) for one in numbers):
        raise ParameterRefused("bbox phải gồm bốn hoặc sáu số.", field="bbox")
    if len(numbers) == 6:
        numbers = [numbers[0], numbers[1], numbers[3], numbers[4]]
    west, south, east, north = numbers
    if south > north:
        raise ParameterRefused("bbox có cạnh dưới cao hơn cạnh trên.", field="bbox")
    return west, south, east, north


def boxes_of(bbox: Box) -> list[Box]:
    """The box in degrees as boxes that do not cross 180°."""
    west, south, east, north = bbox
    return [bbox] if west <= east else [(west, south, 180.0, north), (-180.0, south, east, north)]


def read_datetime(text: str | None) -> Interval | None:
    """Days of an RFC 3339 instant or interval ("a/b", "../b", "a/.."); None without a wish. Raises ParameterRefused.

    Moments are taken as the days that hold them in their own offset.
    """
    if text is None:
        return None
    parts = text.split("/")
    if len(parts) == 1:
        day = _day(parts[0])
        return Interval(day, day)
    if len(parts) != 2 or all(part in ("", "..") for part in parts):
        raise ParameterRefused("datetime phải là một thời điểm hoặc một khoảng “a/b”.", field="datetime")
    first, last = (None if part in ("", "..") else _day(part) for part in parts)
    if first is not None and last is not None and first > last:
        raise ParameterRefused("datetime có đầu khoảng sau cuối khoảng.", field="datetime")
    return Interval(first, last)


def _day(text: str) -> date:
    if not _INSTANT.fullmatch(text):
        raise ParameterRefused("datetime phải viết theo RFC 3339, ví dụ 2026-01-31.", field="datetime")
    try:
        return datetime.fromisoformat(text.upper().replace("Z", "+00:00")).date()
    except ValueError as error:
        raise ParameterRefused("datetime có ngày hoặc giờ không tồn tại.", field="datetime") from error


def _whole(text: str, name: str, *, least: int) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 10) or int(text) < least:
        raise ParameterRefused(f"{name} phải là số nguyên từ {least} trở lên.", field=name)
    return int(text)


def as_moment(day: date) -> str:
    """A day as RFC 3339 writes its first moment in UTC, for clients that read only moments."""
    return datetime.combine(day, time(), tzinfo=UTC).isoformat().replace("+00:00", "Z")


def last_day(valid_to: date) -> date:
    """The last day of a half-open validity."""
    return valid_to - timedelta(days=1)
