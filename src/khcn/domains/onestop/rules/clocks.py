"""Statutory time of a dossier: appointment and cut-off, and the limits of complaints.

Pauses and restarts are the engine's clock. The calendar and the moment are handed in; amounts come from
the procedure or from dated parameters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time
from decimal import Decimal

from khcn.domains.onestop.choices import ComplaintState
from khcn.lib.calendar import TimeUnit, WorkCalendar


@dataclass(frozen=True, slots=True)
class Limit:
    """A procedure's time limit; cut_off: what comes after it counts from the next working day (None: no cut-off)."""

    amount: int
    unit: TimeUnit
    cut_off: time | None = None


def appointment(calendar: WorkCalendar, received_at: datetime, limit: Limit) -> datetime:
    """When the result is due for a dossier received at the moment."""
    return replace(calendar, cut_off=limit.cut_off).add_work(received_at, limit.amount, limit.unit)


def forward_from(calendar: WorkCalendar, received_at: datetime, limit: Limit) -> datetime:
    """From when the dossier is with the deciding agency: at once, or at the start of the next working day."""
    return replace(calendar, cut_off=limit.cut_off).effective_start(received_at)


COMPLAINT_LIMITS = {
    ComplaintState.REFUSED: "complaint.refuse",
    ComplaintState.MORE_ASKED: "complaint.ask_more",
    ComplaintState.ANSWERED: "complaint.answer",
    ComplaintState.PUBLISHED: "complaint.publish",
}
"""Which dated parameter (in working days) limits the way to each state of a complaint."""


def complaint_due(
    calendar: WorkCalendar, *, target: ComplaintState, counted_from: datetime, parameters: Mapping[str, Decimal]
) -> datetime:
    """By when a complaint must have reached the state. Raises KeyError for a state without limit."""
    return calendar.add_work(counted_from, int(parameters[COMPLAINT_LIMITS[target]]), TimeUnit.WD)
