"""Lets unfinished clocks and cases follow an edit of the calendar: in the background, case by case, told as it goes.

An edit returns at once; what is due moves while the worker goes through what is open. A worker that dies is followed by
the sweep, which goes on where it stopped.
"""

import sys
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django_tasks import task

from khcn.kernel.audit.services import record
from khcn.kernel.orgs.queries import actor_for
from khcn.kernel.procedures.choices import CaseState
from khcn.kernel.procedures.models import CalendarRecount, Case
from khcn.kernel.procedures.queries import system_actor
from khcn.kernel.procedures.services.cases.clock import recompute_case
from khcn.kernel.procedures.services.clocks import recompute_clocks
from khcn.lib.actor import Actor

#: After how many cases it is told how far the work is.
TOLD_EVERY = 50
#: From when on a recount that nobody seems to be doing is begun again.
ABANDONED_AFTER = timedelta(minutes=5)
MOST_ATTEMPTS = 5


def ask_recount(*, by: Actor, why: str) -> CalendarRecount:
    """Queue the recount that an edit calls for, in the transaction of the edit; the caller has checked who may."""
    asked = CalendarRecount.objects.create(
        why=why[:300], asked_by_id=by.user_id, asked_at=timezone.now(), touched_at=timezone.now()
    )
    follow_calendar.enqueue(asked.pk)
    asked.refresh_from_db()
    return asked


@task()
def follow_calendar(recount_id: int) -> None:
    """Recompute clocks, then the open cases one by one, each in a transaction of its own; what failed is told."""
    asked = CalendarRecount.objects.filter(pk=recount_id, ended_at=None).select_related("asked_by").first()
    if asked is None:
        return
    today = timezone.localdate()
    by = actor_for(asked.asked_by, on=today) if asked.asked_by is not None else system_actor()
    _tell(asked, attempts=asked.attempts + 1, failure="")
    try:
        _follow(by, asked)
    finally:
        error = sys.exception()
        if error is not None:
            _tell(asked, failure=f"{type(error).__name__}: {error}"[:500])


def resume_recounts(*, now: datetime | None = None) -> int:
    """Queue recounts again whose worker died or failed a while ago; returns how many."""
    left = CalendarRecount.objects.filter(
        ended_at=None, touched_at__lt=(now or timezone.now()) - ABANDONED_AFTER, attempts__lt=MOST_ATTEMPTS
    )
    keys = list(left.order_by("pk").values_list("pk", flat=True))
    for key in keys:
        follow_calendar.enqueue(key)
    return len(keys)


def _follow(by: Actor, asked: CalendarRecount) -> None:
    waiting = Case.objects.filter(state__in=[CaseState.RUNNING, CaseState.PAUSED], pk__gt=asked.last_case)
    _tell(asked, total=asked.done + waiting.count())
    if not asked.last_case:
        with transaction.atomic():
            _tell(asked, moved=F("moved") + recompute_clocks())
    done = moved = 0
    for key in waiting.order_by("pk").values_list("pk", flat=True).iterator(1000):
        moved += recompute_case(by=by, case_id=key)
        done += 1
        if done == TOLD_EVERY:
            _tell(asked, done=F("done") + done, moved=F("moved") + moved, last_case=key)
            done = moved = 0
    with transaction.atomic():
        _tell(asked, done=F("done") + done, moved=F("moved") + moved, ended_at=timezone.now())
        asked.refresh_from_db()
        record(by=by, verb="calendar.recount", subject=None, label=asked.why, after={"moved": asked.moved})


def _tell(asked: CalendarRecount, **changes: object) -> None:
    CalendarRecount.objects.filter(pk=asked.pk).update(touched_at=timezone.now(), **changes)
