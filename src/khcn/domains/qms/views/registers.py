"""Screens of the plain registers: list, a line's page, its form, taking it out; and acts that some lines have."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from khcn.domains.qms.forms.acts import AnswerForm, DisposeForm, FolderForm, HoldForm, MeasureForm
from khcn.domains.qms.forms.registers import form_for
from khcn.domains.qms.models import Complaint, ImprovementIdea, Objective, RecordFolder, RecordSeries
from khcn.domains.qms.permissions import require_duty, visible_systems
from khcn.domains.qms.queries.dossiers import step_name
from khcn.domains.qms.services import records, registers
from khcn.domains.qms.services.improvement import propose_research
from khcn.domains.qms.services.objectives import measure_objectives
from khcn.domains.qms.views.lists import show
from khcn.domains.qms.views.register_specs import BY_KEY, RegisterSpec
from khcn.domains.qms.views.standing import required_system
from khcn.kernel.audit.queries import history_of
from khcn.lib.money import format_number
from khcn.web.acting import actor_of
from khcn.web.fields import shown, state_mark
from khcn.web.screens import done, page, screen, version_of


@screen(methods=("GET", "HEAD"))
def row_list(request: HttpRequest, key: str) -> HttpResponseBase:
    """Lines of a register."""
    links = []
    if key in {"process", "link"}:
        links.append({"address": reverse("qms_process_map"), "icon": "sitemap", "title": _("Bản đồ quá trình")})
    if key == "risk":
        links.append({"address": reverse("qms_risk_matrix"), "icon": "grid-4x4", "title": _("Ma trận rủi ro")})
    if key in {"skill", "need", "held"}:
        links.append({"address": reverse("qms_skills"), "icon": "grid-dots", "title": _("Ma trận năng lực")})
    return show(request, BY_KEY[key].listing, {"links": links})


@screen
def row_new(request: HttpRequest, key: str) -> HttpResponse:
    """An empty form."""
    spec, actor, system = BY_KEY[key], actor_of(request), required_system(request)
    if not spec.listing.may_add(actor, system):
        require_duty(actor, system, *registers.REGISTERS[spec.listing.model].duties)
    form = form_for(spec.listing.model, spec.fields)(
        request.POST or None, system=system, on=actor.on, initial=request.GET.dict()
    )
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            row = registers.add_row(by=actor, system=system, model=spec.listing.model, values=form.cleaned_data)
            return done(request, _("Đã ghi."), spec.listing.address(row))
    context = {"form": form, "spec": spec, "system": system, "back": reverse(spec.listing.url_name), "row": None}
    return page(request, "qms/registers/form.html", context, status=form.status)


@screen(methods=("GET", "HEAD"))
def row_page(request: HttpRequest, key: str, uid: UUID) -> HttpResponse:
    """A line with its history."""
    spec = BY_KEY[key]
    row = _row(request, spec, uid)
    system = registers.system_of(row)
    context = {
        "row": row, "spec": spec, "system": system, "facts": _facts(row, spec),
        "can_change": spec.listing.may_add(actor_of(request), system),
        "history": history_of(subject_type=row._meta.label_lower, subject_uid=row.uid)[:20],
        "parts": _parts(row),
    }  # fmt: skip
    return page(request, "qms/registers/page.html", context)


@screen
def row_edit(request: HttpRequest, key: str, uid: UUID) -> HttpResponse:
    """Change a line."""
    spec = BY_KEY[key]
    row, actor = _row(request, spec, uid), actor_of(request)
    system = registers.system_of(row)
    form = form_for(spec.listing.model, spec.fields)(request.POST or None, instance=row, system=system, on=actor.on)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            fresh = _row(request, spec, uid)
            registers.change_row(by=actor, row=fresh, values=form.cleaned_data, expected_version=version_of(request))
            return done(request, _("Đã ghi."), spec.listing.address(row))
    context = {
        "form": form, "spec": spec, "system": system, "row": row, "back": spec.listing.address(row),
        "version": state_mark(row),
    }  # fmt: skip
    return page(request, "qms/registers/form.html", context, status=form.status)


@screen(methods=("POST",))
def row_remove(request: HttpRequest, key: str, uid: UUID) -> HttpResponse:
    """Take a line out."""
    spec = BY_KEY[key]
    registers.remove_row(by=actor_of(request), row=_row(request, spec, uid))
    return done(request, _("Đã xóa."), reverse(spec.listing.url_name))


@screen
def complaint_answer(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Answer a complaint."""
    row = _row(request, BY_KEY["complaint"], uid)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            registers.answer_complaint(by=actor_of(request), complaint=row, **form.cleaned_data)
            return done(request, _("Đã ghi trả lời."), BY_KEY["complaint"].listing.address(row))
    return _act(request, "complaint", row, form, _("Trả lời phản ánh"))


