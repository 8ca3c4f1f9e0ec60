"""Reads tasks for screens: the filtered list in a fixed number of queries, the timeline, one task's whole history."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet, Subquery

from khcn.domains.programme.models import Task
from khcn.kernel.audit.models import AuditEntry
from khcn.kernel.procedures.models import Clock, TransitionRecord


@dataclass(frozen=True, slots=True)
class HistoryItem:
    """One line of a task's history, whatever part of it was touched."""

    at: datetime
    title: str
    by: str
    note: str
    kind: str
    rules: tuple[dict[str, Any], ...] = ()


def with_clocks(tasks: QuerySet[Task], *, on: date) -> QuerySet[Task]:
    """Tasks with `next_due` (soonest running clock), `next_step` (its title) and `is_late`."""
    running = Clock.objects.filter(
        subject_type="programme.task", subject_uid=OuterRef("uid"), stopped_on=None, cancelled=False
    )
    soonest = running.order_by("due_on")
    return tasks.annotate(
        next_due=Subquery(soonest.values("due_on")[:1]),
        next_step=Subquery(soonest.values("title")[:1]),
        is_late=Exists(running.filter(due_on__lt=on)),
    )


def for_list(tasks: QuerySet[Task], *, on: date) -> QuerySet[Task]:
    """What the list of tasks shows, in one query."""
    return with_clocks(tasks, on=on).select_related("host", "pi", "field", "plan").only(
        "uid", "code", "title", "state", "kind", "level", "start_on", "end_on", "original_end_on", "state_vnd",
        "counterpart_vnd", "grade", "uptake_state", "result_state", "is_illustration", "is_secret", "approved_on",
        "host__name", "host__short_name", "host__uid", "pi__full_name", "pi__degree", "field__title", "plan__title",
        "plan__code", "plan__uid", "updated_at", "version",
    )  # fmt: skip


def tally(tasks: QuerySet[Task], *, on: date) -> dict[str, int]:
    """Counts above the list: all, running, late, ended without acceptance, applied. One query."""
    late = Clock.objects.filter(
        subject_type="programme.task", subject_uid=OuterRef("uid"), stopped_on=None, cancelled=False, due_on__lt=on
    )
    return tasks.order_by().aggregate(
        all=Count("pk"),
        running=Count("pk", filter=Q(state__in=["contracted", "running", "paused"])),
        closing=Count("pk", filter=Q(state__in=["dossier_due", "dossier_submitted", "in_acceptance"])),
        accepted=Count("pk", filter=Q(state__in=["accepted", "archived"], grade__in=["pass", "excellent"])),
        applied=Count("pk", filter=Q(uptake_state="applied")),
        late=Count("pk", filter=Exists(late)),
    )


def span(tasks: QuerySet[Task]) -> tuple[date, date] | None:
    """First start and last end of the tasks, None when none has dates."""
    found = tasks.order_by().aggregate(first=Min("start_on"), last=Max("end_on"))
    return (found["first"], found["last"]) if found["first"] and found["last"] else None


def history_of(task: Task) -> list[HistoryItem]:
    """Everything that happened to a task and its parts, newest first: transitions with their rules, other acts."""
    uids = [task.uid]
    for name in ("changes", "inspections", "progress_reports", "products", "ledger", "budgets", "issues"):
        uids += list(getattr(task, name).values_list("uid", flat=True))
    transitions = [
        HistoryItem(row.at, row.event, row.by_name, row.note, row.machine, tuple(row.trace))
        for row in TransitionRecord.objects.filter(subject_uid__in=uids)
    ]
    machine_verbs = {f"{item.kind}.{item.title}" for item in transitions}
    acts = [
        HistoryItem(entry.at, entry.verb, entry.actor_name, entry.subject_label, "act")
        for entry in AuditEntry.objects.filter(subject_uid__in=uids).order_by("-id")[:300]
        if entry.verb not in machine_verbs
    ]
    return sorted(transitions + acts, key=lambda item: item.at, reverse=True)
