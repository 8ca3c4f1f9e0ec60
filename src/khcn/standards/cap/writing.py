"""Writes an Alert as CAP 1.2 XML: the same values give the same bytes, always."""

from __future__ import annotations

from datetime import datetime

from lxml import etree

from khcn.standards.cap import vocabulary as words
from khcn.standards.cap.dates import write_time
from khcn.standards.cap.model import Alert, Area, Info, Named, Resource
from khcn.standards.cap.places import write_circle, write_list, write_polygon

_CAP = "{" + words.NAMESPACE + "}"


def write_alert(alert: Alert) -> bytes:
    """Return the message in UTF-8. Empty optional values are left out, as CAP 1.2 section 3.3.1 wants."""
    root = etree.Element(_CAP + "alert", nsmap={None: words.NAMESPACE})
    references = " ".join(f"{each.sender},{each.identifier},{write_time(each.sent)}" for each in alert.references)
    for name, text in (
        ("identifier", alert.identifier), ("sender", alert.sender), ("sent", write_time(alert.sent)),
        ("status", alert.status), ("msgType", alert.message_type), ("source", alert.source), ("scope", alert.scope),
        ("restriction", alert.restriction), ("addresses", write_list(alert.addresses)),
        *(("code", code) for code in alert.codes), ("note", alert.note), ("references", references),
        ("incidents", write_list(alert.incidents)),
    ):  # fmt: skip
        _add(root, name, text)
    for info in alert.infos:
        _add_info(etree.SubElement(root, _CAP + "info"), info)
    etree.indent(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8") + b"\n"


def _add(parent: etree._Element, name: str, text: str) -> None:
    if text:
        etree.SubElement(parent, _CAP + name).text = text


def _add_named(parent: etree._Element, name: str, pairs: tuple[Named, ...]) -> None:
    for pair in pairs:
        element = etree.SubElement(parent, _CAP + name)
        etree.SubElement(element, _CAP + "valueName").text = pair.name
        etree.SubElement(element, _CAP + "value").text = pair.value


def _moment(value: datetime | None) -> str:
    return write_time(value) if value else ""


def _add_info(element: etree._Element, info: Info) -> None:
    _add(element, "language", info.language)
    for category in info.categories:
        _add(element, "category", category)
    _add(element, "event", info.event)
    for response in info.response_types:
        _add(element, "responseType", response)
    for name, text in (
        ("urgency", info.urgency), ("severity", info.severity), ("certainty", info.certainty),
        ("audience", info.audience),
    ):  # fmt: skip
        _add(element, name, text)
    _add_named(element, "eventCode", info.event_codes)
    for name, text in (
        ("effective", _moment(info.effective)), ("onset", _moment(info.onset)), ("expires", _moment(info.expires)),
        ("senderName", info.sender_name), ("headline", info.headline), ("description", info.description),
        ("instruction", info.instruction), ("web", info.web), ("contact", info.contact),
    ):  # fmt: skip
        _add(element, name, text)
    _add_named(element, "parameter", info.parameters)
    for resource in info.resources:
        _add_resource(etree.SubElement(element, _CAP + "resource"), resource)
    for area in info.areas:
        _add_area(etree.SubElement(element, _CAP + "area"), area)


def _add_resource(element: etree._Element, resource: Resource) -> None:
    for name, text in (
        ("resourceDesc", resource.description), ("mimeType", resource.mime_type),
        ("size", "" if resource.size is None else str(resource.size)), ("uri", resource.uri),
        ("derefUri", resource.deref_uri), ("digest", resource.digest),
    ):  # fmt: skip
        _add(element, name, text)


def _add_area(element: etree._Element, area: Area) -> None:
    _add(element, "areaDesc", area.description)
    for ring in area.polygons:
        _add(element, "polygon", write_polygon(ring))
    for circle in area.circles:
        _add(element, "circle", write_circle(circle))
    _add_named(element, "geocode", area.geocodes)
    _add(element, "altitude", area.altitude_ft)
    _add(element, "ceiling", area.ceiling_ft)
