"""The checker passes what keeps to the decree and names exactly what was broken."""

import io
import random
import zipfile
from collections.abc import Callable, Iterator

import docx
import pytest
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph as WordParagraph
from lxml import etree

from khcn.standards.nd30.docx_writer import render_docx
from khcn.standards.nd30.lint import Severity, lint_docx
from khcn.standards.nd30.tests.samples import (
    BALLOT_SAMPLE,
    COUNT_SAMPLE,
    LETTER_SAMPLE,
    MINUTES_SAMPLE,
    REPORT_SAMPLE,
)

SAMPLES = {
    "report": REPORT_SAMPLE,
    "letter": LETTER_SAMPLE,
    "minutes": MINUTES_SAMPLE,
    "ballot": BALLOT_SAMPLE,
    "count": COUNT_SAMPLE,
}
LEFT, RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.RIGHT

Change = Callable[[WordDocument], None]


def codes_after(change: Change, sample: str = "report") -> list[str]:
    word = docx.Document(io.BytesIO(render_docx(SAMPLES[sample])))
    change(word)
    buffer = io.BytesIO()
    word.save(buffer)
    return [finding.code for finding in lint_docx(buffer.getvalue())]


def every_paragraph(word: WordDocument) -> Iterator[WordParagraph]:
    for element in word.element.body.iter(qn("w:p")):
        yield WordParagraph(element, word)


def line(word: WordDocument, start: str) -> WordParagraph:
    """The first paragraph that begins with the text, inside tables too."""
    return next(paragraph for paragraph in every_paragraph(word) if paragraph.text.startswith(start))


def rule_after(word: WordDocument, start: str) -> WordParagraph:
    element = line(word, start)._p.getnext()
    while element.find(f"{qn('w:pPr')}/{qn('w:pBdr')}") is None:
        element = element.getnext()
    return WordParagraph(element, word)


def size(start: str, points: float) -> Change:
    def change(word: WordDocument) -> None:
        for run in line(word, start).runs:
            run.font.size = Pt(points)

    return change


def look(start: str, *, bold: bool | None = None, italic: bool | None = None) -> Change:
    def change(word: WordDocument) -> None:
        for run in line(word, start).runs:
            run.bold = run.bold if bold is None else bold
            run.italic = run.italic if italic is None else italic

    return change


def text(start: str, replacement: str) -> Change:
    def change(word: WordDocument) -> None:
        runs = line(word, start).runs
        runs[0].text = replacement
        for run in runs[1:]:
            run.text = ""

    return change


def align(start: str, alignment: WD_ALIGN_PARAGRAPH) -> Change:
    def change(word: WordDocument) -> None:
        line(word, start).alignment = alignment

    return change


def remove(start: str) -> Change:
    def change(word: WordDocument) -> None:
        element = line(word, start)._p
        if len(element.getparent().findall(qn("w:p"))) == 1:
            for run in element.findall(qn("w:r")):
                element.remove(run)
        else:
            element.getparent().remove(element)

    return change


def remove_rule(start: str) -> Change:
    def change(word: WordDocument) -> None:
        element = rule_after(word, start)._p
        element.getparent().remove(element)

    return change


def stretch_rule(start: str, indent_mm: float) -> Change:
    def change(word: WordDocument) -> None:
        shape = rule_after(word, start).paragraph_format
        shape.left_indent = shape.right_indent = Mm(indent_mm)

    return change


def page(**settings: object) -> Change:
    def change(word: WordDocument) -> None:
        for name, value in settings.items():
            setattr(word.sections[0], name, value)

    return change


def header(change_paragraph: Callable[[WordParagraph], None]) -> Change:
    return lambda word: change_paragraph(word.sections[0].header.paragraphs[0])


def font(start: str, name: str) -> Change:
    def change(word: WordDocument) -> None:
        line(word, start).runs[0].font.name = name

    return change


def number_into_footer(word: WordDocument) -> None:
    head, foot = word.sections[0].header.paragraphs[0], word.sections[0].footer.paragraphs[0]
    for run in list(head._p.findall(qn("w:r"))):
        foot._p.append(run)


def number_on_first_page(word: WordDocument) -> None:
    word.sections[0].different_first_page_header_footer = False


def centre_nothing(paragraph: WordParagraph) -> None:
    paragraph.alignment = LEFT


def enlarge(paragraph: WordParagraph) -> None:
    for run in paragraph.runs:
        run.font.size = Pt(11)


def slant(paragraph: WordParagraph) -> None:
    for run in paragraph.runs:
        run.italic = True


def empty(paragraph: WordParagraph) -> None:
    for run in list(paragraph._p.findall(qn("w:r"))):
        paragraph._p.remove(run)


