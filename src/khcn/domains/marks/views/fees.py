"""Fees of the right to use: the dated rates of a right, and the payment of a demand."""

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from khcn.domains.marks.forms.fees import PaymentForm, RateForm
from khcn.domains.marks.models import UseFee
from khcn.domains.marks.permissions import is_of_the_state, may_decide, may_keep, visible_uses
from khcn.domains.marks.services import fees
from khcn.domains.marks.views.acting import decided_right, right_for
from khcn.web.acting import actor_of, one_of
from khcn.web.listing import Export, paginate
from khcn.web.screens import done, page, screen
from khcn.web.spreadsheets.writing import CellKind, Column

EXPORT = Export(
    name="Phi quyen su dung",
    title="Phí quyền sử dụng",
    columns=(
        Column("Người sử dụng", width=36), Column("Nội dung thu", width=26), Column("Số tiền (đồng)", CellKind.DONG),
        Column("Căn cứ", width=36), Column("Ngày yêu cầu", CellKind.DATE), Column("Hạn nộp", CellKind.DATE),
        Column("Ngày nộp", CellKind.DATE), Column("Biên lai số", width=18),
    ),
    row=lambda one: (
        one.use.holder, one.get_cause_display(), one.amount_vnd, one.basis, one.demanded_on, one.due_on, one.paid_on,
        one.receipt_number,
    ),
)  # fmt: skip


@screen
def mark_fees(request: HttpRequest, code: str) -> HttpResponseBase:
    """Rates and demands of a right; the demands also as a file."""
    right, actor = right_for(request, code), actor_of(request)
    if not is_of_the_state(actor):
        raise Http404
    rows = UseFee.objects.filter(use__right=right).select_related("use")
    if EXPORT.asked_for(request):
        return EXPORT.respond(request, rows)
    context = {
        "right": right, "rates": right.fee_rates.all(), "page": paginate(rows, request),
        "may_keep": may_keep(actor, right), "may_decide": may_decide(actor, right),
    }  # fmt: skip
    return page(request, "marks/fee_list.html", context)


@screen
def mark_rate_new(request: HttpRequest, code: str) -> HttpResponseBase:
    """Say what is asked from a day on."""
    right = decided_right(request, code)
    form, back = RateForm(request.POST or None), reverse("mark_fees", args=[code])
    if form.is_valid():
        with form.refusals():
            fees.set_rate(by=actor_of(request), right=right, **form.cleaned_data)
            return done(request, _("Đã đặt mức phí."), back)
    context = {"form": form, "label": _("Đặt mức phí"), "back": back, "subject": right}
    return page(request, "marks/form.html", context, status=form.status)


@screen
def mark_fee_pay(request: HttpRequest, uid: str) -> HttpResponseBase:
    """Keep the payment of a demand."""
    actor = actor_of(request)
    rows = UseFee.objects.filter(use__in=visible_uses(actor)).select_related("use__right", "use__case")
    fee: UseFee = one_of(rows, uid=uid)
    if not may_keep(actor, fee.use.right):
        raise Http404
    form, back = PaymentForm(request.POST or None), reverse("mark_use", args=[fee.use.code])
    if form.is_valid():
        with form.refusals():
            fees.take_fee(by=actor, fee=fee, **form.cleaned_data)
            return done(request, _("Đã ghi phí đã nộp."), back)
    context = {"form": form, "label": _("Ghi phí đã nộp"), "back": back, "subject": fee.use}
    return page(request, "marks/form.html", context, status=form.status)
