"""Sums that the database makes of the ledger, against the same sums made entry by entry by the pure rules."""

import random
from datetime import date, timedelta

import pytest
from django.urls import reverse

from khcn.domains.programme.choices import FundingSourceKind, LedgerEntryKind
from khcn.domains.programme.models import LedgerEntry, Plan, RuleParameter, RuleSet, Task
from khcn.domains.programme.queries.funds import ledger_columns, paid_by_task
from khcn.domains.programme.queries.money import fund_table, plan_entries
from khcn.domains.programme.queries.oversight import ageing
from khcn.domains.programme.queries.targets import question_of
from khcn.domains.programme.rules import money as rules
from khcn.domains.programme.tests.reports.world import build_world
from khcn.kernel.indicators.models import Indicator
from khcn.kernel.indicators.queries import ask
from khcn.kernel.orgs.tests.cast import client_for, make_member
from khcn.lib.roles import Role

pytestmark = [pytest.mark.django_db, pytest.mark.database]
TODAY = date(2025, 6, 30)
BIG = 10**13
K = LedgerEntryKind
LINES = {
    "advance.first_share_max": "1/2", "advance.cleared_share_min": "1/2", "advance.clear_months": "4",
    "advance.deduct_months": "6", "lump.final.asset_share_max": "1/5", "lump.final.asset_cap_vnd": "1000",
}  # fmt: skip


@pytest.fixture(params=[1, 2])
def world(request, cast, people):
    """Two plans whose tasks have entries of all kinds from two sources in two years, a third of them reversed."""
    world, pick = build_world(cast, people.specialist.actor), random.Random(request.param)
    other = Plan.objects.create(
        code="KH-2026", title="Kế hoạch sau", issuer="UBND tỉnh", period_from=2026, period_to=2030, state="adopted"
    )
    for number in range(36):
        task = world.task(approved_on=date(2022, 1, 1) + timedelta(days=number), state_vnd=BIG)
        if number % 4 != 3:
            world.contract(task, date(2022, 2, 1), end_on=date(2024, 11, 1) + timedelta(days=number))
        _entries(world, task, pick, spending=number % 4 != 3)
        if number % 3 == 0:
            Task.objects.filter(pk=task.pk).update(plan=other)
    return world