def colour(word: WordDocument) -> None:
    line(word, "1. Tình hình").runs[0].font.color.rgb = RGBColor(0xFF, 0, 0)


def crowd(word: WordDocument) -> None:
    line(word, "- Đúng tiến độ").paragraph_format.space_after = Pt(0)


def wide_lines(word: WordDocument) -> None:
    line(word, "Đến ngày 14").paragraph_format.line_spacing = 2.0


def fixed_lines(word: WordDocument) -> None:
    shape = line(word, "Đến ngày 14").paragraph_format
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(30)


def unindent(word: WordDocument) -> None:
    line(word, "Đến ngày 14").paragraph_format.first_line_indent = Mm(5)


def forget_header_rows(word: WordDocument) -> None:
    for flag in list(word.element.body.iter(qn("w:tblHeader"))):
        flag.getparent().remove(flag)


def move_title_up(word: WordDocument) -> None:
    parts = [
        line(word, "BÁO CÁO"),
        line(word, "Kết quả thực hiện nhiệm vụ"),
        rule_after(word, "Kết quả thực hiện nhiệm"),
    ]
    for position, part in enumerate(parts):
        word.element.body.insert(position, part._p)


BREAKS: dict[str, list[tuple[str, Change]]] = {
    "page.size": [("letter paper", page(page_width=Mm(216), page_height=Mm(279)))],
    "page.margin_top": [("narrow", page(top_margin=Mm(15)))],
    "page.margin_bottom": [("wide", page(bottom_margin=Mm(30)))],
    "page.margin_left": [("narrow", page(left_margin=Mm(25)))],
    "page.margin_right": [("wide", page(right_margin=Mm(25)))],
    "page_number.missing": [("removed", header(empty))],
    "page_number.in_footer": [("moved", number_into_footer)],
    "page_number.not_centred": [("left", header(centre_nothing))],
    "page_number.on_first_page": [("no first page", number_on_first_page)],
    "page_number.size": [("11", header(enlarge))],
    "page_number.style": [("italic", header(slant))],
    "font.name": [("Arial", font("Đến ngày 14", "Arial"))],
    "text.colour": [("red", colour)],
    "text.decomposed": [("NFD", text("- Chậm tiến độ", "- Cha\u0323\u0302m tiến độ: 05 nhiệm vụ."))],
    "table.header_not_repeated": [("no flag", forget_header_rows)],
    "national_name.missing": [("removed", remove("CỘNG HÒA"))],
    "national_name.size": [("14", size("CỘNG HÒA", 14))],
    "national_name.style": [("thin", look("CỘNG HÒA", bold=False)), ("italic", look("CỘNG HÒA", italic=True))],
    "national_name.caps": [("small", text("CỘNG HÒA", "Cộng hòa xã hội chủ nghĩa Việt Nam"))],
    "motto.missing": [("removed", remove("Độc lập"))],
    "motto.text": [("no spaces", text("Độc lập", "Độc lập-Tự do-Hạnh phúc"))],
    "motto.size": [("12", size("Độc lập", 12))],
    "motto.style": [("thin", look("Độc lập", bold=False))],
    "motto.rule_missing": [("removed", remove_rule("Độc lập"))],
    "motto.rule_length": [("short", stretch_rule("Độc lập", 38))],
    "issuer.size": [("14", size("SỞ KHOA HỌC", 14)), ("parent 11", size("ỦY BAN", 11))],
    "issuer.caps": [("small", text("SỞ KHOA HỌC", "Sở Khoa học và Công nghệ"))],
    "issuer.style": [("thin", look("SỞ KHOA HỌC", bold=False))],
    "issuer.parent_style": [("bold", look("TỈNH ĐỒNG NAI", bold=True))],
    "issuer.rule_missing": [("removed", remove_rule("SỞ KHOA HỌC"))],
    "issuer.rule_length": [("full", stretch_rule("SỞ KHOA HỌC", 2))],
    "number.missing": [("removed", remove("Số:"))],
    "number.size": [("14", size("Số:", 14))],
    "number.style": [("bold", look("Số:", bold=True))],
    "number.format": [
        ("no colon", text("Số:", "Số 05/BC-SKHCN")),
        ("spaces", text("Số:", "Số: 05/BC - SKHCN")),
        ("small letters", text("Số:", "Số: 05/bc-skhcn")),
    ],
    "number.leading_zero": [("5", text("Số:", "Số: 5/BC-SKHCN"))],
    "date.missing": [("removed", remove("Đồng Nai, ngày"))],
    "date.size": [("12", size("Đồng Nai, ngày", 12))],
    "date.style": [("upright", look("Đồng Nai, ngày", italic=False))],
    "date.format": [("no comma", text("Đồng Nai, ngày", "Đồng Nai ngày 05 tháng 01 năm 2026"))],
    "date.leading_zero": [
        ("day", text("Đồng Nai, ngày", "Đồng Nai, ngày 5 tháng 01 năm 2026")),
        ("month", text("Đồng Nai, ngày", "Đồng Nai, ngày 05 tháng 1 năm 2026")),
    ],
    "title.size": [("16", size("BÁO CÁO", 16))],
    "title.style": [("thin", look("BÁO CÁO", bold=False))],
    "title.caps": [("small", text("BÁO CÁO", "Báo cáo"))],
    "title.alignment": [("left", align("BÁO CÁO", LEFT))],
    "subject.missing": [("removed", remove("Kết quả thực hiện nhiệm vụ"))],
    "subject.size": [("12", size("Kết quả thực hiện nhiệm vụ", 12))],
    "subject.style": [("italic", look("Kết quả thực hiện nhiệm vụ", italic=True))],
    "subject.rule_missing": [("removed", remove_rule("Kết quả thực hiện nhiệm vụ"))],
    "subject.rule_length": [("full", stretch_rule("Kết quả thực hiện nhiệm vụ", 10))],
    "order.wrong": [("title first", move_title_up)],
    "addressee.size": [("12", size("Kính gửi", 12))],
    "addressee.style": [("bold", look("Kính gửi", bold=True))],
    "addressee.colon": [("none", text("Kính gửi", "Kính gửi"))],
    "addressee.punctuation": [("comma", text("- Ủy ban nhân dân tỉnh", "- Ủy ban nhân dân tỉnh,"))],
    "grounds.size": [("12", size("Căn cứ Luật", 12))],
    "grounds.style": [("upright", look("Căn cứ Luật", italic=False))],
    "grounds.semicolon": [("comma", text("Căn cứ Luật", "Căn cứ Luật Khoa học và Công nghệ năm 2013,"))],
    "grounds.full_stop": [("comma", text("Theo đề nghị", "Theo đề nghị của Trưởng phòng Quản lý khoa học,"))],
    "body.size": [("12", size("Đến ngày 14", 12)), ("15", size("a) Về tiến độ", 15))],
    "body.alignment": [("left", align("Đến ngày 14", LEFT))],
    "body.indent": [("5 mm", unindent)],
    "body.line_spacing": [("double", wide_lines), ("exactly 30 pt", fixed_lines)],
    "body.paragraph_spacing": [("0", crowd)],
    "body.closing": [("no sign", text("Sở Khoa học và Công nghệ kính", "Sở Khoa học và Công nghệ kính đề nghị."))],
    "heading.section": [
        ("thin", look("I. KẾT QUẢ", bold=False)),
        ("small", text("II. KIẾN NGHỊ", "II. Kiến nghị")),
    ],
    "annex.label_size": [("13", size("Phụ lục I", 13))],
    "annex.label_style": [("italic", look("Phụ lục II", italic=True))],
    "annex.numbering": [("arabic", text("Phụ lục II", "Phụ lục 2"))],
    "annex.title_size": [("12", size("DANH MỤC", 12))],
    "annex.title_style": [("small", text("DANH MỤC NHIỆM VỤ", "Danh mục nhiệm vụ"))],
    "annex.reference_size": [("11", size("(Kèm theo", 11))],
    "annex.reference_style": [("upright", look("(Kèm theo", italic=False))],
    "annex.not_mentioned": [("removed", text("Thực hiện kế hoạch", "Thực hiện kế hoạch năm, Sở báo cáo như sau:"))],
    "signature.size": [("12", size("KT. GIÁM ĐỐC", 12)), ("name", size("Trần Thị Bình", 15))],
    "signature.title_style": [
        ("thin", look("PHÓ GIÁM ĐỐC", bold=False)),
        ("small", text("PHÓ GIÁM ĐỐC", "Phó Giám đốc")),
    ],
    "signature.authority": [
        ("slash", text("KT. GIÁM ĐỐC", "K/T GIÁM ĐỐC")),
        ("no dot", text("KT. GIÁM ĐỐC", "KT GIÁM ĐỐC")),
    ],
    "signature.name_style": [("thin", look("Trần Thị Bình", bold=False))],
    "signature.name_caps": [("caps", text("Trần Thị Bình", "TRẦN THỊ BÌNH"))],
    "signature.degree": [("doctor", text("Trần Thị Bình", "TS. Trần Thị Bình"))],
    "signature.name_missing": [("removed", remove("Trần Thị Bình"))],
    "recipients.label_colon": [("none", text("Nơi nhận:", "Nơi nhận"))],
    "recipients.label_size": [("14", size("Nơi nhận:", 14))],
    "recipients.label_style": [("upright", look("Nơi nhận:", italic=False))],
    "recipients.size": [("12", size("- Như trên", 12))],
    "recipients.style": [("italic", look("- Như trên", italic=True))],
    "recipients.dash": [("plus", text("- Như trên", "+ Như trên;"))],
    "recipients.punctuation": [("none", text("- Như trên", "- Như trên"))],
    "recipients.archive": [("removed", text("- Lưu", "- Sở Tài chính."))],
}
CASES = [
    pytest.param(code, change, id=f"{code}-{label}") for code, changes in BREAKS.items() for label, change in changes
]


