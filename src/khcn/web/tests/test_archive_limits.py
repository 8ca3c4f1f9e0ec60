"""Bombs, liars and escapes: what `check_zip` must refuse, and what it must let through."""

import io
import struct
import time
import zipfile
import zlib

import pytest

from khcn.web.archive_limits import (
    ArchiveBroken,
    ArchiveEncrypted,
    ArchiveLimits,
    ArchiveTooLarge,
    ArchiveUnsafeName,
    check_zip,
)


def zip_of(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return buffer.getvalue()


def test_check_zip_with_ordinary_members_returns_names_and_real_size():
    contents = check_zip(zip_of(("word/document.xml", b"<a/>" * 10), ("media/ảnh.png", b"123")))

    assert contents.names == ("word/document.xml", "media/ảnh.png")
    assert contents.unpacked_bytes == 43


def test_check_zip_with_a_file_object_puts_the_position_back():
    stream = io.BytesIO(zip_of(("a.txt", b"abc")))
    stream.seek(2)

    check_zip(stream)

    assert stream.tell() == 2


def test_check_zip_with_small_repetitive_file_accepts_any_ratio():
    check_zip(zip_of(("a.xml", b"0" * 500_000)))


def test_check_zip_with_classic_bomb_refuses_quickly():
    bomb = zip_of(*((f"{i}.xml", b"\0" * 20_000_000) for i in range(12)))

    started = time.perf_counter()
    with pytest.raises(ArchiveTooLarge):
        check_zip(bomb)

    assert time.perf_counter() - started < 5


def test_check_zip_with_ratio_above_limit_refuses_even_when_small_in_total():
    with pytest.raises(ArchiveTooLarge):
        check_zip(zip_of(("a.xml", b"\0" * 5_000_000)))


def test_check_zip_with_lying_directory_counts_real_bytes():
    raw = bytearray(zip_of(("a.xml", bytes(range(256)) * 4096)))
    central = raw.rindex(b"PK\x01\x02")
    struct.pack_into("<I", raw, central + 24, 10)  # declared unpacked size in the directory
    struct.pack_into("<I", raw, 22, 10)  # and in the local header

    with pytest.raises(ArchiveTooLarge):
        check_zip(bytes(raw), ArchiveLimits(max_unpacked_bytes=100_000, max_ratio=10_000))


def test_check_zip_with_overlapping_entries_refuses():
    raw = zip_of(("a.xml", b"x" * 100), ("b.xml", b"y" * 100))
    first = raw.index(b"PK\x01\x02")
    second = raw.rindex(b"PK\x01\x02")
    forged = bytearray(raw)
    struct.pack_into("<I", forged, second + 42, struct.unpack_from("<I", raw, first + 42)[0])

    with pytest.raises((ArchiveTooLarge, ArchiveBroken)):
        check_zip(bytes(forged))


def test_check_zip_with_too_many_entries_refuses_before_building_objects():
    with pytest.raises(ArchiveTooLarge):
        check_zip(zip_of(*((f"{i}", b"") for i in range(50))), ArchiveLimits(max_entries=49))


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/../../b", "/etc/passwd", "C:/x", "..\\x", "a\\..\\b"])
def test_check_zip_with_escaping_name_refuses(name: str):
    with pytest.raises(ArchiveUnsafeName):
        check_zip(zip_of((name, b"x")))


def test_check_zip_with_same_name_twice_refuses():
    with pytest.warns(UserWarning, match="Duplicate name"):
        archive = zip_of(("a", b"1"), ("a", b"2"))

    with pytest.raises(ArchiveUnsafeName):
        check_zip(archive)


def test_check_zip_with_encrypted_member_says_password():
    raw = bytearray(zip_of(("a.txt", b"secret")))
    raw[raw.rindex(b"PK\x01\x02") + 8] |= 1

    with pytest.raises(ArchiveEncrypted) as refusal:
        check_zip(bytes(raw))

    assert "mật khẩu" in refusal.value.message


@pytest.mark.parametrize("content", [b"", b"PK", b"not a zip", b"PK\x03\x04" + b"\0" * 40])
def test_check_zip_with_something_else_says_broken(content: bytes):
    with pytest.raises(ArchiveBroken):
        check_zip(content)


def test_check_zip_with_every_truncation_never_raises_anything_else():
    raw = zip_of(("word/document.xml", b"<w/>" * 200), ("b", b"123"))

    for length in range(len(raw)):
        with pytest.raises((ArchiveBroken, ArchiveTooLarge, ArchiveUnsafeName)):
            check_zip(raw[:length])


def test_check_zip_with_damaged_stream_says_broken():
    payload = bytes((i * 7919) % 251 for i in range(5000))
    raw = bytearray(zip_of(("a", payload)))
    start = 30 + 1
    raw[start : start + 40] = b"\xff" * 40

    with pytest.raises((ArchiveBroken, zlib.error)):
        check_zip(bytes(raw))


def test_check_zip_with_unusual_compression_says_so():
    with pytest.raises(ArchiveBroken, match="kiểu nén"):
        check_zip(zip_of(("a", b"x" * 100), method=zipfile.ZIP_LZMA))
