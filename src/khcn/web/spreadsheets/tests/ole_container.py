"""Writes a minimal OLE compound file, the container of encrypted and of old Office documents ([MS-CFB])."""

import struct

_SECTOR = 512
_END, _FREE, _FAT, _NOTHING = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFF


def ole_container(stream_name: str) -> bytes:
    """A container with one stream of 4096 zero bytes under the given name."""
    header = struct.pack(
        "<8s16s5H6xIIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6,
        0, 1, 1, 0, 4096, _END, 0, _END, 0, 0,
    )  # fmt: skip
    header = header[:76] + struct.pack("<109I", 0, *([_FREE] * 108))
    # Sector 0: allocation table; 1: directory; 2–9: the stream.
    chain = [_FAT, _END, *range(3, 10), _END]
    table = struct.pack("<128I", *chain, *([_FREE] * (128 - len(chain))))
    directory = _entry("Root Entry", 5, child=1, start=_END, size=0) + _entry(stream_name, 2, start=2, size=4096)
    directory += _entry("", 0) * 2
    return header + table + directory + bytes(8 * _SECTOR)


def _entry(name: str, kind: int, child: int = _NOTHING, start: int = 0, size: int = 0) -> bytes:
    encoded = name.encode("utf-16-le")
    length = len(encoded) + 2 if name else 0
    return struct.pack(
        "<64sHBBIII16sIQQIQ", encoded, length, kind, 1, _NOTHING, _NOTHING, child, b"", 0, 0, 0, start, size
    )
