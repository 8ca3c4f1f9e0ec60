"""EPCIS XML 2.0 and 1.2 to the JSON form of the same document.

Documents must have been found valid before. Words of CBV become bare words, times and identifiers stay as written,
what is wrapped in `extension` is unwrapped, quantity events of 1.2 become object events that observe a quantity.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from lxml import etree

from khcn.standards.epcis import vocabulary as words
from khcn.standards.epcis.xml_extensions import KEPT, UNQUALIFIED, XSD, XSI, PrefixTable, member_of, members_of
from khcn.standards.epcis.xml_grammar import SBDH
from khcn.standards.epcis.xml_values import collapse

_CONTEXTS = f"{{{KEPT}}}contexts"
_WRAPPERS = ("extension", "baseExtension")
_SILENT_NAMESPACES = {XSI, XSD, KEPT, "urn:epcglobal:xsd:1"}
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\Z")
_NUMBERS = frozenset({"value", "minValue", "maxValue", "meanValue", "sDev", "percRank", "percValue"})


def _children(element: Any) -> list[Any]:
    return [child for child in element if isinstance(child.tag, str)]


def _text(element: Any) -> str:
    text = "".join(element.itertext(etree.Element)) if len(element) else element.text or ""
    return collapse(text)


def _number(text: str) -> int | Decimal | str:
    """A JSON number; what JSON has no number for (INF, NaN) stays a text, which validation of the JSON form refuses."""
    text = collapse(text)
    if text.lstrip("+-").isdecimal() and text.isascii():
        return int(text)
    plain = text.rstrip("eE")
    return Decimal(plain) if _DECIMAL.match(plain) else text


def _texts(element: Any) -> list[str]:
    return [_text(child) for child in _children(element)]


class _Reader:
    """Reads one document; prefixes are collected on the way."""

    def __init__(self) -> None:
        self.table = PrefixTable()
        self._fields: dict[str, Callable[[Any], Any]] = {
            "eventTime": _text,
            "recordTime": _text,
            "eventTimeZoneOffset": _text,
            "eventID": _text,
            "certificationInfo": _text,
            "errorDeclaration": self._error_declaration,
            "epcList": _texts,
            "childEPCs": _texts,
            "inputEPCList": _texts,
            "outputEPCList": _texts,
            "parentID": _text,
            "action": _text,
            "transformationID": _text,
            "bizStep": lambda element: words.BIZ_STEP.bare(_text(element)),
            "disposition": lambda element: words.DISPOSITION.bare(_text(element)),
            "persistentDisposition": _persistent,
            "readPoint": self._place,
            "bizLocation": self._place,
            "bizTransactionList": _transactions,
            "sourceList": lambda element: _parties(element, "source"),
            "destinationList": lambda element: _parties(element, "destination"),
            "quantityList": _quantities,
            "childQuantityList": _quantities,
            "inputQuantityList": _quantities,
            "outputQuantityList": _quantities,
            "sensorElementList": self._sensor_elements,
            "ilmd": self._extension_members,
        }

    def unwrapped(self, element: Any) -> list[Any]:
        """The children, with those of wrappers in their place."""
        found: list[Any] = []
        for child in _children(element):
            found += self.unwrapped(child) if child.tag in _WRAPPERS else [child]
        return found

    def extensions(self, elements: list[Any]) -> dict[str, Any]:
        members = members_of(elements, self.table)
        return {self._qualified(name): value for name, value in members.items()}

    def _qualified(self, name: str) -> str:
        return name if ":" in name else f"{self.table.declare('unqualified', UNQUALIFIED)}:{name}"

    def _extension_members(self, element: Any) -> dict[str, Any]:
        return self.extensions(self.unwrapped(element))

    def _place(self, element: Any) -> dict[str, Any]:
        children = self.unwrapped(element)
        place = {child.tag: _text(child) for child in children if child.tag == "id"}
        return {**place, **self.extensions([child for child in children if child.tag != "id"])}

    def _error_declaration(self, element: Any) -> dict[str, Any]:
        value: dict[str, Any] = {}
        others = []
        for child in self.unwrapped(element):
            if child.tag == "declarationTime":
                value["declarationTime"] = _text(child)
            elif child.tag == "reason":
                value["reason"] = words.ERROR_REASON.bare(_text(child))
            elif child.tag == "correctiveEventIDs":
                value["correctiveEventIDs"] = _texts(child)
            else:
                others.append(child)
        return {**value, **self.extensions(others)}

    def _attributes(self, element: Any) -> dict[str, Any]:
        value: dict[str, Any] = {}
        for name, text in element.attrib.items():
            if name.startswith(f"{{{XSI}}}"):
                continue
            if name.startswith("{"):
                value[self.table.member_name(name, element.nsmap, None)] = text
            elif name in _NUMBERS:
                value[name] = _number(text)
            elif name == "booleanValue":
                value[name] = collapse(text) in ("true", "1")
            elif name in ("stringValue", "uom"):
                value[name] = text
            else:
                value[name] = collapse(text)
        return value

    def _sensor_report(self, element: Any) -> dict[str, Any]:
        value = self._attributes(element)
        for name, word_list in (
            ("type", words.MEASUREMENT_TYPE),
            ("exception", words.ALERT_TYPE),
            ("component", words.COMPONENT),
        ):
            if name in value:
                value[name] = word_list.bare(value[name])
        return value

    def _sensor_elements(self, element: Any) -> list[dict[str, Any]]:
        return [self._sensor_element(child) for child in self.unwrapped(element)]

    def _sensor_element(self, element: Any) -> dict[str, Any]:
        value: dict[str, Any] = {}
        others = []
        for child in self.unwrapped(element):
            if child.tag == "sensorMetadata":
                value["sensorMetadata"] = self._attributes(child)
            elif child.tag == "sensorReport":
                value.setdefault("sensorReport", []).append(self._sensor_report(child))
            else:
                others.append(child)
        return {**value, **self.extensions(others)}

    def event(self, element: Any) -> dict[str, Any]:
        """The JSON form of one event's element."""
        value: dict[str, Any] = {"type": element.tag.rpartition("}")[2]}
        others = []
        for child in self.unwrapped(element):
            read = self._fields.get(child.tag)
            if read is not None and child.tag not in value:
                value[child.tag] = read(child)
            elif child.tag in ("epcClass", "quantity") and value["type"] == "QuantityEvent":
                value[child.tag] = _text(child)
            else:
                others.append(child)
        value.update(self.extensions(others))
        return _observed_quantity(value) if value["type"] == "QuantityEvent" else value

    def events(self, element: Any) -> list[dict[str, Any]]:
        """The events of an event list, in order."""
        return [self.event(child) for child in self.unwrapped(element)]

    def vocabularies(self, element: Any) -> list[dict[str, Any]]:
        """Master data of a vocabulary list."""
        found = []
        for vocabulary in _children(element):
            value: dict[str, Any] = {"type": collapse(vocabulary.get("type", ""))}
            lists = [child for child in _children(vocabulary) if child.tag == "VocabularyElementList"]
            if lists:
                value["vocabularyElementList"] = [self._vocabulary_element(child) for child in _children(lists[0])]
            found.append(value)
        return found

    def _vocabulary_element(self, element: Any) -> dict[str, Any]:
        value: dict[str, Any] = {"id": collapse(element.get("id", ""))}
        others = []
        for child in self.unwrapped(element):
            if child.tag == "attribute":
                value.setdefault("attributes", []).append(self._vocabulary_attribute(child))
            elif child.tag == "children":
                value["children"] = _texts(child)
            else:
                others.append(child)
        return {**value, **self.extensions(others)}

    def _vocabulary_attribute(self, element: Any) -> dict[str, Any]:
        value: dict[str, Any] = {"id": collapse(element.get("id", ""))}
        children = _children(element)
        if children:
            value["attribute"] = members_of(children, self.table)
        elif (element.text or "").strip() or len(element) == 0:
            value["attribute"] = (element.text or "").strip(" \t\r\n")
        return value

    def header(self, element: Any, created: str) -> dict[str, Any]:
        """The members of the document that a header makes."""
        value: dict[str, Any] = {}
        header: dict[str, Any] = {}
        others = []
        for child in self.unwrapped(element):
            if child.tag == f"{{{SBDH}}}StandardBusinessDocumentHeader":
                plain = _plain_header(child, created)
                if plain is not None:
                    value.update(plain)
                else:
                    others.append(child)
            elif child.tag == "EPCISMasterData":
                lists = [inner for inner in _children(child) if inner.tag == "VocabularyList"]
                header["epcisMasterData"] = {"vocabularyList": self.vocabularies(lists[0])}
            else:
                others.append(child)
        header.update(self.extensions(others))
        return {**value, "epcisHeader": header} if header else value

    def query_results(self, element: Any) -> dict[str, Any]:
        """The results of a query document."""
        value: dict[str, Any] = {}
        others = []
        for child in self.unwrapped(element):
            name = child.tag.rpartition("}")[2]
            if name in ("queryName", "subscriptionID"):
                value[name] = _text(child)
            elif name == "resultsBody":
                inner = _children(child)[0]
                events = self.events(inner) if inner.tag == "EventList" else []
                value["resultsBody"] = {"eventList": events}
                if inner.tag == "VocabularyList":
                    value["resultsBody"]["vocabularyList"] = self.vocabularies(inner)
            else:
                others.append(child)
        return {**value, **self.extensions(others)}


