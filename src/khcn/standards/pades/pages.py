"""Small drawn pages – stamps, filled-in numbers – made by Typst and laid into a PDF as form objects."""

from __future__ import annotations

import binascii
import io
import json
from uuid import uuid4

import typst
from pyhanko.pdf_utils.content import PdfContent
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.pdf_utils.reader import PdfFileReader

_FONTS = ("Times New Roman", "Tinos", "Liberation Serif", "Libertinus Serif")
_SOURCE = """
#let drawn = json(bytes(sys.inputs.page))
#set page(width: drawn.width * 1pt, height: drawn.height * 1pt, margin: drawn.margin * 1pt, fill: none)
#set text(size: drawn.size * 1pt, font: drawn.fonts, lang: "vi", style: drawn.style, fill: rgb(drawn.colour))
#set par(leading: 0.35em)
#let body = drawn.lines.map(line => text(line)).join(linebreak())
#if drawn.frame {
  place(rect(width: 100%, height: 100%, stroke: 0.8pt + rgb(drawn.colour)))
  pad(3pt, align(left + horizon, body))
} else { align(center + horizon, body) }
"""


def draw_page(
    lines: tuple[str, ...], *, width: int, height: int, size: float, framed: bool = False, italic: bool = False,
    colour: str = "#000000",
) -> bytes:  # fmt: skip
    """A one-page PDF of the size in points with the lines on it. Any text is text: nothing of it is a command."""
    content = {
        "width": width, "height": height, "margin": 0, "size": size, "fonts": _FONTS, "lines": lines, "frame": framed,
        "style": "italic" if italic else "normal", "colour": colour,
    }  # fmt: skip
    return typst.compile(_SOURCE.encode(), sys_inputs={"page": json.dumps(content, ensure_ascii=False)})


class DrawnPage(PdfContent):
    """The first page of a PDF in memory, as content of another."""

    def __init__(self, pdf: bytes) -> None:
        super().__init__()
        self.pdf = pdf

    def render(self) -> bytes:
        """Import the page into the writer and give the command that draws it."""
        drawn = self._ensure_writer.import_page_as_xobject(PdfFileReader(io.BytesIO(self.pdf)), page_ix=0)
        name = b"/Drawn" + binascii.hexlify(uuid4().bytes)
        self.resources.xobject[name.decode("ascii")] = drawn
        left, bottom, right, top = drawn.get_object()["/BBox"]
        self.box = BoxConstraints(width=abs(right - left), height=abs(top - bottom))
        return name + b" Do"
