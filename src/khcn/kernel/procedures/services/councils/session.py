"""Brings a council to its session: papers, declarations, written reviews, presence."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from khcn.kernel.audit.services import record
from khcn.kernel.documents.models import Document
from khcn.kernel.procedures.choices import CouncilState
from khcn.kernel.procedures.errors import QuorumMissing
from khcn.kernel.procedures.models import Ballot, Council, CouncilPaper, CouncilSubject, Review, Seat
from khcn.kernel.procedures.permissions import require_council_step, require_own_seat
from khcn.kernel.procedures.rules import Verdict
from khcn.kernel.procedures.services.councils.steps import lock, require_state, take_step
from khcn.lib.actor import Actor
from khcn.lib.digest import plain
from khcn.lib.failure import Refused

BEFORE_SESSION = (CouncilState.ESTABLISHED, CouncilState.PAPERS_SENT)


def send_papers(
    *,
    by: Actor,
    council: Council,
    sent_on: date,
    documents: Sequence[Document],
    meets_at: datetime,
    venue: str = "",
    verdicts: Sequence[Verdict] = (),
    expected_version: int | None = None,
) -> Council:
    """Send the papers and call the session. verdicts: the caller's rule on how early papers must be sent."""
    require_council_step(by, council, "send_papers")
    if not documents:
        raise Refused("Chọn ít nhất một tài liệu để gửi thành viên hội đồng.", field="documents")
    with transaction.atomic():
        lock(council, expected_version=expected_version)
        council.papers_sent_on, council.meets_at, council.venue = sent_on, meets_at, venue.strip()[:200]
        CouncilPaper.objects.bulk_create(
            CouncilPaper(council=council, document=document, role="paper") for document in documents
        )
        return take_step(by=by, council=council, event="send_papers", verdicts=verdicts)


def declare_no_conflict(*, by: Actor, seat: Seat, at: datetime | None = None) -> Seat:
    """The member declares to have no conflict of interest; without it no ballot is taken.

    at: when it was signed, for a declaration entered later; now by default.
    """
    require_own_seat(by, seat)
    with transaction.atomic():
        council = _council_now(seat)
        require_state(council, *BEFORE_SESSION, CouncilState.IN_SESSION, what="cam kết không xung đột lợi ích")
        if seat.conflict:
            raise Refused("Vị trí này để trống vì có xung đột lợi ích.")
        seat.declared_clear_at = at or timezone.now()
        seat.save(update_fields=["declared_clear_at"])
        record(by=by, verb="council.declare_clear", subject=council, after={"seat": str(seat.uid)})
    return seat


def declare_conflict(*, by: Actor, seat: Seat, reason: str) -> Seat:
    """The member reports a conflict: the seat keeps its line, with the reason, and never acts again."""
    require_own_seat(by, seat)
    if not reason.strip():
        raise Refused("Ghi rõ xung đột lợi ích.", field="reason")
    with transaction.atomic():
        council = _council_now(seat)
        require_state(council, *BEFORE_SESSION, what="báo xung đột lợi ích")
        seat.conflict, seat.votes, seat.declared_clear_at = reason.strip(), False, None
        seat.save(update_fields=["conflict", "votes", "declared_clear_at"])
        record(
            by=by, verb="council.declare_conflict", subject=council,
            after={"seat": str(seat.uid), "reason": seat.conflict},
        )  # fmt: skip
    return seat


def save_review(*, by: Actor, seat: Seat, subject: CouncilSubject, body: Mapping[str, Any]) -> Review:
    """Keep a written review as a draft that only its author reads."""
    require_own_seat(by, seat)
    with transaction.atomic():
        _require_reviewable(seat, subject)
        review, _ = Review.objects.get_or_create(seat=seat, subject=subject)
        if review.sent_at is not None:
            raise Refused("Phiếu nhận xét đã gửi, không sửa được nữa.")
        review.body = plain(body)
        review.save(update_fields=["body"])
    return review


def send_review(
    *, by: Actor, seat: Seat, subject: CouncilSubject, body: Mapping[str, Any], at: datetime | None = None
) -> Review:
    """Send a written review; it can no longer be changed. at: when it was received on paper; now by default."""
    if not body:
        raise Refused("Phiếu nhận xét còn trống.", field="body")
    with transaction.atomic():
        review = save_review(by=by, seat=seat, subject=subject, body=body)
        review.sent_at = at or timezone.now()
        review.save(update_fields=["sent_at"])
        if not _still_missing(seat):
            seat.review_sent_at = review.sent_at
            seat.save(update_fields=["review_sent_at"])
        record(
            by=by, verb="council.send_review", subject=subject,
            after={"seat": str(seat.uid), "sent_at": review.sent_at.isoformat()},
        )  # fmt: skip
    return review


def open_session(
    *,
    by: Actor,
    council: Council,
    present: Collection[UUID],
    quorum: Verdict,
    verdicts: Sequence[Verdict] = (),
    chaired_by_vice: bool = False,
    expected_version: int | None = None,
) -> Council:
    """Open the session with the members present.

    present: uids of seats whose holders are there. quorum: the caller's rule on exactly these seats; raises
    QuorumMissing with its sentence. verdicts: other conditions, as reviews received. chaired_by_vice: by written
    authority of the head.
    """
    require_council_step(by, council, "open_session")
    with transaction.atomic():
        lock(council, expected_version=expected_version)
        known = {seat.uid: seat for seat in council.seats.filter(conflict="")}
        if strangers := set(present) - set(known):
            raise Refused(f"Có {len(strangers)} người được điểm danh không thuộc hội đồng.", field="present")
        if not quorum.holds:
            raise QuorumMissing(quorum.sentence or "Phiên họp chưa đủ thành viên theo quy định.")
        council.seats.update(is_present=False)
        council.seats.filter(uid__in=present).update(is_present=True)
        council.chaired_by_vice = chaired_by_vice
        return take_step(by=by, council=council, event="open_session", verdicts=(quorum, *verdicts))


def adjourn_session(*, by: Actor, council: Council, reason: str, expected_version: int | None = None) -> Council:
    """Break off the session with a reason; presence is cleared and ballots already cast are void."""
    require_council_step(by, council, "adjourn")
    if not reason.strip():
        raise Refused("Ghi rõ lý do hoãn phiên họp.", field="reason")
    with transaction.atomic():
        lock(council, expected_version=expected_version)
        void = Ballot.objects.filter(subject__council=council).select_related("seat", "subject")
        for ballot in void:
            record(by=by, verb="ballot.void", subject=ballot.subject, after={"seat": str(ballot.seat.uid)})
        void.delete()
        council.seats.update(is_present=None)
        return take_step(by=by, council=council, event="adjourn", note=reason.strip())


def _council_now(seat: Seat) -> Council:
    """The seat and its council as stored now, the council under lock: a page may have been open for hours."""
    council = Council.objects.select_for_update().get(pk=seat.council_id)
    seat.refresh_from_db()
    return council


def _require_reviewable(seat: Seat, subject: CouncilSubject) -> None:
    require_state(_council_now(seat), *BEFORE_SESSION, what="viết phiếu nhận xét")
    if subject.council_id != seat.council_id:
        raise Refused("Nội dung này không thuộc hội đồng mà thành viên tham gia.")
    if seat.conflict:
        raise Refused("Thành viên có xung đột lợi ích không viết nhận xét.")


def _still_missing(seat: Seat) -> bool:
    return seat.council.subjects.exclude(reviews__in=Review.objects.filter(seat=seat).exclude(sent_at=None)).exists()
