"""Rules as data: rule sets with their figures, the working calendar, clocks and why they ran over."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khcn.domains.programme.forms.execution import DatedForm, LatenessForm
from khcn.domains.programme.models import CostNorm, RuleParameter, RuleSet
from khcn.domains.programme.services import law as services
from khcn.kernel.documents.models import LegalInstrument
from khcn.kernel.procedures.choices import DayKind
from khcn.kernel.procedures.models import CalendarDay, Clock
from khcn.kernel.procedures.permissions import may_explain
from khcn.kernel.procedures.queries import calendar, newest_recount
from khcn.kernel.procedures.services import edit_day, explain_lateness, finish_clock, remove_day
from khcn.lib.calendar import TimeUnit
from khcn.lib.roles import Role
from khcn.web.acting import actor_of
from khcn.web.fields import state_mark
from khcn.web.forms import DayField, EnumChoiceField, KhcnForm
from khcn.web.screens import done, page, screen, version_of


class DayForm(KhcnForm):
    """One day that differs from the ordinary week."""

    on = DayField(label=gettext_lazy("Ngày"))
    kind = EnumChoiceField(DayKind, label=gettext_lazy("Loại"))
    name = forms.CharField(label=gettext_lazy("Tên"), max_length=120)
    basis = forms.CharField(label=gettext_lazy("Căn cứ (số văn bản)"), max_length=200)


class CountForm(KhcnForm):
    """A question to the calendar: a day and a length of time."""

    start = DayField(label=gettext_lazy("Tính từ ngày"), initial=timezone.localdate)
    amount = forms.IntegerField(label=gettext_lazy("Số lượng"), min_value=0, max_value=2000, initial=10)
    unit = forms.ChoiceField(
        label=gettext_lazy("Đơn vị"),
        choices=[
            ("WD", gettext_lazy("ngày làm việc")), ("CD", gettext_lazy("ngày")), ("month", gettext_lazy("tháng")),
        ],
    )  # fmt: skip


class ParameterForm(KhcnForm):
    """A new dated figure that replaces one from a day on."""

    value = forms.CharField(label=gettext_lazy("Giá trị mới"), max_length=200)
    valid_from = DayField(label=gettext_lazy("Áp dụng từ ngày"))
    instrument = forms.CharField(label=gettext_lazy("Văn bản số"), max_length=80)
    article = forms.CharField(label=gettext_lazy("Điều khoản"), max_length=120, required=False)
    note = forms.CharField(label=gettext_lazy("Ghi chú"), max_length=500, required=False)


class FinishForm(DatedForm):
    """When the work was done, and by which paper."""

    note = forms.CharField(label=gettext_lazy("Văn bản, ghi chú"), max_length=200, required=False)


@screen(methods=("GET", "HEAD"))
def rule_set_list(request: HttpRequest) -> HttpResponse:
    """Rule sets and the instruments they rest on."""
    context = {
        "rule_sets": RuleSet.objects.select_related("follows"),
        "instruments": LegalInstrument.objects.order_by("valid_from", "number"),
        "norms": CostNorm.objects.all(),
        "today": timezone.localdate(),
    }
    return page(request, "programme/law/rule_sets.html", context)


@screen(methods=("GET", "HEAD"))
def rule_set_page(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A rule set's parameters, clocks and forms, with their citation and how sure they are."""
    rule_set = get_object_or_404(RuleSet.objects.select_related("follows"), uid=uid)
    context = {
        "rule_set": rule_set,
        "parameters": rule_set.parameters.order_by("key", "valid_from"),
        "clocks": rule_set.clocks.order_by("step", "key", "valid_from"),
        "form_templates": rule_set.forms.order_by("step", "code"),
        "treasury_papers": rule_set.treasury_papers.order_by("id"),
        "may_edit": actor_of(request).holds(Role.HEAD, Role.DIRECTOR),
    }
    return page(request, "programme/law/rule_set.html", context)


