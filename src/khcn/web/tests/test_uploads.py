"""Files as attackers and as ordinary people send them."""

import io
import unicodedata
import zipfile

import docx
import pytest
from PIL import Image

from khcn.web.spreadsheets.writing import Column, Sheet, write_xlsx
from khcn.web.uploads import (
    IMAGE_KINDS,
    MAX_NAME_LENGTH,
    PDF,
    UploadEmpty,
    UploadHarmful,
    UploadKindForbidden,
    UploadMismatch,
    UploadRefused,
    UploadTooLarge,
    check_upload,
    clean_image,
    display_name,
    download_headers,
    download_response,
    storage_name,
)

PDF_BYTES = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
# The harmless file with which scanners are tried, in two parts so that this file is not one itself.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 20), **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(buffer, format=kind, **options)
    return buffer.getvalue()


def word_file() -> bytes:
    buffer = io.BytesIO()
    docx.Document().save(buffer)
    return buffer.getvalue()


def workbook() -> bytes:
    return write_xlsx([Sheet("S", [Column("A")], [("x",)])])


def archive_of(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def with_member(content: bytes, name: str, added: bytes) -> bytes:
    buffer = io.BytesIO(content)
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, added)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (PDF_BYTES, "Kế hoạch.pdf", "pdf"),
        (PDF_BYTES, "KE HOACH.PDF", "pdf"),
        (PDF_BYTES + b"\r\n\x00\x00", "a.pdf", "pdf"),
        (word_file(), "a.docx", "docx"),
        (workbook(), "a.xlsx", "xlsx"),
        ("Mã,Tên\n1,Đề tài".encode(), "a.csv", "csv"),
        ("Kế hoạch năm 2026".encode("utf-16"), "a.txt", "txt"),
        (picture("JPEG"), "a.jpeg", "jpeg"),
        (picture("PNG"), "a.png", "png"),
        (picture("WEBP"), "a.webp", "webp"),
    ],
)
def test_check_upload_with_ordinary_files_accepts_them(content: bytes, name: str, code: str):
    checked = check_upload(content, name)

    assert checked.kind.code == code
    assert checked.size_bytes == len(content)
    assert len(checked.sha256) == 64


@pytest.mark.parametrize(
    ("content", "name", "refusal"),
    [
        (b"", "a.pdf", UploadEmpty),
        (b"MZ\x90\x00" * 20, "a.exe", UploadKindForbidden),
        (b"MZ\x90\x00" * 20, "a.pdf", UploadMismatch),
        (b"MZ\x90\x00" * 20, "a.pdf.exe", UploadKindForbidden),
        (b"MZ\x90\x00" * 20, "a.txt", UploadMismatch),
        (PDF_BYTES, "a", UploadKindForbidden),
        (PDF_BYTES, ".pdf", UploadKindForbidden),
        (PDF_BYTES, "a.docx", UploadMismatch),
        (PDF_BYTES, "a.pdf\x00.exe", UploadKindForbidden),
        (PDF_BYTES, "a\u202efdp.exe", UploadKindForbidden),
        (word_file(), "a.xlsx", UploadMismatch),
        (picture("PNG"), "a.jpg", UploadMismatch),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "a.svg", UploadKindForbidden),
        (b"<html><script>alert(1)</script>", "a.png", UploadMismatch),
        (EICAR, "a.txt", UploadHarmful),
        (EICAR + b"\r\n", "eicar.csv", UploadHarmful),
        (PDF_BYTES + archive_of(x=b"1"), "a.pdf", UploadMismatch),
        (picture("JPEG") + archive_of(x=b"1"), "a.jpg", UploadMismatch),
        (b"GIF89a" + PDF_BYTES, "a.pdf", UploadMismatch),
        (b"\n\n" + PDF_BYTES, "a.pdf", UploadMismatch),
        (PDF_BYTES[:-6], "a.pdf", UploadMismatch),
        (PDF_BYTES + b"<script>alert(1)</script>", "a.pdf", UploadMismatch),
        (archive_of(x=b"1"), "a.docx", UploadMismatch),
        (archive_of(**{"../../evil": b"1", "word/document.xml": b""}), "a.docx", UploadHarmful),
        (archive_of(**{"..\\evil": b"1", "word/document.xml": b""}), "a.docx", UploadHarmful),
        (with_member(word_file(), "word/vbaProject.bin", b"x"), "a.docx", UploadHarmful),
        (with_member(workbook(), "xl/media/bomb.bin", b"\0" * 30_000_000), "a.xlsx", UploadHarmful),
        (word_file()[:1000], "a.docx", UploadHarmful),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.docx", UploadMismatch),
        (b"abc\x00def", "a.txt", UploadMismatch),
        (b"abc\x1b[2Jdef", "a.csv", UploadMismatch),
    ],
)
def test_check_upload_with_bad_files_refuses_with_a_sentence(content: bytes, name: str, refusal: type[UploadRefused]):
    with pytest.raises(UploadRefused) as raised:
        check_upload(content, name)

    assert type(raised.value) is refusal
    assert raised.value.message.endswith(".")


