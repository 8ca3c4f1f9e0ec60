"""Identifiers of an event in the spelling a client asks for: Digital Links, EPC names, or as they were sent. Pure."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from khcn.domains.traceability.rules.flows import key_digits
from khcn.standards.epcis.event_identifiers import canonical_identifier, decompressed_identifier
from khcn.standards.gs1.digital_link import LENIENT, parse_digital_link
from khcn.standards.gs1.epc_conversion import digital_link_of, epc_of
from khcn.standards.gs1.epc_schemes import parse_epc
from khcn.standards.gs1.errors import Gs1Refusal

# Names of items and lots by whose serial numbers nothing is escaped: the link of the hash is the whole link.
_PLAIN_ITEM = re.compile(r"urn:epc:(?:id:s|class:l)gtin:([0-9]{6,12})\.([0-9]{1,7})\.[0-9A-Za-z_.\-]{1,20}\Z", re.ASCII)
FORMATS = ("No_Preference", "Always_GS1_Digital_Link", "Always_EPC_URN", "Never_Translates")
_SINGLE = ("parentID", "transformationID")
_LISTS = ("epcList", "childEPCs", "inputEPCList", "outputEPCList")
_MEMBERS = {
    "quantityList": "epcClass", "childQuantityList": "epcClass", "inputQuantityList": "epcClass",
    "outputQuantityList": "epcClass", "sourceList": "source", "destinationList": "destination",
    "bizTransactionList": "bizTransaction",
}  # fmt: skip


def as_link(text: str) -> str:
    """The Digital Link of an EPC name; what has none stays."""
    if not text.startswith("urn:epc:"):
        return text
    plain = _PLAIN_ITEM.match(text)
    if plain is not None and len(plain[1]) + len(plain[2]) == 13:
        return canonical_identifier(text)
    return _whole_link(text)


@lru_cache(16_384)
def _whole_link(text: str) -> str:
    try:
        return digital_link_of(parse_epc(text))
    except Gs1Refusal:
        return text


def as_name(text: str, known: Iterable[str]) -> str:
    """The EPC name of a Digital Link whose company prefix is among the known ones; what has none stays."""
    plain = decompressed_identifier(text)
    digits = key_digits(plain)
    lengths = [len(prefix) for prefix in known if digits and digits.startswith(prefix)]
    if text.startswith("urn:") or not lengths:
        return text
    try:
        return str(epc_of(dict(parse_digital_link(plain, LENIENT).path), max(lengths)))
    except Gs1Refusal:
        return text


def translated(event: Mapping[str, Any], wanted: str, known: Iterable[str]) -> dict[str, Any]:
    """The event with its identifiers in the wanted format; its eventID and its extensions stay."""
    if wanted not in ("Always_GS1_Digital_Link", "Always_EPC_URN"):
        return dict(event)
    prefixes = tuple(known)
    turn: Callable[[str], str] = (
        as_link if wanted == "Always_GS1_Digital_Link" else lambda text: as_name(text, prefixes)
    )
    value = dict(event)
    for name in _SINGLE:
        if value.get(name):
            value[name] = turn(value[name])
    for name in _LISTS:
        if name in value:
            value[name] = [turn(text) for text in value[name]]
    for name, member in _MEMBERS.items():
        if name in value:
            value[name] = [{**item, member: turn(item[member])} for item in value[name]]
    for name in ("readPoint", "bizLocation"):
        if name in value:
            value[name] = {**value[name], "id": turn(value[name]["id"])}
    return value
