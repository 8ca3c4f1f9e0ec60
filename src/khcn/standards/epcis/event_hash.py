"""The event hash id of CBV 2.0: a canonical text of an event, and its digest as a ni URI.

It reads events in their JSON form (XML is brought into it before). Record time, event id, error declaration,
comments and what the document asks to ignore take no part; the order of members and of unordered lists plays none.
As in the published vectors, destinations stand before sources and a type before its value.
"""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from hashlib import sha256
from typing import Any

from khcn.standards.epcis import vocabulary as words
from khcn.standards.epcis.event_identifiers import (
    canonical_identifier,
    canonical_moment,
    canonical_number,
    canonical_text,
)
from khcn.standards.epcis.namespaces import Namespaces

_COMMENT = "{http://www.w3.org/2000/01/rdf-schema#}comment"
_Render = Callable[[Any], str]


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal):
        return canonical_number(value)
    return canonical_text(str(value))


def _moment(value: Any) -> str:
    return canonical_moment(value.strip()) if isinstance(value, str) else _scalar(value)


def _word(word_list: words.Words) -> _Render:
    def render(value: Any) -> str:
        return word_list.as_web(value) if value in word_list.words else _scalar(value)

    return render


_SENSOR_METADATA: tuple[tuple[str, _Render], ...] = (
    ("time", _moment), ("startTime", _moment), ("endTime", _moment), ("deviceID", _scalar), ("deviceMetadata", _scalar),
    ("rawData", _scalar), ("dataProcessingMethod", _scalar), ("bizRules", _scalar),
)  # fmt: skip
_SENSOR_REPORT: tuple[tuple[str, _Render], ...] = (
    ("type", _word(words.MEASUREMENT_TYPE)), ("exception", _word(words.ALERT_TYPE)), ("deviceID", _scalar),
    ("deviceMetadata", _scalar), ("rawData", _scalar), ("dataProcessingMethod", _scalar), ("time", _moment),
    ("microorganism", _scalar), ("chemicalSubstance", _scalar), ("value", _scalar),
    ("component", _word(words.COMPONENT)), ("stringValue", _scalar), ("booleanValue", _scalar),
    ("hexBinaryValue", _scalar), ("uriValue", _scalar), ("minValue", _scalar), ("maxValue", _scalar),
    ("meanValue", _scalar), ("sDev", _scalar), ("percRank", _scalar), ("percValue", _scalar), ("uom", _scalar),
    ("coordinateReferenceSystem", _scalar),
)  # fmt: skip
_METADATA_NAMES = frozenset(name for name, _ in _SENSOR_METADATA)
_REPORT_NAMES = frozenset({"bizRules", *(name for name, _ in _SENSOR_REPORT)})
_STANDARD_NAMES = frozenset(
    [
        "@context",
        "type",
        "eventTime",
        "recordTime",
        "eventTimeZoneOffset",
        "eventID",
        "certificationInfo",
        "errorDeclaration",
        "epcList",
        "parentID",
        "inputEPCList",
        "childEPCs",
        "quantityList",
        "childQuantityList",
        "inputQuantityList",
        "outputEPCList",
        "outputQuantityList",
        "action",
        "transformationID",
        "bizStep",
        "disposition",
        "persistentDisposition",
        "readPoint",
        "bizLocation",
        "bizTransactionList",
        "destinationList",
        "sourceList",
        "sensorElementList",
        "ilmd",
        "id",
    ]
)
_as_step, _as_disposition = _word(words.BIZ_STEP), _word(words.DISPOSITION)
_as_transaction_type, _as_party_type = _word(words.TRANSACTION_TYPE), _word(words.PARTY_TYPE)


