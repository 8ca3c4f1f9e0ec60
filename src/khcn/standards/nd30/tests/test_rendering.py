"""Word and PDF files say the same, look as the decree asks, and are equal for equal input."""

import cProfile
import io
import re
import zipfile

import docx
import pdfplumber
import pytest
import segno
from docx.shared import Mm, Pt
from PIL import Image

from khcn.standards.nd30 import layout, wording
from khcn.standards.nd30.document import (
    LETTER,
    REPORT,
    Authority,
    DocumentNumber,
    Issuer,
    OfficialDocument,
    Paragraph,
    QrCode,
    Run,
    Signature,
    Table,
    TableColumn,
    TableRow,
)
from khcn.standards.nd30.docx_writer import render_docx
from khcn.standards.nd30.pdf_writer import chosen_font, render_pdf
from khcn.standards.nd30.tests.samples import (
    BALLOT_SAMPLE,
    COUNT_SAMPLE,
    LETTER_SAMPLE,
    MINUTES_SAMPLE,
    REPORT_SAMPLE,
)
from khcn.standards.nd30.text_width import width_pt

SAMPLES = {
    "report": REPORT_SAMPLE,
    "letter": LETTER_SAMPLE,
    "minutes": MINUTES_SAMPLE,
    "ballot": BALLOT_SAMPLE,
    "count": COUNT_SAMPLE,
}
samples = pytest.mark.parametrize("document", SAMPLES.values(), ids=SAMPLES.keys())


def words_of_docx(content: bytes) -> list[str]:
    """Every word of the body, in reading order, merged cells once."""
    body = docx.Document(io.BytesIO(content)).element.body
    paragraphs = body.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}p")
    text = " ".join(
        "".join(node.text or "" for node in paragraph.iter() if node.tag.endswith("}t")) for paragraph in paragraphs
    )
    return re.findall(r"\w+", text)


def letters_of_pdf(content: bytes) -> str:
    """All letters in a row, without spaces; the compiler's own italic draws ơ with two glyphs."""
    with pdfplumber.open(io.BytesIO(content)) as pdf:
        text = " ".join(page.extract_text(use_text_flow=True) for page in pdf.pages)
    return "".join(text.split()).replace("ơơ", "ơ")


@samples
def test_render_docx_with_equal_input_gives_equal_bytes(document: OfficialDocument):
    assert render_docx(document) == render_docx(document)


@samples
def test_render_pdf_with_equal_input_gives_equal_bytes(document: OfficialDocument):
    assert render_pdf(document) == render_pdf(document)


@samples
def test_render_docx_and_pdf_say_the_same(document: OfficialDocument):
    in_pdf = letters_of_pdf(render_pdf(document))

    missing = {word for word in words_of_docx(render_docx(document)) if word not in in_pdf}
    assert not missing


def test_render_docx_is_a4_with_the_decrees_margins_on_every_page():
    word = docx.Document(io.BytesIO(render_docx(REPORT_SAMPLE)))

    sizes = [(round(section.page_width.mm), round(section.page_height.mm)) for section in word.sections]
    assert sizes == [(210, 297), (297, 210), (210, 297)]
    for section in word.sections:
        assert layout.MARGIN_LEFT_MM.holds(section.left_margin.mm, 0.1)
        assert layout.MARGIN_RIGHT_MM.holds(section.right_margin.mm, 0.1)
        assert layout.MARGIN_TOP_MM.holds(section.top_margin.mm, 0.1)
        assert layout.MARGIN_BOTTOM_MM.holds(section.bottom_margin.mm, 0.1)


def test_render_docx_shows_the_page_number_in_the_header_but_not_on_first_pages():
    word = docx.Document(io.BytesIO(render_docx(REPORT_SAMPLE)))

    assert all(section.different_first_page_header_footer for section in word.sections)
    assert " PAGE " in word.sections[0].header._element.xml
    assert "PAGE" not in word.sections[0].first_page_header._element.xml
    starts = [section._sectPr.xpath("./w:pgNumType/@w:start") for section in word.sections]
    assert starts == [[], ["1"], ["1"]]


def test_render_docx_repeats_the_header_rows_of_tables():
    word = docx.Document(io.BytesIO(render_docx(REPORT_SAMPLE)))

    table = next(table for table in word.tables if table.cell(0, 0).text == "TT")
    assert [bool(row._tr.xpath("./w:trPr/w:tblHeader")) for row in table.rows[:3]] == [True, True, False]


def test_render_docx_makes_the_motto_rule_as_long_as_the_motto():
    word = docx.Document(io.BytesIO(render_docx(REPORT_SAMPLE)))
    cell = word.tables[0].cell(0, 1)

    rule = cell.paragraphs[2].paragraph_format
    length = (cell.width - rule.left_indent - rule.right_indent) / Pt(1)
    assert length == pytest.approx(width_pt(layout.MOTTO, 13, bold=True), rel=0.01)


