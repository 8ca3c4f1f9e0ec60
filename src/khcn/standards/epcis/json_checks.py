"""Checks of single JSON values, of which the rules of the EPCIS JSON binding are put together.

A check takes a value, its path and the list of problems; it adds to the list and returns nothing.
"""

import re
from collections.abc import Callable, Collection
from decimal import Decimal
from typing import Any

from khcn.standards.epcis.problems import Path, Problems
from khcn.standards.epcis.text_formats import is_date_time, is_uri

Check = Callable[[Any, Path, Problems], None]


def check_uri(value: Any, path: Path, problems: Problems) -> None:
    if not isinstance(value, str):
        problems.add(path, "A URI is expected, written as text.", "type")
    elif not is_uri(value):
        problems.add(path, f"{value[:80]!r} is no URI.", "uri")


def check_time(value: Any, path: Path, problems: Problems) -> None:
    if not isinstance(value, str):
        problems.add(path, "A moment is expected, written as text.", "type")
    elif not is_date_time(value):
        problems.add(path, f"{value[:40]!r} is no moment with date, time and offset.", "time")


def check_number(value: Any, path: Path, problems: Problems) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        problems.add(path, "A number is expected.", "type")


def check_text(value: Any, path: Path, problems: Problems) -> None:
    if not isinstance(value, str):
        problems.add(path, "A text is expected.", "type")


def check_boolean(value: Any, path: Path, problems: Problems) -> None:
    if not isinstance(value, bool):
        problems.add(path, "true or false is expected.", "type")


def matching(pattern: re.Pattern[str], what: str) -> Check:
    def check(value: Any, path: Path, problems: Problems) -> None:
        if not isinstance(value, str):
            problems.add(path, f"{what} is expected, written as text.", "type")
        elif not pattern.match(value):
            problems.add(path, f"{value[:40]!r} is not {what}.", "value")

    return check


def word_of(allowed: Collection[str], reserved: re.Pattern[str], what: str) -> Check:
    def check(value: Any, path: Path, problems: Problems) -> None:
        if not isinstance(value, str):
            problems.add(path, f"{what} is expected, written as text.", "type")
        elif value not in allowed and (reserved.match(value) or not is_uri(value)):
            problems.add(path, f"{value[:80]!r} is neither a standard {what} nor a URI of one's own.", "word")

    return check


def equality_key(value: Any) -> Any:
    """A hashable value that is equal exactly where JSON values are; true is not 1."""
    if isinstance(value, bool):
        return (bool, value)
    if isinstance(value, dict):
        return frozenset((name, equality_key(member)) for name, member in value.items())
    if isinstance(value, list):
        return (list, tuple(map(equality_key, value)))
    return value


def array_of(item: Check, *, at_least: int = 0, unique: bool = False) -> Check:
    def check(value: Any, path: Path, problems: Problems) -> None:
        if not isinstance(value, list):
            problems.add(path, "A list is expected.", "type")
            return
        if len(value) < at_least:
            problems.add(path, "The list must not be empty.", "empty")
        if unique and len(value) > 1 and len(set(map(equality_key, value))) != len(value):
            problems.add(path, "The list holds the same item twice.", "duplicate")
        if item is check_uri and all(type(member) is str and is_uri(member) for member in value):
            return
        for at, member in enumerate(value):
            item(member, (path, at), problems)

    return check


def check_anything(value: Any, path: Path, problems: Problems) -> None:
    """Anything may stand here."""


def object_of(
    members: dict[str, Check],
    *,
    required: tuple[str, ...] = (),
    others: str = "any",
    further: Check | None = None,
) -> Check:
    """An object; `others`: any name, only names that are URIs (uri), or none (none)."""

    def check(value: Any, path: Path, problems: Problems) -> None:
        if not isinstance(value, dict):
            problems.add(path, "An object is expected.", "type")
            return
        for name in required:
            if name not in value:
                problems.add(path, f"{name} is missing.", "missing")
        for name, member in value.items():
            rule = members.get(name)
            if rule is not None:
                rule(member, (path, name), problems)
            elif others == "none" or (others == "uri" and not is_uri(name)):
                problems.add((path, name), f"{name[:80]!r} has no place here; name extensions prefix:name.", "name")
        if further is not None:
            further(value, path, problems)

    return check