def _persistent(element: Any) -> dict[str, list[str]]:
    value: dict[str, list[str]] = {}
    for child in _children(element):
        value.setdefault(child.tag, []).append(words.DISPOSITION.bare(_text(child)))
    return value


def _transactions(element: Any) -> list[dict[str, str]]:
    found = []
    for child in _children(element):
        kind = child.get("type")
        typed = {} if kind is None else {"type": words.TRANSACTION_TYPE.bare(collapse(kind))}
        found.append({**typed, "bizTransaction": _text(child)})
    return found


def _parties(element: Any, name: str) -> list[dict[str, str]]:
    return [
        {"type": words.PARTY_TYPE.bare(collapse(child.get("type", ""))), name: _text(child)}
        for child in _children(element)
    ]


def _quantities(element: Any) -> list[dict[str, Any]]:
    found = []
    for child in _children(element):
        value: dict[str, Any] = {}
        for inner in _children(child):
            if inner.tag != "quantity":
                value[inner.tag] = _text(inner)
            elif inner.text:
                value["quantity"] = _number(inner.text)
        found.append(value)
    return found


def _observed_quantity(value: dict[str, Any]) -> dict[str, Any]:
    quantity = {"epcClass": value.pop("epcClass", ""), "quantity": _number(value.pop("quantity", ""))}
    return {**value, "type": "ObjectEvent", "action": "OBSERVE", "quantityList": [quantity]}


