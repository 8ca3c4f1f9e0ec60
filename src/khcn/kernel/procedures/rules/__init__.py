"""Rules of the procedures room: councils' steps, versions' steps, a case's time, its log's digests, migration."""

from khcn.kernel.procedures.rules.case_clock import Segment, due_after, is_overdue, worked_until
from khcn.kernel.procedures.rules.case_log import GENESIS, event_digest
from khcn.kernel.procedures.rules.councils import (
    COUNCIL_STEPS,
    OPENED_STATES,
    CouncilStep,
    Verdict,
    days_late,
)
from khcn.kernel.procedures.rules.versions import VERSION_STEPS, VersionStep

__all__ = [
    "COUNCIL_STEPS",
    "GENESIS",
    "OPENED_STATES",
    "VERSION_STEPS",
    "CouncilStep",
    "Segment",
    "Verdict",
    "VersionStep",
    "days_late",
    "due_after",
    "event_digest",
    "is_overdue",
    "worked_until",
]
