"""R1: how the plan's targets stand – before the period, in it, in all – with evidence, judgement, causes."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from khcn.domains.programme.choices import ReportCode, TargetStatus
from khcn.domains.programme.models import Issue, Product, Task
from khcn.domains.programme.queries.dashboard import OPEN_ISSUES, late_clocks
from khcn.domains.programme.queries.funds import fund_lines, plan_money
from khcn.domains.programme.queries.reports.scope import Scope, snapshot_of
from khcn.domains.programme.queries.targets import (
    AGENCIES,
    PRODUCTS,
    TASKS,
    figures_on,
    policies_of,
    question_of,
    status_of,
)
from khcn.domains.programme.queries.uptake import StageTally
from khcn.domains.programme.rules.reports import Column, Refs, Row, Snapshot
from khcn.domains.programme.rules.reports.snapshot import percent_of, percent_text
from khcn.kernel.indicators.models import Target
from khcn.kernel.indicators.queries import Measurement, ask, latest_values, targets_of

SUBJECTS = {PRODUCTS: "product", TASKS: "task", AGENCIES: "organisation"}
SHORT = 20
COLUMNS = (
    Column("number", "STT", "count", weight=0.7),
    Column("target", "Mục tiêu/chỉ tiêu", weight=3),
    Column("unit", "ĐVT", weight=1.1),
    Column("goal", "KH đến {year}", "figure", weight=0.8),
    Column("before", "Lũy kế kỳ trước", "figure", weight=0.8),
    Column("within", "Trong kỳ", "figure", weight=0.9),
    Column("total", "Lũy kế", "figure", weight=0.8),
    Column("share", "%", "percent", weight=1),
    Column("evidence", "Minh chứng", weight=2.2),
    Column("status", "Đánh giá", weight=1.2),
    Column("causes", "Nguyên nhân", weight=2),
    Column("measures", "Giải pháp", weight=2),
)
MEASURES_FOR = {
    "Chưa có biên bản bàn giao được hai bên ký.": "Hoàn thành bàn giao sản phẩm cho đơn vị ứng dụng.",
    "Chưa có ghi nhận ứng dụng.": "Đôn đốc tổ chức chủ trì và đơn vị tiếp nhận đưa sản phẩm vào sử dụng.",
    "Đơn vị ứng dụng chưa ký xác nhận.": "Đề nghị đơn vị ứng dụng ký xác nhận.",
    "Chỉ tổ chức chủ trì tự ứng dụng và chưa được kiểm tra xác nhận.": "Kiểm tra, xác nhận việc tự ứng dụng.",
}


@dataclass(frozen=True, slots=True)
class _Standing:
    now: Measurement
    before: Measurement


def implementation_report(scope: Scope) -> Snapshot:
    """R1 of a plan: one row per target, stages and reasons from the same formula as the indicator."""
    plan, on = scope.plan, scope.as_of
    before_on = scope.period_from - timedelta(days=1)
    figures = figures_on(on)
    targets = list(targets_of(plan.uid))
    stored = latest_values(plan.uid)
    shared_now: dict[str, Any] = {}
    shared_before: dict[str, Any] = {}
    measured: dict[int, _Standing] = {}
    for target in targets:
        if target.indicator.source:
            now = ask(target.indicator, question_of(plan, target, on=on, shared=shared_now))
            if "programme.facts" in shared_now:
                shared_before["programme.facts"] = shared_now["programme.facts"]
            before = ask(target.indicator, question_of(plan, target, on=before_on, shared=shared_before))
        else:
            value = stored.get(target.indicator_id)
            known = value if value is not None and value.as_of <= on else None
            now = Measurement(known.value if known else None)
            before = Measurement(known.value if known and known.as_of <= before_on else None)
        measured[target.pk] = _Standing(now, before)
    names = _names([uid for item in measured.values() for uid in item.now.numerator])
    rows, notes, statuses = [], [], []
    for number, target in enumerate(targets, 1):
        standing = measured[target.pk]
        stages = _tally(standing.now) if target.indicator.source == PRODUCTS else None
        status = status_of(plan, target, standing.now.value, stages, on=on, at_risk_share=figures.at_risk_share)
        statuses.append(status)
        rows.append(_row(number, target, standing, status, names))
        notes += _notes(target, standing)
    columns = [
        Column(item.key, item.title.format(year=plan.period_to), item.kind, item.group, item.weight) for item in COLUMNS
    ]
    return snapshot_of(
        scope, ReportCode.R1, columns, rows, notes=notes, figures=_figures(scope, statuses, on),
        parameters={
            "uptake.min_days": figures.min_days, "uptake.grace_months": figures.grace_months,
            "target.at_risk_share": str(figures.at_risk_share), "before_on": before_on,
        },
    )  # fmt: skip


def _row(number: int, target: Target, standing: _Standing, status: TargetStatus, names: dict[str, str]) -> Row:
    now, before = standing.now, standing.before
    is_share = target.indicator.unit == "%"
    subject = SUBJECTS.get(target.indicator.source, "")
    refs: dict[str, Refs] = {}
    total, earlier, within = _printed(now.value), _printed(before.value), None
    if is_share:
        if now.value is not None:
            difference = now.value - (before.value or Decimal(0))
            within = difference.quantize(Decimal("0.01"))
        if subject and now.denominator:
            refs["total"] = Refs(subject, now.numerator, now.denominator)
        if subject and before.denominator:
            refs["before"] = Refs(subject, before.numerator, before.denominator)
    elif subject:
        new = tuple(uid for uid in now.numerator if uid not in set(before.numerator))
        within = Decimal(len(new))
        refs = {
            "before": Refs(subject, before.numerator), "within": Refs(subject, new),
            "total": Refs(subject, now.numerator),
        }  # fmt: skip
    elif now.value is not None:
        within = now.value - (before.value or Decimal(0))
    reached = None
    if now.value is not None and target.value:
        reached = (now.value * 100 / target.value).quantize(Decimal("0.0001"))
    reasons = [] if status is TargetStatus.ACHIEVED else _reasons(now)
    return Row(
        key=str(target.uid),
        subject="target",
        cells=(
            number, target.sentence, target.unit or target.indicator.unit, target.value.normalize(), earlier, within,
            total, reached, _evidence(now, names), status.label, "\n".join(reasons),
            "\n".join(dict.fromkeys(MEASURES_FOR[text] for text in _texts(now) if text in MEASURES_FOR))
            if reasons
            else "",
        ),
        refs={key: item for key, item in refs.items() if item.counted or item.of},
    )  # fmt: skip


def _printed(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(Decimal("0.01"))


def _evidence(measurement: Measurement, names: dict[str, str]) -> str:
    if measurement.denominator:
        return f"{len(measurement.numerator)}/{len(measurement.denominator)}"
    listed = [names[uid] for uid in measurement.numerator if uid in names]
    shown = "; ".join(listed[:SHORT])
    return f"{shown} và {len(listed) - SHORT} sản phẩm khác" if len(listed) > SHORT else shown


def _texts(measurement: Measurement) -> list[str]:
    return list(Counter(text for _, text in measurement.excluded))


def _reasons(measurement: Measurement) -> list[str]:
    counts = Counter(text for _, text in measurement.excluded)
    if len(counts) > 6:  # reasons that name each record are told in number only
        return [f"{sum(counts.values())} trường hợp chưa đủ điều kiện tính; danh sách xem tại số liệu của chỉ tiêu."]
    return [f"{count} trường hợp: {text[0].lower()}{text[1:]}" for text, count in counts.most_common()]


def _notes(target: Target, standing: _Standing) -> list[str]:
    code = target.indicator.code
    notes = []
    lost = set(standing.before.numerator) - set(standing.now.numerator)
    if lost:
        notes.append(f"{code}: {len(lost)} trường hợp đã tính ở kỳ trước nay không còn được tính.")
    if target.indicator.source == TASKS:
        matured = standing.now.stages["matured"]
        shown = _share(len(matured["numerator"]), len(matured["denominator"]))
        notes.append(f"{code} tính riêng nhiệm vụ đã qua thời gian chờ: {shown}.")
    if target.indicator.source == AGENCIES:
        shown = "; ".join(
            f"{item.label.lower()} {_share(item.counted, item.of)}" for item in policies_of(standing.now.stages)
        )
        notes.append(f"{code} theo từng cách lấy mẫu số: {shown}.")
    if not target.indicator.source:
        notes.append(f"{code} chưa có nguồn tính tự động; số liệu do cơ quan thường trực nhập kèm minh chứng.")
    return notes


def _share(counted: int, of: int) -> str:
    value = percent_of(counted, of)
    return "chưa có" if value is None else f"{percent_text(value)} ({counted}/{of})"


def _tally(measurement: Measurement) -> StageTally:
    return StageTally(
        **{name: len(measurement.stages[name]) for name in ("ordered", "contracted", "accepted", "applied")}
    )


def _names(uids: list[str]) -> dict[str, str]:
    rows = Product.objects.filter(uid__in=sorted(set(uids))[:900]).values_list("uid", "code", "name")
    return {str(uid): f"{code} {name}" for uid, code, name in rows}


def _figures(scope: Scope, statuses: list[TargetStatus], on: date) -> dict[str, Any]:
    plan = scope.plan
    money = plan_money(plan, fund_lines(plan, on=on))
    tasks = Task.objects.filter(plan=plan)
    until = min(scope.period_to, on)
    issues = Issue.objects.filter(plan=plan, raised_on__lte=on, state__in=OPEN_ISSUES)
    return {
        "targets": len(statuses),
        "achieved": sum(status is TargetStatus.ACHIEVED for status in statuses),
        "at_risk": sum(status in (TargetStatus.AT_RISK, TargetStatus.MISSED) for status in statuses),
        "tasks_total": tasks.filter(approved_on__lte=on).count(),
        "tasks_approved": tasks.filter(approved_on__range=(scope.period_from, until)).count(),
        "tasks_accepted": tasks.filter(
            accepted_on__range=(scope.period_from, until), grade__in=("excellent", "pass")
        ).count(),
        "paid_vnd": money.all_paid_vnd,
        "paid_share": percent_of(money.all_paid_vnd, money.total_vnd),
        "gap_vnd": money.gap_vnd,
        "clocks_late": late_clocks(plan, on=on).count(),
        "issues_open": issues.count(),
        "issues_late": issues.filter(due_on__lt=on, answered_on=None).count(),
    }
