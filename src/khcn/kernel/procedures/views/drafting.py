"""Screens on which a draft is written: its step table, its drawing, its forms, its cover; and its drawing as a file."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from khcn.kernel.procedures.choices import FieldKind, NormUnit, StepClock, StepKind, StepSign, UnitRule
from khcn.kernel.procedures.engine.definition import Definition
from khcn.kernel.procedures.engine.drawings import Translation, draw, redraw, translate
from khcn.kernel.procedures.engine.form_table import (
    COLUMNS as FORM_COLUMNS,
)
from khcn.kernel.procedures.engine.form_table import (
    NO,
    YES,
    FieldFault,
    form_from,
    key_of,
    rows_of_form,
    with_form,
    without_form,
)
from khcn.kernel.procedures.engine.step_table import CHOICES, COLUMNS, RowFault, as_read, definition_from, rows_of
from khcn.kernel.procedures.errors import NotRunnable
from khcn.kernel.procedures.forms.procedures import CoverForm, TableFileForm
from khcn.kernel.procedures.models import ProcedureVersion
from khcn.kernel.procedures.queries import definition_of
from khcn.kernel.procedures.services import save_draft
from khcn.kernel.procedures.views.versions import frame, version_named
from khcn.lib.failure import Failure
from khcn.lib.roles import Role
from khcn.standards.bpmn import Drawing, Process, read
from khcn.web.acting import actor_of
from khcn.web.listing import Export
from khcn.web.screens import done, page, screen, version_of
from khcn.web.spreadsheets.parsers import plain_text
from khcn.web.spreadsheets.reading import read_table
from khcn.web.spreadsheets.writing import Column
from khcn.web.uploads import download_response
from khcn.web.wording import said

BLANK_ROWS = 4


@screen
def version_table(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """Edit the step table, on the page or from a spreadsheet."""
    version = version_named(uid)
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
    context = frame(request, version, "table") | {
        "rows": [*rows, *_blank_rows(is_first=not rows)],
        "columns": COLUMNS,
        "choices": {name: [member.label for member in enum] for name, enum in CHOICES.items()},
        "faults": faults,
        "faulty": {(fault.row, fault.column) for fault in faults},
        "file_form": file_form,
    }
    return page(request, "procedures/version_table.html", context, status=422 if faults or file_form.errors else 200)


def _blank_rows(*, is_first: bool) -> list[dict[str, str]]:
    """Rows to write in: work of people; a table without any begins with its start."""
    kinds = [StepKind.START if is_first and number == 0 else StepKind.HUMAN for number in range(BLANK_ROWS)]
    return [{"key": "", "kind": kind.label} for kind in kinds]


def _keep(
    request: HttpRequest, version: ProcedureVersion, changed: Definition, expected: int | None
) -> ProcedureVersion:
    """Save the definition. The drawing says the same: as it stands, changed in place, or else drawn anew later."""
    return save_draft(
        by=actor_of(request), version=version, definition=changed, drawing=_drawing_of(version, changed),
        expected_version=expected,
    )  # fmt: skip


def _drawing_of(version: ProcedureVersion, changed: Definition) -> str:
    """The version's drawing made to say what the definition says now; empty when its shapes have to be placed anew."""
    if not version.drawing:
        return ""
    drawing = read(version.drawing.encode("utf-8"))
    process = _own_process(drawing, definition_of(version))
    if process is None:
        return ""
    xml = redraw(changed, drawing, process=process.id)
    if xml is None or _said_by(xml, changed) != changed:
        return ""
    return xml.decode("utf-8")


def _said_by(xml: bytes, base: Definition) -> Definition | None:
    """What a drawing says, with the forms and tables of the definition that it was made from."""
    drawing = read(xml)
    process = _own_process(drawing, base)
    return translate(drawing, process, base=base).definition if process else None


def _own_process(drawing: Drawing, definition: Definition) -> Process | None:
    """The process of the drawing that the definition is: the one that shares most steps with it."""
    mine = {step.key for step in definition.steps}

    def shared(process: Process) -> tuple[int, int]:
        nodes = drawing.nodes_of(process.id)
        return len(mine & {node.id for node in nodes}), len(nodes)

    return max(drawing.processes, key=shared, default=None)


