"""Two clerks at one step, and many at many: one wins, nobody's work is lost or doubled, every chain holds."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from django.db import connection, connections

from khcn.kernel.procedures.choices import CaseState
from khcn.kernel.procedures.errors import StepTaken
from khcn.kernel.procedures.models import Case, StepRun
from khcn.kernel.procedures.queries import run_at, verify_logs
from khcn.kernel.procedures.services import claim_step, complete_step
from khcn.kernel.procedures.tests.samples import permit
from khcn.kernel.procedures.tests.test_cases import MONDAY, PARALLEL, Office

CLERKS = 6


@pytest.fixture
def office(transactional_db, cast):
    """Threads with connections of their own need a database on a server."""
    if connection.vendor != "postgresql":
        pytest.skip("concurrent clerks are tried on PostgreSQL; SQLite has one writer")
    made = Office(cast)
    made.install(permit())
    return made


def together(acts) -> list[object]:
    """Run the acts at once, each on its own connection; their results or refusals."""
    start = Barrier(len(acts))

    def run(act):
        try:
            start.wait(timeout=30)
            return act()
        except StepTaken as taken:
            return taken
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", ["complete", "claim"])
def test_clerks_at_one_step_one_wins_and_the_others_are_told(office, cast, act):
    case = office.open()
    run = run_at(case, "tiep_nhan")
    clerks = [cast.actor("specialist", organisation=office.place) for _ in range(CLERKS)]

    def acting(clerk):
        if act == "claim":
            return lambda: claim_step(by=clerk, run=run, now=MONDAY)
        return lambda: complete_step(by=clerk, run=run, values=PARALLEL, now=MONDAY)

    results = together([acting(clerk) for clerk in clerks])

    assert sum(isinstance(one, StepRun) for one in results) == 1
    assert sum(isinstance(one, StepTaken) for one in results) == CLERKS - 1
    assert case.runs.filter(step_key="y_kien_1").count() == (act == "complete")
    assert verify_logs().holds


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_parallel_branches_completed_at_once_join_exactly_once(office):
    cases = [office.open() for _ in range(5)]
    acts = []
    for case in cases:
        office.do(case, "tiep_nhan", values=PARALLEL)
        for key, who in (("y_kien_1", office.clerk), ("y_kien_2", office.head)):
            acts.append(partial(complete_step, by=who, run=run_at(case, key), now=MONDAY))

    together(acts)

    for case in cases:
        assert case.runs.filter(step_key="phe_duyet").count() == 1
        assert office.waiting(case) == ["phe_duyet"]
    assert verify_logs().holds
    assert not Case.objects.exclude(state=CaseState.RUNNING).exists()
