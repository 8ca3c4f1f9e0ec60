"""Receives files from people without trusting them: kind, size, name, image metadata; and serves them safely.

The name and the browser's content type are never believed: the bytes decide. It stores nothing and scans for no
viruses, apart from the harmless EICAR test file, so that the refusal can be shown. Rules: OWASP ASVS 5.0 V5.2 to V5.4.
"""

import hashlib
import io
import re
import secrets
import unicodedata
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import quote

from django.http import FileResponse, HttpResponse, HttpResponseBase
from PIL import Image, ImageOps, UnidentifiedImageError

from khcn.lib.failure import Failure
from khcn.lib.text import slug
from khcn.web.archive_limits import ArchiveRefused, check_zip
from khcn.web.spreadsheets.delimited import decode_text
from khcn.web.spreadsheets.table import TableRefused

MAX_UPLOAD_BYTES = 50 * 1024 * 1024
MAX_IMAGE_PIXELS = 50_000_000  # a phone's best picture; 200 MB once unpacked
MAX_NAME_LENGTH = 180  # letters; leaves room for "(2)" and for systems that allow 255 bytes

_EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
_ZIP_START, _ZIP_END = b"PK\x03\x04", b"PK\x05\x06"
_OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Programs leave line ends and padding behind the end mark; markup there would make the file a web page as well.
_PDF_END = re.compile(rb"%%EOF[^<]{0,1024}$", re.DOTALL)
_SEARCHED_TAIL = 66_000  # a zip's end record and its longest comment
_MACROS = ("vbaproject.bin", "vbadata.xml")
_FORBIDDEN_IN_NAMES = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]')
_DEVICE_NAMES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_SANDBOX = "default-src 'none'; sandbox"


@dataclass(frozen=True)
class FileKind:
    """A kind of file that may be received: its media type and the endings its name may have."""

    code: str
    name_vi: str
    media_type: str
    endings: tuple[str, ...]


_OFFICE = "application/vnd.openxmlformats-officedocument"
PDF = FileKind("pdf", "PDF", "application/pdf", (".pdf",))
DOCX = FileKind("docx", "Word (.docx)", f"{_OFFICE}.wordprocessingml.document", (".docx",))
XLSX = FileKind("xlsx", "Excel (.xlsx)", f"{_OFFICE}.spreadsheetml.sheet", (".xlsx",))
CSV = FileKind("csv", "CSV", "text/csv", (".csv",))
TEXT = FileKind("txt", "văn bản (.txt)", "text/plain", (".txt",))
PNG = FileKind("png", "ảnh PNG", "image/png", (".png",))
JPEG = FileKind("jpeg", "ảnh JPEG", "image/jpeg", (".jpg", ".jpeg"))
WEBP = FileKind("webp", "ảnh WebP", "image/webp", (".webp",))

DOCUMENT_KINDS = (PDF, DOCX, XLSX, CSV, TEXT)
IMAGE_KINDS = (PNG, JPEG, WEBP)
ATTACHMENT_KINDS = DOCUMENT_KINDS + IMAGE_KINDS

_SIGNATURES: tuple[tuple[FileKind, re.Pattern[bytes]], ...] = (
    (PDF, re.compile(rb"%PDF-\d\.\d")),
    (PNG, re.compile(rb"\x89PNG\r\n\x1a\n")),
    (JPEG, re.compile(rb"\xff\xd8\xff")),
    (WEBP, re.compile(rb"RIFF....WEBP", re.DOTALL)),
)


@dataclass(frozen=True)
class CheckedUpload:
    """A file that may be kept: its kind, a name fit to show, its size in bytes and SHA-256 in hexadecimal."""

    kind: FileKind
    display_name: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True)
class CleanImage:
    """A picture made anew from its pixels: nothing of the sent file is left but what can be seen."""

    content: bytes
    kind: FileKind
    width: int
    height: int


class UploadRefused(Failure):
    """The file may not be kept.

    UploadRefused
      ├─ UploadEmpty          upload_empty           0 bytes
      ├─ UploadTooLarge       upload_too_large       more bytes or pixels than allowed
      ├─ UploadKindForbidden  upload_kind_forbidden  this kind is not received here
      ├─ UploadMismatch       upload_mismatch        the content is not what the name says, or two kinds at once
      └─ UploadHarmful        upload_harmful         macros, decompression bombs, escaping names, the EICAR test
    """

    code = "upload_refused"
    default = "Không nhận được tệp này."