def _table_file(version: ProcedureVersion) -> Export:
    return Export(
        name=f"bang-cac-buoc-{version.procedure.code}",
        title=f"BẢNG CÁC BƯỚC – {version.procedure.title.upper()}",
        columns=[Column(title) for title in COLUMNS.values()],
        row=as_read,
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
    """What the drawing says of this version. Raises NotRunnable when it has no process."""
    drawing = read(xml.encode("utf-8"))
    base = definition_of(version)
    found = _own_process(drawing, base)
    if found is None:
        raise NotRunnable("Bản vẽ không có quy trình nào.")
    return translate(drawing, found, base=base)


@screen(methods=("GET", "HEAD"))
def version_drawing(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """The drawing as BPMN 2.0 XML: as drawn, or drawn from the step table. `?tai=1` saves it."""
    version = version_named(uid)
    xml = version.drawing.encode("utf-8") if version.drawing else draw(
        definition_of(version), process="process", name=version.procedure.title
    )  # fmt: skip
    if request.GET.get("tai"):
        return download_response(xml, f"{version.procedure.code}.bpmn", media_type="application/xml")
    return HttpResponse(xml, content_type="application/xml; charset=utf-8")


@screen
def version_draw(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Draw in the browser; saving answers with what stops the drawing from running."""
    version = version_named(uid)
    if request.method != "POST":
        return page(request, "procedures/version_draw.html", frame(request, version, "draw") | _panel(version))
    try:
        xml = request.body.decode("utf-8")
        one = _translated(version, xml)
        expected = request.headers.get("X-Khcn-Version", "")
        version = save_draft(
            by=actor_of(request), version=version, definition=one.definition, drawing=xml,
            expected_version=int(expected) if expected.isdecimal() else None,
        )  # fmt: skip
    except (Failure, UnicodeDecodeError) as fault:
        message = said(fault.message) if isinstance(fault, Failure) else _("Bản vẽ không phải UTF-8.")
        return JsonResponse({"saved": False, "message": message}, status=422)
    remarks = [{"node": remark.node, "name": remark.name, "reason": said(remark.reason)} for remark in one.obstacles]
    return JsonResponse({"saved": True, "version": version.version, "obstacles": remarks})


def _panel(version: ProcedureVersion) -> dict[str, Any]:
    """What the panel beside the drawing offers for a step and for a way between steps."""
    definition = definition_of(version)
    known = [(field.key, field.label) for form in definition.forms for field in form.fields]
    known += [(column.name, table.name) for table in definition.tables for column in table.outputs]
    return {
        "roles": [(role.value, _(role.label)) for role in Role],
        "kinds": [(kind.value, _(kind.label)) for kind in (StepKind.HUMAN, StepKind.COUNCIL)],
        "unit_rules": [(rule.value, _(rule.label)) for rule in UnitRule],
        "norm_units": [(unit.value, _(unit.label)) for unit in NormUnit],
        "signs": [(sign.value, _(sign.label)) for sign in StepSign],
        "clocks": [(clock.value, _(clock.label)) for clock in StepClock],
        "forms": [(form.key, form.title) for form in definition.forms],
        "known": [*known, *((name, "") for name in definition.facts)],
    }


@screen(methods=("GET", "HEAD"))
def version_forms(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The forms of a version: what each asks, and at which steps."""
    version = version_named(uid)
    definition = definition_of(version)
    used = {
        form.key: [step.name or step.key for step in definition.steps if step.form == form.key]
        for form in definition.forms
    }
    shown = [(form, rows_of_form(form), used[form.key]) for form in definition.forms]
    context = frame(request, version, "forms") | {"shown": shown}
    return page(request, "procedures/version_forms.html", context)


@screen
def form_edit(request: HttpRequest, uid: UUID, key: str = "") -> HttpResponse:
    """Write a form: its title and a row for each field; or take it away."""
    version = version_named(uid)
    definition = definition_of(version)
    form = definition.form(key) if key else None
    if key and form is None:
        raise Http404
    back = reverse("version_forms", args=[version.uid])
    title, rows, faults = (form.title if form else ""), (rows_of_form(form) if form else []), list[FieldFault]()
    if request.method == "POST" and form and request.POST.get("xoa"):
        _keep(request, version, without_form(definition, key), version_of(request))
        return done(request, _("Đã bỏ biểu mẫu."), back)
    if request.method == "POST":
        title, rows = request.POST.get("title", ""), _field_rows(request)
        made, faults = form_from(key or key_of(title, {one.key for one in definition.forms}), title, rows, form)
        if not faults:
            _keep(request, version, with_form(definition, made), version_of(request))
            return done(request, _("Đã lưu biểu mẫu."), back)
    context = frame(request, version, "forms") | {
        "form": form, "title": title, "rows": [*rows, *({} for _number in range(BLANK_ROWS))], "faults": faults,
        "faulty": {(fault.row, fault.column) for fault in faults}, "columns": FORM_COLUMNS,
        "kinds": [kind.label for kind in FieldKind], "yes_no": [NO, YES], "back": back,
    }  # fmt: skip
    return page(request, "procedures/form_edit.html", context, status=422 if faults else 200)


def _field_rows(request: HttpRequest) -> list[dict[str, str]]:
    columns = {name: request.POST.getlist(name) for name in FORM_COLUMNS}
    return [
        {name: values[place] if place < len(values) else "" for name, values in columns.items()}
        for place in range(min(len(columns["label"]), 300))
    ]


@screen
def version_cover(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Edit what stands on the cover."""
    version = version_named(uid)
    initial = {name: getattr(version, name) for name in CoverForm.base_fields}
    form = CoverForm(request.POST or None, initial=initial)
    if form.is_valid():
        with form.refusals():
            save_draft(by=actor_of(request), version=version, expected_version=version_of(request), **form.cleaned_data)
            return done(request, _("Đã lưu bìa quy trình."), reverse("version_page", args=[version.uid]))
    context = frame(request, version, "cover") | {"form": form}
    return page(request, "procedures/version_cover.html", context, status=form.status)
