"""Order lists: one test per exit of each service."""

import pytest

from khcn.domains.programme.errors import NotNow
from khcn.domains.programme.models import Order
from khcn.domains.programme.services import orders
from khcn.kernel.procedures.models import Clock
from khcn.lib.failure import Forbidden, Refused

from . import journey

pytestmark = pytest.mark.django_db


@pytest.fixture
def listed(cast, today):
    return orders.create_order_list(by=cast.specialist, title="Danh mục 2024", year=2024, on=today)


@pytest.fixture
def recommended(cast, full_proposal, today):
    return journey.recommended(cast, full_proposal, today)


def test_create_order_list_by_proposer_is_forbidden(cast, today):
    with pytest.raises(Forbidden):
        orders.create_order_list(by=cast.owner, title="Danh mục", year=2024, on=today)


def test_create_order_list_outside_the_plan_is_refused_at_the_year(cast, plan, today):
    with pytest.raises(Refused) as refusal:
        orders.create_order_list(by=cast.specialist, title="Danh mục", year=2030, on=today, plan=plan)

    assert refusal.value.field == "year"


def test_add_order_takes_what_the_proposal_says(cast, listed, recommended, full_proposal):
    order = orders.add_order(by=cast.specialist, order_list=listed, proposal=recommended)

    assert (order.title, order.budget_vnd) == (recommended.title, full_proposal["budget_vnd"])
    assert (order.mode, order.criteria) == ("selection", "applied_research")


def test_add_order_of_unjudged_proposal_is_refused(cast, listed, full_proposal, today):
    with pytest.raises(NotNow):
        orders.add_order(by=cast.specialist, order_list=listed, proposal=journey.valid(cast, full_proposal, today))


def test_add_order_twice_is_refused(cast, listed, recommended):
    orders.add_order(by=cast.specialist, order_list=listed, proposal=recommended)

    with pytest.raises(Refused, match="đã có trong một danh mục"):
        orders.add_order(by=cast.specialist, order_list=listed, proposal=recommended)


@pytest.mark.parametrize(
    ("ground", "reason", "field"), [("", "", "direct_ground"), ("only_one_capable", " ", "direct_reason")]
)
def test_add_order_direct_without_ground_or_reason_is_refused(cast, listed, recommended, ground, reason, field):
    with pytest.raises(Refused) as refusal:
        orders.add_order(
            by=cast.specialist, order_list=listed, proposal=recommended, mode="direct", direct_ground=ground,
            direct_reason=reason,
        )  # fmt: skip

    assert refusal.value.field == field


def test_remove_order_from_draft_leaves_the_proposal_recommended(cast, listed, recommended):
    order = orders.add_order(by=cast.specialist, order_list=listed, proposal=recommended)

    orders.remove_order(by=cast.specialist, order=order, reason="Chuyển năm sau.")

    recommended.refresh_from_db()
    assert recommended.state == "recommended"
    assert not Order.objects.exists()


def test_submit_order_list_empty_is_refused(cast, listed, today):
    with pytest.raises(NotNow, match="chưa có nhiệm vụ"):
        orders.submit_order_list(by=cast.director, order_list=listed, on=today)


def test_submit_order_list_by_specialist_is_refused(cast, listed, recommended, today):
    orders.add_order(by=cast.specialist, order_list=listed, proposal=recommended)

    with pytest.raises(NotNow, match="Lãnh đạo Sở"):
        orders.submit_order_list(by=cast.specialist, order_list=listed, on=today)


def test_submit_order_list_lists_its_proposals_and_stops_the_time_for_review(cast, listed, recommended, today):
    orders.add_order(by=cast.specialist, order_list=listed, proposal=recommended)

    orders.submit_order_list(by=cast.director, order_list=listed, on=today)

    recommended.refresh_from_db()
    assert recommended.state == "listed"
    assert not Clock.objects.filter(subject_uid=recommended.uid, stopped_on=None).exists()


def test_return_order_list_lets_it_be_edited_and_submitted_again(cast, listed, recommended, today):
    order = orders.add_order(by=cast.specialist, order_list=listed, proposal=recommended)
    orders.submit_order_list(by=cast.director, order_list=listed, on=today)

    orders.return_order_list(by=cast.leader, order_list=listed, reason="Rà lại kinh phí.", on=today)
    order.refresh_from_db()
    orders.edit_order(by=cast.specialist, order=order, changes={"budget_vnd": 1}, expected_version=order.version)
    orders.submit_order_list(by=cast.director, order_list=listed, on=today)

    assert listed.state == "submitted"


def test_approve_order_list_without_number_is_refused_at_the_field(cast, listed, recommended, today):
    orders.add_order(by=cast.specialist, order_list=listed, proposal=recommended)
    orders.submit_order_list(by=cast.director, order_list=listed, on=today)

    with pytest.raises(Refused) as refusal:
        orders.approve_order_list(by=cast.leader, order_list=listed, decision_number="", on=today)

    assert refusal.value.field == "decision_number"


def test_publish_order_list_stops_its_clock(cast, full_proposal, today):
    order = journey.published(cast, full_proposal, today)

    clock = Clock.objects.get(subject_uid=order.order_list.uid, rule_key="order_list.publish")
    assert (order.order_list.state, clock.stopped_on) == ("published", today)


def test_edit_order_of_published_list_is_refused(cast, full_proposal, today):
    order = journey.published(cast, full_proposal, today)

    with pytest.raises(NotNow, match="không sửa được"):
        orders.edit_order(by=cast.specialist, order=order, changes={"title": "x"}, expected_version=None)


def test_supersede_order_list_needs_an_approved_replacement(cast, full_proposal, listed, today):
    order = journey.published(cast, full_proposal, today)

    with pytest.raises(NotNow, match="thay thế"):
        orders.supersede_order_list(by=cast.leader, order_list=order.order_list, replacement=listed, on=today)
