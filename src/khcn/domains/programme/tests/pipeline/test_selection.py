"""From the council's result to the task: one test per exit."""

from datetime import timedelta

import pytest

from khcn.domains.programme.errors import NotNow
from khcn.domains.programme.models import Task
from khcn.domains.programme.services import applications, approvals, calls
from khcn.kernel.notices.models import Notice
from khcn.kernel.procedures.models import Clock
from khcn.lib.failure import Refused

from . import journey

pytestmark = pytest.mark.django_db


def test_record_selection_result_selects_the_first_keeps_the_reserve(cast, full_proposal, today, moment):
    call, mine, other, _ = journey.selected(cast, full_proposal, today, moment)

    assert (mine.state, mine.rank, other.state, other.rank) == ("selected", 1, "reserve", 2)
    assert mine.score["count"]["mean_score"] == "88"
    assert call.state == "concluded"
    assert Clock.objects.filter(subject_uid=mine.uid, rule_key="application.revise_after_council").exists()


def test_record_selection_result_without_every_dossier_is_refused(cast, full_proposal, today, moment):
    call, (mine, _), later = journey.judged(cast, full_proposal, today, moment)

    with pytest.raises(Refused, match="đủ"):
        applications.record_selection_result(by=cast.secretary, call=call, on=later, results=[journey.result(mine)])


def test_record_selection_result_with_equal_first_places_is_refused(cast, full_proposal, today, moment):
    call, (mine, other), later = journey.judged(cast, full_proposal, today, moment)

    with pytest.raises(Refused, match="bằng nhau"):
        applications.record_selection_result(
            by=cast.secretary, call=call, on=later, results=[journey.result(mine), journey.result(other)]
        )
    mine.refresh_from_db()
    assert mine.state == "valid"


def test_record_selection_result_by_specialist_is_refused(cast, full_proposal, today, moment):
    call, (mine,), later = journey.judged(cast, full_proposal, today, moment, who=("owner",))

    with pytest.raises(NotNow):
        applications.record_selection_result(by=cast.specialist, call=call, on=later, results=[journey.result(mine)])


def test_conclude_call_without_winner_is_refused(cast, full_proposal, today, moment):
    call, (mine,), later = journey.judged(cast, full_proposal, today, moment, who=("owner",))
    applications.record_selection_result(
        by=cast.secretary, call=call, on=later, results=[journey.result(mine, 65, candidate=False)]
    )

    with pytest.raises(NotNow, match="trúng tuyển"):
        calls.conclude_call(by=cast.director, call=call, on=later)


def test_submit_revision_without_explanation_is_refused(cast, full_proposal, today, moment):
    _, mine, _, later = journey.selected(cast, full_proposal, today, moment)

    with pytest.raises(Refused) as refusal:
        applications.submit_revision(by=cast.owner, application=mine, explanation="", on=later)

    assert refusal.value.field == "explanation"


def test_record_appraisal_below_quorum_is_refused(cast, full_proposal, today, moment):
    _, mine, _, later = journey.selected(cast, full_proposal, today, moment)
    applications.submit_revision(by=cast.owner, application=mine, explanation="Đã sửa.", on=later)
    journey.council_for(mine, cast, later, "budget_appraisal")

    with pytest.raises(NotNow, match="ít nhất 4/5"):
        approvals.record_appraisal(
            by=cast.inspector, application=mine, amount_vnd=1_000_000_000, months=24, lump_mode="partial",
            conclusion="Thống nhất.", members_total=5, members_present=3, council_member_present=True, on=later,
        )  # fmt: skip


def test_record_appraisal_by_someone_without_a_seat_is_refused(cast, full_proposal, today, moment):
    _, mine, _, later = journey.selected(cast, full_proposal, today, moment)
    applications.submit_revision(by=cast.owner, application=mine, explanation="Đã sửa.", on=later)

    with pytest.raises(NotNow, match="Thành viên tổ thẩm định"):
        approvals.record_appraisal(
            by=cast.specialist, application=mine, amount_vnd=1_000_000_000, months=24, lump_mode="partial",
            conclusion="Thống nhất.", members_total=5, members_present=5, council_member_present=True, on=later,
        )  # fmt: skip


