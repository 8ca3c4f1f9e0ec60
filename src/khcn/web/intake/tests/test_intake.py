"""Files of every accepted kind give the same plan as the text; everything else is refused with what to do."""

import io
import zipfile
from pathlib import Path

import docx
import pypdfium2
import pytest
import typst
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from PIL import Image, ImageDraw, ImageFont

from khcn.web.intake import (
    FileBroken,
    FileEmpty,
    FileProtected,
    FileTooLarge,
    FormatUnsupported,
    IntakeError,
    IntakeLimits,
    OldWordFormat,
    ScanUnreadable,
    portable,
    read_file,
)

FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf")
PARAGRAPHS = [
    "KẾ HOẠCH",
    "Ứng dụng khoa học và công nghệ giai đoạn 2026 - 2030",
    "I. MỤC TIÊU",
    "- Xây dựng ít nhất 03 mô hình nông nghiệp công nghệ cao trên địa bàn tỉnh.",
    "- 100% xã, phường áp dụng hệ thống quản lý chất lượng.",
]


def word_file(*paragraphs, prepare=None):
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    if prepare:
        prepare(document)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def pdf_file(*paragraphs):
    body = "\n\n".join(f'#"{p}"' for p in paragraphs)
    return typst.compile(f'#set text(font: "Libertinus Serif", lang: "vi")\n{body}'.encode())


def picture(*lines):
    image = Image.new("L", (1700, 180 + 90 * len(lines)), 255)
    draw = ImageDraw.Draw(image)
    font = ImageFont.truetype(str(FONT), 38)
    for i, line in enumerate(lines):
        draw.text((90, 80 + 90 * i), line, font=font, fill=0)
    return image


def scanned_file(*lines):
    stream = io.BytesIO()
    picture(*lines).save(stream, format="PDF", resolution=200)
    return stream.getvalue()


def ole_file(name):
    """A minimal compound file with one stream of the given name (version 3, one FAT sector)."""
    end, free, fat = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD

    def entry(title, kind, child, start, size):
        raw = title.encode("utf-16-le").ljust(64, b"\0")
        length = (len(title) + 1) * 2 if title else 0
        numbers = [free, free, child]
        return (
            raw
            + length.to_bytes(2, "little")
            + bytes([kind, 1])
            + b"".join(n.to_bytes(4, "little") for n in numbers)
            + bytes(36)
            + start.to_bytes(4, "little")
            + size.to_bytes(8, "little")
        )

    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + (0x3E).to_bytes(2, "little") + (3).to_bytes(2, "little")
    header += b"\xfe\xff" + (9).to_bytes(2, "little") + (6).to_bytes(2, "little") + bytes(10)
    for number in (1, 1, 0, 4096, end, 0, end, 0, 0):
        header += number.to_bytes(4, "little")
    header += free.to_bytes(4, "little") * 108
    sectors = [fat, end, *range(3, 10), end]
    table = b"".join(n.to_bytes(4, "little") for n in sectors).ljust(512, b"\xff")
    directory = entry("Root Entry", 5, 1, end, 0) + entry(name, 2, free, 2, 4096) + entry("", 0, free, 0, 0) * 2
    return header[:512] + table + directory + bytes(4096)


def test_docx_paragraphs_give_text_in_order():
    taken = read_file(word_file(*PARAGRAPHS), "kế hoạch.docx")

    assert taken.source_kind == "docx"
    assert [line for line in taken.text.split("\n") if line] == PARAGRAPHS
    assert taken.warnings == ()


