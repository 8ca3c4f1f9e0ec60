"""Publishes administrative procedures, changes them from a day on, ends them, and takes in whole lists."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from khcn.domains.onestop.models import AdministrativeProcedure, ProcedureBasis, ProcedureComponent
from khcn.domains.onestop.permissions import may_publish
from khcn.domains.onestop.rules.codes import CodeNotRead, read_procedure_code
from khcn.kernel.audit.services import record
from khcn.kernel.documents.models import LegalInstrument
from khcn.kernel.orgs.models import Organisation
from khcn.kernel.procedures.models import Procedure
from khcn.lib.actor import Actor
from khcn.lib.failure import Forbidden, Refused


@dataclass(frozen=True, slots=True)
class Component:
    """A paper of the dossier, as published."""

    name: str
    originals: int = 1
    copies: int = 0
    is_required: bool = True
    form_name: str = ""


def publish_procedure(
    *, by: Actor, code: str, deciding: Organisation, valid_from: date, components: Sequence[Component] = (),
    bases: Sequence[tuple[LegalInstrument, str]] = (), **values: Any,
) -> AdministrativeProcedure:  # fmt: skip
    """Publish a procedure from a day on; the version in force until then ends that day.

    values: the other fields by name. Raises Refused for a code that is none, a title or result left empty, a first day
    not after that of the version it follows.
    """
    if not may_publish(by, deciding.pk) and not by.is_system:
        raise Forbidden("Việc này dành cho cơ quan giải quyết thủ tục.")
    try:
        code = read_procedure_code(code).text
    except CodeNotRead as error:
        raise Refused(str(error), field="code") from error
    for name, label in (("title", "tên thủ tục"), ("result_title", "kết quả"), ("field", "lĩnh vực")):
        if not str(values.get(name, "")).strip():
            raise Refused(f"Cần ghi {label}.", field=name)
    with transaction.atomic():
        current = AdministrativeProcedure.objects.filter(code=code, deciding=deciding, valid_to=None).first()
        if current is not None:
            if current.valid_from is not None and current.valid_from >= valid_from:
                raise Refused("Ngày hiệu lực phải sau ngày hiệu lực của bản đang dùng.", field="valid_from")
            current.valid_to = valid_from
            current.save(update_fields=["valid_to"])
        procedure = AdministrativeProcedure.objects.create(
            code=code, deciding=deciding, valid_from=valid_from, **values
        )
        set_components(procedure=procedure, components=components)
        for instrument, article in bases:
            ProcedureBasis.objects.create(procedure=procedure, instrument=instrument, article=article[:120])
        record(by=by, verb="tthc.publish", subject=procedure, after={"code": code, "valid_from": valid_from})
    return procedure


def change_procedure(
    *, by: Actor, procedure: AdministrativeProcedure, changes: Mapping[str, Any],
    components: Sequence[Component] | None = None, expected_version: int | None = None,
) -> AdministrativeProcedure:  # fmt: skip
    """Correct a published procedure. Dossiers keep pointing at it; a change of substance is a new version."""
    if not may_publish(by, procedure.deciding_id) and not by.is_system:
        raise Forbidden("Việc này dành cho cơ quan giải quyết thủ tục.")
    with transaction.atomic():
        procedure.claim(expected_version, dict(changes))
        before = {name: str(getattr(procedure, name)) for name in changes}
        for name, value in changes.items():
            setattr(procedure, name, value)
        procedure.save()
        if components is not None:
            set_components(procedure=procedure, components=components)
        record(
            by=by, verb="tthc.change", subject=procedure, before=before,
            after={name: str(value) for name, value in changes.items()},
        )  # fmt: skip
    return procedure


def end_procedure(*, by: Actor, procedure: AdministrativeProcedure, on: date, reason: str) -> AdministrativeProcedure:
    """Take a procedure out of force from a day on; dossiers under way go on."""
    if not may_publish(by, procedure.deciding_id):
        raise Forbidden("Việc này dành cho cơ quan giải quyết thủ tục.")
    if not reason.strip():
        raise Refused("Ghi căn cứ bãi bỏ thủ tục.", field="reason")
    if procedure.valid_from is not None and on <= procedure.valid_from:
        raise Refused("Ngày bãi bỏ phải sau ngày hiệu lực.", field="on")
    with transaction.atomic():
        procedure.claim(None)
        ended = type(procedure).objects.values_list("valid_to", flat=True).get(pk=procedure.pk)
        if ended is not None and ended <= on:
            raise Refused(f"Thủ tục đã bãi bỏ từ ngày {ended:%d/%m/%Y}.", field="on")
        procedure.valid_to = on
        procedure.save()
        record(by=by, verb="tthc.end", subject=procedure, after={"on": on, "reason": reason})
    return procedure


def import_procedures(*, by: Actor, rows: Sequence[Mapping[str, Any]], workflow: Procedure | None = None) -> int:
    """Publish a checked list (see `forms.catalogue.COLUMNS`), all or nothing; returns how many.

    Raises Refused naming the line of the row that a rule refuses.
    """
    bodies = {body.code: body for body in Organisation.objects.filter(code__in={row["agency"] for row in rows})}
    with transaction.atomic():
        for line, row in enumerate(rows, start=1):
            body = bodies.get(row["agency"])
            if body is None:
                raise Refused(f"Dòng {line}: chưa có cơ quan mã “{row['agency']}”.")
            values = {
                name: value for name, value in row.items() if name not in ("agency", "code", "valid_from", "components")
            }
            try:
                publish_procedure(
                    by=by, code=row["code"], deciding=body, valid_from=row["valid_from"], workflow=workflow,
                    components=read_components(row.get("components") or ""), **values,
                )  # fmt: skip
            except Refused as refusal:
                raise Refused(f"Dòng {line}: {refusal.message}", field=refusal.field) from refusal
    return len(rows)


def read_components(text: str) -> list[Component]:
    """Components from one cell: one per line or semicolon; "(không bắt buộc)" behind the name makes it optional."""
    found = []
    for part in text.replace(";", "\n").splitlines():
        name = part.strip()
        if name:
            optional = name.lower().endswith("(không bắt buộc)")
            found.append(
                Component(name[: -len("(không bắt buộc)")].strip() if optional else name, is_required=not optional)
            )
    return found


def set_components(*, procedure: AdministrativeProcedure, components: Sequence[Component]) -> None:
    """Make the components those given, in order; one that a file points at keeps its row."""
    kept = []
    for place, component in enumerate(components, start=1):
        row, _ = ProcedureComponent.objects.update_or_create(
            procedure=procedure, name=component.name[:300],
            defaults={
                "place": place, "originals": component.originals, "copies": component.copies,
                "is_required": component.is_required, "form_name": component.form_name,
            },
        )  # fmt: skip
        kept.append(row.pk)
    procedure.components.exclude(pk__in=kept).delete()
