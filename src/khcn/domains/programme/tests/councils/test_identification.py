"""Proposals before the identification council: strictly more than three quarters of the ballots."""

from datetime import timedelta

import pytest

from khcn.domains.programme.choices import CouncilKind, SeatRole
from khcn.domains.programme.models import Proposal
from khcn.domains.programme.queries.councils.seating import Declared
from khcn.domains.programme.queries.councils.subjects import waiting
from khcn.domains.programme.services import councils
from khcn.domains.programme.tests.councils.bench import drafted, verdicts
from khcn.domains.programme.tests.pipeline import journey
from khcn.kernel.audit.models import AuditEntry
from khcn.kernel.documents.models import Document
from khcn.kernel.notices.models import Notice
from khcn.kernel.procedures.errors import BallotRefused, QuorumMissing, SeatBarred, StepRefused
from khcn.kernel.procedures.models import TransitionRecord
from khcn.kernel.procedures.services import remove_seat
from khcn.lib.failure import Forbidden, Refused

pytestmark = [pytest.mark.django_db(transaction=False)]
REVIEWERS = (2, 3)


@pytest.fixture
def bench(cast, full_proposal, today):
    first = journey.looked_up(cast, full_proposal, today)
    second = journey.looked_up(cast, full_proposal, today)
    return drafted(cast, CouncilKind.IDENTIFICATION, [first, second], today)


def test_nine_members_seven_passes_recommend_and_six_do_not(bench):
    bench.established().called().prepared(REVIEWERS).opened()
    for index in range(9):
        bench.vote(index, verdicts(index < 7), line=0)
        bench.vote(index, verdicts(index < 6), line=1)

    bench.counted().signed().closed()

    # More than 3/4 of 9 ballots is at least 7 (6/9 = 2/3; 7/9 > 3/4).
    assert list(Proposal.objects.order_by("id").values_list("state", flat=True)) == ["recommended", "not_recommended"]
    assert [line.result["count"]["passing"] for line in bench.lines] == [7, 6]
    assert bench.now.state == "closed"
    counted = TransitionRecord.objects.get(subject_uid=bench.council.uid, event="count")
    assert {item["rule"] for item in counted.trace} == {"identification.count"}
    roles = set(Document.objects.filter(subject_uid=bench.council.uid).values_list("role", flat=True))
    assert roles == {"danh-sach", "phieu-nhan-xet", "phieu-danh-gia", "bien-ban-kiem-phieu", "bien-ban-hop"}


def test_establishing_puts_the_proposals_before_the_council(bench):
    bench.established()

    assert set(Proposal.objects.values_list("state", flat=True)) == {"in_council"}


def test_six_members_are_too_few_to_establish(bench, today):
    for index in (6, 7, 8):
        remove_seat(by=bench.cast.specialist, seat=bench.seat(index))

    with pytest.raises(StepRefused, match="từ 7 đến 11; hiện có 6"):
        bench.established()


def test_papers_two_working_days_before_the_session_are_refused(bench, moment):
    bench.established()

    with pytest.raises(StepRefused, match="ít nhất 5 ngày làm việc"):
        councils.send_call(
            by=bench.cast.secretary, council=bench.now, sent_on=bench.on, meets_at=moment(bench.on + timedelta(days=2))
        )


def test_members_are_told_when_called(bench):
    bench.established().called()

    told = Notice.objects.filter(title__startswith="Mời họp").values_list("recipient__username", flat=True)
    assert set(told) == {user.username for user in bench.users}


def test_session_without_a_reviewer_is_refused(bench):
    bench.established().called().prepared(REVIEWERS)

    with pytest.raises(QuorumMissing, match="phản biện"):
        bench.opened(absent=(2,))


def test_session_before_the_reviewers_wrote_is_refused(bench):
    bench.established().called().prepared()

    with pytest.raises(StepRefused, match="phiếu nhận xét"):
        bench.opened()


def test_sealing_with_a_ballot_missing_is_refused(bench):
    bench.established().called().prepared(REVIEWERS).opened()
    for index in range(8):
        bench.vote(index, verdicts(True))

    with pytest.raises((BallotRefused, StepRefused)):
        councils.seal(by=bench.cast.secretary, council=bench.now, on=bench.on)


def test_administrative_secretary_never_votes(bench, cast):
    secretary = cast.users.secretary.person
    councils.seat_member(
        by=cast.specialist, council=bench.now, person=secretary, role=SeatRole.ADMIN_SECRETARY, on=bench.on
    )
    bench.established().called().prepared(REVIEWERS).opened()
    seat = bench.now.seats.get(person=secretary)

    with pytest.raises(BallotRefused, match="quyền bỏ phiếu"):
        councils.cast(by=cast.secretary, seat=seat, subject=bench.lines[0], content=verdicts(True), on=bench.on)


def test_ballot_with_an_item_missing_is_refused(bench):
    bench.established().called().prepared(REVIEWERS).opened()

    with pytest.raises(Refused, match="đủ các nội dung"):
        bench.vote(0, {"items": {"urgency": "pass"}})


def test_person_with_evident_bias_is_barred_and_the_attempt_is_kept(bench, cast):
    person = cast.users.inspector.person
    with pytest.raises(SeatBarred) as refusal:
        councils.seat_member(
            by=cast.specialist, council=bench.now, person=person, role=SeatRole.MEMBER, on=bench.on,
            declared=Declared(bias_evidence="đang có tranh chấp với tác giả"),
        )  # fmt: skip

    assert "tranh chấp" in refusal.value.reasons[0]
    assert AuditEntry.objects.filter(verb="council.seat_barred", subject_uid=bench.council.uid).exists()


def test_specialist_may_not_count(bench):
    bench.established().called().prepared(REVIEWERS).opened()
    for index in range(9):
        for line in (0, 1):
            bench.vote(index, verdicts(True), line=line)
    councils.seal(by=bench.cast.secretary, council=bench.now, on=bench.on)

    with pytest.raises(Forbidden):
        councils.count(by=bench.cast.specialist, council=bench.now, on=bench.on)


def test_replaced_council_frees_its_drafted_proposals(bench, cast):
    councils.replace(by=cast.director, council=bench.now, reason="Thay đổi thành viên", on=bench.on)

    assert waiting(CouncilKind.IDENTIFICATION).count() == 2
