"""Starts, stops and explains statutory clocks."""

from datetime import date

from django.db import transaction

from khcn.kernel.audit.services import record
from khcn.kernel.orgs.models import Organisation
from khcn.kernel.procedures.choices import LateReason
from khcn.kernel.procedures.models import Clock
from khcn.kernel.procedures.permissions import may_explain
from khcn.kernel.procedures.queries import calendar, open_clocks_of
from khcn.lib.actor import Actor
from khcn.lib.calendar import TimeUnit
from khcn.lib.failure import Forbidden, Refused
from khcn.web.fields import Identified, claim_seen


def start_clock(
    *,
    subject: Identified,
    rule_set: str,
    rule_key: str,
    title: str,
    amount: int,
    unit: str,
    citation: str,
    started_on: date,
    url: str = "",
    responsible: Organisation | None = None,
    responsible_role: str = "",
) -> Clock:
    """Start a clock on a record; one that already runs under the same key is returned as it is."""
    running = open_clocks_of(subject).filter(rule_key=rule_key).first()
    if running is not None:
        return running
    return Clock.objects.create(
        subject_type=subject._meta.label_lower, subject_uid=getattr(subject, "uid"), subject_label=str(subject)[:300],  # noqa: B009
        url=url, rule_set=rule_set, rule_key=rule_key, title=title, amount=amount, unit=unit, citation=citation[:300],
        started_on=started_on, due_on=calendar().due_on(started_on, amount, TimeUnit(unit)), responsible=responsible,
        responsible_role=responsible_role,
    )  # fmt: skip


def stop_clock(*, subject: Identified, rule_key: str, on: date) -> Clock | None:
    """Stop the running clock under the key; None when none runs."""
    clock = open_clocks_of(subject).filter(rule_key=rule_key).first()
    if clock is not None:
        clock.stopped_on = max(on, clock.started_on)
        clock.save(update_fields=["stopped_on"])
    return clock


def finish_clock(*, by: Actor, clock: Clock, on: date, note: str = "") -> Clock:
    """Say that the work a clock waits for was done on a day, for steps that leave no other record here."""
    if not may_explain(by, clock):
        raise Forbidden("Chỉ đơn vị chịu trách nhiệm hoặc chuyên viên Sở được ghi việc đã xong.")
    if clock.stopped_on is not None or clock.cancelled:
        raise Refused("Việc này đã xong hoặc không còn áp dụng.")
    if on < clock.started_on:
        raise Refused("Ngày xong không thể trước ngày bắt đầu tính.", field="on")
    with transaction.atomic():
        clock.stopped_on = on
        clock.save(update_fields=["stopped_on"])
        record(by=by, verb="clock.finish", subject=clock, after={"on": on, "note": note})
    return clock


def cancel_clocks(*, subject: Identified) -> int:
    """Take all running clocks of a record off, as when a task is terminated."""
    return open_clocks_of(subject).update(cancelled=True)


def explain_lateness(
    *, by: Actor, clock: Clock, reason: LateReason, note: str, today: date, expected_version: int | None = None
) -> Clock:
    """Record why a clock ran over. Raises Refused when it did not, Forbidden for strangers, Stale.

    expected_version: the `state_mark` of the clock as it was read.
    """
    if not may_explain(by, clock):
        raise Forbidden("Chỉ đơn vị chịu trách nhiệm hoặc chuyên viên Sở được giải trình việc trễ hạn.")
    if (clock.stopped_on or today) <= clock.due_on:
        raise Refused("Việc này chưa trễ hạn nên chưa cần giải trình.")
    if not note.strip():
        raise Refused("Ghi rõ lý do trễ hạn.", field="note")
    with transaction.atomic():
        claim_seen(clock, expected_version, {"late_reason": reason, "late_note": note.strip()})
        clock.late_reason, clock.late_note, clock.late_noted_by_id = reason, note.strip(), by.user_id
        clock.save(update_fields=["late_reason", "late_note", "late_noted_by"])
        record(by=by, verb="clock.explain", subject=clock, after={"reason": reason, "note": note.strip()})
    return clock


def recompute_clocks() -> int:
    """Recompute due dates of unfinished clocks after the calendar changed; returns how many moved.

    Calendar days and months too: a term that ends on a day off ends on the next working day.
    """
    days, moved = calendar(), []
    for clock in Clock.objects.filter(stopped_on=None, cancelled=False):
        due = days.due_on(clock.started_on, clock.amount, TimeUnit(clock.unit))
        if due != clock.due_on:
            clock.due_on = due
            moved.append(clock)
    Clock.objects.bulk_update(moved, ["due_on"])
    return len(moved)
