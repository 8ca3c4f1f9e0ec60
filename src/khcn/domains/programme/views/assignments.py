"""Screens of duties: the list, one duty with what units reported, and a unit with everything it does for the plan."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from khcn.domains.programme.forms.reports import AppraiseForm, DutyReportForm
from khcn.domains.programme.models import Assignment, AssignmentReport, Plan
from khcn.domains.programme.permissions import reads_all, visible_issues, visible_tasks
from khcn.domains.programme.queries.assignments import (
    carried_by,
    duties_of,
    duty_lines,
    is_overdue,
    visible_assignments,
)
from khcn.domains.programme.services.assignments import APPRAISERS, appraise_duty, report_duty
from khcn.kernel.orgs.models import Organisation
from khcn.kernel.orgs.queries import successors_of
from khcn.web.screens import done, page, screen, version_of


@screen(methods=("GET", "HEAD"))
def assignment_list(request: HttpRequest) -> HttpResponse:
    """Duties of the plan by unit, with both judgements; a unit sees its own."""
    actor, today = request.actor, timezone.localdate()  # type: ignore[attr-defined]
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
    actor = request.actor  # type: ignore[attr-defined]
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
    actor = request.actor  # type: ignore[attr-defined]
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
def unit_page(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A unit: what it is and became, its duties, and of tasks and difficulties what the reader may see."""
    actor, today = request.actor, timezone.localdate()  # type: ignore[attr-defined]
    unit = get_object_or_404(Organisation.objects.select_related("parent"), uid=uid)
    if not reads_all(actor) and unit.pk not in actor.organisation_ids:
        raise Http404
    tasks = visible_tasks(actor)
    context = {
        "unit": unit,
        "today": today,
        "successors": [] if unit.is_valid_on(today) else successors_of(unit, on=today),
        "predecessors": unit.succeeds.select_related("predecessor"),
        "lines": duty_lines(duties_of(unit), on=today),
        "hosted": tasks.filter(host=unit).select_related("pi")[:50],
        "ordered": tasks.filter(orderer=unit).select_related("host")[:50],
        "used": tasks.filter(products__applications__user_organisation=unit).select_related("host").distinct()[:50],
        "issues": visible_issues(actor).filter(reporter=unit).order_by("-raised_on")[:20],
        "assigned": visible_issues(actor).filter(assignee=unit).order_by("due_on")[:20],
    }
    return page(request, "programme/units/page.html", context)


def _draw(request: HttpRequest, duty: Assignment, form: object, appraise: object, *, status: int) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
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
