"""Targets counted in SQL say what the pure rules say, on hand-counted worlds and on a shuffled one."""

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest

from khcn.domains.programme.choices import TargetStatus
from khcn.domains.programme.models import AgencyEffectiveness, Issue, Task
from khcn.domains.programme.queries.dashboard import plan_dashboard, step_share
from khcn.domains.programme.queries.targets import PRODUCTS, question_of, target_lines
from khcn.domains.programme.queries.uptake import last_ripe_day
from khcn.domains.programme.services.measuring import enter_value, measure_plan
from khcn.domains.programme.services.reference_indicators import load_indicators
from khcn.domains.programme.tests.reports.world import REFERENCE, TODAY
from khcn.kernel.indicators.models import Indicator, IndicatorValue, Target
from khcn.kernel.indicators.queries import ask, stored_values
from khcn.kernel.indicators.services import reproduces
from khcn.kernel.orgs.models import OrganisationSuccession
from khcn.kernel.procedures.models import Clock, TransitionRecord
from khcn.lib.dates import add_months
from khcn.lib.failure import Forbidden, Refused

STAGES = ("ordered", "contracted", "accepted", "applied")
pytestmark = pytest.mark.django_db


def line(world, code, on=TODAY):
    return next(item for item in target_lines(world.plan, on=on) if item.target.indicator.code == code)


def test_target_of_an_empty_plan_counts_nothing_and_has_no_share(world):
    lines = {item.target.indicator.code: item for item in target_lines(world.plan, on=TODAY)}

    assert lines["T1"].value == 0
    assert lines["T7"].value is None
    assert [variant.value for variant in lines["T7"].variants] == [None, None]
    assert lines["T7"].status == TargetStatus.AT_RISK


def test_product_target_counts_each_stage_by_hand(world):
    ordered = world.task(approved_on=date(2024, 5, 1))
    world.product(ordered)
    contracted = world.task(approved_on=date(2024, 5, 1))
    world.contract(contracted, date(2024, 6, 1))
    world.product(contracted)
    accepted = world.task(approved_on=date(2022, 5, 1))
    world.contract(accepted, date(2022, 6, 1))
    world.product(accepted)
    world.accept(accepted, date(2025, 3, 1), recognised_on=date(2025, 4, 1))
    world.applied_product()
    world.applied_product(purpose="other")

    stages = line(world, "T1").stages

    assert (stages.ordered, stages.contracted, stages.accepted, stages.applied) == (4, 3, 2, 1)


def test_product_used_by_its_host_counts_only_after_an_inspection(world):
    task = world.task(approved_on=date(2022, 3, 1))
    product = world.product(task)
    world.accept(task, date(2024, 1, 15), recognised_on=date(2024, 2, 15))
    use = world.apply(
        product, used_from=date(2024, 3, 1), confirmed_on=date(2025, 1, 10), handed_on=date(2024, 2, 20),
        user=world.host,
    )  # fmt: skip

    before = line(world, "T1").value
    use.host_use_verified_on = date(2025, 2, 1)
    use.save()

    assert (before, line(world, "T1").value) == (0, 1)


def test_product_used_a_day_too_short_is_not_applied(world):
    product = world.applied_product(since=TODAY - timedelta(days=179))

    early, late = line(world, "T1").value, line(world, "T1", TODAY + timedelta(days=1)).value

    assert product.grade == "pass"
    assert (early, late) == (0, 1)


def test_applied_share_strict_and_matured_stand_side_by_side(world):
    world.applied_product()
    young = world.task(approved_on=date(2023, 1, 1))
    world.product(young)
    world.accept(young, date(2025, 1, 5), recognised_on=date(2025, 2, 1))

    found = line(world, "T7")

    assert found.value == Decimal(50)
    assert [(item.key, item.counted, item.of) for item in found.variants] == [("strict", 1, 2), ("matured", 1, 1)]


