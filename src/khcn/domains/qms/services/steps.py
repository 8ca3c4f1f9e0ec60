"""Takes a step of a machine: duty, state, version, write, log – what every act of the quality system shares."""

from datetime import date
from typing import Any

from django.db import models

from khcn.domains.qms.errors import NotYetProven, StepNotOpen
from khcn.domains.qms.models import QualitySystem
from khcn.domains.qms.permissions import require_duty
from khcn.domains.qms.rules.machines import MACHINES, Step
from khcn.kernel.documents.services import next_number
from khcn.kernel.procedures.queries import calendar
from khcn.kernel.procedures.services import log_transition
from khcn.lib.actor import Actor
from khcn.lib.failure import Refused


def begin(
    *, by: Actor, record: Any, machine: str, event: str, expected_version: int | None = None, note: str = ""
) -> Step:
    """Check that the actor may take the step from the state the record is in, inside the caller's transaction.

    The row is locked and re-read; the caller goes on with guards, then calls `finish`. Raises Forbidden, StepNotOpen,
    NotYetProven (a reason is missing) and Stale.
    """
    step = MACHINES[machine].step(event)
    require_duty(by, record.system, *step.duties, record=record)
    record.claim(expected_version)
    current = type(record)._default_manager.get(pk=record.pk)
    if current.state not in step.sources:
        label = MACHINES[machine].states(current.state).label
        raise StepNotOpen(f"Hồ sơ đang ở trạng thái “{label}” nên không thể “{step.label}”. Vui lòng tải lại trang.")
    if step.needs_reason and not note.strip():
        raise NotYetProven("Ghi rõ lý do.", field="reason")
    return step


def finish(*, by: Actor, record: Any, machine: str, step: Step, note: str = "", **changes: Any) -> None:
    """Write the new state with the changes, and log the transition."""
    before = record.state
    for name, value in changes.items():
        setattr(record, name, value)
    record.state = step.target
    record.save()
    log_transition(
        by=by, subject=record, machine=f"qms.{machine}", event=step.event, from_state=str(before),
        to_state=str(step.target), note=note.strip(),
    )  # fmt: skip


def numbered(system: QualitySystem, series: str, on: date, *, width: int = 3) -> str:
    """The next code of a series of the agency in the year, without gaps: "KPH-2026-001"."""
    number = next_number(series=f"qms.{series}", year=on.year, organisation=system.organisation)
    return f"{series}-{on.year}-{number:0{width}d}"


def require_text(value: str, sentence: str, field: str) -> str:
    """The stripped text. Raises NotYetProven with the sentence when empty."""
    if not value.strip():
        raise NotYetProven(sentence, field=field)
    return value.strip()


def require_working_day(day: date, field: str) -> None:
    """Pass for a day on which the office works. Raises Refused that says why it does not, and the next day it does."""
    workdays = calendar()
    if not workdays.is_working_day(day):
        again = workdays.next_working_day(day)
        raise Refused(
            f"Ngày {day:%d/%m/%Y} là ngày nghỉ ({workdays.reason_off(day)}). Chọn ngày làm việc; gần nhất là "
            f"{again:%d/%m/%Y}.",
            field=field,
        )


def plain_values(record: models.Model, names: list[str]) -> dict[str, Any]:
    """Values of fields as the audit log keeps them."""
    found = {}
    for name in names:
        value = getattr(record, name)
        found[name] = str(value) if isinstance(value, models.Model) else value
    return found
