"""Writes messages as edXML: namespace prefix "edXML" inside the envelope, attachments beside it in the default one."""

from __future__ import annotations

from datetime import date, datetime
from uuid import NAMESPACE_URL, uuid5

from lxml import etree

from khcn.standards.edxml.message import Agency, Attachment, DocumentMessage, Staff, StatusMessage
from khcn.standards.edxml.packing import Packing, encode

NAMESPACE = "http://www.mic.gov.vn/TBT/QCVN_102_2016"
XLINK = "http://www.w3.org/1999/xlink"
SOAP_NEXT = "http://schemas.xmlsoap.org/soap/actor/next"


def write_document(message: DocumentMessage, *, packing: Packing = Packing.RAW) -> bytes:
    """The message as UTF-8 XML; equal messages give equal bytes."""
    root, header, envelope = _frame()
    head = _add(header, "MessageHeader")
    _agency(head, "From", message.sender)
    for receiver in message.receivers:
        _agency(head, "To", receiver)
    code = _add(head, "Code")
    _add(code, "CodeNumber", message.number)
    _add(code, "CodeNotation", message.notation)
    promulgation = _add(head, "PromulgationInfo")
    _add(promulgation, "Place", message.place)
    _add(promulgation, "PromulgationDate", _day(message.promulgated_on))
    kind = _add(head, "DocumentType")
    _add(kind, "Type", str(message.type_code))
    _add(kind, "TypeName", message.type_name)
    _add(kind, "TypeDetail", str(message.type_detail))
    _add(head, "Subject", message.subject)
    _add(head, "Content", message.content or message.subject)
    signer = _add(head, "SignerInfo")
    _add(signer, "Competence", message.signer_competence)
    _add(signer, "Position", message.signer_position)
    _add(signer, "FullName", message.signer_name)
    if message.due_on:
        _add(head, "DueDate", _day(message.due_on))
    if message.to_places:
        places = _add(head, "ToPlaces")
        for place in message.to_places:
            _add(places, "Place", place)
    other = _add(head, "OtherInfo")
    _add(other, "Priority", str(int(message.priority)))
    _add(other, "SphereOfPromulgation", message.sphere)
    _add(other, "TyperNotation", message.typist)
    _add(other, "PromulgationAmount", str(message.copies))
    _add(other, "PageAmount", str(message.pages))
    if message.responds_to:
        responses = _add(head, "ResponseFor")
        for document_id in message.responds_to:
            _add(responses, "DocumentId", document_id)
    _add(head, "SteeringType", str(message.steering))
    _add(head, "DocumentId", message.document_id.text)
    _business(header, message)
    named = [
        (file, file.content_id or str(uuid5(NAMESPACE_URL, f"{message.document_id.text}/{index}/{file.name}")))
        for index, file in enumerate(message.attachments)
    ]
    _manifest(envelope, named)
    if named:
        outer = etree.SubElement(root, f"{{{NAMESPACE}}}AttachmentEncoded")
        for file, content_id in named:
            one = etree.SubElement(outer, f"{{{NAMESPACE}}}Attachment")
            for name, text in (
                ("ContentType", file.media_type), ("ContentId", content_id), ("Description", file.description),
                ("ContentTransferEncoded", encode(file.content, file.name, packing)), ("AttachmentName", file.name),
            ):  # fmt: skip
                etree.SubElement(one, f"{{{NAMESPACE}}}{name}").text = text
    return _bytes(root)


def write_status(message: StatusMessage) -> bytes:
    """The status message as UTF-8 XML."""
    root, header, _ = _frame()
    status = _add(header, "Status")
    answered = _add(status, "ResponseFor")
    _add(answered, "OrganId", message.responds_to.organ_id)
    _add(answered, "Code", message.responds_to.code)
    _add(answered, "PromulgationDate", _day(message.responds_to.on))
    _add(answered, "DocumentId", message.responds_to.text)
    _agency(status, "From", message.sender)
    if message.receiver_id:
        _add(_add(status, "To"), "OrganId", message.receiver_id)
    _add(status, "StatusCode", message.status.value)
    _add(status, "Description", message.description or message.status.label)
    _add(status, "Timestamp", _moment(message.at))
    _staff(status, message.staff)
    return _bytes(root)


