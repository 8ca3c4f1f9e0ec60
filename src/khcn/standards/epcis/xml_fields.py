"""Fields of events that are written as XML the same way wherever they stand."""

from collections.abc import Mapping
from typing import Any

from lxml import etree

from khcn.standards.epcis import vocabulary as words
from khcn.standards.epcis.xml_extensions import NotExpressible, number_text
from khcn.standards.epcis.xml_grammar import SBDH


def child_of(parent: Any, tag: str, text: str | None = None) -> Any:
    element = etree.SubElement(parent, tag)
    if text is not None:
        try:
            element.text = text
        except ValueError as error:
            raise NotExpressible(tag, "the text holds characters that XML must not hold.") from error
    return element


def scalar_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else number_text(value)


def write_epcs(parent: Any, tag: str, value: Any) -> None:
    element = child_of(parent, tag)
    for epc in value:
        child_of(element, "epc", epc)


def write_quantities(parent: Any, tag: str, value: Any) -> None:
    element = child_of(parent, tag)
    for item in value:
        quantity = child_of(element, "quantityElement")
        child_of(quantity, "epcClass", item["epcClass"])
        if "quantity" in item:
            child_of(quantity, "quantity", number_text(item["quantity"]))
        elif "uom" in item:
            raise NotExpressible("uom", "a unit without a quantity has no form in XML.")
        if "uom" in item:
            child_of(quantity, "uom", item["uom"])


def write_transactions(parent: Any, tag: str, value: Any) -> None:
    element = child_of(parent, tag)
    if not value:
        parent.remove(element)
    for item in value:
        transaction = child_of(element, "bizTransaction", item["bizTransaction"])
        if "type" in item:
            transaction.set("type", words.TRANSACTION_TYPE.as_urn(item["type"]))


def write_parties(parent: Any, tag: str, value: Any) -> None:
    element = child_of(parent, tag)
    if not value:
        parent.remove(element)
    name = tag.removesuffix("List")
    for item in value:
        child_of(element, name, item[name]).set("type", words.PARTY_TYPE.as_urn(item["type"]))


def write_dispositions(parent: Any, tag: str, value: Any) -> None:
    element = child_of(parent, tag)
    for name in ("unset", "set"):
        for disposition in value.get(name, ()):
            child_of(element, name, words.DISPOSITION.as_urn(disposition))


def write_plain_header(parent: Any, plain: Mapping[str, str], created: str) -> None:
    """A business document header for JSON's three members; missing ones are kept as empty texts."""
    element = etree.SubElement(parent, f"{{{SBDH}}}StandardBusinessDocumentHeader", nsmap={"sbdh": SBDH})
    child_of(element, f"{{{SBDH}}}HeaderVersion", "1.0")
    for name in ("sender", "receiver"):
        partner = child_of(element, f"{{{SBDH}}}{name.capitalize()}")
        child_of(partner, f"{{{SBDH}}}Identifier", plain.get(name, ""))
    identification = child_of(element, f"{{{SBDH}}}DocumentIdentification")
    for name, text in (
        ("Standard", "EPCglobal"),
        ("TypeVersion", "1.0"),
        ("InstanceIdentifier", plain.get("instanceIdentifier", "")),
        ("Type", "Events"),
        ("CreationDateAndTime", created),
    ):
        child_of(identification, f"{{{SBDH}}}{name}", text)
