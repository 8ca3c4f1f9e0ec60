"""From a plot partly outside to stamps up to the certified mass, a scan, and a member who loses the right."""

from datetime import date
from decimal import Decimal

import pytest
import shapely
from django.core.cache import cache
from django.urls import reverse

from khcn.domains.marks.choices import CheckKind, Outcome, RightKind, RightState, UseAct
from khcn.domains.marks.queries.balances import balances_of
from khcn.domains.marks.queries.verdicts import verdict_of
from khcn.domains.marks.rules.lines import ParameterLine, ProductLine
from khcn.domains.marks.services import areas, rights, specifications, stamps, uses
from khcn.domains.traceability.tests.world import make_world
from khcn.kernel.orgs.tests.cast import make_member, make_organisation
from khcn.lib.failure import Refused
from khcn.lib.roles import Role

pytestmark = [pytest.mark.django_db, pytest.mark.database]
SINCE, GRANTED, TODAY = date(2018, 8, 29), date(2026, 1, 10), date(2026, 3, 20)


@pytest.fixture
def place(cast):
    """The office, a right with its area, and the chain from plot 7 to packed kernels."""
    office = make_organisation("Sở Khoa học và Công nghệ", code="SKHCN-F")
    keeper, head = make_member(Role.SPECIALIST, organisation=office), make_member(Role.HEAD, organisation=office)
    right = rights.register_right(
        by=keeper.actor, kind=RightKind.GEOGRAPHICAL_INDICATION, name="Hạt điều thử", code="dieu-thu", manager=office,
        owner_name="Nhà nước", state=RightState.REGISTERED, registered_on=SINCE,
    )  # fmt: skip
    rights.set_goods(by=keeper.actor, right=right, classes=(), products=(ProductLine("Nhân điều"),))
    rights.open_right(by=head.actor, right=right, is_public=True)
    draft = areas.draft_area(
        by=keeper.actor, right=right, units=(), units_on=SINCE, geometry=shapely.box(106.9, 11.8, 107.0, 11.9)
    )
    areas.issue_area(by=head.actor, area=draft, valid_from=SINCE, decision="QĐ 1")
    return right, keeper, head, make_world(cast)


def specify(right, keeper, head, least, since) -> None:
    draft = specifications.draft_specification(
        by=keeper.actor, right=right, title="Bản mô tả", parameters=(ParameterLine("Mùi", wording="thơm"),),
        least_share=Decimal(least),
    )  # fmt: skip
    specifications.issue_specification(by=head.actor, specification=draft, valid_from=since, decision="QĐ 2")