def _frame() -> tuple[etree._Element, etree._Element, etree._Element]:
    root = etree.Element(f"{{{NAMESPACE}}}edXML", nsmap={None: NAMESPACE})
    envelope = etree.SubElement(root, f"{{{NAMESPACE}}}edXMLEnvelope", nsmap={"edXML": NAMESPACE})
    return root, _add(envelope, "edXMLHeader"), envelope


def _bytes(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)


def _add(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    element = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
    element.text = text
    return element


def _agency(parent: etree._Element, name: str, agency: Agency) -> None:
    element = _add(parent, name)
    _add(element, "OrganId", agency.organ_id)
    _add(element, "OrganizationInCharge", agency.in_charge)
    _add(element, "OrganName", agency.name)
    _add(element, "OrganAdd", agency.address)
    _add(element, "Email", agency.email)
    _add(element, "Telephone", agency.telephone)


def _staff(parent: etree._Element, staff: Staff) -> None:
    element = _add(parent, "StaffInfo")
    _add(element, "Department", staff.department)
    _add(element, "Staff", staff.name)
    _add(element, "Mobile", staff.mobile)
    _add(element, "Email", staff.email)


def _business(header: etree._Element, message: DocumentMessage) -> None:
    traces = _add(header, "TraceHeaderList")
    for name, value in (("version", "1.0"), ("mustUnderstand", "1"), ("actor", SOAP_NEXT)):
        traces.set(name, value)
    for trace in message.traces:
        element = _add(traces, "TraceHeader")
        _add(element, "OrganId", trace.organ_id)
        _add(element, "Timestamp", _moment(trace.at))
    business = _add(traces, "Bussiness")  # spelled so in the standard
    _add(business, "BussinessDocType", str(int(message.kind)))
    _add(business, "BussinessDocReason", message.reason)
    if message.changed_receivers:
        document = _add(business, "BussinessDocumentInfo")
        _add(document, "DocumentInfo", "1")
        _add(document, "DocumentReceiver", "1")
        listed = _add(document, "ReceiverList")
        for change in message.changed_receivers:
            receiver = _add(listed, "Receiver")
            _add(receiver, "ReceiverType", str(change.kind))
            _add(receiver, "OrganId", change.organ_id)
    if message.subject_id:
        _add(business, "DocumentId", message.subject_id)
    _staff(business, message.staff)
    _add(business, "Paper", "1" if message.paper else "0")
    if message.replacements:
        outer = _add(business, "ReplacementInfoList")
        for replacement in message.replacements:
            element = _add(outer, "ReplacementInfo")
            _add(element, "DocumentId", replacement.document_id)
            organs = _add(element, "OrganIdList")
            for organ_id in replacement.organ_ids:
                _add(organs, "OrganId", organ_id)


def _manifest(envelope: etree._Element, named: list[tuple[Attachment, str]]) -> None:
    manifest = _add(_add(envelope, "edXMLBody"), "edXMLManifest")
    manifest.set("version", "1.0")
    for file, content_id in named:
        reference = etree.SubElement(manifest, f"{{{NAMESPACE}}}Reference", nsmap={"xlink": XLINK})
        reference.set(f"{{{XLINK}}}href", f"cid:{content_id}")
        reference.set(f"{{{XLINK}}}type", "simple")
        _add(reference, "Description", file.description)
        _add(reference, "AttachmentName", file.name)
        _add(reference, "ContentType", file.media_type)
        _add(reference, "ContentId", f"cid:{content_id}")


def _day(on: date) -> str:
    return f"{on:%Y/%m/%d}"


def _moment(at: datetime) -> str:
    return f"{at:%Y/%m/%d %H:%M:%S}"
