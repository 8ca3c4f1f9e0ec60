"""Refuses zip archives (.docx, .xlsx, .zip) that would harm the program that opens them.

It inflates every entry to count real bytes, because sizes in a zip directory can lie. It extracts nothing, keeps no
content and does not look inside nested archives. Limits: OWASP ASVS 5.0 V5.2.1-V5.2.3 and V5.3.
"""

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass
from typing import BinaryIO

from khcn.lib.failure import Failure

_CENTRAL_SIGNATURE = b"PK\x01\x02"
_LOCAL_SIGNATURE = b"PK\x03\x04"
_LOCAL_HEADER = struct.Struct("<4s5H3I2H")
_CHUNK = 64 * 1024
_ENCRYPTED_FLAG = 0x1


@dataclass(frozen=True)
class ArchiveLimits:
    """What an archive may cost at most.

    max_entries: number of files in the archive. max_unpacked_bytes: sum of all files after inflating.
    max_ratio: unpacked / packed, per file and for the whole, counted only above ratio_floor_bytes, since a short
    file of repeated text is harmless at any ratio.
    """

    max_entries: int = 10_000
    max_unpacked_bytes: int = 200 * 1024 * 1024
    max_ratio: int = 100
    ratio_floor_bytes: int = 1024 * 1024


DEFAULT_ARCHIVE_LIMITS = ArchiveLimits()


@dataclass(frozen=True)
class ArchiveContents:
    """What a checked archive holds: file names in directory order, and the real number of unpacked bytes."""

    names: tuple[str, ...]
    unpacked_bytes: int


class ArchiveRefused(Failure):
    """The archive must not be opened.

    ArchiveRefused
      ├─ ArchiveBroken         archive_broken       not a zip, or damaged
      ├─ ArchiveEncrypted      archive_encrypted    needs a password
      ├─ ArchiveTooLarge       archive_too_large    too many files, too many bytes, or a decompression bomb
      └─ ArchiveUnsafeName     archive_unsafe_name  a file name that would escape the target folder
    """

    code = "archive_refused"
    default = "Không nhận được tệp nén này."


class ArchiveBroken(ArchiveRefused):
    code = "archive_broken"
    default = "Tệp bị hỏng hoặc chưa tải lên đủ, không mở được. Vui lòng mở lại tệp gốc, lưu lại rồi gửi lần nữa."


class ArchiveEncrypted(ArchiveRefused):
    code = "archive_encrypted"
    default = "Tệp được bảo vệ bằng mật khẩu. Vui lòng bỏ mật khẩu, lưu lại rồi gửi lần nữa."


class ArchiveTooLarge(ArchiveRefused):
    code = "archive_too_large"
    default = "Tệp có nội dung nén quá lớn nên không được mở. Vui lòng tách tệp thành nhiều phần nhỏ hơn."


class ArchiveUnsafeName(ArchiveRefused):
    code = "archive_unsafe_name"
    default = "Tệp nén có chứa tên tệp không an toàn nên không được mở."


def check_zip(source: bytes | BinaryIO, limits: ArchiveLimits = DEFAULT_ARCHIVE_LIMITS) -> ArchiveContents:
    """Check a zip before any parser sees it.

    source: the bytes, or a seekable binary file (its position is put back).
    Returns the file names and the counted unpacked size.
    Raises ArchiveBroken, ArchiveEncrypted, ArchiveTooLarge or ArchiveUnsafeName.
    """
    stream: BinaryIO = io.BytesIO(source) if isinstance(source, bytes | bytearray) else source
    position = stream.tell()
    try:
        return _check(stream, limits)
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, UnicodeDecodeError, NotImplementedError) as error:
        raise ArchiveBroken from error
    finally:
        stream.seek(position)


def is_unsafe_name(name: str) -> bool:
    """True when an archive member's name could be written outside its folder (zip-slip) or hides its real end."""
    if not name or "\x00" in name or "\\" in name or name.startswith("/"):
        return True
    if len(name) > 1 and name[1] == ":":
        return True
    return ".." in name.split("/")


def _check(stream: BinaryIO, limits: ArchiveLimits) -> ArchiveContents:
    if _count_central_records(stream) > limits.max_entries:
        raise ArchiveTooLarge
    stream.seek(0)
    with zipfile.ZipFile(stream) as archive:
        entries = archive.infolist()
    if sum(entry.file_size for entry in entries) > limits.max_unpacked_bytes:
        raise ArchiveTooLarge
    seen: set[str] = set()
    for entry in entries:
        # orig_filename: zipfile cuts the name at a zero byte and turns the separator of the system into "/".
        if is_unsafe_name(entry.orig_filename) or entry.filename in seen:
            raise ArchiveUnsafeName
        seen.add(entry.filename)
        if entry.flag_bits & _ENCRYPTED_FLAG:
            raise ArchiveEncrypted
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise ArchiveBroken("Tệp nén dùng kiểu nén không được hỗ trợ. Vui lòng nén lại theo kiểu thông thường.")
    unpacked = _measure(stream, entries, limits)
    return ArchiveContents(names=tuple(entry.filename for entry in entries), unpacked_bytes=unpacked)


def _count_central_records(stream: BinaryIO) -> int:
    """Upper bound of the number of entries, without building one object per entry."""
    stream.seek(0)
    count, tail = 0, b""
    while chunk := stream.read(1024 * 1024):
        window = tail + chunk
        count += window.count(_CENTRAL_SIGNATURE)
        tail = window[-3:]
    return count


def _measure(stream: BinaryIO, entries: list[zipfile.ZipInfo], limits: ArchiveLimits) -> int:
    total_out = total_in = 0
    last_end = -1
    for entry in sorted(entries, key=lambda item: item.header_offset):
        start = _content_offset(stream, entry)
        # Entries that share bytes are the trick of non-recursive bombs; honest writers never produce them.
        if entry.header_offset < last_end:
            raise ArchiveTooLarge
        budget = limits.max_unpacked_bytes - total_out
        stored = entry.compress_type == zipfile.ZIP_STORED
        packed, unpacked = (entry.compress_size,) * 2 if stored else _inflated_size(stream, start, budget, limits)
        last_end = start + packed
        total_in += packed
        total_out += unpacked
        if total_out > limits.max_unpacked_bytes:
            raise ArchiveTooLarge
    if total_out > limits.ratio_floor_bytes and total_out > limits.max_ratio * max(total_in, 1):
        raise ArchiveTooLarge
    return total_out


def _content_offset(stream: BinaryIO, entry: zipfile.ZipInfo) -> int:
    stream.seek(entry.header_offset)
    header = _LOCAL_HEADER.unpack(stream.read(_LOCAL_HEADER.size))
    if header[0] != _LOCAL_SIGNATURE:
        raise ArchiveBroken
    return entry.header_offset + _LOCAL_HEADER.size + header[9] + header[10]


def _inflated_size(stream: BinaryIO, start: int, budget: int, limits: ArchiveLimits) -> tuple[int, int]:
    """(packed, unpacked) bytes of one deflated entry, stopping as soon as a limit is passed."""
    stream.seek(start)
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    packed = unpacked = 0
    pending = b""
    while not inflater.eof:
        if not pending:
            pending = stream.read(_CHUNK)
            if not pending:
                raise ArchiveBroken
            packed += len(pending)
        unpacked += len(inflater.decompress(pending, 1024 * 1024))
        pending = inflater.unconsumed_tail
        if unpacked > budget:
            raise ArchiveTooLarge
        if unpacked > limits.ratio_floor_bytes and unpacked > limits.max_ratio * packed:
            raise ArchiveTooLarge
    return packed - len(inflater.unused_data), unpacked
