"""The schedule of the house: its services exist and change nothing when run twice; administrators see what ran."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from khcn.domains.programme.models import ReportObligation, Task
from khcn.domains.programme.services import contracts, deadlines
from khcn.domains.programme.tests.tasks.world import make_world
from khcn.kernel.audit.models import AuditEntry
from khcn.kernel.notices.models import Notice
from khcn.kernel.orgs.tests.cast import client_for, make_member
from khcn.kernel.schedules.models import ScheduledRun
from khcn.kernel.schedules.services import system_actor
from khcn.lib.roles import Role
from khcn.site.schedule import JOBS

pytestmark = [pytest.mark.django_db, pytest.mark.database]
#: 07:00 on 1 August 2024 in Vietnam: after every job's time.
SEVEN = datetime(2024, 8, 1, 0, 0, tzinfo=UTC)


@pytest.fixture
def world(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: SEVEN)
    world = make_world()
    contracts.sign_contract(
        by=world.director.actor, task=world.task, number="1", signed_on=date(2022, 7, 1), start_on=date(2022, 7, 1),
        end_on=date(2024, 6, 30), signed_by_both=True,
    )  # fmt: skip
    contracts.start_task(by=world.specialist.actor, task=world.task, on=date(2022, 7, 2))
    return world


def test_schedule_run_twice_ends_the_term_once(world):
    said = StringIO()
    call_command("run_schedule", stdout=said)
    changed = AuditEntry.objects.count()
    ScheduledRun.objects.all().delete()
    call_command("run_schedule", stdout=StringIO())

    assert Task.objects.get().state == "dossier_due"
    assert AuditEntry.objects.count() == changed
    assert len(said.getvalue().splitlines()) == len(JOBS)
    assert {run.state for run in ScheduledRun.objects.all()} == {"done"}
    assert ScheduledRun.objects.get(job="end_terms").result == "0"


def test_silent_host_is_stopped_by_the_schedule(world):
    Task.objects.update(end_on=date(2026, 1, 1))

    call_command("run_schedule", stdout=StringIO())

    assert Task.objects.get().funding_stopped_on == date(2024, 8, 1)
    assert ScheduledRun.objects.get(job="stop_funding").result == "1"


def test_deadline_of_a_report_is_told_before_and_after_but_not_twice_a_day(world):
    Notice.objects.all().delete()
    ReportObligation.objects.exclude(pk=ReportObligation.objects.order_by("due_on").first().pk).delete()
    due = ReportObligation.objects.get().due_on

    told = [
        deadlines.remind_of_deadlines(by=system_actor(on), on=on)
        for on in (
            due - timedelta(days=15),
            due - timedelta(days=14),
            due - timedelta(days=13),
            due + timedelta(days=1),
        )
    ]

    reports = Notice.objects.filter(subject_type="programme.reportobligation").order_by("id")
    assert [row.title.split(":")[0] for row in reports] == ["Sắp đến hạn", "Quá hạn"]
    assert {row.recipient_id for row in reports} == {world.host.user.pk}
    assert told[1] >= 1


def test_schedule_page_shows_runs_to_the_administrator_and_runs_one_now(world):
    admin = make_member(Role.SYSADMIN)
    call_command("run_schedule", stdout=StringIO())
    client = client_for(admin)

    page = client.get(reverse("schedule_list"))
    asked = client.post(reverse("schedule_run", args=["end_terms"]))

    assert page.status_code == 200
    body = page.content.decode()
    assert all(job.title in body for job in JOBS)
    assert asked.status_code == 302
    assert ScheduledRun.objects.filter(job="end_terms", asked_by=admin.actor.name).count() == 1
    assert client.get(reverse("schedule_list") + "?tai=csv").status_code == 200
    assert client_for(world.specialist).get(reverse("schedule_list")).status_code == 403
    assert client.post(reverse("schedule_run", args=["unknown"])).status_code == 404