class UploadEmpty(UploadRefused):
    code = "upload_empty"
    default = "Tệp trống (0 byte). Vui lòng kiểm tra và chọn lại tệp."


class UploadTooLarge(UploadRefused):
    code = "upload_too_large"
    default = "Tệp quá lớn. Vui lòng giảm dung lượng hoặc tách tệp rồi gửi lại."


class UploadKindForbidden(UploadRefused):
    code = "upload_kind_forbidden"


class UploadMismatch(UploadRefused):
    code = "upload_mismatch"
    default = "Nội dung tệp không đúng với phần mở rộng của tên tệp. Vui lòng mở lại tệp gốc và lưu đúng định dạng."


class UploadHarmful(UploadRefused):
    code = "upload_harmful"
    default = "Tệp có nội dung có thể gây hại nên không được nhận."


def check_upload(
    content: bytes,
    filename: str,
    *,
    allowed: Sequence[FileKind] = ATTACHMENT_KINDS,
    max_bytes: int = MAX_UPLOAD_BYTES,
) -> CheckedUpload:
    """Decide by its bytes whether a file may be kept.

    filename: as the browser sent it; may hold paths and anything else. Raises an UploadRefused.
    """
    if not content:
        raise UploadEmpty
    if len(content) > max_bytes:
        raise UploadTooLarge(f"Tệp vượt quá {max_bytes // (1024 * 1024)} MB. Vui lòng giảm dung lượng rồi gửi lại.")
    name = display_name(filename)
    ending = PurePosixPath(name).suffix.lower()
    named = next((kind for kind in allowed if ending in kind.endings), None)
    if named is None:
        kinds = ", ".join(kind.name_vi for kind in allowed)
        raise UploadKindForbidden(f"Không nhận tệp “{ending or 'không có phần mở rộng'}”. Chỉ nhận: {kinds}.")
    if _EICAR in content[:1024]:
        raise UploadHarmful("Tệp là tệp thử vi-rút EICAR nên không được nhận.")
    if _kind_of(content, named) is not named:
        raise UploadMismatch
    return CheckedUpload(named, name, len(content), hashlib.sha256(content).hexdigest())


def clean_image(content: bytes, *, max_pixels: int = MAX_IMAGE_PIXELS, max_side: int | None = None) -> CleanImage:
    """The picture upright, without EXIF (which may hold a GPS position, sensitive data), profiles and hidden bytes.

    max_side: shrink so that neither side is longer, in pixels. Raises UploadMismatch when it is no PNG, JPEG or WebP,
    UploadTooLarge when it has more than max_pixels.
    """
    kinds = {"PNG": PNG, "JPEG": JPEG, "WEBP": WEBP}
    try:
        with warnings.catch_warnings():
            # Our own limit below is stricter than Pillow's warning.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(content), formats=tuple(kinds))
            if picture.width * picture.height > max_pixels:
                raise UploadTooLarge(f"Ảnh có hơn {max_pixels // 1_000_000} triệu điểm ảnh. Vui lòng thu nhỏ ảnh.")
            kind = kinds[picture.format or ""]
            upright = ImageOps.exif_transpose(picture)
    except Image.DecompressionBombError as error:
        raise UploadTooLarge from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, KeyError, IndexError) as error:
        # What Pillow raises on damaged pictures, by format.
        raise UploadMismatch("Không mở được ảnh. Vui lòng chọn tệp ảnh khác.") from error
    plain = upright.convert("RGB" if kind is JPEG else "RGBA" if upright.has_transparency_data else "RGB")
    if max_side:
        plain.thumbnail((max_side, max_side))
    pixels = Image.new(plain.mode, plain.size)
    pixels.paste(plain)
    buffer = io.BytesIO()
    pixels.save(buffer, format=kind.code.upper(), quality=88)
    return CleanImage(buffer.getvalue(), kind, pixels.width, pixels.height)


