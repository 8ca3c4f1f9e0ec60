"""Why the chain is locked: without the lock it forks on PostgreSQL, with it no row is lost or doubled."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections, transaction

from khcn.kernel.audit import services
from khcn.kernel.audit.queries import verify_chain
from khcn.kernel.audit.services import record

THREADS, ACTS = 8, 25


@pytest.fixture
def on_postgresql(transactional_db):
    """Threads of their own connections need a database on a server."""
    if connection.vendor != "postgresql":
        pytest.skip("concurrent writers are tried on PostgreSQL; SQLite has one writer")


def write_together(actor) -> None:
    """THREADS writers, each committing ACTS entries as fast as they can."""
    start = Barrier(THREADS)

    def write(number: int) -> None:
        try:
            start.wait(timeout=30)
            for act in range(ACTS):
                with transaction.atomic():
                    record(by=actor, verb="thu.song_song", subject=None, after={"luong": number, "lan": act})
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(write, range(THREADS)))


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_concurrent_writers_keep_one_chain_under_the_lock(on_postgresql, cast):
    write_together(cast.actor())

    report = verify_chain()

    assert report.rows == THREADS * ACTS
    assert report.broken == ()


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_concurrent_writers_fork_the_chain_without_the_lock(on_postgresql, cast, monkeypatch):
    monkeypatch.setattr(services, "hold_chain", lambda: None)

    write_together(cast.actor())

    report = verify_chain()
    assert report.rows == THREADS * ACTS
    assert len(report.broken) > THREADS


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_second_writer_waits_until_the_first_commits(on_postgresql, cast):
    actor = cast.actor()

    def write() -> str:
        try:
            with transaction.atomic():
                return record(by=actor, verb="thu.sau", subject=None).previous
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first = record(by=actor, verb="thu.truoc", subject=None)
            second = pool.submit(write)
            assert not second.done()
        assert second.result(timeout=30) == first.digest
