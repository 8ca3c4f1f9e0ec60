"""The two ways in which attachments are encoded: base64 of the file itself, or base64 of a ZIP that holds it.

An Office file is a ZIP too: it counts as wrapped only when the archive holds one single file of the attachment's name.
"""

from __future__ import annotations

import base64
import binascii
import io
import zipfile
import zlib
from enum import StrEnum
from pathlib import PurePosixPath

from khcn.standards.edxml.errors import EdxmlRefused

_ZIP_START = b"PK\x03\x04"
_ARCHIVE_ENDINGS = (".zip", ".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".jar", ".epub")
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)


class Packing(StrEnum):
    """How a writer encodes attachments."""

    RAW = "raw"
    ZIP = "zip"


def encode(content: bytes, name: str, packing: Packing) -> str:
    """The text of ContentTransferEncoded; equal input gives equal text."""
    if packing is Packing.ZIP:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(zipfile.ZipInfo(name, _FIXED_TIME), content, zipfile.ZIP_DEFLATED)
        content = buffer.getvalue()
    return base64.b64encode(content).decode("ascii")


def decode(text: str, name: str, *, max_bytes: int) -> bytes:
    """The file behind ContentTransferEncoded, whichever way it was encoded.

    Raises EdxmlRefused: attachment (no base64, too large), archive (damaged, encrypted, or a bomb).
    """
    try:
        content = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise EdxmlRefused("attachment", f"Tệp đính kèm “{name}” không phải base64.", path=name) from None
    if len(content) > max_bytes:
        raise EdxmlRefused("attachment", f"Tệp đính kèm “{name}” quá lớn.", path=name)
    return _unwrapped(content, name, max_bytes) if content.startswith(_ZIP_START) else content


def _unwrapped(content: bytes, name: str, max_bytes: int) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if not _is_wrapping(entries, name):
                return content
            if entries[0].flag_bits & 0x1:
                raise EdxmlRefused("archive", f"Tệp đính kèm “{name}” có mật khẩu.", path=name)
            with archive.open(entries[0]) as file:  # sizes in a directory can lie: count what really comes out
                inner = file.read(max_bytes + 1)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError):
        if name.lower().endswith(_ARCHIVE_ENDINGS):
            return content
        raise EdxmlRefused("archive", f"Tệp nén của “{name}” bị hỏng.", path=name) from None
    if len(inner) > max_bytes:
        raise EdxmlRefused("archive", f"Tệp đính kèm “{name}” quá lớn sau khi giải nén.", path=name)
    return inner


def _is_wrapping(entries: list[zipfile.ZipInfo], name: str) -> bool:
    if len(entries) != 1:
        return False
    if not name.lower().endswith(_ARCHIVE_ENDINGS):
        return True
    return PurePosixPath(entries[0].filename).name.lower() == PurePosixPath(name).name.lower()
