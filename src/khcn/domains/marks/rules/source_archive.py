"""Reads the source of a program out of an archive that nobody trusts: in memory, within limits, nothing is run. Pure.

Zip and tar, also compressed. Names that leave the archive, links and devices are left out and told; archives inside are
not opened. The files of a git folder are kept apart; a repository is read elsewhere, from its objects only.
"""

import hashlib
import io
import re
import tarfile
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from khcn.lib.failure import Refused
from khcn.lib.labelled import gettext_noop as _

LANGUAGES = {
    "py": "Python", "js": "JavaScript", "ts": "TypeScript", "tsx": "TypeScript", "jsx": "JavaScript", "java": "Java",
    "kt": "Kotlin", "cs": "C#", "c": "C", "h": "C", "cpp": "C++", "hpp": "C++", "go": "Go", "rs": "Rust", "php": "PHP",
    "rb": "Ruby", "swift": "Swift", "dart": "Dart", "vue": "Vue", "html": "HTML", "css": "CSS", "scss": "CSS",
    "sql": "SQL", "sh": "Shell", "vb": "Visual Basic", "pas": "Pascal", "m": "Objective-C", "scala": "Scala",
}  # fmt: skip
_BUNDLES = (b"# v2 git bundle\n", b"# v3 git bundle\n")
_GIT = re.compile(r"(?P<folder>(?:.*/)?[^/]*\.git)/(?P<inside>.+)")
LEFT_OUT = frozenset({"node_modules", ".venv", "venv", "vendor", "dist", "build", "__pycache__", ".idea", ".vscode"})


@dataclass(frozen=True, slots=True)
class Limits:
    """What an archive may be at most."""

    files: int = 20_000
    bytes_whole: int = 200 * 1024 * 1024
    bytes_of_one: int = 20 * 1024 * 1024
    growth: int = 200


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file of source: its path, language, lines and the digest of its bytes."""

    path: str
    language: str
    lines: tuple[str, ...]
    size: int
    sha256: str


@dataclass(slots=True)
class Source:
    """The source found, in the order of paths; what was left out and why; the files of the uppermost git folder."""

    files: list[SourceFile] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    git: dict[str, bytes] = field(default_factory=dict)


def is_bundle(content: bytes) -> bool:
    """Whether a file is a git bundle: a whole repository in one file."""
    return content.startswith(_BUNDLES)


def read_archive(content: bytes, limits: Limits | None = None) -> Source:
    """What is in an archive, perhaps no source. Raises Refused for no archive, one too large or that grows too much."""
    limits = limits or Limits()
    source, whole, count = Source(), 0, 0
    folders: dict[str, dict[str, bytes]] = defaultdict(dict)
    try:
        for name, data in _members(content, limits, source.skipped):
            count += 1
            whole += len(data)
            if count > limits.files:
                raise Refused("Tệp nén có quá nhiều tệp.", field="archive")
            if whole > limits.bytes_whole or whole > max(1, len(content)) * limits.growth + limits.bytes_of_one:
                raise Refused("Tệp nén bung ra quá lớn.", field="archive")
            held = _GIT.fullmatch(name)
            if held:
                folders[held["folder"]][held["inside"]] = data
            else:
                _take(source, name, data)
    except (zipfile.BadZipFile, tarfile.TarError, EOFError, OSError, zlib.error, RuntimeError, ValueError) as error:
        raise Refused("Tệp không phải tệp nén zip hoặc tar đọc được.", field="archive") from error
    source.files.sort(key=lambda one: one.path)
    if folders:
        source.git = folders[min(folders, key=lambda name: (name.count("/"), name))]
    return source


def _members(content: bytes, limits: Limits, skipped: list[tuple[str, str]]) -> Iterator[tuple[str, bytes]]:
    if content[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for info in archive.infolist():
                name = _clean(info.filename)
                if info.is_dir():
                    continue
                why = _why_not(name, info.file_size, limits, is_link=(info.external_attr >> 16) & 0o170000 == 0o120000)
                if why:
                    skipped.append((info.filename[:200], why))
                    continue
                with archive.open(info) as file:
                    yield name, file.read(_most(name, limits))
        return
    with tarfile.open(fileobj=io.BytesIO(content), mode="r:*") as tar:
        for member in tar:
            if member.isdir():
                continue
            name = _clean(member.name)
            why = _why_not(name, member.size, limits, is_link=not member.isreg())
            if why:
                skipped.append((member.name[:200], why))
                continue
            held = tar.extractfile(member)
            if held is not None:
                yield name, held.read(_most(name, limits))


def _clean(name: str) -> str:
    return name.replace("\\", "/")


def _most(name: str, limits: Limits) -> int:
    """Bytes that a file may have; what a repository holds packed together may be as large as everything."""
    return limits.bytes_whole if _GIT.fullmatch(name) else limits.bytes_of_one


def _why_not(name: str, size: int, limits: Limits, *, is_link: bool) -> str:
    parts = PurePosixPath(name).parts
    if is_link:
        return _("liên kết hoặc thiết bị")
    if name.startswith("/") or ".." in parts or ":" in name or "\x00" in name:
        return _("đường dẫn ra ngoài tệp nén")
    if size > _most(name, limits):
        return _("tệp quá lớn")
    if LEFT_OUT & set(parts):
        return _("thư viện hoặc kết quả biên dịch")
    return ""


def _take(source: Source, name: str, data: bytes) -> None:
    language = LANGUAGES.get(name.rsplit(".", 1)[-1].lower(), "") if "." in name else ""
    if not language:
        return
    if b"\x00" in data:
        source.skipped.append((name, _("không phải văn bản")))
        return
    text = data.decode("utf-8", errors="replace").removeprefix("\ufeff")
    lines = tuple(line.rstrip("\r") for line in text.split("\n"))
    source.files.append(SourceFile(name, language, lines, len(data), hashlib.sha256(data).hexdigest()))
