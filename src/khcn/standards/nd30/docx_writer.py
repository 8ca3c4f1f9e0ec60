"""Writes a document as .docx in the layout of NĐ 30/2020/NĐ-CP; equal input gives equal bytes."""

import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime, time
from functools import cache

import docx
import segno
from docx.document import Document as WordDocument
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.section import Section
from docx.shared import Mm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph as WordParagraph

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
    Mark,
    OfficialDocument,
    Paragraph,
    QrCode,
    Signature,
    Table,
)
from khcn.standards.nd30.docx_styles import (
    CENTRE,
    add_borders,
    add_page_number,
    add_rule,
    apply_styles,
    restart_page_numbers,
    set_up_page,
)
from khcn.standards.nd30.docx_tables import body_table, place_table
from khcn.standards.nd30.text_width import width_pt

_FIXED_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)
_ZIP_MOMENT = (1980, 1, 1, 0, 0, 0)
_BOXES = {True: "☒", False: "☐"}
_LETTERHEAD_RIGHT_MM = layout.TEXT_WIDTH_MM - layout.LETTERHEAD_LEFT_MM
_ADDRESSEE_LEFT_MM = 30.0
_SIGNATURE_GAP_PT = 6


@cache
def _blank() -> bytes:
    """An empty document with every style of the layout; making the styles costs more than a page of text."""
    word = docx.Document()
    apply_styles(word)
    file = io.BytesIO()
    word.save(file)
    return file.getvalue()


def render_docx(document: OfficialDocument) -> bytes:
    """The document as a Word file."""
    document = wording.printable(document)
    word = docx.Document(io.BytesIO(_blank()))
    set_up_page(word.sections[0])
    _write_page_frame(word.sections[0], document.mark)
    _write_letterhead(word, document)
    _write_title(word, document)
    _write_addressees(word, document)
    for line in wording.ground_lines(document.grounds):
        word.add_paragraph(line, style="Căn cứ")
    for block in wording.closed_body(document):
        _write_block(word, block, layout.TEXT_WIDTH_MM)
    if document.signatures:  # a signature never stands alone on a page
        word.paragraphs[-1].paragraph_format.keep_with_next = True
    _write_signatures(word, document)
    for index, annex in enumerate(document.annexes):
        section = word.add_section(WD_SECTION.NEW_PAGE)
        set_up_page(section, landscape=annex.landscape)
        restart_page_numbers(section)
        word.add_paragraph(wording.annex_label(index, len(document.annexes)), style="Phụ lục")
        word.add_paragraph(annex.title.upper(), style="Tên phụ lục")
        word.add_paragraph(wording.annex_reference(document), style="Kèm theo")
        width = layout.LANDSCAPE_TEXT_WIDTH_MM if annex.landscape else layout.TEXT_WIDTH_MM
        for block in annex.body:
            _write_block(word, block, width)
    _set_properties(word, document)
    return _saved(word)


def _write_page_frame(section: Section, mark: Mark) -> None:
    number = section.header.paragraphs[0]
    number.style = "Số trang"
    add_page_number(number)
    section.first_page_header.paragraphs[0].style = "Số trang"
    if mark:
        for footer in (section.footer, section.first_page_footer):
            paragraph = footer.paragraphs[0]
            paragraph.style = "Dấu minh họa"
            paragraph.add_run(mark.value)
            side = Mm(60)
            paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = side
            add_borders(paragraph, ("top", "left", "bottom", "right"))


def _write_letterhead(word: WordDocument, document: OfficialDocument) -> None:
    has_second_row = bool(document.number or document.place)
    table = place_table(
        word, (layout.LETTERHEAD_LEFT_MM, _LETTERHEAD_RIGHT_MM), rows=2 if has_second_row or document.is_letter else 1
    )
    left, right = table.cell(0, 0), table.cell(0, 1)
    for line in wording.issuer_lines(document.issuer.parent, bold=False):
        _add(left, line, "Cơ quan chủ quản")
    issuer = wording.issuer_lines(document.issuer.name, bold=True)
    for line in issuer:
        _add(left, line, "Cơ quan ban hành")
    _rule_below(left, max(issuer, key=len), layout.ISSUER_PT, layout.LETTERHEAD_LEFT_MM, layout.SHORT_RULE_PART)
    _add(right, layout.NATIONAL_NAME, "Quốc hiệu")
    _add(right, layout.MOTTO, "Tiêu ngữ")
    _rule_below(right, layout.MOTTO, layout.MOTTO_PT, _LETTERHEAD_RIGHT_MM, 1.0)
    if len(table.rows) > 1:
        left, right = table.cell(1, 0), table.cell(1, 1)
        if document.number:
            _add(left, wording.number_line(document), "Số ký hiệu").paragraph_format.space_before = Pt(6)
        if document.is_letter:
            _add(left, f"V/v {document.subject}", "Trích yếu công văn")
        if document.place and document.kind.has_date:
            _add(right, wording.place_date_line(document), "Địa danh thời gian").paragraph_format.space_before = Pt(6)
    for row in table.rows:
        for cell in row.cells:
            _drop_empty_start(cell)


