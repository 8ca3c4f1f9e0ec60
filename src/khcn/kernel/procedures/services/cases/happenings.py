"""Typed events that cases publish; whoever must know subscribes to them in its wiring."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class CaseStarted:
    """A case was opened on a procedure."""

    case_uid: UUID
    code: str
    procedure_code: str
    subject_type: str
    subject_uid: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True)
class StepReady:
    """A step waits for a person, in a role at an organisation (its key), or for an assignee (account key)."""

    case_uid: UUID
    case_code: str
    run_uid: UUID
    step_key: str
    name: str
    role: str
    organisation_id: int | None
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class StepCompleted:
    """A step was done. in_time is None when it had no norm."""

    case_uid: UUID
    case_code: str
    run_uid: UUID
    step_key: str
    outcome: str
    by_uid: UUID
    in_time: bool | None


@dataclass(frozen=True, slots=True)
class StepReturned:
    """A step was sent back to an earlier one, with the reason."""

    case_uid: UUID
    case_code: str
    run_uid: UUID
    step_key: str
    to_step: str
    reason: str
    by_uid: UUID


@dataclass(frozen=True, slots=True)
class StepOverdue:
    """A live step passed its due moment; published once per run."""

    case_uid: UUID
    case_code: str
    procedure_code: str
    run_uid: UUID
    step_key: str
    name: str
    role: str
    organisation_id: int | None
    assignee_id: int | None
    due_at: datetime


@dataclass(frozen=True, slots=True)
class CaseClockMoved:
    """A case's clock was paused, resumed, restarted or its due moment was set. due_at None: it stands still."""

    case_uid: UUID
    case_code: str
    event: str
    reason: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class CaseEnded:
    """A case ended or was cancelled."""

    case_uid: UUID
    code: str
    procedure_code: str
    subject_type: str
    subject_uid: UUID | None
    outcome: str
    cancelled: bool
    at: datetime
