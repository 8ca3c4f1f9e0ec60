"""The right to use: who checks and decides, plots inside and outside, terms, and what held on a day."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from khcn.domains.marks.choices import CheckKind, FaultGrade, FaultState, Sanction, Tier, UseAct, UseState
from khcn.domains.marks.errors import MarkStepRefused
from khcn.domains.marks.models import Fault
from khcn.domains.marks.queries.verdicts import acts_of
from khcn.domains.marks.rules.standing import Act, standing_on
from khcn.domains.marks.services import areas, control, uses
from khcn.domains.marks.tests.conftest import SINCE, square
from khcn.lib.failure import Forbidden, Refused

pytestmark = [pytest.mark.django_db, pytest.mark.database]
DAY = date(2026, 1, 10)


@pytest.fixture
def drawn(specified, office):
    """The indication with a drawn area of a tenth of a degree."""
    draft = areas.draft_area(
        by=office.specialist.actor, right=specified, units=(), units_on=SINCE, geometry=square(106.9, 11.8, 0.1)
    )
    areas.issue_area(by=office.head.actor, area=draft, valid_from=SINCE, decision="QĐ 2065/QĐ-UBND")
    return specified


@pytest.fixture
def member(drawn, office):
    """An application with a plot inside and good results."""
    use = uses.apply_for_use(
        by=office.specialist.actor, right=drawn, holder="HTX Điều Bù Gia", products=list(drawn.products.all()),
        applied_on=DAY,
    )  # fmt: skip
    uses.add_plot(by=office.specialist.actor, use=use, name="Thửa 1", on=DAY, geometry=square(106.95, 11.85, 0.01))
    for parameter, value in zip(drawn.specifications.get().parameters.all(), ("16", "31"), strict=True):
        uses.enter_result(
            by=office.specialist.actor, use=use, parameter=parameter, value=Decimal(value), sampled_on=DAY
        )
    return use


def checked(use, office):
    for kind in CheckKind:
        uses.note_check(by=office.specialist.actor, use=use, kind=kind, passed=True, on=DAY)


def granted(use, office):
    checked(use, office)
    return uses.decide(by=office.head.actor, use=use, act=UseAct.GRANT, on=DAY, decision="QĐ 9/QĐ-SKHCN")


def test_application_needs_a_specification_and_an_area_of_its_day(cashew, office) -> None:
    with pytest.raises(MarkStepRefused):
        uses.apply_for_use(
            by=office.specialist.actor, right=cashew, holder="A", products=list(cashew.products.all()), applied_on=DAY
        )


def test_member_files_for_itself_and_a_stranger_does_not(drawn, office) -> None:
    values = {"right": drawn, "holder": "Công ty Điều", "products": list(drawn.products.all()), "applied_on": DAY}

    own = office.company.actor
    body = own.organisation_id
    from khcn.kernel.orgs.models import Organisation

    use = uses.apply_for_use(by=own, organisation=Organisation.objects.get(pk=body), **values)

    assert use.code == "dieu-001"
    with pytest.raises(Forbidden):
        uses.apply_for_use(by=office.stranger.actor, **values)


def test_plot_partly_outside_shows_its_share(member, office) -> None:
    plot = uses.add_plot(
        by=office.specialist.actor, use=member, name="Thửa 2", on=DAY, geometry=square(106.994, 11.85, 0.01)
    )

    assert plot.least == pytest.approx(0.6, abs=0.001)
    assert plot.most == plot.least


def test_grant_waits_for_every_check_and_comes_from_somebody_else(member, office) -> None:
    with pytest.raises(MarkStepRefused):
        uses.decide(by=office.head.actor, use=member, act=UseAct.GRANT, on=DAY, decision="QĐ 9")
    for kind in CheckKind:
        uses.note_check(by=office.head.actor, use=member, kind=kind, passed=True, on=DAY)
    with pytest.raises(Forbidden):
        uses.decide(by=office.head.actor, use=member, act=UseAct.GRANT, on=DAY, decision="QĐ 9")

    use = granted(member, office)

    assert (use.state, use.valid_to) == (UseState.GRANTED, date(2031, 1, 10))
    assert use.number.startswith("DIEU-2026-")


def test_product_does_not_pass_while_a_mandatory_result_is_missing_or_bad(member, office, drawn) -> None:
    first = drawn.specifications.get().parameters.first()
    uses.enter_result(by=office.specialist.actor, use=member, parameter=first, value=Decimal(20), sampled_on=DAY)

    with pytest.raises(MarkStepRefused) as caught:
        uses.note_check(by=office.specialist.actor, use=member, kind=CheckKind.PRODUCT, passed=True, on=DAY)

    assert "Độ dày hạt" in caught.value.message


def test_suspension_revocation_and_renewal_follow_their_days(member, office) -> None:
    use = granted(member, office)
    head = office.head.actor

    uses.decide(by=head, use=use, act=UseAct.RENEW, on=date(2026, 2, 1), decision="QĐ 10")
    uses.decide(
        by=head, use=use, act=UseAct.SUSPEND, on=date(2026, 3, 1), decision="QĐ 11", reason="Tem sai",
        until=date(2026, 4, 1),
    )  # fmt: skip
    uses.decide(by=head, use=use, act=UseAct.REVOKE, on=date(2026, 5, 1), decision="QĐ 12", reason="Tái phạm")

    acts = acts_of(use)
    days = {date(2026, 1, 9): None, date(2026, 2, 28): UseState.GRANTED, date(2026, 3, 1): UseState.SUSPENDED,
            date(2026, 4, 1): UseState.GRANTED, date(2026, 5, 1): UseState.REVOKED}  # fmt: skip
    assert {day: standing_on(acts, day, use.valid_to) for day in days} == days
    assert use.valid_to == date(2036, 1, 10)
    with pytest.raises(MarkStepRefused):
        uses.decide(by=head, use=use, act=UseAct.RENEW, on=date(2026, 6, 1), decision="QĐ 13")


def test_term_that_is_over_ends_the_right() -> None:
    acts = [Act(UseAct.APPLY, SINCE), Act(UseAct.GRANT, SINCE)]

    assert standing_on(acts, date(2023, 8, 28), date(2023, 8, 29)) is UseState.GRANTED
    assert standing_on(acts, date(2023, 8, 29), date(2023, 8, 29)) is None


def test_certificate_is_word_and_pdf_and_its_qr_page_follows_the_revocation(client_for, member, office) -> None:
    use = granted(member, office)
    client = client_for(office.specialist)

    word = client.get(reverse("mark_certificate", args=[use.code, "docx"]))
    pdf = client.get(reverse("mark_certificate", args=[use.code, "pdf"]))
    before = client_for().get(reverse("public_use", args=[use.uid])).content.decode()
    uses.decide(by=office.head.actor, use=use, act=UseAct.REVOKE, on=DAY, decision="QĐ 12", reason="Vi phạm")
    after = client_for().get(reverse("public_use", args=[use.uid])).content.decode()

    assert word.content[:2] == b"PK"
    assert pdf.content[:5] == b"%PDF-"
    assert "đang có hiệu lực" in before
    assert "đã bị thu hồi" in after


def test_member_page_and_lists_open_for_the_office_and_not_for_others(client_for, member, office) -> None:
    use = granted(member, office)
    addresses = [
        reverse("mark_uses", args=["dieu"]), reverse("mark_use", args=[use.code]),
        reverse("mark_stamps", args=["dieu"]),
        reverse("mark_control", args=["dieu"]), *(reverse("mark_use_act", args=[use.code, act]) for act in
        ("thua", "kiem-tra", "thu-nghiem", "chung-nhan-lo", "khong-phu-hop")),
    ]  # fmt: skip

    for address in addresses:
        assert client_for(office.specialist).get(address).status_code == 200, address
    assert client_for(office.head).get(reverse("mark_use_act", args=[use.code, "quyet-dinh"])).status_code == 200
    assert client_for(office.specialist).get(reverse("mark_use_act", args=[use.code, "quyet-dinh"])).status_code == 404
    assert client_for(office.company).get(reverse("mark_use", args=[use.code])).status_code == 404


def test_controls_are_planned_by_risk_and_a_visit_holds_numbers_against_limits(client_for, member, office) -> None:
    use = granted(member, office)
    visit = control.plan_controls(by=office.specialist.actor, right=use.right, tier=Tier.EXTERNAL, start=DAY)[0]
    client = client_for(office.specialist)
    items = list(visit.items.all())
    sent = {f"m{one.pk}": "true" for one in items} | {f"m{items[0].pk}": "19", f"m{items[1].pk}": "31"}

    client.post(
        reverse("mark_visit", args=[visit.uid]),
        sent | {"done_on": "11/01/2026", "controller": "Ông Kiểm", "version": visit.version},
    )

    items = {one.question: one.passed for one in visit.items.all()}
    assert items["Độ dày hạt"] is False
    assert items["Tỷ lệ nhân thu hồi"] is True
    assert "19" in client.get(reverse("mark_visit", args=[visit.uid])).content.decode()


def test_sanction_fits_the_grade_and_an_appeal_that_is_right_lifts_it(member, office) -> None:
    use = granted(member, office)
    head, keeper = office.head.actor, office.specialist.actor
    minor = control.note_fault(by=keeper, use=use, grade=FaultGrade.MINOR, text="Sổ ghi chậm", found_on=DAY)
    major = control.note_fault(by=keeper, use=use, grade=FaultGrade.MAJOR, text="Trộn hàng", found_on=DAY)

    with pytest.raises(Refused):
        control.sanction_fault(by=head, fault=minor, sanction=Sanction.SUSPENSION, on=DAY, decision="QĐ 1")
    control.sanction_fault(by=head, fault=major, sanction=Sanction.SUSPENSION, on=DAY, decision="QĐ 2")
    use.refresh_from_db()
    assert use.state == UseState.SUSPENDED
    control.appeal_fault(by=keeper, fault=major, text="Hàng để riêng, có ảnh", on=DAY)
    control.answer_appeal(
        by=head, fault=Fault.objects.get(pk=major.pk), upheld=False, text="Chấp nhận", on=DAY, decision="QĐ 3"
    )

    use.refresh_from_db()
    major.refresh_from_db()
    assert (use.state, major.state) == (UseState.GRANTED, FaultState.LIFTED)