def test_check_upload_with_too_many_bytes_names_the_limit():
    with pytest.raises(UploadTooLarge, match="1 MB"):
        check_upload(b"%PDF-1.7" + b"x" * 1_100_000, "a.pdf", max_bytes=1024 * 1024)


def test_check_upload_with_a_kind_not_wanted_here_lists_what_is():
    with pytest.raises(UploadKindForbidden, match="ảnh PNG, ảnh JPEG, ảnh WebP"):
        check_upload(PDF_BYTES, "a.pdf", allowed=IMAGE_KINDS)


# Names


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("Kế hoạch 2026.pdf", "Kế hoạch 2026.pdf"),
        (unicodedata.normalize("NFD", "Kế hoạch.pdf"), "Kế hoạch.pdf"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\system32\\a.dll", "a.dll"),
        ("C:\\Users\\An\\Báo cáo.docx", "Báo cáo.docx"),
        ("a\r\nSet-Cookie: x=1.pdf", "a Set-Cookie x=1.pdf"),
        ("a\u202egpj.exe", "a gpj.exe"),
        ('a"b<c>|d?.pdf', "a b c d .pdf"),
        ("..", "tep"),
        ("", "tep"),
        ("con.txt", "tep-con.txt"),
        ("  .hidden  ", "hidden"),
    ],
)
def test_display_name_leaves_only_a_harmless_name(sent: str, shown: str):
    assert display_name(sent) == shown


def test_display_name_with_255_vietnamese_letters_is_cut_and_keeps_its_ending():
    name = display_name("Ứng dụng công nghệ " * 20 + "kết thúc.docx")

    assert len(name) <= MAX_NAME_LENGTH
    assert name.endswith(".docx")


def test_storage_name_is_random_and_holds_nothing_from_the_user():
    first, second = storage_name(PDF), storage_name(PDF)

    assert first != second
    folder, inner, leaf = first.split("/")
    assert leaf.startswith(folder + inner)
    assert leaf.endswith(".pdf")


# Pictures


def test_clean_image_drops_position_comment_and_hidden_bytes_and_turns_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # taken with the phone on its side
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (10.0, 57.0, 30.0)
    content = picture("JPEG", (40, 20), exif=exif, comment=b"ma lenh an") + b"<script>alert(1)</script>"
    assert Image.open(io.BytesIO(content)).getexif().get_ifd(0x8825)

    cleaned = clean_image(content)

    again = Image.open(io.BytesIO(cleaned.content))
    assert not again.getexif()
    assert "comment" not in again.info
    assert b"script" not in cleaned.content
    assert (cleaned.width, cleaned.height) == again.size == (20, 40)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_clean_image_keeps_kind_and_colour_and_shrinks(kind: str):
    cleaned = clean_image(picture(kind, (400, 200)), max_side=100)

    assert cleaned.kind.code.upper() == kind
    assert (cleaned.width, cleaned.height) == (100, 50)
    red, green, _ = Image.open(io.BytesIO(cleaned.content)).convert("RGB").getpixel((50, 25))
    assert red > 180
    assert green < 60


def test_clean_image_with_transparent_png_stays_transparent():
    buffer = io.BytesIO()
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(buffer, "PNG")

    assert Image.open(io.BytesIO(clean_image(buffer.getvalue()).content)).mode == "RGBA"


def test_clean_image_with_pixel_bomb_is_refused_before_it_is_unpacked():
    bomb = picture("PNG", (12_000, 12_000))

    with pytest.raises(UploadTooLarge):
        clean_image(bomb)


@pytest.mark.parametrize("content", [b"", b"GIF89a", picture("JPEG")[:200], picture("PNG")[:60], b"\x89PNG\r\n\x1a\n"])
def test_clean_image_with_damaged_or_other_picture_is_refused(content: bytes):
    with pytest.raises(UploadMismatch):
        clean_image(content)


# Serving


def test_download_headers_spell_the_name_twice_and_close_every_door():
    headers = download_headers('Kế hoạch "2026"\r\nX: y.pdf')

    assert headers["Content-Disposition"] == (
        "attachment; filename=\"ke-hoach-2026-x-y.pdf\"; filename*=UTF-8''K%E1%BA%BF%20ho%E1%BA%A1ch%202026%20X%20y.pdf"
    )
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]


def test_download_response_sends_bytes_and_open_files_alike():
    from_bytes = download_response(b"abc", "a.pdf", media_type=PDF.media_type)
    from_file = download_response(io.BytesIO(b"abc"), "a.pdf", media_type=PDF.media_type)

    assert from_bytes.content == b"".join(from_file.streaming_content) == b"abc"
    for response in (from_bytes, from_file):
        assert response["Content-Disposition"].startswith("attachment; ")
        assert response["Content-Type"] == "application/pdf"


def test_download_response_shows_only_pictures_inline():
    assert download_response(b"x", "a.png", media_type="image/png", inline=True)["Content-Disposition"].startswith(
        "inline"
    )
    with pytest.raises(ValueError, match="inline"):
        download_response(b"x", "a.html", media_type="text/html", inline=True)
