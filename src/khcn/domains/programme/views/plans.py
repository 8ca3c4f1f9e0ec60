"""Screens of plans: the list, reading a file, correcting, adopting, one plan."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from khcn.domains.programme.forms import plans as forms
from khcn.domains.programme.models import Plan, PlanReading, Task
from khcn.domains.programme.queries.funds import funding_gap
from khcn.domains.programme.services import plans as services
from khcn.kernel.indicators.queries import targets_of
from khcn.kernel.orgs.permissions import require_role
from khcn.lib.roles import Role
from khcn.web.acting import actor_of
from khcn.web.intake import read_file
from khcn.web.screens import done, page, screen, version_of


@screen
def plan_list(request: HttpRequest) -> HttpResponse:
    """All plans, and readings that wait for a person."""
    readings = PlanReading.objects.filter(plan=None, discarded_at=None).select_related("document", "created_by")
    context = {"plans": Plan.objects.select_related("standing_body"), "readings": readings, "may_read": _may(request)}
    return page(request, "programme/plans/list.html", context)


@screen
def plan_read(request: HttpRequest) -> HttpResponse:
    """Take a plan's file and show what was read."""
    require_role(actor_of(request), *services.EDITORS)
    form = forms.PlanFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        content = file.read()
        with form.refusals():
            taken = read_file(content, file.name)
            reading = services.start_reading(
                by=actor_of(request), text=taken.text, content=content, filename=file.name,
                media_type=file.content_type or "application/octet-stream", warnings=list(taken.warnings),
                tables=taken.tables,
            )  # fmt: skip
            return done(request, _("Đã đọc xong. Hãy đối chiếu từng mục với văn bản gốc."), _address(reading))
    return page(request, "programme/plans/read.html", {"form": form}, status=form.status)


@screen(methods=("POST",))
def plan_adopt(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Adopt a corrected reading."""
    reading = get_object_or_404(PlanReading, uid=uid, discarded_at=None)
    form = forms.AdoptForm(request.POST)
    if form.is_valid():
        with form.refusals():
            plan = services.adopt_plan(
                by=actor_of(request), reading=reading, code=form.cleaned_data["code"],
                standing_body=form.cleaned_data["standing_body"], on=timezone.localdate(),
                expected_version=version_of(request),
            )  # fmt: skip
            return done(request, _("Kế hoạch đã được đưa vào theo dõi."), reverse("plan_page", args=[plan.uid]))
    return page(request, "programme/plans/adopt.html", {"form": form, "reading": reading}, status=form.status)


@screen(methods=("POST",))
def plan_discard(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Put a reading aside."""
    reading = get_object_or_404(PlanReading, uid=uid, plan=None, discarded_at=None)
    services.discard_reading(by=actor_of(request), reading=reading)
    return done(request, _("Đã bỏ kết quả đọc."), reverse("plan_list"))


@screen(methods=("GET", "HEAD"))
def plan_page(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A plan as its document says it, with what answers each part."""
    plan = get_object_or_404(Plan.objects.select_related("standing_body", "document"), uid=uid)
    tasks: dict[int, int] = {}
    for line_id in Task.objects.filter(plan=plan).exclude(line=None).values_list("line_id", flat=True):
        tasks[line_id] = tasks.get(line_id, 0) + 1
    assignments: dict[int, list[Any]] = {}
    for item in plan.assignments.prefetch_related("organisations"):
        assignments.setdefault(item.group, []).append(item)
    context = {
        "plan": plan,
        "targets": targets_of(plan.uid),
        "objectives": plan.objectives.all(),
        "fields": plan.fields.prefetch_related("lines"),
        "tasks": tasks,
        "sources": plan.sources.all(),
        "gap": funding_gap(plan),
        "bases": plan.bases.all(),
        "assignments": assignments,
        "items": plan.items.count(),
        "may_edit": _may(request),
    }
    return page(request, "programme/plans/page.html", context)


def _may(request: HttpRequest) -> bool:
    return actor_of(request).holds(Role.SPECIALIST, Role.HEAD, Role.DIRECTOR)


def _address(reading: PlanReading) -> str:
    return reverse("plan_reading", args=[reading.uid])
