"""Specifications and areas of a right: the draft, the issued versions, and the act that puts one into effect."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from khcn.domains.marks.forms.versions import PARAMETER_COLUMNS, AreaForm, IssueForm, SpecificationForm
from khcn.domains.marks.models import AreaVersion, Right, Specification
from khcn.domains.marks.permissions import may_decide, may_keep
from khcn.domains.marks.queries.areas import successors_on, view_of
from khcn.domains.marks.queries.register import map_of, said_share
from khcn.domains.marks.rules.lines import YES, ParameterLine, checked_parameter
from khcn.domains.marks.services import areas, specifications
from khcn.domains.marks.views.acting import decided_right, kept_right, right_for
from khcn.lib.failure import Refused
from khcn.lib.text import fold
from khcn.web.acting import actor_of
from khcn.web.listing import Export
from khcn.web.screens import done, page, screen, version_of
from khcn.web.spreadsheets.reading import read_table
from khcn.web.spreadsheets.templates import template_xlsx
from khcn.web.spreadsheets.validation import suggest_mapping, validate
from khcn.web.spreadsheets.writing import CellKind, Column
from khcn.web.uploads import XLSX, download_response

PARAMETERS = Export(
    name="Chi tieu ban mo ta",
    title="Chỉ tiêu của bản mô tả",
    columns=(
        Column("Chỉ tiêu", width=36), Column("Đơn vị", width=12), Column("Thấp nhất", CellKind.DECIMAL),
        Column("Cao nhất", CellKind.DECIMAL), Column("Yêu cầu", width=36), Column("Phương pháp thử", width=24),
        Column("Sản phẩm", width=24), Column("Bắt buộc", width=10),
    ),
    row=lambda one: (
        one.name, one.unit, one.minimum, one.maximum, one.wording, one.method, str(one.product or ""),
        "có" if one.is_critical else "không",
    ),
)  # fmt: skip


@screen
def mark_spec(request: HttpRequest, code: str, number: int) -> HttpResponseBase:
    """One version of the specification, as a page or its parameters as a file."""
    specification, actor = _specification(request, code, number), actor_of(request)
    rows = specification.parameters.select_related("product")
    if PARAMETERS.asked_for(request):
        return PARAMETERS.respond(request, rows)
    right = specification.right
    context = {
        "right": right, "specification": specification, "parameters": rows,
        "may_edit": specification.issued_at is None and may_keep(actor, right),
        "may_issue": specification.issued_at is None and may_decide(actor, right),
    }  # fmt: skip
    return page(request, "marks/spec_page.html", context)


@screen
def mark_spec_new(request: HttpRequest, code: str) -> HttpResponseBase:
    """Draft the next version, filled from the latest one."""
    right = kept_right(request, code)
    if request.GET.get("mau"):
        content = template_xlsx(PARAMETER_COLUMNS, title="Chỉ tiêu của bản mô tả")
        return download_response(content, "mau-chi-tieu.xlsx", media_type=XLSX.media_type)
    latest = right.specifications.order_by("-number").first()
    form = SpecificationForm(request.POST or None, request.FILES or None, specification=latest)
    back = reverse("mark_page", args=[code])
    if form.is_valid():
        with form.refusals():
            made = specifications.draft_specification(
                by=actor_of(request), right=right, parameters=_parameters(form), **form.values()
            )
            return done(request, _("Đã lập bản mô tả dự thảo."), reverse("mark_spec", args=[code, made.number]))
    context = {"form": form, "label": _("Lập bản mô tả"), "back": back, "subject": right, "template": "?mau=1"}
    return page(request, "marks/form.html", context, status=form.status)


@screen
def mark_spec_edit(request: HttpRequest, code: str, number: int) -> HttpResponseBase:
    """Change a draft."""
    kept_right(request, code)
    specification = _specification(request, code, number)
    if specification.issued_at is not None:
        raise Http404
    form = SpecificationForm(request.POST or None, request.FILES or None, specification=specification)
    back = reverse("mark_spec", args=[code, number])
    if form.is_valid():
        with form.refusals():
            specifications.change_specification(
                by=actor_of(request), specification=specification, changes=form.values(), parameters=_parameters(form),
                expected_version=version_of(request),
            )  # fmt: skip
            return done(request, _("Đã sửa bản mô tả."), back)
    context = {
        "form": form, "label": _("Sửa bản mô tả"), "back": back, "subject": specification.right,
        "version": specification.version,
    }  # fmt: skip
    return page(request, "marks/form.html", context, status=form.status)


@screen
def mark_spec_issue(request: HttpRequest, code: str, number: int) -> HttpResponseBase:
    """Put a draft into effect."""
    decided_right(request, code)
    specification = _specification(request, code, number)
    form, back = IssueForm(request.POST or None), reverse("mark_spec", args=[code, number])
    if form.is_valid():
        with form.refusals():
            specifications.issue_specification(
                by=actor_of(request), specification=specification, expected_version=version_of(request),
                **form.cleaned_data,
            )  # fmt: skip
            return done(request, _("Đã ban hành bản mô tả."), back)
    context = {
        "form": form, "label": _("Ban hành bản mô tả"), "back": back, "subject": specification,
        "version": specification.version,
    }  # fmt: skip
    return page(request, "marks/form.html", context, status=form.status)


@screen
def mark_area(request: HttpRequest, code: str, number: int) -> HttpResponseBase:
    """One version of the area: its map, the communes of its day and those of today."""
    area, actor, today = _area(request, code, number), actor_of(request), timezone.localdate()
    right = area.right
    view = view_of(area)
    context = {
        "right": right, "area": area, "map": map_of(area, today),
        "units": area.units.select_related("unit__parent").order_by("unit__folded"),
        "successors": [(unit, said_share(span)) for unit, span in successors_on(view, today)],
        "may_edit": area.issued_at is None and may_keep(actor, right),
        "may_issue": area.issued_at is None and may_decide(actor, right),
    }  # fmt: skip
    return page(request, "marks/area_page.html", context)


@screen
def mark_area_new(request: HttpRequest, code: str) -> HttpResponseBase:
    """Draft the next version of the area, filled from the latest one."""
    right = kept_right(request, code)
    latest = right.areas.order_by("-number").first()
    form = AreaForm(request.POST or None, request.FILES or None, area=latest)
    back = reverse("mark_page", args=[code])
    if form.is_valid():
        with form.refusals():
            made = areas.draft_area(
                by=actor_of(request), right=right, units=form.cleaned_data["units"] or [], **form.values()
            )
            return done(request, _("Đã lập khu vực dự thảo."), reverse("mark_area", args=[code, made.number]))
    context = {"form": form, "label": _("Lập khu vực địa lý"), "back": back, "subject": right}
    return page(request, "marks/form.html", context, status=form.status)


@screen
def mark_area_edit(request: HttpRequest, code: str, number: int) -> HttpResponseBase:
    """Change a draft of the area."""
    kept_right(request, code)
    area = _area(request, code, number)
    if area.issued_at is not None:
        raise Http404
    form = AreaForm(request.POST or None, request.FILES or None, area=area)
    back = reverse("mark_area", args=[code, number])
    if form.is_valid():
        with form.refusals():
            areas.change_area(
                by=actor_of(request), area=area, units=form.cleaned_data["units"] or [], changes=form.values(),
                expected_version=version_of(request),
            )  # fmt: skip
            return done(request, _("Đã sửa khu vực."), back)
    context = {
        "form": form, "label": _("Sửa khu vực địa lý"), "back": back, "subject": area.right, "version": area.version,
    }  # fmt: skip
    return page(request, "marks/form.html", context, status=form.status)


@screen
def mark_area_issue(request: HttpRequest, code: str, number: int) -> HttpResponseBase:
    """Put a draft of the area into effect."""
    decided_right(request, code)
    area = _area(request, code, number)
    form, back = IssueForm(request.POST or None), reverse("mark_area", args=[code, number])
    if form.is_valid():
        with form.refusals():
            areas.issue_area(by=actor_of(request), area=area, expected_version=version_of(request), **form.cleaned_data)
            return done(request, _("Đã ban hành khu vực."), back)
    context = {
        "form": form, "label": _("Ban hành khu vực địa lý"), "back": back, "subject": area.right,
        "version": area.version,
    }  # fmt: skip
    return page(request, "marks/form.html", context, status=form.status)


def _specification(request: HttpRequest, code: str, number: int) -> Specification:
    right = right_for(request, code)
    return _version(request, right, right.specifications.all(), number)


def _area(request: HttpRequest, code: str, number: int) -> AreaVersion:
    right = right_for(request, code)
    return _version(request, right, right.areas.all(), number)


def _version(request: HttpRequest, right: Right, rows: Any, number: int) -> Any:
    """A version by its number; drafts only for those who keep the right."""
    found = rows.filter(number=number).select_related("right").first()
    if found is None or (found.issued_at is None and not may_keep(actor_of(request), right)):
        raise Http404
    return found


def _parameters(form: SpecificationForm) -> list[ParameterLine]:
    """The parameters typed, or those of the sheet. Raises Refused for the first fault of the sheet."""
    sent = form.cleaned_data["sheet"]
    if not sent:
        return form.cleaned_data["parameters"]
    table = read_table(sent.read(), sent.name, expected_titles=[spec.title_vi for spec in PARAMETER_COLUMNS])
    report = validate(table, PARAMETER_COLUMNS, suggest_mapping(table.headers, PARAMETER_COLUMNS))
    if report.errors:
        first = report.errors[0]
        raise Refused(f"Dòng {first.row}: {first.message_vi}", field="sheet")
    found = []
    for row in report.rows:
        values = {name: value for name, value in row.values.items() if name != "critical"}
        critical = str(row.values.get("critical") or "")
        texts = {name: str(values.get(name) or "") for name in ("name", "unit", "wording", "method", "product")}
        line = ParameterLine(
            **texts, minimum=values.get("minimum"), maximum=values.get("maximum"),
            is_critical=not critical or fold(critical) in YES,
        )  # fmt: skip
        found.append(checked_parameter(line, row.number))
    return found
