"""Takes secret ballots during a session and seals the box."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from khcn.kernel.audit.services import record
from khcn.kernel.procedures.choices import CouncilState
from khcn.kernel.procedures.errors import BallotRefused
from khcn.kernel.procedures.models import Ballot, Council, CouncilSubject, Seat
from khcn.kernel.procedures.permissions import ADMIN_SECRETARY_SEAT, require_council_step, require_own_seat
from khcn.kernel.procedures.queries import turnout
from khcn.kernel.procedures.rules import Verdict
from khcn.kernel.procedures.services.councils.sealing import root_of, seal
from khcn.kernel.procedures.services.councils.steps import lock, require_state, take_step
from khcn.lib.actor import Actor

RESERVED = frozenset({"voter", "role"})
"""Keys that the count adds to every ballot."""


def cast_ballot(
    *, by: Actor, seat: Seat, subject: CouncilSubject, content: Mapping[str, Any], at: datetime | None = None
) -> Ballot:
    """Cast, or cast again, the member's secret ballot on one subject while the session is open.

    content: JSON-able; its meaning is the caller's. It is encrypted at once and a commitment goes into the audit log;
    nobody, the voter included, reads it before the count. at: when it was put in the box; now by default.
    Raises BallotRefused, Forbidden for any seat but one's own.
    """
    require_own_seat(by, seat)
    if not content or RESERVED & set(content):
        raise BallotRefused("Phiếu trống hoặc có mục không hợp lệ.", field="content")
    with transaction.atomic():
        council = Council.objects.select_for_update().get(pk=seat.council_id)
        seat.refresh_from_db()
        _require_voter(council, seat, subject)
        sealed, commitment = seal(council.uid, seat_uid=seat.uid, subject_uid=subject.uid, content=content)
        ballot, is_new = Ballot.objects.update_or_create(
            seat=seat, subject=subject,
            defaults={"sealed": sealed, "commitment": commitment, "cast_at": at or timezone.now(), "opened": None},
        )  # fmt: skip
        record(
            by=by, verb="ballot.cast", subject=subject,
            after={"seat": str(seat.uid), "commitment": commitment, "replaces": not is_new},
        )  # fmt: skip
    return ballot


def seal_ballots(
    *, by: Actor, council: Council, verdicts: Sequence[Verdict] = (), expected_version: int | None = None
) -> Council:
    """Seal the box: every voter present has voted on every subject; from now on no ballot changes.

    The audit log keeps the number of ballots and one digest over all commitments. Raises BallotRefused.
    """
    require_council_step(by, council, "seal_ballots")
    with transaction.atomic():
        lock(council, expected_version=expected_version)
        require_state(council, CouncilState.IN_SESSION, error=BallotRefused, what="niêm phong phiếu")
        for line in turnout(council):
            if line.cast != line.expected or line.expected == 0:
                raise BallotRefused(f"Nội dung “{line.label}” mới có {line.cast}/{line.expected} phiếu.")
        box = box_of(council)
        record(by=by, verb="council.box_sealed", subject=council, after={"ballots": len(box), "root": root_of(box)})
        return take_step(by=by, council=council, event="seal_ballots", verdicts=verdicts)


def box_of(council: Council) -> dict[str, str]:
    """ "seat/subject" → commitment for every ballot stored now."""
    stored = Ballot.objects.filter(subject__council=council).select_related("seat", "subject")
    return {f"{ballot.seat.uid}/{ballot.subject.uid}": ballot.commitment for ballot in stored}


def _require_voter(council: Council, seat: Seat, subject: CouncilSubject) -> None:
    require_state(council, CouncilState.IN_SESSION, error=BallotRefused, what="bỏ phiếu")
    if subject.council_id != council.pk:
        raise BallotRefused("Nội dung này không thuộc hội đồng mà thành viên tham gia.")
    if not seat.votes or seat.conflict or seat.role == ADMIN_SECRETARY_SEAT:
        raise BallotRefused("Vị trí này không có quyền bỏ phiếu.")
    if not seat.is_present:
        raise BallotRefused("Chỉ thành viên có mặt tại phiên họp được bỏ phiếu.")
    if seat.declared_clear_at is None:
        raise BallotRefused("Thành viên phải cam kết không có xung đột lợi ích trước khi bỏ phiếu.")