def _entries(world, task, pick, *, spending):
    kinds = [K.PLAN, K.ESTIMATE, K.CARRY_OVER_IN, K.RECOVERY, K.SETTLEMENT, K.CARRY_OVER_OUT]
    kinds += [K.ADVANCE, K.ADVANCE, K.CLEARANCE, K.CLEARANCE, K.PAYMENT] if spending else []
    made = []
    for source, year in (("S1", 2023), ("S2", 2023), ("S1", 2024)):
        world.entry(task, K.CARRY_OVER_IN, 10**11, year=year, on=date(2023, 1, 1), source=source)
        for kind in kinds:
            day = date(2023, 1, 2) + timedelta(days=pick.randrange(1000))
            made.append(world.entry(task, kind, pick.randrange(1, 10**6), year=year, on=day, source=source))
    for entry in pick.sample(made, len(made) // 3):
        world.entry(
            task, entry.kind, entry.amount_vnd, year=entry.year, on=entry.on + timedelta(days=3), source=entry.source,
            reverses=entry,
        )  # fmt: skip


def plain_entries(plan, on=None):
    rows = LedgerEntry.objects.filter(task__plan=plan)
    return [
        rules.Entry(
            str(row.pk), K(row.kind), FundingSourceKind(row.source), row.year, row.amount_vnd, row.on, str(row.task_id),
            reverses=str(row.reverses_id or ""),
        )
        for row in (rows.filter(on__lte=on) if on else rows)
    ]  # fmt: skip


@pytest.fixture
def plan(world):
    return world.plan


def test_fund_table_of_a_plan_agrees_with_the_entries(plan):
    found = fund_table(plan_entries(plan), group_by=("source", "year"))

    entries = plain_entries(plan)
    expected = rules.fund_table(entries, key=lambda row: (row.source.value, row.year))
    assert {row.key: row.columns for row in found.rows} == expected
    assert found.total == rules.fund_columns(entries)
    assert [row.key for row in found.rows] == sorted(expected)


@pytest.mark.parametrize("on", [date(2023, 6, 30), TODAY])
def test_money_up_to_a_day_agrees_with_the_entries(plan, on):
    entries = plain_entries(plan, on)
    paid = {K.PAYMENT, K.CLEARANCE}
    by_task = {}
    for row in entries:
        if row.kind in paid:
            by_task[int(row.task)] = by_task.get(int(row.task), 0) + row.signed_vnd

    assert ledger_columns(plan, on=on) == rules.fund_table(entries, key=lambda row: (row.source.value, row.year))
    assert paid_by_task(plan, on=on) == by_task


@pytest.mark.parametrize("on", [date(2023, 6, 30), TODAY])
def test_money_indicator_agrees_with_the_entries(plan, on):
    indicator = Indicator.objects.get(code="M1")

    stages = ask(indicator, question_of(plan, None, on=on, indicator=indicator)).stages

    entries = plain_entries(plan, on)
    signed = {str(pk) for pk in Task.objects.filter(contract__signed_on__lte=on).values_list("pk", flat=True)}

    def by_source(*kinds, tasks=None):
        sums = {}
        for row in entries:
            if row.kind in kinds and (tasks is None or row.task in tasks):
                sums[row.source.value] = sums.get(row.source.value, 0) + row.signed_vnd
        return sums

    assert stages["approved_vnd"] == by_source(K.PLAN)
    assert stages["contracted_vnd"] == by_source(K.PLAN, tasks=signed)
    assert stages["paid_vnd"] == by_source(K.PAYMENT, K.CLEARANCE)


def test_advances_not_cleared_agree_with_the_entries(plan):
    found = ageing(Task.objects.filter(plan=plan), on=TODAY)

    left, standing, cleared = {}, {}, {}
    entries = plain_entries(plan, TODAY)
    reversed_ids = {row.reverses for row in plain_entries(plan)}
    for row in entries:
        key = (int(row.task), row.source.value)
        if row.kind in (K.ADVANCE, K.CLEARANCE, K.RECOVERY):
            left[key] = left.get(key, 0) + (row.signed_vnd if row.kind == K.ADVANCE else -row.signed_vnd)
        if row.kind in (K.CLEARANCE, K.RECOVERY):
            cleared[key] = cleared.get(key, 0) + row.signed_vnd
        if row.kind == K.ADVANCE and not row.reverses and row.id not in reversed_ids:
            standing.setdefault(key, []).append((row.on, row.amount_vnd))
    expected = {
        key: (amount, rules.oldest_uncleared(standing.get(key, ()), cleared_vnd=cleared.get(key, 0)))
        for key, amount in left.items()
        if amount > 0
    }
    assert expected
    assert {(row.task.pk, row.source.value): (row.uncleared_vnd, row.oldest_on) for row in found} == expected
    assert sum(key.uncleared_vnd for key in found.keys) == sum(amount for amount, _ in expected.values())


def test_money_page_shows_the_first_rows_and_leads_to_all_of_them(plan):
    Task.objects.update(plan=plan, end_on=date(2024, 12, 1))
    for key, value in LINES.items():
        RuleParameter.objects.create(rule_set=RuleSet.objects.get(), key=key, value=value, valid_from=date(2014, 1, 1))

    client = client_for(make_member(Role.FINANCE))
    overview = client.get(reverse("money_overview"), {"plan": str(plan.uid)})
    whole = client.get(reverse("advance_ageing"), {"plan": str(plan.uid), "loc": "het"})

    assert len(overview.context["uncleared"]) == 10
    assert overview.context["uncleared_count"] == whole.context["page"].paginator.count > 10
    assert f"Xem cả {overview.context['uncleared_count']} dòng" in overview.content.decode()
    assert [row.task.pk for row in whole.context["page"]][:10] == [row.task.pk for row in overview.context["uncleared"]]
