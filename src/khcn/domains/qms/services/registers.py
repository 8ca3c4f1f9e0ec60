"""Writes lines of the plain registers: context, parties, risks, objectives, processes, people's skills, suppliers …

One pair of services for all of them: what differs is which fields a register has and who keeps it, and that is data.
Registers whose rows have states or guards of their own have services of their own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction

from khcn.domains.qms.choices import Duty, NonconformitySource, Severity
from khcn.domains.qms.models import (
    Calibration,
    Certificate,
    CommunicationItem,
    Complaint,
    ContextIssue,
    HeldSkill,
    ImprovementIdea,
    Instrument,
    InterestedParty,
    KnowledgeArticle,
    NonconformingOutput,
    Objective,
    ObjectiveMeasurement,
    Process,
    ProcessLink,
    QualitySystem,
    RecordSeries,
    Risk,
    ScopeExclusion,
    Skill,
    SkillRequirement,
    Supplier,
    SupplierEvaluation,
    Training,
    TrainingAttendance,
)
from khcn.domains.qms.permissions import require_duty
from khcn.domains.qms.queries.parameters import number_on
from khcn.domains.qms.services import steps
from khcn.domains.qms.services.nonconformities import note_nonconformity
from khcn.kernel.audit.services import record
from khcn.kernel.procedures.queries import calendar
from khcn.lib.actor import Actor
from khcn.lib.calendar import TimeUnit
from khcn.lib.failure import Refused
from khcn.web.fields import claim_seen

KEEPERS = (Duty.SECRETARY, Duty.HEAD)
ALL = (Duty.STAFF, Duty.SECRETARY, Duty.HEAD)


@dataclass(frozen=True, slots=True)
class Register:
    """Who writes a register, the series of its codes (empty: typed or none), how a row finds its system."""

    model: type[models.Model]
    duties: tuple[Duty, ...] = KEEPERS
    series: str = ""
    path: str = "system"


_ROWS: tuple[Register, ...] = (
    Register(ContextIssue), Register(InterestedParty), Register(Process), Register(ProcessLink, path="source.system"),
    Register(Risk, ALL, "RR"), Register(Objective), Register(ObjectiveMeasurement, ALL, path="objective.system"),
    Register(CommunicationItem), Register(KnowledgeArticle, ALL), Register(ImprovementIdea, ALL),
    Register(Skill), Register(SkillRequirement, path="skill.system"), Register(HeldSkill, path="skill.system"),
    Register(Training), Register(TrainingAttendance, path="training.system"), Register(Certificate),
    Register(Supplier), Register(SupplierEvaluation, path="supplier.system"), Register(Instrument),
    Register(Calibration, path="instrument.system"), Register(Complaint, ALL, "PAKN"),
    Register(NonconformingOutput, ALL), Register(RecordSeries), Register(ScopeExclusion),
)  # fmt: skip
REGISTERS: dict[type[models.Model], Register] = {row.model: row for row in _ROWS}
"""Every register by its model."""


def system_of(row: models.Model) -> QualitySystem:
    """The system a row belongs to, along its register's path."""
    found: Any = row
    for name in REGISTERS[type(row)].path.split("."):
        found = getattr(found, name)
    return found


def add_row(*, by: Actor, system: QualitySystem, model: type[models.Model], values: Mapping[str, Any]) -> Any:
    """Add a line to a register of the agency. Raises Refused with the field's sentence for what the model refuses."""
    register = REGISTERS[model]
    require_duty(by, system, *register.duties)
    with transaction.atomic():
        row = model(**{name: value for name, value in values.items() if name not in _many(model)})
        if register.path == "system":
            row.system = system  # type: ignore[attr-defined]
        if register.series:
            row.code = steps.numbered(system, register.series, by.on)  # type: ignore[attr-defined]
        _fill(by, row)
        _require_own(row, system, values)
        _checked(row)
        row.save()
        for name in _many(model):
            getattr(row, name).set(values.get(name) or [])
        record(by=by, verb="qms.add_row", subject=row, after={name: _plain(value) for name, value in values.items()})
    return row


def change_row(*, by: Actor, row: Any, values: Mapping[str, Any], expected_version: int | None = None) -> Any:
    """Change a line; Stale when somebody else changed it since (expected_version: its `state_mark` as read)."""
    model = type(row)
    system = system_of(row)
    require_duty(by, system, *REGISTERS[model].duties)
    with transaction.atomic():
        fields = {name: value for name, value in values.items() if name not in _many(model)}
        stored = model._default_manager.get(pk=row.pk)
        before = {name: _plain(getattr(stored, name)) for name in fields}
        claim_seen(row, expected_version, fields)
        for name, value in fields.items():
            setattr(row, name, value)
        _require_own(row, system, values)
        _checked(row)
        row.save()
        for name in _many(model) & values.keys():
            getattr(row, name).set(values[name] or [])
        record(
            by=by, verb="qms.change_row", subject=row, before=before,
            after={name: _plain(value) for name, value in values.items()},
        )  # fmt: skip
    return row


