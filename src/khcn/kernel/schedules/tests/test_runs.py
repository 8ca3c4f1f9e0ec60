"""A slot runs once whoever asks; downtime is made up for; a failure is kept and tried again. The clock stands still."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.utils import timezone

from khcn.kernel.schedules import services
from khcn.kernel.schedules.models import ScheduledRun
from khcn.kernel.schedules.rules import Job, is_to_repeat, latest_slot, missed_days, next_slot
from khcn.kernel.schedules.services import perform, queue_due_jobs

pytestmark = [pytest.mark.django_db, pytest.mark.database]
HERE = "khcn.kernel.schedules.tests.test_runs"
#: 06:00 on 10 March 2026 in Vietnam.
SIX = datetime(2026, 3, 9, 23, 0, tzinfo=UTC)
JOB = Job("count", "Đếm", time(5, 30), f"{HERE}.count")
BROKEN = Job("broken", "Hỏng", time(5, 30), f"{HERE}.fail")
CALLS: list[date] = []


def count(*, by, on):
    assert by.is_system
    CALLS.append(on)
    return 3


def fail(*, by, on):
    raise LookupError("thiếu bộ quy tắc")


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    CALLS.clear()
    moment = [SIX]
    monkeypatch.setattr(timezone, "now", lambda: moment[0])
    return moment


def test_latest_and_next_slot_follow_vietnams_day():
    before = datetime(2026, 3, 9, 22, 29, tzinfo=UTC)  # 05:29 on the 10th

    assert latest_slot(JOB, SIX).isoformat() == "2026-03-10T05:30:00+07:00"
    assert latest_slot(JOB, before).isoformat() == "2026-03-09T05:30:00+07:00"
    assert next_slot(JOB, SIX).isoformat() == "2026-03-11T05:30:00+07:00"


def test_slots_of_a_shorter_time_are_counted_from_its_time_of_day():
    often = Job("often", "Thường xuyên", time(5, 30), f"{HERE}.count", timedelta(minutes=15))

    assert latest_slot(often, SIX).isoformat() == "2026-03-10T06:00:00+07:00"
    assert latest_slot(often, SIX + timedelta(minutes=14)) == latest_slot(often, SIX)
    assert next_slot(often, SIX) == SIX + timedelta(minutes=15)
    assert latest_slot(often, SIX - timedelta(hours=1)).isoformat() == "2026-03-10T05:00:00+07:00"


def test_due_job_runs_once_a_day_and_keeps_its_result(clock):
    first = queue_due_jobs(jobs=[JOB], now=SIX)
    again = queue_due_jobs(jobs=[JOB], now=SIX + timedelta(hours=23))

    assert (len(first), again, CALLS) == (1, [], [date(2026, 3, 10)])
    run = ScheduledRun.objects.get()
    assert (run.state, run.result, run.attempts, run.missed_days) == ("done", "3", 1, 0)

    clock[0] = SIX + timedelta(days=1)
    queue_due_jobs(jobs=[JOB], now=clock[0])
    assert [date(2026, 3, 10), date(2026, 3, 11)] == CALLS


def test_downtime_of_four_days_is_made_up_for_by_one_run(clock):
    queue_due_jobs(jobs=[JOB], now=SIX)
    clock[0] = SIX + timedelta(days=5)

    (run,) = queue_due_jobs(jobs=[JOB], now=clock[0])

    assert run.missed_days == 4
    assert [date(2026, 3, 10), date(2026, 3, 15)] == CALLS
    assert missed_days(JOB, last=None, slot=SIX) == 0


def test_failure_is_kept_then_tried_three_times_at_most(clock):
    queue_due_jobs(jobs=[BROKEN], now=SIX)
    run = ScheduledRun.objects.get()
    assert (run.state, run.error) == ("failed", "LookupError: thiếu bộ quy tắc")

    attempts = []
    for minutes in (5, 20, 40, 60, 80):
        clock[0] = SIX + timedelta(minutes=minutes)
        attempts.append(len(queue_due_jobs(jobs=[BROKEN], now=clock[0])))

    assert attempts == [0, 1, 1, 0, 0]
    assert ScheduledRun.objects.get().attempts == 3


def test_run_cut_off_in_the_middle_is_taken_up_after_two_hours(clock):
    ScheduledRun.objects.create(
        job=JOB.key, slot_at=latest_slot(JOB, SIX), queued_at=SIX, started_at=SIX, state="running", attempts=1
    )

    assert queue_due_jobs(jobs=[JOB], now=SIX + timedelta(minutes=119)) == []
    clock[0] = SIX + timedelta(minutes=120)
    queue_due_jobs(jobs=[JOB], now=clock[0])

    assert ScheduledRun.objects.get().state == "done"
    assert not is_to_repeat(failed=False, attempts=3, since=SIX, now=SIX + timedelta(days=1))


def test_same_slot_queued_by_another_process_is_left_alone(monkeypatch):
    def seen_late(*args, **kwargs):
        ScheduledRun.objects.filter(pk=other.pk).update(slot_at=latest_slot(JOB, SIX))
        return 0

    other = ScheduledRun.objects.create(job=JOB.key, slot_at=SIX - timedelta(days=9), queued_at=SIX, state="done")
    monkeypatch.setattr(services, "missed_days", seen_late)

    assert queue_due_jobs(jobs=[JOB], now=SIX) == []
    assert CALLS == []


def test_perform_twice_of_one_run_calls_the_service_once():
    (run,) = queue_due_jobs(jobs=[JOB], now=SIX)

    perform.call(run.pk, JOB.service)

    assert len(CALLS) == 1
