"""Screens of procedures: list, a new one, a drawing brought in."""

from typing import Any
from uuid import UUID

import django_filters
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khcn.kernel.orgs.models import Organisation
from khcn.kernel.procedures.choices import ProcedureKind, VersionState
from khcn.kernel.procedures.engine.drawings import translate_all
from khcn.kernel.procedures.forms.cases import OpenForm
from khcn.kernel.procedures.forms.procedures import ImportForm, NewProcedureForm
from khcn.kernel.procedures.models import Procedure
from khcn.kernel.procedures.permissions import PROCEDURE_AUTHORS, may_work, require_case_opener
from khcn.kernel.procedures.queries import open_runs, procedures_visible_to, procedures_with_versions
from khcn.kernel.procedures.services import create_procedure, import_drawing, open_case
from khcn.kernel.procedures.views.versions import version_page
from khcn.standards.bpmn import read
from khcn.web.acting import actor_of
from khcn.web.filters import ALL, Folded, choices_of
from khcn.web.listing import Export, filtered, order, paginate
from khcn.web.screens import done, page, screen
from khcn.web.spreadsheets.writing import CellKind, Column

ORDERS = {"code": "code", "title": "title", "kind": "kind", "cases": "open_cases"}
FILE = Export(
    name="quy-trinh",
    title="QUY TRÌNH",
    columns=[
        Column("Mã"),
        Column("Tên"),
        Column("Loại"),
        Column("Cơ quan"),
        Column("Hồ sơ đang chạy", CellKind.INTEGER),
    ],
    row=lambda row: (row.code, row.title, ProcedureKind(row.kind).label, str(row.owner or ""), row.open_cases),
)


class ProcedureFilter(Folded):
    """By words, kind and state of a version."""

    kind = django_filters.ChoiceFilter(
        choices=choices_of(ProcedureKind),
        label=gettext_lazy("Loại"), empty_label=ALL,
    )  # fmt: skip
    state = django_filters.ChoiceFilter(
        field_name="versions__state", distinct=True, label=gettext_lazy("Trạng thái"),
        choices=choices_of(VersionState),
        empty_label=ALL,
    )  # fmt: skip

    class Meta:
        model = Procedure
        fields: list[str] = []


@screen(methods=("GET", "HEAD"))
def procedure_list(request: HttpRequest) -> HttpResponseBase:
    """`/quy-trinh/`: every procedure with its version in force."""
    actor = actor_of(request)
    filters = filtered(ProcedureFilter, request, procedures_with_versions(procedures_visible_to(actor)))
    rows, ordering = order(filters.rows, request, ORDERS, default="code")
    if FILE.asked_for(request):
        return FILE.respond(request, rows)
    context = {
        "filters": filters, "ordering": ordering, "page": paginate(rows, request),
        "may_write": actor.holds(*PROCEDURE_AUTHORS),
    }  # fmt: skip
    return page(request, "procedures/procedure_list.html", context, part="rows")


def _owner(request: HttpRequest) -> Organisation | None:
    organisation_id = actor_of(request).organisation_id
    return Organisation.objects.filter(pk=organisation_id).first() if organisation_id else None


@screen
def procedure_new(request: HttpRequest) -> HttpResponse:
    """Begin a procedure."""
    form = NewProcedureForm(request.POST or None)
    if form.is_valid():
        with form.refusals():
            version = create_procedure(by=actor_of(request), owner=_owner(request), **form.cleaned_data)
            to = reverse("version_table", args=[version.uid])
            return done(request, _("Đã lập quy trình nháp. Điền bảng các bước."), to)
    return page(request, "procedures/procedure_form.html", {"form": form}, status=form.status)


@screen
def procedure_import(request: HttpRequest) -> HttpResponse:
    """Bring in a drawing: what it holds and what stops it first, then drafts."""
    form = ImportForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        with form.refusals():
            drawing = read(form.cleaned_data["file"].read())
            translations = translate_all(drawing)
            versions = import_drawing(
                by=actor_of(request), drawing=drawing, translations=translations, code=form.cleaned_data["code"],
                kind=form.cleaned_data["kind"], owner=_owner(request),
            )  # fmt: skip
            kept = [one for one in translations if one.definition.steps]
            context |= {"drawing": drawing, "brought": list(zip(kept, versions, strict=True))}
            return page(request, "procedures/import_result.html", context)
    return page(request, "procedures/import_form.html", context, status=form.status)


@screen
def case_new(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Open a case of internal work, and go to its first step where that is one's own."""
    actor = actor_of(request)
    procedure = get_object_or_404(Procedure.objects.select_related("owner"), uid=uid)
    require_case_opener(actor, procedure)
    form = OpenForm(request.POST or None)
    if form.is_valid():
        with form.refusals():
            case = open_case(by=actor, procedure=procedure, **form.values())
            own = next((run for run in open_runs(case) if may_work(actor, run)), None)
            to = reverse("step_page", args=[own.uid]) if own else reverse("process_case_page", args=[case.uid])
            return done(request, _("Đã mở hồ sơ %(code)s.") % {"code": case.code}, to)
    context = {"form": form, "procedure": procedure}
    return page(request, "procedures/case_form.html", context, status=form.status)


@screen(methods=("GET", "HEAD"))
def procedure_page(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A procedure's newest version that matters: in force, else the last."""
    procedure = get_object_or_404(Procedure, uid=uid)
    versions = procedure.versions.order_by("-issue_no", "-revision_no")
    version = versions.filter(state=VersionState.EFFECTIVE).first() or versions.first()
    return version_page(request, version.uid)  # type: ignore[union-attr]
