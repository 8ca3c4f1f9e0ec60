"""The EPCIS 2.0 JSON binding as our own rules: every error of a document with its JSON Pointer.

The verdict is that of the official JSON Schema of May 2023, which is the oracle of the tests and no part of the
product. What the standard demands beyond its schema is in `standard_rules`.
"""

import re
from decimal import Decimal
from typing import Any

from khcn.standards.epcis import vocabulary as words
from khcn.standards.epcis.json_checks import (
    Check,
    array_of,
    check_anything,
    check_boolean,
    check_number,
    check_text,
    check_time,
    check_uri,
    equality_key,
    matching,
    object_of,
    word_of,
)
from khcn.standards.epcis.problems import Path, Problems
from khcn.standards.epcis.text_formats import is_uri

_VERSION = re.compile(r"\d+(\.\d+)*\Z")
_OFFSET = re.compile(r"[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00)\Z")
_UNIT = re.compile(r"[A-Z0-9]{2,3}\Z")
_HEX = re.compile(r"[A-Fa-f0-9]+\Z")
_STANDARD_WORD = re.compile(r"urn:epcglobal:cbv|https?://ns\.gs1\.org/cbv/")
_GS1_WORD = re.compile(r"https?://gs1\.org/voc/|https?://www\.gs1\.org/voc/")


def _context(value: Any, path: Path, problems: Problems) -> None:
    if isinstance(value, list):
        if len(value) > 1 and len(set(map(equality_key, value))) != len(value):
            problems.add(path, "The context names the same part twice.", "duplicate")
        for at, member in enumerate(value):
            if not isinstance(member, dict):
                check_uri(member, (path, at), problems)
    elif not isinstance(value, dict):
        check_uri(value, path, problems)


def _certification(value: Any, path: Path, problems: Problems) -> None:
    (array_of(check_uri) if isinstance(value, list) else check_uri)(value, path, problems)


_error_declaration = object_of(
    {
        "declarationTime": check_time,
        "reason": word_of(words.ERROR_REASONS, _STANDARD_WORD, "error reason"),
        "correctiveEventIDs": array_of(check_uri),
    },
    required=("declarationTime",),
    others="uri",
)
_quantity = object_of(
    {
        "epcClass": check_uri,
        "quantity": check_number,
        "uom": matching(_UNIT, "a unit code of UN/ECE Recommendation 20"),
    },
    required=("epcClass",),
    others="none",
)
_biz_step = word_of(words.BIZ_STEPS, _STANDARD_WORD, "business step")
_disposition = word_of(words.DISPOSITIONS, _STANDARD_WORD, "disposition")
_place = object_of({"id": check_uri}, required=("id",))
_party_type = word_of(words.PARTY_TYPES, _STANDARD_WORD, "source or destination type")


def _sets_something(value: dict[str, Any], path: Path, problems: Problems) -> None:
    if "set" not in value and "unset" not in value:
        problems.add(path, "set or unset is missing.", "missing")


