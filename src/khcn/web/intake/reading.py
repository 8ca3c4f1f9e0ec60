"""Decide by content and ending what a file is, refuse what must not be opened, and hand it to the reader of its
kind.
"""

from pathlib import PurePath

import olefile

from khcn.lib.encodings import decode_bytes
from khcn.lib.labelled import gettext_noop
from khcn.web.archive_limits import (
    ArchiveBroken,
    ArchiveEncrypted,
    ArchiveRefused,
    ArchiveTooLarge,
    check_zip,
)
from khcn.web.intake.content import DEFAULT_INTAKE_LIMITS, IntakeLimits, IntakeText
from khcn.web.intake.portable import read_pdf
from khcn.web.intake.refusals import (
    FileBroken,
    FileEmpty,
    FileProtected,
    FileTooLarge,
    FormatUnsupported,
    OldWordFormat,
)
from khcn.web.intake.word import read_docx

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENDINGS = {".docx": "docx", ".pdf": "pdf", ".txt": "txt"}
_NAMES = {"docx": "tệp Word (.docx)", "pdf": "tệp PDF", "txt": "văn bản thuần (.txt)"}
_ADVICE = (
    (
        (".odt", ".ott", ".fodt"),
        gettext_noop(
            "Đây là tệp OpenDocument. Vui lòng mở bằng LibreOffice hoặc Word, lưu lại dưới dạng .docx rồi gửi lần nữa."
        ),
    ),
    (
        (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".heic", ".webp"),
        gettext_noop(
            "Đây là tệp ảnh. Vui lòng gom các trang ảnh thành một tệp PDF rồi gửi lại, hoặc gửi tệp .docx gốc."
        ),
    ),
    (
        (".xlsx", ".xls", ".csv", ".ods"),
        gettext_noop(
            "Đây là bảng tính, không phải văn bản kế hoạch. "
            "Bảng danh mục nhiệm vụ được nhập ở mục Phụ lục của kế hoạch."
        ),
    ),
    (
        (".zip", ".rar", ".7z"),
        gettext_noop("Đây là tệp nén. Vui lòng giải nén rồi gửi tệp .docx hoặc .pdf ở bên trong."),
    ),
    (
        (".html", ".htm", ".mht"),
        gettext_noop("Đây là trang web. Vui lòng tải tệp .docx hoặc .pdf của văn bản rồi gửi tệp đó."),
    ),
)
_CONTROLS = frozenset(range(32)) - {0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x1B}


def read_file(content: bytes, filename: str, *, limits: IntakeLimits = DEFAULT_INTAKE_LIMITS) -> IntakeText:
    """Return the text of a file.

    content: its bytes. filename: as the sender named it; ending and content must agree.
    Raises an IntakeError whose sentence tells the sender what to do.
    """
    refuse_size(len(content), limits=limits)
    kind = _kind_of(content, filename)
    if kind == "docx":
        taken = read_docx(content)
    elif kind == "pdf":
        taken = read_pdf(content, limits)
    else:
        taken = _read_plain(content)
    if not any(letter.isalpha() for letter in taken.text):
        raise FileEmpty("Tệp không có chữ nào đọc được. Vui lòng kiểm tra lại tệp gốc rồi gửi lại.")
    return taken


def refuse_size(size: int, *, limits: IntakeLimits = DEFAULT_INTAKE_LIMITS) -> None:
    """Raise FileEmpty or FileTooLarge for a file of `size` bytes, before anything of it is read."""
    if not size:
        raise FileEmpty
    if size > limits.max_bytes:
        raise FileTooLarge(
            f"Tệp nặng {size / 1024**2:.0f} MB, vượt giới hạn {limits.max_bytes / 1024**2:.0f} MB. "
            "Vui lòng bỏ bớt hình ảnh hoặc tách tệp rồi gửi lại."
        )


def _kind_of(content: bytes, filename: str) -> str:
    """Return "docx", "pdf" or "txt" after ending and content agree."""
    ending = PurePath(filename.lower()).suffix
    if content.startswith(_OLE):
        _refuse_ole(content)
    if content[:64].lstrip().startswith(b"{\\rtf") or ending in (".doc", ".rtf", ".dot"):
        raise OldWordFormat
    if ending in (".docm", ".dotm"):
        raise FormatUnsupported(
            "Tệp Word có chứa macro. Vui lòng lưu lại dưới dạng .docx (không macro) rồi gửi lần nữa."
        )
    expected = _ENDINGS.get(ending)
    if expected is None:
        advice = next((advice for endings, advice in _ADVICE if ending in endings), "")
        raise FormatUnsupported(advice)
    found = _magic(content)
    if found != expected:
        if found is None:
            raise FileBroken
        raise FormatUnsupported(
            f"Tên tệp có đuôi “{ending}” nhưng nội dung là {_NAMES[found]}. Vui lòng đổi lại đuôi tệp cho đúng "
            f"rồi gửi lại."
        )
    return found


def _magic(content: bytes) -> str | None:
    if content.startswith(b"PK\x03\x04"):
        _check_archive(content)
        return "docx"
    if b"%PDF-" in content[:1024]:
        return "pdf"
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "txt"
    sample = content[:65536]
    return None if sum(byte in _CONTROLS for byte in sample) > len(sample) // 200 else "txt"


def _check_archive(content: bytes) -> None:
    try:
        names = check_zip(content).names
    except ArchiveEncrypted as error:
        raise FileProtected from error
    except ArchiveTooLarge as error:
        raise FileTooLarge(error.message) from error
    except ArchiveBroken as error:
        raise FileBroken from error
    except ArchiveRefused as error:
        raise FileBroken(error.message) from error
    if "word/document.xml" not in names:
        raise FormatUnsupported


def _refuse_ole(content: bytes) -> None:
    """Refuse an OLE file by name: a Word file under a password, an old Word file, or something else."""
    try:
        with olefile.OleFileIO(content) as container:
            if container.exists("EncryptedPackage") or container.exists("EncryptionInfo"):
                raise FileProtected
            if container.exists("WordDocument"):
                raise OldWordFormat
    except (OSError, ValueError, IndexError) as error:
        raise FileBroken from error
    raise FormatUnsupported


def _read_plain(content: bytes) -> IntakeText:
    text, encoding = decode_bytes(content)
    warnings = []
    if not encoding.startswith("UTF-") or "," in encoding:
        warnings.append(
            f"Văn bản dùng bảng mã {encoding}, đã được chuyển sang Unicode. Vui lòng soát lại dấu tiếng Việt."
        )
    if "\ufffd" in text:
        warnings.append("Có ký tự không đọc được trong văn bản. Vui lòng lưu lại tệp theo bảng mã UTF-8.")
    return IntakeText(text, tuple(text.split("\f")), "txt", tuple(warnings))
