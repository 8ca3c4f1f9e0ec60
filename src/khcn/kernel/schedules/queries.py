"""Reads the record of scheduled runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from khcn.kernel.schedules.models import ScheduledRun
from khcn.kernel.schedules.rules import Job, next_slot


@dataclass(frozen=True, slots=True)
class JobStanding:
    """A job with its last run, None before the first, and when it runs next."""

    job: Job
    last: ScheduledRun | None
    next_at: datetime


def standing_of(jobs: Sequence[Job], *, now: datetime) -> list[JobStanding]:
    """How every job stands, in the order of the schedule. One query per job."""
    return [
        JobStanding(job, ScheduledRun.objects.filter(job=job.key).order_by("-slot_at").first(), next_slot(job, now))
        for job in jobs
    ]
