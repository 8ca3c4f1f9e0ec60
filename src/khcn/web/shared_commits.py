"""Acts of several requests on one commit: who comes first commits for those who come meanwhile.

A commit waits for the disk, and on SQLite one at a time may write. Each act has a savepoint of its own, so that one
that fails takes nothing of the others with it; nobody is answered before the commit that holds what it wrote. An act
that comes alone is a transaction like any other. Nothing is known about what the acts do.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import Any, Generic, TypeVar

from django.db import OperationalError, connection, transaction
from django.utils import translation

T = TypeVar("T")
_MOST = 64
"""Acts that one commit is shared by: more would keep the first of them waiting for the last."""
_UNBROKEN_SECONDS = 4.0
"""How long commits may follow one another while other processes wait for SQLite's one writer."""
_PAUSE_SECONDS = 0.11
"""A little more than the longest time after which SQLite looks again whether it may write."""


@dataclass(slots=True)
class _Waiting(Generic[T]):
    """One act, what came of it, and where whoever brought it waits: to be answered, or to commit for others."""

    act: Callable[[], T]
    context: Context = field(default_factory=copy_context)
    language: str | None = field(default_factory=translation.get_language)
    called: Event = field(default_factory=Event)
    found: list[T] = field(default_factory=list)
    error: BaseException | None = None
    after: list[Callable[[], Any]] = field(default_factory=list)
    is_done: bool = False

    def run_beside_others(self) -> None:
        """Act in a savepoint, in the language of whoever brought it; what it raises is kept for them.

        What it wants done after the commit is taken to its own thread, so that a failure there is nobody else's.
        """
        before = len(connection.run_on_commit)
        try:
            with transaction.atomic():
                self.found = [self.context.run(self._act_in_language)]
        except BaseException as error:  # noqa: BLE001 - it is raised again where it belongs
            self.error = error
        self.after = [one[1] for one in connection.run_on_commit[before:]]
        del connection.run_on_commit[before:]

    def _act_in_language(self) -> T:
        with translation.override(self.language):
            return self.act()

    def fail(self, error: BaseException) -> None:
        """The commit failed: neither what was done nor what was refused because of it stands."""
        self.found, self.error, self.after = [], error, []

    def answer(self) -> T:
        """What came of it, on the thread of whoever brought it."""
        if self.error is not None:
            raise self.error
        for then in self.after:
            then()
        return self.found[0]


class _Line:
    """Acts that wait for the same writer. The first of them commits for all; then whoever came meanwhile does."""

    def __init__(self, lock: int | None) -> None:
        self._lock = lock
        self._gate = Lock()
        self._waiting: list[_Waiting[Any]] = []
        self._is_led = False
        self._free_at = 0.0

    def take(self, act: Callable[[], T]) -> T:
        """What the act gives, after the commit."""
        mine = _Waiting(act)
        with self._gate:
            self._waiting.append(mine)
            leads, self._is_led = not self._is_led, True
            if leads:
                self._free_at = time.monotonic()
        if not leads:
            mine.called.wait()
        if not mine.is_done:
            self._lead()
        return mine.answer()

    def _lead(self) -> None:
        """Commit for everybody who waits, myself the first of them, and call who leads next."""
        if self._lock is None and time.monotonic() - self._free_at > _UNBROKEN_SECONDS:
            time.sleep(_PAUSE_SECONDS)
            self._free_at = time.monotonic()
        with self._gate:
            group = self._waiting[:_MOST]
            del self._waiting[:_MOST]
        _commit(group, self._lock)
        with self._gate:
            heir = self._waiting[0] if self._waiting else None
            self._is_led = heir is not None
        if heir is not None:
            heir.called.set()
        for one in group:
            one.is_done = True
            one.called.set()


_lines: dict[int | None, _Line] = {None: _Line(None)}
_opening = Lock()


def commit_together(act: Callable[[], T], *, lock: int | None = None) -> T:
    """What `act` gives, after the commit of a transaction that it shares with the acts of other threads.

    act: runs on any thread, with that thread's connection, in the caller's language; raises what it likes, and then has
    changed nothing. lock: on PostgreSQL, an advisory lock that the transaction holds; without one, each act is a
    transaction of its own there, as rows locked by two groups in different orders would wait for each other, and the
    server lets its transactions share a wait for the disk anyway. Inside a transaction the act simply runs, and stands
    or falls with that. Raises what the act raises, and DatabaseError where the commit fails: to all who shared it.
    """
    if connection.in_atomic_block or (lock is None and connection.vendor == "postgresql"):
        with transaction.atomic():
            _hold(lock)
            return act()
    key = lock if connection.vendor == "postgresql" else None
    with _opening:
        line = _lines.setdefault(key, _Line(key)) if key not in _lines else _lines[key]
    return line.take(act)


def _hold(lock: int | None) -> None:
    if lock is not None and connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock])


def _commit(group: list[_Waiting[Any]], lock: int | None) -> None:
    try:
        with transaction.atomic():
            _hold(lock)
            if len(group) == 1:
                group[0].found = [group[0].act()]
            else:
                for one in group:
                    one.run_beside_others()
                if transaction.get_rollback():
                    raise OperationalError("a savepoint of the group could not be taken back")
    except BaseException as error:  # noqa: BLE001 - nothing of the group stands, and each is told
        for one in group:
            one.fail(error)
