"""Screens of order lists: list, new, page with its orders and steps, the edit of one order, the Word file."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from khcn.domains.programme.choices import AwardMode, OrderListState
from khcn.domains.programme.forms.orders import (
    AddOrderForm,
    DecisionForm,
    OrderForm,
    OrderListForm,
    ReplacementForm,
)
from khcn.domains.programme.forms.pipeline_filters import OrderListFilter
from khcn.domains.programme.forms.proposals import ReasonForm
from khcn.domains.programme.models import Order, OrderList
from khcn.domains.programme.queries import papers
from khcn.domains.programme.queries.order_lists import LIST_ORDERS, visible_order_lists
from khcn.domains.programme.queries.record_history import history, open_steps
from khcn.domains.programme.queries.saved_filters import filters_of
from khcn.domains.programme.services import orders as services
from khcn.domains.programme.views.pipeline.acting import office_of
from khcn.domains.programme.views.pipeline.files import word_file
from khcn.web.acting import actor_of
from khcn.web.listing import Export, filtered, order, paginate
from khcn.web.screens import done, page, screen, version_of
from khcn.web.spreadsheets.writing import CellKind, Column

EXPORT = Export(
    name="Danh muc dat hang",
    title="Các danh mục nhiệm vụ đặt hàng",
    columns=(
        Column("Mã", width=14), Column("Tên danh mục", width=60), Column("Năm", CellKind.INTEGER),
        Column("Trạng thái", width=20), Column("Số nhiệm vụ", CellKind.INTEGER),
        Column("Kinh phí dự kiến (đồng)", CellKind.DONG), Column("Quyết định số", width=20),
        Column("Phê duyệt ngày", CellKind.DATE), Column("Công bố ngày", CellKind.DATE),
    ),
    row=lambda item: (
        item.code, item.title, item.year, OrderListState(item.state).label, item.order_count, item.order_sum_vnd,
        item.decision_number, item.approved_on, item.published_on,
    ),
)  # fmt: skip


@screen
def order_list_list(request: HttpRequest) -> HttpResponseBase:
    """The lists that the person may read."""
    filters = filtered(OrderListFilter, request, visible_order_lists(actor_of(request)))
    found, ordering = order(filters.rows, request, LIST_ORDERS, default="-year")
    if EXPORT.asked_for(request):
        return EXPORT.respond(request, found)
    context = {
        "filters": filters, "ordering": ordering, "page": paginate(found, request),
        "saved": filters_of(actor_of(request), "order_lists"), "may_create": actor_of(request).holds(*services.EDITORS),
    }  # fmt: skip
    return page(request, "programme/pipeline/order_list_list.html", context, part="list")


@screen
def order_list_new(request: HttpRequest) -> HttpResponse:
    """Open the draft of a year's list."""
    form = OrderListForm(request.POST or None, initial={"year": timezone.localdate().year})
    if form.is_valid():
        with form.refusals():
            made = services.create_order_list(by=actor_of(request), on=timezone.localdate(), **form.cleaned_data)
            return done(request, _("Đã lập danh mục %(code)s.") % {"code": made.code}, _address(made))
    return page(request, "programme/pipeline/order_list_form.html", {"form": form}, status=form.status)


@screen
def order_list_page(request: HttpRequest, uid: str) -> HttpResponse:
    """One list: its orders, what may be done now, its history."""
    order_list = _visible(request, uid)
    steps = open_steps(actor_of(request), order_list, "order_list")
    is_editor = order_list.state == OrderListState.DRAFT and actor_of(request).holds(*services.EDITORS)
    context: dict[str, Any] = {
        "order_list": order_list, "steps": steps, "is_editor": is_editor, "reason_form": ReasonForm(),
        "orders": order_list.orders.select_related("orderer", "proposal").prefetch_related("calls"),
        "history": history(order_list, "order_list", today=timezone.localdate()),
        "may_call": actor_of(request).holds(*services.EDITORS),
    }  # fmt: skip
    if is_editor:
        context["add_form"] = AddOrderForm()
    if "approve" in steps:
        context["decision_form"] = DecisionForm(initial={"on": timezone.localdate()})
    if "supersede" in steps:
        context["replacement_form"] = ReplacementForm(order_list=order_list)
    return page(request, "programme/pipeline/order_list_page.html", context)


