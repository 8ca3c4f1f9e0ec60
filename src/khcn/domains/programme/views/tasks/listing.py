"""The list of tasks and their timeline."""

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from khcn.domains.programme.choices import TaskKind, TaskState
from khcn.domains.programme.forms.tasks import TaskFilter
from khcn.domains.programme.models import SavedFilter, Task
from khcn.domains.programme.permissions import visible_tasks
from khcn.domains.programme.queries import tasks as queries
from khcn.domains.programme.services import saved_filters
from khcn.lib.dates import add_months
from khcn.web.acting import actor_of
from khcn.web.gantt import Bar, Gantt, Row
from khcn.web.listing import Export, filtered, order, paginate
from khcn.web.screens import done, page, screen
from khcn.web.spreadsheets.writing import CellKind, Column
from khcn.web.tones import tone_of

PAGE = "tasks"
ORDERS = {
    "code": "code",
    "title": "folded",
    "state": "state",
    "end": "end_on",
    "money": "state_vnd",
    "due": "next_due",
    "approved": "approved_on",
}
MOST_ROWS_ON_TIMELINE = 200


@screen
def task_list(request: HttpRequest) -> HttpResponseBase:
    """Tasks the actor may read, filtered, ordered, paged; or the same rows as a file."""
    today = timezone.localdate()
    filters = filtered(TaskFilter, request, visible_tasks(actor_of(request)))
    rows, ordering = order(queries.for_list(filters.rows, on=today), request, ORDERS, default="-approved")
    export = Export(
        _("Nhiệm vụ"),
        _("Danh sách nhiệm vụ khoa học và công nghệ"),
        [
            Column(_("Mã số"), width=16),
            Column(_("Tên nhiệm vụ"), width=60),
            Column(_("Loại"), width=18),
            Column(_("Lĩnh vực"), width=24),
            Column(_("Tổ chức chủ trì"), width=36),
            Column(_("Chủ nhiệm"), width=26),
            Column(_("Trạng thái"), width=20),
            Column(_("Bắt đầu"), CellKind.DATE),
            Column(_("Kết thúc"), CellKind.DATE),
            Column(_("Ngân sách (đồng)"), CellKind.DONG),
            Column(_("Việc tới hạn"), width=36),
            Column(_("Hạn"), CellKind.DATE),
        ],
        row,
        [chip.label + ": " + chip.value for chip in filters.chips],
    )
    if export.asked_for(request):
        return export.respond(request, rows)
    context = {
        "filters": filters,
        "ordering": ordering,
        "page": paginate(rows, request),
        "tally": queries.tally(filters.rows, on=today),
        "today": today,
        "saved": SavedFilter.objects.filter(page=PAGE).filter(Q(owner_id=request.user.pk) | Q(is_shared=True)),
    }
    return page(request, "programme/tasks/list.html", context, part="rows")


def row(task: Task) -> list[object]:
    """One task as a row of the export."""
    return [
        task.code,
        _("(nhiệm vụ mật)") if task.is_secret else task.title,
        _(TaskKind(task.kind).label),
        task.field.title if task.field else "",
        task.host.name,
        str(task.pi),
        _(TaskState(task.state).label),
        task.start_on,
        task.end_on,
        task.state_vnd,
        getattr(task, "next_step", "") or "",
        getattr(task, "next_due", None),
    ]


@screen
def task_timeline(request: HttpRequest) -> HttpResponse:
    """The filtered tasks on a timeline."""
    today = timezone.localdate()
    filters = filtered(TaskFilter, request, visible_tasks(actor_of(request)))
    tasks = filters.rows.exclude(start_on=None).exclude(end_on=None)
    total = tasks.count()
    shown = list(queries.for_list(tasks, on=today).order_by("start_on", "code")[:MOST_ROWS_ON_TIMELINE])
    gantt = None
    if shown:
        first = min(task.start_on for task in shown if task.start_on)
        last = max(task.end_on for task in shown if task.end_on)
        gantt = Gantt(
            title=_("Tiến độ các nhiệm vụ"), first=first.replace(day=1), last=add_months(last.replace(day=1), 1),
            today=today, rows=[_timeline_row(task) for task in shown],
        )  # fmt: skip
    context = {"filters": filters, "gantt": gantt, "total": total, "shown": len(shown), "today": today}
    return page(request, "programme/tasks/timeline.html", context)


@screen(methods=("POST",))
def save_filter(request: HttpRequest) -> HttpResponse:
    """Keep the list's present filters under a name."""
    query = request.POST.get("query", "").lstrip("?")
    saved_filters.save_filter(
        by=actor_of(request), page=PAGE, name=request.POST.get("name", ""), query=query,
        is_shared=request.POST.get("is_shared") == "1",
    )  # fmt: skip
    return done(request, _("Đã lưu bộ lọc."), f"{reverse('task_list')}?{query}")


@screen(methods=("POST",))
def forget_filter(request: HttpRequest, uid: str) -> HttpResponse:
    """Remove a saved filter."""
    saved = get_object_or_404(SavedFilter, uid=uid)
    if saved.owner_id != request.user.pk:
        raise Http404
    saved_filters.forget_filter(by=actor_of(request), saved=saved)
    return done(request, _("Đã xóa bộ lọc."), reverse("task_list"))


def _timeline_row(task: Task) -> Row:
    bars = []
    if task.start_on and task.end_on:
        agreed = min(task.original_end_on or task.end_on, task.end_on)
        bars.append(Bar(task.start_on, agreed, tone_of(TaskState(task.state)).name, _(TaskState(task.state).label)))
        if task.end_on > agreed:
            bars.append(Bar(agreed, task.end_on, "warn", _("Gia hạn")))
    due = getattr(task, "next_due", None)
    return Row(
        name=f"{task.code} {task.title}",
        bars=bars,
        milestones=[(due, getattr(task, "next_step", "") or "")] if due else [],
        address=reverse("task_page", args=[task.uid]),
        note=task.host.short_name or task.host.name,
    )
