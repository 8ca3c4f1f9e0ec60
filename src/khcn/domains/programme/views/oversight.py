"""Screens of a finance officer across tasks: ageing advances, counterpart ratios, the log of norm breaches."""

from fractions import Fraction
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from khcn.domains.programme.choices import BudgetLineKind, NormVerdict
from khcn.domains.programme.models import Plan, Task
from khcn.domains.programme.permissions import visible_tasks
from khcn.domains.programme.queries import oversight as queries
from khcn.domains.programme.views.money import READERS
from khcn.kernel.orgs.permissions import require_role
from khcn.web.acting import actor_of
from khcn.web.listing import Export, paginate
from khcn.web.screens import page, screen
from khcn.web.search import matching
from khcn.web.spreadsheets.writing import CellKind, Column


@screen(methods=("GET", "HEAD"))
def advance_ageing(request: HttpRequest) -> HttpResponseBase:
    """Advances not cleared by task and source, oldest first, with the two lines of the task's rule set."""
    context, tasks = _scope(request)
    rows = queries.ageing(tasks, on=timezone.localdate())
    ended = rows.where(lambda row: row.is_past_end)
    late = rows.where(lambda row: row.is_past_line)
    chosen = request.GET.get("loc", "")
    shown = {"het": ended, "qua": late}.get(chosen, rows)
    export = _ageing_export()
    if export.asked_for(request):
        return export.respond(request, shown)
    context |= {
        "page": paginate(shown, request), "chosen": chosen, "count": len(rows), "late_count": len(late),
        "ended_count": len(ended), "total_vnd": sum(row.uncleared_vnd for row in rows.keys),
        "late_vnd": sum(row.uncleared_vnd for row in late.keys),
    }  # fmt: skip
    return page(request, "programme/money/ageing.html", context)


@screen(methods=("GET", "HEAD"))
def counterpart_ratios(request: HttpRequest) -> HttpResponseBase:
    """Counterpart pledged, proven and spent by task, and the ratio spent against the ratio approved."""
    context, tasks = _scope(request)
    rows = queries.counterpart_rows(tasks, on=timezone.localdate())
    short = rows.where(lambda row: row.missing_vnd > 0)
    chosen = request.GET.get("loc", "")
    shown = short if chosen == "thieu" else rows
    export = _counterpart_export()
    if export.asked_for(request):
        return export.respond(request, shown)
    context |= {
        "page": paginate(shown, request), "chosen": chosen, "count": len(rows), "short_count": len(short),
        **{
            name: sum(getattr(row, name) for row in rows.keys)
            for name in ("pledged_vnd", "proven_vnd", "spent_vnd", "missing_vnd")
        },
    }  # fmt: skip
    return page(request, "programme/money/counterpart.html", context)


@screen(methods=("GET", "HEAD"))
def norm_breaches(request: HttpRequest) -> HttpResponseBase:
    """Departures from norms across tasks: must be mended, must be explained, explained by whom and when, noted."""
    context, tasks = _scope(request)
    everything = request.GET.get("lan") == "tat-ca"
    rows = queries.norm_log(tasks, all_versions=everything)
    chosen = request.GET.get("loc", "")
    counts = {verdict: sum(row.verdict is verdict for row in rows.keys) for verdict in NormVerdict}
    shown = rows.where(lambda row: row.verdict == chosen) if chosen in NormVerdict.values() else rows
    export = _norm_export()
    if export.asked_for(request):
        return export.respond(request, shown)
    tabs = [(verdict.value, _(verdict.label), count) for verdict, count in counts.items()]
    context |= {
        "page": paginate(shown, request), "chosen": chosen, "tabs": tabs, "count": len(rows), "everything": everything,
    }  # fmt: skip
    return page(request, "programme/money/norms.html", context)


