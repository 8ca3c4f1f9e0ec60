"""Formats of values: URIs by RFC 3986 and moments by RFC 3339, decided strictly and fast.

Internationalised URIs are not accepted, as the EPCIS schemas do not accept them.
"""

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from ipaddress import AddressValueError, IPv6Address

_PCHAR = r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@]|%[0-9A-Fa-f]{2})"
_URI = re.compile(
    r"[A-Za-z][A-Za-z0-9+.\-]*:"
    r"(?://(?P<authority>[^/?#]*)(?:/" + _PCHAR + r"*)*|/?(?:" + _PCHAR + r"+(?:/" + _PCHAR + r"*)*)?)"
    r"(?:\?(?:" + _PCHAR + r"|[/?])*)?(?:\#(?:" + _PCHAR + r"|[/?])*)?\Z"
)
# Names without slashes, and web addresses with plain hosts and paths: most of what is ever asked.
_PLAIN_URI = re.compile(
    r"(?:[A-Za-z][A-Za-z0-9+.\-]*:[A-Za-z0-9\-._~!$&'()*+,;=:@]+|https?://[A-Za-z0-9.\-]+(?:/[A-Za-z0-9\-._~:]*)*)\Z"
)
_PLAIN_MOMENT = re.compile(
    r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?"
    r"(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])\Z"
)
_AUTHORITY = re.compile(
    r"(?:(?:[A-Za-z0-9\-._~!$&'()*+,;=:]|%[0-9A-Fa-f]{2})*@)?"
    r"(?:\[(?P<literal>[^\]]*)\]|(?:[A-Za-z0-9\-._~!$&'()*+,;=]|%[0-9A-Fa-f]{2})*)(?::[0-9]*)?\Z"
)
_FUTURE_ADDRESS = re.compile(r"[vV][0-9A-Fa-f]+\.[A-Za-z0-9\-._~!$&'()*+,;=:]+\Z")
_DATE_TIME = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?"
    r"(?:([Zz])|([+-])([0-9]{2}):([0-9]{2}))\Z"
)
_LEAP_SECOND_AT = 23 * 60 + 59


def _is_authority(text: str) -> bool:
    match = _AUTHORITY.match(text)
    if not match:
        return False
    literal = match["literal"]
    if literal is None:
        return True
    if _FUTURE_ADDRESS.match(literal):
        return True
    try:
        IPv6Address(literal)
    except AddressValueError:
        return False
    return "%" not in literal


def is_uri(text: str) -> bool:
    """Whether the text is an absolute URI with a scheme, as RFC 3986 writes them."""
    return _PLAIN_URI.match(text) is not None or _is_any_uri(text)


@lru_cache(16_384)
def _is_any_uri(text: str) -> bool:
    match = _URI.match(text)
    return match is not None and (match["authority"] is None or _is_authority(match["authority"]))


def _fields(text: str) -> tuple[date, int, int, int, str, int] | None:
    """Day, hour, minute, second, fraction and offset in minutes of a well-formed moment; None for anything else."""
    match = _DATE_TIME.match(text)
    if not match:
        return None
    year, month, day, hour, minute, second = map(int, match.groups()[:6])
    offset = 0
    if match[9]:
        hours, minutes = int(match[10]), int(match[11])
        if hours > 23 or minutes > 59:
            return None
        offset = (hours * 60 + minutes) * (1 if match[9] == "+" else -1)
    if hour > 23 or minute > 59 or second > 60 or not 1 <= month <= 12 or day < 1:
        return None
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    if day > (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]:
        return None
    if second == 60 and (hour * 60 + minute - offset) % 1440 != _LEAP_SECOND_AT:
        return None
    return date(year or 4, month, day), hour, minute, second, match[7] or "", offset  # year 0: same leap year as 4


def is_date_time(text: str) -> bool:
    """Whether the text is a moment with date, time and offset, as RFC 3339 writes them (leap seconds included)."""
    return _PLAIN_MOMENT.match(text) is not None or _fields(text) is not None


@lru_cache(16_384)
def moment_of(text: str) -> datetime | None:
    """The moment in UTC to the microsecond; None for texts that are none, and for years outside 1 to 9999."""
    fields = _fields(text)
    if fields is None or text.startswith("0000"):
        return None
    day, hour, minute, second, fraction, offset = fields
    micros = int(fraction[:6].ljust(6, "0")) if fraction else 0
    try:
        start = datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)
        return start + timedelta(seconds=second, microseconds=micros, minutes=-offset)
    except OverflowError:
        return None
