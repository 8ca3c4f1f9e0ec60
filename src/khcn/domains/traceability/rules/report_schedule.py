"""When a subscription reports: fields of second to day of the week, as in EPCIS 2.0; when to try again. Pure.

A field is numbers and ranges separated by commas, such as "0,15,[30-40]"; a field left out means every value, except
the second, which is 0 then. Moments are in UTC; days of the week run from 1, Monday, to 7.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

LIMITS = {
    "second": (0, 59), "minute": (0, 59), "hour": (0, 23), "dayOfMonth": (1, 31), "month": (1, 12), "dayOfWeek": (1, 7),
}  # fmt: skip
_PART = re.compile(r"(\d{1,2})|\[(\d{1,2})-(\d{1,2})\]")
_LONGEST_LOOK_DAYS = 366 * 5
RETRIES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1), timedelta(hours=6),
           timedelta(days=1))  # fmt: skip


def values_of(name: str, text: str) -> frozenset[int]:
    """The values that a field allows. Raises ValueError naming the field."""
    low, high = LIMITS[name]
    found: set[int] = set()
    for part in text.split(","):
        match = _PART.fullmatch(part.strip())
        if match is None:
            raise ValueError(name)
        first, last = (int(match[1]),) * 2 if match[1] else (int(match[2]), int(match[3]))
        if not low <= first <= last <= high:
            raise ValueError(name)
        found.update(range(first, last + 1))
    return frozenset(found)


def fields_of(schedule: Mapping[str, str]) -> dict[str, frozenset[int]]:
    """Every field's values. Raises ValueError naming the field that is unknown or cannot be read."""
    for name in schedule:
        if name not in LIMITS:
            raise ValueError(name)
    found = {name: frozenset(range(low, high + 1)) for name, (low, high) in LIMITS.items()}
    found["second"] = frozenset({0})
    return found | {name: values_of(name, str(text)) for name, text in schedule.items()}


def next_after(schedule: Mapping[str, str], moment: datetime) -> datetime | None:
    """The first moment after this one (aware, UTC) that the schedule allows; None where none comes in five years."""
    fields = fields_of(schedule)
    at = moment.replace(microsecond=0) + timedelta(seconds=1)
    for days in range(_LONGEST_LOOK_DAYS):
        day = (at + timedelta(days=days)).date()
        fits = (
            day.month in fields["month"] and day.day in fields["dayOfMonth"] and day.isoweekday() in fields["dayOfWeek"]
        )
        if not fits:
            continue
        start = at if days == 0 else at.replace(hour=0, minute=0, second=0) + timedelta(days=days)
        for hour in sorted(fields["hour"]):
            for minute in sorted(fields["minute"]):
                for second in sorted(fields["second"]):
                    found = start.replace(hour=hour, minute=minute, second=second)
                    if found >= start:
                        return found
    return None


def retry_after(attempts: int) -> timedelta | None:
    """How long to wait after so many failed attempts; None when it is given up."""
    return RETRIES[attempts - 1] if attempts <= len(RETRIES) else None
