"""Secret ballots: who casts, what is hidden until the count, and that no tampering goes unnoticed."""

import json

import pytest
from cryptography.fernet import Fernet

from khcn.kernel.audit.models import AuditEntry
from khcn.kernel.procedures import queries, services
from khcn.kernel.procedures.errors import BallotRefused, BallotTampered
from khcn.kernel.procedures.models import Ballot, CouncilSubject, Seat
from khcn.kernel.procedures.services import add_seat, count_ballots
from khcn.kernel.procedures.services.councils.sealing import seal, unseal
from khcn.lib.failure import Forbidden
from khcn.lib.roles import Role

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def keep(ballots, facts):
    """A counting rule that keeps everything it was given."""
    return {"ballots": ballots, "facts": facts}


def stored_text() -> str:
    """Everything the database holds about ballots and acts, as text."""
    rows = [[bytes(ballot.sealed).decode("ascii"), ballot.commitment, ballot.opened] for ballot in Ballot.objects.all()]
    entries = list(AuditEntry.objects.values_list("before", "after", "subject_label"))
    return json.dumps([rows, entries], ensure_ascii=False, default=str)


def test_cast_ballot_stores_nothing_that_can_be_read(scene):
    scene.reach("in_session")

    ballot = scene.vote("chair", verdict="KHONGDAT-BI-MAT", note="Mục tiêu chưa rõ")

    assert "KHONGDAT" not in stored_text()
    assert "Mục tiêu" not in stored_text()
    assert ballot.opened is None
    entry = AuditEntry.objects.get(verb="ballot.cast")
    assert entry.after["commitment"] == ballot.commitment


def test_sealed_ballots_have_one_length_and_never_repeat(scene):
    scene.reach("in_session")

    short = scene.vote("chair", verdict="pass")
    long = scene.vote("reviewer", verdict="fail", note="Lý do rất dài. " * 20)
    same = scene.vote("sci_secretary", verdict="pass")

    assert len({len(bytes(item.sealed)) for item in (short, long, same)}) == 1
    assert short.commitment != same.commitment


@pytest.mark.parametrize("state", ["established", "papers_sent", "ballots_sealed"])
def test_cast_outside_the_session_is_refused(scene, state):
    scene.reach(state)
    with pytest.raises(BallotRefused):
        scene.vote("chair", points=1)


def test_cast_from_another_seat_is_forbidden_even_to_the_director(scene):
    scene.reach("in_session")
    for actor in (scene.director, scene.secretary, scene.voters["reviewer"]):
        with pytest.raises(Forbidden):
            services.cast_ballot(by=actor, seat=scene.seats["chair"], subject=scene.subjects[0], content={"points": 1})


def test_admin_secretary_seat_never_votes(scene, cast):
    person = cast.person()
    seat = add_seat(by=scene.secretary, council=scene.fresh(), person=person, role="admin_secretary", votes=True)
    assert not seat.votes
    scene.reach("in_session")
    Seat.objects.filter(pk=seat.pk).update(is_present=True, votes=True)

    with pytest.raises(BallotRefused):
        services.cast_ballot(by=cast.actor(person=person), seat=seat, subject=scene.subjects[0], content={"points": 1})


def test_absent_or_undeclared_member_does_not_vote(scene):
    scene.reach("in_session")
    Seat.objects.filter(pk=scene.seats["chair"].pk).update(is_present=False)
    Seat.objects.filter(pk=scene.seats["reviewer"].pk).update(declared_clear_at=None)

    for role in ("chair", "reviewer"):
        with pytest.raises(BallotRefused):
            scene.vote(role, points=1)


def test_ballot_is_replaced_until_sealed_and_counts_once(scene):
    scene.reach("in_session")
    scene.vote("chair", points=10)
    scene.vote("chair", points=95)
    scene.reach("ballots_sealed")

    count_ballots(by=scene.secretary, council=scene.fresh(), count=keep)

    result = CouncilSubject.objects.get(pk=scene.subjects[0].pk).result
    assert len(result["ballots"]) == 3
    assert result["facts"] == {"members_present": 3, "members_total": 3}


def test_empty_ballot_or_reserved_key_is_refused(scene):
    scene.reach("in_session")
    for content in ({}, {"voter": "x", "points": 1}):
        with pytest.raises(BallotRefused):
            scene.vote("chair", **content)


def test_seal_waits_for_every_voter_present(scene):
    scene.reach("in_session")
    scene.vote("chair", points=1)
    assert [(line.cast, line.expected) for line in queries.turnout(scene.fresh())] == [(1, 3), (0, 3)]

    with pytest.raises(BallotRefused, match="1/3"):
        services.seal_ballots(by=scene.secretary, council=scene.fresh())


def test_nobody_reads_ballots_before_the_count(scene, cast):
    scene.reach("ballots_sealed")
    readers = [*scene.voters.values(), scene.secretary, scene.director, cast.actor(Role.INSPECTOR)]

    assert all(not queries.ballots_visible_to(reader, scene.subjects[0]).exists() for reader in readers)
    assert set(Ballot.objects.values_list("opened", flat=True)) == {None}


def test_after_the_count_a_member_reads_own_and_staff_all(scene, cast):
    scene.reach("ballots_sealed")
    count_ballots(by=scene.secretary, council=scene.fresh(), count=keep)
    subject = CouncilSubject.objects.get(pk=scene.subjects[0].pk)

    seen = {role: queries.ballots_visible_to(actor, subject).count() for role, actor in scene.voters.items()}

    assert seen == {"chair": 3, "reviewer": 1, "sci_secretary": 3}
    assert queries.ballots_visible_to(scene.secretary, subject).count() == 3
    assert queries.ballots_visible_to(cast.actor(Role.HOST), subject).count() == 0
    assert sorted(ballot.opened["points"] for ballot in subject.ballots.all()) == [80, 81, 82]