def _write_title(word: WordDocument, document: OfficialDocument) -> None:
    if document.is_letter:
        return
    word.add_paragraph(document.title, style="Tên loại")
    if document.subject:
        word.add_paragraph(document.subject, style="Trích yếu")
        length = min(width_pt(document.subject, layout.TITLE_PT, bold=True) / layout.POINTS_PER_MM, 150)
        rule = word.add_paragraph(style="Đường kẻ")
        add_rule(rule, width_mm=layout.TEXT_WIDTH_MM, length_mm=length * layout.SHORT_RULE_PART)
        rule.paragraph_format.space_after = Pt(12)


def _write_addressees(word: WordDocument, document: OfficialDocument) -> None:
    lines = wording.addressee_lines(document.addressees) if document.addressees else []
    if not lines:
        return
    label = "Kính gửi:"
    if len(lines) == 1:
        single = word.add_paragraph(f"{label} {lines[0]}", style="Kính gửi")
        single.alignment = CENTRE
        single.paragraph_format.space_before, single.paragraph_format.space_after = Pt(12), Pt(12)
        return
    first = word.add_paragraph(label, style="Kính gửi")
    first.paragraph_format.space_before = Pt(12)
    first.paragraph_format.left_indent = Mm(_ADDRESSEE_LEFT_MM)
    below_colon = _ADDRESSEE_LEFT_MM + width_pt(label.rstrip(":"), layout.BODY_PT) / layout.POINTS_PER_MM
    for line in lines:
        paragraph = word.add_paragraph(line, style="Kính gửi")
        paragraph.paragraph_format.left_indent = Mm(below_colon + 3)
        paragraph.paragraph_format.first_line_indent = Mm(-3)
    paragraph.paragraph_format.space_after = Pt(12)


def _write_block(word: WordDocument, block: Block, width_mm: float) -> None:
    match block:
        case Heading():
            _write_heading(word, block)
        case Paragraph():
            _write_paragraph(word, block)
        case ListItems(items=items, mark=mark):
            for item in items:
                _add_runs(word.add_paragraph(f"{mark} ", style="Nội dung"), item)
        case Table():
            _write_table(word, block, width_mm)
        case KeyValues(pairs=pairs):
            for label, value in pairs:
                _write_pair(word, label, value, width_mm)
        case BlankLines(count=count):
            for _ in range(count):
                paragraph = word.add_paragraph("\t", style="Điền tay")
                paragraph.paragraph_format.first_line_indent = Mm(0)
                _dotted_to(paragraph, width_mm)
        case CheckBoxes(choices=choices, ticked=ticked):
            for index, choice in enumerate(choices):
                word.add_paragraph(f"{_BOXES[index == ticked]} {choice}", style="Điền tay")
        case QrCode():
            _write_qr_code(word, block)


_HEADING_STYLES = {
    HeadingLevel.SECTION: "Mục",
    HeadingLevel.ARTICLE: "Điều",
    HeadingLevel.CLAUSE: "Khoản",
    HeadingLevel.POINT: "Điểm",
}


def _write_heading(word: WordDocument, heading: Heading) -> None:
    if heading.level is HeadingLevel.PART:
        word.add_paragraph(heading.label, style="Phần")
        word.add_paragraph(heading.text.upper(), style="Tiêu đề phần")
    else:
        word.add_paragraph(wording.heading_line(heading), style=_HEADING_STYLES[heading.level])


def _write_paragraph(word: WordDocument, block: Paragraph) -> None:
    paragraph = word.add_paragraph(style="Nội dung")
    if block.centred:
        paragraph.alignment = CENTRE
    if block.centred or not block.indent:
        paragraph.paragraph_format.first_line_indent = Mm(0)
    _add_runs(paragraph, block.content)


def _write_pair(word: WordDocument, label: str, value: str, width_mm: float) -> None:
    paragraph = word.add_paragraph(f"{label}: {value}" if value else f"{label}:\t", style="Điền tay")
    if not value:
        _dotted_to(paragraph, width_mm)