@screen(methods=("POST",))
def order_list_act(request: HttpRequest, uid: str, event: str) -> HttpResponse:
    """Take one step of a list."""
    order_list, today = _visible(request, uid), timezone.localdate()
    told: dict[str, Any] = {"by": actor_of(request), "order_list": order_list}
    match event:
        case "submit":
            services.submit_order_list(**told, on=today, expected_version=version_of(request))
        case "return":
            services.return_order_list(**told, reason=request.POST.get("reason", ""), on=today)
        case "approve":
            form = DecisionForm(request.POST)
            if not form.is_valid():
                return done(request, form.problems[0][2], _address(order_list))
            services.approve_order_list(**told, **form.cleaned_data, expected_version=version_of(request))
        case "publish":
            services.publish_order_list(**told, on=today)
        case "supersede":
            replacement = get_object_or_404(OrderList, uid=request.POST.get("replacement", ""))
            services.supersede_order_list(**told, replacement=replacement, on=today)
        case _:
            raise Http404
    return done(request, _("Đã ghi: %(code)s.") % {"code": order_list.code}, _address(order_list))


@screen(methods=("POST",))
def order_add(request: HttpRequest, uid: str) -> HttpResponse:
    """Put a recommended proposal on the list and go on to its order."""
    order_list = _visible(request, uid)
    form = AddOrderForm(request.POST)
    if not form.is_valid():
        return done(request, form.problems[0][2], _address(order_list))
    extra: dict[str, Any] = {"criteria": form.cleaned_data["criteria"]} if form.cleaned_data["criteria"] else {}
    made = services.add_order(
        by=actor_of(request), order_list=order_list, proposal=form.cleaned_data["proposal"], **extra
    )
    return done(request, _("Đã đưa vào danh mục. Rà lại nội dung đặt hàng."), reverse("order_edit", args=[made.uid]))


@screen
def order_edit(request: HttpRequest, uid: str) -> HttpResponse:
    """Edit what is ordered and how its host is found."""
    item = _order(request, uid)
    form = OrderForm(request.POST or None, instance=item)
    if form.is_valid():
        changes = dict(form.cleaned_data)
        if changes["mode"] == AwardMode.SELECTION:
            changes |= {"direct_ground": "", "direct_reason": ""}
        with form.refusals():
            services.edit_order(by=actor_of(request), order=item, changes=changes, expected_version=version_of(request))
            return done(request, _("Đã ghi nội dung đặt hàng."), _address(item.order_list))
    return page(request, "programme/pipeline/order_form.html", {"form": form, "order": item}, status=form.status)


@screen(methods=("POST",))
def order_remove(request: HttpRequest, uid: str) -> HttpResponse:
    """Take an order off a draft list."""
    item = _order(request, uid)
    order_list = item.order_list
    services.remove_order(by=actor_of(request), order=item, reason=request.POST.get("reason", ""))
    return done(request, _("Đã đưa nhiệm vụ ra khỏi danh mục."), _address(order_list))


@screen(methods=("GET", "HEAD"))
def order_list_word(request: HttpRequest, uid: str) -> HttpResponseBase:
    """The decision with the list as annex, as a Word file."""
    order_list = _visible(request, uid)
    return word_file(papers.order_list_paper(order_list, office=office_of(request)), f"Danh muc {order_list.code}")


def _visible(request: HttpRequest, uid: str) -> OrderList:
    return get_object_or_404(visible_order_lists(actor_of(request)).select_related("plan"), uid=uid)


def _order(request: HttpRequest, uid: str) -> Order:
    rows = Order.objects.select_related("order_list", "proposal").filter(
        order_list__in=visible_order_lists(actor_of(request)).values("pk")
    )
    return get_object_or_404(rows, uid=uid)


def _address(order_list: OrderList) -> str:
    return reverse("order_list_page", args=[order_list.uid])