def test_count_before_the_seal_is_refused(scene):
    scene.reach("in_session")
    with pytest.raises(BallotRefused):
        count_ballots(by=scene.secretary, council=scene.fresh(), count=keep)


def test_count_by_a_voter_is_forbidden_whatever_office_he_holds(scene, cast):
    both = cast.actor(Role.ADMIN_SECRETARY, person=cast.person())
    services.add_seat(
        by=scene.secretary, council=scene.fresh(), person=Seat._meta.get_field("person").related_model.objects.get(
            pk=both.person_id
        ), role="member",
    )  # fmt: skip
    council = scene.fresh()
    council.state = "ballots_sealed"
    council.save()

    with pytest.raises(Forbidden, match="quyền bỏ phiếu"):
        count_ballots(by=both, council=council, count=keep)
    with pytest.raises(Forbidden):
        count_ballots(by=scene.director, council=council, count=keep)


def test_compare_ranks_over_all_subjects(scene):
    scene.reach("ballots_sealed")

    def rank(results):
        return {uid: {**result, "rank": place} for place, (uid, result) in enumerate(sorted(results.items()), 1)}

    count_ballots(by=scene.secretary, council=scene.fresh(), count=keep, compare=rank)

    assert sorted(item.result["rank"] for item in CouncilSubject.objects.all()) == [1, 2]


def forge(scene, **changes):
    """Change the chair's ballot behind the service's back."""
    Ballot.objects.filter(seat=scene.seats["chair"], subject=scene.subjects[0]).update(**changes)


def other_ballot(scene, **content):
    """A ballot sealed with the right key for the chair, never cast."""
    sealed, commitment = seal(
        scene.council.uid, seat_uid=scene.seats["chair"].uid, subject_uid=scene.subjects[0].uid, content=content
    )
    return {"sealed": sealed, "commitment": commitment}


TAMPERINGS = {
    "bytes flipped": lambda scene: forge(scene, sealed=b"gAAAAAB" + b"x" * 200),
    "another key": lambda scene: forge(scene, sealed=Fernet(Fernet.generate_key()).encrypt(b"{}")),
    "contents with the right key": lambda scene: forge(scene, sealed=other_ballot(scene, points=100)["sealed"]),
    "contents and commitment": lambda scene: forge(scene, **other_ballot(scene, points=100)),
    "commitment alone": lambda scene: forge(scene, commitment="0" * 64),
    "ballot removed": lambda scene: Ballot.objects.filter(seat=scene.seats["chair"]).delete(),
    "ballots swapped between members": lambda scene: forge(
        scene, sealed=Ballot.objects.get(seat=scene.seats["reviewer"], subject=scene.subjects[0]).sealed
    ),
    "ballot moved to another subject": lambda scene: forge(
        scene, sealed=Ballot.objects.get(seat=scene.seats["chair"], subject=scene.subjects[1]).sealed
    ),
}


@pytest.mark.parametrize("way", TAMPERINGS)
def test_tampering_after_the_seal_is_found_and_nothing_opens(scene, way):
    scene.reach("ballots_sealed")
    TAMPERINGS[way](scene)

    with pytest.raises(BallotTampered):
        count_ballots(by=scene.secretary, council=scene.fresh(), count=keep)

    assert scene.fresh().state == "ballots_sealed"
    assert set(Ballot.objects.values_list("opened", flat=True)) <= {None}
    assert AuditEntry.objects.filter(verb="council.tampering_found").count() == 1


def test_added_ballot_of_an_absent_member_is_found(scene, cast):
    scene.reach("ballots_sealed")
    late = Seat.objects.create(council=scene.council, person=cast.person(), role="member")
    sealed, commitment = seal(
        scene.council.uid, seat_uid=late.uid, subject_uid=scene.subjects[0].uid, content={"points": 100}
    )
    Ballot.objects.create(
        seat=late, subject=scene.subjects[0], sealed=sealed, commitment=commitment,
        cast_at=Ballot.objects.first().cast_at,
    )  # fmt: skip

    with pytest.raises(BallotTampered):
        count_ballots(by=scene.secretary, council=scene.fresh(), count=keep)


def test_ballot_key_rotation_opens_old_ballots_and_losing_it_does_not(scene, settings):
    settings.BALLOT_KEYS = ["khóa cũ"]
    sealed, commitment = seal(
        scene.council.uid, seat_uid=scene.seats["chair"].uid, subject_uid=scene.subjects[0].uid, content={"points": 1}
    )

    settings.BALLOT_KEYS = ["khóa mới", "khóa cũ"]
    assert unseal(scene.council.uid, sealed)[1] == commitment
    settings.BALLOT_KEYS = ["khóa mới"]
    assert unseal(scene.council.uid, sealed) is None


def test_key_of_one_council_does_not_open_another(scene, cast):
    sealed, _ = seal(
        scene.council.uid, seat_uid=scene.seats["chair"].uid, subject_uid=scene.subjects[0].uid, content={"points": 1}
    )
    other = services.draft_council(by=scene.secretary, kind="trial", title="Hội đồng khác", rule_set="A")

    assert unseal(other.uid, sealed) is None