def test_docx_automatic_numbering_is_written_out():
    def number(document):
        numbering = document.part.numbering_part.element
        abstract = OxmlElement("w:abstractNum")
        abstract.set(qn("w:abstractNumId"), "77")
        for level, (style, text) in enumerate([("upperRoman", "%1."), ("decimal", "%2."), ("bullet", "-")]):
            entry = OxmlElement("w:lvl")
            entry.set(qn("w:ilvl"), str(level))
            for tag, value in (("w:start", "1"), ("w:numFmt", style), ("w:lvlText", text)):
                child = OxmlElement(tag)
                child.set(qn("w:val"), value)
                entry.append(child)
            abstract.append(entry)
        numbering.insert(0, abstract)
        made = OxmlElement("w:num")
        made.set(qn("w:numId"), "77")
        link = OxmlElement("w:abstractNumId")
        link.set(qn("w:val"), "77")
        made.append(link)
        numbering.append(made)
        items = [(0, "MỤC TIÊU"), (1, "Chung"), (1, "Cụ thể"), (2, "Một"), (2, "Hai"), (0, "NỘI DUNG"), (1, "Đầu")]
        for level, text in items:
            properties = document.add_paragraph(text)._p.get_or_add_pPr()
            listed = OxmlElement("w:numPr")
            for tag, value in (("w:ilvl", str(level)), ("w:numId", "77")):
                child = OxmlElement(tag)
                child.set(qn("w:val"), value)
                listed.append(child)
            properties.append(listed)

    taken = read_file(word_file(prepare=number), "a.docx")

    assert taken.text.split("\n") == [
        "I. MỤC TIÊU",
        "1. Chung",
        "2. Cụ thể",
        "- Một",
        "- Hai",
        "II. NỘI DUNG",
        "1. Đầu",
    ]


def test_docx_tables_stand_in_the_text_and_apart():
    def table(document):
        made = document.add_table(rows=2, cols=3)
        for i, text in enumerate(["STT", "Chỉ tiêu", "Năm 2030", "1", "Tỷ lệ | dùng", "80%"]):
            made.cell(i // 3, i % 3).text = text

    taken = read_file(word_file("Trước bảng.", prepare=table), "a.docx")

    assert taken.tables == ((("STT", "Chỉ tiêu", "Năm 2030"), ("1", "Tỷ lệ | dùng", "80%")),)
    assert "| 1 | Tỷ lệ / dùng | 80% |" in taken.text


def test_docx_letterhead_table_becomes_running_lines():
    def head(document):
        made = document.add_table(rows=1, cols=2)
        made.cell(0, 0).text = "ỦY BAN NHÂN DÂN\nTỈNH SÔNG THƯƠNG"
        made.cell(0, 1).text = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"

    taken = read_file(word_file(prepare=head), "a.docx")

    assert taken.tables == ()
    assert taken.text.split("\n")[:3] == [
        "ỦY BAN NHÂN DÂN",
        "TỈNH SÔNG THƯƠNG",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    ]


def test_pdf_with_text_layer_gives_its_lines():
    taken = read_file(pdf_file(*PARAGRAPHS), "a.pdf")

    assert taken.source_kind == "pdf"
    assert [line for line in taken.text.split("\n") if line] == PARAGRAPHS


def test_pdf_scanned_is_recognised_or_named():
    if not portable.vietnamese_recognition():
        pytest.skip("tesseract with its Vietnamese data is not installed")
    if not FONT.exists():
        pytest.skip("the DejaVu font is not installed")

    taken = read_file(scanned_file("KẾ HOẠCH", "Xây dựng ít nhất 03 mô hình", "đến năm 2030 đạt 80%"), "quét.pdf")

    assert taken.source_kind == "scan"
    assert "KẾ HOẠCH" in taken.text
    assert "ít nhất 03 mô hình" in taken.text
    assert "nhận dạng" in taken.warnings[0]


def test_pdf_scanned_without_recognition_names_the_package(monkeypatch):
    monkeypatch.setattr(portable, "vietnamese_recognition", lambda: False)
    image = io.BytesIO()
    Image.new("L", (600, 800), 200).save(image, format="PDF")

    with pytest.raises(ScanUnreadable, match="tesseract-ocr-vie"):
        read_file(image.getvalue(), "a.pdf")


def test_pdf_partly_scanned_without_recognition_warns_with_the_page(monkeypatch):
    monkeypatch.setattr(portable, "vietnamese_recognition", lambda: False)
    image = io.BytesIO()
    Image.new("L", (600, 800), 200).save(image, format="PDF")
    merged = pypdfium2.PdfDocument(pdf_file(*PARAGRAPHS))
    merged.import_pages(pypdfium2.PdfDocument(image.getvalue()))
    stream = io.BytesIO()
    merged.save(stream)

    taken = read_file(stream.getvalue(), "a.pdf")

    assert "Trang 2 " in taken.warnings[0]
    assert len(taken.pages) == 2


@pytest.mark.parametrize(
    "content",
    [
        "\ufeffKẾ HOẠCH năm 2030".encode(),
        "KẾ HOẠCH năm 2030".encode("utf-16"),
        "KẾ HOẠCH năm 2030".encode(),
        "KE\u0302\u0301 HOA\u0323CH na\u0306m 2030".encode(),
    ],
)
def test_txt_in_each_unicode_encoding_gives_the_same_text(content):
    assert read_file(content, "a.txt").text.strip("\ufeff") == "KẾ HOẠCH năm 2030"


def test_txt_in_tcvn3_is_converted_with_a_warning():
    old = "KÕ ho¹ch øng dông khoa häc vµ c«ng nghÖ trong c¸c lÜnh vùc cña tØnh".encode("cp1252")

    taken = read_file(old, "a.txt")

    assert taken.text == "Kế hoạch ứng dụng khoa học và công nghệ trong các lĩnh vực của tỉnh"
    assert "TCVN3" in taken.warnings[0]


def _bomb():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * (30 * 1024 * 1024))
    return stream.getvalue()


