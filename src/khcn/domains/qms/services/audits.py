"""Internal audits: the risk-weighted programme, plans with teams from other units, drawn samples, findings, reports."""

import secrets
from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction
from django.urls import reverse

from khcn.domains.qms.choices import (
    AuditState,
    CertificateKind,
    Duty,
    FindingKind,
    NonconformitySource,
    ProgrammeState,
    Severity,
)
from khcn.domains.qms.errors import DutiesConflict, NotYetProven, StepNotOpen, TooEarly
from khcn.domains.qms.models import (
    Audit,
    AuditProgramme,
    AuditTeam,
    Certificate,
    ChecklistItem,
    ControlledDocument,
    Membership,
    ProgrammeLine,
    QualitySystem,
    Unit,
)
from khcn.domains.qms.permissions import require_duty
from khcn.domains.qms.queries.audits import audit_needs, clause_questions
from khcn.domains.qms.queries.dossiers import population
from khcn.domains.qms.queries.parameters import number_on
from khcn.domains.qms.rules.audit_weights import month_for, reasons, weight
from khcn.domains.qms.rules.sampling import draw, population_digest
from khcn.domains.qms.services import steps
from khcn.domains.qms.services.nonconformities import note_nonconformity
from khcn.kernel.audit.services import record
from khcn.kernel.notices.choices import NoticeKind
from khcn.kernel.notices.services import notify, settle
from khcn.kernel.orgs.models import User
from khcn.lib.actor import Actor
from khcn.lib.failure import Refused
from khcn.web.fields import claim_seen

SYSTEM_CLAUSES = "4.1, 4.2, 4.3, 5.2, 6.1, 6.2, 7.2, 7.5, 9.3, 10.2"
PROCEDURE_CLAUSES = "7.5, 8.1, 8.5, 8.6"
CASE_CLAUSES = ("8.1", "8.5", "8.6", "8.7")


def draft_programme(*, by: Actor, system: QualitySystem, year: int) -> AuditProgramme:
    """Begin the year's programme: a line per procedure in effect, weighted, and one for the system itself."""
    require_duty(by, system, Duty.SECRETARY)
    if AuditProgramme.objects.filter(system=system, year=year).exists():
        raise Refused(f"Đã có chương trình đánh giá năm {year}.", field="year")
    units = list(Unit.objects.filter(system=system, valid_to=None))
    if not units:
        raise NotYetProven("Khai báo các phòng, bộ phận của cơ quan trước khi lập chương trình.")
    with transaction.atomic():
        programme = AuditProgramme.objects.create(system=system, year=year, drafted_by_id=by.user_id)
        weighted = [(weight(need), need, document) for document, need in audit_needs(system, on=by.on)]
        weighted.sort(key=lambda item: (-item[0], item[2].code))
        lines = [
            ProgrammeLine(
                programme=programme, unit=document.unit or units[0], document=document,
                clauses=document.clauses or PROCEDURE_CLAUSES, weight=found, why=reasons(need),
                month=month_for(found, position, len(weighted)),
            )
            for position, (found, need, document) in enumerate(weighted)
        ]  # fmt: skip
        lines.append(
            ProgrammeLine(
                programme=programme, unit=units[0], clauses=SYSTEM_CLAUSES, month=10, weight=30,
                why="các yêu cầu chung của hệ thống, mỗi năm một lần",
            )
        )  # fmt: skip
        ProgrammeLine.objects.bulk_create(lines)
        record(by=by, verb="qms.draft_programme", subject=programme, after={"lines": len(lines)})
    return programme


def change_line(
    *, by: Actor, programme: AuditProgramme, unit: Unit, clauses: str, month: int, why: str = "",
    document: ControlledDocument | None = None, line: ProgrammeLine | None = None, weight_of_line: int = 0,
) -> ProgrammeLine:  # fmt: skip
    """Add a line to a draft programme, or change one."""
    require_duty(by, programme.system, Duty.SECRETARY)
    _require_draft(programme)
    with transaction.atomic():
        changed = line or ProgrammeLine(programme=programme)
        changed.unit, changed.document, changed.clauses, changed.month = unit, document, clauses, month
        changed.why, changed.weight = why, weight_of_line
        changed.save()
        record(by=by, verb="qms.change_line", subject=programme, after={"line": str(changed), "month": month})
    return changed


def remove_line(*, by: Actor, line: ProgrammeLine) -> None:
    """Take a line out of a draft programme."""
    require_duty(by, line.programme.system, Duty.SECRETARY)
    _require_draft(line.programme)
    with transaction.atomic():
        record(by=by, verb="qms.remove_line", subject=line.programme, before={"line": str(line)})
        line.delete()


