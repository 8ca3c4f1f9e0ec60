"""Reads edXML from anyone: any prefix, both attachment encodings, flat older variants; hostile XML is refused.

No DTD is accepted, so no entity can expand or fetch; sizes, depth and counts are limited before anything is decoded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from lxml import etree

from khcn.standards.edxml.errors import EdxmlRefused
from khcn.standards.edxml.message import (
    Agency,
    Attachment,
    BusinessKind,
    DocumentMessage,
    DocumentReference,
    Priority,
    ReceiverChange,
    Replacement,
    Staff,
    StatusCode,
    StatusMessage,
    Trace,
)
from khcn.standards.edxml.packing import decode

_DAY = re.compile(r"(\d{4})[/-](\d{1,2})[/-](\d{1,2})(?:[ T].*)?|(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?: .*)?")
_MOMENT_FORMATS = ("%Y/%m/%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M:%S")


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """What a message may cost: bytes of XML, bytes of one attachment when decoded, attachments, depth of elements."""

    max_bytes: int = 120 * 1024 * 1024
    max_attachment_bytes: int = 50 * 1024 * 1024
    max_attachments: int = 100
    max_depth: int = 40


def read_edxml(content: bytes, limits: ReadLimits | None = None) -> DocumentMessage | StatusMessage:
    """The message in the bytes. Raises EdxmlRefused, never another error, whatever the bytes."""
    limits = limits or ReadLimits()
    root = _parsed(content, limits)
    status = _find(root, "Status")
    if status is not None and _find(status, "StatusCode") is not None:
        return _status(status)
    if _find(root, "MessageHeader") is None and _find(root, "Subject") is None:
        raise EdxmlRefused("not_edxml", "Tệp XML này không phải gói tin edXML: không có phần MessageHeader.")
    return _document(root, limits)


def _parsed(content: bytes, limits: ReadLimits) -> etree._Element:
    if len(content) > limits.max_bytes:
        raise EdxmlRefused("too_large", "Gói tin edXML quá lớn.")
    events = ("start", "end")
    depth, root = 0, None
    parser = etree.XMLPullParser(
        events, resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=True,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        for start in range(0, len(content), 65536):
            parser.feed(content[start : start + 65536])
            for event, element in parser.read_events():
                if root is None:
                    root = element
                    if element.getroottree().docinfo.doctype or element.getroottree().docinfo.internalDTD is not None:
                        raise EdxmlRefused("doctype", "Gói tin có khai báo DOCTYPE nên không được nhận.")
                depth += 1 if event == "start" else -1
                if depth > limits.max_depth:
                    raise EdxmlRefused("too_deep", "Gói tin lồng quá nhiều cấp.")
        parser.close()
    except etree.XMLSyntaxError as error:
        code = "doctype" if b"<!DOCTYPE" in content[:4096] or b"<!ENTITY" in content[:65536] else "not_xml"
        raise EdxmlRefused(code, "Gói tin không phải XML đúng cú pháp.") from error
    if root is None:
        raise EdxmlRefused("not_xml", "Gói tin trống.")
    return root


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _children(parent: etree._Element | None, name: str) -> Iterator[etree._Element]:
    wanted = name.lower()
    for child in parent if parent is not None else ():
        if _local(child).lower() == wanted:
            yield child


def _child(parent: etree._Element | None, name: str) -> etree._Element | None:
    return next(_children(parent, name), None)


def _find(parent: etree._Element, name: str) -> etree._Element | None:
    """The first descendant of the name, whatever its namespace."""
    wanted = name.lower()
    return next((element for element in parent.iter() if _local(element).lower() == wanted), None)


def _text(parent: etree._Element | None, *names: str) -> str:
    for name in names:
        found = _child(parent, name)
        if found is not None and found.text and found.text.strip():
            return found.text.strip()
    return ""


def _whole(text: str, path: str, default: int) -> int:
    if not text:
        return default
    if not re.fullmatch(r"\d{1,9}", text):
        raise EdxmlRefused("field", f"{path}: “{text[:40]}” không phải số.", path=path)
    return int(text)


def _day(text: str, path: str) -> date:
    found = _DAY.fullmatch(text)
    if found:
        year, month, day, day2, month2, year2 = found.groups()
        try:
            return date(int(year or year2), int(month or month2), int(day or day2))
        except ValueError:
            pass
    raise EdxmlRefused("field", f"{path}: “{text[:40]}” không phải ngày.", path=path)


def _moment(text: str, path: str) -> datetime:
    for pattern in _MOMENT_FORMATS:
        try:
            return datetime.strptime(text[:19], pattern)  # noqa: DTZ007 – the format carries no zone
        except ValueError:
            continue
    on = _day(text, path)
    return datetime(on.year, on.month, on.day)  # noqa: DTZ001


def read_reference(text: str, path: str = "DocumentId") -> DocumentReference:
    """The parts of "000.00.04.G14,2012/08/06,267/VPCP-TTĐT". Raises EdxmlRefused."""
    parts = [part.strip() for part in text.split(",", 2)]
    if len(parts) != 3 or not all(parts):
        raise EdxmlRefused("field", f"{path}: “{text[:80]}” không đủ ba phần mã cơ quan, ngày, số ký hiệu.", path=path)
    return DocumentReference(parts[0], _day(parts[1], path), parts[2])


def _agency(element: etree._Element | None, path: str) -> Agency:
    organ_id = _text(element, "OrganId", "OrganID")
    if not organ_id:
        raise EdxmlRefused("field", f"{path}: thiếu mã cơ quan (OrganId).", path=path)
    return Agency(
        organ_id, _text(element, "OrganName"), _text(element, "OrganizationInCharge"), _text(element, "OrganAdd"),
        _text(element, "Email"), _text(element, "Telephone"),
    )  # fmt: skip


def _staff(parent: etree._Element | None) -> Staff:
    element = _child(parent, "StaffInfo")
    return Staff(*(_text(element, name) for name in ("Department", "Staff", "Mobile", "Email")))


def _status(status: etree._Element) -> StatusMessage:
    code = _text(status, "StatusCode").zfill(2)
    if code not in {item.value for item in StatusCode}:
        raise EdxmlRefused("field", f"Mã trạng thái “{code[:10]}” không có trong quy định.", path="StatusCode")
    answered = _child(status, "ResponseFor")
    return StatusMessage(
        read_reference(_text(answered, "DocumentId"), "ResponseFor/DocumentId"),
        _agency(_child(status, "From"), "From"),
        StatusCode(code),
        _moment(_text(status, "Timestamp"), "Timestamp"),
        _text(status, "Description"),
        _staff(status),
        _text(_child(status, "To"), "OrganId"),
    )


def _document(root: etree._Element, limits: ReadLimits) -> DocumentMessage:
    head = _find(root, "MessageHeader")
    head = root if head is None else head  # flat older variants carry the fields right below the root
    code, other, kind = _child(head, "Code"), _child(head, "OtherInfo"), _child(head, "DocumentType")
    signer, promulgation = _child(head, "SignerInfo"), _child(head, "PromulgationInfo")
    traces = _find(root, "TraceHeaderList")
    business = _find(root, "Bussiness")
    business = _find(root, "Business") if business is None else business
    number, notation = (
        _text(code, "CodeNumber") or _text(head, "CodeNumber"),
        _text(code, "CodeNotation") or _text(head, "CodeNotation"),
    )
    day_text = _text(promulgation, "PromulgationDate") or _text(head, "PromulgationDate")
    sender = _agency(_child(head, "From"), "From")
    promulgated_on = _day(day_text, "PromulgationDate")
    identity = _text(head, "DocumentId")
    reference = (
        read_reference(identity)
        if identity
        else DocumentReference(sender.organ_id, promulgated_on, f"{number}/{notation}")
    )
    business_kind = _whole(_text(business, "BussinessDocType", "BusinessDocType"), "BussinessDocType", 0)
    if business_kind not in {int(item) for item in BusinessKind}:
        raise EdxmlRefused("field", f"Loại nghiệp vụ {business_kind} không có trong quy định.", path="BussinessDocType")
    priority = _whole(_text(other, "Priority"), "Priority", 0)
    changes = _child(_child(business, "BussinessDocumentInfo"), "ReceiverList")
    due = _text(head, "DueDate") or _text(other, "DueDate")
    receivers = tuple(_agency(element, "To") for element in _receivers(head))
    if not receivers:
        raise EdxmlRefused("field", "Gói tin không có nơi nhận (To).", path="To")
    return DocumentMessage(
        document_id=reference, sender=sender, receivers=receivers, number=number, notation=notation,
        place=_text(promulgation, "Place"), promulgated_on=promulgated_on, subject=_text(head, "Subject"),
        type_name=_text(kind, "TypeName"), type_code=_whole(_text(kind, "Type"), "DocumentType/Type", 0),
        type_detail=_whole(_text(kind, "TypeDetail"), "DocumentType/TypeDetail", 0), content=_text(head, "Content"),
        signer_name=_text(signer, "FullName"), signer_position=_text(signer, "Position"),
        signer_competence=_text(signer, "Competence"),
        priority=Priority(priority) if priority in {int(item) for item in Priority} else Priority.ORDINARY,
        sphere=_text(other, "SphereOfPromulgation"), typist=_text(other, "TyperNotation"),
        copies=_whole(_text(other, "PromulgationAmount"), "PromulgationAmount", 1),
        pages=_whole(_text(other, "PageAmount"), "PageAmount", 1), due_on=_day(due, "DueDate") if due else None,
        steering=_whole(_text(head, "SteeringType"), "SteeringType", 0),
        to_places=_texts(_child(head, "ToPlaces"), "Place"),
        responds_to=tuple(
            text for element in _children(head, "ResponseFor") for text in _texts(element, "DocumentId")
        ),
        kind=BusinessKind(business_kind), subject_id=_text(business, "DocumentId"),
        reason=_text(business, "BussinessDocReason", "BusinessDocReason"), paper=_text(business, "Paper") == "1",
        staff=_staff(business),
        changed_receivers=tuple(
            ReceiverChange(_text(item, "OrganId"), _whole(_text(item, "ReceiverType"), "ReceiverType", 0))
            for item in _children(changes, "Receiver")
        ),
        replacements=tuple(
            Replacement(_text(item, "DocumentId"), _texts(_child(item, "OrganIdList"), "OrganId"))
            for item in _children(_child(business, "ReplacementInfoList"), "ReplacementInfo")
        ),
        traces=tuple(
            Trace(_text(item, "OrganId"), _moment(_text(item, "Timestamp"), "Timestamp"))
            for item in _children(traces, "TraceHeader")
        ),
        attachments=_attachments(root, limits),
    )  # fmt: skip


def _receivers(head: etree._Element) -> Iterator[etree._Element]:
    """Each To; older variants put several OrganId groups into one To as Organization elements."""
    for element in _children(head, "To"):
        inner = [child for child in element if _local(child) in {"Organization", "Agency", "Receiver"}]
        yield from inner or [element]


def _texts(parent: etree._Element | None, name: str) -> tuple[str, ...]:
    return tuple(child.text.strip() for child in _children(parent, name) if child.text and child.text.strip())


def _attachments(root: etree._Element, limits: ReadLimits) -> tuple[Attachment, ...]:
    manifest = {}
    for reference in root.iter():
        if _local(reference) == "Reference":
            key = _text(reference, "ContentId").removeprefix("cid:")
            manifest[key] = reference
    found: list[Attachment] = []
    for element in root.iter():
        if _local(element) != "Attachment" or _child(element, "ContentTransferEncoded") is None:
            continue
        if len(found) >= limits.max_attachments:
            raise EdxmlRefused("attachment", "Gói tin có quá nhiều tệp đính kèm.")
        key = _text(element, "ContentId").removeprefix("cid:")
        listed = manifest.get(key)
        name = _text(element, "AttachmentName") or _text(listed, "AttachmentName") or key or "tep-dinh-kem"
        name = name.replace("\\", "/").rsplit("/", 1)[-1]
        content = decode(_text(element, "ContentTransferEncoded"), name, max_bytes=limits.max_attachment_bytes)
        media_type = _text(element, "ContentType") or _text(listed, "ContentType") or "application/octet-stream"
        description = _text(element, "Description") or _text(listed, "Description")
        found.append(Attachment(name, content, media_type, key, description))
    return tuple(found)