def _entity():
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(word_file("a"))) as good, zipfile.ZipFile(stream, "w") as archive:
        for name in good.namelist():
            part = good.read(name)
            if name == "word/document.xml":
                part = part.replace(b"?>", b'?><!DOCTYPE w [<!ENTITY a "b">]>', 1)
            archive.writestr(name, part)
    return stream.getvalue()


def _protected_pdf():
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf_file("Kế hoạch"))))
    writer.encrypt("mật khẩu")
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


UNFIT = {
    "empty": (lambda: b"", "a.docx", FileEmpty),
    "blank": (lambda: b"   \n", "a.txt", FileEmpty),
    "no_words": (lambda: word_file(), "a.docx", FileEmpty),
    "too_large": (lambda: b"x" * 2048, "a.txt", FileTooLarge),
    "protected_word": (lambda: ole_file("EncryptedPackage"), "a.docx", FileProtected),
    "old_word": (lambda: ole_file("WordDocument"), "a.doc", OldWordFormat),
    "old_word_renamed": (lambda: ole_file("WordDocument"), "a.docx", OldWordFormat),
    "workbook": (lambda: ole_file("Workbook"), "a.xls", FormatUnsupported),
    "rtf": (lambda: b"{\\rtf1 ke hoach}", "a.rtf", OldWordFormat),
    "broken_ole": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 broken", "a.doc", FileBroken),
    "cut_word": (lambda: word_file("a")[:900], "a.docx", FileBroken),
    "word_named_pdf": (lambda: word_file("Một kế hoạch"), "a.pdf", FormatUnsupported),
    "unknown": (lambda: word_file("Một kế hoạch"), "a.exe", FormatUnsupported),
    "macros": (lambda: word_file("Một kế hoạch"), "a.docm", FormatUnsupported),
    "broken_pdf": (lambda: b"%PDF-1.7\nbroken", "a.pdf", FileBroken),
    "protected_pdf": (_protected_pdf, "a.pdf", FileProtected),
    "bomb": (_bomb, "a.docx", FileTooLarge),
    "entity": (_entity, "a.docx", FileBroken),
    "binary": (lambda: bytes(range(256)) * 4, "a.txt", FileBroken),
}


@pytest.mark.parametrize("case", UNFIT)
def test_intake_of_unfit_file_is_refused_with_a_sentence(case):
    content, name, refusal = UNFIT[case]
    small = IntakeLimits(max_bytes=1024) if case == "too_large" else IntakeLimits()

    with pytest.raises(refusal) as caught:
        read_file(content(), name, limits=small)

    assert isinstance(caught.value, IntakeError)
    assert "Vui lòng" in caught.value.message
    assert caught.value.message.endswith(".")
