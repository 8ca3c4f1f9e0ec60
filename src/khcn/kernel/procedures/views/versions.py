"""Screens of one version: its table, drawing and cover, what changed, its way to effect, migration of its cases."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from khcn.kernel.procedures.choices import CaseState, VersionState
from khcn.kernel.procedures.engine.definition import Definition
from khcn.kernel.procedures.engine.drawings import Translation, draw, translate
from khcn.kernel.procedures.engine.step_table import CHOICES, COLUMNS, RowFault, definition_from, rows_of
from khcn.kernel.procedures.errors import NotRunnable
from khcn.kernel.procedures.forms.procedures import (
    ApproveForm,
    CoverForm,
    DeployForm,
    ReasonForm,
    TableFileForm,
    TemplateForm,
)
from khcn.kernel.procedures.models import Case, ProcedureVersion
from khcn.kernel.procedures.permissions import may_approve, may_write_procedure
from khcn.kernel.procedures.queries import (
    definition_of,
    differences_between,
    preview_migration,
    transitions_of,
    version_faults,
)
from khcn.kernel.procedures.services import (
    approve_version,
    deploy_version,
    migrate_cases,
    new_version,
    return_version,
    save_draft,
    submit_version,
    upload_template,
    withdraw_version,
)
from khcn.lib.failure import Failure
from khcn.standards.bpmn import read
from khcn.web.forms import KhcnForm
from khcn.web.listing import Export
from khcn.web.screens import done, page, screen, version_of
from khcn.web.spreadsheets.parsers import plain_text
from khcn.web.spreadsheets.reading import read_table
from khcn.web.spreadsheets.writing import Column
from khcn.web.uploads import DOCX, check_upload, download_response

BLANK_ROWS = 4
HIDDEN_COLUMNS = ("more", "form", "sign", "norm_unit", "unit_rule", "clock", "output")
"""Columns that the page of a version leaves to the spreadsheet and to the editor."""


def _version(uid: UUID) -> ProcedureVersion:
    return get_object_or_404(
        ProcedureVersion.objects.select_related("procedure__owner", "author__person", "approver__person"), uid=uid
    )


def _frame(request: HttpRequest, version: ProcedureVersion, tab: str) -> dict[str, Any]:
    """What every tab of a version shows."""
    actor = request.actor  # type: ignore[attr-defined]
    author, approver = may_write_procedure(actor, version.procedure), may_approve(actor, version)
    draft = version.state == VersionState.DRAFT
    return {
        "version": version,
        "procedure": version.procedure,
        "tab": tab,
        "versions": version.procedure.versions.order_by("-issue_no", "-revision_no"),
        "may_edit": author and draft,
        "may_submit": author and draft,
        "may_review": approver and version.state == VersionState.IN_REVIEW,
        "may_deploy": approver and version.state == VersionState.APPROVED,
        "may_withdraw": (author if draft else approver)
        and version.state not in (VersionState.WITHDRAWN, VersionState.SUPERSEDED),
        "may_revise": author
        and not version.procedure.versions.filter(state__in=[VersionState.DRAFT, VersionState.IN_REVIEW]).exists(),
        "running": Case.objects.filter(
            version_pinned=version, state__in=[CaseState.RUNNING, CaseState.PAUSED]
        ).count(),
    }  # fmt: skip


@screen(methods=("GET", "HEAD"))
def version_page(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The step table, the drawing and the cover of a version."""
    version = _version(uid)
    definition = definition_of(version)
    context = _frame(request, version, "page") | {
        "rows": rows_of(definition),
        "columns": {name: title for name, title in COLUMNS.items() if name not in HIDDEN_COLUMNS},
        "definition": definition,
        "faults": version_faults(version) if version.state in (VersionState.DRAFT, VersionState.IN_REVIEW) else [],
        "history": transitions_of(subject_uid=version.uid),
        "approve_form": ApproveForm(), "return_form": ReasonForm(), "deploy_form": DeployForm(),
        "withdraw_form": ReasonForm(prefix="thu-hoi"), "templates": version.procedure.templates.select_related("file"),
        "template_form": TemplateForm(),
    }  # fmt: skip
    return page(request, "procedures/version_page.html", context)