@screen
def parameter_edit(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Give a figure a new value from a day on; the old one stays for what began under it."""
    parameter = get_object_or_404(RuleParameter.objects.select_related("rule_set"), uid=uid)
    form = ParameterForm(request.POST or None, initial={"value": parameter.value})
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            services.change_parameter(
                by=actor_of(request), parameter=parameter, expected_version=version_of(request),
                **form.cleaned_data,
            )  # fmt: skip
            return done(request, _("Đã thêm mức mới."), reverse("rule_set_page", args=[parameter.rule_set.uid]))
    context = {"form": form, "parameter": parameter, "version": state_mark(parameter)}
    return page(request, "programme/law/parameter.html", context, status=form.status)


@screen
def work_calendar(request: HttpRequest) -> HttpResponse:
    """The calendar of a year, its editing, and how a time is counted on it."""
    year = int(request.GET.get("nam", timezone.localdate().year)) if request.GET.get("nam", "0").isdecimal() else 0
    year = year if 2000 <= year <= 2100 else timezone.localdate().year
    form = DayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            edit_day(by=actor_of(request), **form.cleaned_data)
            return done(
                request,
                _("Đã sửa lịch; các thời hạn chưa xong đang được tính lại."),
                f"{reverse('work_calendar')}?nam={year}",
            )
    asked = CountForm(request.GET if "start" in request.GET else None)
    context: dict[str, Any] = {
        "year": year,
        "recount": newest_recount(),
        "days": CalendarDay.objects.filter(on__year=year),
        "form": form,
        "asked": asked,
        "may_edit": actor_of(request).holds(Role.HEAD, Role.DIRECTOR, Role.SYSADMIN),
    }
    if asked.is_bound and asked.is_valid():
        data = asked.cleaned_data
        context["answer"] = calendar().explain(data["start"], data["amount"], TimeUnit(data["unit"]))
    part = "recount" if request.GET.get("tinh_lai") else ""
    return page(request, "programme/law/calendar.html", context, part=part, status=form.status)


@screen(methods=("POST",))
def calendar_remove(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Make a day ordinary again."""
    day = get_object_or_404(CalendarDay, uid=uid)
    remove_day(by=actor_of(request), on=day.on)
    return done(request, _("Đã bỏ ngày đặc biệt; các thời hạn chưa xong đang được tính lại."), _year(day.on))


@screen
def clock_finish(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Say that the work a clock waits for was done."""
    clock = get_object_or_404(Clock.objects.select_related("responsible"), uid=uid)
    if not may_explain(actor_of(request), clock):
        raise Http404
    form = FinishForm(request.POST or None, subject=clock, actor=actor_of(request))
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            finish_clock(by=actor_of(request), clock=clock, **form.cleaned_data)
            return done(request, _("Đã ghi việc hoàn thành."), clock.url or reverse("home"))
    answer = calendar().explain(clock.started_on, clock.amount, TimeUnit(clock.unit))
    context = {"form": form, "clock": clock, "answer": answer, "finishing": True}
    return page(request, "programme/law/clock.html", context, status=form.status)


@screen
def clock_explain(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Say why a clock ran over."""
    clock = get_object_or_404(Clock.objects.select_related("responsible"), uid=uid)
    if not may_explain(actor_of(request), clock):
        raise Http404
    known = {"reason": clock.late_reason, "note": clock.late_note}
    form = LatenessForm(request.POST or None, subject=clock, actor=actor_of(request), initial=known)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            explain_lateness(
                by=actor_of(request),
                clock=clock,
                today=timezone.localdate(),
                expected_version=version_of(request),
                **form.cleaned_data,
            )
            return done(request, _("Đã ghi giải trình."), clock.url or reverse("home"))
    answer = calendar().explain(clock.started_on, clock.amount, TimeUnit(clock.unit))
    context = {"form": form, "clock": clock, "answer": answer, "version": state_mark(clock)}
    return page(request, "programme/law/clock.html", context, status=form.status)


def _year(on: date) -> str:
    return f"{reverse('work_calendar')}?nam={on.year}"
