"""Who wrote a program and when, from the objects of a git folder that nobody trusts.

Only objects and refs are written to an empty folder with a configuration of our own: no hook, setting or filter of the
folder is ever read, and nothing of it is checked out. Without the git program there is no history.
"""

import os
import re
import shutil
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

SECONDS = 30
_OBJECT = re.compile(r"objects/(?:[0-9a-f]{2}/[0-9a-f]{38}|pack/pack-[0-9a-f]{40}\.(?:pack|idx))")
_REF = re.compile(r"(?:refs/(?:heads|tags)/[\w./-]{1,100}|packed-refs)")


@dataclass(frozen=True, slots=True)
class Author:
    """One author: commits, the first day and the last."""

    name: str
    commits: int
    first: date
    last: date


def authors_of(git: Mapping[str, bytes]) -> list[Author]:
    """Authors by their first day; empty without commits that can be read."""
    program = shutil.which("git")
    if program is None or not git:
        return []
    with tempfile.TemporaryDirectory(prefix="khcn-history-") as folder:
        root = Path(folder)
        for name, content in git.items():
            if (_OBJECT.fullmatch(name) or _REF.fullmatch(name)) and ".." not in name:
                target = root / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
        (root / "objects").mkdir(exist_ok=True)
        (root / "refs").mkdir(exist_ok=True)
        (root / "HEAD").write_text("ref: refs/heads/none\n")
        (root / "config").write_text("[core]\n\trepositoryformatversion = 0\n\tbare = true\n")
        environment = {
            "PATH": os.environ.get("PATH", ""), "HOME": folder, "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull, "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C.UTF-8",
        }  # fmt: skip
        command = [
            program, f"--git-dir={folder}", "-c", "core.hooksPath=/dev/null", "-c", "protocol.allow=never", "log",
            "--all", "--no-textconv", "--no-ext-diff", "--format=%an%x09%ad", "--date=short", "--max-count=50000",
        ]  # fmt: skip
        try:
            done = subprocess.run(  # noqa: S603 (arguments are our own)
                command, env=environment, capture_output=True, timeout=SECONDS, check=False, cwd=folder
            )
        except subprocess.TimeoutExpired:
            return []
    return _counted(done.stdout.decode("utf-8", errors="replace"))


def _counted(text: str) -> list[Author]:
    days: dict[str, list[date]] = defaultdict(list)
    for line in text.splitlines():
        name, _tab, day = line.rpartition("\t")
        try:
            days[name.strip()[:120]].append(date.fromisoformat(day))
        except ValueError:
            continue
    found = [Author(name, len(on), min(on), max(on)) for name, on in days.items()]
    return sorted(found, key=lambda one: (one.first, one.name))
