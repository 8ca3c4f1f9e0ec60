"""Screens of a plan's dashboard: targets, fields, money, clocks, difficulties, places, and the rows behind figures."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from khcn.domains.programme.choices import LedgerEntryKind
from khcn.domains.programme.forms.reports import EnterValueForm, MeasureForm
from khcn.domains.programme.models import Plan
from khcn.domains.programme.permissions import reads_all
from khcn.domains.programme.queries.dashboard import plan_dashboard
from khcn.domains.programme.queries.figures import STAGE_TITLES, SUBJECTS, entries_of, figure_of
from khcn.domains.programme.queries.money import total_of
from khcn.domains.programme.services.measuring import EVIDENCED, MEASURERS, enter_value, measure_plan
from khcn.domains.programme.views import dashboard_charts as charts
from khcn.kernel.indicators.models import Indicator, IndicatorValue, Target
from khcn.kernel.indicators.queries import stored_values
from khcn.kernel.indicators.services import reproduces
from khcn.lib.dates import parse_date_vi
from khcn.lib.unreadable import Unreadable
from khcn.web.acting import actor_of
from khcn.web.listing import Export, paginate
from khcn.web.screens import done, page, screen, toast
from khcn.web.spreadsheets.writing import CellKind, Column


def readable_plan(request: HttpRequest, uid: UUID) -> Plan:
    """The plan, for those whose office covers the programme; to others it is not found."""
    if not reads_all(actor_of(request)):
        raise Http404
    return get_object_or_404(Plan.objects.select_related("standing_body"), uid=uid)


@screen(methods=("GET", "HEAD"))
def dashboard(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The plan at a glance; every figure leads to its rows."""
    plan = readable_plan(request, uid)
    board = plan_dashboard(plan, on=timezone.localdate())
    base = reverse("plan_chart", args=[plan.uid, "KEY"])
    context = {
        "plan": plan,
        "board": board,
        "charts": {
            key.replace("-", "_"): draw(board, f"{base.replace('KEY', key)}?") for key, draw in charts.CHARTS.items()
        },
        "map": charts.place_map(board),
        "fund_years": charts.fund_table(board),
        "may_measure": actor_of(request).holds(*MEASURERS),
        "measure_form": MeasureForm(initial={"as_of": board.on}),
    }
    return page(request, "programme/dashboard/page.html", context)


@screen(methods=("GET", "HEAD"))
def chart_download(request: HttpRequest, uid: UUID, key: str) -> HttpResponse:
    """The table of one chart as a file."""
    plan = readable_plan(request, uid)
    if key not in charts.CHARTS:
        raise Http404
    chart = charts.CHARTS[key](plan_dashboard(plan, on=timezone.localdate()), "")
    columns = [Column(str(chart.columns[0])), *(Column(str(name), CellKind.DECIMAL) for name in chart.columns[1:])]
    export = Export(f"{plan.code}-{key}", f"{chart.title} – {plan.title}", columns, lambda row: row)
    return export.respond(request, chart.rows)  # type: ignore[return-value]


@screen(methods=("GET", "HEAD"))
def figure(request: HttpRequest, uid: UUID, code: str) -> HttpResponse:
    """The rows behind one figure of an indicator, and those left out with the reasons."""
    plan = readable_plan(request, uid)
    indicator = _indicator(plan, code)
    part, on = request.GET.get("phan", "counted"), _day(request.GET.get("ngay"))
    if indicator.source not in SUBJECTS or part not in STAGE_TITLES:
        raise Http404
    try:
        found = figure_of(plan, indicator, part, on=on)
    except KeyError as error:
        raise Http404 from error
    context = {
        "plan": plan,
        "indicator": indicator,
        "figure": found,
        "on": on,
        "page": paginate(found.counted, request),
    }
    return page(request, "programme/dashboard/figure.html", context)


