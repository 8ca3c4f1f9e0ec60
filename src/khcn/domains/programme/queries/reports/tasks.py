"""R2, R10 and R12: tasks and how far they are, papers signed in a period, and tasks that answer a saved question."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Avg, Q, QuerySet

from khcn.domains.programme.choices import ReportCode, TaskKind, TaskState
from khcn.domains.programme.models import Contract, ProgressReport, Task, WorkContent
from khcn.domains.programme.queries.funds import paid_by_task
from khcn.domains.programme.queries.reports.scope import Scope, dated, group_row, snapshot_of, span
from khcn.domains.programme.queries.uptake import LOST_STATES
from khcn.domains.programme.rules.reports import Column, Refs, Row, Snapshot
from khcn.domains.programme.rules.reports.snapshot import percent_of
from khcn.kernel.orgs.models import Organisation, Person
from khcn.kernel.procedures.models import Clock
from khcn.web.search import matching

STATE_NOTE = "Bước hiện tại ghi theo trạng thái của nhiệm vụ tại thời điểm chốt số liệu."
TASK_COLUMNS = (
    Column("number", "STT", "count", weight=0.7),
    Column("code", "Mã", weight=1.1),
    Column("title", "Tên nhiệm vụ", weight=3),
    Column("kind", "Loại", weight=1),
    Column("field", "Lĩnh vực", weight=1.3),
    Column("host", "Chủ trì/chủ nhiệm", weight=1.8),
    Column("partners", "Phối hợp", weight=1.4),
    Column("papers", "QĐ, HĐ", weight=1.6),
    Column("term", "Thời gian (gia hạn)", weight=1.4),
    Column("state", "Bước hiện tại", weight=1.2),
    Column("due", "Hạn", "date", weight=1),
    Column("late", "Trễ (ngày, lý do)", weight=1.4),
    Column("done", "% nội dung", "percent", weight=1),
    Column("paid", "% kinh phí", "percent", weight=1),
)
AD_HOC_KEYS = ("code", "title", "kind", "field", "host", "term", "state", "done", "paid")
CONTRACT_COLUMNS = (
    Column("number", "STT", "count", weight=0.7),
    Column("paper", "Số QĐ/HĐ", weight=1.4),
    Column("on", "Ngày", "date", weight=0.9),
    Column("title", "Tên nhiệm vụ", weight=3.5),
    Column("state_vnd", "Ngân sách nhà nước", "vnd", "Kinh phí (đồng)", 1.2),
    Column("counterpart_vnd", "Đối ứng", "vnd", "Kinh phí (đồng)", 1.2),
    Column("term", "Thời gian thực hiện", weight=1.2),
)


TASK_FIELDS = (
    "pk", "uid", "code", "title", "kind", "is_secret", "state", "grade", "accepted_on", "approved_on",
    "decision_number", "start_on", "end_on", "original_end_on", "state_vnd", "field_id", "host_id", "pi_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Around:
    """What stands around tasks, by the task's key or the key of what it names."""

    hosts: dict[int, str]
    leaders: dict[int, str]
    fields: dict[int, str]
    contracts: dict[int, str]
    partners: dict[int, list[str]]
    done: dict[int, Any]
    paid: dict[int, int]


def task_report(scope: Scope) -> Snapshot:
    """R2: every task of the plan approved up to the date, one row each. Ten queries."""
    rows, figures = _task_rows(scope, scope.tasks)
    return snapshot_of(scope, ReportCode.R2, TASK_COLUMNS, rows, figures=figures, notes=[STATE_NOTE])


def ad_hoc_report(scope: Scope) -> Snapshot:
    """R12: tasks that answer the run's query; the query itself is part of the snapshot."""
    tasks = answering(scope.tasks, scope.query)
    rows, figures = _task_rows(scope, tasks)
    places = [index for index, column in enumerate(TASK_COLUMNS) if column.key in ("number", *AD_HOC_KEYS)]
    kept = [
        Row(row.key, tuple(row.cells[place] for place in places), row.kind, row.subject,
            {key: refs for key, refs in row.refs.items() if key in ("number", "title", *AD_HOC_KEYS)})
        for row in rows
    ]  # fmt: skip
    return snapshot_of(
        scope, ReportCode.R12, [TASK_COLUMNS[place] for place in places], kept, figures=figures, notes=[STATE_NOTE],
        parameters=dict(scope.query),
    )  # fmt: skip


