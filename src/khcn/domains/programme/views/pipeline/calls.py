"""Screens of calls: list, public list, new, page with its dossiers, the opening of the dossiers, papers."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from khcn.domains.programme.choices import ApplicationState, AwardMode, CallState
from khcn.domains.programme.forms.orders import CallForm, ClosingDayForm
from khcn.domains.programme.forms.pipeline_filters import CallFilter
from khcn.domains.programme.forms.proposals import ReasonForm
from khcn.domains.programme.models import Call, Order
from khcn.domains.programme.permissions import visible_applications
from khcn.domains.programme.queries import papers
from khcn.domains.programme.queries.applications import missing_parts
from khcn.domains.programme.queries.eligibility import eligibility_of
from khcn.domains.programme.queries.order_lists import (
    CALL_ORDERS,
    applying_units,
    public_calls,
    visible_calls,
    visible_order_lists,
)
from khcn.domains.programme.queries.record_history import history, open_steps
from khcn.domains.programme.queries.saved_filters import filters_of
from khcn.domains.programme.services import calls as services
from khcn.domains.programme.views.pipeline.acting import office_of
from khcn.domains.programme.views.pipeline.files import word_file
from khcn.lib.roles import Role
from khcn.web.acting import actor_of
from khcn.web.listing import Export, filtered, order, paginate
from khcn.web.screens import done, page, screen, version_of
from khcn.web.spreadsheets.writing import CellKind, Column

EXPORT = Export(
    name="Thong bao tuyen chon",
    title="Thông báo tuyển chọn, giao trực tiếp",
    columns=(
        Column("Mã", width=14), Column("Tên nhiệm vụ", width=60), Column("Phương thức", width=18),
        Column("Lần", CellKind.INTEGER), Column("Trạng thái", width=26), Column("Thông báo ngày", CellKind.DATE),
        Column("Hạn nhận hồ sơ", CellKind.DATE), Column("Số hồ sơ nhận", CellKind.INTEGER),
    ),
    row=lambda item: (
        item.code, item.order.title, AwardMode(item.order.mode).label, item.round, CallState(item.state).label,
        item.opens_on, item.closes_on, item.received,
    ),
)  # fmt: skip


@screen
def call_list(request: HttpRequest) -> HttpResponseBase:
    """The calls that the person may read."""
    filters = filtered(CallFilter, request, visible_calls(actor_of(request)))
    found, ordering = order(filters.rows, request, CALL_ORDERS, default="-code")
    if EXPORT.asked_for(request):
        return EXPORT.respond(request, found)
    context = {
        "filters": filters, "ordering": ordering, "page": paginate(found, request),
        "saved": filters_of(actor_of(request), "calls"),
    }  # fmt: skip
    return page(request, "programme/pipeline/call_list.html", context, part="list")


@screen(login=False, methods=("GET", "HEAD"))
def call_public(request: HttpRequest) -> HttpResponse:
    """Open calls, for everybody without an account."""
    context = {"calls": public_calls(on=timezone.localdate())}
    return page(request, "programme/pipeline/call_public.html", context)


@screen
def call_new(request: HttpRequest, uid: str) -> HttpResponse:
    """Draft the notice for one ordered task."""
    rows = Order.objects.select_related("order_list", "proposal").filter(
        order_list__in=visible_order_lists(actor_of(request)).values("pk")
    )
    item = get_object_or_404(rows, uid=uid)
    is_direct = item.mode == AwardMode.DIRECT
    form = CallForm(request.POST or None, is_direct=is_direct, initial={"opens_on": timezone.localdate()})
    if form.is_valid():
        with form.refusals():
            call = services.create_call(by=actor_of(request), order=item, on=timezone.localdate(), **form.cleaned_data)
            return done(request, _("Đã dự thảo thông báo %(code)s.") % {"code": call.code}, _address(call))
    return page(request, "programme/pipeline/call_form.html", {"form": form, "order": item}, status=form.status)


@screen
def call_page(request: HttpRequest, uid: str) -> HttpResponse:
    """One call: the task, the dossiers that the person may see, what may be done now, its history."""
    call = _visible(request, uid)
    actor, today = actor_of(request), timezone.localdate()
    steps = open_steps(actor, call, "call")
    applications = visible_applications(actor).filter(call=call).select_related("host", "pi").order_by("rank", "id")
    context: dict[str, Any] = {
        "call": call, "steps": steps, "applications": applications, "reason_form": ReasonForm(),
        "closing_form": ClosingDayForm(initial={"closes_on": call.closes_on}),
        "history": history(call, "call", today=today), "today": today,
        "may_apply": call.state == CallState.OPEN and _unit_may_apply(request, call),
        "reads_counts": actor.holds(Role.SPECIALIST, Role.HEAD, Role.DIRECTOR, Role.ADMIN_SECRETARY),
    }  # fmt: skip
    return page(request, "programme/pipeline/call_page.html", context)


@screen(methods=("POST",))
def call_act(request: HttpRequest, uid: str, event: str) -> HttpResponse:
    """Take one step of a call."""
    call, today = _visible(request, uid), timezone.localdate()
    told: dict[str, Any] = {"by": actor_of(request), "call": call, "on": today}
    reason = request.POST.get("reason", "")
    if event in ("open", "open_again"):
        form = ClosingDayForm(request.POST)
        closes_on = form.cleaned_data["closes_on"] if form.is_valid() else None
        if event == "open":
            services.open_call(**told, closes_on=closes_on, expected_version=version_of(request))
        else:
            services.open_second_call(**told, closes_on=closes_on)
    elif event == "close":
        services.close_call(**told)
    elif event == "conclude":
        services.conclude_call(**told)
    elif event in ("declare_unsuccessful", "void_result"):
        services.declare_unsuccessful(**told, reason=reason)
    elif event == "cancel":
        services.cancel_call(**told, reason=reason)
    else:
        raise Http404
    return done(request, _("Đã ghi: %(state)s.") % {"state": _(CallState(call.state).label)}, _address(call))


@screen
def call_opening(request: HttpRequest, uid: str) -> HttpResponse:
    """Open the dossiers: what was computed of each, and what the official finds wrong."""
    call = _visible(request, uid)
    if "open_dossiers" not in open_steps(actor_of(request), call, "call"):
        return done(request, _("Chưa đến bước mở hồ sơ của thông báo này."), _address(call))
    rows = call.applications.filter(state=ApplicationState.SUBMITTED).select_related(
        "host", "pi", "call__order__proposal"
    )
    received = list(rows.order_by("submitted_at"))
    if request.method == "POST":
        reasons = {item: request.POST.get(f"reason-{item.uid}", "") for item in received}
        services.open_dossiers(by=actor_of(request), call=call, reasons=reasons, on=timezone.localdate())
        return done(request, _("Đã mở hồ sơ và lập biên bản."), _address(call))
    closing_on = call.closes_on or timezone.localdate()
    looked = [(item, missing_parts(item), eligibility_of(item, closing_on=closing_on)) for item in received]
    return page(request, "programme/pipeline/call_opening.html", {"call": call, "looked": looked})


@screen(methods=("GET", "HEAD"))
def call_word(request: HttpRequest, uid: str) -> HttpResponseBase:
    """The notice as a Word file."""
    call = _visible(request, uid)
    return word_file(papers.call_notice(call, office=office_of(request)), f"Thong bao {call.code}")


@screen(methods=("GET", "HEAD"))
def call_minutes_word(request: HttpRequest, uid: str) -> HttpResponseBase:
    """The minutes of opening B2-1 as a Word file, for those who read the dossiers."""
    call = _visible(request, uid)
    reads = actor_of(request).holds(Role.SPECIALIST, Role.HEAD, Role.DIRECTOR, Role.ADMIN_SECRETARY, Role.INSPECTOR)
    if call.opened_on is None or not reads:
        raise Http404
    return word_file(papers.opening_minutes(call, office=office_of(request)), f"B2-1-BBHS {call.code}")


def _visible(request: HttpRequest, uid: str) -> Call:
    return get_object_or_404(visible_calls(actor_of(request)).select_related("order__proposal", "rule_set"), uid=uid)


def _unit_may_apply(request: HttpRequest, call: Call) -> bool:
    units = applying_units(actor_of(request))
    if call.invited_id is not None:
        units = units.filter(pk=call.invited_id)
    closed = ["withdrawn", "invalid", "rejected", "cancelled"]
    wrote = call.applications.exclude(state__in=closed).values("host_id")
    return units.exclude(pk__in=wrote).exists()


def _address(call: Call) -> str:
    return reverse("call_page", args=[call.uid])
