"""Sends papers over the document axis and takes in what arrives: one message id each, retries, statuses, arrivals.

What carries the bytes is a driver chosen in the settings; the real national axis is not reachable from here.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from khcn.kernel.audit.services import record
from khcn.kernel.documents.choices import (
    DispatchKind,
    DispatchState,
    DocumentKind,
    IncomingState,
    PaperState,
    Urgency,
)
from khcn.kernel.documents.models import Dispatch, IncomingPaper, OfficialPaper
from khcn.kernel.documents.permissions import require
from khcn.kernel.documents.queries import bytes_of, identifier_of, organisation_behind, pdf_of
from khcn.kernel.documents.rules import retry_after_minutes
from khcn.kernel.documents.services.files import next_number, register_document, store_file
from khcn.kernel.documents.services.papers import file_name
from khcn.kernel.documents.services.steps import step_paper
from khcn.lib.actor import Actor
from khcn.lib.failure import Refused
from khcn.standards.edxml import (
    Agency,
    Attachment,
    BusinessKind,
    DocumentMessage,
    DocumentReference,
    EdxmlRefused,
    Priority,
    Replacement,
    StatusCode,
    StatusMessage,
    Trace,
    read_edxml,
    write_document,
    write_status,
)

MAX_ATTEMPTS = 12
Carrier = Callable[[str, str, bytes], None]
"""Takes message id, receiver's code and bytes; raises OSError (time-outs too) when they did not arrive."""

_STATES = {
    StatusCode.ARRIVED: DispatchState.ARRIVED,
    StatusCode.REFUSED: DispatchState.REFUSED,
    StatusCode.ACCEPTED: DispatchState.ACCEPTED,
    StatusCode.ASSIGNED: DispatchState.IN_PROGRESS,
    StatusCode.IN_PROGRESS: DispatchState.IN_PROGRESS,
    StatusCode.COMPLETED: DispatchState.COMPLETED,
    StatusCode.TAKEN_BACK: DispatchState.RECALL_AGREED,
    StatusCode.REQUEST_AGREED: DispatchState.RECALL_AGREED,
    StatusCode.REQUEST_REFUSED: DispatchState.RECALL_REFUSED,
}
_ACKNOWLEDGING = (DispatchState.ACCEPTED, DispatchState.IN_PROGRESS, DispatchState.COMPLETED)


def send_paper(
    *, by: Actor, paper: OfficialPaper, receivers: Sequence[tuple[str, str]], expected_version: int | None = None
) -> list[Dispatch]:
    """Queue a sealed paper for receivers (code, name). Raises Refused without a receiver or without an own code."""
    require(by, "send", paper.organisation_id)
    if not receivers:
        raise Refused("Chọn ít nhất một nơi nhận.", field="receivers")
    with transaction.atomic():
        step_paper(by=by, paper=paper, event="send", expected_version=expected_version)
        return [_queue(by, paper, DispatchKind.NEW, code, name, "Văn bản mới") for code, name in receivers]


def recall_paper(
    *, by: Actor, paper: OfficialPaper, reason: str, expected_version: int | None = None
) -> list[Dispatch]:
    """Take a sent paper back: its number stays used, every receiver is asked to give it back."""
    require(by, "recall", paper.organisation_id)
    if not reason.strip():
        raise Refused("Ghi rõ lý do thu hồi.", field="reason")
    with transaction.atomic():
        step_paper(by=by, paper=paper, event="recall", expected_version=expected_version, note=reason)
        return [
            _queue(by, paper, DispatchKind.RECALL, sent.receiver_code, sent.receiver_name, reason)
            for sent in paper.dispatches.filter(kind__in=[DispatchKind.NEW, DispatchKind.REPLACE])
        ]


def replace_paper(
    *, by: Actor, paper: OfficialPaper, replacement: OfficialPaper, reason: str, expected_version: int | None = None
) -> list[Dispatch]:
    """Send a sealed paper in place of a sent one, to the same receivers."""
    require(by, "replace", paper.organisation_id)
    if replacement.state != PaperState.SEALED or replacement.organisation_id != paper.organisation_id:
        raise Refused("Văn bản thay thế phải của cùng cơ quan và đã ký số cơ quan.", field="replacement")
    with transaction.atomic():
        step_paper(by=by, paper=paper, event="replace", expected_version=expected_version, note=reason)
        step_paper(
            by=by, paper=replacement, event="send", expected_version=None, changes={"replaces": paper}, note=reason
        )
        receivers = paper.dispatches.filter(kind__in=[DispatchKind.NEW, DispatchKind.REPLACE])
        return [
            _queue(by, replacement, DispatchKind.REPLACE, sent.receiver_code, sent.receiver_name, reason)
            for sent in receivers
        ]


