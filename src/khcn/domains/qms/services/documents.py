"""Controls documents: drafts, review, approval, effect, withdrawal, copies and readers."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from khcn.domains.qms.choices import DocumentType, Duty, RevisionState
from khcn.domains.qms.errors import DutiesConflict, NotYetProven, StepNotOpen, TooEarly
from khcn.domains.qms.models import (
    ControlledDocument,
    Distribution,
    DocumentRevision,
    QualitySystem,
    ReadAck,
    Unit,
)
from khcn.domains.qms.permissions import require_duty
from khcn.domains.qms.queries.documents import sheet_of
from khcn.domains.qms.queries.scope import scope_difference
from khcn.domains.qms.rules.controlled_copy import Unstampable, render_sheet, require_stampable
from khcn.domains.qms.rules.document_text import print_sections, print_steps
from khcn.domains.qms.services import steps
from khcn.domains.qms.services.readers import ask_members
from khcn.kernel.audit.services import record
from khcn.kernel.documents.choices import DocumentKind
from khcn.kernel.documents.models import LegalInstrument
from khcn.kernel.documents.services import add_revision, register_document
from khcn.kernel.notices.choices import NoticeKind
from khcn.kernel.notices.services import notify, settle
from khcn.kernel.orgs.models import User
from khcn.kernel.orgs.queries import holders_of
from khcn.lib.actor import Actor
from khcn.lib.failure import Refused, Stale
from khcn.lib.roles import Role
from khcn.lib.text import fold, nfc
from khcn.web.fields import differences, label_of

MACHINE = "revision"
PDF = "application/pdf"


def start_document(
    *, by: Actor, system: QualitySystem, code: str, type: DocumentType, title: str, reason: str,
    unit: Unit | None = None, clauses: str = "", procedure_code: str = "", review_on: date | None = None,
    issuer: str = "", valid_from: date | None = None, valid_to: date | None = None, template_code: str = "",
    sections: Sequence[dict[str, str]] = (), table: Sequence[dict[str, str]] = (),
) -> DocumentRevision:  # fmt: skip
    """Put a document under control with its first draft (issue 1, revision 0); returns the draft."""
    require_duty(by, system, Duty.SECRETARY, Duty.HEAD, Duty.STAFF)
    if ControlledDocument.objects.filter(system=system, code=code).exists():
        raise Refused("Mã tài liệu này đã có trong cơ quan. Chọn mã khác hoặc soạn lần sửa đổi mới.", field="code")
    if type == DocumentType.EXTERNAL and not issuer.strip():
        raise Refused("Tài liệu bên ngoài cần ghi nơi ban hành.", field="issuer")
    with transaction.atomic():
        document = ControlledDocument.objects.create(
            system=system, code=code, type=type, title=title, unit=unit, clauses=clauses, procedure_code=procedure_code,
            review_on=review_on, issuer=issuer, valid_from=valid_from, valid_to=valid_to, template_code=template_code,
            folded=fold(f"{code} {title}")[:400],
        )  # fmt: skip
        record(by=by, verb="qms.start_document", subject=document, after={"code": code, "title": title})
        return _draft(by, document, 1, 0, reason, list(sections), list(table), amended_part="")


def draft_revision(
    *, by: Actor, document: ControlledDocument, reason: str, amended_part: str = "", new_issue: bool = False
) -> DocumentRevision:
    """Begin the next revision from what is in effect now (or the last one); one draft at a time."""
    require_duty(by, document.system, Duty.SECRETARY, Duty.HEAD, Duty.STAFF)
    steps.require_text(reason, "Ghi lý do sửa đổi.", "reason")
    with transaction.atomic():
        ControlledDocument.objects.select_for_update().get(pk=document.pk)
        open_states = [RevisionState.DRAFT, RevisionState.IN_REVIEW, RevisionState.APPROVED]
        if document.revisions.filter(state__in=open_states).exists():
            raise StepNotOpen("Tài liệu đang có một bản chưa hiệu lực. Hoàn tất hoặc thu hồi bản đó trước.")
        last = document.revisions.first()
        if last is None:
            return _draft(by, document, 1, 0, reason, [], [], amended_part)
        base = document.revisions.filter(state=RevisionState.EFFECTIVE).first() or last
        numbers = (last.issue_no + 1, 0) if new_issue else (last.issue_no, last.revision_no + 1)
        draft = _draft(by, document, *numbers, reason, base.sections, base.steps, amended_part)
        draft.forms.set(base.forms.all())
        draft.legal_bases.set(base.legal_bases.all())
    return draft


def edit_draft(
    *, by: Actor, revision: DocumentRevision, sections: Sequence[dict[str, str]], table: Sequence[dict[str, str]],
    forms: Iterable[ControlledDocument] = (), legal_bases: Iterable[LegalInstrument] = (), needs_reading: bool = True,
    reason: str | None = None, expected_version: int | None = None,
) -> DocumentRevision:  # fmt: skip
    """Write the draft's contents. Only the author and the secretary may, and only while it is a draft."""
    require_duty(by, revision.system, Duty.SECRETARY, Duty.OWNER, record=revision)
    changes: dict[str, Any] = {
        "sections": [{"title": nfc(item["title"]), "body": nfc(item["body"])} for item in sections],
        "steps": [{name: nfc(str(value)) for name, value in item.items()} for item in table],
        "needs_reading": needs_reading,
    }
    if reason is not None:
        changes["reason"] = steps.require_text(reason, "Ghi lý do ban hành, sửa đổi.", "reason")
    with transaction.atomic():
        _claim_draft(revision, expected_version, changes)
        _require_draft(revision)
        for name, value in changes.items():
            setattr(revision, name, value)
        revision.save()
        revision.forms.set(forms)
        revision.legal_bases.set(legal_bases)
        record(by=by, verb="qms.edit_draft", subject=revision, after={"sections": len(revision.sections)})
    return revision


