"""Bytes to an XML tree without entities, networks or surprises.

Entity declarations, external document types, encodings other than UTF-8, nesting beyond a limit, and texts that are
not in NFC are problems, not exceptions.
"""

import unicodedata
from typing import Any

from lxml import etree

from khcn.standards.epcis.json_reading import LARGEST_BYTES
from khcn.standards.epcis.problems import Problem

DEEPEST = 64
_ENCODINGS = {"UTF-8", "US-ASCII", "ASCII"}
_BOM = b"\xef\xbb\xbf"


def looks_like_xml(raw: bytes) -> bool:
    """Whether the first character that is no white space opens a tag."""
    return raw.removeprefix(_BOM).lstrip(b" \t\r\n")[:1] == b"<"


def _whole(message: str, code: str) -> list[Problem]:
    return [Problem("/", message, code, "text")]


def _document_type_problem(tree: Any) -> str:
    info = tree.docinfo
    if info.system_url or info.public_id:
        return "An external document type is not accepted."
    declared = info.internalDTD
    if declared is not None and (any(declared.iterentities()) or any(declared.iterelements())):
        return "Declarations of entities and elements are not accepted."
    return ""


def _deepest(root: Any) -> int:
    deepest = depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest


def _not_normalised(root: Any) -> Any:
    """The first element whose text or attributes are not in NFC, or None."""
    for element in root.iter(etree.Element):
        texts = [element.text or "", element.tail or "", *element.attrib.values()]
        if any(not text.isascii() and not unicodedata.is_normalized("NFC", text) for text in texts):
            return element
    return None


def read_xml(raw: bytes) -> tuple[Any, list[Problem]]:
    """The tree and no problems, or None and what is wrong with the text."""
    if len(raw) > LARGEST_BYTES:
        return None, _whole(f"The document is larger than {LARGEST_BYTES // 1024 // 1024} MB.", "size")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False
    )
    try:
        root = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        return None, _whole(f"The document is not XML: {error}.", "syntax")
    tree = root.getroottree()
    if (tree.docinfo.encoding or "UTF-8").upper() not in _ENCODINGS:
        return None, _whole(f"The document is written in {tree.docinfo.encoding}, not UTF-8.", "encoding")
    problem = _document_type_problem(tree)
    if problem:
        return None, _whole(problem, "entity")
    if _deepest(root) > DEEPEST:
        return None, _whole(f"Elements are nested deeper than {DEEPEST} levels.", "depth")
    unnormalised = _not_normalised(root)
    if unnormalised is not None:
        message = "The text is not in Unicode form NFC; normalise it before sending."
        return None, [Problem(tree.getpath(unnormalised), message, "text", "text")]
    return tree, []
