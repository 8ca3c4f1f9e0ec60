"""The commit of captures: shared by those who capture at the same moment, under the lock of the chain of jobs."""

from collections.abc import Callable
from typing import TypeVar

from khcn.web.shared_commits import commit_together

T = TypeVar("T")
CAPTURE_LOCK = 0x45504349  # "EPCI": one writer of the chain of jobs at a time on PostgreSQL


def commit_capture(write: Callable[[], T]) -> T:
    """What `write` gives, after the commit that holds it. Raises what it raises, and DatabaseError."""
    return commit_together(write, lock=CAPTURE_LOCK)
