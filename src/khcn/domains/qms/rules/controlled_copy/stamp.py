"""Marks every page of a PDF: a frame that says what copy it is, for whom and when, and a watermark on obsolete ones."""

import io
import json
from datetime import UTC, datetime
from importlib.resources import files

import typst
from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError

from khcn.domains.qms.rules.controlled_copy.sheet import FONTS

CONTROLLED = "TÀI LIỆU ĐƯỢC KIỂM SOÁT"
OBSOLETE = "TÀI LIỆU HẾT HIỆU LỰC"
UNCONTROLLED = "DỰ THẢO – CHƯA CÓ HIỆU LỰC"
_STAMP = files("khcn.domains.qms.rules.controlled_copy").joinpath("stamp.typ")
_FIXED_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)


class Unstampable(ValueError):
    """A PDF that is encrypted, damaged or has no page: no mark can be put on it."""


def require_stampable(pdf: bytes) -> int:
    """How many pages the PDF has. Raises Unstampable."""
    try:
        reader = PdfReader(io.BytesIO(pdf))
        pages = 0 if reader.is_encrypted else len(reader.pages)
    except (PyPdfError, ValueError, KeyError, TypeError) as error:
        raise Unstampable(str(error)) from error
    if pages == 0:
        raise Unstampable("encrypted or empty")
    return pages


def stamp(pdf: bytes, *, mark: str, line: str) -> bytes:
    """The PDF with the mark and one line of text (copy, reader, moment) at the foot of each page.

    mark: one of this module's marks; all but CONTROLLED are also written across the page. The source is not changed:
    a signature on it stays with the stored file, the copy carries none.
    """
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    overlays: dict[tuple[float, float], bytes] = {}
    for page in writer.pages:
        size = (float(page.mediabox.width), float(page.mediabox.height))
        if size not in overlays:
            overlays[size] = _overlay(*size, mark, line)
        layer = PdfReader(io.BytesIO(overlays[size])).pages[0]
        page.merge_page(layer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _overlay(width: float, height: float, mark: str, line: str) -> bytes:
    content = {
        "width": width, "height": height, "mark": mark, "line": line, "across": mark != CONTROLLED, "fonts": list(FONTS)
    }  # fmt: skip
    return typst.compile(
        _STAMP.read_bytes(), sys_inputs={"stamp": json.dumps(content, ensure_ascii=False)}, timestamp=_FIXED_MOMENT
    )
