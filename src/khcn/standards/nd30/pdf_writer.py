"""Writes a document as .pdf in the layout of NĐ 30/2020/NĐ-CP, by the Typst compiler; it signs nothing."""

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import segno
import typst
from PIL import ImageFont

from khcn.standards.nd30 import layout, wording
from khcn.standards.nd30.document import (
    BlankLines,
    Block,
    CheckBoxes,
    Heading,
    HeadingLevel,
    Inline,
    KeyValues,
    ListItems,
    OfficialDocument,
    Paragraph,
    QrCode,
    Table,
    TableRow,
)
from khcn.standards.nd30.docx_tables import column_groups

# All with the metrics of Times New Roman, except the last, which the compiler brings along.
_FONTS = ("Times New Roman", "Tinos", "Liberation Serif", "Libertinus Serif")
_MUST_DRAW = "ộưăẫỹ"
_FIXED_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)
_TEMPLATE = files("khcn.standards.nd30").joinpath("nd30.typ")


def render_pdf(document: OfficialDocument, *, font_folders: Sequence[Path] = ()) -> bytes:
    """The document as a tagged PDF; equal input and equal fonts give equal bytes.

    font_folders: where to look for fonts beside the system's. The best of Times New Roman, Tinos and Liberation Serif
    that holds the Vietnamese letters is used, else the compiler's own serif.
    """
    fonts = _fonts(tuple(map(str, font_folders)))
    moment = datetime.combine(document.issued_on, time(), tzinfo=UTC) if document.issued_on else _FIXED_MOMENT
    return typst.compile(
        _TEMPLATE.read_bytes(), font_paths=fonts, sys_inputs=_inputs(document, fonts), timestamp=moment
    )


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is laid over the page later: "number", "date" (day, month, year in turn) or "signature".

    page: from 1. x_pt, y_pt: from the page's upper left corner, in points, to the upper left of the gap.
    """

    name: str
    page: int
    x_pt: float
    y_pt: float


def places(document: OfficialDocument, *, font_folders: Sequence[Path] = ()) -> list[Place]:
    """The gaps that `render_pdf` leaves for number and date, and where each signature stands, in reading order.

    A signature's place is the upper left corner of the name below it; the room for the signature is above.
    """
    fonts = _fonts(tuple(map(str, font_folders)))
    found = typst.query(
        _TEMPLATE.read_bytes(), "<place>", field="value", font_paths=fonts, sys_inputs=_inputs(document, fonts)
    )
    return [Place(item["name"], item["page"], item["x"], item["y"]) for item in json.loads(found)]


def _inputs(document: OfficialDocument, fonts: typst.Fonts) -> dict[str, str]:
    content = _as_json(wording.printable(document), _families(fonts))
    return {"document": json.dumps(content, ensure_ascii=False)}


def chosen_font(font_folders: Sequence[Path] = ()) -> str:
    """The font that `render_pdf` would use here."""
    return _families(_fonts(tuple(map(str, font_folders))))[0]


@lru_cache(maxsize=4)
def _fonts(folders: tuple[str, ...]) -> typst.Fonts:
    return typst.Fonts(font_paths=list(folders))


def _families(fonts: typst.Fonts) -> list[str]:
    """The fonts to try, best first; a family with a face that cannot draw Vietnamese is left out."""
    faces: dict[str, list[typst.FontInfo]] = {family: [] for family in _FONTS}
    for font in fonts.fonts():
        if font.family in faces:
            faces[font.family].append(font)
    usable = [family for family in _FONTS if faces[family] and all(map(_draws_vietnamese, faces[family]))]
    return usable or [_FONTS[-1]]


def _draws_vietnamese(font: typst.FontInfo) -> bool:
    if font.path is None:  # embedded in the compiler
        return True
    return _file_draws_vietnamese(font.path, font.index)


@lru_cache(maxsize=64)
def _file_draws_vietnamese(path: str, index: int) -> bool:
    """Old releases of Liberation lack most Vietnamese letters: their empty box would be drawn instead."""
    face = ImageFont.truetype(path, 24, index=index)
    missing = bytes(face.getmask("\uffff"))
    return all(bytes(face.getmask(letter)) != missing for letter in _MUST_DRAW)


def _as_json(document: OfficialDocument, families: list[str]) -> dict[str, Any]:
    has_date = bool(document.place) and document.kind.has_date
    return {
        "fonts": families,
        "sizes": {
            "national_name": layout.NATIONAL_NAME_PT,
            "motto": layout.MOTTO_PT,
            "issuer": layout.ISSUER_PT,
            "number": layout.NUMBER_PT,
            "place_date": layout.PLACE_DATE_PT,
            "title": layout.TITLE_PT,
            "letter_subject": layout.LETTER_SUBJECT_PT,
            "body": layout.BODY_PT,
            "table": layout.TABLE_PT,
            "table_note": layout.TABLE_NOTE_PT,
            "signature": layout.SIGNATURE_PT,
            "recipients_label": layout.RECIPIENTS_LABEL_PT,
            "recipients": layout.RECIPIENTS_PT,
            "page_number": layout.PAGE_NUMBER_PT,
        },
        "page": {
            "width": layout.PAGE_WIDTH_MM,
            "height": layout.PAGE_HEIGHT_MM,
            "top": layout.TOP_MM,
            "bottom": layout.BOTTOM_MM,
            "left": layout.LEFT_MM,
            "right": layout.RIGHT_MM,
            "letterhead_left": layout.LETTERHEAD_LEFT_MM,
            "signature_left": layout.SIGNATURE_LEFT_MM,
        },
        "indent": layout.INDENT_MM,
        "gap": layout.PARAGRAPH_GAP_PT,
        "lines": layout.LINES,
        "short_rule": layout.SHORT_RULE_PART,
        "signature_space": layout.SIGNATURE_SPACE_PT,
        "mark": document.mark.value,
        "properties": {"title": document.title or document.subject, "author": wording.issuer_name(document)},
        "letterhead": {
            "parent": wording.issuer_lines(document.issuer.parent, bold=False),
            "issuer": wording.issuer_lines(document.issuer.name, bold=True),
            "national_name": layout.NATIONAL_NAME,
            "motto": layout.MOTTO,
            "number": wording.number_line(document),
            "place_date": wording.place_date_line(document) if has_date else "",
            "subject": f"V/v {document.subject}" if document.is_letter else "",
        },
        "title": document.title,
        "subject": document.subject,
        "addressees": wording.addressee_lines(document.addressees) if document.addressees else [],
        "grounds": wording.ground_lines(document.grounds),
        "body": [_block(block) for block in wording.closed_body(document)],
        "signatures": [
            {"lines": wording.signature_lines(signature), "note": signature.note, "name": signature.name}
            for signature in document.signatures
        ],
        "recipients": wording.recipient_lines(document),
        "annexes": [
            {
                "label": wording.annex_label(index, len(document.annexes)),
                "title": annex.title.upper(),
                "reference": wording.annex_reference(document),
                "landscape": annex.landscape,
                "body": [_block(block) for block in annex.body],
            }
            for index, annex in enumerate(document.annexes)
        ],
    }


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Heading(level=level):
            text = block.text.upper() if level is HeadingLevel.PART else wording.heading_line(block)
            return {"type": "heading", "level": level.name.lower(), "label": block.label, "text": text}
        case Paragraph():
            return {
                "type": "paragraph",
                "runs": _runs(block.content),
                "indent": block.indent,
                "centred": block.centred,
            }
        case ListItems(items=items, mark=mark):
            return {"type": "list", "mark": mark, "items": [_runs(item) for item in items]}
        case Table():
            return _table(block)
        case KeyValues(pairs=pairs):
            return {"type": "pairs", "pairs": [list(pair) for pair in pairs]}
        case BlankLines(count=count):
            return {"type": "blank", "count": count}
        case CheckBoxes(choices=choices, ticked=ticked):
            return {"type": "boxes", "choices": list(choices), "ticked": -1 if ticked is None else ticked}
        case QrCode(content=content, caption=caption):
            return {"type": "qr", "svg": _qr_svg(content), "caption": caption, "width": layout.QR_MM}


def _qr_svg(content: str) -> str:
    drawn = io.BytesIO()
    segno.make(content, error="m").save(drawn, kind="svg", xmldecl=False, border=2)
    return drawn.getvalue().decode()


def _runs(content: Inline) -> list[dict[str, Any]]:
    return [{"text": run.text, "bold": run.bold, "italic": run.italic} for run in wording.runs_of(content)]


def _table(table: Table) -> dict[str, Any]:
    columns = table.columns
    grouped = any(column.group for column in columns)
    header: list[dict[str, Any]] = []
    below: list[dict[str, Any]] = []
    for group, first, last in column_groups(columns):
        if group:
            header.append({"text": group, "colspan": last - first + 1, "rowspan": 1})
            below += [{"text": column.title, "colspan": 1, "rowspan": 1} for column in columns[first : last + 1]]
        else:
            header.append({"text": columns[first].title, "colspan": 1, "rowspan": 2 if grouped else 1})
    return {
        "type": "table",
        "caption": table.caption,
        "unit_note": table.unit_note,
        "note": table.note,
        "weights": [column.weight for column in columns],
        "aligns": [column.align.value for column in columns],
        "header": header + below,
        "rows": [_row(row if isinstance(row, TableRow) else TableRow(row), len(columns)) for row in table.rows],
    }


def _row(row: TableRow, width: int) -> dict[str, Any]:
    if row.is_group:
        return {"bold": True, "is_group": True, "cells": [{"text": row.cells[0], "colspan": width}]}
    return {"bold": row.bold, "is_group": False, "cells": [{"text": text, "colspan": 1} for text in row.cells]}