def _write_qr_code(word: WordDocument, code: QrCode) -> None:
    picture = io.BytesIO()
    segno.make(code.content, error="m").save(picture, kind="png", scale=8, border=2)
    picture.seek(0)
    paragraph = word.add_paragraph(style="Điền tay")
    paragraph.paragraph_format.first_line_indent = Mm(0)
    paragraph.paragraph_format.keep_with_next = True
    drawn = paragraph.add_run().add_picture(picture, width=Mm(layout.QR_MM))
    drawn._inline.docPr.set("descr", code.caption or code.content)
    if code.caption:
        word.add_paragraph(code.caption, style="Ghi chú bảng")


def _write_table(word: WordDocument, table: Table, width_mm: float) -> None:
    if table.caption:
        word.add_paragraph(table.caption, style="Tên bảng")
    if table.unit_note:
        word.add_paragraph(table.unit_note, style="Đơn vị tính")
    body_table(word, table, width_mm)
    # Word needs a paragraph between tables, or it makes one table out of two.
    word.add_paragraph(table.note, style="Ghi chú bảng")


def _write_signatures(word: WordDocument, document: OfficialDocument) -> None:
    recipients = wording.recipient_lines(document)
    if len(document.signatures) == 1:
        left = layout.SIGNATURE_LEFT_MM
        table = place_table(word, (left, layout.TEXT_WIDTH_MM - left))
        _write_recipients(table.cell(0, 0), recipients)
        _write_signature(table.cell(0, 1), document.signatures[0])
        _drop_empty_start(table.cell(0, 0))
        _drop_empty_start(table.cell(0, 1))
        return
    if document.signatures:
        count = len(document.signatures)
        table = place_table(word, [layout.TEXT_WIDTH_MM / count] * count)
        for cell, signature in zip(table.rows[0].cells, document.signatures, strict=True):
            _write_signature(cell, signature)
            _drop_empty_start(cell)
    if recipients:
        _write_recipients(word, recipients)


def _write_recipients(place: WordDocument | _Cell, recipients: Sequence[str]) -> None:
    if recipients:
        _add(place, "Nơi nhận:", "Nơi nhận nhãn").paragraph_format.space_before = Pt(_SIGNATURE_GAP_PT)
    for line in recipients:
        _add(place, line, "Nơi nhận")


def _write_signature(cell: _Cell, signature: Signature) -> None:
    lines = [_add(cell, line, "Quyền hạn chức vụ") for line in wording.signature_lines(signature)]
    lines[0].paragraph_format.space_before = Pt(_SIGNATURE_GAP_PT)
    if signature.note:
        lines.append(_add(cell, signature.note, "Chỉ dẫn ký"))
    lines[-1].paragraph_format.space_after = Pt(layout.SIGNATURE_SPACE_PT)
    _add(cell, signature.name, "Họ tên")


def _add(place: WordDocument | _Cell, text: str, style: str) -> WordParagraph:
    return place.add_paragraph(text, style=style)


def _add_runs(paragraph: WordParagraph, content: Inline) -> None:
    for run in wording.runs_of(content):
        added = paragraph.add_run(run.text)
        added.bold = run.bold or None
        added.italic = run.italic or None


def _rule_below(cell: _Cell, text: str, size: float, width_mm: float, part: float) -> None:
    length = min(width_pt(text, size, bold=True) / layout.POINTS_PER_MM, width_mm)
    add_rule(cell.add_paragraph(style="Đường kẻ"), width_mm=width_mm, length_mm=length * part)


def _dotted_to(paragraph: WordParagraph, width_mm: float) -> None:
    paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(width_mm), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)


def _drop_empty_start(cell: _Cell) -> None:
    """A new cell begins with an empty paragraph; take it away once something else stands in the cell."""
    first = cell.paragraphs[0]
    if len(cell.paragraphs) > 1 and not first.text:
        first._p.getparent().remove(first._p)


def _set_properties(word: WordDocument, document: OfficialDocument) -> None:
    moment = datetime.combine(document.issued_on, time(), tzinfo=UTC) if document.issued_on else _FIXED_MOMENT
    properties = word.core_properties
    properties.author = properties.last_modified_by = wording.issuer_name(document)
    properties.title = " ".join(part for part in (document.title.capitalize(), document.subject) if part)
    properties.subject = wording.number_line(document)
    properties.comments = document.mark.value
    properties.language = "vi-VN"
    properties.created = properties.modified = moment
    properties.revision = 1


def _saved(word: WordDocument) -> bytes:
    """The file with fixed times inside the archive."""
    first, second = io.BytesIO(), io.BytesIO()
    word.save(first)
    with zipfile.ZipFile(first) as source, zipfile.ZipFile(second, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, _ZIP_MOMENT), source.read(name), zipfile.ZIP_DEFLATED)
    return second.getvalue()
