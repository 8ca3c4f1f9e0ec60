"""Fees by their dated rates, the case that stands still meanwhile, and appeals that give a right back."""

from datetime import date
from pathlib import Path

import pytest
from django.urls import reverse

from khcn.domains.marks.choices import FaultGrade, FaultState, FeeCause, Sanction, UseAct, UseState
from khcn.domains.marks.errors import MarkStepRefused
from khcn.domains.marks.queries.fees import fee_on, owes
from khcn.domains.marks.queries.verdicts import acts_of
from khcn.domains.marks.rules.standing import standing_on
from khcn.domains.marks.services import control, fees, uses
from khcn.domains.marks.services.reference import load_marks
from khcn.domains.marks.tests.test_uses import DAY, checked, drawn, granted, member  # noqa: F401 (fixtures)
from khcn.kernel.procedures.choices import CaseState
from khcn.lib.actor import Actor
from khcn.lib.failure import Forbidden, Refused

pytestmark = [pytest.mark.django_db, pytest.mark.database]
REFERENCE = Path(__file__).parents[5] / "data" / "reference" / "marks"


def rated(right, office, amount, since=date(2026, 1, 1), cause=FeeCause.GRANT):
    return fees.set_rate(
        by=office.head.actor, right=right, cause=cause, amount_vnd=amount, valid_from=since, basis="QĐ 3/QĐ-SKHCN"
    )


def test_rate_of_a_day_is_the_one_in_force_then_and_else_the_threshold(cashew, office) -> None:
    load_marks(by=Actor(uid=office.head.actor.uid, name="x", on=DAY, is_system=True), folder=REFERENCE)
    rated(cashew, office, 500_000)
    rated(cashew, office, 700_000, date(2026, 7, 1))

    amounts = [
        fee_on(cashew, FeeCause.GRANT, day)[0] for day in (date(2025, 5, 1), date(2026, 6, 30), date(2026, 7, 1))
    ]
    assert amounts == [0, 500_000, 700_000]
    assert fee_on(cashew, FeeCause.RENEW, date(2026, 7, 1))[0] == 0
    with pytest.raises(Refused):
        rated(cashew, office, 1, date(2026, 3, 1))


def test_case_stands_still_until_the_fee_is_paid_and_nothing_is_granted_before(drawn, office, client_for) -> None:  # noqa: F811
    load_marks(by=Actor(uid=office.head.actor.uid, name="x", on=DAY, is_system=True), folder=REFERENCE)
    rated(drawn, office, 500_000)
    use = uses.apply_for_use(
        by=office.specialist.actor, right=drawn, holder="HTX", products=list(drawn.products.all()), applied_on=DAY
    )
    assert use.case is not None

    fee = fees.demand_fee(by=office.specialist.actor, use=use, cause=FeeCause.GRANT, on=DAY)
    use.case.refresh_from_db()
    assert (use.case.state, fee.amount_vnd, fee.due_on) == (CaseState.PAUSED, 500_000, date(2026, 2, 9))
    with pytest.raises(MarkStepRefused):
        fees.demand_fee(by=office.specialist.actor, use=use, cause=FeeCause.GRANT, on=DAY)
    assert owes(use, FeeCause.GRANT, DAY)
    answer = client_for(office.specialist).post(
        reverse("mark_fee_pay", args=[fee.uid]), {"on": "12/01/2026", "receipt_number": "BL 1"}
    )
    assert answer.status_code == 302
    use.case.refresh_from_db()
    assert use.case.state == CaseState.RUNNING
    assert not owes(use, FeeCause.GRANT, DAY)
    assert "BL 1" in client_for(office.specialist).get(reverse("mark_fees", args=[drawn.code])).content.decode()


