"""Due moments and units that another room gives to live steps: kept, written into the log, told anew when overdue."""

from datetime import timedelta

import pytest

from khcn.kernel.procedures.models import StepRun
from khcn.kernel.procedures.queries import run_at, verify_logs
from khcn.kernel.procedures.services import claim_step, complete_step, set_step_due, set_step_unit, tell_overdue
from khcn.kernel.procedures.tests.samples import permit
from khcn.kernel.procedures.tests.test_cases import MONDAY, QUICK, Office

pytestmark = [pytest.mark.database, pytest.mark.django_db]
LATER = MONDAY + timedelta(days=3)


@pytest.fixture
def office(cast) -> Office:
    made = Office(cast)
    made.install(permit())
    return made


def test_due_moment_is_set_and_logged_once(office):
    case = office.open()
    run = run_at(case, "tiep_nhan")

    moved = [set_step_due(by=office.clerk, run=run, due_at=LATER, now=MONDAY) for _ in range(2)]

    assert moved == [True, False]
    assert StepRun.objects.get(pk=run.pk).due_at == run.due_at == LATER
    case.refresh_from_db()
    line = case.events.latest("place")
    assert (line.verb, line.run_uid, line.facts["after"]) == ("due_set", run.uid, "2023-05-18T01:00:00.000000Z")
    assert case.events.filter(verb="due_set").count() == 1
    assert verify_logs().holds


def test_step_is_told_overdue_again_after_its_due_moment_moved(office):
    case = office.open()
    run = run_at(case, "tiep_nhan")
    set_step_due(by=office.clerk, run=run, due_at=MONDAY + timedelta(hours=1), now=MONDAY)
    tell_overdue(now=LATER)
    assert tell_overdue(now=LATER) == 0

    set_step_due(by=office.clerk, run=run, due_at=LATER, now=MONDAY)

    assert tell_overdue(now=LATER) == 0
    assert tell_overdue(now=LATER + timedelta(seconds=1)) == 1


def test_step_without_a_due_moment_any_more_is_never_overdue(office):
    run = run_at(office.open(), "tiep_nhan")
    set_step_due(by=office.clerk, run=run, due_at=MONDAY, now=MONDAY)

    assert set_step_due(by=office.clerk, run=run, due_at=None, now=MONDAY)

    assert tell_overdue(now=LATER) == 0


def test_finished_step_keeps_its_due_moment(office):
    case = office.open()
    run = run_at(case, "tiep_nhan")
    before = run.due_at
    complete_step(by=office.clerk, run=run, values=QUICK, now=MONDAY)

    assert not set_step_due(by=office.clerk, run=run, due_at=LATER, now=LATER)

    assert StepRun.objects.get(pk=run.pk).due_at == before


def test_unit_that_turned_out_to_do_a_step_may_work_on_it(office, cast):
    case = office.open()
    run = run_at(case, "tiep_nhan")
    elsewhere = cast.organisation("Trường Đại học")
    theirs = cast.actor("specialist", organisation=elsewhere)

    assert set_step_unit(by=office.clerk, run=run, organisation=elsewhere, now=MONDAY)
    assert not set_step_unit(by=office.clerk, run=run, organisation=elsewhere, now=MONDAY)

    claim_step(by=theirs, run=run, now=MONDAY)
    assert case.events.get(verb="unit_set").facts["after"] == "Trường Đại học"
    assert verify_logs().holds
