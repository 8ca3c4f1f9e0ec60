"""Bytes to JSON values, refusing what parsers disagree about.

Encodings other than UTF-8, duplicate names, lone surrogates, null characters, texts that are not in NFC, numbers
beyond a double, and nesting beyond a limit are problems, not exceptions. Numbers with a fraction become Decimal, so
nothing is rounded.
"""

import json
import re
import unicodedata
from decimal import Decimal
from typing import Any, Never

import msgspec

from khcn.standards.epcis.problems import Path, Problem, Problems

LARGEST_BYTES = 100 * 1024 * 1024
DEEPEST = 64
# An official example of GS1 (AssociationEvent-h) names it twice; it plays no part in what happened, the last counts.
TOLERATED_TWICE = frozenset({"eventID"})
_LONGEST_NUMBER = 400
_DECODER = msgspec.json.Decoder(float_hook=Decimal)
_NAME_END = re.compile(rb'(?<!\\)"[ \t\r\n]*:')
_HIGHEST_EXPONENT = 308


class _Refused(ValueError):
    """A text that is JSON to some parsers and not to others."""


class _Duplicated(dict[str, Any]):
    """An object that named a member twice; it is found and reported by the walk."""

    twice: str = ""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) == len(pairs):
        return value
    marked = _Duplicated(value)
    seen: set[str] = set()
    twice = [name for name, _ in pairs if name in seen or seen.add(name)]  # type: ignore[func-returns-value]
    marked.twice = next((name for name in twice if name not in TOLERATED_TWICE), twice[0])
    return marked


def _integer(text: str) -> int:
    if len(text) > _LONGEST_NUMBER:
        raise _Refused("A number has too many digits.")
    return int(text)


def _fraction(text: str) -> Decimal:
    if len(text) > _LONGEST_NUMBER:
        raise _Refused("A number has too many digits.")
    number = Decimal(text)
    if number and not -_HIGHEST_EXPONENT <= number.adjusted() <= _HIGHEST_EXPONENT:
        raise _Refused("A number lies outside the range of a double.")
    return number


def _constant(text: str) -> Never:
    raise _Refused(f"{text} is no JSON number.")


def _text_problem(text: str) -> str:
    if text.isascii():
        return "The text holds a null character." if "\0" in text else ""
    if any("\ud800" <= character <= "\udfff" for character in text):
        return "The text holds half of a surrogate pair."
    if not unicodedata.is_normalized("NFC", text):
        return "The text is not in Unicode form NFC; normalise it before sending."
    return "The text holds a null character." if "\0" in text else ""


def _walk(value: Any, path: Path, depth: int, problems: Problems) -> None:
    if isinstance(value, str):
        if (not value.isascii() or "\0" in value) and (problem := _text_problem(value)):
            problems.add(path, problem, "text", "text")
        return
    if isinstance(value, dict):
        if depth > DEEPEST:
            problems.add(path, f"Values are nested deeper than {DEEPEST} levels.", "depth", "text")
            return
        if isinstance(value, _Duplicated) and value.twice not in TOLERATED_TWICE:
            problems.add(path, f"The member {value.twice!r} stands twice.", "duplicate", "text")
        for name, member in value.items():
            if (not name.isascii() or "\0" in name) and (problem := _text_problem(name)):
                problems.add((path, name), problem, "text", "text")
            if not isinstance(member, str) or not member.isascii() or "\0" in member:
                _walk(member, (path, name), depth + 1, problems)
    elif isinstance(value, list):
        if depth > DEEPEST:
            problems.add(path, f"Values are nested deeper than {DEEPEST} levels.", "depth", "text")
            return
        for at, member in enumerate(value):
            if not isinstance(member, str) or not member.isascii() or "\0" in member:
                _walk(member, (path, at), depth + 1, problems)


def _whole(message: str, code: str) -> list[Problem]:
    return [Problem("", message, code, "text")]


class _Suspicious(Exception):
    """Something that the fast reading leaves to the careful one."""


def _count_members(value: Any, depth: int) -> int:
    """The number of members in a value; raises _Suspicious for what the careful reading should look at."""
    if type(value) is dict or type(value) is list:  # the fast decoder gives no others
        if depth > DEEPEST:
            raise _Suspicious
        inner, count = (value.values(), len(value)) if isinstance(value, dict) else (value, 0)
        for member in inner:
            if type(member) is not str:
                count += _count_members(member, depth + 1)
        return count
    if isinstance(value, Decimal) and value and not -_HIGHEST_EXPONENT <= value.adjusted() <= _HIGHEST_EXPONENT:
        raise _Suspicious
    if isinstance(value, int) and value.bit_length() > _LONGEST_NUMBER:
        raise _Suspicious
    return 0


def _count_names(raw: bytes) -> int:
    """At least as many as a text in ASCII has names; blanks before a colon are looked for only where there are any."""
    if any(space in raw for space in (b" :", b"\t:", b"\r:", b"\n:")) or b"\\" in raw:
        return len(_NAME_END.findall(raw))
    return raw.count(b'":')


def _read_plainly(raw: bytes) -> Any:
    """The value of a text in ASCII without escapes of letters or backslashes; raises _Suspicious where it may be wrong.

    In such a text a quote before a colon ends a name, so counting them finds names that were read twice.
    """
    if not raw.isascii() or b"\\u" in raw or b"\\\\" in raw:
        raise _Suspicious
    try:
        value = _DECODER.decode(raw)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise _Suspicious from error
    if _count_members(value, 0) != _count_names(raw):
        raise _Suspicious
    return value


def read_json(raw: bytes) -> tuple[Any, list[Problem]]:
    """The value and no problems, or None and what is wrong with the text; a byte order mark of UTF-8 is passed over."""
    if len(raw) > LARGEST_BYTES:
        return None, _whole(f"The document is larger than {LARGEST_BYTES // 1024 // 1024} MB.", "size")
    try:
        return _read_plainly(raw), []
    except _Suspicious:
        return _read_carefully(raw)


def _read_carefully(raw: bytes) -> tuple[Any, list[Problem]]:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return None, _whole(f"The document is not UTF-8 (byte {error.start}).", "encoding")
    try:
        value = json.loads(
            text, object_pairs_hook=_object, parse_int=_integer, parse_float=_fraction, parse_constant=_constant
        )
    except json.JSONDecodeError as error:
        return None, _whole(f"The document is not JSON: {error.msg} in line {error.lineno}.", "syntax")
    except _Refused as refused:
        return None, _whole(str(refused), "number")
    except RecursionError:
        return None, _whole(f"Values are nested deeper than {DEEPEST} levels.", "depth")
    problems = Problems()
    _walk(value, None, 0, problems)
    return (None if problems else value), problems
