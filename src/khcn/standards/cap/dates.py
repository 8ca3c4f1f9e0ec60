"""Times as CAP writes them: seconds, a numeric offset, no Z. Reads and writes; knows no clock."""

from __future__ import annotations

import calendar
from datetime import datetime, timedelta, timezone

from khcn.standards.cap.vocabulary import SCHEMA_TIME


def is_schema_time(text: str) -> bool:
    """Whether the schema of CAP 1.2 takes the text: its pattern, and a moment that exists in XML Schema's dateTime.

    24:00:00 is a moment there; the year 0000 is none; offsets reach 14:00.
    """
    text = text.strip(" \t\r\n")
    if not SCHEMA_TIME.fullmatch(text) or text[19] == ",":
        return False
    year, month, day = int(text[:4]), int(text[5:7]), int(text[8:10])
    hour, minute, second = int(text[11:13]), int(text[14:16]), int(text[17:19])
    offset_hour, offset_minute = int(text[20:22]), int(text[23:25])
    if not (1 <= month <= 12 and year >= 1 and 1 <= day <= calendar.monthrange(year, month)[1]):
        return False
    whole_day = hour == 24 and minute == second == 0
    clock = (hour <= 23 or whole_day) and minute <= 59 and second <= 59
    return clock and offset_minute <= 59 and offset_hour * 60 + offset_minute <= 14 * 60


def read_time(text: str) -> datetime | None:
    """Return the aware moment, None for what `is_schema_time` refuses or no calendar holds."""
    text = text.strip(" \t\r\n")
    if not is_schema_time(text):
        return None
    midnight = text[11:13] == "24"
    sign = -1 if text[19] == "-" else 1
    offset = sign * timedelta(hours=int(text[20:22]), minutes=int(text[23:25]))
    try:
        moment = datetime.fromisoformat((text[:11] + "00" + text[13:19]) if midnight else text[:19])
        return (moment + timedelta(days=midnight)).replace(tzinfo=timezone(offset))
    except (ValueError, OverflowError):
        return None


def write_time(moment: datetime) -> str:
    """Return the moment to the second with its own offset; UTC as -00:00, as CAP 1.2 section 3.3.2 asks."""
    if moment.tzinfo is None:
        raise ValueError("a CAP time needs an offset")
    text = moment.replace(microsecond=0).isoformat()
    return text if moment.utcoffset() else text[:19] + "-00:00"
