"""What past tasks say of a host and a leader, as the rules of eligibility read them, with the tasks as evidence."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Q, QuerySet, Sum

from khcn.domains.programme.choices import (
    LedgerEntryKind,
    ObligationKind,
    RecoveryState,
    TaskLevel,
    TaskState,
    WorkTitle,
)
from khcn.domains.programme.models import Application, LedgerEntry, Participation, ReportObligation, RuleSet, Task
from khcn.domains.programme.queries.law import parameters_of
from khcn.domains.programme.rules.eligibility import (
    EligibilityThresholds,
    Leader,
    PastTask,
    host_bars,
    leader_bars,
)
from khcn.domains.programme.rules.findings import Finding
from khcn.kernel.orgs.models import Organisation, Person
from khcn.kernel.procedures.models import Clock

ENDED: Final = frozenset(
    {TaskState.ACCEPTED, TaskState.FAILED, TaskState.TERMINATED, TaskState.CANCELLED, TaskState.ARCHIVED}
)
RESPONSIBLE_TITLES: Final = (WorkTitle.PI, WorkTitle.MAIN_MEMBER, WorkTitle.SECRETARY)


@dataclass(frozen=True, slots=True)
class Eligibility:
    """The bars found against a host and a leader; none means that both may apply."""

    host_bars: tuple[Finding, ...]
    pi_bars: tuple[Finding, ...]
    host_tasks: int
    pi_tasks: int

    @property
    def is_clear(self) -> bool:
        """True when nothing bars either."""
        return not (self.host_bars or self.pi_bars)

    def as_json(self, *, checked_on: date) -> dict[str, Any]:
        """As kept with the dossier."""
        return {
            "checked_on": checked_on.isoformat(),
            "host_tasks": self.host_tasks,
            "pi_tasks": self.pi_tasks,
            "host_bars": [_finding(bar) for bar in self.host_bars],
            "pi_bars": [_finding(bar) for bar in self.pi_bars],
        }


def eligibility_of(application: Application, *, closing_on: date) -> Eligibility:
    """Compute both sides for one dossier as of the closing day. Ten queries, whatever the number of past tasks."""
    order = application.call.order
    level = TaskLevel(order.proposal.level) if order.proposal is not None else TaskLevel.PROVINCIAL
    asked = _Asked(level, closing_on, _thresholds(application.call.rule_set, on=closing_on), Task.objects.all())
    found_host, hosted = _host(application.host, asked)
    found_leader, led = _leader(application.pi, asked)
    return Eligibility(host_bars=found_host, pi_bars=found_leader, host_tasks=hosted, pi_tasks=led)


def bars_on_new_leader(person: Person, *, task: Task, on: date) -> tuple[Finding, ...]:
    """What bars somebody from taking over a running task; the task itself does not count against anybody."""
    others = Task.objects.exclude(pk=task.pk)
    return _leader(person, _Asked(TaskLevel(task.level), on, _thresholds(task.rule_set, on=on), others))[0]


def bars_on_new_host(host: Organisation, *, task: Task, on: date) -> tuple[Finding, ...]:
    """What bars an organisation from taking over a running task; the task itself does not count against anybody."""
    others = Task.objects.exclude(pk=task.pk)
    return _host(host, _Asked(TaskLevel(task.level), on, _thresholds(task.rule_set, on=on), others))[0]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What somebody asks to lead or host, as of which day, under which thresholds, and the tasks that speak of them."""

    level: TaskLevel
    on: date
    thresholds: EligibilityThresholds
    tasks: QuerySet[Task]


def _thresholds(rule_set: RuleSet, *, on: date) -> EligibilityThresholds:
    return EligibilityThresholds.from_parameters(parameters_of(rule_set, on=on))


def _host(host: Organisation, asked: _Asked) -> tuple[tuple[Finding, ...], int]:
    hosted = past_tasks(asked.tasks.filter(host=host), closing_on=asked.on)
    bars = host_bars(hosted, level=asked.level, closing_on=asked.on, thresholds=asked.thresholds)
    return bars, len(hosted)


