"""Reads a message into an Alert; takes only what the schema accepts, so check first."""

from __future__ import annotations

from datetime import datetime

from lxml import etree

from khcn.standards.cap import vocabulary as words
from khcn.standards.cap.dates import read_time
from khcn.standards.cap.findings import UnreadableCap
from khcn.standards.cap.model import Alert, Area, Info, Named, Reference, Resource
from khcn.standards.cap.places import MisreadPlace, read_circle, read_list, read_polygon
from khcn.standards.cap.safe_xml import parse
from khcn.standards.cap.structure import structure_violations

_CAP = "{" + words.NAMESPACE + "}"


def read_alert(content: bytes) -> Alert:
    """Return the alert in the bytes.

    Raises UnreadableCap, with the first departure from the schema or the first value that cannot be read.
    """
    root = parse(content)
    found = structure_violations(root)
    if found:
        raise UnreadableCap(f"{found[0].pointer}: {found[0].message}")
    return _alert(root)


def text_of(element: etree._Element, name: str) -> str:
    """Return the trimmed text of the first child of that name, "" where there is none."""
    return (element.findtext(_CAP + name) or "").strip()


def children(element: etree._Element, name: str) -> list[etree._Element]:
    """Return the children of that name in CAP's namespace."""
    return element.findall(_CAP + name)


def read_references(text: str) -> list[Reference | str]:
    """Return what the `references` element names; a member that is not sender,identifier,sent stays as its text."""
    found: list[Reference | str] = []
    for member in text.split():
        parts = member.split(",")
        sent = read_time(parts[2]) if len(parts) == 3 else None
        found.append(Reference(parts[0], parts[1], sent) if sent and parts[0] and parts[1] else member)
    return found


def _moment(element: etree._Element, name: str) -> datetime | None:
    return read_time(text_of(element, name))


def _alert(root: etree._Element) -> Alert:
    sent = _moment(root, "sent")
    if sent is None:
        raise UnreadableCap("/alert/sent: thời điểm này không có trong lịch.")
    references: list[Reference] = []
    for member in read_references(text_of(root, "references")):
        if isinstance(member, str):
            raise UnreadableCap(f"/alert/references: “{member[:80]}” không phải sender,identifier,sent.")
        references.append(member)
    try:
        infos = tuple(_info(each) for each in children(root, "info"))
    except MisreadPlace as fault:
        raise UnreadableCap(f"/alert/info/area: {fault}.") from fault
    return Alert(
        identifier=text_of(root, "identifier"), sender=text_of(root, "sender"), sent=sent,
        status=text_of(root, "status"), message_type=text_of(root, "msgType"), scope=text_of(root, "scope"),
        source=text_of(root, "source"), restriction=text_of(root, "restriction"),
        addresses=read_list(text_of(root, "addresses")), codes=_texts(root, "code"), note=text_of(root, "note"),
        references=tuple(references),
        incidents=read_list(text_of(root, "incidents")), infos=infos,
    )  # fmt: skip


def _texts(element: etree._Element, name: str) -> tuple[str, ...]:
    return tuple((child.text or "").strip() for child in children(element, name))


def _named(element: etree._Element, name: str) -> tuple[Named, ...]:
    return tuple(Named(text_of(each, "valueName"), text_of(each, "value")) for each in children(element, name))


def _info(element: etree._Element) -> Info:
    return Info(
        categories=_texts(element, "category"), event=text_of(element, "event"), urgency=text_of(element, "urgency"),
        severity=text_of(element, "severity"), certainty=text_of(element, "certainty"),
        language=text_of(element, "language") or words.DEFAULT_LANGUAGE,
        response_types=_texts(element, "responseType"), audience=text_of(element, "audience"),
        event_codes=_named(element, "eventCode"), effective=_moment(element, "effective"),
        onset=_moment(element, "onset"), expires=_moment(element, "expires"),
        sender_name=text_of(element, "senderName"), headline=text_of(element, "headline"),
        description=text_of(element, "description"), instruction=text_of(element, "instruction"),
        web=text_of(element, "web"), contact=text_of(element, "contact"), parameters=_named(element, "parameter"),
        resources=tuple(_resource(each) for each in children(element, "resource")),
        areas=tuple(_area(each) for each in children(element, "area")),
    )  # fmt: skip


def _resource(element: etree._Element) -> Resource:
    size = text_of(element, "size")
    return Resource(
        text_of(element, "resourceDesc"), text_of(element, "mimeType"), int(size) if size else None,
        text_of(element, "uri"), text_of(element, "derefUri"), text_of(element, "digest"),
    )  # fmt: skip


def _area(element: etree._Element) -> Area:
    return Area(
        text_of(element, "areaDesc"),
        tuple(read_polygon(text) for text in _texts(element, "polygon") if text),
        tuple(read_circle(text) for text in _texts(element, "circle") if text),
        _named(element, "geocode"), text_of(element, "altitude"), text_of(element, "ceiling"),
    )  # fmt: skip
