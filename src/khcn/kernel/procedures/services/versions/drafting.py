"""Writes a procedure's drafts: cover, definition with its rows, drawing, and print templates."""

from datetime import time
from decimal import Decimal

from django.db import transaction

from khcn.kernel.audit.services import record
from khcn.kernel.documents.services import store_file
from khcn.kernel.orgs.models import Organisation
from khcn.kernel.procedures.choices import NormUnit, ProcedureKind, VersionState
from khcn.kernel.procedures.engine.definition import Definition, as_plain
from khcn.kernel.procedures.errors import VersionStepRefused
from khcn.kernel.procedures.models import (
    DecisionTable,
    FormTemplate,
    Procedure,
    ProcedureVersion,
    Step,
    Transition,
)
from khcn.kernel.procedures.permissions import may_write_procedure, require_procedure_author
from khcn.kernel.procedures.queries import definition_of
from khcn.lib.actor import Actor
from khcn.lib.digest import digest
from khcn.lib.failure import Forbidden, Refused
from khcn.lib.text import fold

COVER_FIELDS = frozenset(
    {
        "purpose", "scope", "legal_basis", "terms", "conditions", "records_kept", "limit_amount", "limit_unit",
        "cut_off", "change_note",
    }
)  # fmt: skip
"""Fields of a version that its author writes besides the definition."""
TEMPLATE_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def create_procedure(
    *,
    by: Actor,
    code: str,
    title: str,
    kind: ProcedureKind = ProcedureKind.INTERNAL,
    owner: Organisation | None = None,
    field: str = "",
    is_illustration: bool = False,
) -> ProcedureVersion:
    """Begin a procedure; returns its empty draft, issue 1 revision 0. Raises Refused for a code in use."""
    code, title = code.strip(), title.strip()
    if not code or not title:
        raise Refused("Ghi mã và tên quy trình.", field="code" if not code else "title")
    procedure = Procedure(
        code=code, title=title, kind=kind, owner=owner, field=field, is_illustration=is_illustration,
        folded=fold(f"{code} {title} {field}")[:600],
    )  # fmt: skip
    require_procedure_author(by, procedure)
    with transaction.atomic():
        if Procedure.objects.filter(code=code).exists():
            raise Refused(f"Mã “{code}” đã dùng cho quy trình khác.", field="code")
        procedure.save()
        version = ProcedureVersion.objects.create(procedure=procedure, author_id=by.user_id)
        record(by=by, verb="procedure.create", subject=procedure, after={"code": code, "title": title})
    return version


def save_draft(
    *,
    by: Actor,
    version: ProcedureVersion,
    definition: Definition | None = None,
    drawing: str | None = None,
    expected_version: int | None = None,
    **cover: str | Decimal | NormUnit | time | None,
) -> ProcedureVersion:
    """Save a draft: its definition, its drawing, fields of its cover (COVER_FIELDS); None leaves a part as it is.

    Faults do not stop saving, only submitting. Raises VersionStepRefused unless it is a draft, Stale, TypeError.
    """
    if unknown := cover.keys() - COVER_FIELDS:
        raise TypeError(f"not on the cover of a version: {sorted(unknown)}")
    require_procedure_author(by, version.procedure)
    with transaction.atomic():
        version.claim(expected_version, dict(cover) if definition is None and drawing is None else None)
        taken = version.version
        version.refresh_from_db()
        version.version = taken
        if version.state != VersionState.DRAFT:
            raise VersionStepRefused("Chỉ sửa được bản nháp; hãy lập phiên bản mới để sửa quy trình đã trình.")
        before = version.sha256
        for name, value in cover.items():
            setattr(version, name, value)
        if drawing is not None:
            version.drawing = drawing
        if definition is not None:
            version.definition = as_plain(definition)
            version.sha256 = digest(version.definition)
        version.author_id = by.user_id or version.author_id
        version.save()
        if definition is not None:
            _write_rows(version, definition)
        record(
            by=by, verb="procedure.save_draft", subject=version, before={"sha256": before},
            after={"sha256": version.sha256, "fields": sorted(cover)},
        )  # fmt: skip
    return version


def new_version(
    *, by: Actor, procedure: Procedure, from_version: ProcedureVersion, reissue: bool = False
) -> ProcedureVersion:
    """A draft copied from a version, as the next revision or the next issue. Raises Refused beside an open draft."""
    require_procedure_author(by, procedure)
    with transaction.atomic():
        Procedure.objects.select_for_update().get(pk=procedure.pk)
        open_draft = procedure.versions.filter(state__in=[VersionState.DRAFT, VersionState.IN_REVIEW]).first()
        if open_draft is not None:
            raise Refused(f"Quy trình đang có bản {open_draft.number} chưa phê duyệt; hãy sửa bản đó.")
        last = procedure.versions.order_by("-issue_no", "-revision_no").first() or from_version
        fresh = ProcedureVersion(
            procedure=procedure,
            issue_no=last.issue_no + reissue,
            revision_no=0 if reissue else last.revision_no + 1,
            author_id=by.user_id,
            definition=from_version.definition,
            sha256=from_version.sha256,
            drawing=from_version.drawing,
        )
        for name in COVER_FIELDS - {"change_note"}:
            setattr(fresh, name, getattr(from_version, name))
        fresh.save()
        _copy_rows(from_version, fresh)
        record(by=by, verb="procedure.new_version", subject=fresh, after={"from": from_version.number})
    return fresh


def upload_template(*, by: Actor, procedure: Procedure, form_key: str, title: str, content: bytes) -> FormTemplate:
    """Keep a Word template for printing a form; whether it can be printed is tried by whoever prints it."""
    if not may_write_procedure(by, procedure):
        raise Forbidden("Chỉ người soạn quy trình được tải mẫu in lên.")
    with transaction.atomic():
        stored = store_file(by=by, content=content, media_type=TEMPLATE_MEDIA_TYPE)
        template = FormTemplate.objects.create(
            procedure=procedure, form_key=form_key, title=title[:300], file=stored, uploaded_by_id=by.user_id
        )
        record(by=by, verb="procedure.template", subject=procedure, after={"form": form_key, "sha256": stored.sha256})
    return template


def _write_rows(version: ProcedureVersion, definition: Definition) -> None:
    """Steps, transitions and tables as rows, in place of the earlier ones."""
    version.transitions.all().delete()
    version.steps.all().delete()
    version.tables.all().delete()
    steps = Step.objects.bulk_create(
        Step(
            version=version, key=step.key, place=place, name=step.name[:500], kind=step.kind, role=step.role,
            unit_rule=step.unit_rule, norm=step.norm, norm_unit=step.norm_unit, sign=step.sign, clock=step.clock,
            form_key=step.form, output=step.output[:300], lane=step.lane[:200],
        )
        for place, step in enumerate(definition.steps, 1)
    )  # fmt: skip
    by_key = {step.key: step for step in steps}
    Transition.objects.bulk_create(
        Transition(
            version=version, key=flow.key, source=by_key[flow.source], target=by_key[flow.target], guard=flow.guard,
            place=place,
        )
        for place, flow in enumerate(definition.flows, 1)
        if flow.source in by_key and flow.target in by_key
    )  # fmt: skip
    DecisionTable.objects.bulk_create(
        DecisionTable(
            version=version, key=table.key, name=table.name[:300], hit_policy=table.hit_policy, rows=len(table.rules)
        )
        for table in definition.tables
    )


def _copy_rows(source: ProcedureVersion, target: ProcedureVersion) -> None:
    if source.definition:
        _write_rows(target, definition_of(source))