@pytest.mark.parametrize("sample", SAMPLES)
def test_lint_docx_with_our_own_documents_finds_nothing(sample: str):
    assert lint_docx(render_docx(SAMPLES[sample])) == []


@pytest.mark.parametrize(("code", "change"), CASES)
def test_lint_docx_with_one_thing_broken_finds_exactly_that(code: str, change: Change):
    assert codes_after(change) == [code]


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("letter_subject.size", size("V/v", 14)),
        ("letter_subject.style", look("V/v", bold=True)),
        ("title.missing", remove("V/v")),
        ("addressee.colon", text("Kính gửi", "Kính gửi Các sở, ban, ngành tỉnh")),
        ("recipients.missing", lambda word: [remove("Nơi nhận")(word), remove("- Như")(word), remove("- Lưu")(word)]),
        ("signature.missing", lambda word: [remove("GIÁM ĐỐC")(word), remove("Nguyễn Văn An")(word)]),
        ("issuer.missing", lambda word: [remove("ỦY BAN")(word), remove("TỈNH")(word), remove("SỞ KHOA")(word)]),
    ],
)
def test_lint_docx_with_broken_letter_finds_exactly_that(code: str, change: Change):
    assert codes_after(change, "letter") == [code]


def test_lint_docx_with_article_and_part_headings_wants_them_bold():
    def change(word: WordDocument) -> None:
        for words in ("Phần I", "Điều 1. Phạm vi"):
            added = line(word, "Thực hiện kế hoạch").insert_paragraph_before(words, style="Nội dung")
            added.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY

    assert codes_after(change) == ["heading.article", "heading.part"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"%PDF-1.7", render_docx(LETTER_SAMPLE)[:2000]])
