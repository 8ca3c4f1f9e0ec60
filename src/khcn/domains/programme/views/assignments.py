"""Screens of duties: the list, one duty with what units reported, and a unit with everything it does for the plan."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from khcn.domains.programme.choices import AssignmentRole, AssignmentState
from khcn.domains.programme.forms.reports import AppraiseForm, DutyReportForm
from khcn.domains.programme.models import Assignment, AssignmentReport, Plan
from khcn.domains.programme.permissions import reads_all
from khcn.domains.programme.queries.assignments import (
    DutyLine,
    carried_by,
    duty_lines,
    is_overdue,
    lines_of,
    visible_assignments,
)
from khcn.domains.programme.queries.units import issue_parts, task_parts
from khcn.domains.programme.services.assignments import APPRAISERS, appraise_duty, report_duty
from khcn.kernel.orgs.models import Organisation
from khcn.kernel.orgs.queries import successors_of
from khcn.web.acting import actor_of
from khcn.web.listing import Export
from khcn.web.screens import done, page, screen, version_of
from khcn.web.spreadsheets.writing import CellKind, Column


@screen(methods=("GET", "HEAD"))
def assignment_list(request: HttpRequest) -> HttpResponseBase:
    """Duties of the plan by unit, with both judgements; a unit sees its own."""
    actor, today = actor_of(request), timezone.localdate()
    duties = visible_assignments(actor)
    plans = Plan.objects.filter(assignments__in=duties).distinct()
    plan = next((item for item in plans if str(item.uid) == request.GET.get("ke-hoach")), plans.first())
    lines = duty_lines(duties.filter(plan=plan), on=today) if plan is not None else []
    chosen = request.GET.get("loc", "")
    kept = [
        line
        for line in lines
        if not chosen
        or (chosen == "chua" and line.report is None)
        or (chosen == "tre" and is_overdue(line, on=today))
        or (chosen == "cho" and line.report is not None and not line.report.appraisal)
    ]
    export = _duty_export(_("Phân công thực hiện kế hoạch: %(plan)s") % {"plan": plan.title if plan else ""})
    if export.asked_for(request):
        return export.respond(request, kept)
    counts = {
        "all": len(lines),
        "silent": sum(line.report is None for line in lines),
        "late": sum(is_overdue(line, on=today) for line in lines),
        "waiting": sum(line.report is not None and not line.report.appraisal for line in lines),
    }
    context = {"plan": plan, "plans": plans, "lines": kept, "chosen": chosen, "counts": counts, "today": today}
    return page(request, "programme/assignments/list.html", context)


@screen
def assignment_page(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One duty: its words, its units, every report; a unit reports here."""
    actor = actor_of(request)
    duty = get_object_or_404(visible_assignments(actor).select_related("plan"), uid=uid)
    mine = carried_by(actor, duty)
    form = DutyReportForm(request.POST or None, organisations=mine)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            report_duty(by=actor, assignment=duty, on=timezone.localdate(), **form.cleaned_data)
            return done(request, _("Đã gửi kết quả. Sở sẽ đánh giá."), reverse("assignment_page", args=[duty.uid]))
    return _draw(request, duty, form, AppraiseForm(), status=form.status)


@screen(methods=("POST",))
def assignment_appraise(request: HttpRequest, uid: UUID, report_uid: UUID) -> HttpResponse:
    """The standing body judges a report."""
    actor = actor_of(request)
    duty = get_object_or_404(visible_assignments(actor), uid=uid)
    report = get_object_or_404(AssignmentReport.objects.select_related("organisation"), uid=report_uid, assignment=duty)
    form = AppraiseForm(request.POST)
    if form.is_valid():
        with form.refusals():
            appraise_duty(
                by=actor, report=report, on=timezone.localdate(), expected_version=version_of(request),
                **form.cleaned_data,
            )  # fmt: skip
            return done(request, _("Đã ghi đánh giá."), reverse("assignment_page", args=[duty.uid]))
    return _draw(request, duty, DutyReportForm(organisations=carried_by(actor, duty)), form, status=form.status)


@screen(methods=("GET", "HEAD"))
def unit_page(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """A unit: what it is and became, its duties, and of tasks and difficulties what the reader may see."""
    actor, today = actor_of(request), timezone.localdate()
    unit = get_object_or_404(Organisation.objects.select_related("parent"), uid=uid)
    if not reads_all(actor) and unit.pk not in actor.organisation_ids:
        raise Http404
    lines = lines_of(unit, on=today)
    export = _duty_export(_("Việc kế hoạch giao: %(unit)s") % {"unit": unit.name})
    if export.asked_for(request):
        return export.respond(request, lines)
    context = {
        "unit": unit,
        "today": today,
        "successors": [] if unit.is_valid_on(today) else successors_of(unit, on=today),
        "predecessors": unit.succeeds.select_related("predecessor"),
        "lines": lines,
        "task_parts": task_parts(actor, unit),
        "issue_parts": issue_parts(actor, unit),
    }
    return page(request, "programme/units/page.html", context)


def _duty_export(title: str) -> Export:
    return Export(
        _("Phân công"),
        title,
        [
            Column(_("Đơn vị"), width=40), Column(_("Vai trò"), width=20), Column(_("Việc được giao"), width=70),
            Column(_("Hạn"), CellKind.DATE), Column(_("Tự đánh giá"), width=18), Column(_("Kết quả"), width=60),
            Column(_("Ngày báo cáo"), CellKind.DATE), Column(_("Sở đánh giá"), width=18),
            Column(_("Nhận xét của Sở"), width=50),
        ],
        _duty_row,
    )  # fmt: skip


def _duty_row(line: DutyLine) -> list[object]:
    duty, report = line.assignment, line.report
    head: list[object] = [line.unit_name, _(AssignmentRole(duty.role).label), duty.duty, duty.due_on]
    if report is None:
        return [*head, _("chưa báo cáo"), "", None, "", ""]
    appraisal = _(AssignmentState(report.appraisal).label) if report.appraisal else ""
    state = _(AssignmentState(report.state).label)
    return [*head, state, report.result, report.reported_on, appraisal, report.appraisal_note]


def _draw(request: HttpRequest, duty: Assignment, form: object, appraise: object, *, status: int) -> HttpResponse:
    actor = actor_of(request)
    context = {
        "duty": duty,
        "units": duty.organisations.all(),
        "reports": duty.reports.select_related("organisation"),
        "may_report": bool(carried_by(actor, duty)),
        "may_appraise": actor.holds(*APPRAISERS),
        "form": form,
        "appraise": appraise,
        "today": timezone.localdate(),
    }
    return page(request, "programme/assignments/page.html", context, status=status)
