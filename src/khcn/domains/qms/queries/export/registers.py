"""Registers of one system as tables: JSON for machines, one workbook for people. Reads, and writes no file."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import models as fields
from django.db.models import Model, QuerySet
from django.utils.timezone import localtime

from khcn.domains.qms import models
from khcn.domains.qms.rules.machines import MACHINES
from khcn.kernel.procedures.models import TransitionRecord
from khcn.web.spreadsheets.writing import CellKind, Column, Sheet, write_xlsx

# What is written out as tables: model and how a row finds its system.
TABLES: tuple[tuple[type[Model], str], ...] = (
    (models.Unit, "system"), (models.Membership, "system"), (models.ScopeExclusion, "system"),
    (models.ControlledDocument, "system"), (models.DocumentRevision, "system"), (models.ReadAck, "revision__system"),
    (models.Distribution, "revision__system"), (models.ChangeRequest, "system"), (models.RecordSeries, "system"),
    (models.RecordFolder, "series__system"), (models.ContextIssue, "system"), (models.InterestedParty, "system"),
    (models.Process, "system"), (models.ProcessLink, "source__system"), (models.Risk, "system"),
    (models.Objective, "system"), (models.ObjectiveMeasurement, "objective__system"), (models.Skill, "system"),
    (models.SkillRequirement, "skill__system"), (models.HeldSkill, "skill__system"), (models.Training, "system"),
    (models.TrainingAttendance, "training__system"), (models.Certificate, "system"),
    (models.CommunicationItem, "system"), (models.KnowledgeArticle, "system"), (models.Supplier, "system"),
    (models.SupplierEvaluation, "supplier__system"), (models.Instrument, "system"),
    (models.Calibration, "instrument__system"), (models.AuditProgramme, "system"),
    (models.ProgrammeLine, "programme__system"), (models.Audit, "system"), (models.AuditTeam, "audit__system"),
    (models.ChecklistItem, "audit__system"), (models.Nonconformity, "system"),
    (models.CorrectiveAction, "nonconformity__system"), (models.EffectivenessCheck, "nonconformity__system"),
    (models.NonconformingOutput, "system"), (models.Complaint, "system"), (models.ManagementReview, "system"),
    (models.ReviewDecision, "review__system"), (models.Announcement, "system"), (models.Inspection, "system"),
    (models.InspectionFinding, "inspection__system"), (models.ImprovementIdea, "system"), (models.AgencyYear, "system"),
)  # fmt: skip
LONGEST_CELL = 32_000
"""Letters that a cell of a workbook holds (Excel's limit is 32,767); the JSON beside it is whole."""


def register_files(system: models.QualitySystem) -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of each register as JSON, of the steps that its records took, and of the workbook of all."""
    sheets = []
    uids: list[UUID] = []
    for model, path in TABLES:
        rows = list(_rows(model, path, system))
        uids += [row.uid for row in rows if isinstance(getattr(row, "uid", None), UUID)]  # type: ignore[attr-defined]
        tables = [_plain(row) for row in rows]
        yield f"so/{model._meta.model_name}.json", _json(tables)
        sheets.append(_sheet(model, rows))
    steps = _steps(uids)
    yield "so/nhat-ky-buoc.json", _json(steps)
    titles = list(steps[0]) if steps else ["Lúc"]
    sheets.append(
        Sheet("nhật ký bước", [Column(title, width=24) for title in titles], [list(row.values()) for row in steps])
    )
    yield "so-dang-ky.xlsx", write_xlsx(sheets)


def _rows(model: type[Model], path: str, system: models.QualitySystem) -> QuerySet:
    rows = model._default_manager.filter(**{path: system}).order_by("pk")
    single = [item.name for item in model._meta.fields if isinstance(item, fields.ForeignKey)]
    return rows.select_related(*single).prefetch_related(*(item.name for item in model._meta.many_to_many))


def _steps(uids: list[UUID]) -> list[dict[str, Any]]:
    """The states that the records went through, with who, when and why, oldest first."""
    found = []
    rows = TransitionRecord.objects.filter(subject_uid__in=uids, machine__startswith="qms.").order_by("id")
    for row in rows:
        machine = MACHINES.get(row.machine.removeprefix("qms."))
        if machine is None:
            continue
        names = {state.value: state.label for state in machine.states}
        step = machine.by_event.get(row.event)
        found.append(
            {
                "Lúc": localtime(row.at).isoformat(), "Hồ sơ": str(row.subject_uid), "Loại": machine.title,
                "Bước": step.label if step else row.event, "Từ": names.get(row.from_state, row.from_state),
                "Đến": names.get(row.to_state, row.to_state), "Người thực hiện": row.by_name, "Ghi chú": row.note,
            }
        )  # fmt: skip
    return found


def _plain(row: Model) -> dict[str, Any]:
    """A row by the Vietnamese names of its fields; relations as text, so that it reads without the database."""
    found: dict[str, Any] = {}
    for field in _told(type(row)):
        value = getattr(row, field.name)
        if isinstance(value, Model):
            value = str(value)
        elif isinstance(value, date):
            value = value.isoformat()
        elif not isinstance(value, str | int | float | bool | list | dict | type(None)):
            value = str(value)
        found[str(field.verbose_name)] = value
    for many in row._meta.many_to_many:
        found[str(many.verbose_name)] = [str(one) for one in getattr(row, many.name).all()]
    return found


def _sheet(model: type[Model], rows: list[Model]) -> Sheet:
    """A register as a sheet: choices by their names, lists and mappings as text."""
    told = list(_told(model))
    columns = [Column(_title(field), _kind(field), None if _kind(field) is CellKind.DATE else 24) for field in told]
    columns += [Column(_title(many), width=30) for many in model._meta.many_to_many]
    return Sheet(str(model._meta.verbose_name_plural), columns, [_cells(row, told) for row in rows])


def _cells(row: Model, told: list[fields.Field]) -> list[Any]:
    cells: list[Any] = []
    for field in told:
        display = getattr(row, f"get_{field.name}_display", None)
        value = display() if display is not None else getattr(row, field.name)
        if isinstance(value, bool):
            value = "có" if value else "không"
        elif isinstance(value, list | dict):
            value = json.dumps(value, ensure_ascii=False) if value else None
        elif not isinstance(value, date | int | float | type(None)):
            value = str(value)
        cells.append(value[:LONGEST_CELL] if isinstance(value, str) else value)
    cells += ["; ".join(str(one) for one in getattr(row, many.name).all()) for many in row._meta.many_to_many]
    return cells


def _told(model: type[Model]) -> Iterator[fields.Field]:
    return (item for item in model._meta.fields if not isinstance(item, fields.AutoField | fields.BigAutoField))


def _title(field: Any) -> str:
    title = str(field.verbose_name)
    return title[:1].upper() + title[1:]


def _kind(field: fields.Field) -> CellKind:
    if isinstance(field, fields.DateField) and not isinstance(field, fields.DateTimeField):
        return CellKind.DATE
    return CellKind.DATETIME if isinstance(field, fields.DateTimeField) else CellKind.TEXT


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, default=_told_moment).encode()


def _told_moment(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime | date) else str(value)
