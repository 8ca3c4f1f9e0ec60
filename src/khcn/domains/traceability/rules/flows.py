"""What one event says about things: the names in it, what went into what, and what was made of what. Pure."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from khcn.domains.traceability.choices import Role
from khcn.standards.epcis.event_identifiers import decompressed_identifier
from khcn.standards.epcis.units import to_base
from khcn.standards.gs1.epc_schemes import SCHEMES, parse_epc
from khcn.standards.gs1.errors import Gs1Refusal


class Name(NamedTuple):
    """An identifier in canonical spelling with its role; `mass_kg` where a quantity of mass stands beside it."""

    uri: str
    role: Role
    mass_kg: float | None = None


class Put(NamedTuple):
    """A thing put into a parent or taken out; `child` None takes everything out."""

    parent: str
    child: str | None
    adds: bool
    mass_kg: float | None = None


class Made(NamedTuple):
    """One side of a transformation; `node` is empty where the event is a node of its own."""

    node: str
    uri: str
    is_output: bool
    mass_kg: float | None = None


_LISTS = {
    "epcList": Role.EPC,
    "childEPCs": Role.CHILD,
    "inputEPCList": Role.INPUT,
    "outputEPCList": Role.OUTPUT,
}
_QUANTITY_LISTS = {
    "quantityList": Role.EPC_CLASS,
    "childQuantityList": Role.CHILD_CLASS,
    "inputQuantityList": Role.INPUT_CLASS,
    "outputQuantityList": Role.OUTPUT_CLASS,
}
_TYPED = (("sourceList", "source"), ("destinationList", "destination"), ("bizTransactionList", "bizTransaction"))


def _mass(item: Mapping[str, Any]) -> float | None:
    if item.get("quantity") is None or not item.get("uom"):
        return None
    quantity, base = to_base(item["quantity"], item["uom"])
    return base if quantity == "mass" else None


def names_of(event: Mapping[str, Any]) -> list[Name]:
    """Every thing and class that the event names, in its order."""
    found = []
    if event.get("parentID"):
        found.append(Name(decompressed_identifier(event["parentID"]), Role.PARENT))
    for name, role in _LISTS.items():
        if epcs := event.get(name):
            found += [Name(decompressed_identifier(epc), role) for epc in epcs]
    for name, role in _QUANTITY_LISTS.items():
        if items := event.get(name):
            found += [Name(decompressed_identifier(item["epcClass"]), role, _mass(item)) for item in items]
    return found


def puts_of(event: Mapping[str, Any], names: Iterable[Name]) -> list[Put]:
    """What an aggregation or association put in or took out; an observation says nothing that lasts."""
    if event["type"] not in ("AggregationEvent", "AssociationEvent") or event.get("action") not in ("ADD", "DELETE"):
        return []
    parents = [name.uri for name in names if name.role == Role.PARENT]
    if not parents:
        return []
    adds = event["action"] == "ADD"
    children = [name for name in names if name.role in (Role.CHILD, Role.CHILD_CLASS)]
    if not children and not adds:
        return [Put(parents[0], None, adds=False)]
    return [Put(parents[0], child.uri, adds, child.mass_kg) for child in children]


def made_of(event: Mapping[str, Any], names: Iterable[Name]) -> list[Made]:
    """The sides of a transformation."""
    if event["type"] != "TransformationEvent":
        return []
    shared = event.get("transformationID")
    node = decompressed_identifier(shared) if shared else ""
    outputs = (Role.OUTPUT, Role.OUTPUT_CLASS)
    return [Made(node, name.uri, name.role in outputs, name.mass_kg) for name in names]


# Names of items, lots, pallets and places with plain references, by far the most; the digits of one kind have one sum.
_PLAIN = re.compile(
    r"urn:epc:(?:id:sgtin|class:lgtin|id:sscc|id:sgln):([0-9]{6,12})\.([0-9]{0,11})(?:\.[0-9A-Za-z_.\-]{1,20})?\Z",
    re.ASCII,
)
_DIGITS = {"sgtin": 13, "lgtin": 13, "sscc:": 17, "sgln:": 12}


@lru_cache(65_536)
def _prefix(text: str) -> str | None:
    plain = _PLAIN.match(text)
    if plain is not None:
        digits = _DIGITS[text[11:16] if text[8] == "i" else text[14:19]]
        if len(plain[1]) + len(plain[2]) == digits and (digits == 17) == (plain.end(2) == len(text)):
            return plain[1]
    if text.startswith("urn:epc:"):
        try:
            epc = parse_epc(text)
        except Gs1Refusal:
            return None
        return epc.prefix if SCHEMES[epc.scheme].prefixed and epc.prefix != "*" else None
    return None


_SKIPPED_DIGITS = {"00": 1, "01": 1, "8003": 1, "8006": 1}


def key_digits(canonical: str) -> str:
    """The digits of a Digital Link's key from the company prefix on; empty for other identifiers."""
    if not canonical.startswith("https://id.gs1.org/"):
        return ""
    _, _, _, ai, value, *_ = [*canonical.split("/"), "", ""]
    return value[_SKIPPED_DIGITS.get(ai, 0) :]


def _raw_identifiers(event: Mapping[str, Any]) -> Iterable[str]:
    if event.get("parentID"):
        yield event["parentID"]
    for name in _LISTS:
        yield from event.get(name) or ()
    for name in _QUANTITY_LISTS:
        yield from (item["epcClass"] for item in event.get(name) or ())
    for name in ("readPoint", "bizLocation"):
        if event.get(name):
            yield event[name]["id"]
    for name, member in _TYPED:
        yield from (item[member] for item in event.get(name) or ())


def prefixes_named(event: Mapping[str, Any], known: Callable[[], Iterable[str]]) -> set[str]:
    """Company prefixes that the event names: those that EPCs spell out, and known ones that its links begin with.

    known: gives every known prefix; asked only where something does not spell its own out.
    """
    found = set()
    for text in _raw_identifiers(event):
        spelled = _prefix(text)
        if spelled is not None:
            found.add(spelled)
            continue
        digits = key_digits(decompressed_identifier(text))
        if digits:
            found.update(prefix for prefix in known() if digits.startswith(prefix))
    return found


def foreign_things(event: Mapping[str, Any], prefixes: Iterable[str]) -> list[str]:
    """Things that the event creates or changes although they carry none of these company prefixes.

    Only what is said to come into being is held to its owner's prefix: what a party commissions (action ADD of an
    object event) and what it makes of inputs. Receiving, packing and moving others' goods is everybody's business.
    """
    owned = tuple(prefixes)
    if event["type"] == "ObjectEvent" and event.get("action") == "ADD":
        names = [*(event.get("epcList") or ()), *(item["epcClass"] for item in event.get("quantityList") or ())]
    elif event["type"] == "TransformationEvent":
        names = [*(event.get("outputEPCList") or ())]
        names += [item["epcClass"] for item in event.get("outputQuantityList") or ()]
    else:
        return []
    return [
        text for text in names if (digits := key_digits(decompressed_identifier(text))) and not digits.startswith(owned)
    ]