def submit_programme(*, by: Actor, programme: AuditProgramme, expected_version: int | None = None) -> AuditProgramme:
    """Hand the programme to the head."""
    with transaction.atomic():
        step = steps.begin(
            by=by, record=programme, machine="audit_programme", event="submit", expected_version=expected_version
        )
        if not programme.lines.exists():
            raise NotYetProven("Chương trình chưa có dòng nào.")
        steps.finish(by=by, record=programme, machine="audit_programme", step=step)
    return programme


def return_programme(
    *, by: Actor, programme: AuditProgramme, reason: str, expected_version: int | None = None
) -> AuditProgramme:
    """Send it back."""
    with transaction.atomic():
        step = steps.begin(
            by=by, record=programme, machine="audit_programme", event="return", expected_version=expected_version,
            note=reason,
        )  # fmt: skip
        steps.finish(by=by, record=programme, machine="audit_programme", step=step, note=reason)
    return programme


def approve_programme(*, by: Actor, programme: AuditProgramme, expected_version: int | None = None) -> AuditProgramme:
    """Approve it: the head, and not whoever drew it up."""
    with transaction.atomic():
        step = steps.begin(
            by=by, record=programme, machine="audit_programme", event="approve", expected_version=expected_version
        )
        if by.user_id is not None and by.user_id == programme.drafted_by_id:
            raise DutiesConflict("Người lập chương trình không được tự phê duyệt.")
        steps.finish(
            by=by, record=programme, machine="audit_programme", step=step, approved_by_id=by.user_id, approved_on=by.on
        )
    return programme


def plan_audit(
    *, by: Actor, programme: AuditProgramme, lines: Sequence[ProgrammeLine], auditee: Unit, starts_on: date,
    ends_on: date, scope: str, criteria: str, team: Sequence[Membership], lead: Membership, sample_size: int = 5,
    timetable: str = "",
) -> Audit:  # fmt: skip
    """Plan an audit of lines of an approved programme; a seed is drawn now, the sample later from what then exists.

    It begins and ends on working days.
    """
    require_duty(by, programme.system, Duty.SECRETARY, Duty.AUDITOR)
    if programme.state != ProgrammeState.APPROVED:
        raise StepNotOpen("Chương trình năm chưa được phê duyệt.")
    if not lines:
        raise NotYetProven("Chọn ít nhất một nội dung của chương trình.", field="lines")
    if ends_on < starts_on:
        raise TooEarly("Ngày kết thúc không thể trước ngày bắt đầu.", field="ends_on")
    steps.require_working_day(starts_on, "starts_on")
    steps.require_working_day(ends_on, "ends_on")
    _require_fit_team(team, auditee, starts_on)
    if lead not in team:
        raise Refused("Trưởng đoàn phải là thành viên của đoàn.", field="lead")
    with transaction.atomic():
        audit = Audit.objects.create(
            system=programme.system, code=steps.numbered(programme.system, "ĐGNB", by.on), programme=programme,
            auditee=auditee, scope=scope, criteria=criteria, starts_on=starts_on, ends_on=ends_on,
            seed=secrets.randbits(48), sample_size=sample_size, timetable=timetable.strip(),
        )  # fmt: skip
        audit.lines.set(lines)
        AuditTeam.objects.bulk_create(
            [AuditTeam(audit=audit, member=member, is_lead=member == lead) for member in team]
        )
        record(by=by, verb="qms.plan_audit", subject=audit, after={"seed": audit.seed, "auditee": auditee.name})
    return audit


def notify_audit(*, by: Actor, audit: Audit, expected_version: int | None = None) -> Audit:
    """Tell the audited unit, so many days before; the team's fitness is checked again."""
    with transaction.atomic():
        step = steps.begin(by=by, record=audit, machine="audit", event="notify", expected_version=expected_version)
        days = number_on("audit_notice_days", by.on)
        if by.on + timedelta(days=days) > audit.starts_on:
            raise TooEarly(f"Phải thông báo trước ngày đánh giá ít nhất {days} ngày. Dời ngày đánh giá rồi thông báo.")
        members = [row.member for row in audit.team.select_related("member__person", "member__unit")]
        _require_fit_team(members, audit.auditee, audit.starts_on)
        steps.finish(by=by, record=audit, machine="audit", step=step, notified_on=by.on)
        people = Membership.objects.valid_on(by.on).filter(unit=audit.auditee).values("person")  # type: ignore[attr-defined]
        team = [member.person_id for member in members]
        for users in (User.objects.filter(person__in=people), User.objects.filter(person__in=team)):
            notify(
                recipients=users.filter(is_active=True), kind=NoticeKind.INFORM, url=_address(audit), subject=audit,
                title=f"Đánh giá nội bộ {audit.auditee} từ {audit.starts_on:%d/%m/%Y}", due_on=audit.starts_on,
            )  # fmt: skip
    return audit


