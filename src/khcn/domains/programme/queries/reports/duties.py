"""R11: what each unit did of the duties that the plan gives it, by its own word and by the standing body's."""

from khcn.domains.programme.choices import AssignmentRole, AssignmentState, ReportCode
from khcn.domains.programme.models import Assignment
from khcn.domains.programme.queries.assignments import duty_lines
from khcn.domains.programme.queries.reports.scope import Scope, snapshot_of
from khcn.domains.programme.rules.reports import Column, Refs, Row, Snapshot

COLUMNS = (
    Column("number", "STT", "count", weight=0.7),
    Column("unit", "Đơn vị", weight=1.8),
    Column("role", "Vai trò", weight=1.1),
    Column("duty", "Việc giao", weight=3.2),
    Column("result", "Kết quả", weight=2.6),
    Column("own", "Tự đánh giá", weight=1.1),
    Column("appraised", "Sở đánh giá", weight=1.4),
)


def duty_report(scope: Scope) -> Snapshot:
    """R11: one row per duty and unit, with the last report up to the date. Four queries."""
    lines = duty_lines(Assignment.objects.filter(plan=scope.plan), on=scope.as_of)
    rows = []
    for number, line in enumerate(lines, 1):
        duty, report = line.assignment, line.report
        appraised = ""
        if report is not None and report.appraisal:
            appraised = f"{AssignmentState(report.appraisal).label}. {report.appraisal_note}".rstrip(" .")
        rows.append(
            Row(
                f"{duty.uid}:{line.unit.uid if line.unit else ''}",
                (number, line.unit_name, AssignmentRole(duty.role).label, duty.duty,
                 f"{report.result} (báo cáo ngày {report.reported_on:%d/%m/%Y})" if report else "Chưa báo cáo",
                 AssignmentState(report.state).label if report else "", appraised),
                subject="assignment",
            )
        )  # fmt: skip
    states = [line.report.state if line.report else "" for line in lines]
    uids = tuple(dict.fromkeys(str(line.assignment.uid) for line in lines))
    rows.append(
        Row("total",
            (len(uids), "việc được giao", "", "", f"{sum(bool(state) for state in states)} đã báo cáo", "", ""),
            "total", refs={"number": Refs("assignment", uids)} if uids else {})
    )  # fmt: skip
    return snapshot_of(
        scope, ReportCode.R11, COLUMNS, rows,
        figures={
            "duties": len(lines), "done": states.count("done"), "in_progress": states.count("in_progress"),
            "silent": states.count(""),
        },
    )  # fmt: skip
