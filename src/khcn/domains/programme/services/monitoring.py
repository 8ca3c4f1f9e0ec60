"""Progress reports and inspections: what hosts say, what visitors see, and what follows when a host keeps silent."""

from datetime import date

from django.db import transaction

from khcn.domains.programme.errors import NotNow
from khcn.domains.programme.models import Inspection, ProgressReport, ReportObligation, Task
from khcn.domains.programme.permissions import roles_on
from khcn.domains.programme.queries.law import parameters_of
from khcn.domains.programme.rules.procedure_steps import MONITORING
from khcn.domains.programme.rules.progress import Delivery, discipline
from khcn.domains.programme.services.procedure_cases import follow
from khcn.domains.programme.services.transitions import log_clock_start, stop_running_clock
from khcn.kernel.audit.services import record
from khcn.lib.actor import Actor
from khcn.lib.failure import Forbidden, Refused
from khcn.lib.roles import Role

WORKING_STATES = frozenset({"contracted", "running", "paused", "dossier_due"})


def submit_progress(
    *,
    by: Actor,
    task: Task,
    content: str,
    percent_done: int,
    spent_vnd: int,
    on: date,
    difficulties: str = "",
    proposals: str = "",
    obligation: ReportObligation | None = None,
) -> ProgressReport:
    """File a progress report by the host or its principal investigator; it meets the oldest open obligation."""
    if not roles_on(by, task) & {Role.HOST, Role.PI}:
        raise Forbidden("Chỉ tổ chức chủ trì hoặc chủ nhiệm được nộp báo cáo tiến độ.")
    if task.state not in WORKING_STATES:
        raise NotNow("Nhiệm vụ không ở giai đoạn thực hiện nên không nhận báo cáo tiến độ.")
    if not content.strip():
        raise Refused("Ghi nội dung đã thực hiện.", field="content")
    if not 0 <= percent_done <= 100:
        raise Refused("Khối lượng tính theo phần trăm, từ 0 đến 100.", field="percent_done")
    if spent_vnd < 0:
        raise Refused("Kinh phí đã sử dụng không được âm.", field="spent_vnd")
    with transaction.atomic():
        open_ones = (
            task.obligations.select_for_update(of=("self",)).filter(report=None, waived=False).order_by("due_on")
        )
        met = obligation or open_ones.filter(period_from__lte=on).first()
        if met is not None and ProgressReport.objects.filter(obligation=met).exclude(is_accepted=False).exists():
            raise Refused("Kỳ này đã có báo cáo. Chọn kỳ khác.", field="obligation")
        if met is not None:
            ProgressReport.objects.filter(obligation=met, is_accepted=False).update(obligation=None)
        report = ProgressReport.objects.create(
            task=task, obligation=met, content=content.strip(), percent_done=percent_done, spent_vnd=spent_vnd,
            difficulties=difficulties.strip(), proposals=proposals.strip(), submitted_on=on, submitted_by_id=by.user_id,
        )  # fmt: skip
        stop_running_clock(subject=task, key="report.progress", on=on)
        if task.state in {"contracted", "running"}:
            log_clock_start(subject=task, key="report.progress", on=on)
        follow(by=by, subject=task, machine=MONITORING, event="report", on=on)
        record(by=by, verb="progress.submit", subject=report, after={"percent": percent_done, "spent_vnd": spent_vnd})
    return report


def check_progress(
    *, by: Actor, report: ProgressReport, is_accepted: bool, remark: str, on: date, expected_version: int | None = None
) -> ProgressReport:
    """Accept a progress report, or return it with what is missing."""
    if Role.SPECIALIST not in roles_on(by, report):
        raise Forbidden("Chỉ chuyên viên quản lý khoa học được kiểm tra báo cáo.")
    if not is_accepted and not remark.strip():
        raise Refused("Ghi rõ nội dung cần bổ sung.", field="remark")
    with transaction.atomic():
        report.claim(expected_version)
        report.is_accepted, report.remark = is_accepted, remark.strip()
        report.checked_on, report.checked_by_id = on, by.user_id
        report.save()
        event = "accept_report" if is_accepted else "return_report"
        follow(by=by, subject=report.task, machine=MONITORING, event=event, on=on, note=remark.strip())
        record(by=by, verb="progress.check", subject=report, after={"is_accepted": is_accepted, "remark": remark})
    return report


def stop_funding_of_silent_hosts(*, by: Actor, on: date) -> list[Task]:
    """Stop the money of tasks whose host missed as many reports as the rule allows; a daily job. Returns them."""
    stopped: list[Task] = []
    candidates = Task.objects.filter(
        funding_stopped_on=None, state__in=["contracted", "running"], obligations__due_on__lt=on
    ).select_related("rule_set")
    for task in candidates.distinct():
        owed = task.obligations.filter(waived=False).select_related("report")
        limit = int(parameters_of(task.rule_set, on=on, keys=("report.missed_limit",))["report.missed_limit"])
        deliveries = [
            Delivery(item.due_on, getattr(getattr(item, "report", None), "submitted_on", None)) for item in owed
        ]
        verdict = discipline(deliveries, today=on, missed_limit=limit)
        if not verdict.funding_stops:
            continue
        with transaction.atomic():
            task.claim(None)
            task.funding_stopped_on = on
            task.save()
            record(by=by, verb="task.stop_funding", subject=task, after={"missed": verdict.missed})
        stopped.append(task)
    return stopped