@screen
def objective_measure(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Enter a value measured by hand."""
    row = _row(request, BY_KEY["objective"], uid)
    form = MeasureForm(request.POST or None, objective=row)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            registers.measured(by=actor_of(request), objective=row, **form.cleaned_data)
            return done(request, _("Đã ghi số đo."), BY_KEY["objective"].listing.address(row))
    return _act(request, "objective", row, form, _("Nhập số đo"))


@screen(methods=("POST",))
def idea_propose(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Hand an idea that needs research to the programme."""
    row = _row(request, BY_KEY["idea"], uid)
    propose_research(by=actor_of(request), idea=row)
    return done(request, _("Đã chuyển thành đề xuất nhiệm vụ."), BY_KEY["idea"].listing.address(row))


@screen(methods=("POST",))
def objectives_compute(request: HttpRequest) -> HttpResponse:
    """Measure every computed objective of the agency for the year."""
    actor, system = actor_of(request), required_system(request)
    found = measure_objectives(by=actor, system=system, year=actor.on.year)
    return done(request, _("Đã đo %(n)d kỳ mục tiêu.") % {"n": len(found)}, reverse("qms_objective_list"))


@screen
def series_hold(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Hold a record series, or lift the hold."""
    row = _row(request, BY_KEY["records"], uid)
    form = HoldForm(request.POST or None, initial={"reason": row.hold_reason})
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            records.hold_series(
                by=actor_of(request), series=row, expected_version=version_of(request), **form.cleaned_data
            )
            return done(request, _("Đã ghi."), BY_KEY["records"].listing.address(row))
    return _act(request, "records", row, form, _("Tạm giữ hồ sơ, không hủy"))


@screen
def folder_new(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Close a folder of a series."""
    row = _row(request, BY_KEY["records"], uid)
    form = FolderForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            records.close_folder(by=actor_of(request), series=row, **form.cleaned_data)
            return done(request, _("Đã ghi tập hồ sơ."), BY_KEY["records"].listing.address(row))
    return _act(request, "records", row, form, _("Kết thúc tập hồ sơ"))


@screen
def folder_dispose(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Dispose of a folder by a paper."""
    rows = RecordFolder.objects.filter(series__system__in=visible_systems(actor_of(request)))
    folder = get_object_or_404(rows.select_related("series__system__organisation"), uid=uid)
    form = DisposeForm(request.POST or None, system=folder.series.system)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            records.dispose_folder(by=actor_of(request), folder=folder, **form.cleaned_data)
            return done(request, _("Đã ghi xử lý tập hồ sơ."), BY_KEY["records"].listing.address(folder.series))
    return _act(request, "records", folder.series, form, _("Xử lý tập hồ sơ hết thời hạn lưu"))


def _row(request: HttpRequest, spec: RegisterSpec, uid: UUID) -> Any:
    return get_object_or_404(spec.listing.rows(actor_of(request)), uid=uid)


def _facts(row: Any, spec: RegisterSpec) -> list[tuple[str, str]]:
    found = []
    for name in spec.fields:
        field = row._meta.get_field(name)
        value = ", ".join(str(one) for one in getattr(row, name).all()) if field.many_to_many else _shown(row, name)
        found.append((str(field.verbose_name)[:1].upper() + str(field.verbose_name)[1:], value))
    return found


def _shown(row: Any, name: str) -> str:
    value = getattr(row, name)
    if isinstance(value, bool):
        return str(_("Có")) if value else str(_("Không"))
    if hasattr(value, "strftime"):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, Decimal):
        return format_number(value)
    if name == "step_key":
        return step_name(row.document.procedure_code if row.document else "", value)
    return str(_(shown(row, name))) if shown(row, name) else ""


def _parts(row: Any) -> dict[str, Any]:
    if isinstance(row, Objective):
        return {"measurements": row.measurements.all()[:24]}
    if isinstance(row, RecordSeries):
        return {"folders": row.folders.all()[:50]}
    if isinstance(row, Complaint):
        return {"complaint": row}
    if isinstance(row, ImprovementIdea):
        return {"idea": row}
    return {}


def _act(request: HttpRequest, key: str, row: Any, form: Any, title: str) -> HttpResponse:
    spec = BY_KEY.get(key)
    if spec is None:
        raise Http404
    context = {
        "form": form, "spec": spec, "row": row, "title": title, "back": spec.listing.address(row),
        "version": state_mark(row),
    }  # fmt: skip
    return page(request, "qms/registers/act.html", context, status=form.status)
