"""Edits the working calendar; unfinished clocks follow in the background, finished ones stay."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from khcn.kernel.audit.services import record
from khcn.kernel.procedures.choices import DayKind
from khcn.kernel.procedures.models import CalendarDay, CalendarRecount
from khcn.kernel.procedures.permissions import require_calendar_editor
from khcn.kernel.procedures.services.cases.recounting import ask_recount
from khcn.lib.actor import Actor


def seed_calendar(*, by: Actor, days: Iterable[tuple[date, str, str, str]]) -> tuple[int, int]:
    """Load (date, kind, name, basis) rows; days edited by hand stay, unfinished clocks follow.

    Returns (added, changed).
    """
    added = changed = 0
    with transaction.atomic():
        known = {day.on: day for day in CalendarDay.objects.all()}
        for on, kind, name, basis in days:
            day = known.get(on)
            if day is None:
                CalendarDay.objects.create(on=on, kind=kind, name=name, basis=basis)
                added += 1
            elif not day.is_edited and (day.kind, day.name, day.basis) != (kind, name, basis):
                day.kind, day.name, day.basis = kind, name, basis
                day.save()
                changed += 1
        if added or changed:
            record(by=by, verb="calendar.seed", subject=None, after={"added": added, "changed": changed})
            ask_recount(by=by, why="Nạp lịch làm việc")
    return added, changed


def edit_day(*, by: Actor, on: date, kind: DayKind, name: str, basis: str) -> CalendarDay:
    """Set one date by hand, with the paper that says so; what is unfinished follows in the background."""
    require_calendar_editor(by)
    with transaction.atomic():
        found = CalendarDay.objects.filter(on=on).first()
        before = {"kind": found.kind, "name": found.name, "basis": found.basis} if found else None
        day, _ = CalendarDay.objects.update_or_create(
            on=on, defaults={"kind": kind, "name": name, "basis": basis, "is_edited": True}
        )
        record(
            by=by, verb="calendar.edit", subject=day, before=before,
            after={"kind": kind, "name": name, "basis": basis},
        )  # fmt: skip
        ask_recount(by=by, why="Sửa lịch làm việc")
    return day


def remove_day(*, by: Actor, on: date) -> CalendarRecount:
    """Make one date ordinary again; returns the recount that follows in the background."""
    require_calendar_editor(by)
    with transaction.atomic():
        day = CalendarDay.objects.get(on=on)
        record(by=by, verb="calendar.remove", subject=day, before={"kind": day.kind, "name": day.name})
        day.delete()
        return ask_recount(by=by, why="Bỏ ngày khỏi lịch")