def test_agency_share_under_three_policies_after_a_merger(world, cast):
    old = [
        cast.organisation(f"Ủy ban nhân dân huyện {name}", level="district", valid_from=date(2000, 1, 1),
                          valid_to=date(2025, 7, 1))
        for name in ("An Bình", "Phú Hòa")
    ]  # fmt: skip
    for body in (world.plan.standing_body, world.plan.standing_body.parent):
        body.valid_from = date(2000, 1, 1)
        body.save()
    heir = cast.organisation("Ủy ban nhân dân xã An Phú", level="commune", valid_from=date(2025, 7, 1))
    for body in old:
        OrganisationSuccession.objects.create(predecessor=body, successor=heir, kind="merge", on=date(2025, 7, 1))
    for body in (old[0], world.plan.standing_body):
        AgencyEffectiveness.objects.create(
            organisation=body, effective_from=date(2024, 1, 1), decision_number="5/QĐ-UBND"
        )
    indicator = Indicator.objects.get(code="T6")
    on = date(2025, 8, 1)

    found = next(item for item in target_lines(world.plan, on=on) if item.target.indicator == indicator)
    measured = ask(indicator, question_of(world.plan, found.target, on=on))
    variants = {item.key: (item.counted, item.of) for item in found.variants}

    assert found.value == measured.value
    assert variants["frozen"][0] == 2
    assert variants["as_of"][0] == 1
    assert variants["frozen"][1] - variants["as_of"][1] == 2


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_targets_in_sql_agree_with_the_rules_on_a_shuffled_world(world, seed):
    pick = random.Random(seed)
    kinds = ["software", "mechanisation", "bioproduct", "process", "paper"]

    def day():
        return date(2021, 1, 1) + timedelta(days=pick.randrange(1800))

    def maybe(value):
        return value if pick.random() < 0.75 else None

    for _ in range(40):
        task = world.task(approved_on=day())
        if maybe(True):
            world.contract(task, day())
        for _ in range(pick.randrange(1, 4)):
            world.product(
                task, pick.choice(kinds), purpose=pick.choice(["production", "other", "environment"]),
                sector=pick.choice(["agriculture", "health"]), grade=pick.choice(["", "pass", "excellent", "fail"]),
            )  # fmt: skip
        if maybe(True):
            world.accept(task, day(), recognised_on=maybe(day()), grade=pick.choice(["pass", "excellent", "fail"]))
        elif maybe(True):
            task.state = pick.choice(["terminated", "cancelled", "running"])
            task.save()
            TransitionRecord.objects.create(
                subject_type="programme.task", subject_uid=task.uid, machine="task", event="terminate",
                from_state="running", to_state="terminated", at=f"{day()}T20:00:00Z", by_name="hệ thống",
            )  # fmt: skip
        for product in task.products.all():
            for _ in range(pick.randrange(3)):
                start = day()
                world.apply(
                    product, used_from=start, confirmed_on=maybe(day()), handed_on=maybe(day()),
                    used_to=None if pick.random() < 0.5 else start + timedelta(days=pick.randrange(400)),
                    user=pick.choice([world.host, world.user]), host_use_verified_on=pick.choice([None, day()]),
                )  # fmt: skip

    for on in (date(2023, 6, 30), date(2024, 2, 29), TODAY, date(2026, 1, 1)):
        for found in target_lines(world.plan, on=on):
            measured = ask(found.target.indicator, question_of(world.plan, found.target, on=on))
            if found.target.indicator.source == PRODUCTS:
                counted = {
                    name: len(measured.stages[name]) for name in ("ordered", "contracted", "accepted", "applied")
                }
                assert {name: getattr(found.stages, name) for name in counted} == counted
            elif found.target.indicator.code == "T7":
                strict, matured = found.variants
                stored = measured.stages["matured"]
                assert (strict.counted, strict.of) == (len(measured.numerator), len(measured.denominator))
                assert (matured.counted, matured.of) == (len(stored["numerator"]), len(stored["denominator"]))


@pytest.mark.parametrize("months", [1, 6, 12])
def test_last_ripe_day_is_the_latest_from_which_the_grace_is_over(months):
    for offset in range(800):
        on = date(2023, 12, 20) + timedelta(days=offset)
        ripe = last_ripe_day(on, months)

        assert add_months(ripe, months) <= on
        assert add_months(ripe + timedelta(days=1), months) > on


def test_steps_and_difficulties_on_the_dashboard_agree_with_m2_and_m3(world):
    task = world.task(approved_on=date(2024, 1, 1))
    days = [(date(2024, 2, 1), date(2024, 1, 30)), (date(2024, 2, 1), date(2024, 2, 9)), (date(2024, 3, 1), None),
            (date(2026, 1, 1), None), (date(2026, 1, 1), date(2024, 5, 1))]  # fmt: skip
    for due_on, stopped_on in days:
        Clock.objects.create(
            subject_type="programme.task", subject_uid=task.uid, rule_set="A", rule_key="k", title="Nộp hồ sơ",
            amount=10, unit="CD", started_on=date(2024, 1, 1), due_on=due_on, stopped_on=stopped_on,
        )  # fmt: skip
    for number, (due_on, answered_on) in enumerate(days):
        Issue.objects.create(
            code=f"VM-{number}", plan=world.plan, kind="money", title="Thiếu vốn", reporter=world.host,
            raised_on=date(2024, 1, 2), due_on=due_on, answered_on=answered_on,
        )  # fmt: skip

    shown = plan_dashboard(world.plan, on=TODAY)
    m2, m3 = (
        ask(Indicator.objects.get(code=code), question_of(world.plan, None, on=TODAY,
                                                          indicator=Indicator.objects.get(code=code)))
        for code in ("M2", "M3")
    )  # fmt: skip

    assert (shown.steps.counted, shown.steps.of) == (len(m2.numerator), len(m2.denominator)) == (2, 4)
    assert (shown.answers.counted, shown.answers.of) == (len(m3.numerator), len(m3.denominator)) == (2, 4)
    assert shown.old_issues == len(m3.stages["open_too_long"]) == 5
    assert shown.late_count == 1
    assert step_share(world.plan, on=date(2023, 1, 1)).value is None


