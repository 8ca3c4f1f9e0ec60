"""Puts due jobs into the queue, once per slot whoever asks, and runs them there with a record of what came of it."""

import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks import task

from khcn.kernel.audit.services import record
from khcn.kernel.schedules.choices import JobRunState
from khcn.kernel.schedules.models import ScheduledRun
from khcn.kernel.schedules.rules import Job, is_to_repeat, latest_slot, missed_days
from khcn.lib.actor import Actor


def queue_due_jobs(*, jobs: Sequence[Job], now: datetime) -> list[ScheduledRun]:
    """Queue every job whose latest slot has not run, failed a while ago or stands still; returns what was queued.

    After downtime a job runs once for the latest slot: the services look at the state on the day, so one run does what
    the missed ones would have done; how many days it makes up for is kept.
    """
    queued = [run for job in jobs if (run := _queue(job, now)) is not None]
    return queued


def run_now(*, by: Actor, job: Job, now: datetime) -> ScheduledRun:
    """Queue a job outside its slot, because an administrator asks for it."""
    with transaction.atomic():
        run = ScheduledRun.objects.create(job=job.key, slot_at=now, queued_at=now, asked_by=by.name)
        record(by=by, verb="schedule.run", subject=run, after={"job": job.key})
        perform.enqueue(run.pk, job.service)
    return run


@task()
def perform(run_id: int, service: str) -> None:
    """Run one queued job and keep what came of it; its error goes on to the worker's own record."""
    run = ScheduledRun.objects.get(pk=run_id)
    if run.state == JobRunState.DONE:
        return
    now = timezone.now()
    ScheduledRun.objects.filter(pk=run.pk).update(
        state=JobRunState.RUNNING, started_at=now, ended_at=None, attempts=run.attempts + 1
    )
    call: Callable[..., Any] = import_string(service)
    on = timezone.localdate(now)
    outcome: Any = None
    try:
        outcome = call(by=system_actor(on), on=on)
    finally:
        error = sys.exception()
        ScheduledRun.objects.filter(pk=run.pk).update(
            state=JobRunState.DONE if error is None else JobRunState.FAILED, ended_at=timezone.now(),
            result="" if error is not None else _told(outcome),
            error="" if error is None else f"{type(error).__name__}: {error}"[:4000],
        )  # fmt: skip


def system_actor(on: Any) -> Actor:
    """The system itself on a day."""
    return Actor(uid=UUID(int=0), name="Hệ thống", on=on, is_system=True)


def _queue(job: Job, now: datetime) -> ScheduledRun | None:
    slot = latest_slot(job, now)
    try:
        with transaction.atomic():
            run = ScheduledRun.objects.select_for_update().filter(job=job.key, slot_at=slot).first()
            if run is None:
                before = ScheduledRun.objects.filter(job=job.key, slot_at__lt=slot).order_by("-slot_at").first()
                run = ScheduledRun.objects.create(
                    job=job.key, slot_at=slot, queued_at=now,
                    missed_days=missed_days(job, last=before.slot_at if before else None, slot=slot),
                )  # fmt: skip
            elif _is_to_repeat(run, now):
                run.state, run.queued_at = JobRunState.QUEUED, now
                run.save(update_fields=["state", "queued_at"])
            else:
                return None
            perform.enqueue(run.pk, job.service)
    except IntegrityError:
        return None  # another process has just queued this slot
    return run


def _is_to_repeat(run: ScheduledRun, now: datetime) -> bool:
    if run.state in (JobRunState.DONE, JobRunState.QUEUED) or run.started_at is None:
        return False
    failed = run.state == JobRunState.FAILED
    since = run.ended_at if failed and run.ended_at else run.started_at
    return is_to_repeat(failed=failed, attempts=run.attempts, since=since, now=now)


def _told(outcome: Any) -> str:
    if outcome is None:
        return ""
    return str(len(outcome) if isinstance(outcome, list | tuple | set) else outcome)[:300]
