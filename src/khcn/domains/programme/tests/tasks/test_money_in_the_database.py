"""The invariants of money hold in the database itself: raw statements that go past the services are refused."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from khcn.domains.programme.models import BudgetVersion, Contract, PlanEnvelope
from khcn.domains.programme.services import contracts
from khcn.domains.programme.tests.tasks.world import make_world

pytestmark = [pytest.mark.django_db, pytest.mark.database]
M = 10**6


@pytest.fixture
def world():
    world = make_world()
    contracts.sign_contract(
        by=world.director.actor, task=world.task, number="1", signed_on=date(2022, 7, 1), start_on=date(2022, 7, 1),
        end_on=date(2024, 6, 30), signed_by_both=True,
    )  # fmt: skip
    return world


def raw(table, **values):
    """Insert one row by SQL; returns its primary key."""
    names = ", ".join(f'"{name}"' for name in values)
    marks = ", ".join(["%s"] * len(values))
    with transaction.atomic(), connection.cursor() as cursor:
        statement = f"INSERT INTO {table} ({names}) VALUES ({marks}) RETURNING id"  # noqa: S608 - names of our own
        cursor.execute(statement, list(values.values()))
        return cursor.fetchone()[0]


def run(statement, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def enter(world, kind, amount, *, year=2022, reverses=None):
    return raw(
        "programme_ledgerentry", uid=uuid4().hex, task_id=world.task.pk, kind=kind, source="S1", year=year, line="",
        amount_vnd=amount, on=date(2022, 8, 1), document_number="CT", note="", key=uuid4().hex,
        entered_at="2022-08-01 00:00:00+00:00", reverses_id=reverses,
    )  # fmt: skip


def test_allocation_above_the_envelope_is_refused(world):
    enter(world, "allocation", 1_000 * M)

    with pytest.raises(IntegrityError, match="envelope"):
        enter(world, "allocation", 1)
    with pytest.raises(IntegrityError, match="envelope"):
        enter(world, "allocation", 1, year=2023)


def test_allocation_reversed_frees_the_envelope(world):
    first = enter(world, "allocation", 1_000 * M)
    enter(world, "allocation", 1_000 * M, reverses=first)

    assert enter(world, "allocation", 1_000 * M)


def test_envelope_lowered_below_what_is_allocated_is_refused(world):
    enter(world, "allocation", 600 * M)
    envelope = PlanEnvelope.objects.get()

    run("UPDATE programme_planenvelope SET granted_vnd = %s WHERE id = %s", 600 * M, envelope.pk)
    with pytest.raises(IntegrityError, match="envelope"):
        run("UPDATE programme_planenvelope SET granted_vnd = %s WHERE id = %s", 600 * M - 1, envelope.pk)


def test_first_advance_above_the_pinned_cap_is_refused_and_at_it_taken(world):
    enter(world, "allocation", 1_000 * M)
    assert Contract.objects.get().first_advance_cap_vnd == 500 * M

    with pytest.raises(IntegrityError, match="cap of the contract"):
        enter(world, "advance", 500 * M + 1)
    assert enter(world, "advance", 500 * M)


def test_cap_is_what_the_row_says_not_a_constant_of_the_trigger(world):
    enter(world, "allocation", 1_000 * M)
    Contract.objects.update(first_advance_cap_vnd=700 * M)

    assert enter(world, "advance", 700 * M)


def test_advance_above_the_years_estimate_or_the_state_budget_is_refused(world):
    enter(world, "allocation", 300 * M)
    with pytest.raises(IntegrityError, match="estimate of the year"):
        enter(world, "advance", 300 * M + 1)
    PlanEnvelope.objects.update(granted_vnd=2_000 * M)
    enter(world, "allocation", 900 * M)
    enter(world, "advance", 500 * M)

    with pytest.raises(IntegrityError, match="state budget"):
        enter(world, "advance", 500 * M + 1)


def test_payments_above_the_contract_are_refused(world):
    PlanEnvelope.objects.update(granted_vnd=2_000 * M)
    enter(world, "allocation", 2_000 * M)
    enter(world, "advance", 400 * M)
    enter(world, "clearance", 400 * M)
    enter(world, "payment", 600 * M)

    with pytest.raises(IntegrityError, match="above the contract"):
        enter(world, "payment", 1)


@pytest.mark.parametrize("kind", ["advance", "payment", "clearance"])
def test_money_without_a_live_contract_is_refused(world, kind):
    enter(world, "allocation", 1_000 * M)
    Contract.objects.update(liquidated_on=date(2024, 1, 1))

    with pytest.raises(IntegrityError, match="without a live contract"):
        enter(world, kind, 1)


def _budget(world, number, *amounts, lump=()):
    budget = raw(
        "programme_budgetversion", uid=uuid4().hex, task_id=world.task.pk, number=number, reason="", decision_number="",
        norm_breaches="[]",
    )  # fmt: skip
    for place, amount in enumerate(amounts):
        raw(
            "programme_budgetline", uid=uuid4().hex, budget_id=budget, kind="materials", source="S1", year=2022 + place,
            amount_vnd=amount, is_lump=place in lump, basis="other", reckoning="{}", note="", justification="",
        )  # fmt: skip
    return budget


def _approve(budget):
    run("UPDATE programme_budgetversion SET approved_on = %s WHERE id = %s", date(2022, 6, 1), budget)


def test_estimate_whose_years_do_not_sum_to_the_state_money_is_not_approved(world):
    with pytest.raises(IntegrityError, match="do not sum"):
        _approve(_budget(world, 1, 600 * M, 399 * M))

    _approve(_budget(world, 2, 600 * M, 400 * M))


def test_approved_estimate_and_decided_money_stay_as_they_are(world):
    budget = _budget(world, 1, 600 * M, 400 * M)
    _approve(budget)

    for statement, key in (
        ("UPDATE programme_budgetline SET amount_vnd = amount_vnd + 1 WHERE budget_id = %s", budget),
        ("DELETE FROM programme_budgetline WHERE budget_id = %s", budget),
        ("UPDATE programme_budgetversion SET approved_on = NULL WHERE id = %s", budget),
        ("UPDATE programme_task SET state_vnd = state_vnd + 1 WHERE id = %s", world.task.pk),
        ("UPDATE programme_task SET lump_mode = 'final_product' WHERE id = %s", world.task.pk),
    ):
        with pytest.raises(IntegrityError):
            run(statement, key)
    with pytest.raises(IntegrityError, match="no more lines"):
        raw(
            "programme_budgetline", uid=uuid4().hex, budget_id=budget, kind="materials", source="S1", year=2022,
            amount_vnd=1, is_lump=False, basis="other", reckoning="{}", note="", justification="",
        )  # fmt: skip
    assert BudgetVersion.objects.get().approved_on == date(2022, 6, 1)


def test_lump_total_of_a_final_product_task_is_not_changed_by_a_later_estimate(world):
    run("UPDATE programme_task SET lump_mode = 'final_product' WHERE id = %s", world.task.pk)
    _approve(_budget(world, 1, 600 * M, 400 * M, lump={0}))

    with pytest.raises(IntegrityError, match="lump total"):
        _approve(_budget(world, 2, 500 * M, 500 * M, lump={0}))
    _approve(_budget(world, 3, 600 * M, 400 * M, lump={0}))