def answering(tasks: QuerySet[Task], query: Mapping[str, Any]) -> QuerySet[Task]:
    """Tasks that answer a saved query: text, state, kind, level (lists), field and host (uid), year_from, year_to."""
    for name in ("state", "kind", "level", "uptake_state", "grade"):
        if query.get(name):
            tasks = tasks.filter(**{f"{name}__in": list(query[name])})
    if query.get("field"):
        tasks = tasks.filter(field__uid=query["field"])
    if query.get("host"):
        tasks = tasks.filter(host__uid=query["host"])
    if query.get("year_from"):
        tasks = tasks.filter(approved_on__year__gte=int(query["year_from"]))
    if query.get("year_to"):
        tasks = tasks.filter(approved_on__year__lte=int(query["year_to"]))
    return matching(tasks, "folded", str(query.get("text") or ""))


def contract_report(scope: Scope) -> Snapshot:
    """R10: approvals and contracts of the period. Source: Luật 29/2013/QH13, Điều 27 khoản 3. Two queries."""
    until = min(scope.period_to, scope.as_of)
    approved = list(
        Task.objects.filter(plan=scope.plan, approved_on__range=(scope.period_from, until)).order_by(
            "approved_on", "code"
        )
    )
    signed = list(
        Contract.objects.filter(task__plan=scope.plan, signed_on__range=(scope.period_from, until))
        .select_related("task")
        .order_by("signed_on", "number")
    )
    rows = [group_row("approved", "A. Quyết định phê duyệt")]
    for number, task in enumerate(approved, 1):
        rows.append(
            Row(
                f"approved:{task.uid}",
                (number, task.decision_number, task.approved_on, f"{task.code} {_title(task)}", task.state_vnd,
                 task.counterpart_vnd, span(task.start_on, task.end_on)),
                subject="task",
            )
        )  # fmt: skip
    rows.append(_contract_total("approved", len(approved), [str(task.uid) for task in approved],
                                sum(task.state_vnd for task in approved),
                                sum(task.counterpart_vnd for task in approved)))  # fmt: skip
    rows.append(group_row("signed", "B. Hợp đồng đã ký"))
    for number, contract in enumerate(signed, 1):
        rows.append(
            Row(
                f"signed:{contract.uid}",
                (number, contract.number, contract.signed_on, f"{contract.task.code} {_title(contract.task)}",
                 contract.state_vnd, contract.counterpart_vnd, span(contract.start_on, contract.end_on)),
                subject="task",
            )
        )  # fmt: skip
    rows.append(_contract_total("signed", len(signed), [str(item.task.uid) for item in signed],
                                sum(item.state_vnd for item in signed),
                                sum(item.counterpart_vnd for item in signed)))  # fmt: skip
    figures = {
        "approved": len(approved), "approved_vnd": sum(task.state_vnd for task in approved),
        "signed": len(signed), "signed_vnd": sum(item.state_vnd for item in signed),
    }  # fmt: skip
    return snapshot_of(scope, ReportCode.R10, CONTRACT_COLUMNS, rows, figures=figures)


def _contract_total(key: str, count: int, uids: list[str], state_vnd: int, counterpart_vnd: int) -> Row:
    return Row(
        f"total:{key}", (count, "", None, "Cộng", state_vnd, counterpart_vnd, ""), "total",
        refs={"number": Refs("task", tuple(uids))} if uids else {},
    )  # fmt: skip


def _title(task: Any) -> str:
    return "(nhiệm vụ thuộc bí mật nhà nước)" if task.is_secret else task.title


def _task_rows(scope: Scope, tasks: QuerySet[Task]) -> tuple[list[Row], dict[str, Any]]:
    found: list[Any] = list(tasks.order_by("code", "pk").values_list(*TASK_FIELDS, named=True))
    around = _around(scope, tasks)
    waiting = _nearest_clocks(scope, tasks)
    paid = around.paid
    rows: list[Row] = []
    late_uids = []
    for number, task in enumerate(found, 1):
        clock = waiting.get(str(task.uid))
        days = (scope.as_of - clock.due_on).days if clock is not None else 0
        if days > 0:
            late_uids.append(str(task.uid))
        rows.append(Row(str(task.uid), _task_cells(number, task, clock, max(0, days), around), subject="task"))
    uids = tuple(str(task.uid) for task in found)
    total: list[Any] = [""] * len(TASK_COLUMNS)
    total[0], total[2] = len(found), "Cộng"
    for index, column in enumerate(TASK_COLUMNS):
        if column.kind in ("percent", "date"):
            total[index] = None
    places = {column.key: index for index, column in enumerate(TASK_COLUMNS)}
    total[places["late"]] = f"{len(late_uids)} nhiệm vụ"
    paid_all, state_all = sum(paid.get(task.pk, 0) for task in found), sum(task.state_vnd for task in found)
    total[places["paid"]] = percent_of(paid_all, state_all)
    rows.append(Row("total", tuple(total), "total", refs={"number": Refs("task", uids)} if uids else {}))
    running = [task for task in found if task.state in ("contracted", "running", "paused", "dossier_due",
                                                        "dossier_submitted", "in_acceptance")]  # fmt: skip
    return rows, {
        "tasks": len(found),
        "running": len(running),
        "accepted": sum(
            scope.by(task.accepted_on) is not None and task.grade in ("excellent", "pass") for task in found
        ),
        "lost": sum(task.state in LOST_STATES for task in found),
        "late": len(late_uids),
    }