def prepare_checklist(*, by: Actor, audit: Audit) -> list[ChecklistItem]:
    """Draw the sample of real dossiers and write the questions: clause × procedure × dossier. Repeatable until start.

    The population: dossiers of the audited procedures that the agency worked on in the twelve months before the audit.
    """
    require_duty(by, audit.system, Duty.SECRETARY, Duty.OWNER, record=audit)
    if audit.state not in (AuditState.PLANNED, AuditState.NOTIFIED):
        raise StepNotOpen("Bảng câu hỏi chỉ lập trước khi bắt đầu đánh giá.")
    questions = clause_questions(audit.system)
    last = audit.starts_on - timedelta(days=1)
    first = last - timedelta(days=365)
    with transaction.atomic():
        audit.claim(None)
        audit.items.all().delete()
        items: list[ChecklistItem] = []
        everything: list[str] = []
        for line in audit.lines.select_related("document"):
            clauses = [clause.strip() for clause in line.clauses.split(",") if clause.strip()]
            for clause in clauses:
                items.append(_item(audit, items, clause, line.document, questions))
            if line.document is None or not line.document.procedure_code:
                continue
            found = population(
                organisation_id=audit.system.organisation_id, procedure_code=line.document.procedure_code, first=first,
                last=last,
            )  # fmt: skip
            everything += found
            for index, code in enumerate(draw(list(found), size=audit.sample_size, seed=audit.seed)):
                clause = CASE_CLAUSES[index % len(CASE_CLAUSES)]
                item = _item(audit, items, clause, line.document, questions)
                item.case_uid, item.case_code = found[code], code
                items.append(item)
        ChecklistItem.objects.bulk_create(items)
        audit.population, audit.population_digest = len(set(everything)), population_digest(everything)
        audit.save()
        record(
            by=by, verb="qms.prepare_checklist", subject=audit,
            after={"items": len(items), "population": audit.population, "digest": audit.population_digest},
        )  # fmt: skip
    return items


def add_question(
    *, by: Actor, audit: Audit, clause: str, question: str, document: ControlledDocument | None = None
) -> ChecklistItem:
    """Add a point that came up on the spot."""
    require_duty(by, audit.system, Duty.OWNER, record=audit)
    if audit.state not in (AuditState.NOTIFIED, AuditState.RUNNING):
        raise StepNotOpen("Chỉ thêm câu hỏi trước hoặc trong khi đánh giá.")
    with transaction.atomic():
        item = ChecklistItem.objects.create(
            audit=audit, ordinal=audit.items.count() + 1, clause=clause, document=document,
            question=steps.require_text(question, "Ghi câu hỏi.", "question"),
        )  # fmt: skip
        record(by=by, verb="qms.add_question", subject=audit, after={"clause": clause, "question": question})
    return item


def start_audit(*, by: Actor, audit: Audit, expected_version: int | None = None) -> Audit:
    """Begin, once there is something to look at and the day has come."""
    with transaction.atomic():
        step = steps.begin(by=by, record=audit, machine="audit", event="start", expected_version=expected_version)
        if not audit.items.exists():
            raise NotYetProven("Lấy mẫu hồ sơ và lập bảng câu hỏi trước.")
        if by.on < audit.starts_on:
            raise TooEarly(f"Đợt đánh giá bắt đầu từ {audit.starts_on:%d/%m/%Y}.")
        steps.finish(by=by, record=audit, machine="audit", step=step)
    return audit


def record_finding(
    *, by: Actor, item: ChecklistItem, finding: FindingKind, evidence: str, statement: str = "",
    expected_version: int | None = None,
) -> ChecklistItem:  # fmt: skip
    """Write what was found on a point: an auditor of the team, while the audit runs; corrected until the report."""
    require_duty(by, item.audit.system, Duty.OWNER, record=item.audit)
    if item.audit.state != AuditState.RUNNING:
        raise StepNotOpen("Chỉ ghi phát hiện khi đợt đánh giá đang diễn ra.")
    proof = steps.require_text(evidence, "Ghi bằng chứng đã xem.", "evidence")
    if finding in (FindingKind.MINOR, FindingKind.MAJOR):
        steps.require_text(statement, "Nêu rõ yêu cầu nào không được đáp ứng.", "statement")
    with transaction.atomic():
        claim_seen(item, expected_version, {"finding": finding, "evidence": proof, "statement": statement.strip()})
        before = {"finding": item.finding}
        item.finding, item.evidence, item.statement = finding, proof, statement.strip()
        item.found_by_id, item.found_on = by.user_id, by.on
        item.save()
        record(
            by=by,
            verb="qms.record_finding",
            subject=item.audit,
            before=before,
            after={"item": item.ordinal, "finding": finding},
        )
    return item


