"""A warning from its sign to its end: two people, bytes for ever, update, cancel, expiry, exercise, bulletins."""

import hashlib
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from khcn.domains.warnings.choices import LevelOrigin, MessageKind, WarningKind, WarningState
from khcn.domains.warnings.errors import WarningRefused
from khcn.domains.warnings.models import CapMessage, DutyClock, MessageDraft, WarningCase
from khcn.domains.warnings.queries.listing import overdue_bulletins, times_of
from khcn.domains.warnings.queries.messages import in_force, public_in_force
from khcn.domains.warnings.services import cases, drafts, hearing, issuing
from khcn.domains.warnings.services.signing import signing_key
from khcn.domains.warnings.tests.conftest import LONG_AGO, SEEN
from khcn.kernel.audit.rules import canonical
from khcn.lib.failure import Forbidden, Stale
from khcn.standards.cap.checking import check_alert
from khcn.standards.cap.reading import read_alert
from khcn.standards.cap.signatures import verify_alert

pytestmark = [pytest.mark.django_db, pytest.mark.database]
MINUTE = timedelta(minutes=1)


def test_danger_seen_becomes_a_proposal_that_nobody_issued(world):
    case = world.case()

    assert (case.state, case.kind, case.owner) == (WarningState.PROPOSED, WarningKind.MEASUREMENT, world.owner)
    assert not CapMessage.objects.exists()


def test_danger_seen_twice_is_one_proposal_with_the_newer_level(world):
    world.case()
    world.case(level=2)

    case = WarningCase.objects.get()
    assert case.danger["level"] == 2


def test_danger_is_drafted_by_nobody_and_whoever_submits_it_does_not_approve(world):
    case = world.case()
    draft = MessageDraft.objects.get(case=case)
    before = (draft.written_by_id, draft.level, draft.units)
    drafts.submit_message(by=world.head, draft=draft)

    with pytest.raises(WarningRefused, match="người thứ hai"):
        drafts.approve_message(by=world.head, draft=draft)

    assert before == (None, 1, ["70001", "70002"])
    assert WarningCase.objects.get().state == WarningState.PREPARING


def test_rise_above_the_level_in_force_drafts_an_update_and_a_lower_one_does_not(world):
    first = world.issued()
    hear = {"exceedance": "x-1", "seen_at": world.now.isoformat(), "observed_at": world.now.isoformat()}

    hearing.hear_danger(canonical(SEEN | hear))
    quiet = MessageDraft.objects.filter(kind=MessageKind.UPDATE).exists()
    hearing.hear_danger(canonical(SEEN | hear | {"level": 2, "units": ["70001", "70003"]}))

    draft = MessageDraft.objects.get(kind=MessageKind.UPDATE)
    assert not quiet
    assert (draft.case_id, draft.level, draft.units) == (first.case_id, 2, ["70001", "70003"])
    message = world.issued(draft, now=world.now + MINUTE)
    assert read_alert(bytes(message.content)).references[0].identifier == first.identifier


def test_rise_while_people_write_leaves_their_words(world):
    draft = world.written(headline="Lời của người trực")

    hearing.hear_danger(canonical(SEEN | {"level": 3, "observed_at": world.now.isoformat()}))

    case, kept = WarningCase.objects.get(), MessageDraft.objects.get(pk=draft.pk)
    assert (kept.headline, kept.level, case.danger["level"]) == ("Lời của người trực", 1, 3)


def test_illustration_goes_out_as_a_test_and_says_so(world):
    message = world.issued(world.written(world.case(is_illustration=True)))

    alert = read_alert(bytes(message.content))
    assert check_alert(bytes(message.content), profile="vn").violations == ()
    assert (alert.status, alert.scope, alert.infos[0].headline[:8]) == ("Test", "Restricted", "MINH HỌA")
    assert alert.infos[1].headline.startswith("ILLUSTRATION")


