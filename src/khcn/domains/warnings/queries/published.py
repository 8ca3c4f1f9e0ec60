"""What stands published for the public: which file holds now and from when the next one does, without the database.

The list is one small file that is replaced whole. It names what holds now and what will hold after each expiry to come,
so that a warning is gone at its second also where worker and database stand still.
"""

import json
import time
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

LIST_OF_FILES = "published.json"
Stand = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Stage:
    """From a moment on (seconds of the epoch): the file of each name."""

    since: float
    files: Mapping[str, str]


def folder() -> Path:
    """Where the files stand."""
    return Path(settings.MEDIA_ROOT) / "public-warnings"


def stage_now() -> Stage | None:
    """What holds now; None where nothing was published yet."""
    found = _found(_now())
    return None if found is None else found[1]


def stamp_now() -> Hashable | None:
    """A value that changes whenever what holds may have; None where nothing was published yet."""
    found = _found(_now())
    return None if found is None else (found[0], found[1].since)


def _now() -> float:
    return time.time()


def _found(moment: float) -> tuple[Stand, Stage] | None:
    path = folder() / LIST_OF_FILES
    try:
        there = path.stat()
        stand = (there.st_mtime_ns, there.st_ino, there.st_size)
        stages = _stages(str(path), stand)
    except FileNotFoundError:
        return None
    now = stages[0]
    for one in stages[1:]:
        if one.since <= moment:
            now = one
    return stand, now


@lru_cache(maxsize=4)
def _stages(path: str, stand: Stand) -> tuple[Stage, ...]:
    """The list as it was read at that stand of its file; the earliest first."""
    del stand
    rows = json.loads(Path(path).read_bytes())
    return tuple(Stage(since, files) for since, files in rows)
