"""The control of members: the plan of a right, a visit with its checklist, and what follows a nonconformity."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khcn.domains.marks.choices import FaultState, Tier
from khcn.domains.marks.forms import control as forms
from khcn.domains.marks.forms.filters import VisitFilter
from khcn.domains.marks.models import ControlVisit, Fault, VisitPhoto
from khcn.domains.marks.permissions import is_of_the_state, may_decide, may_keep, may_keep_use, visible_uses
from khcn.domains.marks.services import control
from khcn.domains.marks.views.acting import kept_right, right_for
from khcn.kernel.documents.queries import bytes_of
from khcn.web.acting import actor_of, one_of
from khcn.web.listing import Export, filtered, order, paginate
from khcn.web.screens import done, page, screen, version_of
from khcn.web.spreadsheets.writing import CellKind, Column
from khcn.web.uploads import download_response

EXPORT = Export(
    name="Ke hoach kiem soat",
    title="Kế hoạch và kết quả kiểm soát",
    columns=(
        Column("Người sử dụng", width=36), Column("Cấp kiểm soát", width=22), Column("Ngày dự kiến", CellKind.DATE),
        Column("Điểm rủi ro", CellKind.INTEGER), Column("Ngày kiểm tra", CellKind.DATE),
        Column("Người kiểm tra", width=28), Column("Kết luận", width=40),
    ),
    row=lambda one: (
        one.use.holder, one.get_tier_display(), one.planned_on, one.risk, one.done_on, one.controller, one.conclusion
    ),
)  # fmt: skip


@screen
def mark_control(request: HttpRequest, code: str) -> HttpResponseBase:
    """Visits of a right's members, planned and done, and its open nonconformities; the visits also as a file."""
    right, actor = right_for(request, code), actor_of(request)
    if not is_of_the_state(actor):
        raise Http404
    rows = ControlVisit.objects.filter(use__right=right).select_related("use")
    filters = filtered(VisitFilter, request, rows)
    found, ordering = order(
        filters.rows, request, {"planned": "planned_on", "risk": "risk", "holder": "use__holder"}, default="planned"
    )
    if EXPORT.asked_for(request):
        return EXPORT.respond(request, found)
    context = {
        "right": right, "filters": filters, "ordering": ordering, "page": paginate(found, request),
        "faults": Fault.objects.filter(use__right=right).exclude(
            state__in=[FaultState.CLOSED, FaultState.LIFTED]).select_related("use")[:50],
        "may_keep": may_keep(actor, right),
    }  # fmt: skip
    return page(request, "marks/control_list.html", context, part="list")


@screen
def mark_control_plan(request: HttpRequest, code: str) -> HttpResponseBase:
    """Plan the visits of a tier by risk."""
    right = kept_right(request, code)
    form = forms.PlanControlForm(request.POST or None, initial={"start": timezone.localdate()})
    back = reverse("mark_control", args=[code])
    if form.is_valid():
        with form.refusals():
            visits = control.plan_controls(by=actor_of(request), right=right, **form.cleaned_data)
            return done(request, _("Đã lập kế hoạch %(count)d lượt kiểm soát.") % {"count": len(visits)}, back)
    context = {"form": form, "label": _("Lập kế hoạch kiểm soát"), "back": back, "subject": right}
    return page(request, "marks/form.html", context, status=form.status)


@screen
def mark_visit(request: HttpRequest, uid: str) -> HttpResponseBase:
    """A visit: its checklist to fill in on the spot, or what was found."""
    actor = actor_of(request)
    rows = ControlVisit.objects.filter(use__in=visible_uses(actor)).select_related("use__right")
    visit: ControlVisit = one_of(rows, uid=uid)
    may_fill = may_keep_use(actor, visit.use) if visit.tier == Tier.SELF else may_keep(actor, visit.use.right)
    if visit.done_on is not None or not may_fill:
        shown = {
            "visit": visit,
            "use": visit.use,
            "right": visit.use.right,
            "items": visit.items.select_related("parameter"),
            "photos": visit.photos.all(),
        }
        return page(request, "marks/visit_page.html", shown)
    form = forms.VisitForm(request.POST or None, request.FILES or None, visit=visit)
    back = reverse("mark_use", args=[visit.use.code])
    if form.is_valid():
        with form.refusals():
            control.finish_visit(by=actor, visit=visit, expected_version=version_of(request), **form.values())
            return done(request, _("Đã ghi kết quả kiểm soát."), back)
    context = {
        "form": form,
        "label": _("Ghi kết quả kiểm soát"),
        "back": back,
        "subject": visit.use,
        "version": visit.version,
    }
    return page(request, "marks/form.html", context, status=form.status)


@screen(methods=("GET", "HEAD"))
def mark_visit_photo(request: HttpRequest, uid: str) -> HttpResponseBase:
    """A photograph of a visit, for those who may read the visit."""
    rows = VisitPhoto.objects.filter(visit__use__in=visible_uses(actor_of(request))).select_related("file")
    photo: VisitPhoto = one_of(rows, uid=uid)
    media = photo.file.media_type
    name = f"anh-{photo.place}.{media.rsplit('/', 1)[-1]}"
    return download_response(bytes_of(photo.file), name, media_type=media, inline=True)


@dataclass(frozen=True)
class Act:
    """One thing done with a nonconformity."""

    label: Any
    form: Callable[..., Any]
    run: Callable[[HttpRequest, Fault, dict[str, Any]], Any]
    needs: str


ACTS: Mapping[str, Act] = {
    "xu-ly": Act(
        gettext_lazy("Xử lý vi phạm"), forms.SanctionForm,
        lambda request, fault, data: control.sanction_fault(
            by=actor_of(request), fault=fault, expected_version=version_of(request), **data), "decide",
    ),
    "khieu-nai": Act(
        gettext_lazy("Khiếu nại"), forms.TextForm,
        lambda request, fault, data: control.appeal_fault(
            by=actor_of(request), fault=fault, on=timezone.localdate(), expected_version=version_of(request), **data),
        "keep_use",
    ),
    "tra-loi": Act(
        gettext_lazy("Trả lời khiếu nại"), forms.AnswerForm,
        lambda request, fault, data: control.answer_appeal(
            by=actor_of(request), fault=fault, expected_version=version_of(request), **data),
        "decide",
    ),
    "khac-phuc": Act(
        gettext_lazy("Ghi đã khắc phục"), forms.TextForm,
        lambda request, fault, data: control.close_fault(
            by=actor_of(request), fault=fault, remedy=data["text"], expected_version=version_of(request)), "keep",
    ),
}  # fmt: skip


@screen
def mark_fault_act(request: HttpRequest, uid: str, act: str) -> HttpResponseBase:
    """Do one of the things that are done with a nonconformity."""
    actor = actor_of(request)
    fault: Fault = one_of(Fault.objects.filter(use__in=visible_uses(actor)).select_related("use__right"), uid=uid)
    chosen = ACTS.get(act)
    allowed = {
        "keep": may_keep(actor, fault.use.right), "decide": may_decide(actor, fault.use.right),
        "keep_use": may_keep_use(actor, fault.use),
    }  # fmt: skip
    if chosen is None or not allowed[chosen.needs]:
        raise Http404
    form, back = chosen.form(request.POST or None), reverse("mark_use", args=[fault.use.code])
    if form.is_valid():
        with form.refusals():
            chosen.run(request, fault, form.cleaned_data)
            return done(request, _("Đã ghi."), back)
    context = {"form": form, "label": chosen.label, "back": back, "subject": fault, "version": fault.version}
    return page(request, "marks/form.html", context, status=form.status)
