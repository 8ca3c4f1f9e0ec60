"""The EPCIS 2.0 query language: parameters to a question, and whether an event answers it.

Source: EPCIS 2.0 section 8.2.7 (SimpleEventQuery) and the official OpenAPI. The official query-schema.json escapes
its patterns for extensions twice, so that it matches none; the names here follow the text of the standard. Questions
are asked of events in their JSON form; storage may narrow the candidates before, the answer is decided here.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from khcn.standards.epcis import vocabulary as words
from khcn.standards.epcis.event_identifiers import canonical_text
from khcn.standards.epcis.identifier_patterns import IdentifierPattern
from khcn.standards.epcis.namespaces import Namespaces
from khcn.standards.epcis.text_formats import moment_of
from khcn.standards.epcis.units import to_base

Event = Mapping[str, Any]
Test = Callable[["Asked"], bool]


class QueryParameterRefused(ValueError):
    """A parameter that the query language does not know or whose value it cannot take."""

    def __init__(self, name: str, sentence: str) -> None:
        super().__init__(f"{name}: {sentence}")
        self.name = name


@dataclass(frozen=True, slots=True)
class Asked:
    """An event under the namespaces of its document, with what the repository knows about it."""

    event: Event
    namespaces: Namespaces
    record_time: datetime | None = None
    descendants: Callable[[str], Iterable[str]] | None = None


@dataclass(slots=True)
class EventQuery:
    """A question: the tests an event must pass, and what storage may use to find candidates.

    `narrow` maps a fixed parameter name to its values, for those that storage keeps in columns or by identifier.
    """

    tests: list[Test] = field(default_factory=list)
    narrow: dict[str, Any] = field(default_factory=dict)
    order_by: str = "recordTime"
    descending: bool = True
    event_count_limit: int | None = None
    max_event_count: int | None = None

    def matches(self, asked: Asked) -> bool:
        """Whether an event passes every test."""
        return all(test(asked) for test in self.tests)


_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "GT": lambda given, wanted: given > wanted,
    "GE": lambda given, wanted: given >= wanted,
    "LT": lambda given, wanted: given < wanted,
    "LE": lambda given, wanted: given <= wanted,
}
_QUANTITY_LISTS = ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList")
_SENSOR_NUMBERS = ("value", "minValue", "maxValue", "meanValue", "sDev", "percValue")
_LONGEST_LIST = 1_000


def read_strings(name: str, value: Any) -> list[str]:
    items = value if isinstance(value, list) else [value]
    if not items or len(items) > _LONGEST_LIST or not all(isinstance(item, str) and item for item in items):
        raise QueryParameterRefused(name, "a list of texts is expected.")
    return items


def read_moment(name: str, value: Any) -> datetime:
    moment = moment_of(value) if isinstance(value, str) else None
    if moment is None:
        raise QueryParameterRefused(name, "a moment with date, time and offset is expected.")
    return moment


def _number(name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        value = str(value)
    try:
        number = float(value)
    except ValueError as error:
        raise QueryParameterRefused(name, "a number is expected.") from error
    if number != number or number in (float("inf"), float("-inf")):
        raise QueryParameterRefused(name, "a finite number is expected.")
    return number


def read_whole(name: str, value: Any) -> int:
    number = _number(name, value)
    if number < 0 or number != int(number):
        raise QueryParameterRefused(name, "a whole number of zero or more is expected.")
    return int(number)


def read_truth(name: str, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    raise QueryParameterRefused(name, "true or false is expected.")


def list_member(event: Event, name: str) -> list[Any]:
    value = event.get(name)
    return value if isinstance(value, list) else []


# --- words and identifiers -------------------------------------------------------------------------------------------


def word_test(name: str, word_list: words.Words) -> Callable[[str, Any], Test]:
    def make(parameter: str, value: Any) -> Test:
        wanted = {word_list.as_web(text) for text in read_strings(parameter, value)}
        return lambda asked: word_list.as_web(str(asked.event.get(name, ""))) in wanted

    return make


def persistent_test(side: str) -> Callable[[str, Any], Test]:
    def make(parameter: str, value: Any) -> Test:
        wanted = {words.DISPOSITION.as_web(text) for text in read_strings(parameter, value)}

        def test(asked: Asked) -> bool:
            given = (asked.event.get("persistentDisposition") or {}).get(side, [])
            return any(words.DISPOSITION.as_web(text) in wanted for text in given)

        return test

    return make


def _patterns(parameter: str, value: Any) -> list[IdentifierPattern]:
    return [IdentifierPattern.read(text) for text in read_strings(parameter, value)]


def _any_matches(patterns: list[IdentifierPattern], texts: Iterable[str]) -> bool:
    return any(pattern.matches(text) for text in texts for pattern in patterns)


def epc_test(*names: str) -> Callable[[str, Any], Test]:
    def make(parameter: str, value: Any) -> Test:
        patterns = _patterns(parameter, value)

        def test(asked: Asked) -> bool:
            return any(
                _any_matches(patterns, [given] if isinstance(given, str) else given)
                for name in names
                if (given := asked.event.get(name))
            )

        return test

    return make


def class_test(*names: str) -> Callable[[str, Any], Test]:
    def make(parameter: str, value: Any) -> Test:
        patterns = _patterns(parameter, value)
        return lambda asked: any(
            _any_matches(patterns, (item["epcClass"] for item in list_member(asked.event, name))) for name in names
        )

    return make


def place_test(name: str, *, descendants: bool) -> Callable[[str, Any], Test]:
    def make(parameter: str, value: Any) -> Test:
        wanted = {canonical_text(text) for text in read_strings(parameter, value)}

        def test(asked: Asked) -> bool:
            place = asked.event.get(name)
            if not place:
                return False
            given = canonical_text(place["id"])
            if given in wanted:
                return True
            below = asked.descendants if descendants else None
            return below is not None and any(given in set(below(text)) for text in wanted)

        return test

    return make


def text_test(name: str) -> Callable[[str, Any], Test]:
    def make(parameter: str, value: Any) -> Test:
        wanted = {canonical_text(text) for text in read_strings(parameter, value)}
        return lambda asked: name in asked.event and canonical_text(str(asked.event[name])) in wanted

    return make


def typed_test(list_name: str, member: str, word_list: words.Words, kind: str) -> Callable[[str, Any], Test]:
    wanted_type = word_list.as_web(kind)

    def make(parameter: str, value: Any) -> Test:
        patterns = _patterns(parameter, value)
        return lambda asked: any(
            word_list.as_web(str(item.get("type", ""))) == wanted_type and _any_matches(patterns, [item[member]])
            for item in list_member(asked.event, list_name)
        )

    return make


# --- times and numbers -----------------------------------------------------------------------------------------------


def time_test(relation: str, read: Callable[[Asked], Iterable[datetime | None]]) -> Callable[[str, Any], Test]:
    compare = _COMPARE[relation]

    def make(parameter: str, value: Any) -> Test:
        wanted = read_moment(parameter, value)
        return lambda asked: any(given is not None and compare(given, wanted) for given in read(asked))

    return make


def event_moment(name: str) -> Callable[[Asked], Iterable[datetime | None]]:
    return lambda asked: [moment_of(asked.event[name])] if isinstance(asked.event.get(name), str) else []


def declaration_of(event: Event) -> Mapping[str, Any]:
    value = event.get("errorDeclaration")
    return value if isinstance(value, Mapping) else {}


def sensor_parts(event: Event) -> Iterable[Mapping[str, Any]]:
    for element in list_member(event, "sensorElementList"):
        yield element.get("sensorMetadata") or {}
        yield from element.get("sensorReport") or ()


def sensor_moments(name: str) -> Callable[[Asked], Iterable[datetime | None]]:
    return lambda asked: [
        moment_of(part[name]) for part in sensor_parts(asked.event) if isinstance(part.get(name), str)
    ]


def quantities_of(event: Event) -> Iterable[Mapping[str, Any]]:
    for name in _QUANTITY_LISTS:
        yield from list_member(event, name)


def numbers_test(
    relation: str, unit: str | None, read: Callable[[Event], Iterable[tuple[Any, Any]]]
) -> Callable[[str, Any], Test]:
    """Compares in SI units; without a unit in the name, quantities of any unit compare by their plain number."""

    def base(number: Any, code: Any) -> tuple[str, float]:
        return to_base(float(number), code) if unit is not None else ("", float(number))

    def make(parameter: str, value: Any) -> Test:
        items = value if isinstance(value, list) else [value]
        wanted = [base(_number(parameter, item), unit) for item in items]
        if relation != "EQ" and len(wanted) != 1:
            raise QueryParameterRefused(parameter, "one number is expected.")

        def fits(given: tuple[str, float], asked_for: tuple[str, float]) -> bool:
            if given[0] != asked_for[0]:
                return False
            if relation == "EQ":
                return abs(given[1] - asked_for[1]) <= 1e-9 * max(abs(given[1]), abs(asked_for[1]), 1e-9)
            return _COMPARE[relation](given[1], asked_for[1])

        return lambda asked: any(
            fits(base(number, code), one) for number, code in read(asked.event) if number is not None for one in wanted
        )

    return make


def sensor_numbers(name: str) -> Callable[[Event], Iterable[tuple[Any, Any]]]:
    return lambda event: ((part[name], part.get("uom")) for part in sensor_parts(event) if name in part)


def sensor_text_test(name: str, word_list: words.Words | None = None) -> Callable[[str, Any], Test]:
    def spelled(text: str) -> str:
        return word_list.as_web(text) if word_list is not None else canonical_text(text)

    def make(parameter: str, value: Any) -> Test:
        wanted = {spelled(text) for text in read_strings(parameter, value)}
        return lambda asked: any(
            name in part and spelled(str(part[name])) in wanted for part in sensor_parts(asked.event)
        )

    return make


# --- extensions ------------------------------------------------------------------------------------------------------

_HOLDERS: dict[str, Callable[[Event], Iterable[Mapping[str, Any]]]] = {
    "": lambda event: [event],
    "ILMD": lambda event: [event.get("ilmd") or {}],
    "ERROR_DECLARATION": lambda event: [declaration_of(event)],
    "SENSORELEMENT": lambda event: list_member(event, "sensorElementList"),
    "SENSORMETADATA": lambda event: [
        part.get("sensorMetadata") or {} for part in list_member(event, "sensorElementList")
    ],
    "SENSORREPORT": lambda event: [
        report for part in list_member(event, "sensorElementList") for report in part.get("sensorReport") or ()
    ],
    "readPoint": lambda event: [event.get("readPoint") or {}],
    "bizLocation": lambda event: [event.get("bizLocation") or {}],
}


def _flat(value: Any) -> Iterable[Any]:
    """Scalars of a value: itself, items of a list, the value of a typed one."""
    if isinstance(value, list):
        for item in value:
            yield from _flat(item)
    elif isinstance(value, Mapping):
        if "@value" in value:
            yield value["@value"]
    else:
        yield value


def _inner(value: Any, full: str, namespaces: Namespaces) -> Iterable[Any]:
    """Values of members of that name anywhere below a value."""
    if isinstance(value, Mapping):
        for name, member in value.items():
            if namespaces.full_name(name) == full:
                yield member
            yield from _inner(member, full, namespaces)
    elif isinstance(value, list):
        for item in value:
            yield from _inner(item, full, namespaces)


def extension_values(holder: str, full: str, *, inner: bool) -> Callable[[Asked], Iterable[Any]]:
    def read(asked: Asked) -> Iterable[Any]:
        namespaces = asked.namespaces
        for part in _HOLDERS[holder](asked.event):
            for name, member in part.items():
                if ":" not in name:
                    continue
                if inner:
                    yield from _inner(member, full, namespaces)
                elif namespaces.full_name(name) == full:
                    yield member

    return read


def _scalar_text(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else canonical_text(str(value))


def _as_comparable(value: Any) -> tuple[str, Any] | None:
    if isinstance(value, str) and (moment := moment_of(value.strip())) is not None:
        return "moment", moment
    if isinstance(value, bool) or value is None:
        return None
    try:
        return "number", float(value)
    except (TypeError, ValueError):
        return None


def extension_test(relation: str, read: Callable[[Asked], Iterable[Any]]) -> Callable[[str, Any], Test]:
    def equal(parameter: str, value: Any) -> Test:
        items = value if isinstance(value, list) else [value]
        if not items or len(items) > _LONGEST_LIST or any(isinstance(item, list | dict) for item in items):
            raise QueryParameterRefused(parameter, "texts, numbers or moments are expected.")
        texts = {_scalar_text(item) for item in items}
        moments = {found for item in items if (found := _as_comparable(item)) is not None}
        return lambda asked: any(
            _scalar_text(given) in texts or _as_comparable(given) in moments
            for member in read(asked)
            for given in _flat(member)
        )

    def compare(parameter: str, value: Any) -> Test:
        wanted = _as_comparable(value)
        if wanted is None:
            raise QueryParameterRefused(parameter, "a number or a moment is expected.")
        relate = _COMPARE[relation]
        return lambda asked: any(
            (found := _as_comparable(given)) is not None and found[0] == wanted[0] and relate(found[1], wanted[1])
            for member in read(asked)
            for given in _flat(member)
        )

    return equal if relation == "EQ" else compare


def exists_test(read: Callable[[Asked], Iterable[Any]]) -> Callable[[str, Any], Test]:
    return lambda parameter, value: lambda asked: any(True for _ in read(asked))
