"""Where things stand in the folder, and the stamps that say a step need not be repeated.

Does not create anything but stamps.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
VENV = ROOT / ".venv"
NODE_MODULES = ROOT / "node_modules"
REQUIREMENTS = ROOT / "requirements"
VAR = Path(os.environ.get("KHCN_VAR") or ROOT / "var").absolute()
LOGS = VAR / "log"


def venv_python() -> Path:
    """The interpreter inside `.venv`; it may not exist yet."""
    return VENV / "bin" / "python"


def inside_venv() -> bool:
    """True where this very process runs on `.venv`'s interpreter."""
    return Path(sys.prefix).resolve() == VENV.resolve()


def version() -> str:
    """The version in pyproject.toml."""
    import tomllib

    return str(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"])


def digest(files: Iterable[Path]) -> str:
    """SHA-256 (hex) over names and contents of the files, in the order of their names."""
    total = hashlib.sha256()
    for path in sorted(files):
        total.update(str(path.relative_to(ROOT)).encode())
        total.update(b"\0")
        total.update(path.read_bytes())
        total.update(b"\0")
    return total.hexdigest()


def read_stamp(path: Path) -> dict[str, object]:
    """The stamp's facts; empty where there is none or it was cut off by a crash."""
    try:
        facts = json.loads(path.read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return {}
    return facts if isinstance(facts, dict) else {}


def write_stamp(path: Path, facts: dict[str, object]) -> None:
    """Replaces the stamp in one move, so that a crash never leaves half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(facts, ensure_ascii=False, sort_keys=True) + "\n", "utf-8")
    draft.replace(path)


@contextlib.contextmanager
def lock(name: str, *, exclusive: bool = True, wait: bool = False) -> Iterator[bool]:
    """Holds the lock of that name in var; yields whether it was got. It ends with the process, however that ends."""
    VAR.mkdir(parents=True, exist_ok=True)
    with (VAR / f"{name}.lock").open("w") as handle:
        kind = fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH
        try:
            fcntl.flock(handle, kind if wait else kind | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
