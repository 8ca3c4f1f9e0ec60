"""A case's clock: pause, resume, restart, a new due moment, and recomputation when the calendar changes."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from khcn.kernel.events.services import publish
from khcn.kernel.procedures.choices import CaseState, ClockReason
from khcn.kernel.procedures.errors import CaseClosed, ClockRefused
from khcn.kernel.procedures.models import Case
from khcn.kernel.procedures.services.cases import timing
from khcn.kernel.procedures.services.cases.happenings import CaseClockMoved
from khcn.kernel.procedures.services.cases.locking import held, locked
from khcn.kernel.procedures.services.cases.log import append
from khcn.lib.actor import Actor
from khcn.lib.failure import Refused
from khcn.web.rows import Writes


def pause_clock(*, by: Actor, case: Case, reason: ClockReason, note: str = "", now: datetime | None = None) -> Case:
    """Let the case's time stand still, as while a supplement or a fee is awaited. The caller decides who may.

    Raises ClockRefused when it stands already, CaseClosed.
    """
    now = now or timezone.now()
    with transaction.atomic():
        case = _open(case)
        if case.state == CaseState.PAUSED:
            raise ClockRefused("Hồ sơ đang tạm dừng tính thời gian.")
        timing.turn(case, now, running=False, reason=reason, note=note)
        return _kept(by, case, "paused", reason, note, now)


def resume_clock(*, by: Actor, case: Case, note: str = "", now: datetime | None = None) -> Case:
    """Let the time run on; due moments move by the time that stood still. Raises ClockRefused, CaseClosed."""
    now = now or timezone.now()
    with transaction.atomic():
        case = _open(case)
        if case.state != CaseState.PAUSED:
            raise ClockRefused("Hồ sơ không tạm dừng nên không có gì để chạy tiếp.")
        timing.resume(case, timing.calendar_for(case.version_pinned.cut_off), now, ClockReason.RESUMED, note)
        return _kept(by, case, "resumed", ClockReason.RESUMED, note, now)


def restart_clock(*, by: Actor, case: Case, note: str = "", now: datetime | None = None) -> Case:
    """Count the whole limit anew from now, as when a full dossier is handed in at last. Raises CaseClosed."""
    now = now or timezone.now()
    with transaction.atomic():
        case = _open(case)
        timing.resume(case, timing.calendar_for(case.version_pinned.cut_off), now, ClockReason.RESTARTED, note)
        return _kept(by, case, "restarted", ClockReason.RESTARTED, note, now)


def extend_case(*, by: Actor, case: Case, due_at: datetime, reason: str, now: datetime | None = None) -> Case:
    """Set a later due moment (a re-appointment). How often and before when that is allowed is the domain's rule.

    Raises Refused without a reason, ClockRefused for a moment not later than the one it replaces, CaseClosed.
    """
    if not reason.strip():
        raise Refused("Ghi lý do gia hạn.", field="reason")
    now = now or timezone.now()
    with transaction.atomic():
        case = _open(case)
        if due_at <= max(now, case.due_at or now):
            raise ClockRefused("Hạn mới phải sau hạn cũ và sau thời điểm này.")
        before, case.due_at, case.due_fixed = case.due_at, due_at, True
        return _kept(by, case, "extended", ClockReason.OTHER, reason.strip(), now, before=before)


def recompute_case(*, by: Actor, case_id: int, now: datetime | None = None) -> bool:
    """Recompute the due moments of a case and of its live steps by the calendar as it is; whether any moved.

    Ended cases, fixed appointments, steps whose due moment was set by hand and timers that ring at a date stay as they
    are. A change is a line of the case's log.
    """
    now = now or timezone.now()
    with transaction.atomic():
        standing = held(case_id)
        case = standing.case
        if not case.is_open:
            return False
        days = timing.calendar_for(case.version_pinned.cut_off, standing.calendar_stamp)
        before, case.due_at = case.due_at, timing.computed_due(case, days)
        steps = timing.recomputed(case, standing.rows, days, now)
        if case.due_at == before and not steps:
            return False
        writes = Writes()
        for run in steps:
            writes.update(run, ["due_at", "fire_at"])
        append(
            by=by, case=case, verb="recomputed", at=now, into=writes, before=before, due_at=case.due_at,
            steps={run.step_key: run.due_at or run.fire_at for run in steps},
        )  # fmt: skip
        case.version += 1
        writes.update(case, ["due_at", "head", "events_count", "version", "updated_at"])
        writes.flush()
    return True


def _open(case: Case) -> Case:
    case = locked(case.pk)
    if not case.is_open:
        raise CaseClosed(f"Hồ sơ {case.code} đã kết thúc.")
    return case


def _kept(by: Actor, case: Case, verb: str, reason: ClockReason, note: str, now: datetime, **more: Any) -> Case:
    append(by=by, case=case, verb=verb, at=now, reason=reason, note=note, due_at=case.due_at, **more)
    case.version += 1
    case.save()
    due = case.due_at if case.state == CaseState.RUNNING else None
    publish(CaseClockMoved(case.uid, case.code, verb, str(reason), due))
    return case