def display_name(filename: str) -> str:
    """The name without folders, invisible and forbidden characters, composed, at most 180 letters, ending kept."""
    name = unicodedata.normalize("NFC", filename).replace("\\", "/").rpartition("/")[2]
    name = " ".join(_FORBIDDEN_IN_NAMES.sub(" ", name).split()).strip(". ")
    if not name or _DEVICE_NAMES.fullmatch(name):
        name = f"tep-{name}".rstrip("-")
    path = PurePosixPath(name)
    if len(name) > MAX_NAME_LENGTH:
        ending = path.suffix[:10]
        name = name[: MAX_NAME_LENGTH - len(ending)].rstrip(". ") + ending
    return name


def storage_name(kind: FileKind) -> str:
    """A random path like "3f/9a/3f9a….pdf", in which nothing comes from the user (128 random bits)."""
    token = secrets.token_hex(16)
    return f"{token[:2]}/{token[2:4]}/{token}{kind.endings[0]}"


def download_response(
    content: bytes | Iterable[bytes] | io.BufferedIOBase,
    filename: str,
    *,
    media_type: str,
    inline: bool = False,
) -> HttpResponseBase:
    """A response that a browser saves, or shows in a sandbox when inline, and never runs.

    inline is for pictures only. An open file is closed with the response. Raises ValueError for another inline type.
    """
    if inline and media_type not in {kind.media_type for kind in IMAGE_KINDS}:
        raise ValueError("only pictures are shown inline")
    response: HttpResponseBase
    if isinstance(content, bytes):
        response = HttpResponse(content, content_type=media_type)
    else:
        response = FileResponse(content, content_type=media_type)
    for header, value in download_headers(filename, inline=inline).items():
        response[header] = value
    return response


def download_headers(filename: str, *, inline: bool = False) -> dict[str, str]:
    """The headers of a served file: its name in two spellings (RFC 6266), no sniffing, a sandbox, no shared cache."""
    name = display_name(filename)
    path = PurePosixPath(name)
    plain = (slug(path.stem) or "tep") + (path.suffix if path.suffix.isascii() else "")
    disposition = "inline" if inline else "attachment"
    return {
        "Content-Disposition": f"{disposition}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": _SANDBOX,
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, no-store",
    }


def _kind_of(content: bytes, named: FileKind) -> FileKind | None:
    """What the content is. Raises UploadHarmful for archives that must not be opened, UploadMismatch for two kinds."""
    for kind, signature in _SIGNATURES:
        if signature.match(content):
            # A picture or PDF with an archive behind it is two files in one; only one of them was checked.
            if _ZIP_END in content[-_SEARCHED_TAIL:]:
                raise UploadMismatch("Tệp chứa hai định dạng lồng vào nhau nên không được nhận.")
            if kind is PDF and not _PDF_END.search(content[-2048:]):
                raise UploadMismatch("Tệp PDF bị cắt ngang hoặc có nội dung lạ ở cuối. Vui lòng lưu lại tệp.")
            return kind
    if content.startswith(_ZIP_START):
        return _office_kind(content)
    if content.startswith(_OLE_START):
        raise UploadMismatch(
            "Tệp có mật khẩu hoặc ở định dạng Office 97–2003. Vui lòng bỏ mật khẩu và lưu dạng .docx hoặc .xlsx."
        )
    if named in (CSV, TEXT) and _is_text(content):
        return named
    return None


def _office_kind(content: bytes) -> FileKind | None:
    try:
        names = check_zip(content).names
    except ArchiveRefused as refusal:
        raise UploadHarmful(refusal.message) from refusal
    if any(PurePosixPath(name.lower()).name in _MACROS for name in names):
        raise UploadHarmful("Tệp có chứa macro (chương trình). Vui lòng lưu lại dạng không có macro rồi gửi lần nữa.")
    if "[Content_Types].xml" not in names:
        return None
    if "word/document.xml" in names:
        return DOCX
    return XLSX if "xl/workbook.xml" in names else None


def _is_text(content: bytes) -> bool:
    try:
        text, _ = decode_text(content)
    except TableRefused:
        return False
    control = sum(1 for letter in text[:20_000] if unicodedata.category(letter) == "Cc" and letter not in "\t\r\n\f")
    return control == 0