def _claim_draft(revision: DocumentRevision, expected: int | None, changes: dict[str, Any]) -> None:
    """Take the next version; a Stale tells sections and steps as people type them."""
    try:
        revision.claim(expected, changes)
    except Stale:
        stored = DocumentRevision.objects.get(pk=revision.pk)
        told: dict[str, Any] = {name: changes[name] for name in ("needs_reading", "reason") if name in changes}
        rows = differences(stored, told)
        for name, printed in (("sections", print_sections), ("steps", print_steps)):
            theirs, mine = printed(getattr(stored, name)), printed(changes[name])
            if theirs != mine:
                rows.append((label_of(stored, name), theirs, mine))
        raise Stale(difference=rows) from None


def attach_file(
    *, by: Actor, revision: DocumentRevision, content: bytes, filename: str, media_type: str,
    expected_version: int | None = None,
) -> DocumentRevision:  # fmt: skip
    """Put a file (PDF, or Word and Excel for forms) as the draft's contents; it is kept as a revision of the store."""
    require_duty(by, revision.system, Duty.SECRETARY, Duty.OWNER, record=revision)
    if media_type == PDF:
        try:
            require_stampable(content)
        except Unstampable as error:
            raise Refused(
                "Tệp PDF bị khóa hoặc hỏng nên không đóng dấu kiểm soát được. Tải tệp không đặt mật khẩu.", field="file"
            ) from error
    with transaction.atomic():
        revision.claim(expected_version)
        _require_draft(revision)
        _store(by, revision, content, filename, media_type)
        revision.save()
        record(by=by, verb="qms.attach_file", subject=revision, after={"filename": filename})
    return revision