def _task_cells(number: int, task: Any, clock: Clock | None, days: int, around: _Around) -> tuple[Any, ...]:
    papers = [dated(task.decision_number, task.approved_on), around.contracts.get(task.pk, "")]
    term = span(task.start_on, task.end_on)
    if task.original_end_on and task.end_on and task.original_end_on != task.end_on:
        term += f" (hợp đồng gốc đến {task.original_end_on:%m/%Y})"
    late = ""
    if clock is not None and days > 0:
        reason = clock.late_note or clock.title
        late = f"{days} ngày: {reason}"
    return (
        number,
        task.code,
        _title(task),
        TaskKind(task.kind).label,
        around.fields.get(task.field_id or 0, ""),
        f"{around.hosts[task.host_id]}/{around.leaders[task.pi_id]}",
        "; ".join(around.partners.get(task.pk, [])),
        "\n".join(paper for paper in papers if paper),
        term,
        TaskState(task.state).label,
        clock.due_on if clock is not None else task.end_on,
        late,
        around.done.get(task.pk),
        percent_of(around.paid.get(task.pk, 0), task.state_vnd),
    )


def _around(scope: Scope, tasks: QuerySet[Task]) -> _Around:
    """Read names, contracts, work and money of the tasks as plain values; full records would cost seconds."""
    plain = tasks.order_by()
    contracts = Contract.objects.filter(task__in=plain.values("pk"), signed_on__lte=scope.as_of)
    partners: dict[int, list[str]] = {}
    pairs = Task.partners.through.objects.filter(task_id__in=plain.values("pk"))
    for task_id, name in pairs.order_by("organisation__sort_key").values_list("task_id", "organisation__name"):
        partners.setdefault(task_id, []).append(name)
    return _Around(
        hosts=dict(Organisation.objects.filter(pk__in=plain.values("host_id")).values_list("pk", "name")),
        leaders=dict(Person.objects.filter(pk__in=plain.values("pi_id")).values_list("pk", "full_name")),
        fields=dict(scope.plan.fields.values_list("pk", "title")),
        contracts={
            task_id: dated(number, signed_on)
            for task_id, number, signed_on in contracts.values_list("task_id", "number", "signed_on")
        },
        partners=partners,
        done=_percent_done(scope, tasks),
        paid=paid_by_task(scope.plan, on=scope.as_of),
    )


def _nearest_clocks(scope: Scope, tasks: QuerySet[Task]) -> dict[str, Clock]:
    """The open statutory time of each task that falls due first, as it ran on the date of the figures."""
    running = Q(stopped_on=None) | Q(stopped_on__gt=scope.as_of)
    clocks = Clock.objects.filter(
        running, cancelled=False, started_on__lte=scope.as_of, subject_type="programme.task",
        subject_uid__in=tasks.order_by().values("uid"),
    )  # fmt: skip
    nearest: dict[str, Clock] = {}
    for clock in clocks.order_by("due_on", "id"):
        nearest.setdefault(str(clock.subject_uid), clock)
    return nearest


def _percent_done(scope: Scope, tasks: QuerySet[Task]) -> dict[int, Any]:
    """Work done in percent: the last progress report up to the date, else the mean of the contents of work."""
    keys = tasks.order_by().values("pk")
    found: dict[int, Any] = {
        row["task_id"]: percent_of(round(row["mean"] * 100), 10_000)
        for row in WorkContent.objects.filter(task__in=keys)
        .values("task_id")
        .annotate(mean=Avg("percent_done"))
        .order_by()
    }
    reports = ProgressReport.objects.filter(task__in=keys, submitted_on__lte=scope.as_of)
    for task_id, value in reports.order_by("submitted_on", "id").values_list("task_id", "percent_done"):
        found[task_id] = percent_of(value, 100)
    return found
