"""Gaps of an official document – number, day, month, year – as form fields filled after the first signature.

A person signs before the number is given, and the organisation after it: filling a form field is the change that the
first signature allows (ISO 32000-1, 12.8.2.2), so both signatures stay valid.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from khcn.standards.pades.pages import DrawnPage, draw_page

_PRINTED = 4  # annotation flag: print
_READ_ONLY = 1  # field flag: no program offers to type into it


@dataclass(frozen=True, slots=True)
class Gap:
    """A field named `name` on a page (from 1) in a box (left, bottom, right, top), whole points from lower left."""

    name: str
    page: int
    box: tuple[int, int, int, int]
    italic: bool = False


def add_gaps(pdf: bytes, gaps: Sequence[Gap]) -> bytes:
    """The PDF with empty fields in the gaps; done before anybody signs."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    references = []
    for gap in gaps:
        page = writer.root["/Pages"]["/Kids"].raw_get(gap.page - 1)
        left, bottom, right, top = gap.box
        look = generic.StreamObject(
            generic.DictionaryObject(
                {
                    pdf_name("/Type"): pdf_name("/XObject"),
                    pdf_name("/Subtype"): pdf_name("/Form"),
                    pdf_name("/BBox"): _numbers((0, 0, right - left, top - bottom)),
                }
            ),
            stream_data=b"",
        )
        field = generic.DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/Annot"),
                pdf_name("/Subtype"): pdf_name("/Widget"),
                pdf_name("/FT"): pdf_name("/Tx"),
                pdf_name("/T"): pdf_string(gap.name),
                pdf_name("/V"): pdf_string(""),
                pdf_name("/Rect"): _numbers(gap.box),
                pdf_name("/F"): generic.NumberObject(_PRINTED),
                pdf_name("/Ff"): generic.NumberObject(_READ_ONLY),
                pdf_name("/P"): page,
                pdf_name("/DA"): pdf_string("/Helv 12 Tf 0 g" if not gap.italic else "/Helv 12.1 Tf 0 g"),
                pdf_name("/AP"): generic.DictionaryObject({pdf_name("/N"): writer.add_object(look)}),
            }
        )
        reference = writer.add_object(field)
        references.append(reference)
        annotations = page.get_object().get("/Annots", generic.ArrayObject())
        page.get_object()[pdf_name("/Annots")] = generic.ArrayObject([*annotations, reference])
        writer.mark_update(page)
    form = generic.DictionaryObject({pdf_name("/Fields"): generic.ArrayObject(references)})
    writer.root[pdf_name("/AcroForm")] = writer.add_object(form)
    writer.update_root()
    return _written(writer)


def fill_gaps(pdf: bytes, values: Mapping[str, str], *, size_pt: float = 13) -> bytes:
    """The PDF with the named fields filled, added behind what was signed. Raises KeyError for no such field."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    waiting = dict(values)
    for reference in writer.root["/AcroForm"]["/Fields"]:
        field = reference.get_object() if isinstance(reference, generic.IndirectObject) else reference
        name = str(field["/T"])
        if name not in waiting:
            continue
        left, bottom, right, top = (int(part) for part in field["/Rect"])
        value = waiting.pop(name)
        italic = "12.1" in str(field["/DA"])
        page = draw_page((value,), width=right - left, height=top - bottom, size=size_pt, italic=italic)
        look = DrawnPage(page)
        look.set_writer(writer)
        field[pdf_name("/V")] = pdf_string(value)
        field["/AP"][pdf_name("/N")] = writer.add_object(look.as_form_xobject())
        writer.update_container(field)
    if waiting:
        raise KeyError(f"no such gap: {sorted(waiting)}")
    return _written(writer)


def _numbers(values: Sequence[int]) -> generic.ArrayObject:
    return generic.ArrayObject(generic.NumberObject(value) for value in values)


def _written(writer: IncrementalPdfFileWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
