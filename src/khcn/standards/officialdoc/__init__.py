"""Read the text of Vietnamese official documents of the NĐ 30/2020/NĐ-CP genre: lines, outline, header, recipients,
citations.

Pure: text in, frozen dataclasses out, each with its place in the text. What a plan's sections mean is not decided here.
"""

from khcn.lib.text import fold
from khcn.standards.officialdoc.closing import Closing, Recipient
from khcn.standards.officialdoc.document import OfficialDocument, read_document
from khcn.standards.officialdoc.header import Header
from khcn.standards.officialdoc.instruments import Citation, make_date, read_citations
from khcn.standards.officialdoc.lines import Span, clean
from khcn.standards.officialdoc.markers import Marker, Style, read_marker
from khcn.standards.officialdoc.outline import Node, is_capitals
from khcn.standards.officialdoc.paragraphs import Block

__all__ = [
    "Block",
    "Citation",
    "Closing",
    "Header",
    "Marker",
    "Node",
    "OfficialDocument",
    "Recipient",
    "Span",
    "Style",
    "clean",
    "fold",
    "is_capitals",
    "make_date",
    "read_citations",
    "read_document",
    "read_marker",
]
