"""Acts on one dossier at the same moment: what comes between looking at it and locking its case is seen."""

from concurrent.futures import ThreadPoolExecutor
from threading import Thread

import pytest
from django.db import connection, connections
from django.urls import reverse

from khcn.domains.onestop.choices import NationalStatus
from khcn.domains.onestop.errors import DossierStepRefused
from khcn.domains.onestop.services import handling, work
from khcn.domains.onestop.tests.conftest import at
from khcn.kernel.orgs.models import User
from khcn.kernel.procedures.queries import verify_logs
from khcn.kernel.procedures.queries.cases import open_runs
from khcn.kernel.procedures.services.cases import working

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def dossier(transactional_db, counter):
    """A dossier in progress at its first step, seen by other connections."""
    return handling.start(by=counter.clerk, dossier=counter.received(), now=at(15, 10))


@pytest.fixture
def asked_in_between(monkeypatch, counter, dossier):
    """Somebody asks for a supplement, on another connection, after the step was begun and before its lock is taken."""
    commit_together = working.commit_together

    def ask() -> None:
        try:
            handling.ask_supplement(by=counter.specialist, dossier=dossier, contents="Bổ sung điều lệ", now=at(16))
        finally:
            connections.close_all()

    def late(act):
        with ThreadPoolExecutor(1) as pool:
            pool.submit(ask).result()
        return commit_together(act)

    monkeypatch.setattr(working, "commit_together", late)


@pytest.mark.usefixtures("asked_in_between")
def test_supplement_asked_in_the_same_moment_stops_the_step(counter, dossier):
    (run,) = open_runs(dossier.case)

    with pytest.raises(DossierStepRefused, match="chưa xử lý"):
        work.complete_work(by=counter.head, dossier=dossier, run=run, now=at(17))

    dossier.refresh_from_db()
    assert dossier.status == NationalStatus.AWAITING_SUPPLEMENT
    assert [one.pk for one in open_runs(dossier.case)] == [run.pk]
    assert not dossier.case.events.filter(verb="completed").exists()
    assert verify_logs().holds


@pytest.mark.usefixtures("asked_in_between")
def test_supplement_asked_in_the_same_moment_stops_the_step_on_its_own_page(client_for, counter, dossier):
    (run,) = open_runs(dossier.case)
    client = client_for(User.objects.get(pk=counter.head.user_id))

    answer = client.post(reverse("step_page", args=[run.uid]), {"note": "xong"})

    assert answer.status_code == 422
    assert [one.pk for one in open_runs(dossier.case)] == [run.pk]


def test_supplement_and_step_at_once_end_in_one_order_or_the_other(counter, dossier):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite's one writer leaves no moment in between")
    (run,) = open_runs(dossier.case)
    told = []

    def act(one) -> None:
        try:
            one()
            told.append("done")
        except DossierStepRefused:
            told.append("refused")
        finally:
            connections.close_all()

    acts = (
        lambda: handling.ask_supplement(by=counter.specialist, dossier=dossier, contents="Bổ sung", now=at(16)),
        lambda: work.complete_work(by=counter.head, dossier=dossier, run=run, now=at(16)),
    )
    threads = [Thread(target=act, args=(one,)) for one in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    verbs = list(dossier.case.events.order_by("place").values_list("verb", flat=True))
    assert verbs in (["started", "completed", "paused"], ["started", "paused"])
    assert sorted(told) == (["done", "done"] if "completed" in verbs else ["done", "refused"])
    assert verify_logs().holds