def test_render_docx_opens_without_a_schema_error_in_the_order_of_properties():
    """Word refuses a file whose paragraph properties are out of order, so the rule's borders come before indents."""
    with zipfile.ZipFile(io.BytesIO(render_docx(REPORT_SAMPLE))) as archive:
        xml = archive.read("word/document.xml").decode()

    for properties in re.findall(r"<w:pPr>(.*?)</w:pPr>", xml):
        if "w:pBdr" in properties and "w:ind" in properties:
            assert properties.index("w:pBdr") < properties.index("w:ind")
    for section in re.findall(r"<w:sectPr.*?</w:sectPr>", xml):
        if "w:pgNumType" in section:
            assert section.index("w:pgMar") < section.index("w:pgNumType") < section.index("w:titlePg")


def test_render_pdf_numbers_pages_from_the_second_and_restarts_in_each_annex():
    with pdfplumber.open(io.BytesIO(render_pdf(REPORT_SAMPLE))) as pdf:
        heads = ["".join(char["text"] for char in page.chars if char["top"] < Mm(18).pt).strip() for page in pdf.pages]
        is_landscape = [page.width > page.height for page in pdf.pages]

    assert heads == ["", "2", "", "2", "3", ""]
    assert is_landscape == [False, False, True, True, True, False]


def test_render_pdf_has_the_decrees_margins():
    with pdfplumber.open(io.BytesIO(render_pdf(REPORT_SAMPLE))) as pdf:
        page = pdf.pages[0]
        inner = [char for char in page.chars if char["text"].strip() and char["top"] < Mm(270).pt]

    assert min(char["x0"] for char in inner) >= Mm(30).pt - 0.5
    assert max(char["x1"] for char in inner) <= page.width - Mm(15).pt + 0.5
    assert min(char["top"] for char in inner) >= Mm(19).pt


def test_chosen_font_is_one_that_draws_vietnamese():
    assert chosen_font() in ("Times New Roman", "Tinos", "Liberation Serif", "Libertinus Serif")


@samples
def test_render_pdf_with_mark_shows_it_on_every_page(document: OfficialDocument):
    with pdfplumber.open(io.BytesIO(render_pdf(document))) as pdf:
        texts = [page.extract_text() for page in pdf.pages]

    if document.mark:
        assert all(document.mark.value in text for text in texts)
    else:
        assert not any("MINH HỌA" in text or "DỰ THẢO" in text for text in texts)


def test_render_pdf_with_markup_like_text_prints_it_as_it_is():
    odd = '#let x = 1 *đậm* _nghiêng_ "ngoặc" \\ $5$ <b> @tham {chiếu} [x] // chú thích'
    document = OfficialDocument(Issuer("Sở A"), REPORT, odd, (Paragraph(odd),))

    in_pdf = letters_of_pdf(render_pdf(document))

    assert in_pdf.count("".join(odd.split())) == 2


def test_rendering_with_control_characters_and_decomposed_text_prints_clean_text():
    dirty = "Đe\u0302\u0300 ta\u0300i\x00\x0b\x1b số 1\ud800"
    columns = (TableColumn("A"), TableColumn("B"))
    body = (Paragraph(dirty), Table(columns, ((dirty, "hai\ndòng"), TableRow((dirty,), is_group=True))))
    document = OfficialDocument(Issuer("A"), REPORT, dirty, body)

    assert words_of_docx(render_docx(document)).count("Đề") == 4
    assert letters_of_pdf(render_pdf(document)).count("Đềtàisố1") == 4


def test_render_docx_with_a_thousand_rows_stays_linear():
    columns = tuple(TableColumn(str(number)) for number in range(8))
    small, large = (
        OfficialDocument(Issuer("A"), REPORT, "x", (Table(columns, (("x",) * 8,) * count),)) for count in (100, 1000)
    )

    assert cost_of(large) < 30 * cost_of(small)


def cost_of(document: OfficialDocument) -> int:
    """Function calls that writing the document takes, the same on every machine."""
    profile = cProfile.Profile()
    profile.runcall(render_docx, document)
    return sum(entry.callcount for entry in profile.getstats())


# Words and punctuation


@pytest.mark.parametrize(("number", "line"), [(5, "Số: 05/BC-A"), (12, "Số: 12/BC-A"), (None, "Số:       /BC-A")])
def test_number_line_adds_a_leading_zero(number: int | None, line: str):
    document = OfficialDocument(Issuer("A"), REPORT, "x", (), number=DocumentNumber("BC-A", number))

    assert wording.number_line(document) == line


def test_ground_lines_end_with_semicolons_and_a_full_stop():
    assert wording.ground_lines(["Căn cứ A;", "Căn cứ B", "Căn cứ C,"]) == ["Căn cứ A;", "Căn cứ B;", "Căn cứ C."]