class _Extensions:
    """Renders what is not of the standard, under one document's namespaces and list of ignored names."""

    def __init__(self, namespaces: Namespaces, ignored: frozenset[str]) -> None:
        self._full, self._ignored = namespaces.full_name, ignored | {_COMMENT}

    def members(self, value: Mapping[str, Any], standard: frozenset[str] = frozenset()) -> list[str]:
        """Every member beyond the standard ones, sorted."""
        found: list[str] = []
        for name, member in value.items():
            if name not in standard:
                self._member(name, member, found)
        found.sort()
        return found

    def _member(self, name: str, value: Any, found: list[str]) -> None:
        full = self._full(name)
        if full in self._ignored or name.startswith("@"):
            return
        if isinstance(value, list):
            for item in value:
                found.append(full + self._value(item))
        else:
            found.append(full + self._value(value))

    def _value(self, value: Any) -> str:
        if isinstance(value, Mapping):
            text = value.get("@value", value.get("@id"))
            attributes = value.get("@attributes")
            inner = {**(attributes if isinstance(attributes, Mapping) else {}), **value}
            rest = "".join(self.members(inner))
            return ("=" + _scalar(text) if text not in (None, "") else "") + rest
        if isinstance(value, list):
            return "".join(sorted(self._value(item) for item in value))
        text = "" if value is None else _scalar(value)
        return "=" + text if text else ""


def _identifiers(out: list[str], event: Mapping[str, Any], name: str) -> None:
    epcs = event.get(name)
    if epcs:
        rendered = ["epc=" + canonical_identifier(epc.strip()) for epc in epcs]
        if len(rendered) > 1:
            rendered.sort()
        out.append(name)
        out += rendered


def _quantities(out: list[str], event: Mapping[str, Any], name: str) -> None:
    quantities = event.get(name)
    if not quantities:
        return
    rendered = []
    for quantity in quantities:
        text = "quantityElementepcClass=" + canonical_identifier(quantity["epcClass"].strip())
        if quantity.get("quantity") is not None:
            text += "quantity=" + _scalar(quantity["quantity"])
        if quantity.get("uom"):
            text += "uom=" + _scalar(quantity["uom"])
        rendered.append(text)
    rendered.sort()
    out.append(name)
    out += rendered


def _typed(out: list[str], event: Mapping[str, Any], name: str, member: str, as_type: _Render) -> None:
    items = event.get(name)
    if not items:
        return
    rendered = [
        ("type=" + as_type(item["type"]) if item.get("type") else "")
        + f"{member}="
        + canonical_identifier(item[member])
        for item in items
    ]
    rendered.sort()
    out.append(name)
    out += rendered


def _place(out: list[str], event: Mapping[str, Any], name: str, extensions: _Extensions) -> None:
    place = event.get(name)
    if place:
        out.append(name + "id=" + canonical_identifier(place["id"].strip()))
        if len(place) > 1:
            out += extensions.members(place, frozenset({"id"}))


def _fields(value: Mapping[str, Any], order: Iterable[tuple[str, _Render]]) -> str:
    return "".join(f"{name}={render(value[name])}" for name, render in order if value.get(name) not in (None, ""))


def _late_sensor_fields(event: Mapping[str, Any]) -> list[str]:
    """Business rules of reports: the published order forgets them, and the vectors put them behind everything else."""
    elements = []
    for element in event.get("sensorElementList") or ():
        reports = [
            "sensorReportbizRules=" + _scalar(report["bizRules"])
            for report in element.get("sensorReport", ())
            if report.get("bizRules")
        ]
        if reports:
            elements.append("sensorElement" + "".join(sorted(reports)))
    return ["sensorElementList" + "".join(sorted(elements))] if elements else []


def _sensors(out: list[str], event: Mapping[str, Any], extensions: _Extensions) -> None:
    elements = event.get("sensorElementList")
    if not elements:
        return
    rendered = []
    for element in elements:
        text = "sensorElement"
        metadata = element.get("sensorMetadata")
        if metadata:
            inner = _fields(metadata, _SENSOR_METADATA) + "".join(extensions.members(metadata, _METADATA_NAMES))
            text += "sensorMetadata" + inner if inner else ""
        reports = [
            "sensorReport" + _fields(report, _SENSOR_REPORT) + "".join(extensions.members(report, _REPORT_NAMES))
            for report in element.get("sensorReport", ())
        ]
        text += "".join(sorted(reports))
        text += "".join(extensions.members(element, frozenset({"sensorMetadata", "sensorReport"})))
        rendered.append(text)
    rendered.sort()
    out.append("sensorElementList")
    out += rendered


