"""Duties of the plan: a unit says what it did, the standing body says what it thinks of it; both are kept."""

from datetime import date

from django.db import transaction

from khcn.domains.programme.choices import AssignmentState
from khcn.domains.programme.errors import NotNow
from khcn.domains.programme.models import Assignment, AssignmentReport
from khcn.domains.programme.queries.addresses import address_of
from khcn.domains.programme.queries.assignments import carried_by
from khcn.kernel.audit.services import record
from khcn.kernel.notices.choices import NoticeKind
from khcn.kernel.notices.services import notify, settle
from khcn.kernel.orgs.models import Organisation
from khcn.kernel.orgs.permissions import require_role
from khcn.kernel.orgs.queries import holders_of, staff_of
from khcn.lib.actor import Actor
from khcn.lib.failure import Forbidden, Refused
from khcn.lib.roles import Role

APPRAISERS = (Role.SPECIALIST, Role.HEAD, Role.DIRECTOR)


def report_duty(
    *, by: Actor, assignment: Assignment, organisation: Organisation, state: AssignmentState, result: str, on: date
) -> AssignmentReport:
    """A unit reports what it did of a duty and how it judges that itself; earlier reports stay.

    organisation: named by the plan, or the successor of one that is. Raises Forbidden for another unit's duty.
    """
    carriers = {body.pk for body in carried_by(by, assignment)}
    if not by.is_system and organisation.pk not in carriers:
        raise Forbidden("Chỉ báo cáo được phần việc giao cho đơn vị của mình.")
    if not result.strip():
        raise Refused("Ghi kết quả thực hiện.", field="result")
    if state is AssignmentState.OVERDUE and (assignment.due_on is None or assignment.due_on >= on):
        raise Refused("Việc này chưa quá hạn; chọn mức tự đánh giá khác.", field="state")
    with transaction.atomic():
        report = AssignmentReport.objects.create(
            assignment=assignment, organisation=organisation, reported_on=on, state=state, result=result.strip()
        )
        record(by=by, verb="assignment.report", subject=report, after={"state": state, "on": on})
        notify(
            recipients=holders_of(Role.SPECIALIST, on=on), kind=NoticeKind.DO, subject=report,
            url=address_of(assignment), title=f"Đánh giá kết quả phân công của {organisation.name}",
        )  # fmt: skip
    return report


def appraise_duty(
    *,
    by: Actor,
    report: AssignmentReport,
    appraisal: AssignmentState,
    note: str,
    on: date,
    expected_version: int | None = None,
) -> AssignmentReport:
    """The standing body's judgement of a unit's report; differing from the unit's own needs a word of explanation."""
    require_role(by, *APPRAISERS)
    if report.organisation_id in by.organisation_ids and not by.holds(Role.DIRECTOR, Role.LEADER):
        raise Forbidden("Kết quả phân công của chính cơ quan mình do lãnh đạo đánh giá.")
    if not note.strip() and appraisal != report.state:
        raise Refused("Ghi nhận xét khi đánh giá khác với đơn vị tự đánh giá.", field="note")
    newest = report.assignment.reports.filter(organisation=report.organisation).first()
    if newest is not None and newest.pk != report.pk:
        raise NotNow("Đơn vị đã có báo cáo mới hơn; đánh giá báo cáo mới nhất.")
    with transaction.atomic():
        report.claim(expected_version, {"appraisal": appraisal, "appraisal_note": note.strip()})
        report.appraisal, report.appraisal_note = appraisal, note.strip()
        report.save()
        settle(subject=report)
        record(by=by, verb="assignment.appraise", subject=report, after={"appraisal": appraisal, "note": note.strip()})
        notify(
            recipients=staff_of(report.organisation, on=on), kind=NoticeKind.INFORM, subject=report,
            url=address_of(report.assignment), title="Sở đã đánh giá kết quả phân công",
        )  # fmt: skip
    return report
