"""Announcements of conformity: drafted with a frozen list of procedures, confirmed by the head, published, replaced."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from khcn.domains.qms.choices import AnnouncementState, AuditState, Duty, NonconformityState, ReviewState, Severity
from khcn.domains.qms.errors import NotYetProven, StepNotOpen, TooEarly
from khcn.domains.qms.models import Announcement, Audit, ManagementReview, Nonconformity, QualitySystem
from khcn.domains.qms.permissions import require_duty
from khcn.domains.qms.queries.papers import announcement_paper
from khcn.domains.qms.queries.scope import procedures_in_scope, published_announcement
from khcn.domains.qms.services import steps
from khcn.domains.qms.services.documents import tell_of_scope
from khcn.kernel.audit.services import record
from khcn.kernel.documents.choices import DocumentKind
from khcn.kernel.documents.errors import SignatureRefused
from khcn.kernel.documents.queries import verify_pdf
from khcn.kernel.documents.services import register_document, sign_document
from khcn.lib.actor import Actor
from khcn.lib.text import fold
from khcn.standards.pades import PdfRefused
from khcn.web.uploads import PDF, check_upload

MACHINE = "announcement"
PROVEN_WITHIN = timedelta(days=366)


def draft_announcement(*, by: Actor, system: QualitySystem) -> Announcement:
    """Begin an announcement with the procedures in effect today; one draft at a time."""
    require_duty(by, system, Duty.SECRETARY)
    open_states = [AnnouncementState.DRAFTED, AnnouncementState.CONFIRMED]
    if Announcement.objects.filter(system=system, state__in=open_states).exists():
        raise StepNotOpen("Đang có một bản công bố chưa xong. Hoàn tất bản đó trước.")
    procedures = procedures_in_scope(system)
    if not procedures:
        raise NotYetProven("Chưa có quy trình nào đang hiệu lực để công bố.")
    if not system.scope.strip():
        raise NotYetProven("Ghi phạm vi áp dụng của hệ thống trước khi công bố.")
    with transaction.atomic():
        found = Announcement.objects.create(
            system=system, standard=system.standard, scope=system.scope, drafted_by_id=by.user_id,
            is_renewal=published_announcement(system) is not None,
            procedures=[
                {"code": row.document.code, "title": row.document.title, "issue": row.issue_no,
                 "revision": row.revision_no, "procedure_code": row.document.procedure_code}
                for row in procedures
            ],
        )  # fmt: skip
        record(by=by, verb="qms.draft_announcement", subject=found, after={"procedures": len(procedures)})
    return found


def confirm_announcement(*, by: Actor, announcement: Announcement, expected_version: int | None = None) -> Announcement:
    """The head confirms that the system works: audited and reviewed within a year, no major fault past its deadline."""
    system = announcement.system
    with transaction.atomic():
        step = steps.begin(
            by=by, record=announcement, machine=MACHINE, event="confirm", expected_version=expected_version
        )
        since = by.on - PROVEN_WITHIN
        if not Audit.objects.filter(system=system, state=AuditState.CLOSED, closed_on__gte=since).exists():
            raise NotYetProven("Chưa có đợt đánh giá nội bộ nào kết thúc trong 12 tháng qua.")
        signed = [ReviewState.MINUTES_SIGNED, ReviewState.FOLLOWED_UP]
        if not ManagementReview.objects.filter(system=system, state__in=signed, held_on__gte=since).exists():
            raise NotYetProven("Chưa có cuộc xem xét của lãnh đạo nào được ký trong 12 tháng qua.")
        late = [
            row.code
            for row in Nonconformity.objects.filter(system=system, severity=Severity.MAJOR, finished_on=None).exclude(
                state__in=[NonconformityState.CLOSED, NonconformityState.CANCELLED]
            )
            if row.deadline is not None and row.deadline < by.on
        ]
        if late:
            raise NotYetProven(f"Còn sự không phù hợp nặng quá hạn: {', '.join(late)}.")
        steps.finish(
            by=by, record=announcement, machine=MACHINE, step=step, confirmed_by_id=by.user_id, confirmed_on=by.on
        )
    return announcement


def publish_announcement(
    *, by: Actor, announcement: Announcement, number: str, effective_from: date, content: bytes = b"",
    filename: str = "", expected_version: int | None = None,
) -> Announcement:  # fmt: skip
    """Publish under a number: the paper in the official layout, signed by the head, is kept; the earlier is replaced.

    content: the paper as the head has signed it elsewhere (PDF). Without it the house signs with the head's test key.
    Raises SignatureRefused where test keys are switched off, and for a paper without a good signature of the head or
    the agency; UploadRefused.
    """
    system = announcement.system
    with transaction.atomic():
        QualitySystem.objects.select_for_update().get(pk=system.pk)
        step = steps.begin(
            by=by, record=announcement, machine=MACHINE, event="publish", expected_version=expected_version
        )
        if announcement.confirmed_on is not None and effective_from < announcement.confirmed_on:
            raise TooEarly("Ngày hiệu lực không thể trước ngày người đứng đầu xác nhận.", field="effective_from")
        announcement.number = steps.require_text(number, "Ghi số của bản công bố.", "number")
        announcement.effective_from, announcement.published_on = effective_from, by.on
        for earlier in Announcement.objects.filter(system=system, state=AnnouncementState.PUBLISHED):
            earlier.version += 1
            replace = steps.MACHINES[MACHINE].step("supersede")
            steps.finish(by=by, record=earlier, machine=MACHINE, step=replace, superseded_on=by.on)
        paper = register_document(
            by=by, kind=DocumentKind.OTHER, title=f"Bản công bố hệ thống quản lý chất lượng – {system}",
            content=_signed_paper(announcement, content, filename), filename="ban-cong-bo.pdf",
            media_type="application/pdf", owner=system.organisation, number=announcement.number, issued_on=by.on,
            subject_type=announcement._meta.label_lower, subject_uid=announcement.uid, role="announcement",
        )  # fmt: skip
        steps.finish(by=by, record=announcement, machine=MACHINE, step=step, paper=paper)
        tell_of_scope(by=by, system=system)
    return announcement


def _signed_paper(announcement: Announcement, content: bytes, filename: str) -> bytes:
    agency = announcement.system.organisation.name
    head = str(announcement.confirmed_by) if announcement.confirmed_by is not None else agency
    now = timezone.now()
    if not content:
        return sign_document(document=announcement_paper(announcement), holder=head, organisation=agency, now=now)
    check_upload(content, filename, allowed=(PDF,))
    try:
        reports = verify_pdf(content, moment=now)
    except PdfRefused as error:
        raise SignatureRefused(str(error), field="file") from error
    if not reports or not all(report.is_good for report in reports):
        raise SignatureRefused(
            "Bản công bố tải lên chưa ký số hoặc chữ ký không hợp lệ. Ký lại rồi tải lên.", field="file"
        )
    if not any(fold(name) in fold(f"{one.signer} {one.organisation}") for one in reports for name in (head, agency)):
        raise SignatureRefused(f"Bản công bố phải có chữ ký số của {head} hoặc của cơ quan.", field="file")
    return content
