"""R5: difficulties that stood open in the period or were raised or closed in it, with the state of play."""

from typing import Any

from django.db.models import Q

from khcn.domains.programme.choices import IssueKind, IssueLevel, IssueState, ReportCode
from khcn.domains.programme.models import Issue
from khcn.domains.programme.queries.reports.scope import Scope, snapshot_of
from khcn.domains.programme.rules.reports import Column, Refs, Row, Snapshot

COLUMNS = (
    Column("number", "STT", "count", weight=0.7),
    Column("issue", "Vướng mắc", weight=2.4),
    Column("reporter", "Đơn vị nêu", weight=1.5),
    Column("kind", "Loại", weight=1),
    Column("task", "Nhiệm vụ", weight=1.2),
    Column("raised", "Ngày", "date", weight=0.9),
    Column("level", "Cấp giải quyết", weight=1.3),
    Column("due", "Hạn", "date", weight=0.9),
    Column("so_far", "Đã thực hiện", weight=2.2),
    Column("proposal", "Đề xuất", weight=1.8),
    Column("state", "Trạng thái", weight=1.1),
)


def issue_report(scope: Scope) -> Snapshot:
    """R5: one row per difficulty raised up to the date and not closed before the period. Two queries."""
    closed_before = Q(closed_on__lt=scope.period_from)
    found = list(
        Issue.objects.filter(plan=scope.plan, raised_on__lte=scope.as_of)
        .exclude(state=IssueState.MERGED)
        .exclude(closed_before)
        .select_related("reporter", "task")
        .prefetch_related("notes")
        .order_by("raised_on", "code")
    )
    rows = [Row(str(issue.uid), _cells(scope, number, issue), subject="issue") for number, issue in enumerate(found, 1)]
    total: list[Any] = [len(found), "Cộng", *[""] * (len(COLUMNS) - 2)]
    total[5] = total[7] = None
    rows.append(
        Row("total", tuple(total), "total", refs={"number": Refs("issue", tuple(str(i.uid) for i in found))})
        if found
        else Row("total", tuple(total), "total")
    )
    still_open = [issue for issue in found if scope.by(issue.closed_on) is None]
    return snapshot_of(
        scope, ReportCode.R5, COLUMNS, rows,
        figures={
            "raised": sum(scope.holds(issue.raised_on) for issue in found),
            "answered": sum(scope.holds(issue.answered_on) for issue in found),
            "closed": sum(scope.holds(issue.closed_on) for issue in found),
            "issues_open": len(still_open),
            "issues_late": sum(
                issue.due_on is not None and issue.due_on < scope.as_of and scope.by(issue.answered_on) is None
                for issue in still_open
            ),
        },
        notes=["Mỗi vướng mắc đang mở phải có một dòng tình hình xử lý trong từng kỳ báo cáo."],
    )  # fmt: skip


def without_state_of_play(scope: Scope) -> list[Issue]:
    """Open difficulties that have no line on their state of play in the period. One query."""
    return list(
        Issue.objects.filter(plan=scope.plan, raised_on__lte=scope.as_of, closed_on=None)
        .exclude(state__in=(IssueState.MERGED, IssueState.VERIFIED_CLOSED))
        .exclude(raised_on__gte=scope.period_from)
        .exclude(answered_on__range=(scope.period_from, scope.period_to))
        .exclude(notes__on__range=(scope.period_from, scope.period_to))
        .order_by("code")
    )


def _cells(scope: Scope, number: int, issue: Issue) -> tuple[Any, ...]:
    notes = [f"{note.on:%d/%m/%Y}: {note.text}" for note in issue.notes.all() if scope.by(note.on) is not None]
    if issue.answer and scope.by(issue.answered_on) is not None:
        notes.append(f"{issue.answered_on:%d/%m/%Y}: {issue.answer}")
    return (
        number, f"{issue.code} {issue.title}", issue.reporter.name, IssueKind(issue.kind).label,
        issue.task.code if issue.task else "", issue.raised_on, IssueLevel(issue.level).label, issue.due_on,
        "\n".join(notes), issue.proposal, IssueState(issue.state).label,
    )  # fmt: skip