def test_message_from_proposal_is_valid_signed_and_says_that_it_is_a_measurement(world):
    message = world.issued()

    content = bytes(message.content)
    alert = read_alert(content)
    key = signing_key(holder=world.owner.name, at=world.now)
    assert check_alert(content, profile="vn").violations == ()
    assert verify_alert(content, certificate_pem=key.certificate_pem).subject == message.signed_by
    assert message.sha256 == hashlib.sha256(content).hexdigest()
    assert (alert.message_type, alert.status, alert.scope) == ("Alert", "Actual", "Public")
    assert [info.language for info in alert.infos] == ["vi-VN", "en-US"]
    assert "không phải bản tin dự báo chính thức" in alert.infos[0].description
    assert {p.name: p.value for p in alert.infos[0].parameters}["VN-QD18:riskLevel"] == "1"
    assert [g.value for g in alert.infos[0].areas[0].geocodes] == ["70001", "70002"]
    assert "134,0 mm tại Xã 1, Xã 2" in alert.infos[0].description
    assert "134.0 mm" in alert.infos[1].description


def test_times_of_every_step_are_kept(world):
    message = world.issued(now=world.now + 2 * MINUTE)

    found = times_of(WarningCase.objects.get(pk=message.case_id))
    assert found.proposal is not None
    assert found.proposal >= 4 * MINUTE
    assert found.issue == timedelta(0)


def test_whoever_wrote_does_not_approve_and_posts_count_today_only(world):
    draft = world.written()
    drafts.submit_message(by=world.writer, draft=draft)
    own = MessageDraft.objects.get(pk=draft.pk)
    MessageDraft.objects.filter(pk=draft.pk).update(written_by_id=world.head.user_id)
    own.refresh_from_db()

    with pytest.raises(WarningRefused):
        drafts.approve_message(by=world.head, draft=own)
    for who in (world.writer, world.stranger, world.system):
        with pytest.raises(Forbidden):
            drafts.approve_message(by=who, draft=own)


def test_higher_level_needs_the_higher_rank(world):
    draft = world.written(level=3)
    drafts.submit_message(by=world.writer, draft=draft)

    with pytest.raises(Forbidden):
        drafts.approve_message(by=world.head, draft=draft)
    drafts.approve_message(by=world.director, draft=draft)

    assert draft.state == "approved"


def test_approval_runs_out_after_ten_minutes_and_can_be_given_again(world):
    draft = world.written()
    drafts.submit_message(by=world.writer, draft=draft, now=world.now)
    drafts.approve_message(by=world.head, draft=draft, now=world.now)

    with pytest.raises(WarningRefused):
        issuing.issue_message(by=world.writer, draft=draft, now=world.now + 11 * MINUTE)
    draft.refresh_from_db()
    drafts.approve_message(by=world.head, draft=draft, now=world.now + 11 * MINUTE)
    message = issuing.issue_message(by=world.writer, draft=draft, now=world.now + 12 * MINUTE)

    assert message.identifier.endswith(".1")


def test_message_changed_after_approval_is_not_issued(world):
    draft = world.written()
    drafts.submit_message(by=world.writer, draft=draft)
    drafts.approve_message(by=world.head, draft=draft)
    MessageDraft.objects.filter(pk=draft.pk).update(headline="Khác")
    draft.refresh_from_db()

    with pytest.raises(WarningRefused):
        issuing.issue_message(by=world.writer, draft=draft)

    assert not CapMessage.objects.exists()


def test_signature_that_fails_stops_the_issue(world, monkeypatch):
    def fail(*_args, **_more):
        raise ValueError("no key")

    draft = world.written()
    drafts.submit_message(by=world.writer, draft=draft)
    drafts.approve_message(by=world.head, draft=draft)
    monkeypatch.setattr(issuing, "sign", fail)

    with pytest.raises(ValueError, match="no key"), transaction.atomic():
        issuing.issue_message(by=world.writer, draft=draft)

    assert not CapMessage.objects.exists()
    assert MessageDraft.objects.get(pk=draft.pk).state == "approved"