def remove_row(*, by: Actor, row: Any) -> None:
    """Take a line out that nothing rests on; the log keeps what it said. Raises Refused when something does."""
    system = system_of(row)
    require_duty(by, system, *KEEPERS)
    if isinstance(row, HeldSkill | ObjectiveMeasurement | Complaint | NonconformingOutput | Certificate):
        raise Refused("Bản ghi này là minh chứng nên không xóa; ghi bản ghi mới để thay thế.")
    try:
        with transaction.atomic():
            record(by=by, verb="qms.remove_row", subject=row, before={"row": str(row)})
            row.delete()
    except models.ProtectedError as error:
        raise Refused("Bản ghi đang được dùng ở nơi khác nên không xóa được.") from error


def answer_complaint(*, by: Actor, complaint: Complaint, answer: str, is_justified: bool) -> Complaint:
    """Answer a complaint and say whether it was right; one that was right becomes a nonconformity."""
    require_duty(by, complaint.system, *ALL)
    text = steps.require_text(answer, "Ghi nội dung trả lời.", "answer")
    if complaint.answered_on is not None:
        raise Refused("Phản ánh này đã được trả lời.")
    with transaction.atomic():
        complaint.claim(None)
        complaint.answer, complaint.answered_on, complaint.is_justified = text, by.on, is_justified
        if is_justified and complaint.nonconformity is None:
            complaint.nonconformity = note_nonconformity(
                by=by, system=complaint.system, source=NonconformitySource.COMPLAINT, severity=Severity.MINOR,
                title=f"Phản ánh đúng {complaint.code}", clause="9.1.2", trigger=f"complaint:{complaint.uid}",
                description=complaint.content + (f"\nHồ sơ: {complaint.case_code}" if complaint.case_code else ""),
            )  # fmt: skip
        complaint.save()
        record(by=by, verb="qms.answer_complaint", subject=complaint, after={"is_justified": is_justified})
    return complaint


def measured(
    *, by: Actor, objective: Objective, period: tuple[date, date], value: Any, evidence: str
) -> ObjectiveMeasurement:
    """Enter a value measured by hand, with its evidence."""
    row: ObjectiveMeasurement = add_row(
        by=by, system=objective.system, model=ObjectiveMeasurement,
        values={
            "objective": objective, "period_from": period[0], "period_to": period[1], "value": value,
            "evidence": steps.require_text(evidence, "Ghi minh chứng của số liệu.", "evidence"),
        },
    )  # fmt: skip
    return row


def _fill(by: Actor, row: Any) -> None:
    """Put in who and when where the register keeps it."""
    if isinstance(row, KnowledgeArticle):
        row.written_on, row.written_by_id = by.on, by.user_id
    elif isinstance(row, ImprovementIdea):
        row.raised_on, row.raised_by_id = by.on, by.user_id
    elif isinstance(row, ObjectiveMeasurement):
        row.measured_on, row.measured_by_id = by.on, by.user_id
    elif isinstance(row, NonconformingOutput):
        row.decided_by_id = by.user_id
    elif isinstance(row, Complaint):
        row.due_on = calendar().due_on(row.received_on, number_on("complaint_days", row.received_on), TimeUnit.WD)


def _require_own(row: Any, system: QualitySystem, values: Mapping[str, Any]) -> None:
    """Refuse a relation to a record of another agency."""
    for name, value in values.items():
        for other in value if isinstance(value, list | tuple | models.QuerySet) else [value]:
            owner = getattr(other, "system_id", None)
            if owner is not None and owner != system.pk:
                raise Refused("Bản ghi được chọn thuộc cơ quan khác.", field=name)


def _checked(row: models.Model) -> None:
    try:
        row.full_clean(validate_unique=True)
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise Refused(messages[0], field="" if field == "__all__" else field) from error


def _many(model: type[models.Model]) -> set[str]:
    return {field.name for field in model._meta.many_to_many}


def _plain(value: Any) -> Any:
    if isinstance(value, models.QuerySet | list | tuple):
        return [str(item) for item in value]
    return str(value) if isinstance(value, models.Model) else value
