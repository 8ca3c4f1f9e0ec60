"""Captures that share a commit, on both databases: one that fails takes nothing of the others with it."""

from functools import partial

import pytest

from khcn.domains.traceability.models import Ident
from khcn.domains.traceability.services.committing import commit_capture
from khcn.web.tests.grouping import Groups

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


def _named(name, *, fails=None):
    def write():
        row = Ident.objects.create(uri=name)
        if fails:
            raise fails
        return row.uri

    return partial(commit_capture, write)


def test_captures_that_wait_share_one_commit_and_one_that_fails_stands_alone(monkeypatch):
    groups = Groups(monkeypatch)
    writes = [_named("urn:0"), _named("urn:1"), _named("urn:fails", fails=ValueError()), _named("urn:3")]

    told = groups.run(writes)

    assert groups.sizes == [1, 3]
    assert [str(one) if isinstance(one, str) else type(one) for one in told] == ["urn:0", "urn:1", ValueError, "urn:3"]
    assert set(Ident.objects.values_list("uri", flat=True)) == {"urn:0", "urn:1", "urn:3"}
