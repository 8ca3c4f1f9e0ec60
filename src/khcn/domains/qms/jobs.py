"""What the engine's events set off: a step that ran over its time. The day's work is `./khcn manage run_quality`."""

import json
from datetime import datetime

from django.utils import timezone

from khcn.domains.qms.services.daily import machine
from khcn.domains.qms.services.nonconformities import note_repeated_overdue


def hear_of_overdue_step(payload: str) -> None:
    """Subscriber of the engine's StepOverdue: look whether its month now has enough of them to open a draft."""
    told = json.loads(payload)
    due = datetime.fromisoformat(told["due_at"])
    note_repeated_overdue(by=machine(), month=timezone.localtime(due).date())
