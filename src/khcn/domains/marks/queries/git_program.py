"""The child process that reads one git repository that nobody trusts: limited memory and time, nothing is run.

    python -I git_program.py SOURCE TARGET '{"memory_bytes": …, "cpu_seconds": …, "commits": …, "files": …, "bytes": …,
                                             "bytes_of_one": …, "history": true|false, "tree": true|false}'

SOURCE is a folder with a file `bundle`, or with `objects` and refs. TARGET gets found.json: {"commit"}, with "history"
also {"authors": [{"name", "commits", "first", "last", "months": {"2024-05": 3}}], "is_cut"}; or {"refused": code}; with
"tree" also tree.tar, the files of the newest state. Objects are read by a library; no hook, setting or filter of the
repository is looked at, and nothing is checked out. It imports nothing of the house.
"""

import heapq
import io
import json
import resource
import stat
import sys
import tarfile
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any


class Refusal(Exception):
    """The repository cannot be used; the argument is the code."""


def main(source: str, target: str, orders: dict[str, Any]) -> None:
    """Read and write."""
    resource.setrlimit(resource.RLIMIT_AS, (orders["memory_bytes"],) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (orders["cpu_seconds"],) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        found = read(Path(source), Path(target), orders)
    except Refusal as refusal:
        found = {"refused": str(refusal)}
    except MemoryError:
        found = {"refused": "too_large"}
    except Exception:  # noqa: BLE001 – whatever a library says of a broken file, it is broken
        found = {"refused": "broken"}
    (Path(target) / "found.json").write_text(json.dumps(found), encoding="utf-8")


def read(source: Path, target: Path, orders: dict[str, Any]) -> dict[str, Any]:
    """On order the history of all branches and the files of the newest state. Raises Refusal."""
    from dulwich.repo import Repo

    bundle = source / "bundle"
    if bundle.exists():
        repository = Repo.init_bare(str(source / "unpacked"), mkdir=True)
        heads = _unbundled(bundle, repository)
    else:
        repository = Repo(str(source))
        heads = {bytes(name): bytes(value) for name, value in repository.get_refs().items()}
    tips = _tips(repository, heads)
    if not tips:
        raise Refusal("empty")
    found = _history(repository, list(tips.values()), orders["commits"]) if orders["history"] else {}
    newest = _newest(repository, tips)
    if orders["tree"]:
        _write_tree(repository, newest, target / "tree.tar", orders)
    return {**found, "commit": newest.decode("ascii")}


def _unbundled(path: Path, repository: Any) -> dict[bytes, bytes]:
    from dulwich.bundle import read_bundle

    content = path.read_bytes()
    with read_bundle(io.BytesIO(content)) as bundle:
        if bundle.prerequisites:
            raise Refusal("incomplete")
        held, commit, abort = repository.object_store.add_pack()
        try:
            held.write(content[content.index(b"\n\nPACK") + 2 :])
            commit()
        except BaseException:
            abort()
            raise
        return {bytes(name): bytes(value) for name, value in bundle.references.items()}


def _tips(repository: Any, heads: dict[bytes, Any]) -> dict[bytes, bytes]:
    """Name of a ref: the commit it ends at; refs that end at nothing readable are left out."""
    from dulwich.object_store import peel_sha
    from dulwich.objects import Commit

    found = {}
    for name, sha in heads.items():
        try:
            ended = peel_sha(repository.object_store, sha)[1]
        except (KeyError, ValueError, AssertionError):
            continue
        if isinstance(ended, Commit):
            found[name] = bytes(ended.id)
    return found


def _newest(repository: Any, tips: dict[bytes, bytes]) -> bytes:
    for name in (b"HEAD", b"refs/heads/main", b"refs/heads/master"):
        if name in tips:
            return tips[name]
    return max(tips.values(), key=lambda sha: (repository.object_store[sha].commit_time, sha))


def _history(repository: Any, tips: list[bytes], most: int) -> dict[str, Any]:
    """Who wrote how much in which month, newest commits first up to `most`."""
    from dulwich.objects import Commit

    waiting: list[tuple[int, bytes, Any]] = []
    seen: set[bytes] = set()

    def meet(sha: bytes) -> None:
        if sha in seen:
            return
        seen.add(sha)
        try:
            commit = repository.object_store[sha]
        except KeyError:  # a shallow copy ends here
            return
        if isinstance(commit, Commit):
            heapq.heappush(waiting, (-commit.commit_time, sha, commit))

    for tip in tips:
        meet(tip)
    authors: dict[str, dict[str, Any]] = {}
    count = 0
    while waiting and count < most:
        commit = heapq.heappop(waiting)[2]
        count += 1
        _note(authors, commit)
        for parent in commit.parents:
            meet(bytes(parent))
    ordered = sorted(authors.values(), key=lambda one: (one["first"], one["name"]))
    return {"authors": ordered, "is_cut": bool(waiting)}


def _note(authors: dict[str, dict[str, Any]], commit: Any) -> None:
    try:
        zone = timezone(timedelta(seconds=commit.author_timezone))
        day = datetime.fromtimestamp(commit.author_time, UTC).astimezone(zone).date().isoformat()
    except (OverflowError, ValueError, OSError):
        return
    name = commit.author.rpartition(b"<")[0].decode("utf-8", errors="replace").replace("\x00", "").strip()[:120]
    one = authors.setdefault(name, {"name": name, "commits": 0, "first": day, "last": day, "months": {}})
    one["commits"] += 1
    one["first"], one["last"] = min(one["first"], day), max(one["last"], day)
    one["months"][day[:7]] = one["months"].get(day[:7], 0) + 1


def _write_tree(repository: Any, commit: bytes, path: Path, orders: dict[str, Any]) -> None:
    from dulwich.object_store import iter_tree_contents

    store, count, whole = repository.object_store, 0, 0
    with tarfile.open(path, "w") as tar:
        for entry in iter_tree_contents(store, store[commit].tree):
            if not stat.S_ISREG(entry.mode):  # links, and commits of other repositories
                continue
            try:
                data = store[entry.sha].data
            except KeyError:
                continue
            count, whole = count + 1, whole + len(data)
            if count > orders["files"]:
                raise Refusal("too_many")
            if whole > orders["bytes"]:
                raise Refusal("too_large")
            if len(data) > orders["bytes_of_one"]:
                continue
            info = tarfile.TarInfo(entry.path.decode("utf-8", errors="replace"))
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], json.loads(sys.argv[3]))
