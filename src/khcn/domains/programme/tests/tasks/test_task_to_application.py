"""A task from its contract to its confirmed application, and the figure that moves with it."""

from datetime import date
from decimal import Decimal

import pytest

from khcn.domains.programme.choices import FundingSourceKind, Grade, LedgerEntryKind
from khcn.domains.programme.errors import MoneyRefused, NotNow
from khcn.domains.programme.models import LedgerEntry, Product
from khcn.domains.programme.services import acceptance, contracts, money, monitoring, results
from khcn.domains.programme.tests.tasks.world import World, make_world
from khcn.kernel.audit.queries import verify_chain
from khcn.kernel.indicators.models import Indicator
from khcn.kernel.indicators.queries import Question, ask
from khcn.kernel.indicators.services import measure, reproduces
from khcn.kernel.procedures.models import Clock, TransitionRecord
from khcn.lib.failure import Forbidden

pytestmark = [pytest.mark.django_db, pytest.mark.database]
S1 = FundingSourceKind.S1_RECURRENT


@pytest.fixture
def world() -> World:
    return make_world()


def _contract(world: World) -> None:
    contracts.sign_contract(
        by=world.director.actor, task=world.task, number="12/HĐ-SKHCN", signed_on=date(2022, 7, 1),
        start_on=date(2022, 7, 1), end_on=date(2024, 6, 30), signed_by_both=True,
    )  # fmt: skip
    contracts.start_task(by=world.host.actor, task=world.task, on=date(2022, 7, 2))


def _accept(world: World, grade: Grade = Grade.PASS) -> None:
    acceptance.save_dossier(
        by=world.host.actor, task=world.task, items=dict.fromkeys(acceptance.DOSSIER_ITEMS, True), self_grade="pass",
        self_evaluated_on=date(2024, 6, 1),
    )  # fmt: skip
    acceptance.submit_dossier(by=world.host.actor, task=world.task, on=date(2024, 6, 10))
    acceptance.open_acceptance(by=world.specialist.actor, task=world.task, on=date(2024, 6, 12))
    acceptance.grade_product(
        by=world.specialist.actor, product=world.product, grade=grade, delivered=Decimal(1), on=date(2024, 7, 1)
    )
    acceptance.record_acceptance(
        by=world.specialist.actor, task=world.task, grade=grade, minutes_signed=True, on=date(2024, 7, 1)
    )


def _apply(world: World) -> results.ApplicationRecord:
    world.product = Product.objects.get(pk=world.product.pk)
    handover = results.hand_over_product(
        by=world.host.actor, product=world.product, receiver=world.user.organisation, on=date(2024, 9, 1),
        minutes_number="05/BB",
    )  # fmt: skip
    results.sign_handover(by=world.user.actor, handover=handover, on=date(2024, 9, 2))
    world.product = Product.objects.get(pk=world.product.pk)
    return results.record_application(
        by=world.host.actor, product=world.product, user_organisation=world.user.organisation,
        used_from=date(2024, 9, 5), scale="12 ha", on=date(2024, 9, 6),
    )  # fmt: skip


def _indicator() -> Indicator:
    return Indicator.objects.create(
        code="T3", name="Chế phẩm sinh học", unit="chế phẩm", definition="Đếm sản phẩm đã ứng dụng.",
        source="programme.products_applied", parameters={"types": ["bioproduct"], "sectors": ["agriculture"]},
    )  # fmt: skip


def _value(world: World, on: date) -> Decimal | None:
    indicator = Indicator.objects.filter(code="T3").first() or _indicator()
    question = Question(
        scope_uid=world.plan.uid, period_from=date(2021, 1, 1), period_to=on, as_of=on, parameters=indicator.parameters
    )
    return ask(indicator, question).value


def test_task_full_path_ends_applied_and_counts_for_the_target(world: World) -> None:
    _contract(world)
    world.product.refresh_from_db()
    assert world.product.locked_on == date(2022, 7, 1)
    assert [item.due_on for item in world.task.obligations.order_by("due_on")] == [
        date(2023, 1, 1), date(2023, 7, 1), date(2024, 1, 1),
    ]  # fmt: skip
    _accept(world)
    assert (world.task.state, world.task.result_state, world.task.uptake_state) == (
        "accepted", "finalising", "awaiting_handover",
    )  # fmt: skip
    results.submit_registration(
        by=world.host.actor, task=world.task, abstract="Tóm tắt", has_source_code=None, on=date(2024, 7, 20)
    )
    results.confirm_finalised(by=_chair(world), task=world.task, on=date(2024, 7, 15))
    results.certify_registration(by=world.focal.actor, task=world.task, on=date(2024, 8, 1))
    results.recognise_result(by=world.leader.actor, task=world.task, decision_number="9/QĐ", on=date(2024, 8, 10))
    use = _apply(world)
    assert _value(world, date(2025, 6, 1)) == 0
    results.confirm_application(by=world.user.actor, application=use, number="07/XN", on=date(2025, 3, 10))

    assert _value(world, date(2025, 3, 1)) == 0  # not long enough in use, and not confirmed yet
    assert _value(world, date(2025, 6, 1)) == 1
    world.task.refresh_from_db()
    results.confirm_applied(by=world.specialist.actor, task=world.task, application=use, on=date(2025, 6, 1))
    assert world.task.uptake_state == "applied"
    assert verify_chain().holds
    assert TransitionRecord.objects.filter(subject_uid=world.task.uid, machine="uptake").count() == 3


