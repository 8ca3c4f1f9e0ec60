"""The source of a program as it was sent: an archive, a git bundle, or an archive of a repository without files.

Repositories are read in a child process (`git_program`) from their objects and refs only; whatever else lies in a git
folder (hooks, settings, other files) is not handed to it.
"""

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from khcn.domains.marks.queries import git_program
from khcn.domains.marks.rules.source_archive import Limits, Source, is_bundle, read_archive
from khcn.lib.failure import Refused

MEMORY_BYTES = 1024 * 1024 * 1024
CPU_SECONDS = 60
WAIT_SECONDS = 180
MOST_COMMITS = 50_000

_OBJECT = re.compile(r"objects/(?:[0-9a-f]{2}/[0-9a-f]{38}|pack/pack-[0-9a-f]{40}\.(?:pack|idx))")
_REF = re.compile(r"(?:refs/(?:heads|tags)/[\w./-]{1,100}|packed-refs)")
_HEAD = re.compile(rb"(?:ref: refs/heads/[\w./-]{1,100}|[0-9a-f]{40})\s*")
_REFUSED = {
    "broken": "Không đọc được kho git trong tệp; tạo lại tệp bằng lệnh git bundle create.",
    "empty": "Kho git chưa có lần ghi nào.",
    "incomplete": "Tệp git bundle chỉ có một phần lịch sử; tạo lại với tùy chọn --all.",
    "too_many": "Kho git có quá nhiều tệp.",
    "too_large": "Kho git bung ra quá lớn.",
}


@dataclass(frozen=True, slots=True)
class Author:
    """One author: commits, the first day and the last, and the commits of each month ("2024-05")."""

    name: str
    commits: int
    first: date
    last: date
    months: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Program:
    """What was sent: its source, who wrote it in which month, and the commit that was read, if any.

    is_cut: the history is longer than is read; the newest part of it was.
    """

    source: Source
    authors: tuple[Author, ...] = ()
    commit: str = ""
    is_cut: bool = False


def read_source(content: bytes) -> Source:
    """The source of what was sent, without its history. Raises Refused as `read_program` does."""
    return _read(content, Limits(), wants_history=False).source


def read_program(content: bytes, limits: Limits | None = None) -> Program:
    """The source and the history of what was sent. Raises Refused for what cannot be read or is too large.

    Where an archive holds files beside its git folder, those files are the source, as they lie there; the folder gives
    the history, and a folder that cannot be read gives none.
    """
    return _read(content, limits or Limits(), wants_history=True)


def _read(content: bytes, limits: Limits, *, wants_history: bool) -> Program:
    if is_bundle(content):
        found, tree = _read_repository({"bundle": content}, limits, wants_history=wants_history, wants_tree=True)
        return _program(found, read_archive(tree, limits) if tree else Source())
    source = read_archive(content, limits)
    if not source.git or (source.files and not wants_history):
        return _program({}, source)
    try:
        found, tree = _read_repository(
            _known(source.git), limits, wants_history=wants_history, wants_tree=not source.files
        )
    except Refused:
        if not source.files:
            raise
        return _program({}, source)
    return _program(found, read_archive(tree, limits) if tree else source)


def _program(found: Mapping[str, Any], source: Source) -> Program:
    if not source.files:
        raise Refused("Không thấy mã nguồn nào trong tệp.", field="archive")
    authors = tuple(
        Author(
            one["name"], one["commits"], date.fromisoformat(one["first"]), date.fromisoformat(one["last"]),
            one["months"],
        )
        for one in found.get("authors", ())
    )  # fmt: skip
    return Program(source, authors, found.get("commit", ""), bool(found.get("is_cut")))


def _known(git: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files of a git folder that are read: objects, refs, and a head that is one."""
    return {
        name: content
        for name, content in git.items()
        if (_OBJECT.fullmatch(name) or _REF.fullmatch(name) or (name == "HEAD" and _HEAD.fullmatch(content)))
        and ".." not in name
    }


def _read_repository(
    files: Mapping[str, bytes], limits: Limits, *, wants_history: bool, wants_tree: bool
) -> tuple[dict[str, Any], bytes]:  # fmt: skip
    """What the child found, and its tree as tar. Raises Refused."""
    with tempfile.TemporaryDirectory(prefix="khcn-git-") as folder:
        root, target = Path(folder, "repository"), Path(folder, "found")
        for made in (root / "objects", root / "refs", target):
            made.mkdir(parents=True)
        (root / "HEAD").write_text("ref: refs/heads/main\n")
        (root / "config").write_text("[core]\n\trepositoryformatversion = 0\n\tbare = true\n")
        for name, content in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        orders = {
            "memory_bytes": MEMORY_BYTES, "cpu_seconds": CPU_SECONDS, "commits": MOST_COMMITS, "files": limits.files,
            "bytes": limits.bytes_whole, "bytes_of_one": limits.bytes_of_one, "history": wants_history,
            "tree": wants_tree,
        }  # fmt: skip
        command = [sys.executable, "-I", git_program.__file__, str(root), str(target), json.dumps(orders)]
        try:
            subprocess.run(command, capture_output=True, timeout=WAIT_SECONDS, check=False, cwd=folder)  # noqa: S603 – our program
            found: dict[str, Any] = json.loads((target / "found.json").read_text("utf-8"))
        except (subprocess.TimeoutExpired, OSError, ValueError):  # ended at its limits
            found = {"refused": "too_large"}
        if "refused" in found:
            raise Refused(_REFUSED[found["refused"]], field="archive")
        tree = target / "tree.tar"
        return found, tree.read_bytes() if tree.exists() else b""
