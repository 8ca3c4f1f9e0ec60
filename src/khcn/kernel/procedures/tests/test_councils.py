"""A council from its draft to its closing: every step, every refusal."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.core.management import call_command

from khcn.kernel.audit.models import AuditEntry
from khcn.kernel.audit.queries import verify_chain
from khcn.kernel.procedures import queries, services
from khcn.kernel.procedures.errors import BallotRefused, QuorumMissing, SeatBarred, StepRefused
from khcn.kernel.procedures.models import Ballot, Seat, TransitionRecord
from khcn.kernel.procedures.rules import COUNCIL_STEPS, Verdict
from khcn.lib.failure import Forbidden, Refused, Stale
from khcn.lib.roles import Role

from .conftest import HOLDS

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def mean_points(ballots, facts):
    """A counting rule of the tests: the mean of the points, with a trace."""
    points = [ballot["points"] for ballot in ballots]
    result = {"mean": sum(points) / len(points), "present": facts["members_present"], "of": facts["members_total"]}
    return {**result, "trace": [{"rule": "test.mean", "inputs": points, "outcome": result}]}


def test_draft_numbers_councils_of_a_year_one_after_another(cast):
    secretary = cast.actor(Role.ADMIN_SECRETARY)

    codes = [
        services.draft_council(by=secretary, kind="k", title="Hội đồng", rule_set="A", on=on).code
        for on in (date(2023, 1, 5), date(2023, 9, 1), date(2024, 1, 2))
    ]

    assert codes == ["HD-2023-001", "HD-2023-002", "HD-2024-001"]


def test_draft_by_a_host_is_forbidden(cast):
    with pytest.raises(Forbidden):
        services.draft_council(by=cast.actor(Role.HOST), kind="k", title="Hội đồng", rule_set="A")


def test_council_from_draft_to_close_logs_every_step(scene):
    scene.reach("ballots_sealed")
    services.count_ballots(by=scene.secretary, council=scene.fresh(), count=mean_points)
    services.sign_as_secretary(by=scene.voters["sci_secretary"], council=scene.fresh())
    services.sign_minutes(by=scene.voters["chair"], council=scene.fresh(), conclusion="Nhất trí thông qua.")
    services.close_council(by=scene.secretary, council=scene.fresh())

    council = scene.fresh()
    events = list(TransitionRecord.objects.filter(subject_uid=council.uid).values_list("event", flat=True))
    assert council.state == "closed"
    assert events == [
        "establish", "send_papers", "open_session", "seal_ballots", "count", "secretary_sign", "sign_minutes", "close",
    ]  # fmt: skip
    counted = TransitionRecord.objects.get(subject_uid=council.uid, event="count")
    assert [item["rule"] for item in counted.trace] == ["test.mean", "test.mean"]
    assert scene.subjects[0].__class__.objects.get(pk=scene.subjects[0].pk).result["mean"] == 81
    assert queries.has_secretary_signed(council)
    assert verify_chain().holds


def test_every_step_of_the_table_leaves_only_its_states(scene):
    council = scene.fresh()
    council.state = "closed"
    council.save()
    calls = {
        "establish": lambda: services.establish_council(
            by=scene.director, council=council, decision_number="1", established_on=date(2023, 5, 1)
        ),
        "send_papers": lambda: services.send_papers(
            by=scene.secretary, council=council, sent_on=date(2023, 5, 1), documents=scene.papers,
            meets_at=datetime(2023, 6, 1, tzinfo=UTC),
        ),
        "open_session": lambda: services.open_session(by=scene.secretary, council=council, present=[], quorum=HOLDS),
        "adjourn": lambda: services.adjourn_session(by=scene.secretary, council=council, reason="Mất điện"),
        "seal_ballots": lambda: services.seal_ballots(by=scene.secretary, council=council),
        "count": lambda: services.count_ballots(by=scene.secretary, council=council, count=mean_points),
        "conclude": lambda: services.conclude_without_ballots(
            by=scene.secretary, council=council, results={str(item.uid): {} for item in scene.subjects}
        ),
        "sign_minutes": lambda: services.sign_minutes(
            by=scene.voters["chair"], council=council, conclusion="Thông qua"
        ),
        "close": lambda: services.close_council(by=scene.secretary, council=council),
        "replace": lambda: services.replace_council(by=scene.director, council=council, reason="Thay"),
    }  # fmt: skip

    assert set(calls) == set(COUNCIL_STEPS)
    for call in calls.values():
        with pytest.raises(Refused, match="Không thể"):
            call()
    assert scene.fresh().state == "closed"


def test_add_seat_with_findings_bars_and_keeps_only_the_attempt(scene, cast):
    person = cast.person("Trần Văn Thân")
    before = AuditEntry.objects.count()

    with pytest.raises(SeatBarred) as refused:
        services.add_seat(
            by=scene.secretary, council=scene.fresh(), person=person, role="member",
            findings=["Là em ruột của chủ nhiệm.", "Đang công tác tại tổ chức chủ trì."],
        )  # fmt: skip

    assert refused.value.reasons == ("Là em ruột của chủ nhiệm.", "Đang công tác tại tổ chức chủ trì.")
    assert not Seat.objects.filter(person=person).exists()
    entry = AuditEntry.objects.order_by("-id").first()
    assert AuditEntry.objects.count() == before + 1
    assert entry.verb == "council.seat_barred"
    assert entry.after["reasons"] == list(refused.value.reasons)


@pytest.mark.django_db(transaction=True)
def test_barred_attempt_inside_another_transaction_is_loud_not_lost(scene, cast):
    from django.db import transaction

    person = cast.person()
    with pytest.raises(RuntimeError), transaction.atomic():
        services.add_seat(by=scene.secretary, council=scene.fresh(), person=person, role="member", findings=["Lý do."])


def test_add_seat_twice_or_after_the_decision_is_refused(scene, cast):
    with pytest.raises(Refused):
        services.add_seat(by=scene.secretary, council=scene.fresh(), person=scene.seats["chair"].person, role="member")
    scene.reach("established")
    with pytest.raises(StepRefused):
        services.add_seat(by=scene.secretary, council=scene.fresh(), person=cast.person(), role="member")


def test_remove_seat_and_subject_from_a_draft_leaves_the_rest(scene):
    services.remove_seat(by=scene.secretary, seat=scene.seats["reviewer"])
    services.remove_subject(by=scene.secretary, subject=scene.subjects[1])

    assert set(queries.sitting_seats(scene.fresh()).values_list("role", flat=True)) == {"chair", "sci_secretary"}
    assert scene.fresh().subjects.count() == 1


def test_establish_needs_director_number_and_a_rule_that_holds(scene):
    arguments = {"council": scene.fresh(), "established_on": date(2023, 5, 16)}
    with pytest.raises(Forbidden):
        services.establish_council(by=scene.secretary, decision_number="1", **arguments)
    with pytest.raises(Refused):
        services.establish_council(by=scene.director, decision_number=" ", **arguments)
    with pytest.raises(StepRefused, match="Thiếu phản biện"):
        services.establish_council(
            by=scene.director, decision_number="1", verdicts=[Verdict(False, "Thiếu phản biện.")], **arguments
        )
    assert scene.fresh().state == "drafted"


def test_establish_on_an_old_version_is_stale(scene):
    council = scene.fresh()
    with pytest.raises(Stale):
        services.establish_council(
            by=scene.director, council=council, decision_number="1", established_on=date(2023, 5, 16),
            expected_version=council.version - 1,
        )  # fmt: skip


def test_open_session_without_quorum_changes_nothing(scene):
    scene.reach("papers_sent")

    with pytest.raises(QuorumMissing, match="ít nhất 2/3"):
        services.open_session(
            by=scene.secretary, council=scene.fresh(), present=[scene.seats["chair"].uid],
            quorum=Verdict(False, "Phiên họp phải có mặt ít nhất 2/3 số thành viên."),
        )  # fmt: skip

    assert scene.fresh().state == "papers_sent"
    assert set(Seat.objects.values_list("is_present", flat=True)) == {None}


def test_open_session_with_a_stranger_present_is_refused(scene):
    scene.reach("papers_sent")
    with pytest.raises(Refused):
        services.open_session(by=scene.secretary, council=scene.fresh(), present=[uuid4()], quorum=HOLDS)


def test_session_is_opened_by_the_chair_but_not_by_a_member(scene):
    scene.reach("papers_sent")
    present = [seat.uid for seat in scene.seats.values()]
    with pytest.raises(Forbidden):
        services.open_session(by=scene.voters["reviewer"], council=scene.fresh(), present=present, quorum=HOLDS)

    services.open_session(by=scene.voters["chair"], council=scene.fresh(), present=present, quorum=HOLDS)

    assert scene.fresh().state == "in_session"


def test_adjourn_voids_ballots_and_clears_presence(scene):
    scene.reach("in_session")
    scene.vote("chair", points=90)

    services.adjourn_session(by=scene.secretary, council=scene.fresh(), reason="Mất điện.")

    assert scene.fresh().state == "papers_sent"
    assert not Ballot.objects.exists()
    assert AuditEntry.objects.filter(verb="ballot.void").count() == 1
    scene.reach("ballots_sealed")
    services.count_ballots(by=scene.secretary, council=scene.fresh(), count=mean_points)
    assert scene.fresh().state == "counted"


def test_declared_conflict_empties_the_seat(scene):
    scene.reach("papers_sent")

    services.declare_conflict(
        by=scene.voters["reviewer"], seat=scene.seats["reviewer"], reason="Là bạn học của chủ nhiệm."
    )

    seat = Seat.objects.get(pk=scene.seats["reviewer"].pk)
    assert not seat.votes
    assert queries.seat_of(scene.voters["reviewer"], scene.fresh()) is None
    with pytest.raises(Refused):
        services.declare_no_conflict(by=scene.voters["reviewer"], seat=seat)
    with pytest.raises(Refused):
        services.open_session(by=scene.secretary, council=scene.fresh(), present=[seat.uid], quorum=HOLDS)


def test_review_is_sent_once_and_read_by_members_not_by_the_judged(scene, cast):
    scene.reach("papers_sent")
    seat, author = scene.seats["reviewer"], scene.voters["reviewer"]
    host = cast.actor(Role.HOST)

    services.save_review(by=author, seat=seat, subject=scene.subjects[0], body={"nhan_xet": "Nháp"})
    assert queries.reviews_visible_to(scene.secretary, scene.fresh()).count() == 0
    assert queries.reviews_visible_to(author, scene.fresh()).count() == 1
    for subject in scene.subjects:
        services.send_review(by=author, seat=seat, subject=subject, body={"nhan_xet": "Đạt"})

    assert queries.reviews_visible_to(scene.voters["chair"], scene.fresh()).count() == 2
    assert queries.reviews_visible_to(host, scene.fresh()).count() == 0
    assert queries.missing_reviews(scene.fresh(), roles=("reviewer",)) == []
    assert len(queries.missing_reviews(scene.fresh())) == 4
    assert Seat.objects.get(pk=seat.pk).review_sent_at is not None
    with pytest.raises(Refused):
        services.send_review(by=author, seat=seat, subject=scene.subjects[0], body={"nhan_xet": "Sửa"})
    with pytest.raises(Forbidden):
        services.save_review(by=scene.secretary, seat=seat, subject=scene.subjects[0], body={"x": 1})


def test_minutes_are_signed_by_whoever_presided_only(scene):
    scene.reach("ballots_sealed")
    services.count_ballots(by=scene.secretary, council=scene.fresh(), count=mean_points)

    for stranger in (scene.secretary, scene.director, scene.voters["reviewer"]):
        with pytest.raises(Forbidden):
            services.sign_minutes(by=stranger, council=scene.fresh(), conclusion="Thông qua")
    with pytest.raises(Forbidden):
        services.sign_as_secretary(by=scene.voters["chair"], council=scene.fresh())
    services.sign_minutes(
        by=scene.voters["chair"], council=scene.fresh(), conclusion="Thông qua", document=scene.papers[0]
    )

    assert scene.fresh().papers.filter(role="minutes").count() == 1


def test_team_without_ballots_concludes_on_every_subject(scene):
    scene.reach("in_session")
    with pytest.raises(Refused, match="Mỗi nội dung"):
        services.conclude_without_ballots(
            by=scene.secretary, council=scene.fresh(), results={str(scene.subjects[0].uid): {"vnd": 1}}
        )

    services.conclude_without_ballots(
        by=scene.secretary, council=scene.fresh(),
        results={str(subject.uid): {"vnd": 900_000_000} for subject in scene.subjects},
    )  # fmt: skip

    assert scene.fresh().state == "counted"


def test_conclude_after_a_ballot_is_refused(scene):
    scene.reach("in_session")
    scene.vote("chair", points=90)
    with pytest.raises(BallotRefused):
        services.conclude_without_ballots(by=scene.secretary, council=scene.fresh(), results={})


def test_replace_needs_a_reason_and_names_the_successor(scene):
    successor = services.draft_council(by=scene.secretary, kind="trial", title="Hội đồng mới", rule_set="A")
    with pytest.raises(Refused):
        services.replace_council(by=scene.director, council=scene.fresh(), reason=" ")

    services.replace_council(by=scene.director, council=scene.fresh(), reason="Thiếu thành viên.", successor=successor)

    step = TransitionRecord.objects.get(event="replace")
    assert successor.code in step.note
    assert queries.subjects_judging(scene.subjects[0].subject_uid).count() == 0


def test_steps_are_published_for_subscribers(scene, monkeypatch):
    published = []
    monkeypatch.setattr("khcn.kernel.procedures.services.councils.steps.publish", published.append)

    scene.reach("papers_sent")

    assert [(event.event, event.to_state) for event in published] == [
        ("establish", "established"), ("send_papers", "papers_sent"),
    ]  # fmt: skip
    assert published[0].council_uid == scene.council.uid


def test_migrations_hold_the_models_as_they_are():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
