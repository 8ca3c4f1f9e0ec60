"""The given plan as Word, as PDF and as a scan reads like its text."""

import io
import time
from pathlib import Path

import docx
import pytest
import typst
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from PIL import Image, ImageDraw, ImageFont

from khcn.domains.programme.rules.plan_reading import read_plan, to_json
from khcn.domains.programme.rules.plan_reading.tests.corpus import text_of
from khcn.lib import encodings
from khcn.standards.officialdoc import read_document
from khcn.web.intake import portable, read_file

PLAN = Path(__file__).resolve().parents[5] / "../shared/plan/ke-hoach-khcn-2021-2025.txt"
FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf")


@pytest.fixture(scope="module")
def source():
    if not PLAN.exists():
        pytest.skip("the reference plan is not beside the project")
    return PLAN.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def paragraphs(source):
    """The plan's paragraphs as a typist would enter them, from title to signature."""
    document = read_document(source)
    body = [node.block.full_text for top in document.body for node in top.walk()]
    closing = ["Nơi nhận:", *(f"- {r.text};" for r in document.closing.recipients)]
    title = ["KẾ HOẠCH", document.title]
    signature = ["KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "Trần Tuyết Minh"]
    return [*title, *(block.full_text for block in document.preamble), *body, *closing, *signature]


def without_places(value):
    if isinstance(value, dict):
        return {k: without_places(v) for k, v in value.items() if k not in ("span", "confidence")}
    if isinstance(value, list):
        return [without_places(v) for v in value]
    return value


def test_given_plan_as_word_reads_like_its_text(source, paragraphs):
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    stream = io.BytesIO()
    document.save(stream)

    taken = read_file(stream.getvalue(), "ke-hoach.docx")

    assert without_places(to_json(read_plan(taken.text))) == without_places(to_json(read_plan(source)))


def test_word_plan_with_letterhead_and_table_of_targets_is_read_whole():
    document = docx.Document()
    head = document.add_table(rows=2, cols=2)
    head.cell(0, 0).text = "ỦY BAN NHÂN DÂN\nTỈNH SÔNG THƯƠNG"
    head.cell(0, 1).text = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc"
    head.cell(1, 0).text = "Số: 41/KH-UBND"
    head.cell(1, 1).text = "Sông Thương, ngày 06 tháng 5 năm 2026"
    for text in (
        "KẾ HOẠCH",
        "Phát triển công nghệ giai đoạn 2026 - 2028",
        "UBND tỉnh ban hành Kế hoạch:",
        "I. CHỈ TIÊU",
    ):
        document.add_paragraph(text)
    rows = [["TT", "Chỉ tiêu", "ĐVT", "Năm 2026", "Năm 2028"], ["1", "Tỷ lệ xã có trạm đo", "%", "40", "≥ 90"]]
    table = document.add_table(rows=2, cols=5)
    for i, row in enumerate(rows):
        for j, text in enumerate(row):
            table.cell(i, j).text = text
    for text in ("II. KINH PHÍ", "Tổng kinh phí: 7,5 tỷ đồng.", "III. TỔ CHỨC THỰC HIỆN", "Sở Y tế: Chủ trì."):
        document.add_paragraph(text)
    stream = io.BytesIO()
    document.save(stream)

    taken = read_file(stream.getvalue(), "a.docx")
    plan = read_plan(taken.text, tables=taken.tables)

    assert (plan.number, plan.issued_on.isoformat(), plan.issuer) == (
        "41/KH-UBND",
        "2026-05-06",
        "Ủy ban nhân dân tỉnh Sông Thương",
    )
    assert [(t.operator, int(t.quantity), t.unit, t.due_on.year) for t in plan.targets] == [
        ("=", 40, "%", 2026),
        (">=", 90, "%", 2028),
    ]
    assert plan.total_vnd == 7_500_000_000
    assert plan.duties[0].units == ("Sở Y tế",)


def test_given_plan_as_pdf_reads_like_its_text(source, paragraphs):
    quoted = [p.replace("\\", "\\\\").replace('"', '\\"') for p in paragraphs]
    body = "\n\n".join(f'#par(justify: true)[#"{p}"]' for p in quoted)
    head = '#set page(paper: "a4", margin: (left: 3cm, rest: 2cm), numbering: "1")\n'
    head += '#set text(font: "Libertinus Serif", size: 14pt, lang: "vi", hyphenate: false)\n'

    taken = read_file(typst.compile((head + body).encode()), "ke-hoach.pdf")

    assert len(taken.pages) >= 4
    assert without_places(to_json(read_plan(taken.text))) == without_places(to_json(read_plan(source)))


def test_given_plan_as_scan_keeps_targets_and_fields(source):
    if not portable.vietnamese_recognition():
        pytest.skip("tesseract with its Vietnamese data is not installed")
    if not FONT.exists():
        pytest.skip("the DejaVu font is not installed")
    lines = [line for line in source.split("\n") if line.strip()]
    stop = next(i for i, line in enumerate(lines) if line.startswith("3. Lĩnh vực"))
    pages = [_page(lines[i : min(stop, i + 40)]) for i in range(0, stop, 40)]
    stream = io.BytesIO()
    pages[0].save(stream, format="PDF", resolution=200, save_all=True, append_images=pages[1:])

    plan = read_plan(read_file(stream.getvalue(), "quet.pdf").text)

    expected = read_plan(source)
    assert [(t.operator, t.quantity) for t in plan.targets] == [(t.operator, t.quantity) for t in expected.targets]
    assert [len(f.lines) for f in plan.fields] == [4, 4]
    assert {b.number for b in plan.legal_bases} == {b.number for b in expected.legal_bases}


def _page(lines):
    image = Image.new("L", (1654, 2339), 255)
    draw = ImageDraw.Draw(image)
    font = ImageFont.truetype(str(FONT), 27)
    for i, line in enumerate(lines):
        draw.text((150, 130 + i * 46), line.strip(), font=font, fill=10)
    return image


def numbered(document, levels):
    """Give a document a list of the levels [(format, text)] and return how to add an item of it."""
    numbering = document.part.numbering_part.element
    abstract = OxmlElement("w:abstractNum")
    abstract.set(qn("w:abstractNumId"), "91")
    for index, (style, text) in enumerate(levels):
        level = OxmlElement("w:lvl")
        level.set(qn("w:ilvl"), str(index))
        for tag, value in (("w:start", "1"), ("w:numFmt", style), ("w:lvlText", text)):
            child = OxmlElement(tag)
            child.set(qn("w:val"), value)
            level.append(child)
        abstract.append(level)
    numbering.insert(0, abstract)
    made = OxmlElement("w:num")
    made.set(qn("w:numId"), "91")
    link = OxmlElement("w:abstractNumId")
    link.set(qn("w:val"), "91")
    made.append(link)
    numbering.append(made)

    def add(level, text):
        properties = document.add_paragraph(text)._p.get_or_add_pPr()
        listed = OxmlElement("w:numPr")
        for tag, value in (("w:ilvl", str(level)), ("w:numId", "91")):
            child = OxmlElement(tag)
            child.set(qn("w:val"), value)
            listed.append(child)
        properties.append(listed)

    return add


def filled(document, rows, merged=()):
    table = document.add_table(rows=len(rows), cols=len(rows[0]))
    for (top, left), (bottom, right) in merged:
        table.cell(top, left).merge(table.cell(bottom, right))
    for i, row in enumerate(rows):
        for j, text in enumerate(row):
            if text is not None:
                table.cell(i, j).text = text
    return table


def test_word_plan_with_automatic_numbers_and_tables_is_read_whole():
    document = docx.Document()
    for text in ("UBND TỈNH SÔNG LÔ", "Số: 12/KH-UBND", "Sông Lô, ngày 03 tháng 02 năm 2026", "KẾ HOẠCH",
                 "Ứng dụng công nghệ cao trong thủy sản giai đoạn 2026 - 2028",
                 "Căn cứ Nghị quyết số 36-NQ/TW ngày 22/10/2018; UBND tỉnh ban hành Kế hoạch như sau:"):  # fmt: skip
        document.add_paragraph(text)
    add = numbered(document, [("upperRoman", "%1."), ("decimal", "%2."), ("lowerLetter", "%3)"), ("bullet", "-")])
    add(0, "MỤC TIÊU")
    add(1, "Mục tiêu chung")
    document.add_paragraph("Phát triển thủy sản theo hướng hiện đại.")
    add(1, "Mục tiêu cụ thể")
    filled(
        document,
        [
            ["TT", "Chỉ tiêu", "Đơn vị tính", "Kế hoạch", None],
            [None, None, None, "Năm 2027", "Năm 2028"],
            ["1", "Số mô hình nuôi tuần hoàn", "mô hình", "4", "≥ 9"],
            ["2", "Tỷ lệ hộ nuôi được tập huấn", "%", "55", "80"],
        ],
        merged=[((0, 3), (0, 4)), ((0, 0), (1, 0)), ((0, 1), (1, 1)), ((0, 2), (1, 2))],
    )
    add(0, "NHIỆM VỤ")
    filled(
        document,
        [
            ["STT", "Nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời gian"],
            ["I", "Giống thủy sản", None, None, None],
            ["1", "Sản xuất giống cá lăng", "Sở Nông nghiệp và Môi trường", "UBND các xã", "2026"],
            ["II", "Môi trường nuôi", None, None, None],
            ["2", "Quan trắc tự động nước nuôi", "Sở Khoa học và Công nghệ", "", "2027"],
        ],
        merged=[((1, 1), (1, 4)), ((3, 1), (3, 4))],
    )
    add(0, "KINH PHÍ")
    document.add_paragraph("Đơn vị tính: triệu đồng")
    filled(
        document,
        [
            ["TT", "Nguồn vốn", "Năm 2026", "Năm 2027", "Tổng cộng"],
            ["1", "Ngân sách tỉnh", "1.000", "2.500", "3.500"],
            ["2", "Vốn đối ứng của doanh nghiệp", "500", "1.000", "1.500"],
            ["Tổng cộng", None, "1.500", "3.500", "5.000"],
        ],
        merged=[((3, 0), (3, 1))],
    )
    add(0, "TỔ CHỨC THỰC HIỆN")
    add(1, "Sở Nông nghiệp và Môi trường")
    add(2, "Chủ trì thực hiện Kế hoạch.")
    add(2, "Báo cáo trước ngày 15/12 hằng năm.")
    add(1, "Sở Tài chính bố trí kinh phí.")
    stream = io.BytesIO()
    document.save(stream)

    taken = read_file(stream.getvalue(), "a.docx")
    plan = read_plan(taken.text, tables=taken.tables)

    assert (plan.number, plan.issuer) == ("12/KH-UBND", "UBND tỉnh Sông Lô")
    assert [o.text for o in plan.objectives] == ["Phát triển thủy sản theo hướng hiện đại."]
    assert [(t.operator, int(t.quantity), t.unit, t.due_on.year) for t in plan.targets] == [
        ("=", 4, "mô hình", 2027), (">=", 9, "mô hình", 2028), ("=", 55, "%", 2027), ("=", 80, "%", 2028),
    ]  # fmt: skip
    assert [(f.title, [line.text for line in f.lines]) for f in plan.fields] == [
        ("Giống thủy sản", ["Sản xuất giống cá lăng"]), ("Môi trường nuôi", ["Quan trắc tự động nước nuôi"]),
    ]  # fmt: skip
    assert [s.text for s in plan.sources] == ["Ngân sách tỉnh", "Vốn đối ứng của doanh nghiệp"]
    assert plan.total_vnd == 5_000_000_000
    assert [(d.units, [c.text for c in d.clauses]) for d in plan.duties] == [
        (("Sở Nông nghiệp và Môi trường",), ["Chủ trì thực hiện Kế hoạch.", "Báo cáo trước ngày 15/12 hằng năm."]),
        (("Sở Tài chính",), ["bố trí kinh phí."]),
    ]


@pytest.mark.parametrize("encoding", ["tcvn3", "vni"])
def test_plan_in_an_old_vietnamese_encoding_reads_like_its_unicode_text(encoding):
    text = text_of("no_letterhead")

    taken = read_file(in_old_font(text, encoding), "a.txt")

    expected, found = read_plan(text), read_plan(taken.text)
    assert any(name in taken.warnings[0] for name in ("TCVN3", "VNI"))
    assert [(t.operator, t.quantity) for t in found.targets] == [(t.operator, t.quantity) for t in expected.targets]
    assert found.total_vnd == expected.total_vnd
    assert [f.title for f in found.fields] == [f.title for f in expected.fields]
    assert [d.units for d in found.duties] == [d.units for d in expected.duties]


def in_old_font(text, encoding):
    """The bytes of `text` as Word saved it with a font of the old encoding; capitals of TCVN3 are a capital font's."""
    if encoding == "vni":
        old = {new: letters for letters, new in encodings._VNI.items()}
        return "".join(old.get(letter, letter) for letter in text).encode("cp1252", errors="replace")
    old = {new: chr(code) for code, new in encodings._TCVN3.items()}
    shown = (old.get(letter) or old.get(letter.lower(), letter) for letter in text)
    return "".join(shown).encode("cp1252", errors="replace")


def test_plan_of_sixty_pages_is_read_in_under_three_seconds():
    name = "digital_transformation"
    lines = text_of(name).split("\n")
    start = next(i for i, line in enumerate(lines) if line.startswith("III."))
    long = "\n".join([*lines[: start + 1], *(lines[start + 1 : start + 20] * 450), *lines[start + 20 :]])
    assert len(long) > 60 * 2500

    begun = time.process_time()
    read_plan(long)

    assert time.process_time() - begun < 3