def test_dashboard_asks_the_same_queries_whatever_the_number_of_tasks(world, django_assert_num_queries):
    world.applied_product()
    with django_assert_num_queries(20) as few:
        plan_dashboard(world.plan, on=TODAY)
    for _ in range(6):
        product = world.applied_product()
        world.entry(product.task, "payment", 5, year=2024, on=date(2024, 5, 1))

    with django_assert_num_queries(len(few)):
        plan_dashboard(world.plan, on=TODAY)


def test_list_of_values_counts_what_stands_behind_them_without_reading_it(world, officials, django_assert_num_queries):
    world.applied_product()
    world.product(world.task(approved_on=date(2022, 3, 1)))
    measure_plan(by=officials.head, plan=world.plan, as_of=TODAY, today=TODAY)
    by_hand = Indicator.objects.create(code="KH-2021-09", name="Doanh nghiệp", unit="doanh nghiệp", definition="Nhập")
    IndicatorValue.objects.create(
        indicator=by_hand, scope_uid=world.plan.uid, period_from=date(2021, 1, 1), period_to=TODAY, as_of=TODAY,
        value=3, evidence={"evidence": "Báo cáo 12/BC"}, parameters={}, source="manual", sha256="0" * 64,
    )  # fmt: skip
    whole = {value.pk: value.evidence for value in IndicatorValue.objects.all()}

    with django_assert_num_queries(1):
        listed = [(row.pk, row.counted, row.of, row.left_out, row.paper) for row in stored_values(world.plan.uid)]

    assert len(listed) == len(whole) == 11
    for pk, counted, of, left_out, paper in listed:
        evidence = whole[pk]
        assert (counted or 0, of or 0, left_out or 0) == tuple(
            len(evidence.get(name, ())) for name in ("numerator", "denominator", "excluded")
        )
        assert paper == evidence.get("evidence")


def test_measure_plan_keeps_values_that_come_out_again_until_records_change(world, officials):
    product = world.applied_product()

    values = {item.indicator.code: item for item in measure_plan(by=officials.head, plan=world.plan, as_of=TODAY,
                                                                 today=TODAY)}  # fmt: skip

    assert set(values) == {"T1", "T2", "T3", "T4", "T5", "T6", "T7", "M1", "M2", "M3"}
    assert values["T1"].value == 1
    assert values["T1"].evidence["numerator"] == [str(product.uid)]
    assert reproduces(values["T1"])
    product.applications.update(confirmed_on=None)
    assert not reproduces(IndicatorValue.objects.get(pk=values["T1"].pk))
    assert reproduces(values["T3"])


def test_measure_plan_by_a_host_is_forbidden(world, officials):
    with pytest.raises(Forbidden):
        measure_plan(by=officials.host, plan=world.plan, as_of=TODAY, today=TODAY)


def test_measure_plan_in_the_future_is_refused(world, officials):
    with pytest.raises(Refused):
        measure_plan(by=officials.head, plan=world.plan, as_of=TODAY + timedelta(days=1), today=TODAY)


def test_entered_value_of_a_target_without_source_shows_on_the_dashboard(world, officials):
    indicator = Indicator.objects.create(code="KH-2021-08", name="Doanh nghiệp", unit="doanh nghiệp", definition="Nhập")
    target = Target.objects.create(
        indicator=indicator, scope_uid=world.plan.uid, ordinal=8, operator=">=", value=10, sentence="10 doanh nghiệp"
    )

    enter_value(by=officials.specialist, plan=world.plan, target=target, value=Decimal(10), evidence="12/BC-SKHCN",
                as_of=TODAY, today=TODAY)  # fmt: skip

    assert line(world, "KH-2021-08").status == TargetStatus.ACHIEVED
    with pytest.raises(Refused):
        enter_value(by=officials.specialist, plan=world.plan, target=world.target("T1"), value=Decimal(1),
                    evidence="x", as_of=TODAY, today=TODAY)  # fmt: skip


def test_load_indicators_twice_changes_nothing_and_a_silent_change_is_refused(world, officials, tmp_path):
    again = load_indicators(officials.specialist, REFERENCE)
    changed = tmp_path / "indicators.csv"
    changed.write_text(REFERENCE.read_text("utf-8").replace("chế phẩm,", "loại,", 1), "utf-8")

    listed = [line for line in REFERENCE.read_text("utf-8").splitlines()[1:] if line.strip()]
    assert (again.added, again.changed, len(again.unchanged)) == ((), (), len(listed))
    with pytest.raises(Refused):
        load_indicators(officials.specialist, changed)


def test_task_of_another_plan_counts_nowhere(world):
    product = world.applied_product()
    Task.objects.filter(pk=product.task_id).update(plan=None)

    assert line(world, "T1").value == 0
