"""How a task ends: visits and what follows from them, a dossier that never came, assets, settlement, the archive."""

from datetime import date
from decimal import Decimal

import pytest

from khcn.domains.programme.errors import NotNow
from khcn.domains.programme.services import acceptance, assets, contracts, monitoring, settlement
from khcn.domains.programme.tests.tasks.world import World, make_world
from khcn.kernel.orgs.tests.cast import make_member
from khcn.kernel.procedures.models import Clock
from khcn.lib.failure import Forbidden, Refused
from khcn.lib.roles import Role

pytestmark = pytest.mark.django_db
END = date(2024, 6, 30)
DAY = date(2025, 2, 3)


@pytest.fixture
def world() -> World:
    world = make_world()
    contracts.sign_contract(
        by=world.director.actor, task=world.task, number="1", signed_on=date(2022, 7, 1), start_on=date(2022, 7, 1),
        end_on=END, signed_by_both=True,
    )  # fmt: skip
    contracts.start_task(by=world.host.actor, task=world.task, on=date(2022, 7, 2))
    return world


def visited(world: World, on: date):
    visit = monitoring.plan_inspection(
        by=world.specialist.actor, task=world.task, kind="periodic", notified_on=on, held_on=on
    )
    return monitoring.record_inspection(
        by=world.specialist.actor, inspection=visit, findings="Đúng tiến độ.", conclusion="Đạt.",
        recommendations="Bổ sung nhật ký.",
    )  # fmt: skip


def failed(world: World):
    contracts.end_terms(by=world.specialist.actor, on=date(2024, 7, 1))
    world.task.refresh_from_db()
    return acceptance.declare_late_failure(by=world.director.actor, task=world.task, on=DAY)


def test_one_person_never_confirms_both_volume_and_money_of_a_task_on_whatever_visit(world: World) -> None:
    both = make_member(Role.SPECIALIST, Role.ACCOUNTANT, organisation=world.specialist.organisation)
    first, second = visited(world, date(2023, 1, 10)), visited(world, date(2023, 7, 10))

    monitoring.confirm_funds(by=both.actor, inspection=first, amount_vnd=100, on=date(2023, 1, 12))
    with pytest.raises(Forbidden, match=r"không được xác nhận khối lượng \(B-1\) của cùng nhiệm vụ"):
        monitoring.confirm_volume(by=both.actor, inspection=second, percent=50, on=date(2023, 7, 12))
    monitoring.confirm_volume(by=world.specialist.actor, inspection=second, percent=50, on=date(2023, 7, 12))

    assert not Clock.objects.filter(subject_uid=second.uid, rule_key="inspection.volume", stopped_on=None).exists()


def test_what_a_visit_recommends_is_followed_up_by_the_managing_body(world: World) -> None:
    visit = visited(world, date(2023, 1, 10))

    with pytest.raises(Forbidden, match="Chỉ cơ quan quản lý"):
        monitoring.record_compliance(by=world.host.actor, inspection=visit, text="Đã làm.", is_complied=True)
    monitoring.record_compliance(by=world.specialist.actor, inspection=visit, text="Đã bổ sung.", is_complied=True)

    visit.refresh_from_db()
    assert (visit.compliance, visit.is_complied) == ("Đã bổ sung.", True)


@pytest.mark.database
def test_dossier_that_never_comes_fails_the_task_and_opens_its_recovery(world: World) -> None:
    contracts.end_terms(by=world.specialist.actor, on=date(2024, 7, 1))
    world.task.refresh_from_db()
    assert world.task.state == "dossier_due"
    with pytest.raises(NotNow, match="chưa thể xếp loại không đạt"):
        acceptance.declare_late_failure(by=world.director.actor, task=world.task, on=date(2024, 7, 2))
    world.task.refresh_from_db()

    acceptance.declare_late_failure(by=world.director.actor, task=world.task, on=DAY)

    world.task.refresh_from_db()
    world.product.refresh_from_db()
    assert (world.task.state, world.task.grade, world.product.grade) == ("failed", "fail", "fail")
    assert world.task.recovery_state == "open"


def test_assets_are_counted_planned_for_decided_and_handed_over(world: World) -> None:
    task = failed(world)
    with pytest.raises(Refused, match="Số lượng phải lớn hơn 0"):
        assets.add_asset(
            by=world.host.actor, task=task, name="Máy sấy", quantity=Decimal(0), cost_vnd=1, is_result=False, on=DAY
        )
    with pytest.raises(Forbidden, match="kê khai tài sản"):
        assets.add_asset(
            by=world.user.actor, task=task, name="Máy sấy", quantity=Decimal(1), cost_vnd=1, is_result=False, on=DAY
        )
    asset = assets.add_asset(
        by=world.host.actor, task=task, name="Máy sấy", quantity=Decimal(1), cost_vnd=50_000_000, is_result=False,
        on=DAY,
    )  # fmt: skip
    with pytest.raises(NotNow, match="không thể xác nhận là không có"):
        assets.declare_no_assets(by=world.host.actor, task=task, reason="Không có.", on=DAY)

    assets.finish_inventory(by=world.host.actor, task=task, proposal="Giao Viện quản lý.", on=DAY)
    with pytest.raises(NotNow, match="kiểm kê xong"):
        assets.add_asset(
            by=world.host.actor, task=task, name="Thêm", quantity=Decimal(1), cost_vnd=1, is_result=False, on=DAY
        )
    assets.submit_asset_plan(by=world.director.actor, task=task, on=DAY)
    with pytest.raises(Refused, match="số quyết định"):
        assets.decide_assets(by=world.leader.actor, task=task, decision_number=" ", receiver=None, on=DAY)
    assets.decide_assets(
        by=world.leader.actor, task=task, decision_number="3/QĐ", receiver=world.host.organisation, on=DAY
    )
    with pytest.raises(NotNow, match="chữ ký của bên giao và bên nhận"):
        assets.hand_over_assets(by=world.accountant.actor, task=task, signed_by_both=False, on=DAY)
    task.refresh_from_db()
    assets.hand_over_assets(by=world.accountant.actor, task=task, signed_by_both=True, on=DAY)

    asset.refresh_from_db()
    assert (task.asset_state, asset.receiver, asset.handed_on) == ("handed_over", world.host.organisation, DAY)


def test_task_with_an_open_track_is_not_archived_and_the_track_is_named(world: World) -> None:
    task = failed(world)

    with pytest.raises(NotNow, match=r"còn việc chưa kết thúc: quyết toán, thanh lý; tài sản; thu hồi\."):
        assets.archive_task(by=world.specialist.actor, task=task, on=DAY)


def test_contract_is_not_liquidated_while_advances_are_uncleared_or_products_are_kept(world: World) -> None:
    task = failed(world)

    with pytest.raises(NotNow, match="chưa được kiểm kê, bàn giao"):
        settlement.liquidate(by=world.director.actor, task=task, on=DAY, handed_over=False)
