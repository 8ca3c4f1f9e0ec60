"""Word styles and page set-up of an administrative document; every block's look is a named style, so that the document
stays easy to edit in Word. It places no text.
"""

from dataclasses import dataclass, replace

from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

from khcn.standards.nd30 import layout

LEFT, CENTRE, RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
JUSTIFIED = WD_ALIGN_PARAGRAPH.JUSTIFY

_BASE = "Normal"


@dataclass(frozen=True)
class Look:
    """How one block looks: size in points, weight, alignment, indents in millimetres, gaps in points, lines."""

    size: float
    bold: bool = False
    italic: bool = False
    align: WD_ALIGN_PARAGRAPH = CENTRE
    first_line: float = 0.0
    before: float = 0.0
    after: float = 0.0
    lines: float = 1.0
    keep_next: bool = False
    outline: int | None = None


_GAP = layout.PARAGRAPH_GAP_PT
_BODY = Look(
    layout.BODY_PT, align=JUSTIFIED, first_line=layout.INDENT_MM, after=layout.PARAGRAPH_GAP_PT, lines=layout.LINES
)
_HEADING = replace(_BODY, bold=True, before=_GAP, keep_next=True)

STYLES: dict[str, Look] = {
    "Quốc hiệu": Look(layout.NATIONAL_NAME_PT, bold=True),
    "Tiêu ngữ": Look(layout.MOTTO_PT, bold=True),
    "Cơ quan chủ quản": Look(layout.ISSUER_PT),
    "Cơ quan ban hành": Look(layout.ISSUER_PT, bold=True),
    "Số ký hiệu": Look(layout.NUMBER_PT),
    "Địa danh thời gian": Look(layout.PLACE_DATE_PT, italic=True),
    "Trích yếu công văn": Look(layout.LETTER_SUBJECT_PT, before=_GAP),
    "Tên loại": Look(layout.TITLE_PT, bold=True, before=12, keep_next=True),
    "Trích yếu": Look(layout.TITLE_PT, bold=True, keep_next=True),
    "Kính gửi": Look(layout.BODY_PT, align=LEFT, after=3),
    "Căn cứ": replace(_BODY, italic=True),
    "Nội dung": _BODY,
    "Phần": replace(_HEADING, align=CENTRE, first_line=0, after=0, outline=0),
    "Tiêu đề phần": replace(_HEADING, align=CENTRE, first_line=0, before=0),
    "Mục": replace(_HEADING, outline=1),
    "Điều": replace(_HEADING, outline=2),
    "Khoản": replace(_HEADING, outline=2),
    "Điểm": replace(_BODY, keep_next=True, outline=3),
    "Điền tay": replace(_BODY, align=LEFT),
    "Tên bảng": Look(layout.BODY_PT, bold=True, before=_GAP, after=3, keep_next=True),
    "Đơn vị tính": Look(layout.TABLE_NOTE_PT, italic=True, align=RIGHT, after=3, keep_next=True),
    "Ghi chú bảng": Look(layout.TABLE_NOTE_PT, italic=True, align=LEFT, before=3, after=_GAP),
    "Ô bảng": Look(layout.TABLE_PT, align=LEFT, before=2, after=2),
    "Quyền hạn chức vụ": Look(layout.SIGNATURE_PT, bold=True, keep_next=True),
    "Chỉ dẫn ký": Look(layout.BODY_PT, italic=True, keep_next=True),
    "Họ tên": Look(layout.SIGNATURE_PT, bold=True),
    "Nơi nhận nhãn": Look(layout.RECIPIENTS_LABEL_PT, bold=True, italic=True, align=LEFT),
    "Nơi nhận": Look(layout.RECIPIENTS_PT, align=LEFT),
    "Phụ lục": Look(14, bold=True, keep_next=True, outline=0),
    "Tên phụ lục": Look(layout.TITLE_PT, bold=True, keep_next=True),
    "Kèm theo": Look(layout.BODY_PT, italic=True, after=12),
    "Số trang": Look(layout.PAGE_NUMBER_PT),
    "Dấu minh họa": Look(13, bold=True),
    "Đường kẻ": Look(2),
}


