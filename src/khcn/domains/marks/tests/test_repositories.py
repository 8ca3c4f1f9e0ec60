"""Repositories that git itself made: bundles, folders beside files, bare folders; and those that mean harm."""

import io
import os
import shutil
import subprocess
import tarfile
import zlib
from datetime import date

import pytest

from khcn.domains.marks.queries import programs
from khcn.domains.marks.queries.programs import read_program
from khcn.domains.marks.rules.source_archive import Limits
from khcn.lib.failure import Refused

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git to make repositories")


def git(folder, *command, day="2024-05-06", name="Lê Thử"):
    """Run git in a folder as somebody on a day."""
    who = {
        "GIT_AUTHOR_NAME": name, "GIT_AUTHOR_EMAIL": "a@b", "GIT_AUTHOR_DATE": f"{day}T23:30:00+07:00",
        "GIT_COMMITTER_NAME": name, "GIT_COMMITTER_EMAIL": "a@b", "GIT_COMMITTER_DATE": f"{day}T23:30:00+07:00",
        "HOME": str(folder), "PATH": os.environ["PATH"], "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull,
    }  # fmt: skip
    return subprocess.run(["git", *command], cwd=folder, env=who, check=True, capture_output=True).stdout


@pytest.fixture
def folder(tmp_path):
    """A repository of two authors in two months, a link and a library in it, a branch and a tag."""
    made = tmp_path / "repo"
    made.mkdir()
    git(made, "init", "-q", "-b", "main")
    (made / "a.py").write_text("x = 1\n" * 400)
    (made / "node_modules").mkdir()
    (made / "node_modules/z.js").write_text("no")
    (made / "lien-ket.py").symlink_to("/etc/passwd")
    git(made, "add", "-A")
    git(made, "commit", "-qm", "một")
    (made / "a.py").write_text("x = 1\n" * 400 + "y = 2\n")
    git(made, "commit", "-qam", "hai", day="2024-07-01", name="Lò Mai")
    git(made, "tag", "-a", "v1", "-m", "v1")
    git(made, "checkout", "-q", "-b", "khac")
    git(made, "commit", "-q", "--allow-empty", "-m", "ba", day="2024-07-31", name="Lò Mai")
    git(made, "checkout", "-q", "main")
    return made


def bundled(folder, *what):
    path = folder.parent / "kho.bundle"
    git(folder, "bundle", "create", "-q", str(path), *(what or ("--all",)))
    return path.read_bytes()


def tarred(folder, arcname="repo"):
    sent = io.BytesIO()
    with tarfile.open(fileobj=sent, mode="w:gz") as tar:
        tar.add(folder, arcname=arcname)
    return sent.getvalue()


def counted(program):
    return {one.name: (one.commits, one.first, one.last, dict(one.months)) for one in program.authors}


BOTH = {
    "Lê Thử": (1, date(2024, 5, 6), date(2024, 5, 6), {"2024-05": 1}),
    "Lò Mai": (2, date(2024, 7, 1), date(2024, 7, 31), {"2024-07": 2}),
}


def test_bundle_gives_the_files_of_its_head_and_the_history_of_all_branches(folder) -> None:
    program = read_program(bundled(folder))

    assert [one.path for one in program.source.files] == ["a.py"]
    assert len(program.source.files[0].lines) == 402
    assert ("node_modules/z.js", "thư viện hoặc kết quả biên dịch") in program.source.skipped
    assert counted(program) == BOTH
    assert program.commit == git(folder, "rev-parse", "main").decode().strip()
    assert not program.is_cut


@pytest.mark.parametrize("packed", [False, True], ids=["loose", "packed"])
def test_folder_beside_files_gives_the_history_and_the_files_as_they_lie(folder, packed) -> None:
    if packed:
        git(folder, "gc", "-q")
    (folder / "moi.py").write_text("chua ghi")

    program = read_program(tarred(folder))

    assert [one.path for one in program.source.files] == ["repo/a.py", "repo/moi.py"]
    assert counted(program) == BOTH


def test_bare_folder_gives_the_files_of_its_head(folder) -> None:
    bare = folder.parent / "so.git"
    git(folder, "clone", "-q", "--bare", str(folder), str(bare))

    program = read_program(tarred(bare, "goi/so.git"))

    assert [one.path for one in program.source.files] == ["a.py"]
    assert counted(program) == BOTH


