"""Sets a sheet of labels as a PDF by the Typst compiler: each with QR, product, lot and number. Pure."""

import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.resources import files

import segno
import typst

_SHEET = files("khcn.domains.traceability.rules.label_sheet").joinpath("labels.typ")
_FONTS = ("Be Vietnam Pro", "Liberation Sans", "Tinos", "Libertinus Serif")
_FIXED_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)
# One size for every label: 106 bytes at level M. A fixed mask makes the code five times as quickly.
QR_VERSION, QR_LEVEL, QR_MASK = 6, "m", 3
LONGEST_LINK = 106


@dataclass(frozen=True, slots=True)
class Label:
    """One label: where its QR leads, and the lines beside it."""

    link: str
    name: str
    lot: str
    dates: str
    serial: str = ""


def qr_svg(link: str) -> str:
    """The QR of a link as SVG, of the fixed size where the link fits."""
    if len(link.encode()) <= LONGEST_LINK:
        code = segno.make(link, version=QR_VERSION, error=QR_LEVEL, mask=QR_MASK, mode="byte", boost_error=False)
    else:
        code = segno.make(link, error=QR_LEVEL, micro=False)
    buffer = io.BytesIO()
    code.save(buffer, kind="svg", xmldecl=False, border=2)
    return buffer.getvalue().decode()


def render_labels(labels: Sequence[Label]) -> bytes:
    """The sheet as PDF bytes, twenty-four labels on a page of A4; equal input gives equal bytes."""
    content = {"labels": [asdict(one) | {"qr": qr_svg(one.link)} for one in labels], "fonts": list(_FONTS)}
    return typst.compile(
        _SHEET.read_bytes(), sys_inputs={"sheet": json.dumps(content, ensure_ascii=False)}, timestamp=_FIXED_MOMENT
    )
