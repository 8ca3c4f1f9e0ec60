"""One task: its tabs, and the acts on it and its parts."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khcn.domains.programme.models import (
    ApplicationRecord,
    Handover,
    LedgerEntry,
    Task,
)
from khcn.domains.programme.permissions import roles_on, visible_tasks
from khcn.domains.programme.queries import money as money_queries
from khcn.domains.programme.queries.lump_mode import estimate_findings
from khcn.domains.programme.queries.norms import norm_sheet
from khcn.domains.programme.queries.papers.recovery import recovery_decision
from khcn.domains.programme.queries.payment_files import tallies
from khcn.domains.programme.queries.procedure_cases import cases_of_task
from khcn.domains.programme.queries.recovery import standing_of
from khcn.domains.programme.queries.tasks import history_of
from khcn.domains.programme.views.acts import Act, offered, run_act
from khcn.domains.programme.views.pipeline.acting import office_of
from khcn.domains.programme.views.pipeline.files import word_file
from khcn.domains.programme.views.tasks.closing_acts import CLOSING
from khcn.domains.programme.views.tasks.execution_acts import EXECUTION
from khcn.domains.programme.views.tasks.money_acts import MONEY
from khcn.domains.programme.views.tasks.recovery_acts import RECOVERY
from khcn.kernel.documents.queries import documents_of
from khcn.kernel.procedures.models import Clock, CouncilSubject
from khcn.kernel.procedures.permissions import may_explain
from khcn.kernel.procedures.queries import clocks_of
from khcn.lib.roles import Role
from khcn.web.acting import actor_of
from khcn.web.screens import page, screen

ACTS: dict[str, Act] = {act.slug: act for act in (*EXECUTION, *CLOSING, *MONEY, *RECOVERY)}
MAIN_GROUPS = (
    "task",
    "progress",
    "acceptance",
    "result",
    "uptake",
    "settlement",
    "recovery",
    "assets",
    "changes",
    "inspections",
)
TABS: dict[str, Any] = {
    "": _("Tổng quan"),
    "tien-do": _("Tiến độ"),
    "san-pham": _("Sản phẩm và ứng dụng"),
    "kinh-phi": _("Kinh phí"),
    "dieu-chinh": _("Điều chỉnh"),
    "ho-so": _("Hồ sơ"),
    "lich-su": _("Lịch sử"),
}


@screen(methods=("GET", "HEAD"))
def task_page(request: HttpRequest, uid: UUID, tab: str = "") -> HttpResponse:
    """One tab of a task's page."""
    if tab not in TABS:
        raise Http404
    task = _task(request, uid)
    actor = actor_of(request)
    context = {
        "task": task,
        "tabs": TABS,
        "tab": tab,
        "today": timezone.localdate(),
        "roles": roles_on(actor, task),
        "acts": [act for group in MAIN_GROUPS for act in offered(ACTS, actor, task, group=group)],
        **BUILDERS[tab](request, task),
    }
    return page(request, f"programme/tasks/page_{tab.replace('-', '_') or 'overview'}.html", context)


@screen
def task_act(request: HttpRequest, uid: UUID, slug: str, part: UUID | None = None) -> HttpResponse:
    """Run one act on a task or on a part of it."""
    task = _task(request, uid)
    act = ACTS.get(slug)
    if act is None or (act.part is None) != (part is None):
        raise Http404
    subject: Any = task
    if act.part is not None and part is not None:
        try:
            subject = act.part(task, part)
        except ObjectDoesNotExist as missing:
            raise Http404 from missing
    return run_act(request, act, subject, task=task, back=_back(task, act))