def resume_funding(*, by: Actor, task: Task, reason: str, on: date) -> Task:
    """Give the money of a task free again, with the reason."""
    if not roles_on(by, task) & {Role.DIRECTOR, Role.LEADER}:
        raise Forbidden("Chỉ lãnh đạo được cho cấp lại kinh phí.")
    if not reason.strip():
        raise Refused("Ghi rõ lý do cấp lại kinh phí.", field="reason")
    with transaction.atomic():
        task.claim(None)
        task.funding_stopped_on = None
        task.save()
        record(by=by, verb="task.resume_funding", subject=task, after={"reason": reason, "on": on})
    return task


def plan_inspection(*, by: Actor, task: Task, kind: str, notified_on: date, held_on: date) -> Inspection:
    """Announce a visit to a task."""
    if not roles_on(by, task) & {Role.SPECIALIST, Role.HEAD, Role.DIRECTOR, Role.ACCOUNTANT}:
        raise Forbidden("Chỉ cơ quan quản lý được lập kế hoạch kiểm tra.")
    if held_on < notified_on:
        raise Refused("Ngày kiểm tra phải sau ngày thông báo.", field="held_on")
    with transaction.atomic():
        inspection = Inspection.objects.create(task=task, kind=kind, notified_on=notified_on, held_on=held_on)
        follow(by=by, subject=task, machine=MONITORING, event="plan_inspection", on=notified_on)
        record(by=by, verb="inspection.plan", subject=inspection, after={"held_on": held_on, "kind": kind})
    return inspection


def record_inspection(
    *,
    by: Actor,
    inspection: Inspection,
    findings: str,
    conclusion: str,
    recommendations: str,
    expected_version: int | None = None,
) -> Inspection:
    """Write the minutes of a visit; volume and funds are confirmed afterwards by two different people."""
    if not roles_on(by, inspection) & {Role.SPECIALIST, Role.HEAD, Role.ACCOUNTANT}:
        raise Forbidden("Chỉ đoàn kiểm tra của cơ quan quản lý được ghi biên bản.")
    if not conclusion.strip():
        raise Refused("Ghi kết luận kiểm tra.", field="conclusion")
    with transaction.atomic():
        inspection.claim(expected_version)
        inspection.findings, inspection.conclusion = findings.strip(), conclusion.strip()
        inspection.recommendations = recommendations.strip()
        inspection.save()
        for key in ("inspection.volume", "inspection.funds"):
            log_clock_start(subject=inspection, key=key, on=inspection.held_on)
        follow(
            by=by, subject=inspection.task, machine=MONITORING, event="record_inspection", on=inspection.held_on,
            note=conclusion.strip(),
        )  # fmt: skip
        record(by=by, verb="inspection.record", subject=inspection, after={"conclusion": conclusion})
    return inspection


def confirm_volume(*, by: Actor, inspection: Inspection, percent: int, on: date) -> Inspection:
    """Confirm the volume of work (B-1); never by who confirmed the use of money on this task."""
    if Role.SPECIALIST not in roles_on(by, inspection):
        raise Forbidden("Chỉ chuyên viên quản lý khoa học được xác nhận khối lượng (B-1).")
    if not 0 <= percent <= 100:
        raise Refused("Khối lượng tính theo phần trăm, từ 0 đến 100.", field="percent")
    with transaction.atomic():
        inspection.claim(None)
        confirmed_funds = inspection.task.inspections.filter(funds_confirmed_by_id=by.user_id).exists()
        if by.user_id is not None and confirmed_funds:
            raise Forbidden("Người đã xác nhận kinh phí (B-2) không được xác nhận khối lượng (B-1) của cùng nhiệm vụ.")
        inspection.percent_confirmed, inspection.volume_confirmed_on = percent, on
        inspection.volume_confirmed_by_id = by.user_id
        inspection.save()
        stop_running_clock(subject=inspection, key="inspection.volume", on=on)
        record(by=by, verb="inspection.confirm_volume", subject=inspection, after={"percent": percent})
    return inspection


def confirm_funds(*, by: Actor, inspection: Inspection, amount_vnd: int, on: date) -> Inspection:
    """Confirm the use of money (B-2) by the accountant; never by who confirmed the volume on this task."""
    if Role.ACCOUNTANT not in roles_on(by, inspection):
        raise Forbidden("Chỉ kế toán của đơn vị quản lý kinh phí được xác nhận kinh phí (B-2).")
    if amount_vnd < 0:
        raise Refused("Kinh phí xác nhận không được âm.", field="amount_vnd")
    with transaction.atomic():
        inspection.claim(None)
        confirmed_volume = inspection.task.inspections.filter(volume_confirmed_by_id=by.user_id).exists()
        if by.user_id is not None and confirmed_volume:
            raise Forbidden("Người đã xác nhận khối lượng (B-1) không được xác nhận kinh phí (B-2) của cùng nhiệm vụ.")
        inspection.funds_confirmed_vnd, inspection.funds_confirmed_on = amount_vnd, on
        inspection.funds_confirmed_by_id = by.user_id
        inspection.save()
        stop_running_clock(subject=inspection, key="inspection.funds", on=on)
        record(by=by, verb="inspection.confirm_funds", subject=inspection, after={"amount_vnd": amount_vnd})
    return inspection


def record_compliance(*, by: Actor, inspection: Inspection, text: str, is_complied: bool) -> Inspection:
    """Say how the recommendations of a visit were followed."""
    if not roles_on(by, inspection) & {Role.SPECIALIST, Role.HEAD}:
        raise Forbidden("Chỉ cơ quan quản lý được ghi tình hình chấp hành.")
    with transaction.atomic():
        inspection.claim(None)
        inspection.compliance, inspection.is_complied = text.strip(), is_complied
        inspection.save()
        record(by=by, verb="inspection.compliance", subject=inspection, after={"is_complied": is_complied})
    return inspection