def report_audit(*, by: Actor, audit: Audit, conclusion: str, expected_version: int | None = None) -> Audit:
    """Report: every point concluded; each minor or major finding becomes a nonconformity of the agency."""
    with transaction.atomic():
        step = steps.begin(by=by, record=audit, machine="audit", event="report", expected_version=expected_version)
        left = audit.items.filter(finding="").count()
        if left:
            raise NotYetProven(f"Còn {left} điểm chưa kết luận.")
        text = steps.require_text(conclusion, "Ghi kết luận của đoàn.", "conclusion")
        faults = audit.items.filter(finding__in=[FindingKind.MINOR, FindingKind.MAJOR], nonconformity=None)
        for item in faults.select_related("document"):
            item.nonconformity = note_nonconformity(
                by=by, system=audit.system, source=NonconformitySource.AUDIT,
                severity=Severity.MAJOR if item.finding == FindingKind.MAJOR else Severity.MINOR,
                title=item.statement[:300], clause=item.clause, document=item.document, unit=audit.auditee,
                description=f"{audit.code}, điểm {item.ordinal}: {item.statement}\nBằng chứng: {item.evidence}"
                + (f"\nHồ sơ: {item.case_code}" if item.case_code else ""),
                trigger=f"audit:{audit.uid}:{item.ordinal}",
            )  # fmt: skip
            item.save(update_fields=["nonconformity"])
        steps.finish(by=by, record=audit, machine="audit", step=step, conclusion=text, reported_on=by.on)
    return audit


def close_audit(*, by: Actor, audit: Audit, expected_version: int | None = None) -> Audit:
    """Close, once every fault found has its nonconformity."""
    with transaction.atomic():
        step = steps.begin(by=by, record=audit, machine="audit", event="close", expected_version=expected_version)
        faults = audit.items.filter(finding__in=[FindingKind.MINOR, FindingKind.MAJOR], nonconformity=None)
        if faults.exists():
            raise NotYetProven("Còn phát hiện không phù hợp chưa lập phiếu.")
        steps.finish(by=by, record=audit, machine="audit", step=step, closed_on=by.on)
        settle(subject=audit)
    return audit


def cancel_audit(*, by: Actor, audit: Audit, reason: str, expected_version: int | None = None) -> Audit:
    """Cancel one that will not be held."""
    with transaction.atomic():
        step = steps.begin(
            by=by, record=audit, machine="audit", event="cancel", expected_version=expected_version, note=reason
        )
        steps.finish(by=by, record=audit, machine="audit", step=step, note=reason)
        settle(subject=audit)
    return audit


def _item(
    audit: Audit, before: Sequence[ChecklistItem], clause: str, document: ControlledDocument | None,
    questions: dict[str, str],
) -> ChecklistItem:  # fmt: skip
    question = questions.get(clause) or f"Yêu cầu của điều {clause} được thực hiện ra sao?"
    return ChecklistItem(audit=audit, ordinal=len(before) + 1, clause=clause, document=document, question=question)


def _require_draft(programme: AuditProgramme) -> None:
    if programme.state != ProgrammeState.DRAFT:
        raise StepNotOpen("Chương trình đã trình duyệt nên không sửa được. Đề nghị người đứng đầu trả lại trước.")


def _require_fit_team(team: Sequence[Membership], auditee: Unit, on: date) -> None:
    if not team:
        raise NotYetProven("Đoàn đánh giá chưa có ai.", field="team")
    for member in team:
        if member.unit_id == auditee.pk:
            raise DutiesConflict(f"{member.person} thuộc bộ phận được đánh giá nên không được vào đoàn.", field="team")
        certified = Certificate.objects.filter(
            system_id=member.system_id, person_id=member.person_id, kind=CertificateKind.INTERNAL_AUDITOR,
            issued_on__lte=on,
        ).exclude(valid_until__lt=on)  # fmt: skip
        if not certified.exists():
            raise NotYetProven(f"{member.person} chưa có chứng chỉ đánh giá nội bộ còn giá trị.", field="team")


def _address(audit: Audit) -> str:
    return reverse("qms_audit_page", args=[audit.uid])