_PLAIN_IDENTIFICATION = {"Standard": "EPCglobal", "TypeVersion": "1.0", "Type": "Events"}


def _plain_header(element: Any, created: str) -> dict[str, str] | None:
    """Sender, receiver and identifier, where the header says nothing more than what we write for these three."""
    texts = {child.tag.rpartition("}")[2]: child for child in _children(element)}
    if set(texts) != {"HeaderVersion", "Sender", "Receiver", "DocumentIdentification"} or len(_children(element)) != 4:
        return None
    identification = {
        child.tag.rpartition("}")[2]: _text(child) for child in _children(texts["DocumentIdentification"])
    }
    partners = [texts["Sender"], texts["Receiver"]]
    bare = all(len(_children(partner)) == 1 and not _children(partner)[0].attrib for partner in partners)
    if not bare or any(identification.get(name) != text for name, text in _PLAIN_IDENTIFICATION.items()):
        return None
    if _text(texts["HeaderVersion"]) != "1.0" or identification.get("CreationDateAndTime") != created:
        return None
    said = {
        "sender": _text(partners[0]),
        "receiver": _text(partners[1]),
        "instanceIdentifier": identification["InstanceIdentifier"],
    }
    return {name: text for name, text in said.items() if text}


def _context(root: Any, table: PrefixTable) -> list[Any]:
    kept = root.get(_CONTEXTS)
    contexts: list[Any] = kept.split() if kept is not None else [words.CONTEXT_URI]
    prefixes = table.context()
    return [*contexts, prefixes] if prefixes else contexts


def document_from_xml(root: Any) -> dict[str, Any]:
    """The JSON form of a valid document, query document or master data document.

    Raises NotExpressible for text between the elements of an extension.
    """
    reader = _Reader()
    for prefix, namespace in root.nsmap.items():
        if prefix and namespace not in _SILENT_NAMESPACES and not namespace.startswith(("urn:epcglobal:epcis", SBDH)):
            reader.table.declare(prefix, namespace)
    name = root.tag.rpartition("}")[2]
    value: dict[str, Any] = {"type": "EPCISQueryDocument" if name == "EPCISQueryDocument" else "EPCISDocument"}
    identity = root.get(f"{{{KEPT}}}id")
    if identity is not None:
        value["id"] = identity
    value["schemaVersion"] = "2.0" if ":xsd:1}" in root.tag else collapse(root.get("schemaVersion", ""))
    value["creationDate"] = collapse(root.get("creationDate", ""))
    body: dict[str, Any] = {"eventList": []}
    others = []
    for child in _children(root):
        if child.tag == "EPCISHeader":
            value.update(reader.header(child, value["creationDate"]))
        elif child.tag == "EPCISBody":
            body = _body(child, reader, value)
        else:
            others += _children(child) if child.tag == "extension" else [child]
    value.update(reader.extensions(others))
    value["epcisBody"] = body
    return {"@context": _context(root, reader.table), **value}


def holds_results(root: Any) -> bool:
    """Whether a query document brings results, rather than a question or a refusal."""
    return any(element.tag.endswith("}QueryResults") for element in root.iter(etree.Element))


def salvaged_events(root: Any) -> dict[str, Any]:
    """What can be read of the events of a document that is not valid: context, ignored fields and event list."""
    reader = _Reader()
    value: dict[str, Any] = {}
    events: list[dict[str, Any]] = []
    for element in root.iter(etree.Element):
        local = element.tag.rpartition("}")[2]
        if local == "ignoreFields":
            names = [member_of(child, reader.table) for child in _children(element)]
            value["unqualified:ignoreFields"] = names
        elif local == "EventList":
            events = reader.events(element)
            break
    return {"@context": _context(root, reader.table), **value, "epcisBody": {"eventList": events}}


def _body(element: Any, reader: _Reader, document: dict[str, Any]) -> dict[str, Any]:
    if document["type"] == "EPCISQueryDocument":
        inner = next(iter(_children(element)), None)
        results = {} if inner is None else reader.query_results(inner)
        return {"queryResults": results}
    body: dict[str, Any] = {"eventList": []}
    others = []
    for child in reader.unwrapped(element):
        if child.tag == "EventList":
            body["eventList"] = reader.events(child)
        elif child.tag == "VocabularyList":
            header = document.setdefault("epcisHeader", {})
            header["epcisMasterData"] = {"vocabularyList": reader.vocabularies(child)}
        else:
            others.append(child)
    return {**body, **reader.extensions(others)}
