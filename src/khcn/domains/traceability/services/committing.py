"""Writes of several requests on one commit: who comes first commits for those who wait meanwhile.

A commit waits for the disk, and one at a time may write. Each write has a savepoint of its own, so that one that fails
takes nothing of the others with it; nobody is answered before the commit that holds what it wrote.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Generic, TypeVar

from django.db import OperationalError, connection, transaction

T = TypeVar("T")
_MOST = 64


@dataclass(slots=True)
class _Waiting(Generic[T]):
    """One write, and what came of it."""

    write: Callable[[], T]
    found: list[T] = field(default_factory=list)
    error: BaseException | None = None
    is_done: bool = False

    def run(self) -> None:
        """Write in a savepoint; what it raises is kept for whoever waits for it."""
        try:
            with transaction.atomic():
                self.found = [self.write()]
        except BaseException as error:  # noqa: BLE001 - it is raised again where it belongs
            self.error = error


_gate, _turn = Lock(), Lock()
_queue: list[_Waiting[Any]] = []


def commit_together(write: Callable[[], T]) -> T:
    """What `write` gives, after the commit of a transaction that it shares with the writes of other threads.

    write: runs on any thread, with that thread's connection; raises what it likes. Inside a transaction it simply runs,
    and stands or falls with that. Raises what it raises, and DatabaseError where the commit fails.
    """
    if connection.in_atomic_block:
        with transaction.atomic():
            return write()
    mine: _Waiting[T] = _Waiting(write)
    with _gate:
        _queue.append(mine)
    with _turn:
        while not mine.is_done:
            with _gate:
                group = _queue[:_MOST]
                del _queue[:_MOST]
            _commit(group)
    if mine.error is not None:
        raise mine.error
    return mine.found[0]


def _commit(group: list[_Waiting[Any]]) -> None:
    try:
        with transaction.atomic():
            if len(group) == 1:
                group[0].found = [group[0].write()]
            else:
                for one in group:
                    one.run()
                if transaction.get_rollback():
                    raise OperationalError("a savepoint of the group could not be taken back")
    except BaseException as error:  # noqa: BLE001 - nothing of the group stands, and each is told
        for one in group:
            one.found, one.error = [], one.error or error
    finally:
        for one in group:
            one.is_done = True