def test_grant_and_renewal_wait_for_their_fees(member, office) -> None:  # noqa: F811
    rated(member.right, office, 500_000)
    rated(member.right, office, 300_000, cause=FeeCause.RENEW)
    checked(member, office)

    with pytest.raises(MarkStepRefused):
        uses.decide(by=office.head.actor, use=member, act=UseAct.GRANT, on=DAY, decision="QĐ 9")
    for act, cause in ((UseAct.GRANT, FeeCause.GRANT), (UseAct.RENEW, FeeCause.RENEW)):
        fee = fees.demand_fee(by=office.specialist.actor, use=member, cause=cause, on=DAY)
        fees.take_fee(by=office.specialist.actor, fee=fee, on=DAY, receipt_number="BL")
        uses.decide(by=office.head.actor, use=member, act=act, on=DAY, decision="QĐ 9")
    with pytest.raises(MarkStepRefused):
        uses.decide(by=office.head.actor, use=member, act=UseAct.RENEW, on=DAY, decision="QĐ 10")


def test_rates_are_set_by_leaders_and_demands_by_keepers(member, office, client_for) -> None:  # noqa: F811
    with pytest.raises(Forbidden):
        fees.set_rate(
            by=office.specialist.actor,
            right=member.right,
            cause=FeeCause.GRANT,
            amount_vnd=1,
            valid_from=DAY,
            basis="x",
        )
    with pytest.raises(Refused):
        fees.demand_fee(by=office.specialist.actor, use=member, cause=FeeCause.GRANT, on=DAY)
    answer = client_for(office.head).post(
        reverse("mark_rate_new", args=[member.right.code]),
        {"cause": "grant", "amount_vnd": "500.000", "valid_from": "01/01/2026", "basis": "QĐ 3"},
    )
    assert answer.status_code == 302
    demanded = client_for(office.specialist).post(
        reverse("mark_use_act", args=[member.code, "phi"]), {"cause": "grant", "on": "10/01/2026"}
    )
    assert demanded.status_code == 302
    assert member.fees.get().amount_vnd == 500_000


def revoked(use, office):
    granted(use, office)
    fault = control.note_fault(
        by=office.specialist.actor, use=use, grade=FaultGrade.CRITICAL, text="Trộn hàng", found_on=date(2026, 3, 1)
    )
    return control.sanction_fault(
        by=office.head.actor, fault=fault, sanction=Sanction.REVOCATION, on=date(2026, 3, 20), decision="QĐ 20"
    )


def test_appeal_against_a_revocation_that_is_right_gives_the_right_back_from_that_day(member, office) -> None:  # noqa: F811
    fault = revoked(member, office)
    # the days run from the sanction, not from the finding
    control.appeal_fault(by=office.specialist.actor, fault=fault, text="Hàng của bên gửi kho", on=date(2026, 4, 3))
    assert fault.answer_due_on == date(2026, 5, 3)
    answer = {"by": office.head.actor, "fault": fault, "upheld": False, "text": "Đúng", "on": date(2026, 3, 20)}

    with pytest.raises(Refused):
        control.answer_appeal(**answer)
    control.answer_appeal(**answer, decision="QĐ 25")

    member.refresh_from_db()
    assert (fault.state, member.state) == (FaultState.LIFTED, UseState.GRANTED)
    assert standing_on(acts_of(member), date(2026, 3, 25), member.valid_to) is UseState.GRANTED


def test_appeal_that_is_wrong_changes_nothing_and_a_late_one_is_refused(member, office) -> None:  # noqa: F811
    fault = revoked(member, office)
    with pytest.raises(Refused):
        control.appeal_fault(by=office.specialist.actor, fault=fault, text="Muộn", on=date(2026, 4, 5))
    control.appeal_fault(by=office.specialist.actor, fault=fault, text="Không phải", on=date(2026, 4, 1))

    control.answer_appeal(by=office.head.actor, fault=fault, upheld=True, text="Giữ nguyên", on=date(2026, 4, 9))

    member.refresh_from_db()
    assert (fault.state, member.state) == (FaultState.OPEN, UseState.REVOKED)
    assert standing_on(acts_of(member), date(2026, 3, 25), member.valid_to) is UseState.REVOKED