def test_record_appraisal_above_what_was_asked_is_refused(cast, full_proposal, today, moment):
    _, mine, _, later = journey.selected(cast, full_proposal, today, moment)

    with pytest.raises(Refused) as refusal:
        approvals.record_appraisal(
            by=cast.inspector, application=mine, amount_vnd=2_000_000_000, months=24, lump_mode="partial",
            conclusion="Thống nhất.", members_total=5, members_present=5, council_member_present=True, on=later,
        )  # fmt: skip

    assert refusal.value.field == "amount_vnd"


def test_approve_application_makes_the_task_with_people_work_products_and_money(cast, full_proposal, today, moment):
    _, mine, _, later = journey.ready_to_approve(cast, full_proposal, today, moment)

    task = approvals.approve_application(by=cast.leader, application=mine, decision_number="99/QĐ-UBND", on=later)

    assert (task.code, task.state, task.rule_set.code) == ("KHCN-2024-01", "approved", "A")
    assert (task.state_vnd, task.decision_number, task.host) == (1_000_000_000, "99/QĐ-UBND", cast.units.owner)
    assert [item.title for item in task.participations.all()] == ["pi"]
    assert task.contents.count() == 2
    product = task.products.get()
    assert (product.code, product.type, product.sector, product.locked_on) == (
        "KHCN-2024-01-SP01", "bioproduct", "agriculture", None,
    )  # fmt: skip
    assert sum(line.amount_vnd for line in task.budgets.get().lines.all()) == task.state_vnd


def test_approved_task_asks_its_own_host_to_sign_and_no_other(cast, full_proposal, today, moment):
    _, mine, _, later = journey.ready_to_approve(cast, full_proposal, today, moment)

    task = approvals.approve_application(by=cast.leader, application=mine, decision_number="99/QĐ-UBND", on=later)

    asked = {notice.recipient for notice in Notice.objects.filter(subject_uid=task.uid, done_at=None)}
    assert asked == {cast.users.owner, cast.users.colleague, cast.users.specialist}


def test_approve_application_above_the_appraisal_is_refused_and_makes_no_task(cast, full_proposal, today, moment):
    _, mine, _, later = journey.ready_to_approve(cast, full_proposal, today, moment, appraised=900_000_000)

    with pytest.raises(NotNow) as refusal:
        approvals.approve_application(by=cast.leader, application=mine, decision_number="99/QĐ-UBND", on=later)

    assert refusal.value.guard == "approval.within_appraisal"
    assert not Task.objects.exists()


def test_approve_application_with_lines_that_do_not_sum_is_refused(cast, full_proposal, today, moment):
    _, mine, _, later = journey.ready_to_approve(cast, full_proposal, today, moment)

    with pytest.raises(NotNow) as refusal:
        approvals.approve_application(
            by=cast.leader, application=mine, decision_number="9/QĐ", on=later, approved_vnd=999_999_999
        )

    assert refusal.value.guard == "approval.lines_sum"


def test_approve_application_by_director_is_refused(cast, full_proposal, today, moment):
    _, mine, _, later = journey.ready_to_approve(cast, full_proposal, today, moment)

    with pytest.raises(NotNow, match="Ủy ban nhân dân"):
        approvals.approve_application(by=cast.director, application=mine, decision_number="9/QĐ", on=later)


def test_cancel_application_without_lawful_ground_is_refused(cast, full_proposal, today, moment):
    _, mine, _, later = journey.selected(cast, full_proposal, today, moment)

    with pytest.raises(NotNow, match="căn cứ"):
        approvals.cancel_application(by=cast.director, application=mine, ground="khac", reason="Không thích.", on=later)


def test_cancelled_winner_is_replaced_by_the_reserve(cast, full_proposal, today, moment):
    _, mine, other, later = journey.selected(cast, full_proposal, today, moment)
    with pytest.raises(NotNow, match="chưa bị hủy"):
        approvals.promote_reserve(by=cast.director, application=other, on=later)

    approvals.cancel_application(
        by=cast.director, application=mine, ground="not_revised", reason="Quá 20 ngày.", on=later + timedelta(days=25)
    )
    approvals.promote_reserve(by=cast.director, application=other, on=later + timedelta(days=26))

    assert (mine.state, other.state) == ("cancelled", "selected")