def test_lint_docx_with_unreadable_file_says_so(content: bytes):
    assert [finding.code for finding in lint_docx(content)] == ["file.unreadable"]


def test_lint_docx_findings_say_where_and_how_often():
    def change(word: WordDocument) -> None:
        for start in ("Đến ngày 14", "a) Về tiến độ"):
            size(start, 12)(word)

    word = docx.Document(io.BytesIO(render_docx(REPORT_SAMPLE)))
    change(word)
    buffer = io.BytesIO()
    word.save(buffer)
    (finding,) = lint_docx(buffer.getvalue())

    assert finding.severity is Severity.ERROR
    assert "Đến ngày 14 tháng 6" in finding.where
    assert finding.where.endswith("và 1 chỗ khác")
    assert finding.message_vi == "Nội dung văn bản phải có cỡ chữ từ 13 đến 14; đang là 12."


# Documents made by other hands


def foreign_letter() -> WordDocument:
    """A report as offices write it in Word: one paragraph per cell with line breaks, shapes for rules, theme fonts."""
    word = docx.Document()
    normal = word.styles["Normal"]
    normal.font.name, normal.font.size = "Times New Roman", Pt(14)
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(20)
    section.different_first_page_header_footer = True
    number = section.header.paragraphs[0]
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE   \\* MERGEFORMAT")
    number._p.append(field)
    table = word.add_table(2, 2)
    left, right = table.cell(0, 0).paragraphs[0], table.cell(0, 1).paragraphs[0]
    for paragraph, parts in (
        (left, (("UBND TỈNH ĐỒNG NAI\n", 12, False), ("SỞ KHOA HỌC VÀ CÔNG NGHỆ", 12, True))),
        (right, (("CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM\n", 12, True), ("Độc lập - Tự do - Hạnh phúc", 13, True))),
        (table.cell(1, 0).paragraphs[0], (("Số: 45/BC-SKHCN", 13, False),)),
    ):
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        for content, points, bold in parts:
            run = paragraph.add_run(content)
            run.font.size, run.bold = Pt(points), bold
    _add_shape(left, "0,1pt", "70pt,1pt")
    _add_shape(right, "0,1pt", "159pt,1pt")
    date = table.cell(1, 1).paragraphs[0]
    date.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = date.add_run("Đồng Nai, ngày 20 tháng 6 năm 2026")
    run.italic, run.font.size = True, Pt(13)
    for words in ("BÁO CÁO", "Kết quả công tác quý II năm 2026"):
        paragraph = word.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.add_run(words).bold = True
    _add_shape(word.paragraphs[-1], "0,1pt", "85pt,1pt")
    body = word.add_paragraph("Trong quý II năm 2026, Sở đã triển khai nhiều hoạt động khoa học và công nghệ./.")
    body.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    body.paragraph_format.first_line_indent, body.paragraph_format.space_after = Mm(10), Pt(6)
    end = word.add_table(1, 2)
    cell = end.cell(0, 0).paragraphs[0]
    label = cell.add_run("Nơi nhận:\n")
    label.bold = label.italic = True
    label.font.size = Pt(12)
    cell.add_run("- UBND tỉnh;\n- Lưu: VT.").font.size = Pt(11)
    signer = end.cell(0, 1).paragraphs[0]
    signer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    signer.add_run("GIÁM ĐỐC\n\n\n\nNguyễn Văn An").bold = True
    return word


