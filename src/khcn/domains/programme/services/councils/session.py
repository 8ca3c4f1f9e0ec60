"""Calls a council, opens and breaks off its session, takes ballots and seals the box, each on facts from records."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from khcn.domains.programme.choices import CouncilKind, SeatRole
from khcn.domains.programme.queries.councils.law import parameters, prefix_of, verdicts
from khcn.domains.programme.queries.councils.seating import (
    Attendance,
    quorum_findings,
    rule_seats,
    sitting,
)
from khcn.domains.programme.queries.councils.sheets import check_ballot
from khcn.domains.programme.services.councils.drafting import conflict_sentences
from khcn.domains.programme.services.councils.filing import file_blank_forms
from khcn.domains.programme.services.councils.judged import run_step_clocks, tell_members
from khcn.kernel.documents.models import Document
from khcn.kernel.notices.choices import NoticeKind
from khcn.kernel.notices.services import settle
from khcn.kernel.procedures.models import Ballot, Council, CouncilSubject, Seat
from khcn.kernel.procedures.queries import calendar, missing_reviews, present_voters
from khcn.kernel.procedures.rules import Verdict
from khcn.kernel.procedures.services import adjourn_session, cast_ballot, open_session, seal_ballots, send_papers
from khcn.lib.actor import Actor
from khcn.lib.dates import VIETNAM, format_moment

#: Who must have sent a written opinion before the session. Source: TT 11/2014, Điều 10 khoản 2 (all members);
#: TT 06/2023, Điều 11 khoản 4 and TT 20/2023, Điều 9 (the reviewers).
ALL_WRITE = frozenset({CouncilKind.ACCEPTANCE})
NOBODY_WRITES = frozenset({CouncilKind.BUDGET_APPRAISAL})
FROM_COUNCIL = (SeatRole.CHAIR, SeatRole.VICE_CHAIR, SeatRole.REVIEWER)


def send_call(
    *,
    by: Actor,
    council: Council,
    sent_on: date,
    meets_at: datetime,
    venue: str = "",
    documents: Sequence[Document] = (),
    expected_version: int | None = None,
) -> Council:
    """Send the papers with blank forms and call the members to the session, early enough by the rule."""
    verdict = papers_verdict(council, sent_on=sent_on, meets_at=meets_at)
    with transaction.atomic():
        forms = file_blank_forms(by=by, council=council, on=sent_on)
        send_papers(
            by=by, council=council, sent_on=sent_on, documents=[*documents, *forms], meets_at=meets_at, venue=venue,
            verdicts=[verdict], expected_version=expected_version,
        )  # fmt: skip
        run_step_clocks(council, "send_papers", on=sent_on)
        tell_members(
            council, kind=NoticeKind.DO, due_on=meets_at.astimezone(VIETNAM).date(),
            title=f"Mời họp {council.title[:150]} lúc {format_moment(meets_at)}",
        )  # fmt: skip
    return council


def papers_verdict(council: Council, *, sent_on: date, meets_at: datetime) -> Verdict:
    """Whether papers sent on the day come early enough before the session."""
    days = calendar().working_days_between(sent_on, meets_at.astimezone(VIETNAM).date())
    facts = {"council_kind": prefix_of(council), "papers_working_days": days}
    return verdicts(council, "send_papers", facts, parameters(council, on=sent_on))["council.papers_in_time"]


def opening_verdicts(council: Council, attendance: Attendance, *, on: date) -> dict[str, Verdict]:
    """Every condition of the opening with these people in the room: conflicts, quorum, written opinions."""
    seats = rule_seats(council, on=on, attendance=attendance)
    members = [seat for seat in seats if seat.role not in (SeatRole.ADMIN_SECRETARY, SeatRole.EXPERT)]
    present = [seat for seat in members if seat.present]
    facts = {
        "conflicts": conflict_sentences(council, on=on),
        "council_kind": prefix_of(council),
        "members_total": len(members),
        "members_present": len(present),
        "chair_presides": any(
            seat.role is SeatRole.CHAIR or (seat.role is SeatRole.VICE_CHAIR and attendance.chaired_by_vice)
            for seat in present
        ),
        "reviewers_absent": sum(seat.role is SeatRole.REVIEWER and not seat.present for seat in members),
        "secretary_present": any(seat.role is SeatRole.SCI_SECRETARY for seat in present),
        "council_member_present": any(seat.council_role in FROM_COUNCIL for seat in present),
        "reviews_missing": reviews_missing(council),
    }
    found = verdicts(council, "open_session", facts, parameters(council, on=on))
    breaches = quorum_findings(council, on=on, attendance=attendance)
    quorum = found["council.quorum"]
    if breaches:
        found["council.quorum"] = Verdict(False, " ".join(item.text for item in breaches), quorum.trace)
    return found


def reviews_missing(council: Council) -> list[str]:
    """Who still owes a written opinion, by name."""
    kind = CouncilKind(council.kind)
    if kind in NOBODY_WRITES:
        return []
    roles = () if kind in ALL_WRITE else (SeatRole.REVIEWER.value,)
    return sorted({str(seat.person) for seat, _ in missing_reviews(council, roles=roles)})


def open_meeting(
    *,
    by: Actor,
    council: Council,
    present: Collection[UUID],
    on: date,
    chaired_by_vice: bool = False,
    expected_version: int | None = None,
) -> Council:
    """Open the session with the members present. Raises QuorumMissing, StepRefused with the sentence."""
    attendance = Attendance(frozenset(present), chaired_by_vice)
    found = opening_verdicts(council, attendance, on=on)
    quorum = found.pop("council.quorum")
    with transaction.atomic():
        open_session(
            by=by, council=council, present=list(present), quorum=quorum, verdicts=list(found.values()),
            chaired_by_vice=chaired_by_vice, expected_version=expected_version,
        )  # fmt: skip
        run_step_clocks(council, "open_session", on=on)
        settle(subject=council)
        if council.kind != CouncilKind.BUDGET_APPRAISAL:
            voters = present_voters(council).values_list("role", flat=True)
            tell_members(
                council, kind=NoticeKind.DO, due_on=on, roles=set(voters), title=f"Bỏ phiếu: {council.title[:200]}"
            )
    return council


def adjourn(*, by: Actor, council: Council, reason: str, expected_version: int | None = None) -> Council:
    """Break the session off; ballots already cast are void."""
    with transaction.atomic():
        adjourn_session(by=by, council=council, reason=reason, expected_version=expected_version)
        settle(subject=council)
    return council


def cast(*, by: Actor, seat: Seat, subject: CouncilSubject, content: Mapping[str, Any], on: date) -> Ballot:
    """Put the member's ballot into the box once it can be counted. Raises Refused, BallotRefused, Forbidden."""
    check_ballot(subject.council, subject, content, on=on)
    return cast_ballot(by=by, seat=seat, subject=subject, content=content)


def seal(*, by: Actor, council: Council, on: date, expected_version: int | None = None) -> Council:
    """Seal the box once everybody present has voted on everything."""
    subjects = council.subjects.count()
    voters = present_voters(council).values_list("pk", flat=True)
    cast_by = Ballot.objects.filter(subject__council=council).values_list("seat_id", flat=True)
    done = [seat for seat in voters if list(cast_by).count(seat) == subjects]
    facts = {"ballots_cast": len(done), "voters_present": len(voters)}
    found = verdicts(council, "seal_ballots", facts, parameters(council, on=on))
    with transaction.atomic():
        seal_ballots(by=by, council=council, verdicts=list(found.values()), expected_version=expected_version)
        settle(subject=council)
    return council


def members_present(council: Council) -> tuple[int, int]:
    """Members in the room and members in all, the administrative secretary and experts aside."""
    members = [
        seat for seat in sitting(council) if seat.role not in (SeatRole.ADMIN_SECRETARY.value, SeatRole.EXPERT.value)
    ]
    return sum(bool(seat.is_present) for seat in members), len(members)
