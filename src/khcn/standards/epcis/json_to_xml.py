"""The JSON form of an EPCIS document as XML 2.0 or XML 1.2.

Documents must have been found valid before. What a binding has no place for raises NotExpressible, unless 1.2 has a
place for later additions, where it is put as the mapping rules of EPCIS 1.2 ask: in `extension` elements without
namespace.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from lxml import etree

from khcn.standards.epcis import vocabulary as words
from khcn.standards.epcis.namespaces import Namespaces
from khcn.standards.epcis.xml_extensions import (
    KEPT,
    XSD,
    XSI,
    ExtensionWriter,
    NotExpressible,
)
from khcn.standards.epcis.xml_fields import (
    child_of,
    scalar_text,
    write_dispositions,
    write_epcs,
    write_parties,
    write_plain_header,
    write_quantities,
    write_transactions,
)
from khcn.standards.epcis.xml_grammar import SBDH

_CONTEXTS = f"{{{KEPT}}}contexts"
_PREFIX = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]*\Z")
_ROOTS = {
    "EPCISDocument": ("epcis", "urn:epcglobal:epcis:xsd:"),
    "EPCISQueryDocument": ("epcisq", "urn:epcglobal:epcis-query:xsd:"),
}
_BASE = ("eventTime", "recordTime", "eventTimeZoneOffset")
_PLACE = ("bizStep", "disposition", "readPoint", "bizLocation")
_LAST = ("sourceList", "destinationList", "sensorElementList", "persistentDisposition")
_TRANSFORMED = ("inputEPCList", "inputQuantityList", "outputEPCList", "outputQuantityList", "transformationID")
_ORDER = {
    "ObjectEvent": ("epcList", "action", *_PLACE, "bizTransactionList", "quantityList", *_LAST, "ilmd"),
    "AggregationEvent": ("parentID", "childEPCs", "action", *_PLACE, "bizTransactionList", "childQuantityList", *_LAST),
    "TransactionEvent": ("bizTransactionList", "parentID", "epcList", "action", *_PLACE, "quantityList", *_LAST),
    "TransformationEvent": (*_TRANSFORMED, *_PLACE, "bizTransactionList", *_LAST, "ilmd"),
    "AssociationEvent": ("parentID", "childEPCs", "childQuantityList", "action", *_PLACE, "bizTransactionList", *_LAST),
}
# In 1.2: what stands in the event itself, what in its extension, and what is later and stands one extension deeper.
_PLAIN_1 = {
    "ObjectEvent": ("epcList", "action", *_PLACE, "bizTransactionList"),
    "AggregationEvent": ("parentID", "childEPCs", "action", *_PLACE, "bizTransactionList"),
    "TransactionEvent": ("bizTransactionList", "parentID", "epcList", "action", *_PLACE),
    "TransformationEvent": (*_TRANSFORMED, *_PLACE, "bizTransactionList", "sourceList", "destinationList", "ilmd"),
}
_EXTENDED_1 = {
    "ObjectEvent": ("quantityList", "sourceList", "destinationList", "ilmd"),
    "AggregationEvent": ("childQuantityList", "sourceList", "destinationList"),
    "TransactionEvent": ("quantityList", "sourceList", "destinationList"),
    "TransformationEvent": (),
}
_LATER = ("sensorElementList", "persistentDisposition")
_REQUIRED_LISTS_1 = {"ObjectEvent": "epcList", "AggregationEvent": "childEPCs", "TransactionEvent": "epcList"}
_STANDARD = frozenset(
    {"@context", "type", "eventID", "errorDeclaration", "certificationInfo", *_BASE}.union(*_ORDER.values())
)
_HEAD = frozenset(
    [
        "@context",
        "type",
        "id",
        "schemaVersion",
        "creationDate",
        "sender",
        "receiver",
        "instanceIdentifier",
        "epcisHeader",
        "epcisBody",
    ]
)


class _Writer:
    """Writes one document under its namespaces, in one version."""

    def __init__(self, namespaces: Namespaces, version: str) -> None:
        self.version = version
        self._write = ExtensionWriter(namespaces)
        self._fields: dict[str, Callable[[Any, str, Any], None]] = {
            **dict.fromkeys(("epcList", "childEPCs", "inputEPCList", "outputEPCList"), write_epcs),
            **dict.fromkeys(
                ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList"), write_quantities
            ),
            **dict.fromkeys(
                ("parentID", "action", "transformationID"), lambda parent, tag, value: child_of(parent, tag, value)
            ),
            "bizStep": lambda parent, tag, value: child_of(parent, tag, words.BIZ_STEP.as_urn(value)),
            "disposition": lambda parent, tag, value: child_of(parent, tag, words.DISPOSITION.as_urn(value)),
            "readPoint": self._place,
            "bizLocation": self._place,
            "bizTransactionList": write_transactions,
            "sourceList": write_parties,
            "destinationList": write_parties,
            "persistentDisposition": write_dispositions,
            "sensorElementList": self._sensor_elements,
            "ilmd": self._ilmd,
        }

    def extensions(self, parent: Any, members: Mapping[str, Any], standard: frozenset[str]) -> None:
        """Appends the members beyond the standard ones."""
        for name, value in members.items():
            if name not in standard and not name.startswith("@"):
                self._write.write(parent, name, value)

    def _place(self, parent: Any, tag: str, value: Any) -> None:
        element = child_of(parent, tag)
        child_of(element, "id", value["id"])
        self.extensions(element, value, frozenset({"id"}))

    def _ilmd(self, parent: Any, tag: str, value: Any) -> None:
        self.extensions(child_of(parent, tag), value, frozenset())

    def _sensor_part(self, parent: Any, tag: str, value: Mapping[str, Any]) -> None:
        element = child_of(parent, tag)
        for name, member in value.items():
            if isinstance(member, Mapping | list) or member is None:
                raise NotExpressible(name, "sensor data are attributes in XML and hold no lists or objects.")
            text = scalar_text(member)
            if tag == "sensorReport" and name in ("type", "exception", "component"):
                word_list = {
                    "type": words.MEASUREMENT_TYPE,
                    "exception": words.ALERT_TYPE,
                    "component": words.COMPONENT,
                }
                text = word_list[name].as_urn(text)
            if ":" in name and not isinstance(member, str):
                raise NotExpressible(name, "an attribute of an extension is a text in XML.")
            qualified, kept = self._write.tag(name) if ":" in name else (name, False)
            if kept:
                raise NotExpressible(name, "the name cannot be an attribute in XML.")
            element.set(qualified, text)

    def _sensor_elements(self, parent: Any, tag: str, value: Any) -> None:
        holder = child_of(parent, tag)
        if not value:
            parent.remove(holder)  # an empty list has no form in XML and says nothing
        for sensor in value:
            element = child_of(holder, "sensorElement")
            if "sensorMetadata" in sensor:
                self._sensor_part(element, "sensorMetadata", sensor["sensorMetadata"])
            for report in sensor["sensorReport"]:
                self._sensor_part(element, "sensorReport", report)
            self.extensions(element, sensor, frozenset({"sensorMetadata", "sensorReport"}))

    def _error_declaration(self, parent: Any, value: Mapping[str, Any]) -> None:
        element = child_of(parent, "errorDeclaration")
        child_of(element, "declarationTime", value["declarationTime"])
        if "reason" in value:
            child_of(element, "reason", words.ERROR_REASON.as_urn(value["reason"]))
        if "correctiveEventIDs" in value:
            holder = child_of(element, "correctiveEventIDs")
            for identity in value["correctiveEventIDs"]:
                child_of(holder, "correctiveEventID", identity)
        self.extensions(element, value, frozenset({"declarationTime", "reason", "correctiveEventIDs"}))

    def _identity(self, parent: Any, event: Mapping[str, Any]) -> None:
        if "eventID" in event:
            child_of(parent, "eventID", event["eventID"])
        if "errorDeclaration" in event:
            self._error_declaration(parent, event["errorDeclaration"])

    def _certification(self, parent: Any, event: Mapping[str, Any]) -> None:
        certification = event.get("certificationInfo")
        if isinstance(certification, list) and len(certification) != 1:
            raise NotExpressible("certificationInfo", "XML has room for one certificate.")
        if certification is not None:
            child_of(
                parent, "certificationInfo", certification[0] if isinstance(certification, list) else certification
            )

    def _named(self, parent: Any, event: Mapping[str, Any], names: tuple[str, ...]) -> None:
        for name in names:
            if name in event:
                self._fields[name](parent, name, event[name])

    def event(self, parent: Any, event: Mapping[str, Any]) -> None:
        """Appends one event, under its own context where it has one."""
        kind = event["type"]
        if "@context" in event:
            inner = {name: value for name, value in event.items() if name != "@context"}
            _Writer(self._write.namespaces.extended(event["@context"]), self.version).event(parent, inner)
            return
        if kind not in _ORDER:
            raise NotExpressible(kind, "events of one's own type have no form in XML.")
        if self.version == "1.2":
            self._event_1(parent, kind, event)
            return
        element = child_of(parent, kind)
        for name in _BASE:
            if name in event:
                child_of(element, name, event[name])
        self._identity(element, event)
        self._certification(element, event)
        self._named(element, event, _ORDER[kind])
        self.extensions(element, event, _STANDARD)

    def _event_1(self, parent: Any, kind: str, event: Mapping[str, Any]) -> None:
        if kind in ("TransformationEvent", "AssociationEvent"):
            parent = child_of(parent, "extension")
        if kind == "AssociationEvent":
            parent = child_of(parent, "extension")
        element = child_of(parent, kind)
        for name in _BASE:
            if name in event:
                child_of(element, name, event[name])
        if event.keys() & {"eventID", "errorDeclaration", "certificationInfo"}:
            base = child_of(element, "baseExtension")
            self._identity(base, event)
            if "certificationInfo" in event:
                self._certification(child_of(base, "extension"), event)
        if kind == "AssociationEvent":
            self._named(element, event, _ORDER[kind])
        else:
            listed = _REQUIRED_LISTS_1.get(kind)
            self._named(element, event if not listed or listed in event else {**event, listed: []}, _PLAIN_1[kind])
            self._extension_1(element, kind, event)
        self.extensions(element, event, _STANDARD)

    def _extension_1(self, element: Any, kind: str, event: Mapping[str, Any]) -> None:
        inner = [name for name in _EXTENDED_1[kind] if name in event]
        later = [name for name in _LATER if event.get(name)]
        if not inner and not later:
            return
        extension = child_of(element, "extension")
        self._named(extension, event, tuple(inner))
        if later:
            deeper = child_of(extension, "extension") if kind != "TransformationEvent" else extension
            self._named(deeper, event, tuple(later))

    def vocabularies(self, parent: Any, value: list[Any]) -> None:
        """Appends a vocabulary list."""
        holder = child_of(parent, "VocabularyList")
        for vocabulary in value:
            element = child_of(holder, "Vocabulary")
            element.set("type", vocabulary["type"])
            elements = vocabulary.get("vocabularyElementList")
            if elements:
                inner = child_of(element, "VocabularyElementList")
                for entry in elements:
                    self._vocabulary_element(inner, entry)

    def _vocabulary_element(self, parent: Any, value: Mapping[str, Any]) -> None:
        element = child_of(parent, "VocabularyElement")
        element.set("id", value["id"])
        for attribute in value.get("attributes", ()):
            written = child_of(element, "attribute")
            written.set("id", attribute["id"])
            content = attribute.get("attribute")
            if isinstance(content, Mapping):
                self._write.write_all(written, content)
            elif content is not None:
                written.text = scalar_text(content)
        if "children" in value:
            holder = child_of(element, "children")
            for identity in value["children"]:
                child_of(holder, "id", identity)
        self.extensions(element, value, frozenset({"id", "attributes", "children"}))

    def header(self, root: Any, document: Mapping[str, Any]) -> None:
        """Appends the header, where the document has anything for it."""
        header = document.get("epcisHeader", {})
        plain = {name: document[name] for name in ("sender", "receiver", "instanceIdentifier") if name in document}
        if not header and not plain:
            return
        element = child_of(root, "EPCISHeader")
        own = [name for name in header if self._write.tag(name)[0].startswith(f"{{{SBDH}}}")]
        if plain or (self.version == "1.2" and not own):
            write_plain_header(element, plain, document["creationDate"])
        for name in own:
            self._write.write(element, name, header[name])
        others = {name: value for name, value in header.items() if name not in own and name != "epcisMasterData"}
        master = header.get("epcisMasterData")
        if master is not None or others:
            extension = child_of(element, "extension")
            if master is not None:
                self.vocabularies(child_of(extension, "EPCISMasterData"), master.get("vocabularyList", []))
            if others:
                deeper = child_of(extension, "extension")
                for name, value in others.items():
                    self._write.write_named(deeper, "member", name, value)


def _contexts(context: Any) -> list[str]:
    parts = context if isinstance(context, list) else [context]
    return [part for part in parts if isinstance(part, str)]


def _nsmap(namespaces: Namespaces, prefix: str, namespace: str) -> dict[str | None, str]:
    taken: dict[str | None, str] = {prefix: namespace}
    for name, uri in {"gs1": words.GS1_WEB, "cbv": words.CBV_WEB, **namespaces.own}.items():
        if _PREFIX.match(name) and uri and not uri.startswith("http://www.w3.org/2001/XMLSchema"):
            taken.setdefault(name, uri)
    return {**taken, "xsi": XSI, "xsd": XSD, "khcn": KEPT}


def document_to_xml(document: Mapping[str, Any], version: str = "2.0") -> bytes:
    """The document as XML 2.0 or 1.2 in UTF-8. Raises NotExpressible where the binding has no form for a value."""
    kind = document["type"]
    if kind not in _ROOTS:
        raise NotExpressible(str(kind), "only documents and query documents are written as XML.")
    prefix, base = _ROOTS[kind]
    namespaces = Namespaces.of_context(document.get("@context"))
    namespace = base + version[0]
    root = etree.Element(f"{{{namespace}}}{kind}", nsmap=_nsmap(namespaces, prefix, namespace))
    schema_version = str(document.get("schemaVersion", version))
    numeric = re.fullmatch(r"[0-9]+(\.[0-9]+)?", schema_version)
    root.set("schemaVersion", version if version == "1.2" or not numeric else schema_version)
    if "creationDate" not in document:
        raise NotExpressible("creationDate", "XML needs the date of creation.")
    root.set("creationDate", document["creationDate"])
    if "id" in document:
        root.set(f"{{{KEPT}}}id", document["id"])
    contexts = _contexts(document.get("@context"))
    if contexts != [words.CONTEXT_URI]:
        root.set(_CONTEXTS, " ".join(contexts))
    writer = _Writer(namespaces, version)
    writer.header(root, document)
    body = child_of(root, "EPCISBody")
    if kind == "EPCISQueryDocument":
        _query_results(body, namespace, document["epcisBody"]["queryResults"], writer)
    else:
        events = child_of(body, "EventList")
        for event in document["epcisBody"]["eventList"]:
            writer.event(events, event)
    writer.extensions(root, document, _HEAD)
    etree.cleanup_namespaces(
        root, keep_ns_prefixes=["xsd", *(name for name in root.nsmap if name and name in namespaces.own)]
    )
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _query_results(body: Any, namespace: str, results: Mapping[str, Any], writer: _Writer) -> None:
    element = child_of(body, f"{{{namespace}}}QueryResults")
    child_of(element, "queryName", results["queryName"])
    if "subscriptionID" in results:
        child_of(element, "subscriptionID", results["subscriptionID"])
    inner = results["resultsBody"]
    holder = child_of(element, "resultsBody")
    if inner.get("vocabularyList") and not inner["eventList"]:
        writer.vocabularies(holder, inner["vocabularyList"])
        return
    events = child_of(holder, "EventList")
    for event in inner["eventList"]:
        writer.event(events, event)
    writer.extensions(element, results, frozenset({"queryName", "subscriptionID", "resultsBody"}))
