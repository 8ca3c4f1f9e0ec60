"""The parameters of the EPCIS query language by name: the fixed ones, and the families whose names carry a part.

`read_query` makes a question of them. A family's name holds a transaction type, a unit, or the name of an extension.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from khcn.standards.epcis import vocabulary as words
from khcn.standards.epcis.event_query import (
    Asked,
    EventQuery,
    QueryParameterRefused,
    Test,
    class_test,
    declaration_of,
    epc_test,
    event_moment,
    exists_test,
    extension_test,
    extension_values,
    list_member,
    numbers_test,
    persistent_test,
    place_test,
    quantities_of,
    read_moment,
    read_strings,
    read_truth,
    read_whole,
    sensor_moments,
    sensor_numbers,
    sensor_parts,
    sensor_text_test,
    text_test,
    time_test,
    typed_test,
    word_test,
)
from khcn.standards.epcis.namespaces import Namespaces
from khcn.standards.epcis.text_formats import moment_of

Maker = Callable[[str, Any], Test]

_INPUTS, _OUTPUTS = ("inputQuantityList",), ("outputQuantityList",)
_PLAIN = ("quantityList", "childQuantityList")
_ORDERS = {"eventTime", "recordTime"}


def _event_type(parameter: str, value: Any) -> Test:
    wanted = set(read_strings(parameter, value))
    return lambda asked: asked.event.get("type") in wanted


def _action(parameter: str, value: Any) -> Test:
    wanted = set(read_strings(parameter, value))
    if not wanted <= words.ACTIONS:
        raise QueryParameterRefused(parameter, "the actions are ADD, OBSERVE and DELETE.")
    return lambda asked: asked.event.get("action") in wanted


def _exists_error(parameter: str, value: Any) -> Test:
    return lambda asked: bool(declaration_of(asked.event))


def _exists_sensors(parameter: str, value: Any) -> Test:
    return lambda asked: bool(list_member(asked.event, "sensorElementList"))


def _record_times(asked: Asked) -> Iterable[Any]:
    return [asked.record_time]


def _declared_at(asked: Asked) -> Iterable[Any]:
    value = declaration_of(asked.event).get("declarationTime")
    return [moment_of(value)] if isinstance(value, str) else []


def _error_reason(parameter: str, value: Any) -> Test:
    wanted = {words.ERROR_REASON.as_web(text) for text in read_strings(parameter, value)}
    return lambda asked: words.ERROR_REASON.as_web(str(declaration_of(asked.event).get("reason", ""))) in wanted


def _corrective(parameter: str, value: Any) -> Test:
    wanted = set(read_strings(parameter, value))
    return lambda asked: bool(wanted & set(declaration_of(asked.event).get("correctiveEventIDs") or ()))


def _boolean_value(parameter: str, value: Any) -> Test:
    wanted = read_truth(parameter, value)
    return lambda asked: any(part.get("booleanValue") is wanted for part in sensor_parts(asked.event))


def _plain_quantities(event: Mapping[str, Any]) -> Iterable[tuple[Any, Any]]:
    return ((item.get("quantity"), item.get("uom")) for item in quantities_of(event))


FIXED: dict[str, Maker] = {
    "eventType": _event_type,
    "EQ_action": _action,
    "EQ_bizStep": word_test("bizStep", words.BIZ_STEP),
    "EQ_disposition": word_test("disposition", words.DISPOSITION),
    "EQ_persistentDisposition_set": persistent_test("set"),
    "EQ_persistentDisposition_unset": persistent_test("unset"),
    "EQ_transformationID": text_test("transformationID"),
    "EQ_eventID": text_test("eventID"),
    "MATCH_epc": epc_test("epcList", "childEPCs"),
    "MATCH_parentID": epc_test("parentID"),
    "MATCH_inputEPC": epc_test("inputEPCList"),
    "MATCH_outputEPC": epc_test("outputEPCList"),
    "MATCH_anyEPC": epc_test("epcList", "childEPCs", "parentID", "inputEPCList", "outputEPCList"),
    "MATCH_epcClass": class_test(*_PLAIN),
    "MATCH_inputEPCClass": class_test(*_INPUTS),
    "MATCH_outputEPCClass": class_test(*_OUTPUTS),
    "MATCH_anyEPCClass": class_test(*_PLAIN, *_INPUTS, *_OUTPUTS),
    "EXISTS_errorDeclaration": _exists_error,
    "EQ_errorReason": _error_reason,
    "EQ_correctiveEventID": _corrective,
    "EXISTS_sensorElementList": _exists_sensors,
    "EXISTS_sensorElement": _exists_sensors,
    "EQ_type": sensor_text_test("type", words.MEASUREMENT_TYPE),
    "EQ_booleanValue": _boolean_value,
    **{
        f"EQ_{name}": sensor_text_test(name)
        for name in (
            "deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "microorganism", "chemicalSubstance",
            "bizRules", "stringValue", "hexBinaryValue", "uriValue", "coordinateReferenceSystem",
        )
    },
    **{f"{relation}_eventTime": time_test(relation, event_moment("eventTime")) for relation in ("GE", "LT")},
    **{f"{relation}_recordTime": time_test(relation, _record_times) for relation in ("GE", "LT")},
    **{f"{relation}_errorDeclarationTime": time_test(relation, _declared_at) for relation in ("GE", "LT")},
    **{f"{relation}_errorDeclaration_Time": time_test(relation, _declared_at) for relation in ("GE", "LT")},
    **{
        f"{relation}_{name}": time_test(relation, sensor_moments(name))
        for relation in ("GE", "LT")
        for name in ("time", "startTime", "endTime")
    },
    **{f"EQ_{name}": place_test(name, descendants=False) for name in ("readPoint", "bizLocation")},
    **{f"WD_{name}": place_test(name, descendants=True) for name in ("readPoint", "bizLocation")},
    **{
        f"{relation}_quantity": numbers_test(relation, None, _plain_quantities)
        for relation in ("EQ", "GT", "GE", "LT", "LE")
    },
    **{
        f"{relation}_percRank": numbers_test(relation, None, sensor_numbers("percRank"))
        for relation in ("EQ", "GT", "GE", "LT", "LE")
    },
}  # fmt: skip

# What storage keeps beside the event, so that candidates need not all be read.
NARROWING = frozenset(
    [
        "eventType",
        "EQ_action",
        "EQ_bizStep",
        "EQ_disposition",
        "EQ_readPoint",
        "EQ_bizLocation",
        "EQ_eventID",
        "EQ_transformationID",
        "GE_eventTime",
        "LT_eventTime",
        "GE_recordTime",
        "LT_recordTime",
        "MATCH_epc",
        "MATCH_parentID",
        "MATCH_inputEPC",
        "MATCH_outputEPC",
        "MATCH_anyEPC",
        "MATCH_epcClass",
        "MATCH_inputEPCClass",
        "MATCH_outputEPCClass",
        "MATCH_anyEPCClass",
    ]
)
CONTROLS = frozenset(
    {"@context", "orderBy", "orderDirection", "eventCountLimit", "maxEventCount", "perPage", "nextPageToken"}
)

_HOLDER = "(?:(ILMD|ERROR_DECLARATION|SENSORELEMENT|SENSORMETADATA|SENSORREPORT|readPoint|bizLocation)_)?"
_NAME = r"([A-Za-z][A-Za-z0-9.+\-]*[:#/].+)"
_EXTENSION = re.compile(rf"(EQ|GT|GE|LT|LE|EXISTS)_(INNER_)?{_HOLDER}{_NAME}\Z")
_TYPED = re.compile(r"EQ_(bizTransaction|source|destination)_(.+)\Z")
_SENSOR = re.compile(r"(EQ|GT|GE|LT|LE)_(value|minValue|maxValue|meanValue|sDev|percValue|quantity)_([A-Z0-9]{2,4})\Z")
_TYPED_LISTS = {
    "bizTransaction": ("bizTransactionList", "bizTransaction", words.TRANSACTION_TYPE),
    "source": ("sourceList", "source", words.PARTY_TYPE),
    "destination": ("destinationList", "destination", words.PARTY_TYPE),
}


def _typed(name: str) -> Maker | None:
    match = _TYPED.match(name)
    if not match:
        return None
    list_name, member, word_list = _TYPED_LISTS[match[1]]
    return typed_test(list_name, member, word_list, match[2])


def _sensor(name: str) -> Maker | None:
    match = _SENSOR.match(name)
    if not match:
        return None
    read = _plain_quantities if match[2] == "quantity" else sensor_numbers(match[2])
    return numbers_test(match[1], match[3], read)


def _extension(name: str, namespaces: Namespaces) -> Maker | None:
    match = _EXTENSION.match(name)
    if not match:
        return None
    relation, inner, holder, member = match.groups()
    read = extension_values(holder or "", namespaces.full_name(member), inner=bool(inner))
    return exists_test(read) if relation == "EXISTS" else extension_test(relation, read)


def maker_of(name: str, namespaces: Namespaces) -> Maker | None:
    """What makes the test of a parameter, or None where the language knows no such name."""
    return FIXED.get(name) or _typed(name) or _sensor(name) or _extension(name, namespaces)


def _control(query: EventQuery, name: str, value: Any) -> None:
    if name == "orderBy":
        if value not in _ORDERS:
            raise QueryParameterRefused(name, "events are ordered by eventTime or recordTime.")
        query.order_by = value
    elif name == "orderDirection":
        if value not in ("ASC", "DESC"):
            raise QueryParameterRefused(name, "the direction is ASC or DESC.")
        query.descending = value == "DESC"
    elif name == "eventCountLimit":
        query.event_count_limit = read_whole(name, value)
    elif name == "maxEventCount":
        query.max_event_count = read_whole(name, value)


def read_query(
    parameters: Mapping[str, Any], attributes: Callable[[str, str], Iterable[str]] | None = None
) -> EventQuery:
    """The question that parameters ask; lists are lists, everything else single values.

    attributes: identifiers whose master data carry an attribute, as (attribute id, value or "") → identifiers; without
    it HASATTR and EQ_ATTR are refused. Raises QueryParameterRefused.
    """
    namespaces = Namespaces.of_context(parameters.get("@context"))
    query = EventQuery()
    for name, value in parameters.items():
        if name in CONTROLS:
            _control(query, name, value)
            continue
        maker = maker_of(name, namespaces) or _attribute(name, attributes)
        if maker is None:
            raise QueryParameterRefused(name, "the query language knows no such parameter.")
        query.tests.append(maker(name, value))
        if name in NARROWING:
            query.narrow[name] = read_moment(name, value) if name.endswith("Time") else read_strings(name, value)
    if query.event_count_limit is not None and query.max_event_count is not None:
        raise QueryParameterRefused("maxEventCount", "eventCountLimit and maxEventCount exclude each other.")
    return query


_ATTRIBUTED = {
    "readPoint": lambda event: [(event.get("readPoint") or {}).get("id")],
    "bizLocation": lambda event: [(event.get("bizLocation") or {}).get("id")],
    "epcClass": lambda event: [item["epcClass"] for item in quantities_of(event)],
    "source": lambda event: [item["source"] for item in list_member(event, "sourceList")],
    "destination": lambda event: [item["destination"] for item in list_member(event, "destinationList")],
}
_HAS_ATTRIBUTE = re.compile(r"HASATTR_([A-Za-z]+)\Z")
_EQ_ATTRIBUTE = re.compile(r"EQ_?ATTR_([A-Za-z]+)_(.+)\Z")


def _attribute(name: str, attributes: Callable[[str, str], Iterable[str]] | None) -> Maker | None:
    """HASATTR_fieldname asks for any attribute of the list; EQATTR_fieldname_attribute for one of its values."""
    has, equal = _HAS_ATTRIBUTE.match(name), _EQ_ATTRIBUTE.match(name)
    match = has or equal
    if match is None or match[1] not in _ATTRIBUTED or attributes is None:
        return None
    read = _ATTRIBUTED[match[1]]

    def make(parameter: str, value: Any) -> Test:
        items = read_strings(parameter, value)
        carrying = {
            identifier
            for item in items
            for identifier in (attributes(item, "") if equal is None else attributes(equal[2], item))
        }
        return lambda asked: any(identifier in carrying for identifier in read(asked.event) if identifier)

    return make
