"""Writes that share a commit: each stands or falls alone, none is answered before the commit, all fall with it."""

import threading

import pytest
from django.db import IntegrityError, OperationalError, connections, transaction

from khcn.domains.traceability.models import Ident
from khcn.domains.traceability.services import committing
from khcn.domains.traceability.services.committing import commit_together

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
WRITERS = 6


@pytest.fixture
def together(monkeypatch):
    """Run writes on threads of their own so that those after the first wait for it and share the second commit."""
    commits, groups = [], []
    first_is_in, others_wait = threading.Event(), threading.Event()
    commit = committing._commit

    def watched(group):
        if not groups:
            first_is_in.set()
            others_wait.wait(20)
        groups.append(len(group))
        commit(group)
        commits.append(len(group))

    monkeypatch.setattr(committing, "_commit", watched)

    def run(writes):
        told = [None] * len(writes)

        def one(number):
            try:
                told[number] = commit_together(writes[number])
            except (ValueError, IntegrityError, OperationalError) as error:
                told[number] = type(error).__name__
            finally:
                connections.close_all()

        threads = [threading.Thread(target=one, args=(number,)) for number in range(len(writes))]
        threads[0].start()
        assert first_is_in.wait(20)
        for thread in threads[1:]:
            thread.start()
        while len(committing._queue) < len(writes) - 1:
            threads[1].join(0.01)
        others_wait.set()
        for thread in threads:
            thread.join(20)
        return told, groups

    return run


def _named(name, *, fails=None):
    def write():
        row = Ident.objects.create(uri=name)
        if fails:
            raise fails
        return row.uri

    return write


def test_writes_that_wait_share_one_commit_and_one_that_fails_stands_alone(together):
    writes = [_named(f"urn:{number}") for number in range(WRITERS)]
    writes[2] = _named("urn:fails", fails=ValueError())
    writes[4] = _named("urn:0")  # is taken by then

    told, groups = together(writes)

    assert groups == [1, WRITERS - 1]
    assert told == ["urn:0", "urn:1", "ValueError", "urn:3", "IntegrityError", "urn:5"]
    assert set(Ident.objects.values_list("uri", flat=True)) == {"urn:0", "urn:1", "urn:3", "urn:5"}


def test_commit_that_fails_is_told_to_everybody_who_shares_it(together, monkeypatch):
    refuse = []
    writes = [_named(f"urn:{number}") for number in range(3)]
    kind = type(connections["default"])
    sound = kind._commit

    def failing(self):
        if refuse:
            raise OperationalError("disk full")
        sound(self)

    monkeypatch.setattr(kind, "_commit", failing)
    writes.append(lambda: refuse.append(1))

    told, _groups = together(writes)

    assert told == ["urn:0", "OperationalError", "OperationalError", "OperationalError"]
    refuse.clear()
    assert list(Ident.objects.values_list("uri", flat=True)) == ["urn:0"]


def test_write_inside_a_transaction_falls_with_it():
    def whole():
        with transaction.atomic():
            commit_together(_named("urn:inside"))
            raise ValueError("after it")

    with pytest.raises(ValueError, match="after it"):
        whole()

    assert not Ident.objects.exists()