def _add_shape(paragraph: WordParagraph, start: str, end: str) -> None:
    picture = OxmlElement("w:pict")
    shape = picture.makeelement("{urn:schemas-microsoft-com:vml}line", {"from": start, "to": end})
    picture.append(shape)
    paragraph.add_run()._r.append(picture)


def codes_of(word: WordDocument) -> list[str]:
    buffer = io.BytesIO()
    word.save(buffer)
    return [finding.code for finding in lint_docx(buffer.getvalue())]


def test_lint_docx_with_a_document_from_another_hand_finds_nothing_wrong():
    assert codes_of(foreign_letter()) == []


def test_lint_docx_resolves_fonts_through_the_theme():
    word = foreign_letter()
    fonts = word.styles["Normal"].element.rPr.rFonts
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for slot in ("ascii", "hAnsi"):
        fonts.set(qn(f"w:{slot}Theme"), "minorHAnsi")

    assert codes_of(word) == ["font.name"]


def test_lint_docx_resolves_size_through_a_chain_of_styles():
    word = foreign_letter()
    base = word.styles.add_style("Gốc", 1)
    base.base_style, base.font.size = word.styles["Normal"], Pt(11)
    child = word.styles.add_style("Con", 1)
    child.base_style = base
    body = next(paragraph for paragraph in word.paragraphs if paragraph.text.startswith("Trong quý"))
    body.style = "Con"

    assert codes_of(word) == ["body.size"]


def test_lint_docx_without_page_set_up_judges_words_own_page():
    def change(word: WordDocument) -> None:
        for element in list(word.element.body.iter(qn("w:sectPr"))):
            element.getparent().remove(element)

    assert codes_after(change, "letter")[0] == "page.size"


@pytest.mark.parametrize("seed", range(40))
def test_lint_docx_with_a_randomly_damaged_file_never_raises(seed: int):
    chance = random.Random(seed)
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(render_docx(REPORT_SAMPLE))) as source, zipfile.ZipFile(buffer, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name.endswith((".xml", ".rels")) and chance.random() < 0.5:
                content = damaged(content, chance)
            target.writestr(name, content)

    assert isinstance(lint_docx(buffer.getvalue()), list)


def damaged(content: bytes, chance: random.Random) -> bytes:
    """The XML with a few elements taken out, or their attributes changed to nonsense."""
    root = etree.fromstring(content)
    for element in chance.choices(list(root.iter()), k=2):
        if element.getparent() is None:
            continue
        if chance.random() < 0.5:
            element.getparent().remove(element)
        for name in list(element.attrib):
            element.set(name, chance.choice(["", "abc", "-1", "99999999999", "1.5", "0"]))
    return etree.tostring(root)


def test_lint_docx_with_old_font_text_names_the_encoding():
    word = docx.Document()
    word.add_paragraph("Céng hßa x· héi chñ nghÜa ViÖt Nam, Sè liÖu nhiÖm vô khoa häc vµ c«ng nghÖ")

    assert "text.encoding" in codes_of(word)


def test_lint_docx_with_an_empty_document_names_every_missing_part():
    codes = codes_of(docx.Document())

    assert {
        "national_name.missing", "motto.missing", "issuer.missing", "number.missing", "date.missing", "title.missing",
        "signature.missing", "recipients.missing", "page_number.missing",
    } <= set(codes)  # fmt: skip
