"""Inspections of agencies by the standing body: planned, checked, concluded, remedied, reported."""

from datetime import date

from django.db import transaction
from django.urls import reverse

from khcn.domains.qms.choices import Duty, InspectionMode, InspectionState, NonconformitySource, Severity
from khcn.domains.qms.errors import DutiesConflict, NotYetProven, StepNotOpen, TooEarly
from khcn.domains.qms.models import Inspection, InspectionFinding, QualitySystem
from khcn.domains.qms.permissions import OVERSEERS, require_duty
from khcn.domains.qms.services import steps
from khcn.domains.qms.services.nonconformities import note_nonconformity
from khcn.kernel.audit.services import record
from khcn.kernel.documents.services import next_number
from khcn.kernel.notices.choices import NoticeKind
from khcn.kernel.notices.services import notify, settle
from khcn.kernel.orgs.models import Organisation
from khcn.kernel.orgs.permissions import require_role
from khcn.kernel.orgs.queries import holders_of
from khcn.lib.actor import Actor
from khcn.lib.roles import Role
from khcn.web.fields import claim_seen

MACHINE = "inspection"


def plan_inspection(
    *, by: Actor, system: QualitySystem, inspector: Organisation, mode: InspectionMode, decision_number: str,
    planned_on: date, team: str = "",
) -> Inspection:  # fmt: skip
    """Plan an inspection for a working day; a body does not inspect itself."""
    require_role(by, *OVERSEERS)
    if inspector.pk == system.organisation_id:
        raise DutiesConflict("Cơ quan không tự kiểm tra mình; dùng đánh giá nội bộ.", field="system")
    steps.require_working_day(planned_on, "planned_on")
    with transaction.atomic():
        number = next_number(series="qms.KT", year=planned_on.year, organisation=inspector)
        found = Inspection.objects.create(
            system=system, inspector=inspector, code=f"KT-{planned_on.year}-{number:03d}", year=planned_on.year,
            mode=mode, planned_on=planned_on, team=team,
            decision_number=steps.require_text(decision_number, "Ghi số kế hoạch, quyết định.", "decision_number"),
        )  # fmt: skip
        record(by=by, verb="qms.plan_inspection", subject=found, after={"mode": mode, "planned_on": planned_on})
        _tell(found, f"Kiểm tra hệ thống quản lý chất lượng ngày {planned_on:%d/%m/%Y}", by.on)
    return found


def begin_check(*, by: Actor, inspection: Inspection, expected_version: int | None = None) -> Inspection:
    """Begin checking."""
    with transaction.atomic():
        step = steps.begin(by=by, record=inspection, machine=MACHINE, event="check", expected_version=expected_version)
        steps.finish(by=by, record=inspection, machine=MACHINE, step=step, checked_on=by.on)
    return inspection


def add_inspection_finding(
    *, by: Actor, inspection: Inspection, content: str, severity: Severity, due_on: date, clause: str = ""
) -> InspectionFinding:
    """Write down what is wrong, with the day by which it must be mended."""
    require_role(by, *OVERSEERS)
    if inspection.state != InspectionState.CHECKING:
        raise StepNotOpen("Chỉ ghi tồn tại khi đang kiểm tra.")
    if due_on < by.on:
        raise TooEarly("Hạn khắc phục không thể trước hôm nay.", field="due_on")
    with transaction.atomic():
        found = InspectionFinding.objects.create(
            inspection=inspection, severity=severity, due_on=due_on, clause=clause,
            content=steps.require_text(content, "Ghi nội dung tồn tại.", "content"),
        )  # fmt: skip
        record(by=by, verb="qms.inspection_finding", subject=inspection, after={"content": content})
    return found


def conclude_inspection(
    *, by: Actor, inspection: Inspection, conclusion: str, expected_version: int | None = None
) -> Inspection:
    """Conclude; each finding becomes a nonconformity of the agency."""
    with transaction.atomic():
        step = steps.begin(
            by=by, record=inspection, machine=MACHINE, event="conclude", expected_version=expected_version
        )
        text = steps.require_text(conclusion, "Ghi kết luận kiểm tra.", "conclusion")
        for index, row in enumerate(inspection.findings.filter(nonconformity=None), 1):
            row.nonconformity = note_nonconformity(
                by=by, system=inspection.system, source=NonconformitySource.INSPECTION,
                severity=Severity(row.severity), title=row.content[:300], description=row.content, clause=row.clause,
                trigger=f"inspection:{inspection.uid}:{index}",
            )  # fmt: skip
            row.save(update_fields=["nonconformity"])
        steps.finish(by=by, record=inspection, machine=MACHINE, step=step, conclusion=text)
        _tell(inspection, f"Khắc phục theo kết luận {inspection.code}", by.on)
    return inspection


def report_remedy(
    *, by: Actor, finding: InspectionFinding, remedy: str, expected_version: int | None = None
) -> InspectionFinding:
    """The agency says how a finding was mended."""
    inspection = finding.inspection
    require_duty(by, inspection.system, Duty.SECRETARY, Duty.HEAD)
    if inspection.state != InspectionState.REMEDYING:
        raise StepNotOpen("Chỉ báo cáo khắc phục sau khi có kết luận kiểm tra.")
    with transaction.atomic():
        claim_seen(finding, expected_version, {"remedy": remedy.strip()})
        finding.remedy = steps.require_text(remedy, "Ghi kết quả khắc phục.", "remedy")
        finding.remedied_on = by.on
        finding.save(update_fields=["remedy", "remedied_on"])
        record(by=by, verb="qms.report_remedy", subject=inspection, after={"finding": finding.content[:200]})
    return finding


def report_inspection(*, by: Actor, inspection: Inspection, expected_version: int | None = None) -> Inspection:
    """Report to the province, once everything is mended."""
    with transaction.atomic():
        step = steps.begin(by=by, record=inspection, machine=MACHINE, event="report", expected_version=expected_version)
        left = inspection.findings.filter(remedied_on=None).count()
        if left:
            raise NotYetProven(f"Còn {left} tồn tại chưa khắc phục.")
        steps.finish(by=by, record=inspection, machine=MACHINE, step=step, reported_on=by.on)
        settle(subject=inspection)
    return inspection


def _tell(inspection: Inspection, title: str, on: date) -> None:
    agency = inspection.system.organisation_id
    users = [
        user
        for role in (Role.ISO_SECRETARY, Role.AGENCY_HEAD)
        for user in holders_of(str(role), on=on, organisation_id=agency)
    ]
    notify(
        recipients=users, kind=NoticeKind.DO, title=title, subject=inspection, due_on=inspection.planned_on,
        url=reverse("qms_inspection_page", args=[inspection.uid]),
    )  # fmt: skip
