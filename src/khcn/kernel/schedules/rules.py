"""When a job is due: pure arithmetic of moments, in Vietnam's time. Holds no list of jobs; the site does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from khcn.lib.dates import VIETNAM

RETRY_AFTER: Final = timedelta(minutes=15)
STUCK_AFTER: Final = timedelta(hours=2)
ATTEMPTS_MOST: Final = 3


@dataclass(frozen=True, slots=True)
class Job:
    """A service that runs by itself, once a day where `every` says no shorter time.

    key: stable name. title: the Vietnamese sentence shown to administrators. at: time of day in Vietnam, from which the
    slots of a shorter time are counted. every: a part of a day, such as a quarter of an hour. service:
    dotted path of a function called with `by` (the system) and `on` (the day); what it returns, a number or a list, is
    the result kept. It must give the same end when it runs twice.
    """

    key: str
    title: str
    at: time
    service: str
    every: timedelta = timedelta(days=1)


def latest_slot(job: Job, now: datetime) -> datetime:
    """The last moment at or before `now` at which the job should have run; now: aware."""
    here = now.astimezone(VIETNAM)
    first = datetime.combine(here.date(), job.at, tzinfo=VIETNAM)
    if first > here:
        first -= timedelta(days=1)
    return first + (here - first) // job.every * job.every


def next_slot(job: Job, now: datetime) -> datetime:
    """The first moment after `now` at which the job will run."""
    return latest_slot(job, now) + job.every


def missed_days(job: Job, *, last: datetime | None, slot: datetime) -> int:
    """How many days' runs between the last one and `slot` were missed while nothing ran; 0 without a last one."""
    if last is None:
        return 0
    return max(0, (slot - latest_slot(job, last)).days - 1)


def is_to_repeat(*, failed: bool, attempts: int, since: datetime, now: datetime) -> bool:
    """Whether a run that failed, or that never came to its end, is taken up again.

    since: when it ended (failed) or started. A failed one waits a quarter of an hour; one that stands still is given
    up after two hours, as when the machine stopped in the middle. Three attempts at most for one slot.
    """
    return attempts < ATTEMPTS_MOST and now - since >= (RETRY_AFTER if failed else STUCK_AFTER)