def test_bytes_that_went_out_cannot_be_changed_or_removed(world):
    message = world.issued()

    for act in (
        lambda: CapMessage.objects.filter(pk=message.pk).update(sha256="0" * 64),
        lambda: CapMessage.objects.filter(pk=message.pk)._raw_delete(CapMessage.objects.db),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_update_and_cancel_reference_what_they_replace_and_one_holds_at_a_time(world):
    first = world.issued()
    case = WarningCase.objects.get(pk=first.case_id)
    second = world.issued(
        world.written(case, MessageKind.UPDATE, reason="Mưa tăng", level=2), now=world.now + 3 * MINUTE
    )
    held = in_force(case, now=world.now + 4 * MINUTE)
    case.refresh_from_db()
    third = world.issued(world.written(case, MessageKind.CANCEL, reason="Mưa tạnh"), now=world.now + 6 * MINUTE)
    case.refresh_from_db()

    update, cancel = read_alert(bytes(second.content)), read_alert(bytes(third.content))
    assert [one.identifier for one in update.references] == [first.identifier]
    assert [one.identifier for one in cancel.references] == [second.identifier]
    assert held == second
    assert (update.infos[0].severity, cancel.message_type) == ("Moderate", "Cancel")
    assert (case.state, in_force(case, now=world.now + 7 * MINUTE)) == (WarningState.CANCELLED, None)
    assert public_in_force(world.now + 7 * MINUTE) == []
    with pytest.raises(WarningRefused):
        drafts.begin_message(by=world.writer, case=case, kind=MessageKind.UPDATE)


def test_update_without_reason_or_area_that_ended_is_refused(world):
    first = world.issued()
    case = WarningCase.objects.get(pk=first.case_id)
    draft = world.written(case, MessageKind.UPDATE)
    with pytest.raises(WarningRefused, match="lý do"):
        drafts.submit_message(by=world.writer, draft=draft)
    draft.refresh_from_db()

    drafts.write_message(by=world.writer, draft=draft, changes={"reason": "x", "units": ["70001", "99999"]})
    with pytest.raises(WarningRefused, match="99999"):
        drafts.submit_message(by=world.writer, draft=draft)


def test_case_ends_when_its_last_message_runs_out(world):
    message = world.issued()

    before = issuing.end_expired(by=world.system, now=message.expires_at - MINUTE)
    after = issuing.end_expired(by=world.system, now=message.expires_at)

    assert (before, after) == (0, 1)
    assert WarningCase.objects.get().state == WarningState.EXPIRED


def test_every_broken_rule_of_cap_is_named_at_submission(world):
    ring = [[12.0, 107.0], [12.2, 107.2], [12.2, 107.0], [12.0, 107.2], [12.0, 107.0]]
    draft = world.written(ring=ring, headline="")

    with pytest.raises(WarningRefused) as refused:
        drafts.submit_message(by=world.writer, draft=draft)

    assert {rule for rule, _sentence in refused.value.violations} >= {"VN-04", "VN-08"}


def test_exercise_never_reaches_the_public(world):
    case = cases.begin_case(
        by=world.writer, owner=world.owner, hazard="storm", hazard_name="Bão", kind=WarningKind.ORDER,
        is_exercise=True, exercise_name="Diễn tập 2026",
    )  # fmt: skip
    message = world.issued(world.written(case, level=3, units=["70001"]))

    alert = read_alert(bytes(message.content))
    assert (alert.status, alert.scope) == ("Exercise", "Restricted")
    assert alert.infos[0].headline.startswith("DIỄN TẬP")
    assert public_in_force(world.now) == []


def test_person_alone_in_an_emergency_owes_a_second_signature(world):
    case = world.case()
    draft = drafts.begin_message(by=world.head, case=case, kind=MessageKind.ALERT)
    drafts.submit_message(by=world.head, draft=draft, now=world.now)
    drafts.approve_message(by=world.head, draft=draft, now=world.now, alone_reason="Đêm, một người trực")
    issuing.issue_message(by=world.head, draft=draft, now=world.now)
    draft.refresh_from_db()

    assert draft.second_due_at == world.now + 30 * MINUTE
    with pytest.raises(WarningRefused):
        drafts.sign_second(by=world.head, draft=draft)
    drafts.sign_second(by=world.director, draft=draft)
    assert MessageDraft.objects.get(pk=draft.pk).second_by_id == world.director.user_id


def bulletin(world, **changes):
    values = {
        "by": world.writer, "owner": world.owner, "issuer": "Đài Khí tượng Thủy văn", "number": "MLDR-01",
        "hazard": "heavy_rain", "issued_at": world.now - 10 * MINUTE, "content": "Cấp độ rủi ro: cấp 1.",
        "stated": {"70001": 1}, "now": world.now,
    }  # fmt: skip
    return cases.register_bulletin(**(values | changes))


def test_official_level_comes_from_a_bulletin_only(world):
    kept = bulletin(world, next_due_at=world.now - MINUTE)
    case = cases.begin_case(
        by=world.writer, owner=world.owner, hazard="heavy_rain", hazard_name="Mưa lớn", kind=WarningKind.RELAY,
        bulletin=kept,
    )  # fmt: skip
    draft = world.written(case)
    drafts.write_message(by=world.writer, draft=draft, changes={"level": 2})

    with pytest.raises(WarningRefused, match="cấp 1"):
        drafts.submit_message(by=world.writer, draft=draft)
    draft.refresh_from_db()
    drafts.write_message(by=world.writer, draft=draft, changes={"level": 1})
    message = world.issued(draft)

    named = {p.name: p.value for p in read_alert(bytes(message.content)).infos[0].parameters}
    assert named["VN-KHCN:levelOrigin"] == LevelOrigin.BULLETIN
    assert named["VN-QD18:bulletin"] == "MLDR-01, Đài Khí tượng Thủy văn"
    assert [one.number for one in overdue_bulletins(world.now)] == ["MLDR-01"]


def test_measurement_never_claims_an_official_level(world):
    draft = world.written(level_origin=LevelOrigin.BULLETIN)

    with pytest.raises(WarningRefused, match="chính thức"):
        drafts.submit_message(by=world.writer, draft=draft)


def test_fire_bulletins_of_16_february_2016_are_relayed_with_class_and_without_a_risk_level(world):
    kept = bulletin(
        world, number="CCR-16022016", hazard="forest_fire", scale="fire", issued_at=LONG_AGO,
        stated=dict.fromkeys(["70001", "70002", "70003"], 5), content="Cấp V – cực kỳ nguy hiểm.",
    )  # fmt: skip
    case = cases.begin_case(
        by=world.writer, owner=world.owner, hazard="forest_fire", hazard_name="Cháy rừng", kind=WarningKind.RELAY,
        bulletin=kept,
    )  # fmt: skip
    message = world.issued(
        world.written(case, headline="Cháy rừng cấp V", instruction="Cấm dùng lửa trong rừng.", units=["70001"])
    )

    info = read_alert(bytes(message.content)).infos[0]
    assert kept.highest == 5
    assert message.draft.level is None
    assert "VN-QD18:riskLevel" not in {p.name for p in info.parameters}
    assert (info.severity, info.categories) == ("Unknown", ("Fire",))


def test_bulletin_is_kept_as_it_came_and_once(world):
    kept = bulletin(world)

    with pytest.raises(WarningRefused):
        bulletin(world)
    with pytest.raises(DatabaseError), transaction.atomic():
        type(kept).objects.filter(pk=kept.pk).update(content="khác")


def test_duties_of_the_level_are_clocked_once_and_repeat(world):
    message = world.issued()

    duties = {one.rule.code: one for one in DutyClock.objects.all()}
    assert set(duties) == {"l1-commune", "broadcast-3h"}
    assert duties["l1-commune"].due_at == message.sent + 60 * MINUTE
    issuing.do_duty(by=world.writer, duty=duties["broadcast-3h"], now=world.now)
    again = DutyClock.objects.filter(rule__code="broadcast-3h", done_at=None).get()
    assert again.due_at == world.now + 180 * MINUTE


def test_stale_draft_is_refused(world):
    draft = world.written()
    other = MessageDraft.objects.get(pk=draft.pk)
    drafts.write_message(by=world.writer, draft=draft, changes={"headline": "Một"}, expected_version=other.version)

    with pytest.raises(Stale):
        drafts.write_message(by=world.writer, draft=other, changes={"headline": "Hai"}, expected_version=1)


def test_dropped_proposal_keeps_its_reason_and_a_new_sign_makes_a_new_one(world):
    case = world.case()
    cases.drop_case(by=world.writer, case=case, reason="Máy đo hỏng")
    again = world.case()

    assert WarningCase.objects.get(pk=case.pk).drop_reason == "Máy đo hỏng"
    assert again.pk != case.pk
    assert [one.state for one in MessageDraft.objects.filter(case=case)] == ["dropped"]
    assert timezone.now() >= case.ended_at
