"""How a file travels in the tests: each step calls the real services with the right person."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

from khcn.domains.programme.choices import IdentificationOutcome, LumpMode, SeatRole
from khcn.domains.programme.rules.councils import IdentificationCount, Place, ScoreCount
from khcn.domains.programme.services import applications, approvals, calls, orders, proposals, similarity
from khcn.kernel.procedures.models import Council, CouncilSubject, Seat

TITLE = "Nghiên cứu sản xuất chế phẩm nấm xanh phòng trừ sâu đục thân hại điều tại Bù Đăng"


def draft(cast, full, on, **changes):
    return proposals.create_proposal(
        by=cast.owner, proposer=cast.units.owner, title=TITLE, on=on, **{**full, **changes}
    )


def submitted(cast, full, on):
    return proposals.submit_proposal(by=cast.owner, proposal=draft(cast, full, on), on=on)


def valid(cast, full, on):
    return proposals.accept_proposal(by=cast.specialist, proposal=submitted(cast, full, on), on=on)


def looked_up(cast, full, on):
    proposal = valid(cast, full, on)
    check = similarity.check_topic(by=cast.specialist, proposal=proposal)
    similarity.sign_check(
        by=cast.specialist, check=check, is_duplicate=False, verdict="Không thấy đề tài trùng.", on=on
    )
    proposal.refresh_from_db()
    return proposal


def council_for(subject, cast, on, kind="identification"):
    council = Council.objects.create(
        code=f"HD-{kind}-{subject.pk}", kind=kind, title="Hội đồng", rule_set="A", state="established",
        decision_number="12/QĐ-SKHCN", established_on=on,
    )  # fmt: skip
    CouncilSubject.objects.create(
        council=council, subject_type=subject._meta.label_lower, subject_uid=subject.uid, label=str(subject)
    )
    Seat.objects.create(council=council, person=cast.users.inspector.person, role=SeatRole.TEAM_HEAD)
    return council


def recommended(cast, full, on, passing=7, total=9):
    proposal = looked_up(cast, full, on)
    proposals.place_in_council(by=cast.head, proposal=proposal, council=council_for(proposal, cast, on), on=on)
    needed = int(Fraction(3, 4) * total) + 1
    outcome = IdentificationOutcome.PERFORM if passing >= needed else IdentificationOutcome.DO_NOT_PERFORM
    proposals.record_identification_result(
        by=cast.secretary, proposal=proposal, on=on, conclusion="Hội đồng thống nhất.",
        result=IdentificationCount(total=total, passing=passing, needed=needed, outcome=outcome),
    )  # fmt: skip
    return proposal


def published(cast, full, on, **changes):
    proposal = recommended(cast, full, on)
    listed = orders.create_order_list(by=cast.specialist, title="Danh mục đặt hàng 2024", year=2024, on=on)
    order = orders.add_order(by=cast.specialist, order_list=listed, proposal=proposal, **changes)
    orders.submit_order_list(by=cast.director, order_list=listed, on=on)
    orders.approve_order_list(by=cast.leader, order_list=listed, decision_number="45/QĐ-UBND", on=on)
    orders.publish_order_list(by=cast.specialist, order_list=listed, on=on)
    order.refresh_from_db()
    return order


def opened_call(cast, full, on, **changes):
    order = published(cast, full, on, **changes)
    invited = cast.units.owner if changes.get("mode") == "direct" else None
    call = calls.create_call(by=cast.specialist, order=order, opens_on=on, on=on, invited=invited)
    return calls.open_call(by=cast.director, call=call, on=on)


def dossier(pi_uid):
    return {
        "objective": "Tạo chế phẩm nấm xanh.", "place": "huyện Bù Đăng",
        "contents": [{"title": "Phân lập chủng nấm", "month_from": 1, "month_to": 6},
                     {"title": "Thử nghiệm đồng ruộng", "month_from": 7, "month_to": 24}],
        "products": [{"name": "Chế phẩm nấm xanh", "type": "bioproduct", "purpose": "production",
                      "sector": "agriculture", "quantity": 1, "unit": "chế phẩm"}],
        "team": [{"person": str(pi_uid), "title": "pi", "months": 12}],
        "budget": [{"kind": "remuneration", "source": "S1", "year": 2024, "amount_vnd": 600_000_000},
                   {"kind": "materials", "source": "S1", "year": 2025, "amount_vnd": 400_000_000}],
        "papers": {"TCPL": True, "B1-3-LLTC": True, "B1-4-LLCN": True},
    }  # fmt: skip


def application_draft(cast, call, on, who="owner", **changes):
    user = getattr(cast.users, who)
    host = cast.units.owner if who in ("owner", "colleague") else cast.units.other
    values = {
        "summary": "Tóm tắt thuyết minh.", "dossier": dossier(user.person.uid), "state_vnd": 1_000_000_000,
        "months": 24, "lump_mode": LumpMode.PARTIAL, **changes,
    }  # fmt: skip
    return applications.create_application(by=getattr(cast, who), call=call, host=host, pi=user.person, on=on, **values)


def score(total=82, *, candidate=True):
    value = Fraction(total)
    return ScoreCount(
        mean_all=value, dropped=(), mean_score=value, bonus_applied=False, final_score=value, criterion_means={},
        criteria_with_excess_zeros=(), is_candidate=candidate,
    )  # fmt: skip


def result(application, total=82, rank=1, *, candidate=True, reserve=False):
    place = Place(str(application.uid), rank, "score")
    return applications.SelectionResult(application, score(total, candidate=candidate), place, reserve)


def judged(cast, full, on, moment, who=("owner", "stranger")):
    """A call whose dossiers are open and valid; returns (call, applications, day)."""
    call = opened_call(cast, full, on)
    filed = []
    for name in who:
        application = application_draft(cast, call, on, name)
        applications.submit_application(by=getattr(cast, name), application=application, at=moment(on))
        filed.append(application)
    later = on + timedelta(days=31)
    calls.close_call(by=cast.specialist, call=call, on=later)
    calls.open_dossiers(by=cast.specialist, call=call, reasons={}, on=later)
    for application in filed:
        application.refresh_from_db()
    return call, filed, later


def selected(cast, full, on, moment):
    call, (mine, other), later = judged(cast, full, on, moment)
    applications.record_selection_result(
        by=cast.secretary, call=call, on=later,
        results=[result(mine, 88, 1), result(other, 75, 2, reserve=True)],
    )  # fmt: skip
    calls.conclude_call(by=cast.director, call=call, on=later)
    mine.refresh_from_db()
    other.refresh_from_db()
    return call, mine, other, later


def ready_to_approve(cast, full, on, moment, appraised=1_000_000_000):
    call, mine, other, later = selected(cast, full, on, moment)
    applications.submit_revision(by=cast.owner, application=mine, explanation="Đã tiếp thu đủ.", on=later)
    council_for(mine, cast, later, "budget_appraisal")
    approvals.record_appraisal(
        by=cast.inspector, application=mine, amount_vnd=appraised, months=24, lump_mode=LumpMode.PARTIAL,
        conclusion="Thống nhất.", members_total=5, members_present=4, council_member_present=True, on=later,
    )  # fmt: skip
    applications.submit_revision(by=cast.owner, application=mine, explanation="Đã hoàn thiện.", on=later)
    return call, mine, other, later