@screen
def version_table(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """Edit the step table, on the page or from a spreadsheet."""
    version = _version(uid)
    definition = definition_of(version)
    if request.GET.get("tai"):
        return _table_file(version).respond(request, rows_of(definition))
    rows = rows_of(definition)
    faults: list[RowFault] = []
    file_form = TableFileForm()
    if request.method == "POST":
        if request.FILES:
            file_form = TableFileForm(request.POST, request.FILES)
            if file_form.is_valid():
                with file_form.refusals():
                    rows = _rows_in(file_form.cleaned_data["file"])
        else:
            rows = _rows_typed(request)
        changed, faults = definition_from(rows, definition)
        if not faults and not file_form.errors:
            _keep(request, version, changed, version_of(request))
            return done(request, _("Đã lưu bảng các bước."), reverse("version_page", args=[version.uid]))
    context = _frame(request, version, "table") | {
        "rows": [*rows, *({"key": ""} for _number in range(BLANK_ROWS))],
        "columns": COLUMNS,
        "choices": {name: [member.label for member in enum] for name, enum in CHOICES.items()},
        "faults": faults,
        "faulty": {(fault.row, fault.column) for fault in faults},
        "file_form": file_form,
    }
    return page(request, "procedures/version_table.html", context, status=422 if faults or file_form.errors else 200)


def _keep(request: HttpRequest, version: ProcedureVersion, changed: Definition, expected: int | None) -> None:
    """Save the definition; the drawing stays when it still says the same, else it is drawn anew from the table."""
    drawing = version.drawing if version.drawing and _translated(version, version.drawing).definition == changed else ""
    save_draft(
        by=request.actor, version=version, definition=changed, drawing=drawing, expected_version=expected  # type: ignore[attr-defined]
    )  # fmt: skip


def _table_file(version: ProcedureVersion) -> Export:
    return Export(
        name=f"bang-cac-buoc-{version.procedure.code}",
        title=f"BẢNG CÁC BƯỚC – {version.procedure.title.upper()}",
        columns=[Column(title) for title in COLUMNS.values()],
        row=lambda row: [row[name] for name in COLUMNS],
        provenance=[str(version)],
    )


def _rows_typed(request: HttpRequest) -> list[dict[str, str]]:
    columns = {name: request.POST.getlist(name) for name in COLUMNS}
    return [
        {name: values[place] if place < len(values) else "" for name, values in columns.items()}
        for place in range(min(len(columns["key"]), 2000))
    ]


def _rows_in(file: Any) -> list[dict[str, str]]:
    table = read_table(file.read(), file.name, expected_titles=list(COLUMNS.values()))
    places = {title: place for place, title in enumerate(table.headers)}
    return [
        {name: plain_text(row.cells[places[title]]) if title in places else "" for name, title in COLUMNS.items()}
        for row in table.rows
    ]


def _translated(version: ProcedureVersion, xml: str) -> Translation:
    """The process of the drawing that this version is: the one that shares most steps with it."""
    drawing = read(xml.encode("utf-8"))
    base = definition_of(version)
    mine = {step.key for step in base.steps}
    found = max(
        drawing.processes,
        key=lambda process: (
            len(mine & {node.id for node in drawing.nodes_of(process.id)}),
            len(drawing.nodes_of(process.id)),
        ),
        default=None,
    )
    if found is None:
        raise NotRunnable("Bản vẽ không có quy trình nào.")
    return translate(drawing, found, base=base)


@screen(methods=("GET", "HEAD"))
def version_drawing(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """The drawing as BPMN 2.0 XML: as drawn, or drawn from the step table. `?tai=1` saves it."""
    version = _version(uid)
    xml = version.drawing.encode("utf-8") if version.drawing else draw(
        definition_of(version), process="process", name=version.procedure.title
    )  # fmt: skip
    if request.GET.get("tai"):
        return download_response(xml, f"{version.procedure.code}.bpmn", media_type="application/xml")
    return HttpResponse(xml, content_type="application/xml; charset=utf-8")


@screen
def version_draw(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Draw in the browser; saving answers with what stops the drawing from running."""
    version = _version(uid)
    if request.method != "POST":
        return page(request, "procedures/version_draw.html", _frame(request, version, "draw"))
    try:
        xml = request.body.decode("utf-8")
        one = _translated(version, xml)
        expected = request.headers.get("X-Khcn-Version", "")
        version = save_draft(
            by=request.actor, version=version, definition=one.definition, drawing=xml,  # type: ignore[attr-defined]
            expected_version=int(expected) if expected.isdecimal() else None,
        )  # fmt: skip
    except (Failure, UnicodeDecodeError) as fault:
        message = fault.message if isinstance(fault, Failure) else _("Bản vẽ không phải UTF-8.")
        return JsonResponse({"saved": False, "message": message}, status=422)
    remarks = [{"node": remark.node, "name": remark.name, "reason": remark.reason} for remark in one.obstacles]
    return JsonResponse({"saved": True, "version": version.version, "obstacles": remarks})


@screen
def version_cover(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Edit what stands on the cover."""
    version = _version(uid)
    initial = {name: getattr(version, name) for name in CoverForm.base_fields}
    form = CoverForm(request.POST or None, initial=initial)
    if form.is_valid():
        with form.refusals():
            save_draft(by=request.actor, version=version, expected_version=version_of(request), **form.cleaned_data)  # type: ignore[attr-defined]
            return done(request, _("Đã lưu bìa quy trình."), reverse("version_page", args=[version.uid]))
    context = _frame(request, version, "cover") | {"form": form}
    return page(request, "procedures/version_cover.html", context, status=form.status)


@screen(methods=("GET", "HEAD"))
def version_differences(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What changed from another version; the one before unless named in `?voi=`."""
    version = _version(uid)
    others = version.procedure.versions.exclude(pk=version.pk).order_by("-issue_no", "-revision_no")
    named = request.GET.get("voi", "")
    before = next((one for one in others if str(one.uid) == named), None) or others.filter(pk__lt=version.pk).first()
    found = differences_between(definition_of(before), definition_of(version)) if before else []
    context = _frame(request, version, "differences") | {"before": before, "others": others, "differences": found}
    return page(request, "procedures/version_differences.html", context)


def _submit(request: HttpRequest, version: ProcedureVersion, form: KhcnForm) -> str:
    submit_version(by=request.actor, version=version)  # type: ignore[attr-defined]
    return _("Đã trình phê duyệt.")


def _approve(request: HttpRequest, version: ProcedureVersion, form: KhcnForm) -> str:
    approve_version(by=request.actor, version=version, **form.cleaned_data)  # type: ignore[attr-defined]
    return _("Đã phê duyệt.")


def _return(request: HttpRequest, version: ProcedureVersion, form: KhcnForm) -> str:
    return_version(by=request.actor, version=version, **form.cleaned_data)  # type: ignore[attr-defined]
    return _("Đã trả lại người soạn.")


def _deploy(request: HttpRequest, version: ProcedureVersion, form: KhcnForm) -> str:
    deploy_version(by=request.actor, version=version, **form.cleaned_data)  # type: ignore[attr-defined]
    return _("Quy trình đã có hiệu lực.")


def _withdraw(request: HttpRequest, version: ProcedureVersion, form: KhcnForm) -> str:
    actor = request.actor  # type: ignore[attr-defined]
    withdraw_version(by=actor, version=version, on=actor.on, **form.cleaned_data)
    return _("Đã thu hồi.")


def _template(request: HttpRequest, version: ProcedureVersion, form: KhcnForm) -> str:
    file = form.cleaned_data["file"]
    content = file.read()
    check_upload(content, file.name, allowed=(DOCX,))
    upload_template(
        by=request.actor, procedure=version.procedure, form_key=form.cleaned_data["form_key"],  # type: ignore[attr-defined]
        title=form.cleaned_data["title"], content=content,
    )  # fmt: skip
    return _("Đã tải mẫu in lên.")


ACTS: dict[str, tuple[type[KhcnForm], str | None, Callable[[HttpRequest, ProcedureVersion, Any], str]]] = {
    "trinh": (KhcnForm, None, _submit),
    "phe-duyet": (ApproveForm, None, _approve),
    "tra-lai": (ReasonForm, None, _return),
    "hieu-luc": (DeployForm, None, _deploy),
    "thu-hoi": (ReasonForm, "thu-hoi", _withdraw),
    "mau-in": (TemplateForm, None, _template),
}


@screen(methods=("POST",))
def version_act(request: HttpRequest, uid: UUID, act: str) -> HttpResponse:
    """One step of a version's way; refusals are told on the version's page."""
    if act not in ACTS:
        raise Http404
    version = _version(uid)
    form_class, prefix, run = ACTS[act]
    form = form_class(request.POST, request.FILES, prefix=prefix)
    here = reverse("version_page", args=[version.uid])
    if form.is_valid():
        try:
            return done(request, run(request, version, form), here)
        except NotRunnable as refused:
            return page(request, "procedures/not_runnable.html", {"version": version, "refused": refused}, status=422)
    return page(
        request, "procedures/act_form.html", {"form": form, "version": version, "cancel": here}, status=form.status
    )


@screen(methods=("POST",))
def version_new(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Begin the next revision, or issue, as a copy."""
    version = _version(uid)
    fresh = new_version(
        by=request.actor, procedure=version.procedure, from_version=version,  # type: ignore[attr-defined]
        reissue=request.POST.get("reissue") == "1",
    )  # fmt: skip
    return done(request, _("Đã lập bản nháp mới."), reverse("version_table", args=[fresh.uid]))


@screen
def version_migration(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Which running cases of an older version can go over to this one, and moving those that can."""
    target = _version(uid)
    sources = target.procedure.versions.exclude(pk=target.pk).order_by("-issue_no", "-revision_no")
    named = request.POST.get("tu") or request.GET.get("tu", "")
    source = next((one for one in sources if str(one.uid) == named), None) or sources.first()
    mapping = _mapping(request)
    plan = preview_migration(source, target, mapping=mapping) if source else []
    if request.method == "POST" and source and request.POST.get("chuyen"):
        moved = migrate_cases(
            by=request.actor, source=source, target=target, cases=[one.case for one in plan if one.maps],  # type: ignore[attr-defined]
            mapping=mapping, reason=request.POST.get("reason", ""),
        )  # fmt: skip
        return done(request, _("Đã chuyển %(count)d hồ sơ.") % {"count": moved}, request.get_full_path())
    stuck = sorted({move.run.step_key: move.run.name for one in plan for move in one.moves if not move.maps}.items())
    context = _frame(request, target, "migration") | {
        "source": source, "sources": sources, "plan": plan, "stuck": stuck, "mapping": mapping,
        "targets": definition_of(target).steps, "movable": sum(one.maps for one in plan),
        "mapping_json": json.dumps(mapping),
    }  # fmt: skip
    return page(request, "procedures/version_migration.html", context)


def _mapping(request: HttpRequest) -> dict[str, str]:
    sent = request.POST if request.method == "POST" else request.GET
    return {
        name.removeprefix("buoc-"): str(value) for name, value in sent.items() if name.startswith("buoc-") and value
    }