def submit_revision(*, by: Actor, revision: DocumentRevision, expected_version: int | None = None) -> DocumentRevision:
    """Send a draft to review; the head is asked to decide."""
    with transaction.atomic():
        step = steps.begin(by=by, record=revision, machine=MACHINE, event="submit", expected_version=expected_version)
        if not revision.sections and revision.contents is None:
            raise NotYetProven("Tài liệu chưa có nội dung: soạn các mục hoặc tải tệp lên trước.")
        steps.require_text(revision.reason, "Ghi lý do ban hành, sửa đổi.", "reason")
        steps.finish(by=by, record=revision, machine=MACHINE, step=step)
        notify(
            recipients=_holders(revision.system, Role.AGENCY_HEAD, by.on), kind=NoticeKind.APPROVE,
            title=f"Phê duyệt tài liệu {revision.code}", url=_address(revision.document), subject=revision,
        )  # fmt: skip
    return revision


def review_revision(
    *, by: Actor, revision: DocumentRevision, note: str = "", expected_version: int | None = None
) -> DocumentRevision:
    """Confirm to have looked at a draft that awaits approval: once, somebody other than its author."""
    with transaction.atomic():
        step = steps.begin(by=by, record=revision, machine=MACHINE, event="review", expected_version=expected_version)
        if by.user_id is not None and by.user_id == revision.author_id:
            raise DutiesConflict("Người soạn không được tự xem xét. Đề nghị người khác xem xét.")
        if revision.reviewer_id is not None:
            raise StepNotOpen(f"{revision.reviewer} đã xem xét bản này. Chờ phê duyệt hoặc trả lại để sửa.")
        steps.finish(by=by, record=revision, machine=MACHINE, step=step, note=note, reviewer_id=by.user_id)
    return revision


def return_revision(
    *, by: Actor, revision: DocumentRevision, reason: str, expected_version: int | None = None
) -> DocumentRevision:
    """Send it back to its author with the reason."""
    with transaction.atomic():
        step = steps.begin(
            by=by, record=revision, machine=MACHINE, event="return", expected_version=expected_version, note=reason
        )
        steps.finish(by=by, record=revision, machine=MACHINE, step=step, note=reason, reviewer_id=None)
        settle(subject=revision, kind=NoticeKind.APPROVE)
        author = User.objects.filter(pk=revision.author_id or 0)
        notify(
            recipients=author, kind=NoticeKind.DO, title=f"Sửa lại tài liệu {revision.code}", body=reason,
            url=_address(revision.document), subject=revision,
        )  # fmt: skip
    return revision


def approve_revision(
    *, by: Actor, revision: DocumentRevision, effective_from: date, expected_version: int | None = None
) -> DocumentRevision:
    """Approve: somebody other than the author; every form used and every legal basis in force on the day of effect.

    Contents written as sections are set as a PDF now, so that what was approved is bytes with a digest.
    """
    with transaction.atomic():
        step = steps.begin(by=by, record=revision, machine=MACHINE, event="approve", expected_version=expected_version)
        if by.user_id is not None and by.user_id == revision.author_id:
            raise DutiesConflict("Người soạn không được tự phê duyệt. Đề nghị người khác có thẩm quyền phê duyệt.")
        if effective_from < by.on:
            raise TooEarly("Ngày hiệu lực không được trước ngày phê duyệt.", field="effective_from")
        _require_bases_in_force(revision, effective_from)
        revision.approver_id, revision.approved_on, revision.effective_from = by.user_id, by.on, effective_from
        if revision.sections:
            content = render_sheet(sheet_of(revision))
            _store(by, revision, content, f"{revision.document.code}.pdf".replace("/", "-"), PDF)
        steps.finish(by=by, record=revision, machine=MACHINE, step=step)
        settle(subject=revision, kind=NoticeKind.APPROVE)
    return revision


def bring_into_effect(
    *, by: Actor, revision: DocumentRevision, expected_version: int | None = None
) -> DocumentRevision:
    """Make the approved revision the one in effect: the earlier one ends, readers are asked, copies are recalled."""
    with transaction.atomic():
        ControlledDocument.objects.select_for_update().get(pk=revision.document_id)
        step = steps.begin(
            by=by, record=revision, machine=MACHINE, event="bring_into_effect", expected_version=expected_version
        )
        if revision.effective_from is None or by.on < revision.effective_from:
            raise TooEarly(f"Tài liệu có hiệu lực từ {revision.effective_from:%d/%m/%Y}.")
        _require_bases_in_force(revision, by.on)
        for earlier in revision.document.revisions.filter(state=RevisionState.EFFECTIVE):
            _supersede(by, earlier)
        steps.finish(by=by, record=revision, machine=MACHINE, step=step, effective_from=by.on)
        if revision.needs_reading and revision.document.type != DocumentType.FORM:
            ask_members(by=by, revision=revision)
        tell_of_scope(by=by, system=revision.system)
    return revision