def test_addressee_lines_put_dashes_only_before_several():
    assert wording.addressee_lines(["Bộ A"]) == ["Bộ A"]
    assert wording.addressee_lines(["Bộ A", "Bộ B"]) == ["- Bộ A;", "- Bộ B."]


@pytest.mark.parametrize(
    ("signature", "lines"),
    [
        (Signature("Giám đốc"), ["GIÁM ĐỐC"]),
        (Signature("Giám đốc", authority=Authority.ACTING), ["Q. GIÁM ĐỐC"]),
        (Signature("Phó Giám đốc", "", Authority.DEPUTY, "Giám đốc"), ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"]),
        (Signature("Chủ tịch", "", Authority.COLLECTIVE, "Ủy ban nhân dân"), ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"]),
        (Signature("Chánh Văn phòng", "", Authority.BY_ORDER, "Giám đốc"), ["TL. GIÁM ĐỐC", "CHÁNH VĂN PHÒNG"]),
        (Signature("Trưởng phòng", "", Authority.BY_DELEGATION, "Giám đốc"), ["TUQ. GIÁM ĐỐC", "TRƯỞNG PHÒNG"]),
    ],
)
def test_signature_lines_write_the_authority(signature: Signature, lines: list[str]):
    assert wording.signature_lines(signature) == lines


@pytest.mark.parametrize(("index", "count", "label"), [(0, 1, "Phụ lục"), (0, 2, "Phụ lục I"), (13, 20, "Phụ lục XIV")])
def test_annex_label_takes_roman_numbers_only_for_several(index: int, count: int, label: str):
    assert wording.annex_label(index, count) == label


def test_closed_body_ends_the_last_paragraph_once():
    body = (Paragraph("Một."), Paragraph((Run("Hai", bold=True), Run(" ba."))))
    document = OfficialDocument(Issuer("A"), LETTER, "x", body)

    first, last = wording.closed_body(document)

    assert wording.plain(first.content) == "Một."
    assert wording.plain(last.content) == "Hai ba./."


def test_annex_reference_names_kind_number_date_and_issuer():
    assert (
        wording.annex_reference(REPORT_SAMPLE)
        == "(Kèm theo Báo cáo số 05/BC-SKHCN ngày 05 tháng 01 năm 2026 của Sở Khoa học và Công nghệ)"
    )


def test_issuer_lines_break_long_names_evenly_or_where_told():
    assert wording.issuer_lines("Ủy ban nhân dân tỉnh Đồng Nai", bold=False) == ["ỦY BAN NHÂN DÂN", "TỈNH ĐỒNG NAI"]
    assert wording.issuer_lines("Hội đồng\ntư vấn", bold=True) == ["HỘI ĐỒNG", "TƯ VẤN"]
    assert wording.issuer_lines("", bold=True) == []


QR_SAMPLE = OfficialDocument(
    issuer=Issuer("Sở Khoa học và Công nghệ"), kind=REPORT, subject="Mã để tra cứu",
    body=(QrCode("https://khcn.example.vn/tra-cuu-ho-so/ABCDEFGHJK/", "Quét mã để theo dõi hồ sơ."),),
)  # fmt: skip


def modules_of(picture: Image.Image, size: int) -> list[list[bool]]:
    """The dark modules of a drawn code of that many modules a side, read at the middle of each."""
    grey = picture.convert("L")
    left, top, right, bottom = grey.point(lambda level: 255 if level < 128 else 0).getbbox()
    across, down = (right - left) / size, (bottom - top) / size
    return [
        [grey.getpixel((left + (column + 0.5) * across, top + (row + 0.5) * down)) < 128 for column in range(size)]
        for row in range(size)
    ]


def test_qr_code_on_paper_has_the_modules_of_its_content():
    content = QR_SAMPLE.body[0].content
    wanted = [[bool(module) for module in row] for row in segno.make(content, error="m").matrix]

    with pdfplumber.open(io.BytesIO(render_pdf(QR_SAMPLE))) as printed:
        lines = [line for line in printed.pages[0].lines if line["linewidth"] == 0]
        edges = [min(line["x0"] for line in lines), max(line["x1"] for line in lines)]
        middle = sum(line["top"] for line in lines) / len(lines)
        half = (edges[1] - edges[0]) / 2 + 3
        box = (edges[0] - 3, middle - half, edges[1] + 3, middle + half)
        drawn = printed.pages[0].crop(box).to_image(resolution=600).original
    with zipfile.ZipFile(io.BytesIO(render_docx(QR_SAMPLE))) as word:
        (name,) = [one for one in word.namelist() if one.endswith(".png")]
        in_word = Image.open(io.BytesIO(word.read(name)))

    assert modules_of(drawn, len(wanted)) == wanted
    assert modules_of(in_word, len(wanted)) == wanted
