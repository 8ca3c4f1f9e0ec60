"""What an edXML message says, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum, StrEnum


class BusinessKind(IntEnum):
    """What the sender wants done (BussinessDocType); numbers as in the samples of the national axis."""

    NEW = 0
    RECALL = 1
    UPDATE = 2
    REPLACE = 3


class Priority(IntEnum):
    """Urgency of a document (OtherInfo/Priority): ordinary, urgent, very urgent, express, by a fixed hour."""

    ORDINARY = 0
    URGENT = 1
    VERY_URGENT = 2
    EXPRESS = 3
    BY_HOUR = 4


class StatusCode(StrEnum):
    """What the receiver did with a document."""

    ARRIVED = "01"
    REFUSED = "02"
    ACCEPTED = "03"
    ASSIGNED = "04"
    IN_PROGRESS = "05"
    COMPLETED = "06"
    TAKEN_BACK = "13"
    REQUEST_AGREED = "15"
    REQUEST_REFUSED = "16"

    @property
    def label(self) -> str:
        """The status in Vietnamese."""
        return _STATUS_LABELS[self]


_STATUS_LABELS = {
    StatusCode.ARRIVED: "Đã đến",
    StatusCode.REFUSED: "Từ chối tiếp nhận",
    StatusCode.ACCEPTED: "Đã tiếp nhận",
    StatusCode.ASSIGNED: "Phân công xử lý",
    StatusCode.IN_PROGRESS: "Đang xử lý",
    StatusCode.COMPLETED: "Hoàn thành",
    StatusCode.TAKEN_BACK: "Lấy lại",
    StatusCode.REQUEST_AGREED: "Đồng ý yêu cầu thu hồi, cập nhật",
    StatusCode.REQUEST_REFUSED: "Từ chối yêu cầu thu hồi, cập nhật",
}


@dataclass(frozen=True, slots=True)
class Agency:
    """A sender or receiver. organ_id: its code in either format. in_charge: the body it belongs to."""

    organ_id: str
    name: str
    in_charge: str = ""
    address: str = ""
    email: str = ""
    telephone: str = ""


@dataclass(frozen=True, slots=True)
class DocumentReference:
    """The identity of a document on the axis: "000.00.04.G14,2012/08/06,267/VPCP-TTĐT"."""

    organ_id: str
    on: date
    code: str

    @property
    def text(self) -> str:
        """The three parts with commas, the day as yyyy/MM/dd."""
        return f"{self.organ_id},{self.on:%Y/%m/%d},{self.code}"


@dataclass(frozen=True, slots=True)
class Staff:
    """Who to ask at the sender."""

    department: str = ""
    name: str = ""
    mobile: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Trace:
    """An agency through which the message passed, and when (local time of the sender, without zone)."""

    organ_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ReceiverChange:
    """A receiver of an update: 0 add, 1 leave out, 2 change."""

    organ_id: str
    kind: int


@dataclass(frozen=True, slots=True)
class Replacement:
    """A document that this one replaces, and at which receivers."""

    document_id: str
    organ_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file sent along; content_id without "cid:"."""

    name: str
    content: bytes
    media_type: str = "application/octet-stream"
    content_id: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class DocumentMessage:
    """An official document under way.

    kind: what is asked. For RECALL and UPDATE, subject_id names the document meant. paper: a paper copy follows.
    reason, staff, receivers (UPDATE), replacements (REPLACE): the business part. responds_to: document ids answered.
    """

    document_id: DocumentReference
    sender: Agency
    receivers: tuple[Agency, ...]
    number: str
    notation: str
    place: str
    promulgated_on: date
    subject: str
    type_name: str
    type_code: int = 0
    type_detail: int = 0
    content: str = ""
    signer_name: str = ""
    signer_position: str = ""
    signer_competence: str = ""
    priority: Priority = Priority.ORDINARY
    sphere: str = ""
    typist: str = ""
    copies: int = 1
    pages: int = 1
    due_on: date | None = None
    steering: int = 0
    to_places: tuple[str, ...] = ()
    responds_to: tuple[str, ...] = ()
    kind: BusinessKind = BusinessKind.NEW
    subject_id: str = ""
    reason: str = ""
    paper: bool = False
    staff: Staff = Staff()
    changed_receivers: tuple[ReceiverChange, ...] = ()
    replacements: tuple[Replacement, ...] = ()
    traces: tuple[Trace, ...] = ()
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class StatusMessage:
    """A receiver's word on a document: what it did, when, and who."""

    responds_to: DocumentReference
    sender: Agency
    status: StatusCode
    at: datetime
    description: str = ""
    staff: Staff = Staff()
    receiver_id: str = ""