def withdraw_revision(
    *, by: Actor, revision: DocumentRevision, reason: str, expected_version: int | None = None
) -> DocumentRevision:
    """Take a revision out of use."""
    with transaction.atomic():
        step = steps.begin(
            by=by, record=revision, machine=MACHINE, event="withdraw", expected_version=expected_version, note=reason
        )
        ends = by.on if revision.effective_from is not None and revision.effective_from <= by.on else None
        if ends is None:
            revision.effective_from = None
        steps.finish(by=by, record=revision, machine=MACHINE, step=step, note=reason, effective_to=ends)
        _recall(revision, by.on)
        settle(subject=revision)
        tell_of_scope(by=by, system=revision.system)
    return revision


def bring_due_into_effect(*, by: Actor) -> list[DocumentRevision]:
    """Bring every approved revision whose day has come into effect; one that its guards stop is left and told of."""
    due = DocumentRevision.objects.filter(state=RevisionState.APPROVED, effective_from__lte=by.on)
    done = []
    for revision in due.select_related("document", "system__organisation"):
        try:
            done.append(bring_into_effect(by=by, revision=revision))
        except Refused as refusal:
            notify(
                recipients=_holders(revision.system, Role.ISO_SECRETARY, by.on), kind=NoticeKind.LATE,
                title=f"Tài liệu {revision.code} chưa thể có hiệu lực", body=refusal.message,
                url=_address(revision.document), subject=revision,
            )  # fmt: skip
    return done


def open_for_reading(*, by: Actor, revision: DocumentRevision) -> ReadAck | None:
    """Note that the reader opened the document; returns the duty to acknowledge, if there is one."""
    ack = ReadAck.objects.filter(revision=revision, reader_id=by.user_id or 0).first()
    if ack is not None and ack.opened_at is None:
        ack.opened_at = timezone.now()
        ack.save(update_fields=["opened_at"])
    return ack


def acknowledge(*, by: Actor, revision: DocumentRevision) -> ReadAck:
    """Confirm to have read and understood; the reader alone, and only after opening the document."""
    ack = ReadAck.objects.filter(revision=revision, reader_id=by.user_id or 0).first()
    if ack is None:
        raise Refused("Bạn không có trong danh sách phải đọc tài liệu này.")
    if ack.opened_at is None:
        raise NotYetProven("Mở và đọc tài liệu trước khi xác nhận.")
    if ack.acknowledged_on is not None:
        return ack
    if revision.state != RevisionState.EFFECTIVE:
        raise StepNotOpen("Tài liệu này không còn hiệu lực nên không cần xác nhận.")
    with transaction.atomic():
        ack.acknowledged_on = by.on
        ack.save(update_fields=["acknowledged_on"])
        record(by=by, verb="qms.acknowledge", subject=ack, after={"revision": revision.code, "on": by.on})
        if not revision.acks.filter(acknowledged_on=None).exists():
            settle(subject=revision, kind=NoticeKind.DO)
    return ack


def distribute(*, by: Actor, revision: DocumentRevision, receiver: str, unit: Unit | None = None) -> Distribution:
    """Hand out a numbered copy of a revision in effect."""
    require_duty(by, revision.system, Duty.SECRETARY)
    if revision.state != RevisionState.EFFECTIVE:
        raise StepNotOpen("Chỉ phân phối tài liệu đang hiệu lực.")
    with transaction.atomic():
        DocumentRevision.objects.select_for_update().get(pk=revision.pk)
        copy = Distribution.objects.create(
            revision=revision, copy_number=revision.distributions.count() + 1, unit=unit, handed_on=by.on,
            receiver=steps.require_text(receiver or (unit.name if unit else ""), "Ghi nơi nhận.", "receiver"),
        )  # fmt: skip
        record(by=by, verb="qms.distribute", subject=copy, after={"revision": revision.code, "receiver": copy.receiver})
    return copy