def _leader(person: Person, asked: _Asked) -> tuple[tuple[Finding, ...], int]:
    led = past_tasks(asked.tasks.filter(pi=person), closing_on=asked.on)
    shared = Participation.objects.filter(person=person, title__in=RESPONSIBLE_TITLES).values("task_id")
    unpaid = past_tasks(
        asked.tasks.filter(Q(pk__in=shared) | Q(pi=person)).filter(recovery_state=RecoveryState.DEMANDED),
        closing_on=asked.on,
    )
    bars = leader_bars(
        leader_of(person), led, level=asked.level, closing_on=asked.on, thresholds=asked.thresholds,
        unpaid_by_hosts=unpaid,
    )  # fmt: skip
    return bars, len(led)


def leader_of(person: Person) -> Leader:
    """What the register of people says of somebody's fitness; that the time suffices is the host's own statement."""
    since = date(person.in_field_since, 1, 1) if person.in_field_since else None
    return Leader(has_degree=bool(person.degree.strip()), active_since=since, can_give_the_time=True)


def past_tasks(tasks: QuerySet[Task], *, closing_on: date) -> list[PastTask]:
    """The tasks as the rules read them on the closing day; tasks without an end owe no dossier yet."""
    rows = list(tasks.select_related("dossier", "registration", "termination", "recovery"))
    keys = [row.pk for row in rows]
    registration_due = {
        clock.subject_uid: clock.due_on
        for clock in Clock.objects.filter(
            subject_uid__in=[row.uid for row in rows], rule_key="registration.register", cancelled=False
        )
    }
    owed_reports = ReportObligation.objects.filter(
        task_id__in=keys, kind=ObligationKind.APPLICATION, waived=False, due_on__lte=closing_on, report=None
    ).order_by("-due_on")
    report_due = {item.task_id: item.due_on for item in owed_reports}
    paid = dict(
        LedgerEntry.objects.filter(task_id__in=keys, kind=LedgerEntryKind.RECOVERY, reverses=None, reversed_by=None)
        .values_list("task_id")
        .annotate(total=Sum("amount_vnd"))
    )
    return [
        _past(
            row, closing_on=closing_on, registration_due_on=registration_due.get(row.uid),
            report_due_on=report_due.get(row.pk), paid_vnd=paid.get(row.pk, 0),
        )
        for row in rows
    ]  # fmt: skip


def _past(
    row: Task, *, closing_on: date, registration_due_on: date | None, report_due_on: date | None, paid_vnd: int
) -> PastTask:
    dossier, registration = getattr(row, "dossier", None), getattr(row, "registration", None)
    termination = getattr(row, "termination", None)
    is_fault = row.state == TaskState.TERMINATED and termination is not None and termination.is_objective is False
    recovery = getattr(row, "recovery", None)
    demanded = recovery.demanded_vnd if recovery is not None else termination.refund_vnd if termination else 0
    owed = (demanded or 0) - paid_vnd if row.recovery_state == RecoveryState.DEMANDED else 0
    ended_on = row.accepted_on or (termination.decided_on if termination else None) or row.end_on
    # a task that never came to a term has none to be late against: its term is taken to run to the closing day
    owes_no_dossier = row.end_on is None or row.state in (TaskState.TERMINATED, TaskState.CANCELLED)
    return PastTask(
        task=str(row.uid), code=row.code, level=TaskLevel(row.level),
        ends_on=closing_on if owes_no_dossier or row.end_on is None else row.end_on,
        dossier_submitted_on=_submitted(row, dossier),
        registration_due_on=registration_due_on,
        registered_on=registration.certified_on if registration else None,
        application_report_due_on=report_due_on, application_reported_on=None,
        recovery_owed_vnd=max(0, owed), suspended_on=termination.decided_on if termination and is_fault else None,
        led_from=row.approved_on, led_until=ended_on if row.state in ENDED else None,
    )  # fmt: skip


def _submitted(row: Task, dossier: Any) -> date | None:
    if dossier is not None and dossier.submitted_on is not None:
        return dossier.submitted_on
    # old tasks were accepted before their dossiers were kept here
    return row.accepted_on


def _finding(bar: Finding) -> dict[str, Any]:
    return {"code": bar.code, "text": bar.text, "citation": bar.citation, "evidence": list(bar.evidence)}


def evidence_codes(bars: Iterable[dict[str, Any]]) -> dict[str, str]:
    """Codes of the tasks that kept findings name, by uid; for links."""
    uids = {uid for bar in bars for uid in bar["evidence"]}
    return {str(uid): code for uid, code in Task.objects.filter(uid__in=uids).values_list("uid", "code")}
