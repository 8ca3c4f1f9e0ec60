"""R6 and R8: from the end of a task to its liquidation with the days lost at each step, and inspections."""

from typing import Any

from django.db.models import Q
from django.utils.timezone import localdate

from khcn.domains.programme.choices import Grade, InspectionKind, ReportCode
from khcn.domains.programme.models import Inspection, Task
from khcn.domains.programme.queries.reports.scope import Scope, snapshot_of
from khcn.domains.programme.rules.reports import Column, Refs, Row, Snapshot
from khcn.kernel.procedures.models import Clock, Council

CLOSING_COLUMNS = (
    Column("number", "STT", "count", weight=0.7),
    Column("task", "Nhiệm vụ", weight=2.6),
    Column("end", "Ngày hết hạn", "date", weight=0.9),
    Column("submitted", "Nộp", "date", weight=0.9),
    Column("met", "Họp", "date", weight=0.9),
    Column("grade", "Xếp loại", weight=0.9),
    Column("certificate", "GCN số/ngày", weight=1.4),
    Column("recognised", "Công nhận", "date", weight=0.9),
    Column("liquidated", "Thanh lý", "date", weight=0.9),
    Column("late", "Ngày trễ từng bước", weight=2),
)
INSPECTION_COLUMNS = (
    Column("number", "STT", "count", weight=0.7),
    Column("task", "Nhiệm vụ", weight=2.2),
    Column("planned", "Kế hoạch", weight=1.3),
    Column("done", "Thực hiện", weight=1.3),
    Column("conclusion", "Kết luận", weight=2.2),
    Column("advice", "Kiến nghị", weight=2.2),
    Column("compliance", "Chấp hành", weight=1.8),
)


def closing_report(scope: Scope) -> Snapshot:
    """R6: tasks whose term has ended or whose dossier is in, with every later step and its delay. Four queries."""
    tasks = list(
        scope.tasks.filter(Q(end_on__lte=scope.as_of) | Q(dossier__submitted_on__lte=scope.as_of))
        .exclude(state="cancelled")
        .select_related("dossier", "registration", "contract")
        .order_by("end_on", "code")
    )
    uids = [str(task.uid) for task in tasks]
    met = _meetings(scope)
    late = _delays(scope)
    rows = []
    tallies = dict.fromkeys(("accepted", "registered", "recognised", "liquidated", "late"), 0)
    for number, task in enumerate(tasks, 1):
        delays = late.get(str(task.uid), [])
        cells = _closing_cells(scope, number, task, met.get(str(task.uid)), delays)
        rows.append(Row(str(task.uid), cells, subject="task"))
        tallies["accepted"] += task.grade in (Grade.EXCELLENT, Grade.PASS) and cells[5] != ""
        tallies["registered"] += cells[6] != ""
        tallies["recognised"] += cells[7] is not None
        tallies["liquidated"] += cells[8] is not None
        tallies["late"] += bool(delays)
    total: tuple[Any, ...] = (
        len(tasks), "Cộng", None, None, None, f"{tallies['accepted']} đạt", f"{tallies['registered']} GCN", None, None,
        f"{tallies['late']} nhiệm vụ chậm",
    )  # fmt: skip
    rows.append(Row("total", total, "total", refs={"number": Refs("task", tuple(uids))} if uids else {}))
    return snapshot_of(scope, ReportCode.R6, CLOSING_COLUMNS, rows, figures={"tasks": len(tasks), **tallies})


def inspection_report(scope: Scope) -> Snapshot:
    """R8: inspections notified or held in the period. One query."""
    inside = (scope.period_from, scope.period_to)
    found = list(
        Inspection.objects.filter(task__plan=scope.plan)
        .filter(Q(held_on__range=inside) | Q(notified_on__range=(scope.period_from, min(scope.period_to, scope.as_of))))
        .select_related("task")
        .order_by("held_on", "task__code", "id")
    )
    rows = []
    done = []
    for number, visit in enumerate(found, 1):
        held = scope.by(visit.held_on)
        if held is not None:
            done.append(visit)
        planned = InspectionKind(visit.kind).label
        if visit.notified_on is not None:
            planned += f", thông báo ngày {visit.notified_on:%d/%m/%Y}"
        rows.append(
            Row(
                str(visit.uid),
                (number, f"{visit.task.code} {'' if visit.task.is_secret else visit.task.title}".strip(), planned,
                 f"Ngày {held:%d/%m/%Y}" if held else f"Dự kiến ngày {visit.held_on:%d/%m/%Y}",
                 visit.conclusion or visit.findings if held else "", visit.recommendations if held else "",
                 _compliance(visit) if held else ""),
                subject="inspection",
            )
        )  # fmt: skip
    uids = tuple(str(visit.uid) for visit in found)
    rows.append(
        Row("total", (len(found), "Cộng", f"{len(found)} cuộc", f"{len(done)} cuộc", "", "", ""), "total",
            refs={"number": Refs("inspection", uids)} if uids else {})
    )  # fmt: skip
    return snapshot_of(
        scope, ReportCode.R8, INSPECTION_COLUMNS, rows,
        figures={
            "planned": len(found), "done": len(done), "with_advice": sum(bool(visit.recommendations) for visit in done),
            "complied": sum(visit.is_complied is True for visit in done),
        },
    )  # fmt: skip


def _closing_cells(scope: Scope, number: int, task: Task, met: Any, delays: list[str]) -> tuple[Any, ...]:
    dossier, registration = getattr(task, "dossier", None), getattr(task, "registration", None)
    contract = getattr(task, "contract", None)
    accepted_on = scope.by(task.accepted_on)
    certificate = ""
    if registration is not None and scope.by(registration.certified_on) is not None:
        certificate = f"{registration.certificate_number} ngày {registration.certified_on:%d/%m/%Y}"
    return (
        number,
        f"{task.code} {'' if task.is_secret else task.title}".strip(),
        task.end_on,
        scope.by(dossier.submitted_on) if dossier is not None else None,
        scope.by(met) or accepted_on,
        Grade(task.grade).label if task.grade and accepted_on else "",
        certificate,
        scope.by(task.recognised_on),
        scope.by(contract.liquidated_on) if contract is not None else None,
        "\n".join(delays),
    )


def _meetings(scope: Scope) -> dict[str, Any]:
    """The day on which the acceptance council of each task met."""
    councils = Council.objects.filter(kind="acceptance", meets_at__isnull=False).exclude(state="replaced")
    rows = councils.filter(subjects__subject_uid__in=scope.tasks.order_by().values("uid"))
    return {
        str(uid): localdate(at)
        for uid, at in rows.order_by("meets_at").values_list("subjects__subject_uid", "meets_at")
    }


def _delays(scope: Scope) -> dict[str, list[str]]:
    """Statutory times run over up to the date, as "title: n ngày", by the task's uid."""
    clocks = Clock.objects.filter(
        cancelled=False, due_on__lt=scope.as_of, subject_type="programme.task",
        subject_uid__in=scope.tasks.order_by().values("uid"),
    )  # fmt: skip
    found: dict[str, list[str]] = {}
    for clock in clocks.order_by("due_on", "id"):
        ended = scope.by(clock.stopped_on) or scope.as_of
        if ended > clock.due_on:
            found.setdefault(str(clock.subject_uid), []).append(f"{clock.title}: {(ended - clock.due_on).days} ngày")
    return found


def _compliance(visit: Inspection) -> str:
    if visit.is_complied is None:
        return visit.compliance
    state = "Đã chấp hành" if visit.is_complied else "Chưa chấp hành"
    return f"{state}. {visit.compliance}".strip()