def apply_styles(document: WordDocument) -> None:
    """Define every style of `STYLES`, and make the base style Times New Roman, black, in Vietnamese."""
    base = document.styles[_BASE]
    _set_font(base, layout.BODY_PT)
    base.paragraph_format.space_after = Pt(0)
    language = document.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}/{qn('w:lang')}")
    if language is not None:
        language.set(qn("w:val"), "vi-VN")
    for name, look in STYLES.items():
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = base
        style.quick_style = True
        _set_font(style, look.size)
        style.font.bold = look.bold
        style.font.italic = look.italic
        shape = style.paragraph_format
        shape.alignment = look.align
        shape.first_line_indent = Mm(look.first_line)
        shape.space_before, shape.space_after = Pt(look.before), Pt(look.after)
        shape.line_spacing = look.lines
        shape.keep_with_next = look.keep_next
        if look.outline is not None:
            level = OxmlElement("w:outlineLvl")
            level.set(qn("w:val"), str(look.outline))
            style.element.get_or_add_pPr().append(level)
    rule = document.styles["Đường kẻ"].paragraph_format
    rule.line_spacing_rule, rule.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(3)


def set_up_page(section: Section, *, landscape: bool = False) -> None:
    """A4 with the margins of `layout`; the page number in the top margin, hidden on the section's first page."""
    width, height = Mm(layout.PAGE_WIDTH_MM), Mm(layout.PAGE_HEIGHT_MM)
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (height, width) if landscape else (width, height)
    section.top_margin, section.bottom_margin = Mm(layout.TOP_MM), Mm(layout.BOTTOM_MM)
    section.left_margin, section.right_margin = Mm(layout.LEFT_MM), Mm(layout.RIGHT_MM)
    section.header_distance = section.footer_distance = Mm(layout.HEADER_MM)
    section.different_first_page_header_footer = True


def restart_page_numbers(section: Section) -> None:
    """Count this section's pages from 1 again (annexes, Mục III.1.đ)."""
    numbering = OxmlElement("w:pgNumType")
    numbering.set(qn("w:start"), "1")
    properties = section._sectPr
    for inherited in properties.findall(qn("w:pgNumType")):  # a new section begins as a copy of the one before
        properties.remove(inherited)
    # Order in the schema: … pgMar, pgNumType, cols, … titlePg
    properties.find(qn("w:pgMar")).addnext(numbering)


def add_page_number(paragraph: Paragraph) -> None:
    """Put the field that shows the page's number into the paragraph."""
    for kind, text in (("begin", ""), ("", " PAGE "), ("separate", ""), ("number", "2"), ("end", "")):
        run = paragraph.add_run()
        if kind == "number":
            run.text = text
        elif kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)
        else:
            instruction = OxmlElement("w:instrText")
            instruction.set(qn("xml:space"), "preserve")
            instruction.text = text
            run._r.append(instruction)


def add_rule(paragraph: Paragraph, *, width_mm: float, length_mm: float) -> None:
    """Make the paragraph a solid rule of the given length, centred in a column of the given width."""
    side = Mm(max(width_mm - length_mm, 0) / 2)
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = side
    add_borders(paragraph, ("bottom",))


def add_borders(paragraph: Paragraph, sides: tuple[str, ...]) -> None:
    """Draw single lines on the given sides of the paragraph."""
    borders = OxmlElement("w:pBdr")
    for side in sides:
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:kinsoku", "w:wordWrap", "w:overflowPunct",
        "w:topLinePunct", "w:autoSpaceDE", "w:autoSpaceDN", "w:bidi", "w:adjustRightInd", "w:snapToGrid", "w:spacing",
        "w:ind", "w:contextualSpacing", "w:mirrorIndents", "w:suppressOverlap", "w:jc", "w:textDirection",
        "w:textAlignment", "w:textboxTightWrap", "w:outlineLvl", "w:divId", "w:cnfStyle", "w:rPr", "w:sectPr",
        "w:pPrChange",
    )  # fmt: skip


def _set_font(style: ParagraphStyle, size: float) -> None:
    style.font.name = layout.FONT
    style.font.size = Pt(size)
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:eastAsia", "w:cs"):
        fonts.set(qn(script), layout.FONT)
