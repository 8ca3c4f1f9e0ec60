"""Cases of proposals and calls: one path from the idea to the decision, returns, withdrawals, and what stays sealed."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from khcn.domains.programme.rules.procedure_steps import Science
from khcn.domains.programme.services import approvals, calls, proposals
from khcn.domains.programme.services.reference_procedures import load_procedures
from khcn.domains.programme.tests.pipeline import journey
from khcn.kernel.procedures.engine.definition import WORK_KINDS
from khcn.kernel.procedures.models import Case, Clock
from khcn.kernel.procedures.queries import open_runs, verify_logs, worklist
from khcn.lib.actor import Actor
from khcn.lib.dates import VIETNAM

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture(autouse=True)
def _procedures(db):
    load_procedures(by=Actor(uid=UUID(int=0), name="Hệ thống", on=date(2024, 1, 1), is_system=True))


def _only(procedure):
    return Case.objects.get(version_pinned__procedure__code=procedure)


def _done(case):
    return list(case.runs.filter(kind__in=WORK_KINDS, state="done").order_by("id").values_list("step_key", "outcome"))


def test_idea_to_decision_leaves_the_proposal_ended_and_the_call_at_its_contract(cast, full_proposal, today, moment):
    call, mine, _, later = journey.ready_to_approve(cast, full_proposal, today, moment)
    approvals.approve_application(by=cast.leader, application=mine, decision_number="99/QĐ-UBND", on=later)

    idea, choice = _only(Science.IDENTIFY), _only(Science.SELECT)
    assert (idea.state, idea.outcome, idea.subject_uid) == (
        "ended", "Đã vào danh mục đặt hàng", call.order.proposal.uid,
    )  # fmt: skip
    assert [step for step, _ in _done(idea)] == [
        "tiep_nhan", "tra_cuu", "lap_hoi_dong", "hop_hoi_dong", "lap_danh_muc", "phe_duyet", "cong_bo",
    ]  # fmt: skip
    assert _done(idea)[3:5] == [
        ("hop_hoi_dong", "Ghi nhận đề nghị thực hiện"), ("lap_danh_muc", "Đưa vào danh mục đặt hàng"),
    ]  # fmt: skip
    assert (choice.state, choice.subject_uid) == ("running", call.uid)
    assert [step for step, _ in _done(choice)] == [
        "nhan_ho_so", "mo_ho_so", "lap_hoi_dong", "chinh_sua", "tham_dinh", "hoan_thien", "phe_duyet",
    ]  # fmt: skip
    assert [run.step_key for run in open_runs(choice)] == ["ky_hop_dong"]
    assert not verify_logs().faults


def test_returned_proposal_waits_for_its_proposer_with_the_clock_standing(cast, full_proposal, today):
    proposal = journey.submitted(cast, full_proposal, today)
    proposals.return_proposal(by=cast.specialist, proposal=proposal, reason="Thiếu mục tiêu", on=today)

    case = _only(Science.IDENTIFY)
    run = open_runs(case).get()
    assert (case.state, run.step_key) == ("paused", "bo_sung")
    assert run in worklist(cast.owner)
    assert run not in worklist(cast.stranger)

    proposals.submit_proposal(by=cast.owner, proposal=proposal, on=today)

    case.refresh_from_db()
    assert (case.state, open_runs(case).get().step_key) == ("running", "tiep_nhan")


def test_withdrawn_proposal_and_cancelled_call_cancel_their_cases(cast, full_proposal, today):
    call = journey.opened_call(cast, full_proposal, today)
    calls.cancel_call(by=cast.director, call=call, reason="Đổi đặt hàng", on=today)
    proposal = journey.submitted(cast, full_proposal, today)
    earlier = today - timedelta(days=3)  # told late: the act's day lies before the step that it ends
    proposals.withdraw_proposal(by=cast.owner, proposal=proposal, reason="Trùng", on=earlier)

    assert _only(Science.SELECT).state == "cancelled"
    case = Case.objects.get(subject_uid=proposal.uid)
    assert (case.state, case.outcome) == ("cancelled", "Rút đề xuất")


def test_call_tells_nothing_of_who_applied_and_its_winner_alone_gets_the_step(cast, full_proposal, today, moment):
    _, mine, _, _ = journey.selected(cast, full_proposal, today, moment)
    case = _only(Science.SELECT)
    run = open_runs(case).get()

    assert mine.host.name not in case.title
    assert run in worklist(cast.owner)
    assert run not in worklist(cast.stranger)
    clock = Clock.objects.get(subject_uid=mine.uid, rule_key="application.revise_after_council")
    assert run.due_at.astimezone(VIETNAM).date() == clock.due_on
