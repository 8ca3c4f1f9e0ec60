"""Moments as offices and devices write them: day first, hour first, without separators, ISO."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})?")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[ T,]+(\d{1,2})(?:[:hg.](\d{2})?(?::(\d{2}))?)?)?")
_HOUR_FIRST = re.compile(r"(\d{1,2})[:hg](\d{2})?(?::(\d{2}))?[ ,]+(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")


def read_moment(value: Any, zone: timezone) -> datetime | None:
    """Return the moment in UTC that a cell writes, None for what is none. Without an offset it is of the zone."""
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(UTC)
    if isinstance(value, date):
        return datetime.combine(value, time(0), tzinfo=zone).astimezone(UTC)
    text = str(value if value is not None else "").strip()
    try:
        return _read_text(text, zone)
    except (ValueError, OverflowError):
        return None


def _read_text(text: str, zone: timezone) -> datetime | None:
    parts: tuple[Any, ...] | None = None
    if found := _COMPACT.fullmatch(text):
        parts = found.groups()
    elif found := _DAY_FIRST.fullmatch(text):
        day, month, year, *clock = found.groups()
        parts = (year, month, day, *clock)
    elif found := _HOUR_FIRST.fullmatch(text):
        hour, minute, second, day, month, year = found.groups()
        parts = (year, month, day, hour, minute, second)
    if parts is None:
        if not re.match(r"\d{4}-\d{2}-\d{2}", text):
            return None
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    year, month, day, hour, minute, second = (int(part or 0) for part in parts)
    midnight = datetime(year, month, day, tzinfo=zone)
    if hour > 24 or (hour == 24 and (minute or second)) or minute > 59 or second > 59:
        return None
    return (midnight + timedelta(hours=hour, minutes=minute, seconds=second)).astimezone(UTC)
