"""The backup file: a .tar.gz with manifest.json first, then the database, then every uploaded file under files/.

Knows bytes and digests, not databases.
"""

import contextlib
import gzip
import hashlib
import io
import json
import os
import tarfile
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO

from khcn.site.backup.errors import Damaged
from khcn.site.launcher.messages import tell

FORMAT = 1
MANIFEST = "manifest.json"
FILES = "files"
MANIFEST_LIMIT_BYTES = 200_000_000
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Member:
    """One file inside: its name in the archive, size in bytes, SHA-256 in hex."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Facts:
    """What a database held when it was copied; a restored copy must hold the same.

    tables: rows of each table. migrations: "app.name" of each applied one. audit_head: digest of the last row of the
    audit log, empty without rows.
    """

    tables: dict[str, int]
    migrations: list[str]
    audit_rows: int
    audit_head: str
    extensions: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Manifest:
    """Everything one must know to trust the file. engine: "sqlite" or "postgresql"; made_at: ISO 8601 with offset."""

    version: str
    made_at: str
    engine: str
    database: Member
    files: list[Member]
    facts: Facts
    format: int = FORMAT


def sha256(path: Path) -> str:
    """SHA-256 (hex) of a file, read in blocks."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def member(path: Path, name: str) -> Member:
    """The facts of a file that goes in under the name."""
    return Member(name, path.stat().st_size, sha256(path))


def uploads(folder: Path) -> list[tuple[Path, str]]:
    """Every regular file below the folder with its name in the archive; links are not followed."""
    found = []
    for root, _, names in os.walk(folder):
        for name in names:
            path = Path(root) / name
            if path.is_file() and not path.is_symlink():
                found.append((path, f"{FILES}/{path.relative_to(folder).as_posix()}"))
    return sorted(found, key=lambda pair: pair[1])


def write(target: Path, manifest: Manifest, contents: dict[str, Path]) -> None:
    """Writes the archive under a draft name and renames it when it is whole and on the disk.

    contents: path of each member by its name. Raises Damaged where a file changed while it was read.
    """
    draft = target.with_name(target.name + ".part")
    target.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        stack.callback(draft.unlink, missing_ok=True)
        raw = stack.enter_context(open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb"))
        with tarfile.open(fileobj=raw, mode="w:gz", compresslevel=3) as archive:
            body = json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode()
            _add(archive, MANIFEST, len(body), io.BytesIO(body))
            for one in [manifest.database, *manifest.files]:
                with contents[one.name].open("rb") as handle:
                    _add(archive, one.name, one.size, handle)
        raw.flush()
        os.fsync(raw.fileno())
        draft.replace(target)


def _add(archive: tarfile.TarFile, name: str, size: int, handle: IO[bytes]) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = size
    entry.mode = 0o600
    try:
        archive.addfile(entry, handle)
    except OSError as error:
        raise Damaged(tell(f"Tệp {name} bị thay đổi khi đang sao lưu.", f"{name} changed while being read.")) from error


def read_manifest(source: Path) -> Manifest:
    """The manifest at the head of the archive. Raises Damaged."""
    with _opened(source) as archive:
        return _manifest(archive, source)


def unpack(source: Path, folder: Path) -> Manifest:
    """Unpacks every member of the manifest into the folder, each checked for size and digest; returns the manifest.

    Nothing else is unpacked and no name leads out of the folder. Raises Damaged at the first fault.
    """
    with _opened(source) as archive:
        manifest = _manifest(archive, source)
        awaited = {one.name: one for one in [manifest.database, *manifest.files]}
        while entry := archive.next():
            expected = awaited.pop(entry.name, None)
            if expected is None or not entry.isreg():
                raise Damaged(tell(f"Có tệp lạ trong bản sao lưu: {entry.name}.", f"Unexpected member {entry.name}."))
            _unpack_one(archive, entry, expected, folder)
    if awaited:
        name = next(iter(awaited))
        raise Damaged(tell(f"Bản sao lưu thiếu tệp {name}.", f"{name} is missing from the backup."))
    return manifest


def _unpack_one(archive: tarfile.TarFile, entry: tarfile.TarInfo, expected: Member, folder: Path) -> None:
    parts = PurePosixPath(expected.name).parts
    if expected.name.startswith("/") or ".." in parts:
        raise Damaged(tell(f"Tên tệp không an toàn: {expected.name}.", f"Unsafe member name {expected.name}."))
    target = folder.joinpath(*parts)
    target.parent.mkdir(parents=True, exist_ok=True)
    handle = archive.extractfile(entry)
    digest, size = hashlib.sha256(), 0
    with target.open("wb") as output:
        while handle and (block := handle.read(_BLOCK)):
            output.write(block)
            digest.update(block)
            size += len(block)
    if size != expected.size or digest.hexdigest() != expected.sha256:
        raise Damaged(tell(f"Tệp {expected.name} không khớp mã băm.", f"{expected.name} does not match its digest."))


@contextlib.contextmanager
def _opened(source: Path) -> Iterator[tarfile.TarFile]:
    """The archive as a stream; whatever is wrong with gzip or tar becomes Damaged."""
    try:
        with gzip.open(source) as plain:
            with tarfile.open(fileobj=plain, mode="r|") as archive:
                yield archive
            while plain.read(_BLOCK):  # to the end, where gzip keeps its own check of the whole
                pass
    except FileNotFoundError as error:
        raise Damaged(tell(f"Không có tệp {source}.", f"There is no file {source}.")) from error
    except (tarfile.TarError, zlib.error, EOFError, OSError, ValueError) as error:
        text = tell(
            f"Tệp {source.name} hỏng hoặc không phải bản sao lưu của KHCN: {error}.",
            f"{source.name} is damaged or not a backup of KHCN: {error}.",
        )
        raise Damaged(text) from error


def _manifest(archive: tarfile.TarFile, source: Path) -> Manifest:
    entry = archive.next()
    handle = archive.extractfile(entry) if entry and entry.name == MANIFEST and entry.isreg() else None
    if handle is None or entry is None or entry.size > MANIFEST_LIMIT_BYTES:
        raise Damaged(tell(f"{source.name} không có bảng kê ở đầu tệp.", f"{source.name} has no manifest at its head."))
    try:
        raw = json.loads(handle.read())
        return Manifest(
            version=raw["version"],
            made_at=raw["made_at"],
            engine=raw["engine"],
            format=raw["format"],
            database=Member(**raw["database"]),
            files=[Member(**one) for one in raw["files"]],
            facts=Facts(**raw["facts"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Damaged(tell("Bảng kê của bản sao lưu không đọc được.", "The manifest cannot be read.")) from error