def tell_of_scope(*, by: Actor, system: QualitySystem) -> None:
    """Ask the secretary to announce again when procedures in force differ from those announced."""
    difference = scope_difference(system)
    if difference is None or not difference.needs_announcement:
        settle(subject=system, kind=NoticeKind.DO)
        return
    notify(
        recipients=_holders(system, Role.ISO_SECRETARY, by.on), kind=NoticeKind.DO,
        title="Công bố lại: phạm vi áp dụng đã thay đổi", body=difference.sentence,
        url=reverse("qms_announcement_list"), subject=system,
    )  # fmt: skip


def _draft(
    by: Actor, document: ControlledDocument, issue_no: int, revision_no: int, reason: str, sections: list[Any],
    table: list[Any], amended_part: str,
) -> DocumentRevision:  # fmt: skip
    draft = DocumentRevision.objects.create(
        system=document.system, document=document, issue_no=issue_no, revision_no=revision_no, reason=reason,
        sections=sections, steps=table, amended_part=amended_part, author_id=by.user_id,
    )  # fmt: skip
    record(by=by, verb="qms.draft_revision", subject=draft, after={"number": f"{issue_no}.{revision_no}"})
    return draft


def _require_draft(revision: DocumentRevision) -> None:
    if DocumentRevision.objects.get(pk=revision.pk).state != RevisionState.DRAFT:
        raise StepNotOpen("Chỉ sửa được bản đang soạn. Muốn thay đổi bản đã duyệt, hãy soạn lần sửa đổi mới.")


def _require_bases_in_force(revision: DocumentRevision, on: date) -> None:
    ended = [law.number for law in revision.legal_bases.all() if not law.is_valid_on(on)]
    if ended:
        raise NotYetProven(f"Căn cứ đã hết hiệu lực: {', '.join(ended)}. Thay căn cứ trước khi phê duyệt.")
    forms = revision.forms.prefetch_related("revisions")
    missing = [form.code for form in forms if form.effective is None and form.pk != revision.document_id]
    if missing:
        raise NotYetProven(f"Biểu mẫu chưa có hiệu lực: {', '.join(missing)}. Cho hiệu lực biểu mẫu trước.")


def _store(by: Actor, revision: DocumentRevision, content: bytes, filename: str, media_type: str) -> None:
    document = revision.document
    if document.stored is None:
        document.stored = register_document(
            by=by, kind=DocumentKind.OTHER, title=str(document), content=content, filename=filename,
            media_type=media_type, owner=document.system.organisation, number=document.code,
            subject_type=document._meta.label_lower, subject_uid=document.uid, role="controlled",
            reason=revision.reason[:300],
        )  # fmt: skip
        document.save(update_fields=["stored"])
        revision.contents = document.stored.revisions.get()
    else:
        revision.contents = add_revision(
            by=by, document=document.stored, content=content, filename=filename, media_type=media_type,
            reason=revision.reason[:300],
        )  # fmt: skip


def _supersede(by: Actor, earlier: DocumentRevision) -> None:
    step = steps.MACHINES[MACHINE].step("supersede")
    earlier.version += 1
    steps.finish(by=by, record=earlier, machine=MACHINE, step=step, effective_to=by.on)
    _recall(earlier, by.on)
    settle(subject=earlier)


def _recall(revision: DocumentRevision, on: date) -> None:
    revision.distributions.filter(recalled_on=None).update(recalled_on=on)


def _holders(system: QualitySystem, role: Role, on: date) -> list[User]:
    return holders_of(str(role), on=on, organisation_id=system.organisation_id)


def _address(document: ControlledDocument) -> str:
    return reverse("qms_document_page", args=[document.uid])
