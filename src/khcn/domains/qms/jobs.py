"""What the engine's events set off: a step over its time, a result promised again for later.

The day's work is `./khcn manage run_quality`.
"""

import json
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from khcn.domains.qms.services.daily import machine
from khcn.domains.qms.services.nonconformities import note_postponed_result, note_repeated_overdue


def hear_of_overdue_step(payload: str) -> None:
    """Subscriber of the engine's StepOverdue: look whether its month now has enough of them to open a draft."""
    told = json.loads(payload)
    due = datetime.fromisoformat(told["due_at"])
    note_repeated_overdue(
        by=machine(), month=timezone.localtime(due).date(), procedure_code=told["procedure_code"],
        step_key=told["step_key"],
    )  # fmt: skip


def hear_of_moved_clock(payload: str) -> None:
    """Subscriber of the engine's CaseClockMoved: an extension is a result that does not come when it was promised."""
    told = json.loads(payload)
    if told["event"] == "extended":
        due = datetime.fromisoformat(told["due_at"]) if told["due_at"] else None
        note_postponed_result(by=machine(), case_uid=UUID(told["case_uid"]), new_due=due)