def _certification(out: list[str], event: Mapping[str, Any]) -> None:
    certification = event.get("certificationInfo")
    if certification:
        items = certification if isinstance(certification, list) else [certification]
        out += sorted("certificationInfo=" + _scalar(item) for item in items)


def _persistent(out: list[str], event: Mapping[str, Any]) -> None:
    persistent = event.get("persistentDisposition")
    if persistent:
        out.append("persistentDisposition")
        for name in ("set", "unset"):
            out += sorted(f"{name}={_as_disposition(item)}" for item in persistent.get(name, ()))


class EventHasher:
    """Hashes events of one document, whose namespaces and ignored fields it knows."""

    def __init__(self, namespaces: Namespaces, ignored: Iterable[str] = ()) -> None:
        self._namespaces = namespaces
        self._ignored = frozenset(map(namespaces.full_name, ignored))
        self._extensions = _Extensions(namespaces, self._ignored)

    def pre_hash(self, event: Mapping[str, Any]) -> str:
        """The canonical text of an event that the JSON binding found valid."""
        extensions = self._extensions
        if "@context" in event:
            extensions = _Extensions(self._namespaces.extended(event["@context"]), self._ignored)
        get = event.get
        out = [
            "eventType=" + event["type"],
            "eventTime=" + _moment(event["eventTime"]),
            "eventTimeZoneOffset=" + event["eventTimeZoneOffset"].strip(),
        ]
        _certification(out, event)
        _identifiers(out, event, "epcList")
        if get("parentID"):
            out.append("parentID=" + canonical_identifier(event["parentID"].strip()))
        _identifiers(out, event, "inputEPCList")
        _identifiers(out, event, "childEPCs")
        _quantities(out, event, "quantityList")
        _quantities(out, event, "childQuantityList")
        _quantities(out, event, "inputQuantityList")
        _identifiers(out, event, "outputEPCList")
        _quantities(out, event, "outputQuantityList")
        if get("action"):
            out.append("action=" + event["action"])
        if get("transformationID"):
            out.append("transformationID=" + canonical_identifier(event["transformationID"].strip()))
        if get("bizStep"):
            out.append("bizStep=" + _as_step(event["bizStep"]))
        if get("disposition"):
            out.append("disposition=" + _as_disposition(event["disposition"]))
        _persistent(out, event)
        _place(out, event, "readPoint", extensions)
        _place(out, event, "bizLocation", extensions)
        _sensors(out, event, extensions)
        _typed(out, event, "bizTransactionList", "bizTransaction", _as_transaction_type)
        _typed(out, event, "destinationList", "destination", _as_party_type)
        _typed(out, event, "sourceList", "source", _as_party_type)
        if get("ilmd"):
            out.append("ilmd")
            out += extensions.members(event["ilmd"])
        if get("sensorElementList"):
            out += _late_sensor_fields(event)
        if not _STANDARD_NAMES.issuperset(event):
            out += extensions.members(event, _STANDARD_NAMES)
        return "".join(out)

    def digest(self, event: Mapping[str, Any]) -> bytes:
        """The 32 bytes of SHA-256 over the canonical text."""
        return sha256(self.pre_hash(event).encode("utf-8", "surrogatepass")).digest()

    def hash_id(self, event: Mapping[str, Any]) -> str:
        """The event hash id, ni:///sha-256;…?ver=CBV2.0."""
        return hash_uri(self.digest(event))


def hash_uri(digest: bytes) -> str:
    """A digest as the URI that CBV 2.0 gives it."""
    return f"ni:///sha-256;{digest.hex()}?ver=CBV2.0"