_dispositions = array_of(_disposition, at_least=1, unique=True)
_DEVICE = dict.fromkeys(("deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "bizRules"), check_uri)
_sensor_metadata = object_of(
    {**_DEVICE, "time": check_time, "startTime": check_time, "endTime": check_time}, others="uri"
)
_sensor_report = object_of(
    {
        **_DEVICE,
        "type": word_of(words.MEASUREMENT_TYPES, _GS1_WORD, "measurement type"),
        "exception": word_of(words.ALERT_TYPES, _GS1_WORD, "alert type"),
        "component": word_of(words.COMPONENTS, _STANDARD_WORD, "component"),
        "time": check_time,
        **dict.fromkeys(("microorganism", "chemicalSubstance", "coordinateReferenceSystem", "uriValue"), check_uri),
        **dict.fromkeys(("value", "minValue", "maxValue", "meanValue", "sDev", "percRank", "percValue"), check_number),
        "stringValue": check_text,
        "booleanValue": check_boolean,
        "hexBinaryValue": matching(_HEX, "hexadecimal digits"),
        "uom": check_text,
    },
    required=("type",),
    others="uri",
)
_sensor_element = object_of(
    {"sensorMetadata": _sensor_metadata, "sensorReport": array_of(_sensor_report, at_least=1)},
    required=("sensorReport",),
    others="uri",
)


def _ilmd(value: Any, path: Path, problems: Problems) -> None:
    if not isinstance(value, dict):
        problems.add(path, "An object is expected.", "type")
        return
    for name in value:
        if not is_uri(name):
            problems.add((path, name), f"{name[:80]!r} has no place here; name extensions prefix:name.", "name")


_COMMON: dict[str, Check] = {
    "@context": _context,
    "type": check_anything,
    "eventTime": check_time,
    "recordTime": check_time,
    "eventTimeZoneOffset": matching(_OFFSET, "an offset such as +07:00"),
    "eventID": check_uri,
    "certificationInfo": _certification,
    "errorDeclaration": _error_declaration,
}
_WHERE_AND_WHY: dict[str, Check] = {
    "bizStep": _biz_step,
    "disposition": _disposition,
    "readPoint": _place,
    "bizLocation": _place,
    "sourceList": array_of(
        object_of({"type": _party_type, "source": check_uri}, required=("type", "source"), others="none")
    ),
    "destinationList": array_of(
        object_of({"type": _party_type, "destination": check_uri}, required=("type", "destination"), others="none")
    ),
    "sensorElementList": array_of(_sensor_element),
}
_transaction = object_of(
    {
        "type": word_of(words.TRANSACTION_TYPES, _STANDARD_WORD, "business transaction type"),
        "bizTransaction": check_uri,
    },
    required=("bizTransaction",),
    others="none",
)
_persistent = object_of({"set": _dispositions, "unset": _dispositions}, others="none", further=_sets_something)


def _action(value: Any, path: Path, problems: Problems) -> None:
    if value not in words.ACTIONS if isinstance(value, str) else True:
        problems.add(path, "The action is ADD, OBSERVE or DELETE.", "value")


def _some(event: dict[str, Any], *names: str) -> bool:
    """Whether one of these lists is there and holds something."""
    return any(isinstance(event.get(name), list) and event[name] for name in names)


def _object_event(event: dict[str, Any], path: Path, problems: Problems) -> None:
    sensed = _some(event, "sensorElementList") and "readPoint" in event
    if not ("epcList" in event or _some(event, "quantityList") or sensed):
        problems.add(path, "epcList, quantityList, or sensor data with a readPoint is missing.", "missing")
    if "ilmd" in event and event.get("action") in ("OBSERVE", "DELETE"):
        problems.add((path, "ilmd"), "ilmd may stand only where action is ADD.", "value")


def _parent_event(event: dict[str, Any], path: Path, problems: Problems) -> None:
    if not _some(event, "childEPCs", "childQuantityList") and event.get("action") in ("ADD", "OBSERVE"):
        problems.add(path, "childEPCs or childQuantityList is missing.", "missing")


def _transaction_event(event: dict[str, Any], path: Path, problems: Problems) -> None:
    named = "epcList" in event or _some(event, "quantityList")
    if not named and event.get("action") in ("ADD", "OBSERVE"):
        problems.add(path, "epcList or quantityList is missing.", "missing")


def _transformation_event(event: dict[str, Any], path: Path, problems: Problems) -> None:
    inputs, outputs = (
        _some(event, "inputEPCList", "inputQuantityList"),
        _some(event, "outputEPCList", "outputQuantityList"),
    )
    if not ((inputs and outputs) or ((inputs or outputs) and "transformationID" in event)):
        problems.add(path, "Inputs and outputs, or one of them and a transformationID, are missing.", "missing")


def _event(members: dict[str, Check], further: Check, *required: str) -> Check:
    return object_of(
        {**_COMMON, **_WHERE_AND_WHY, **members},
        required=("eventTime", "eventTimeZoneOffset", *required),
        others="uri",
        further=further,
    )


_epcs, _unique_epcs, _quantities = array_of(check_uri), array_of(check_uri, unique=True), array_of(_quantity)
_transactions = array_of(_transaction)
_CHILDREN = {"parentID": check_uri, "childEPCs": _epcs, "childQuantityList": _quantities, "action": _action}
EVENT_CHECKS: dict[str, Check] = {
    "ObjectEvent": _event(
        {
            "action": _action,
            "epcList": _unique_epcs,
            "quantityList": _quantities,
            "persistentDisposition": _persistent,
            "bizTransactionList": _transactions,
            "ilmd": _ilmd,
        },
        _object_event,
        "action",
    ),
    "AggregationEvent": _event({**_CHILDREN, "bizTransactionList": _transactions}, _parent_event, "action"),
    "AssociationEvent": _event({**_CHILDREN, "bizTransactionList": _transactions}, _parent_event, "action", "parentID"),
    "TransactionEvent": _event(
        {
            "action": _action,
            "parentID": check_uri,
            "epcList": _epcs,
            "quantityList": _quantities,
            "bizTransactionList": array_of(_transaction, at_least=1),
        },
        _transaction_event,
        "action",
        "bizTransactionList",
    ),
    "TransformationEvent": _event(
        {
            "inputEPCList": _unique_epcs,
            "inputQuantityList": _quantities,
            "outputEPCList": _unique_epcs,
            "outputQuantityList": _quantities,
            "transformationID": check_uri,
            "persistentDisposition": _persistent,
            "bizTransactionList": _transactions,
            "ilmd": _ilmd,
        },
        _transformation_event,
    ),
}
_extended_event = object_of({**_COMMON, "type": check_uri}, required=("eventTime", "eventTimeZoneOffset"))


def check_event(value: Any, path: Path, problems: Problems) -> None:
    """One event inside a document."""
    if not isinstance(value, dict):
        problems.add(path, "An event is an object.", "type")
        return
    kind = value.get("type")
    if kind is None:
        problems.add(path, "type is missing.", "missing")
    check = EVENT_CHECKS.get(kind, _extended_event) if isinstance(kind, str) else _extended_event
    check(value, path, problems)


def _attribute_value(value: Any, path: Path, problems: Problems) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str | dict):
        problems.add(path, "A number, a text or an object is expected.", "type")


_vocabularies = array_of(
    object_of(
        {
            "type": check_uri,
            "vocabularyElementList": array_of(
                object_of(
                    {
                        "id": check_uri,
                        "attributes": array_of(
                            object_of({"id": check_uri, "attribute": _attribute_value}, required=("id",))
                        ),
                        "children": array_of(check_uri),
                    },
                    required=("id",),
                )
            ),
        },
        required=("type",),
    )
)
_events = array_of(check_event)
_HEAD: dict[str, Check] = {
    "@context": _context,
    "id": check_uri,
    "type": check_anything,
    "schemaVersion": matching(_VERSION, "a version such as 2.0"),
    "creationDate": check_time,
}
DOCUMENT_CHECKS: dict[str, Check] = {
    "EPCISDocument": object_of(
        {
            **_HEAD,
            "instanceIdentifier": check_text,
            "sender": check_text,
            "receiver": check_text,
            "epcisHeader": object_of({"epcisMasterData": object_of({"vocabularyList": _vocabularies})}, others="uri"),
            "epcisBody": object_of({"eventList": _events}, required=("eventList",)),
        },
        required=("@context", "schemaVersion", "creationDate", "epcisBody"),
        others="uri",
    ),
    "EPCISQueryDocument": object_of(
        {
            **_HEAD,
            "epcisBody": object_of(
                {
                    "queryResults": object_of(
                        {
                            "queryName": check_text,
                            "subscriptionID": check_text,
                            "resultsBody": object_of(
                                {"eventList": _events, "vocabularyList": _vocabularies},
                                required=("eventList",),
                                others="uri",
                            ),
                        },
                        required=("queryName", "resultsBody"),
                        others="uri",
                    )
                },
                required=("queryResults",),
                others="uri",
            ),
        },
        required=("@context", "epcisBody"),
        others="uri",
    ),
}


def validate_json(value: Any) -> Problems:
    """Everything that the JSON binding finds wrong with a document, a query document or a bare event."""
    problems = Problems()
    if not isinstance(value, dict):
        problems.add(None, "A document is an object.", "type")
        return problems
    kind = value.get("type")
    if not isinstance(kind, str):
        problems.add((None, "type") if "type" in value else None, "type is missing or no text.", "missing")
    check = DOCUMENT_CHECKS.get(kind) if isinstance(kind, str) else None
    if check is not None:
        check(value, None, problems)
        return problems
    if "@context" not in value:
        problems.add(None, "@context is missing.", "missing")
    check_event(value, None, problems)
    return problems
