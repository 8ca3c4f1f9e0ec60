"""Random damage to documents: something deleted, renamed, retyped, added, moved or misspelt, by a seeded hand."""

import copy
import random
from collections.abc import Iterator
from typing import Any

from lxml import etree

JSON_VALUES: list[Any] = [
    "x", "", None, True, False, 0, 1, -1.5, [], {}, ["a:b"], "a:b", "urn:epc:id:sgtin:1.2.3", "OBSERVE", "ADD",
    "DELETE",
    "2005-04-03T20:33:31.116-06:00", "2005-04-03T20:33:31", "shipping", "Temperature", "KGM", "kgm", "+01:00", "+15:00",
    "urn:epcglobal:cbv:bizstep:shipping", "https://ref.gs1.org/cbv/BizStep-shipping", "http://gs1.org/voc/x", "é",
    "ObjectEvent", "EPCISDocument", "EPCISQueryDocument", "AssociationEvent", "TransformationEvent", "example:Foo",
    [{"id": "a:b"}], {"id": "a:b"}, "2.0", "x.y",
]  # fmt: skip
JSON_NAMES = [
    "foo",
    "ext:foo",
    "ilmd",
    "epcList",
    "quantityList",
    "readPoint",
    "transformationID",
    "recordTime",
    "certificationInfo",
    "errorDeclaration",
    "@context",
    "id",
    "eventTime",
    "action",
    "sourceList",
    "type",
    "persistentDisposition",
]
XML_VALUES = [
    "", "x", "2005-04-03T20:33:31.116-06:00", "2005-02-30T20:33:31Z", "2005-04-03T20:33:31", "ADD", "observe",
    "urn:a:b",
    "http://a b", "%zz", "-1", "1e5", "1.5", "abc", "true", "é", "::", ":a", "a:b:c", "//", "http://[::1", "1a:b",
    "#a#b",
    "?[", "x[y]", "http://a:b/", "  ADD ", "INF", "+INF", "a/b:c", "http:", "http://", "x:", "a|b", "x:%41%4",
]  # fmt: skip
XML_NAMES = [
    "action", "bizStep", "eventTime", "epcList", "extension", "foo", "{http://e/}x", "{urn:epcglobal:epcis:xsd:2}y",
    "uom",
    "quantity", "id", "ilmd", "reason", "sensorReport", "certificationInfo",
]  # fmt: skip
LETTERS = [" ", "%", "#", ":", "", "Z", "é", "/", "0", "[", "a", "-", "."]


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    steps = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for step in steps:
        yield from _places(value[step], (*path, step))


def _misspell(text: str, hand: random.Random) -> str:
    at = hand.randrange(len(text))
    return text[:at] + hand.choice(LETTERS) + text[at + 1 :]


def damage_json(document: Any, hand: random.Random) -> Any:
    """A copy with one to three damages."""
    damaged = copy.deepcopy(document)
    for _ in range(hand.choice([1, 1, 1, 2, 3])):
        places = [place for place in _places(damaged) if place]
        if not places:
            return damaged
        *steps, last = hand.choice(places)
        parent = damaged
        for step in steps:
            parent = parent[step]
        deed = hand.choice(["delete", "rename", "set", "double", "misspell", "add", "wrap"])
        if deed == "delete":
            del parent[last]
        elif deed == "rename" and isinstance(parent, dict):
            parent[hand.choice([f"{last}x", str(last).upper(), f"ext:{last}", *JSON_NAMES])] = parent.pop(last)
        elif deed == "set":
            parent[last] = copy.deepcopy(hand.choice(JSON_VALUES))
        elif deed == "double" and isinstance(parent, list):
            parent.append(copy.deepcopy(parent[last]))
        elif deed == "add" and isinstance(parent, dict):
            parent[hand.choice(JSON_NAMES)] = copy.deepcopy(hand.choice(JSON_VALUES))
        elif deed == "wrap":
            parent[last] = [parent[last]]
        elif deed == "misspell" and isinstance(parent[last], str) and parent[last]:
            parent[last] = _misspell(parent[last], hand)
    return damaged


def damage_xml(raw: bytes, hand: random.Random) -> Any:
    """A tree with one to three damages."""
    root = etree.fromstring(raw, etree.XMLParser(resolve_entities=False))
    for _ in range(hand.choice([1, 1, 1, 2, 3])):
        element = hand.choice(list(root.iter(etree.Element)))
        parent = element.getparent()
        deed = hand.choice(["delete", "rename", "text", "double", "move", "set", "unset", "reset", "add", "misspell"])
        if deed == "delete" and parent is not None:
            parent.remove(element)
        elif deed == "rename" and parent is not None:
            element.tag = hand.choice(XML_NAMES)
        elif deed == "text" and (len(element) == 0 or hand.random() < 0.1):
            element.text = hand.choice(XML_VALUES)
        elif deed == "double" and parent is not None:
            parent.insert(parent.index(element), copy.deepcopy(element))
        elif deed == "move" and parent is not None:
            parent.remove(element)
            parent.insert(hand.randrange(len(parent) + 1), element)
        elif deed == "set":
            name = hand.choice(["foo", "type", "value", "{http://e/}z", "uom", "time", "schemaVersion", "id"])
            element.set(name, hand.choice(XML_VALUES))
        elif deed == "unset" and element.attrib:
            del element.attrib[hand.choice(list(element.attrib))]
        elif deed == "reset" and element.attrib:
            element.set(hand.choice(list(element.attrib)), hand.choice(XML_VALUES))
        elif deed == "add":
            child = etree.SubElement(element, hand.choice(XML_NAMES))
            child.text = hand.choice(XML_VALUES)
            element.insert(hand.randrange(len(element)), child)
        elif deed == "misspell" and element.text and not len(element):
            element.text = _misspell(element.text, hand)
    return root.getroottree()
