"""Simple values of the XML binding, by the names that `xml_grammar` uses.

The verdicts are those of libxml2, by which the official schemas are run: a URI may be relative there and may hold
letters outside ASCII. Each check takes the raw text and returns a sentence, or an empty text.
"""

import re
from collections.abc import Callable

_SPACE = re.compile(r"[ \t\r\n]+")
_UNSAFE = re.compile(r"[\x00-\x20\x7f-\U0010ffff<>\"{}|\\^`]")
_PCHAR = r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@]|%[0-9A-Fa-f]{2})"
_SEGMENT_WITHOUT_COLON = r"(?:[A-Za-z0-9\-._~!$&'()*+,;=@]|%[0-9A-Fa-f]{2})+"
_AUTHORITY = (
    r"(?:(?:[A-Za-z0-9\-._~!$&'()*+,;=:]|%[0-9A-Fa-f]{2})*@)?"
    r"(?:\[[^\]]*\]|(?:[A-Za-z0-9\-._~!$&'()*+,;=]|%[0-9A-Fa-f]{2})*)(?::[0-9]{0,9})?"
)
_TAIL = r"(?:\?(?:" + _PCHAR + r"|[/?])*)?(?:\#(?:" + _PCHAR + r"|[/?\[\]])*)?"
_REFERENCE = re.compile(
    r"(?:[A-Za-z][A-Za-z0-9+.\-]*:(?:/?" + _PCHAR + r"+(?:/" + _PCHAR + r"*)*|//" + _AUTHORITY + r"(?:/" + _PCHAR
    + r"*)*|/?)" + _TAIL
    + r"|//" + _AUTHORITY + r"(?:/" + _PCHAR + r"*)*" + _TAIL
    + r"|(?:/(?:" + _PCHAR + r"+(?:/" + _PCHAR + r"*)*)?|" + _SEGMENT_WITHOUT_COLON + r"(?:/" + _PCHAR + r"*)*)?"
    + _TAIL + r")\Z"
)  # fmt: skip
_STAMP = re.compile(
    r"[0-9]{4}-(?:1[0-2]|0[1-9])-(?:3[01]|0[1-9]|[12][0-9])T(?:2[0-3]|[01][0-9]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?"
    r"(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))\Z"
)
_DATE_TIME = re.compile(
    r"(-?(?:[1-9][0-9]{3,17}|0[0-9]{3}))-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(\.[0-9]+)?"
    r"(Z|[+-]([0-9]{2}):([0-9]{2}))?\Z"
)
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)\Z")
_INTEGER = re.compile(r"[+-]?[0-9]+\Z")
_DOUBLE = re.compile(r"(?:[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]*)?|-?INF|NaN)\Z")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})*\Z")
_DATE = re.compile(r"(-?(?:[1-9][0-9]{3,17}|0[0-9]{3}))-([0-9]{2})-([0-9]{2})(Z|[+-]([0-9]{2}):([0-9]{2}))?\Z")
_FARTHEST_OFFSET = 14 * 60


def collapse(text: str) -> str:
    """White space at the ends removed, and inside reduced to one blank each."""
    return _SPACE.sub(" ", text).strip(" ")


def _day_exists(year: int, month: int, day: int) -> bool:
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    days = (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    return year != 0 and 1 <= month <= 12 and 1 <= day <= days[month - 1]


def _offset_exists(hours: str | None, minutes: str | None) -> bool:
    return hours is None or (int(minutes or 0) < 60 and int(hours) * 60 + int(minutes or 0) <= _FARTHEST_OFFSET)


def _date_time(text: str) -> bool:
    match = _DATE_TIME.match(text)
    if not match:
        return False
    year, month, day, hour, minute, second = map(int, match.groups()[:6])
    midnight = hour == 24 and minute == 0 and second == 0 and not (match[7] or "").strip(".0")
    clock = (hour < 24 and minute < 60 and second < 60) or midnight
    return _day_exists(year, month, day) and clock and _offset_exists(match[9], match[10])


def _date(text: str) -> bool:
    match = _DATE.match(text)
    return (
        match is not None
        and _day_exists(int(match[1]), int(match[2]), int(match[3]))
        and _offset_exists(match[5], match[6])
    )


def is_reference(text: str) -> bool:
    """Whether libxml2 takes the text for a URI or a relative reference."""
    return _REFERENCE.match(_UNSAFE.sub("_", collapse(text))) is not None


def _collapsed(test: Callable[[str], bool], what: str) -> Callable[[str], str]:
    return lambda text: "" if test(collapse(text)) else f"{text.strip()[:60]!r} is no {what}"


def _stripped(test: Callable[[str], bool], what: str) -> Callable[[str], str]:
    """Like _collapsed, for types where libxml2 lets white space stand only at the end."""
    return lambda text: "" if test(text.rstrip(" \t\r\n")) else f"{text.strip()[:60]!r} is no {what}"


def _matching(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda text: pattern.match(text) is not None


def _one_of(*allowed: str) -> Callable[[str], str]:
    return lambda text: "" if text in allowed else f"{text[:40]!r} is none of {', '.join(allowed)}"


def _whole_between(lowest: int, highest: int) -> Callable[[str], bool]:
    return lambda text: _INTEGER.match(text) is not None and lowest <= int(text[:40]) <= highest


VALUE_CHECKS: dict[str, Callable[[str], str]] = {
    "string": lambda text: "",
    "anyURI": lambda text: "" if is_reference(text) else f"{text.strip()[:80]!r} is no URI",
    "stamp": _collapsed(lambda text: _STAMP.match(text) is not None and _date_time(text), "moment with an offset"),
    "dateTime": _stripped(_date_time, "moment"),
    "date": _stripped(_date, "date"),
    "decimal": _collapsed(_matching(_DECIMAL), "decimal number"),
    "integer": _collapsed(_matching(_INTEGER), "whole number"),
    "int": _collapsed(_whole_between(-(2**31), 2**31 - 1), "whole number of 32 bits"),
    "long": _collapsed(_whole_between(-(2**63), 2**63 - 1), "whole number of 64 bits"),
    "double": _collapsed(_matching(_DOUBLE), "number"),
    "float": _collapsed(_matching(_DOUBLE), "number"),
    "boolean": _collapsed(lambda text: text in ("true", "false", "1", "0"), "truth value"),
    "hexBinary": _collapsed(_matching(_HEX), "sequence of hexadecimal pairs"),
    "action": _one_of("ADD", "OBSERVE", "DELETE"),
    "behaviour": _one_of("rollback", "proceed"),
    "serviceTransaction": _one_of("RequestingServiceTransaction", "RespondingServiceTransaction"),
    "severity": lambda text: _one_of("ERROR", "SEVERE")(collapse(text)),
}