def _scope(request: HttpRequest) -> tuple[dict[str, Any], Any]:
    """What the three pages share: the chosen plan, the words looked for, and the tasks that fit them."""
    actor = actor_of(request)
    require_role(actor, *READERS)
    plans = list(Plan.objects.all())
    asked = request.GET.get("plan", "")
    plan = next((item for item in plans if str(item.uid) == asked), None)
    tasks = visible_tasks(actor)
    if plan is not None:
        tasks = tasks.filter(plan=plan)
    words = request.GET.get("q", "").strip()
    if words:
        tasks = matching(tasks, "folded", words)
    return {"plans": plans, "plan": plan, "words": words}, tasks


def task_title(task: Task) -> str:
    """The title of a task as lists show it."""
    return _("(nhiệm vụ mật)") if task.is_secret else task.title


def _task_columns() -> list[Column]:
    return [
        Column(_("Nhiệm vụ"), width=18),
        Column(_("Tên nhiệm vụ"), width=50),
        Column(_("Tổ chức chủ trì"), width=36),
    ]


def _task_cells(task: Task) -> list[object]:
    return [task.code, task_title(task), task.host.name]


def _ageing_export() -> Export:
    return Export(
        _("Tạm ứng chưa thanh toán"),
        _("Tuổi dư tạm ứng theo nhiệm vụ và nguồn"),
        [
            *_task_columns(), Column(_("Nguồn"), width=44), Column(_("Dư tạm ứng"), CellKind.DONG),
            Column(_("Tạm ứng từ ngày"), CellKind.DATE), Column(_("Hết thời gian thực hiện"), CellKind.DATE),
            Column(_("Hạn thanh toán tạm ứng"), CellKind.DATE),
            Column(_("Trừ dự toán năm sau từ sau ngày"), CellKind.DATE), Column(_("Tình trạng"), width=32),
        ],
        lambda row: [
            *_task_cells(row.task), _(row.source.label), row.uncleared_vnd, row.oldest_on, row.task.end_on,
            row.clear_by, row.deduct_after, _(row.age.label) if row.age else "",
        ],
    )  # fmt: skip


def _counterpart_export() -> Export:
    return Export(
        _("Vốn đối ứng"),
        _("Vốn đối ứng và tỷ lệ so với ngân sách nhà nước"),
        [
            *_task_columns(), Column(_("Được duyệt"), CellKind.DONG), Column(_("Cam kết"), CellKind.DONG),
            Column(_("Đã chứng minh"), CellKind.DONG), Column(_("Đã chi"), CellKind.DONG),
            Column(_("Ngân sách đã chi"), CellKind.DONG), Column(_("Tỷ lệ được duyệt"), CellKind.DECIMAL),
            Column(_("Tỷ lệ thực chi"), CellKind.DECIMAL), Column(_("Còn thiếu"), CellKind.DONG),
        ],
        lambda row: [
            *_task_cells(row.task), row.task.counterpart_vnd, row.pledged_vnd, row.proven_vnd, row.spent_vnd,
            row.state_spent_vnd, _decimal(row.approved_ratio), _decimal(row.actual_ratio), row.missing_vnd,
        ],
    )  # fmt: skip


def _decimal(ratio: Fraction | None) -> float | None:
    return None if ratio is None else round(float(ratio), 4)


def _line_kind(row: queries.NormLogRow) -> str:
    return _(BudgetLineKind(row.line.kind).label) if row.line else ""


def _norm_export() -> Export:
    return Export(
        _("Vượt định mức"),
        _("Sổ theo dõi vượt định mức và giải trình"),
        [
            *_task_columns(), Column(_("Dự toán lần"), CellKind.INTEGER), Column(_("Dòng dự toán"), width=40),
            Column(_("Kết quả đối chiếu"), width=20), Column(_("Nội dung"), width=60), Column(_("Căn cứ"), width=34),
            Column(_("Định mức"), CellKind.DONG), Column(_("Dự toán"), CellKind.DONG),
            Column(_("Giải trình"), width=50), Column(_("Người lập"), width=26), Column(_("Ngày"), CellKind.DATE),
        ],
        lambda row: [
            *_task_cells(row.budget.task), row.budget.number, _line_kind(row),
            _(row.verdict.label), row.text, row.citation, row.limit_vnd, row.actual_vnd, row.justification, row.by,
            row.on,
        ],
    )  # fmt: skip
