"""Proposals: one test per exit of each service."""

from datetime import date

import pytest

from khcn.domains.programme.errors import NotNow
from khcn.domains.programme.models import RuleSet
from khcn.domains.programme.queries.proposals import missing_parts
from khcn.domains.programme.services import proposals
from khcn.kernel.audit.queries import verify_chain
from khcn.kernel.notices.models import Notice
from khcn.kernel.procedures.models import TransitionRecord
from khcn.lib.failure import Forbidden, Refused, Stale

from . import journey

pytestmark = pytest.mark.django_db


def test_create_proposal_twice_gives_next_code_of_the_year(cast, full_proposal, today):
    first = journey.draft(cast, full_proposal, today)
    second = journey.draft(cast, full_proposal, today)

    assert (first.code, second.code) == ("DX-2024-001", "DX-2024-002")


def test_create_proposal_for_another_unit_is_forbidden(cast, today):
    with pytest.raises(Forbidden):
        proposals.create_proposal(by=cast.stranger, proposer=cast.units.owner, title="Tên", on=today)


def test_edit_proposal_with_old_version_shows_the_difference_and_keeps_theirs(cast, full_proposal, today):
    proposal = journey.draft(cast, full_proposal, today)
    seen = proposal.version
    proposals.edit_proposal(
        by=cast.colleague, proposal=proposal, changes={"need": "Bản của Bình"}, expected_version=seen
    )

    with pytest.raises(Stale) as refusal:
        proposals.edit_proposal(
            by=cast.owner, proposal=proposal, changes={"need": "Bản của Hoa"}, expected_version=seen
        )

    assert refusal.value.difference == [("tính cấp thiết", "Bản của Bình", "Bản của Hoa")]
    proposal.refresh_from_db()
    assert proposal.need == "Bản của Bình"


def test_edit_proposal_by_stranger_is_forbidden(cast, full_proposal, today):
    proposal = journey.draft(cast, full_proposal, today)

    with pytest.raises(Forbidden):
        proposals.edit_proposal(by=cast.stranger, proposal=proposal, changes={"need": "x"}, expected_version=None)


def test_edit_proposal_after_submission_is_refused(cast, full_proposal, today):
    proposal = journey.submitted(cast, full_proposal, today)

    with pytest.raises(NotNow, match="không sửa được"):
        proposals.edit_proposal(by=cast.owner, proposal=proposal, changes={"need": "x"}, expected_version=None)


def test_edit_proposal_field_of_another_plan_is_refused_at_the_field(cast, full_proposal, plan, today):
    proposal = journey.draft(cast, full_proposal, today)

    with pytest.raises(Refused) as refusal:
        proposals.edit_proposal(
            by=cast.owner, proposal=proposal, changes={"field": plan.fields.get()}, expected_version=None
        )

    assert refusal.value.field == "field"


def test_edit_proposal_declared_secret_with_contents_is_refused_and_nothing_is_kept(cast, full_proposal, today):
    proposal = journey.draft(cast, full_proposal, today)

    with pytest.raises(Refused, match="bằng bản giấy"):
        proposals.edit_proposal(by=cast.owner, proposal=proposal, changes={"is_secret": True}, expected_version=None)

    proposal.refresh_from_db()
    assert proposal.is_secret is False


def test_submit_proposal_secret_is_refused_with_the_sentence_of_the_rule(cast, today):
    proposal = proposals.create_proposal(
        by=cast.owner, proposer=cast.units.owner, title="Mục mật", on=today, is_secret=True
    )

    with pytest.raises(NotNow, match="bí mật nhà nước phải lập và gửi hồ sơ bằng bản giấy"):
        proposals.submit_proposal(by=cast.owner, proposal=proposal, on=today)


def test_submit_proposal_incomplete_is_refused_by_the_guard(cast, today):
    proposal = proposals.create_proposal(
        by=cast.owner, proposer=cast.units.owner, title="Thiếu", on=today, is_secret=False
    )

    with pytest.raises(NotNow) as refusal:
        proposals.submit_proposal(by=cast.owner, proposal=proposal, on=today)

    assert refusal.value.guard == "proposal.form_complete"
    assert "mục tiêu" in missing_parts(proposal)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.submitted_on) == ("draft", None)


def test_submit_proposal_complete_pins_the_rules_of_the_day_and_asks_the_specialist(cast, full_proposal, today):
    proposal = journey.submitted(cast, full_proposal, today)

    proposal.refresh_from_db()
    assert (proposal.state, proposal.rule_set.code, proposal.submitted_on) == ("submitted", "A", today)
    assert Notice.objects.filter(recipient=cast.users.specialist, done_at=None, subject_uid=proposal.uid).count() == 1
    step = TransitionRecord.objects.get(subject_uid=proposal.uid, event="submit")
    assert {item["rule"] for item in step.trace} == {"act.not_secret", "proposal.form_complete"}


