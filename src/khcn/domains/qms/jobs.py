"""What happens without a person: documents whose day has come, repeated overdue steps, computed objectives.

`./khcn manage run_quality` runs one day from a timer; the engine calls the subscriber of overdue steps.
"""

import json
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from khcn.domains.qms.models import QualitySystem
from khcn.domains.qms.services.documents import bring_due_into_effect
from khcn.domains.qms.services.nonconformities import note_repeated_overdue
from khcn.domains.qms.services.objectives import measure_objectives
from khcn.lib.actor import Actor


def hear_of_overdue_step(payload: str) -> None:
    """Subscriber of the engine's StepOverdue: look whether its month now has enough of them to open a draft."""
    told = json.loads(payload)
    due = datetime.fromisoformat(told["due_at"])
    note_repeated_overdue(by=machine(), month=timezone.localtime(due).date())


def run_daily(on: date | None = None) -> dict[str, int]:
    """Everything of one day; returns what was done by name. Running it twice does nothing twice."""
    by = machine(on)
    effective = bring_due_into_effect(by=by)
    opened = note_repeated_overdue(by=by, month=by.on)
    measured = [
        row
        for system in QualitySystem.objects.select_related("organisation")
        for row in measure_objectives(by=by, system=system, year=by.on.year)
    ]
    return {"effective": len(effective), "nonconformities": len(opened), "measurements": len(measured)}


def machine(on: date | None = None) -> Actor:
    """The system itself on a date."""
    return Actor(uid=UUID(int=0), name="Hệ thống", on=on or timezone.localdate(), is_system=True)