def test_mark_goes_from_the_plot_to_the_stamp_and_is_lost_from_a_day_on(client_for, place) -> None:
    right, keeper, head, world = place
    specify(right, keeper, head, "1", SINCE)
    _harvest, lot = world.chain()
    product = right.products.get()

    # admitted with a plot of which six tenths lie in the area
    use = uses.apply_for_use(
        by=keeper.actor, right=right, holder="Nhà máy điều thử", products=[product], applied_on=GRANTED,
        party_uri=world.plant.uri,
    )  # fmt: skip
    plot = uses.add_plot(
        by=keeper.actor, use=use, name="Lô 7", on=GRANTED, site_uri=world.plot.uri,
        geometry=shapely.box(106.994, 11.85, 107.004, 11.86),
    )  # fmt: skip
    assert plot.least == pytest.approx(0.6, abs=0.001)
    smell = right.specifications.get().parameters.get()
    uses.enter_result(by=keeper.actor, use=use, parameter=smell, meets=True, sampled_on=GRANTED)
    for kind in CheckKind:
        uses.note_check(by=keeper.actor, use=use, kind=kind, passed=True, on=GRANTED)
    uses.decide(by=head.actor, use=use, act=UseAct.GRANT, on=GRANTED, decision="QĐ 3")

    # the share falls and the reason is told; under a specification that allows it the lot is certified
    with pytest.raises(Refused) as caught:
        stamps.certify_lot(by=keeper.actor, use=use, product=product, lot_uri=lot.uri, on=TODAY)
    assert "Lô 7 chỉ có 60% trong khu vực" in caught.value.message
    specify(right, keeper, head, "0.59", date(2026, 1, 1))
    certified = stamps.certify_lot(by=keeper.actor, use=use, product=product, lot_uri=lot.uri, on=TODAY)
    assert certified.kg == Decimal(80)

    # stamps up to the certified mass and not beyond
    design = stamps.add_design(by=keeper.actor, right=right, name="Tem hộp", prefix="DT", kg=Decimal("0.5"))
    order = stamps.order_stamps(by=keeper.actor, design=design, printer="Nhà in", count=200, on=TODAY)
    with pytest.raises(Refused):
        stamps.issue_stamps(by=keeper.actor, lot=certified, order=order, count=1, on=TODAY)
    stamps.receive_stamps(by=keeper.actor, order=order, on=TODAY)
    issue = stamps.issue_stamps(by=keeper.actor, lot=certified, order=order, count=160, on=TODAY)
    with pytest.raises(Refused) as caught:
        stamps.issue_stamps(by=keeper.actor, lot=certified, order=order, count=1, on=TODAY)
    assert "chỉ đủ cho 0 tem" in caught.value.message
    stamps.void_stamps(by=keeper.actor, issue=issue, first=151, last=160, reason="In hỏng", on=TODAY)
    again = stamps.issue_stamps(by=keeper.actor, lot=certified, order=order, count=10, on=TODAY)
    assert (again.first, again.last) == (161, 170)
    balance = balances_of(right)[0]
    assert (balance.certified_kg, balance.stamped_kg, balance.left_kg, balance.voided) == (80, 80, 0, 10)

    # a scan tells; a stamp that many networks look up was copied; a spoilt or invented one is no stamp
    code = stamps.stamp_codes(issue)[0]
    address = reverse("public_stamp", args=[code])
    assert "lần đầu tiên" in client_for().get(address).content.decode()
    for number in range(1, 5):
        last = client_for().get(address, REMOTE_ADDR=f"10.{number}.0.1")
    assert "sao chép" in last.content.decode()
    spoilt = stamps.stamp_codes(issue)[155]
    assert "đã hủy" in client_for().get(reverse("public_stamp", args=[spoilt])).content.decode()
    assert client_for().get(reverse("public_stamp", args=["1-1-AAAAA"])).status_code == 404

    # the consumer page says so
    shown = client_for().get(reverse("trace_goods", args=[lot.uid])).content.decode()
    assert "Hạt điều thử" in shown
    assert "Được mang" in shown

    # from the day of the revocation on, and not before
    uses.decide(by=head.actor, use=use, act=UseAct.REVOKE, on=date(2026, 3, 16), decision="QĐ 4", reason="Trộn hàng")
    harvest = world.write("dieu-thu-hoach", world.grower, 16, site=world.plot, product=world.raw, kg=Decimal(100))
    world.write("dieu-giao", world.grower, 17, inputs=[(harvest.lot, Decimal(100))], buyer=world.plant)
    world.write("dieu-nhan", world.plant, 18, site=world.hall, inputs=[(harvest.lot, Decimal(100))])
    later = world.write(
        "dieu-che-bien-2", world.plant, 19, site=world.hall, product=world.kernel, kg=Decimal(25),
        inputs=[(harvest.lot, Decimal(100))],
    ).lot  # fmt: skip
    assert verdict_of(lot.uri, right, TODAY).verdict.outcome is Outcome.CERTAIN
    lost = verdict_of(later.uri, right, TODAY).verdict
    assert lost.outcome is Outcome.NO
    assert "đã bị thu hồi" in lost.reasons[0]
    cache.clear()
    assert "Không được mang" in client_for().get(reverse("trace_goods", args=[later.uid])).content.decode()
    assert client_for(keeper).get(reverse("mark_lot", args=[certified.uid])).status_code == 200
    for ending in ("docx", "pdf"):
        paper = client_for(keeper).get(reverse("mark_lot_certificate", args=[certified.uid, ending]))
        assert len(paper.getvalue()) > 5_000
