"""Reads the calendar, running clocks and the transition log."""

from dataclasses import dataclass
from datetime import date, time
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import QuerySet

from khcn.kernel.procedures.models import CalendarDay, CalendarRecount, Clock, TransitionRecord
from khcn.lib.actor import Actor
from khcn.lib.calendar import DayException, ExceptionKind, WorkCalendar
from khcn.web.fields import Identified
from khcn.web.rows import Answer, ask

_CALENDARS_KEPT = 50
_calendars: dict[Any, WorkCalendar] = {}
#: What changes with every edit of the calendar.
_STAMP = "SELECT count(id), max(changed_at), max(id) FROM procedures_calendarday"


def ask_calendar_stamp() -> Answer[Any]:
    """Ask what changes with every edit of the calendar; inside `together`, on one way with other questions."""
    return ask(_STAMP)


def calendar(*, cut_off: time | None = None, stamp: tuple[Any, ...] | None = None) -> WorkCalendar:
    """The working calendar as the office keeps it now, with a time after which receipt counts for the next day.

    stamp: the answer to `ask_calendar_stamp` in the same transaction. Without it one small query when nothing changed
    since the last call; one more when something did.
    """
    key = (stamp or ask(_STAMP).rows()[0], cut_off)
    if key not in _calendars:
        if len(_calendars) > _CALENDARS_KEPT:
            _calendars.clear()
        _calendars[key] = WorkCalendar(
            exceptions=tuple(
                DayException(on=day.on, kind=ExceptionKind(day.kind), name=day.name, basis=day.basis)
                for day in CalendarDay.objects.order_by("on")
            ),
            cut_off=cut_off,
        )
    return _calendars[key]


def newest_recount() -> CalendarRecount | None:
    """How far the recount after the last edit of the calendar is; None before the first edit."""
    return CalendarRecount.objects.order_by("-pk").first()


def open_clocks_of(subject: Identified) -> QuerySet[Clock]:
    """Clocks still running on one record."""
    return Clock.objects.filter(
        subject_type=subject._meta.label_lower,
        subject_uid=subject.uid,
        stopped_on=None,
        cancelled=False,
    )


def clocks_of(*, subject_uid: UUID) -> QuerySet[Clock]:
    """All clocks of one record, by due date."""
    return Clock.objects.filter(subject_uid=subject_uid, cancelled=False).order_by("due_on", "id")


def transitions_of(*, subject_uid: UUID) -> QuerySet[TransitionRecord]:
    """The states a record went through, oldest first."""
    return TransitionRecord.objects.filter(subject_uid=subject_uid).order_by("id")


def overdue_clocks(*, on: date) -> QuerySet[Clock]:
    """Running clocks past their due date."""
    return Clock.objects.filter(stopped_on=None, cancelled=False, due_on__lt=on).order_by("due_on")


def clocks_waiting_for(actor: Actor) -> QuerySet[Clock]:
    """Running clocks that one of the actor's roles, or units, must finish; soonest first."""
    waiting = Clock.objects.filter(stopped_on=None, cancelled=False)
    at_unit = models.Q(responsible_id__in=actor.organisation_ids, responsible_role="")
    by_role = models.Q(pk__in=[])
    for grant in actor.grants:
        by_role |= models.Q(responsible_role=grant.role) & (
            models.Q(responsible=None) | models.Q(responsible_id=grant.organisation_id)
        )
    return waiting.filter(at_unit | by_role).order_by("due_on", "id")


@dataclass(frozen=True, slots=True)
class ClockTally:
    """How statutory times were kept: due, kept, late and still open past due."""

    due: int
    kept: int
    late: int
    open_late: int


def clock_tally(*, subject_uids: QuerySet | None, date_from: date, date_to: date) -> ClockTally:
    """Clocks that fell due in [date_from, date_to], over the given records (None: all)."""
    clocks = Clock.objects.filter(cancelled=False, due_on__range=(date_from, date_to))
    if subject_uids is not None:
        clocks = clocks.filter(subject_uid__in=subject_uids)
    counts = clocks.aggregate(
        due=models.Count("id"),
        kept=models.Count("id", filter=models.Q(stopped_on__lte=models.F("due_on"))),
        late=models.Count("id", filter=models.Q(stopped_on__gt=models.F("due_on"))),
        open_late=models.Count("id", filter=models.Q(stopped_on=None)),
    )
    return ClockTally(**counts)