@screen(methods=("GET", "HEAD"))
def entries(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The rows of the ledger behind a sum of money."""
    plan = readable_plan(request, uid)
    kinds = [kind for kind in request.GET.get("loai", "").split(",") if kind]
    year = request.GET.get("nam", "")
    if not set(kinds) <= set(LedgerEntryKind.values()) or (year and not year.isdecimal()):
        raise Http404
    query = {
        "kinds": kinds,
        "source": request.GET.get("nguon", ""),
        "year": year,
        "until": _day(request.GET.get("ngay")),
    }
    rows = entries_of(plan, query)
    chosen = [LedgerEntryKind(kind) for kind in kinds] or list(LedgerEntryKind)
    context = {
        "plan": plan, "page": paginate(rows, request), "total": total_of(rows.order_by(), *chosen), "query": query,
        "kinds": chosen if kinds else [],
    }  # fmt: skip
    return page(request, "programme/dashboard/entries.html", context)


@screen(methods=("POST",))
def measure(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Measure all targets and M1–M3 on a date and keep the values."""
    plan = readable_plan(request, uid)
    form = MeasureForm(request.POST)
    if form.is_valid():
        with form.refusals():
            values = measure_plan(
                by=actor_of(request),
                plan=plan,
                as_of=form.cleaned_data["as_of"],
                today=timezone.localdate(),
            )
            message = _("Đã đo và lưu %(n)d giá trị.") % {"n": len(values)}
            return done(request, message, reverse("plan_values", args=[plan.uid]))
    return values_page(request, plan, form, EnterValueForm(plan=plan), status=form.status)


@screen
def values(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Stored values with where they come from; those of targets without a source are entered here."""
    plan = readable_plan(request, uid)
    entered = EnterValueForm(request.POST or None, plan=plan)
    if request.method == "POST" and entered.is_valid():
        with entered.refusals():
            enter_value(by=actor_of(request), plan=plan, today=timezone.localdate(), **entered.cleaned_data)
            return done(request, _("Đã ghi giá trị kèm minh chứng."), reverse("plan_values", args=[plan.uid]))
    form = MeasureForm(initial={"as_of": timezone.localdate()})
    return values_page(request, plan, form, entered, status=entered.status)


@screen(methods=("POST",))
def value_check(request: HttpRequest, uid: UUID, value_uid: UUID) -> HttpResponse:
    """Compute a stored value again from today's records and tell whether it still comes out."""
    plan = readable_plan(request, uid)
    value = get_object_or_404(IndicatorValue.objects.select_related("indicator"), uid=value_uid, scope_uid=plan.uid)
    if value.source == EVIDENCED:
        message, tone = _("Giá trị này nhập tay kèm minh chứng nên không tính lại được."), "warn"
    elif reproduces(value):
        message, tone = _("Tính lại từ hồ sơ hiện tại cho đúng giá trị đã lưu."), "done"
    else:
        message, tone = _("Hồ sơ làm căn cứ của giá trị này đã thay đổi; tính lại cho kết quả khác."), "bad"
    if request.headers.get("HX-Request") == "true":
        return toast(request, message, tone=tone)
    return done(request, message, reverse("plan_values", args=[plan.uid]))


def values_page(request: HttpRequest, plan: Plan, form: Any, entered: Any, *, status: int = 200) -> HttpResponse:
    """The list of stored values with both forms."""
    context = {
        "plan": plan, "page": paginate(stored_values(plan.uid), request), "form": form, "entered": entered,
        "has_manual": Target.objects.filter(scope_uid=plan.uid, indicator__source="").exists(),
        "may_measure": actor_of(request).holds(*MEASURERS), "evidenced": EVIDENCED,
    }  # fmt: skip
    return page(request, "programme/dashboard/values.html", context, status=status)


def _indicator(plan: Plan, code: str) -> Indicator:
    target = Target.objects.filter(scope_uid=plan.uid, indicator__code=code).select_related("indicator").first()
    if target is not None:
        return target.indicator
    found = Indicator.objects.filter(code=code).order_by("-version").first()
    if found is None:
        raise Http404
    return found


def _day(text: str | None) -> date:
    if not text:
        return timezone.localdate()
    try:
        return parse_date_vi(text)
    except Unreadable as error:
        raise Http404 from error