def _chair(world: World):
    from khcn.kernel.procedures.models import Council, CouncilSubject, Seat

    council = Council.objects.create(code="HD-1", kind="acceptance", title="Hội đồng", rule_set="A", state="counted")
    CouncilSubject.objects.create(council=council, subject_type="programme.task", subject_uid=world.task.uid, label="x")
    Seat.objects.create(council=council, person=world.chair.person, role="chair")
    return world.chair.actor


def test_measured_value_reproduces_until_records_change(world: World) -> None:
    indicator = _indicator()
    stored = measure(
        by=world.specialist.actor, indicators=[indicator], scope_uid=world.plan.uid, period_from=date(2021, 1, 1),
        period_to=date(2025, 12, 31), as_of=date(2025, 12, 31),
    )  # fmt: skip
    assert reproduces(stored[0])

    _contract(world)

    assert not reproduces(stored[0])


def test_dossier_with_missing_papers_is_refused_by_name(world: World) -> None:
    _contract(world)

    with pytest.raises(NotNow, match="Báo cáo tổng hợp kết quả nhiệm vụ"):
        acceptance.submit_dossier(by=world.host.actor, task=world.task, on=date(2024, 6, 10))

    world.task.refresh_from_db()
    assert world.task.state == "running"


def test_confirmation_by_another_unit_is_forbidden(world: World) -> None:
    _contract(world)
    _accept(world)
    use = _apply(world)

    with pytest.raises(Forbidden):
        results.confirm_application(by=world.host.actor, application=use, number="1", on=date(2025, 3, 10))


def test_failed_task_opens_recovery_and_no_uptake(world: World) -> None:
    _contract(world)
    _accept(world, Grade.FAIL)

    assert (world.task.state, world.task.recovery_state, world.task.uptake_state) == ("failed", "open", "not_started")
    assert Clock.objects.filter(subject_uid=world.task.uid, rule_key="recovery.explain", stopped_on=None).exists()


def test_volume_and_funds_of_one_task_need_two_people(world: World) -> None:
    _contract(world)
    inspection = monitoring.plan_inspection(
        by=world.specialist.actor,
        task=world.task,
        kind="periodic",
        notified_on=date(2023, 3, 1),
        held_on=date(2023, 3, 9),
    )
    monitoring.record_inspection(
        by=world.specialist.actor, inspection=inspection, findings="Đúng", conclusion="Đạt", recommendations=""
    )
    both = type(world.specialist.actor)(
        **{
            **{name: getattr(world.specialist.actor, name) for name in world.specialist.actor.__slots__},
            "grants": world.specialist.actor.grants + world.accountant.actor.grants,
        }
    )
    monitoring.confirm_volume(by=both, inspection=inspection, percent=40, on=date(2023, 3, 10))

    with pytest.raises(Forbidden):
        monitoring.confirm_funds(by=both, inspection=inspection, amount_vnd=1, on=date(2023, 3, 11))

    monitoring.confirm_funds(by=world.accountant.actor, inspection=inspection, amount_vnd=1, on=date(2023, 3, 11))


def test_two_missed_reports_stop_the_money(world: World) -> None:
    _contract(world)

    stopped = monitoring.stop_funding_of_silent_hosts(by=world.specialist.actor, on=date(2023, 8, 1))

    assert [task.code for task in stopped] == [world.task.code]


def test_ledger_refuses_what_the_rules_forbid_and_writes_nothing(world: World) -> None:
    _contract(world)
    _enter(world, LedgerEntryKind.ALLOCATION, 1_000_000_000, "a")

    with pytest.raises(MoneyRefused, match="Tạm ứng lần đầu"):
        _enter(world, LedgerEntryKind.ADVANCE, 600_000_000, "b")
    with pytest.raises(MoneyRefused):
        _enter(world, LedgerEntryKind.ALLOCATION, 1, "c")

    assert LedgerEntry.objects.count() == 1


def test_ledger_same_key_gives_the_same_entry_and_reversal_restores(world: World) -> None:
    _contract(world)
    _enter(world, LedgerEntryKind.ALLOCATION, 1_000_000_000, "a")
    first = _enter(world, LedgerEntryKind.ADVANCE, 500_000_000, "b")
    again = _enter(world, LedgerEntryKind.ADVANCE, 500_000_000, "b")

    assert first == again
    money.reverse(by=world.accountant.actor, entry=first, reason="Ghi nhầm", on=date(2022, 8, 2))
    from khcn.domains.programme.queries.money import columns_of_task

    assert columns_of_task(world.task).advanced_vnd == 0
    with pytest.raises(MoneyRefused):
        money.reverse(by=world.accountant.actor, entry=first, reason="Lại", on=date(2022, 8, 3))


def _enter(world: World, kind: LedgerEntryKind, amount: int, key: str) -> LedgerEntry:
    return money.enter(
        by=world.accountant.actor, task=world.task, kind=kind, source=S1, year=2022, amount_vnd=amount,
        on=date(2022, 8, 1), document_number="CT-01", key=key, without_file="Chi trước khi có hệ thống",
    )  # fmt: skip
