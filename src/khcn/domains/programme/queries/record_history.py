"""Everything that happened to one record: steps with their rules, statutory times, papers, the audit log."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from khcn.domains.programme.permissions import roles_on
from khcn.domains.programme.rules.machines import MACHINES
from khcn.domains.programme.rules.transitions import Transition, permitted_events
from khcn.kernel.audit.models import AuditEntry
from khcn.kernel.audit.queries import history_of
from khcn.kernel.documents.models import Document
from khcn.kernel.documents.queries import documents_of
from khcn.kernel.procedures.models import Clock, TransitionRecord
from khcn.kernel.procedures.queries import clocks_of, transitions_of
from khcn.kernel.procedures.rules import days_late
from khcn.lib.actor import Actor
from khcn.lib.labelled import Labelled


@dataclass(frozen=True, slots=True)
class Step:
    """One step taken: its name, from and to, and the rules that allowed it with parameters and inputs."""

    record: TransitionRecord
    label: str
    from_state: Labelled | None
    to_state: Labelled | None


@dataclass(frozen=True, slots=True)
class Time:
    """One statutory time and how late it is or was, in days."""

    clock: Clock
    late_days: int


@dataclass(frozen=True, slots=True)
class RecordHistory:
    """What a record's page shows of its past. documents: newest first, each with its revisions."""

    steps: tuple[Step, ...]
    times: tuple[Time, ...]
    documents: tuple[Document, ...]
    acts: tuple[AuditEntry, ...]


def history(subject: Any, machine: str, *, today: date) -> RecordHistory:
    """Read it in six queries, whatever its length."""
    kind = subject._meta.label_lower
    return RecordHistory(
        steps=tuple(_step(row, machine) for row in transitions_of(subject_uid=subject.uid).filter(machine=machine)),
        times=tuple(
            Time(clock, days_late(clock.due_on, clock.stopped_on, today))
            for clock in clocks_of(subject_uid=subject.uid).select_related("responsible", "late_noted_by")
        ),
        documents=tuple(documents_of(subject_type=kind, subject_uid=subject.uid)),
        acts=tuple(history_of(subject_type=kind, subject_uid=subject.uid)[:200]),
    )


def open_steps(actor: Actor, subject: Any, machine: str) -> dict[str, Transition]:
    """The steps that the actor's roles may try now, by event; the guards speak when one is taken."""
    rows = permitted_events(MACHINES[machine], subject.state, roles_on(actor, subject))
    return {row.event: row for row in rows}


def _step(row: TransitionRecord, machine: str) -> Step:
    table = MACHINES[machine]
    labels = {(item.source.value, item.event): item.label for item in table.transitions}
    states = {member.value: member for member in table.states}
    return Step(
        row, labels.get((row.from_state, row.event), row.event), states.get(row.from_state), states.get(row.to_state)
    )
