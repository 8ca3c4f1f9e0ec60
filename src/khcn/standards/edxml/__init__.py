"""edXML, the exchange format of official documents (QCVN 102:2016/BTTTT): messages read and written as bytes.

Two public implementations and their samples served as anchors, not the text of the standard itself; where they differ,
the reader takes both and the writer says which it follows. It sends nothing and verifies no signature.
"""

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
from khcn.standards.edxml.packing import Packing
from khcn.standards.edxml.reader import ReadLimits, read_edxml
from khcn.standards.edxml.writer import write_document, write_status

__all__ = [
    "Agency",
    "Attachment",
    "BusinessKind",
    "DocumentMessage",
    "DocumentReference",
    "EdxmlRefused",
    "Packing",
    "Priority",
    "ReadLimits",
    "ReceiverChange",
    "Replacement",
    "Staff",
    "StatusCode",
    "StatusMessage",
    "Trace",
    "read_edxml",
    "write_document",
    "write_status",
]
