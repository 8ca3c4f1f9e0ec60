"""The day's work of the quality systems that needs no person."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from django.utils import timezone

from khcn.domains.qms.models import QualitySystem
from khcn.domains.qms.services.documents import bring_due_into_effect
from khcn.domains.qms.services.nonconformities import note_repeated_overdue
from khcn.domains.qms.services.objectives import measure_all_objectives
from khcn.lib.actor import Actor


def run_day(*, by: Actor, on: date | None = None) -> dict[str, int]:
    """Bring due documents into effect, note repeated overdue steps, measure objectives; returns what was done by name.

    on: as the schedule calls it, the actor's own day. Running it twice does nothing twice.
    """
    by = by if on is None else replace(by, on=on)
    if not QualitySystem.objects.exists():
        return {"effective": 0, "nonconformities": 0, "measurements": 0}
    effective = bring_due_into_effect(by=by)
    opened = note_repeated_overdue(by=by, month=by.on)
    measured = measure_all_objectives(by=by, year=by.on.year)
    return {"effective": len(effective), "nonconformities": len(opened), "measurements": len(measured)}


def machine(on: date | None = None) -> Actor:
    """The system itself on a date."""
    return Actor(uid=UUID(int=0), name="Hệ thống", on=on or timezone.localdate(), is_system=True)