@screen(methods=("GET", "HEAD"))
def recovery_word(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """The decision that demands money back, as a Word file; there is one once the cause is concluded."""
    task = _task(request, uid)
    recovery = getattr(task, "recovery", None)
    if recovery is None or recovery.concluded_on is None:
        raise Http404
    return word_file(recovery_decision(recovery, office=office_of(request)), f"QD-TH {task.code}")


def _task(request: HttpRequest, uid: UUID) -> Task:
    visible = visible_tasks(actor_of(request))
    related = ("host", "pi", "orderer", "plan", "field", "line", "rule_set", "contract", "dossier", "registration")
    more = ("recognition", "termination", "application", "recovery")
    return get_object_or_404(visible.select_related(*related, *more), uid=uid)


def _back(task: Task, act: Act) -> str:
    tabs = {
        "progress": "tien-do", "progress_report": "tien-do", "inspections": "tien-do", "inspection": "tien-do",
        "product": "san-pham", "handover": "san-pham", "application": "san-pham", "uptake": "san-pham",
        "money": "kinh-phi", "entry": "kinh-phi", "budget": "kinh-phi", "settlement": "kinh-phi",
        "recovery": "kinh-phi",
        "changes": "dieu-chinh", "change": "dieu-chinh", "assets": "ho-so", "result": "ho-so", "acceptance": "ho-so",
    }  # fmt: skip
    tab = tabs.get(act.group, "")
    return reverse("task_tab", args=[task.uid, tab]) if tab else reverse("task_page", args=[task.uid])


def _with_acts(request: HttpRequest, rows: Any, group: str) -> list[tuple[Any, list[Act]]]:
    actor = actor_of(request)
    return [(row, offered(ACTS, actor, row, group=group)) for row in rows]


def _overview(request: HttpRequest, task: Task) -> dict[str, Any]:
    running = [clock for clock in clocks_of(subject_uid=task.uid) if clock.stopped_on is None]
    return {
        "running": running,
        "mine": {clock.pk for clock in running if may_explain(actor_of(request), clock)},
        "procedure_cases": cases_of_task(actor_of(request), task, now=timezone.now()),
        "people": task.participations.select_related("person"),
        "partners": task.partners.all(),
        "issues": task.issues.exclude(state__in=["verified_closed", "merged"]),
        "councils": CouncilSubject.objects.filter(
            subject_uid__in=[task.uid, *([task.application.uid] if task.application else [])]
        ).select_related("council"),
        "contents": task.contents.all(),
        "columns": money_queries.columns_of_task(task),
    }


def _progress(request: HttpRequest, task: Task) -> dict[str, Any]:
    return {
        "obligations": task.obligations.select_related("report").order_by("due_on"),
        "reports": _with_acts(request, task.progress_reports.select_related("task", "submitted_by"), "progress_report"),
        "inspections": _with_acts(request, task.inspections.select_related("task"), "inspection"),
        "contents": task.contents.all(),
    }


def _products(request: HttpRequest, task: Task) -> dict[str, Any]:
    handovers = Handover.objects.filter(product__task=task).select_related("product__task", "receiver")
    uses = (
        ApplicationRecord.objects.filter(product__task=task)
        .select_related("product__task", "user_organisation", "place")
        .prefetch_related("measures")
    )
    return {
        "products": _with_acts(request, task.products.select_related("task"), "product"),
        "handovers": _with_acts(request, handovers, "handover"),
        "applications": _with_acts(request, uses, "application"),
        "ip_rights": task.ip_rights.all(),
    }


def _money(request: HttpRequest, task: Task) -> dict[str, Any]:
    actor = actor_of(request)
    entries = LedgerEntry.objects.filter(task=task)
    return {
        "columns": money_queries.columns_of_task(task),
        "by_year": money_queries.fund_rows(entries, group_by=("year", "source")),
        "entries": _with_acts(
            request,
            entries.select_related("task", "entered_by", "reverses", "reversed_by", "payment_file").order_by(
                "-on", "-id"
            ),
            "entry",
        ),
        "budgets": [
            (budget, acts, norm_sheet(budget.norm_breaches), estimate_findings(budget, on=timezone.localdate()))
            for budget, acts in _with_acts(
                request, task.budgets.prefetch_related("lines").select_related("task"), "budget"
            )
        ],
        "files": tallies(
            task.payment_files.select_related("task__rule_set__follows", "entry").order_by("-id"),
            on=timezone.localdate(),
        ),
        "may_draw_up": Role.ACCOUNTANT in roles_on(actor, task),
        "counterpart": money_queries.counterpart_of(task),
        "counterparts": task.counterparts.select_related("giver"),
        "money_acts": offered(ACTS, actor, task, group="money"),
        "recovery_acts": offered(ACTS, actor, task, group="recovery"),
        "standing": None if task.recovery_state == "not_started" else standing_of(task, on=timezone.localdate()),
    }


def _changes(request: HttpRequest, task: Task) -> dict[str, Any]:
    return {"changes": _with_acts(request, task.changes.select_related("task", "asked_by", "decided_by"), "change")}


def _papers(request: HttpRequest, task: Task) -> dict[str, Any]:
    return {
        "documents": documents_of(subject_type="programme.task", subject_uid=task.uid),
        "assets": task.assets.select_related("receiver"),
        "directives": task.directives.select_related("addressee"),
    }


def _history(request: HttpRequest, task: Task) -> dict[str, Any]:
    return {"history": history_of(task), "clocks": Clock.objects.filter(subject_uid=task.uid).order_by("started_on")}


BUILDERS: dict[str, Callable[[HttpRequest, Task], dict[str, Any]]] = {
    "": _overview,
    "tien-do": _progress,
    "san-pham": _products,
    "kinh-phi": _money,
    "dieu-chinh": _changes,
    "ho-so": _papers,
    "lich-su": _history,
}
