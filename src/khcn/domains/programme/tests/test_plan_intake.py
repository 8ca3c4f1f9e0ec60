"""The given plan as Word, as PDF and as a scan reads like its text."""

import io
from pathlib import Path

import docx
import pytest
import typst
from PIL import Image, ImageDraw, ImageFont

from khcn.domains.programme.rules.plan_reading import read_plan, to_json
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
