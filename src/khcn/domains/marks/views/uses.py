"""The right to use: members of a right, one member, its acts, its certificate and the page that verifies it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khcn.domains.marks.choices import UseState
from khcn.domains.marks.forms import control as control_forms
from khcn.domains.marks.forms import fees as fee_forms
from khcn.domains.marks.forms import stamps as stamp_forms
from khcn.domains.marks.forms import uses as forms
from khcn.domains.marks.forms.filters import UseFilter
from khcn.domains.marks.models import UseRight
from khcn.domains.marks.permissions import (
    may_decide,
    may_keep,
    may_keep_use,
    registering_for_members,
    visible_uses,
)
from khcn.domains.marks.queries.certificates import certificate_of
from khcn.domains.marks.queries.verdicts import acts_of
from khcn.domains.marks.rules.standing import standing_on, why_not
from khcn.domains.marks.services import control, fees, stamps, uses
from khcn.domains.marks.views.acting import right_for
from khcn.standards.nd30.docx_writer import render_docx
from khcn.standards.nd30.pdf_writer import render_pdf
from khcn.web.acting import actor_of, one_of
from khcn.web.listing import Export, filtered, order, paginate
from khcn.web.screens import done, page, screen, version_of
from khcn.web.spreadsheets.writing import CellKind, Column
from khcn.web.uploads import DOCX, PDF, download_response

EXPORT = Export(
    name="Quyen su dung",
    title="Danh sách quyền sử dụng",
    columns=(
        Column("Mã", width=20), Column("Người sử dụng", width=36), Column("Địa chỉ", width=36),
        Column("Trạng thái", width=18), Column("Số giấy chứng nhận", width=22), Column("Ngày cấp", CellKind.DATE),
        Column("Hết hạn", CellKind.DATE), Column("Quyết định", width=28),
    ),
    row=lambda one: (
        one.code, one.holder, one.address, one.get_state_display(), one.number, one.granted_on, one.valid_to,
        one.decision,
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Act:
    """One thing done with a member: its label, its form for the member, what it calls, and what is said after."""

    label: Any
    form: Callable[..., Any]
    run: Callable[[HttpRequest, UseRight, Any], Any]
    done: Any
    needs: str = "keep"


def _decide(request: HttpRequest, use: UseRight, form: Any) -> None:
    uses.decide(by=actor_of(request), use=use, expected_version=version_of(request), **form.cleaned_data)


ACTS: Mapping[str, Act] = {
    "thua": Act(
        gettext_lazy("Thêm thửa"), lambda *args, use: forms.PlotForm(*args),
        lambda request, use, form: uses.add_plot(by=actor_of(request), use=use, **form.values()),
        gettext_lazy("Đã ghi thửa."), "keep_use",
    ),
    "kiem-tra": Act(
        gettext_lazy("Ghi kết quả kiểm tra"), lambda *args, use: forms.CheckForm(*args),
        lambda request, use, form: uses.note_check(by=actor_of(request), use=use, **form.cleaned_data),
        gettext_lazy("Đã ghi kết quả kiểm tra."),
    ),
    "thu-nghiem": Act(
        gettext_lazy("Ghi kết quả thử nghiệm"), lambda *args, use: forms.ResultForm(*args, use=use),
        lambda request, use, form: uses.enter_result(by=actor_of(request), use=use, **form.cleaned_data),
        gettext_lazy("Đã ghi kết quả thử nghiệm."), "keep_use",
    ),
    "quyet-dinh": Act(
        gettext_lazy("Ra quyết định"), lambda *args, use: forms.DecisionForm(*args, use=use), _decide,
        gettext_lazy("Đã ghi quyết định."), "decide",
    ),
    "chung-nhan-lo": Act(
        gettext_lazy("Chứng nhận lô hàng"), lambda *args, use: stamp_forms.CertifyForm(*args, use=use),
        lambda request, use, form: stamps.certify_lot(by=actor_of(request), use=use, **form.cleaned_data),
        gettext_lazy("Lô được mang quyền và đã được chứng nhận."),
    ),
    "khong-phu-hop": Act(
        gettext_lazy("Ghi điểm không phù hợp"), lambda *args, use: control_forms.FaultForm(*args),
        lambda request, use, form: control.note_fault(by=actor_of(request), use=use, **form.cleaned_data),
        gettext_lazy("Đã ghi điểm không phù hợp."),
    ),
    "phi": Act(
        gettext_lazy("Yêu cầu nộp phí"), lambda *args, use: fee_forms.DemandForm(*args, use=use),
        lambda request, use, form: fees.demand_fee(by=actor_of(request), use=use, **form.cleaned_data),
        gettext_lazy("Đã yêu cầu nộp phí."),
    ),
}  # fmt: skip


@screen
def mark_uses(request: HttpRequest, code: str) -> HttpResponseBase:
    """Members of a right and applications for it, as a page or a file."""
    right, actor = right_for(request, code), actor_of(request)
    filters = filtered(UseFilter, request, visible_uses(actor).filter(right=right))
    orders = {"holder": "holder", "state": "state", "granted": "granted_on", "ends": "valid_to"}
    found, ordering = order(filters.rows, request, orders, default="holder")
    if EXPORT.asked_for(request):
        return EXPORT.respond(request, found)
    context = {
        "right": right, "filters": filters, "ordering": ordering, "page": paginate(found, request),
        "may_keep": may_keep(actor, right), "may_apply": may_keep(actor, right) or bool(registering_for_members(actor)),
        "today": timezone.localdate(),
    }  # fmt: skip
    return page(request, "marks/use_list.html", context, part="list")


@screen
def mark_use_new(request: HttpRequest, code: str) -> HttpResponseBase:
    """Take in an application, at the counter or from the member itself."""
    right, actor = right_for(request, code), actor_of(request)
    if not may_keep(actor, right) and not registering_for_members(actor):
        raise Http404
    form, back = forms.UseForm(request.POST or None, right=right), reverse("mark_uses", args=[code])
    if form.is_valid():
        with form.refusals():
            use = uses.apply_for_use(by=actor, right=right, **form.values())
            return done(request, _("Đã nhận hồ sơ."), reverse("mark_use", args=[use.code]))
    context = {"form": form, "label": _("Nộp hồ sơ xin sử dụng"), "back": back, "subject": right}
    return page(request, "marks/form.html", context, status=form.status)


def _use_for(request: HttpRequest, code: str) -> UseRight:
    return one_of(visible_uses(actor_of(request)).select_related("right", "case", "organisation"), code=code)


@screen
def mark_use(request: HttpRequest, code: str) -> HttpResponseBase:
    """One member as a whole."""
    use, actor, today = _use_for(request, code), actor_of(request), timezone.localdate()
    context = {
        "use": use, "right": use.right, "products": use.products.all(), "plots": use.plots.select_related("commune"),
        "checks": use.checks.all(), "results": use.results.select_related("parameter")[:30],
        "steps": use.steps.select_related("done_by"), "lots": use.lots.select_related("product")[:30],
        "visits": use.visits.all()[:20], "faults": use.faults.all()[:20],
        "missing": uses.missing_parameters(use, today), "fees": use.fees.all(),
        "may_demand": may_keep(actor, use.right) and use.state in fees.ASKED_IN.values(),
        "may_keep": may_keep(actor, use.right), "may_decide": may_decide(actor, use.right),
        "may_keep_use": may_keep_use(actor, use), "expired": use.has_expired(today),
        "address": request.build_absolute_uri(reverse("public_use", args=[use.uid])),
    }  # fmt: skip
    return page(request, "marks/use_page.html", context)


@screen
def mark_use_edit(request: HttpRequest, code: str) -> HttpResponseBase:
    """Correct who a member is and where."""
    use, actor = _use_for(request, code), actor_of(request)
    if not may_keep_use(actor, use):
        raise Http404
    form, back = forms.UseEditForm(request.POST or None, use=use), reverse("mark_use", args=[code])
    if form.is_valid():
        with form.refusals():
            uses.change_use(by=actor, use=use, changes=form.cleaned_data, expected_version=version_of(request))
            return done(request, _("Đã sửa thông tin thành viên."), back)
    context = {
        "form": form,
        "label": _("Sửa thông tin thành viên"),
        "back": back,
        "subject": use,
        "version": use.version,
    }
    return page(request, "marks/form.html", context, status=form.status)


@screen
def mark_use_act(request: HttpRequest, code: str, act: str) -> HttpResponseBase:
    """Do one of the things that are done with a member."""
    use, actor = _use_for(request, code), actor_of(request)
    chosen = ACTS.get(act)
    allowed = {
        "keep": may_keep(actor, use.right), "decide": may_decide(actor, use.right), "keep_use": may_keep_use(actor, use)
    }  # fmt: skip
    if chosen is None or not allowed[chosen.needs]:
        raise Http404
    arguments = (request.POST or None, request.FILES or None)
    form, back = chosen.form(*arguments, use=use), reverse("mark_use", args=[code])
    if form.is_valid():
        with form.refusals():
            chosen.run(request, use, form)
            return done(request, str(chosen.done), back)
    context = {"form": form, "label": chosen.label, "back": back, "subject": use, "version": use.version}
    return page(request, "marks/form.html", context, status=form.status)


@screen(methods=("GET", "HEAD"))
def mark_certificate(request: HttpRequest, code: str, ending: str) -> HttpResponseBase:
    """The certificate as Word or PDF."""
    use = _use_for(request, code)
    if not use.number:
        raise Http404
    address = request.build_absolute_uri(reverse("public_use", args=[use.uid]))
    paper = certificate_of(use, address, use.granted_on or timezone.localdate())
    if ending == "docx":
        return download_response(render_docx(paper), f"{use.number}.docx", media_type=DOCX.media_type)
    return download_response(render_pdf(paper), f"{use.number}.pdf", media_type=PDF.media_type)


@screen(login=False, methods=("GET", "HEAD"))
def public_use(request: HttpRequest, uid: str) -> HttpResponseBase:
    """What the QR of a certificate leads to: whether the right to use holds today."""
    use = UseRight.objects.filter(uid=uid).exclude(number="").select_related("right").first()
    if use is None:
        raise Http404
    today = timezone.localdate()
    state = standing_on(acts_of(use), today, use.valid_to)
    context = {
        "use": use, "right": use.right, "holds": state is UseState.GRANTED, "why": why_not(state, use.holder, today),
        "products": use.products.all(), "today": today,
    }  # fmt: skip
    return page(request, "marks/public_use.html", context)