def deliver_waiting(*, carry: Carrier, now: datetime | None = None, limit: int = 100) -> tuple[int, int]:
    """Carry what waits; returns (sent, failed). A failure is tried again later, with growing pauses, then given up."""
    now = now or timezone.now()
    sent = failed = 0
    waiting = Dispatch.objects.filter(state=DispatchState.WAITING, next_try_at__lte=now).order_by("id")
    for pk in list(waiting.values_list("pk", flat=True)[:limit]):
        with transaction.atomic():
            dispatch = Dispatch.objects.select_for_update(of=("self",)).select_related("file").get(pk=pk)
            if dispatch.state != DispatchState.WAITING:
                continue
            dispatch.attempts += 1
            try:
                carry(str(dispatch.uid), dispatch.receiver_code, bytes_of(dispatch.file))
            except OSError as error:
                dispatch.answer = f"{type(error).__name__}: {error}"[:500]
                dispatch.next_try_at = now + timedelta(minutes=retry_after_minutes(dispatch.attempts))
                if dispatch.attempts >= MAX_ATTEMPTS:
                    dispatch.state = DispatchState.GIVEN_UP
                failed += 1
            else:
                dispatch.state, dispatch.sent_at, dispatch.answer = DispatchState.SENT, now, ""
                sent += 1
            dispatch.save()
    return sent, failed


def receive_message(*, by: Actor, content: bytes, now: datetime | None = None) -> IncomingPaper | Dispatch | None:
    """Take in one edXML message: a paper into the book of arrivals, a status onto the dispatch it answers.

    The same message again changes nothing. Returns None for a message of no concern to any organisation here.
    Raises Refused for what is no edXML.
    """
    now = now or timezone.now()
    try:
        message = read_edxml(content)
    except EdxmlRefused as error:
        raise Refused(error.message, code=error.code) from error
    with transaction.atomic():
        if isinstance(message, StatusMessage):
            return _answered(by, message, now)
        found = None
        for receiver in message.receivers:
            body = organisation_behind(receiver.organ_id, on=timezone.localdate(now))
            if body is not None:
                found = _arrived(by, message, content, body, now)
        return found


def register_arrival(
    *, by: Actor, arrival: IncomingPaper, accept: bool, note: str = "", now: datetime | None = None
) -> bytes:
    """Accept or refuse an arrival; returns the status message (edXML) for the sender."""
    require(by, "receive", arrival.organisation_id)
    now = now or timezone.now()
    if arrival.state != IncomingState.ARRIVED:
        raise Refused("Văn bản này đã được xử lý ở văn thư.")
    if not accept and not note.strip():
        raise Refused("Ghi rõ lý do từ chối.", field="note")
    with transaction.atomic():
        arrival.state = IncomingState.ACCEPTED if accept else IncomingState.REFUSED
        arrival.note = note[:500]
        arrival.save(update_fields=["state", "note"])
        record(by=by, verb="arrival.register", subject=arrival, after={"state": arrival.state, "note": note})
    organ_id, day, code = arrival.reference.split(",", 2)
    own = arrival.organisation
    return write_status(
        StatusMessage(
            DocumentReference(organ_id, datetime.strptime(day, "%Y/%m/%d").date(), code),  # noqa: DTZ007
            Agency(identifier_of(own, on=timezone.localdate(now)) or own.code, own.name),
            StatusCode.ACCEPTED if accept else StatusCode.REFUSED,
            timezone.localtime(now).replace(tzinfo=None, microsecond=0), note, receiver_id=organ_id,
        )
    )  # fmt: skip


def _queue(by: Actor, paper: OfficialPaper, kind: DispatchKind, code: str, name: str, reason: str) -> Dispatch:
    found = Dispatch.objects.filter(paper=paper, kind=kind, receiver_code=code).first()
    if found is not None:
        return found
    content = write_document(_message(paper, kind, code, name, reason))
    stored = store_file(by=by, content=content, media_type="application/xml")
    return Dispatch.objects.create(
        paper=paper, kind=kind, receiver_code=code, receiver_name=name, file=stored, next_try_at=timezone.now()
    )