def test_no_setting_or_hook_of_a_folder_is_read(folder) -> None:
    trap = folder.parent / "trap"
    (folder / ".git/config").write_text(f'[core]\n\tfsmonitor = "touch {trap}"\n\tpager = "touch {trap}"\n')
    (folder / ".git/hooks").mkdir(exist_ok=True)
    (folder / ".git/hooks/post-checkout").write_text(f"#!/bin/sh\ntouch {trap}\n")
    (folder / ".git/objects/info").mkdir(exist_ok=True)
    (folder / ".git/objects/info/alternates").write_text("/etc")

    assert counted(read_program(tarred(folder))) == BOTH
    assert not trap.exists()


def test_shallow_copy_gives_what_it_has(folder) -> None:
    shallow = folder.parent / "nong"
    git(folder, "clone", "-q", "--depth", "1", f"file://{folder}", str(shallow))

    assert counted(read_program(tarred(shallow))) == {
        "Lò Mai": (1, date(2024, 7, 1), date(2024, 7, 1), {"2024-07": 1})
    }  # fmt: skip


def test_long_history_is_read_from_its_newest_end(folder, monkeypatch) -> None:
    monkeypatch.setattr(programs, "MOST_COMMITS", 2)

    program = read_program(bundled(folder))

    assert program.is_cut
    assert list(counted(program)) == ["Lò Mai"]


def test_part_of_a_history_without_its_beginning_is_refused(folder) -> None:
    with pytest.raises(Refused, match="--all"):
        read_program(bundled(folder, "main~1..main"))


@pytest.mark.parametrize("cut", [40, 120, -30], ids=["head", "pack", "tail"])
def test_broken_bundle_is_refused_in_a_sentence(folder, cut) -> None:
    with pytest.raises(Refused, match="git"):
        read_program(bundled(folder)[:cut])


def test_folder_that_cannot_be_read_leaves_the_files_without_a_history(folder) -> None:
    for path in (folder / ".git/objects").rglob("*"):
        if path.is_file():
            path.chmod(0o644)
            path.write_bytes(b"hong")

    program = read_program(tarred(folder))

    assert [one.path for one in program.source.files] == ["repo/a.py"]
    assert program.authors == ()


def test_repository_that_grows_beyond_the_limits_is_refused(folder) -> None:
    (folder / "to.py").write_bytes(b"0" * 3_000_000)
    git(folder, "add", "to.py")
    git(folder, "commit", "-qm", "to")
    content = bundled(folder)
    assert len(content) < 50_000

    with pytest.raises(Refused, match="quá lớn"):
        read_program(content, Limits(bytes_whole=1_000_000))


def test_object_that_swells_in_memory_ends_the_child_alone(folder, monkeypatch) -> None:
    monkeypatch.setattr(programs, "MEMORY_BYTES", 400_000_000)
    size = 600_000_000
    press = zlib.compressobj(9)
    piece = b"0" * 1_000_000
    swelling = press.compress(b"blob %d\0" % size) + b"".join(press.compress(piece) for _ in range(size // 1_000_000))
    swelling += press.flush()
    tree = git(folder, "rev-parse", "main:a.py").decode().strip()
    loose = folder / ".git/objects" / tree[:2] / tree[2:]
    loose.chmod(0o644)
    loose.write_bytes(swelling)
    bare = folder.parent / "so.git"
    shutil.move(folder / ".git", bare)

    with pytest.raises(Refused, match=r"quá lớn|Không đọc được"):
        read_program(tarred(bare, "so.git"))


def test_names_that_leave_the_repository_are_left_out(folder) -> None:
    blob = git(folder, "rev-parse", "main:a.py").decode().strip()
    entry = b"".join(b"100644 %s\0%s" % (name, bytes.fromhex(blob)) for name in (b"../thoat.py", b"a.py"))
    made = subprocess.run(
        ["git", "hash-object", "-t", "tree", "-w", "--stdin", "--literally"], cwd=folder, input=entry,
        capture_output=True, check=True,
    )  # fmt: skip
    commit = git(folder, "commit-tree", made.stdout.decode().strip(), "-m", "x").decode().strip()
    git(folder, "update-ref", "refs/heads/main", commit)

    source = read_program(bundled(folder)).source

    assert [one.path for one in source.files] == ["a.py"]
    assert source.skipped == [("../thoat.py", "đường dẫn ra ngoài tệp nén")]