@pytest.mark.parametrize(("filed", "code"), [(date(2025, 3, 3), "B"), (date(2025, 11, 3), "C")])
def test_submit_proposal_pins_the_set_in_force_on_the_filing_day(cast, full_proposal, filed, code):
    proposal = journey.submitted(cast, full_proposal, filed)

    assert proposal.rule_set.code == code


def test_accept_proposal_after_a_new_law_moves_the_unapproved_file_where_its_policy_says_so(cast, full_proposal):
    proposal = journey.submitted(cast, full_proposal, date(2025, 9, 15))
    assert proposal.rule_set.code == "B"

    proposals.accept_proposal(by=cast.specialist, proposal=proposal, on=date(2025, 10, 6))

    assert proposal.rule_set.code == "C"


def test_accept_proposal_keeps_the_law_of_filing_where_its_policy_says_so(cast, full_proposal):
    RuleSet.objects.filter(code="C").update(pinning="at_filing")
    proposal = journey.submitted(cast, full_proposal, date(2025, 9, 15))

    proposals.accept_proposal(by=cast.specialist, proposal=proposal, on=date(2025, 10, 6))

    assert proposal.rule_set.code == "B"


def test_return_proposal_without_reason_is_refused(cast, full_proposal, today):
    proposal = journey.submitted(cast, full_proposal, today)

    with pytest.raises(NotNow, match="lý do"):
        proposals.return_proposal(by=cast.specialist, proposal=proposal, reason=" ", on=today)


def test_return_proposal_with_reason_lets_the_proposer_mend_and_file_again(cast, full_proposal, today):
    proposal = journey.submitted(cast, full_proposal, today)

    proposals.return_proposal(by=cast.specialist, proposal=proposal, reason="Thiếu địa chỉ ứng dụng.", on=today)
    proposals.edit_proposal(by=cast.owner, proposal=proposal, changes={"effects": "Giảm thuốc"}, expected_version=None)
    proposals.submit_proposal(by=cast.colleague, proposal=proposal, on=date(2024, 3, 20))

    assert (proposal.state, proposal.submitted_on) == ("submitted", today)


def test_accept_proposal_by_its_own_proposer_is_refused(cast, full_proposal, today):
    proposal = journey.submitted(cast, full_proposal, today)

    with pytest.raises(NotNow, match="Chuyên viên"):
        proposals.accept_proposal(by=cast.owner, proposal=proposal, on=today)


def test_withdraw_proposal_after_check_is_refused(cast, full_proposal, today):
    proposal = journey.valid(cast, full_proposal, today)

    with pytest.raises(NotNow):
        proposals.withdraw_proposal(by=cast.owner, proposal=proposal, on=today)


def test_withdraw_proposal_before_check_closes_what_was_asked(cast, full_proposal, today):
    proposal = journey.submitted(cast, full_proposal, today)

    proposals.withdraw_proposal(by=cast.owner, proposal=proposal, on=today, reason="Đổi hướng.")

    assert proposal.state == "withdrawn"
    assert not Notice.objects.filter(subject_uid=proposal.uid, done_at=None).exists()


def test_place_in_council_not_established_is_refused(cast, full_proposal, today):
    proposal = journey.looked_up(cast, full_proposal, today)
    council = journey.council_for(proposal, cast, today)
    council.state = "drafted"

    with pytest.raises(NotNow, match="thành lập hội đồng"):
        proposals.place_in_council(by=cast.head, proposal=proposal, council=council, on=today)


@pytest.mark.parametrize(
    ("passing", "total", "state"), [(7, 9, "recommended"), (6, 8, "not_recommended"), (7, 8, "recommended")]
)
def test_record_identification_result_follows_more_than_three_quarters(
    cast, full_proposal, today, passing, total, state
):
    proposal = journey.recommended(cast, full_proposal, today, passing=passing, total=total)

    proposal.refresh_from_db()
    assert proposal.state == state


def test_drop_proposal_by_specialist_is_refused_and_by_head_with_reason_done(cast, full_proposal, today):
    proposal = journey.recommended(cast, full_proposal, today)

    with pytest.raises(NotNow):
        proposals.drop_proposal(by=cast.specialist, proposal=proposal, reason="Chưa có kinh phí.", on=today)
    proposals.drop_proposal(by=cast.head, proposal=proposal, reason="Chưa có kinh phí.", on=today)

    assert proposal.state == "dropped"


def test_quiet_draft_leaves_no_audit_entry_and_the_chain_holds(cast, full_proposal, today):
    proposal = journey.draft(cast, full_proposal, today)
    before = verify_chain().rows

    proposals.edit_proposal(
        by=cast.owner, proposal=proposal, changes={"need": "đang gõ"}, expected_version=proposal.version, is_quiet=True
    )

    report = verify_chain()
    assert report.holds
    assert report.rows == before