def _message(paper: OfficialPaper, kind: DispatchKind, code: str, name: str, reason: str) -> DocumentMessage:
    on = paper.issued_on
    own_code = identifier_of(paper.organisation, on=timezone.localdate())
    if on is None or not own_code:
        raise Refused("Cơ quan ban hành chưa có mã định danh trên trục liên thông. Đề nghị quản trị khai báo.")
    reference = DocumentReference(own_code, on, paper.code)
    more: dict[str, Any] = {}
    if kind is DispatchKind.RECALL:
        more["subject_id"] = reference.text
    if kind is DispatchKind.REPLACE and paper.replaces is not None and paper.replaces.issued_on:
        replaced = DocumentReference(own_code, paper.replaces.issued_on, paper.replaces.code)
        more["replacements"] = (Replacement(replaced.text, (code,)),)
    if kind is not DispatchKind.RECALL:
        more["attachments"] = (Attachment(file_name(paper), pdf_of(paper), "application/pdf", "van-ban"),)
    parent = paper.organisation.parent
    return DocumentMessage(
        document_id=reference, sender=Agency(own_code, paper.organisation.name, parent.name if parent else ""),
        receivers=(Agency(code, name),), number=str(paper.number), notation=paper.notation, place=paper.place,
        promulgated_on=on, subject=paper.title, type_name=DocumentKind(paper.kind).label,
        signer_name=paper.signer.full_name, signer_position=paper.signer_title,
        signer_competence=paper.signer_authority, priority=Priority(int(paper.urgency)),
        kind=BusinessKind(int(kind)), reason=reason,
        traces=(Trace(own_code, timezone.localtime().replace(tzinfo=None, microsecond=0)),), **more,
    )  # fmt: skip


def _answered(by: Actor, message: StatusMessage, now: datetime) -> Dispatch | None:
    _, _, code = message.responds_to.text.split(",", 2)
    number, _, notation = code.partition("/")
    if not number.isdecimal():
        return None
    found = (
        Dispatch.objects.select_for_update(of=("self",))
        .filter(
            paper__number=int(number), paper__notation=notation, paper__issued_on=message.responds_to.on,
            receiver_code=message.sender.organ_id,
        )
        .order_by("-id")
        .select_related("paper")
        .first()
    )  # fmt: skip
    if found is None:
        return None
    state = _STATES[message.status]
    if found.state == state:
        return found
    found.state, found.answered_at, found.answer = state, now, message.description[:500]
    found.save()
    record(by=by, verb="dispatch.answer", subject=found, after={"state": state, "answer": message.description})
    if state in _ACKNOWLEDGING and found.paper.state == PaperState.SENT:
        step_paper(by=by, paper=found.paper, event="acknowledge", expected_version=None, note=found.receiver_name)
    return found


def _arrived(by: Actor, message: DocumentMessage, content: bytes, body: Any, now: datetime) -> IncomingPaper | None:
    if message.kind in (BusinessKind.RECALL, BusinessKind.UPDATE):
        meant = IncomingPaper.objects.filter(organisation=body, reference=message.subject_id).first()
        if meant is not None and message.kind is BusinessKind.RECALL and meant.state != IncomingState.RECALLED:
            meant.state, meant.note = IncomingState.RECALLED, message.reason[:500]
            meant.save(update_fields=["state", "note"])
            record(by=by, verb="arrival.recalled", subject=meant, after={"reason": message.reason})
        return meant
    known = IncomingPaper.objects.filter(organisation=body, reference=message.document_id.text).first()
    if known is not None:
        return known
    for replacement in message.replacements:
        IncomingPaper.objects.filter(organisation=body, reference=replacement.document_id).update(
            state=IncomingState.REPLACED
        )
    year = timezone.localtime(now).year
    arrival = IncomingPaper(
        organisation=body, reference=message.document_id.text, sender_code=message.sender.organ_id,
        sender_name=message.sender.name[:300], code=f"{message.number}/{message.notation}"[:80],
        title=message.subject[:500], type_name=message.type_name[:100], promulgated_on=message.promulgated_on,
        urgency=Urgency(str(min(int(message.priority), 3))), arrived_at=now,
        arrival_number=next_number(series="paper.arrivals", year=year, organisation=body),
        message=store_file(by=by, content=content, media_type="application/xml"),
    )  # fmt: skip
    if message.attachments:
        main = message.attachments[0]
        arrival.document = register_document(
            by=by, kind=DocumentKind.OTHER, title=message.subject, content=main.content, filename=main.name,
            media_type=main.media_type, number=arrival.code, issued_on=message.promulgated_on, role="arrival",
        )  # fmt: skip
    arrival.save()
    record(by=by, verb="arrival.receive", subject=arrival, after={"reference": arrival.reference})
    return arrival
