"""What a finance officer watches: ageing advances, counterpart ratios, norm breaches, the gap, open recoveries."""

import io
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from khcn.domains.programme.choices import (
    AdvanceAge,
    BudgetLineKind,
    Certainty,
    CounterpartState,
    EstimateBasis,
    FundingSourceKind,
    LedgerEntryKind,
    TaskState,
)
from khcn.domains.programme.models import (
    Contract,
    Counterpart,
    LedgerEntry,
    PlanEnvelope,
    Recovery,
    RuleParameter,
    Task,
)
from khcn.domains.programme.queries.funds import funding_gap
from khcn.domains.programme.queries.money import columns_of_task as money_of
from khcn.domains.programme.queries.oversight import ageing, counterpart_rows, norm_log
from khcn.domains.programme.queries.recovery import open_recoveries, standing_of
from khcn.domains.programme.services import contracts, estimates, money
from khcn.domains.programme.tests.tasks.world import make_world
from khcn.kernel.orgs.tests.cast import client_for, make_member
from khcn.lib.roles import Role

pytestmark = [pytest.mark.django_db, pytest.mark.database]
S1, S4, K = FundingSourceKind.S1_RECURRENT, FundingSourceKind.S4_COUNTERPART, LedgerEntryKind
M = 10**6


@pytest.fixture
def world():
    """A task under contract until 30 June 2024, with 1 billion of state money allocated."""
    world = make_world()
    contracts.sign_contract(
        by=world.director.actor, task=world.task, number="1", signed_on=date(2022, 7, 1), start_on=date(2022, 7, 1),
        end_on=date(2024, 6, 30), signed_by_both=True,
    )  # fmt: skip
    _enter(world, K.ALLOCATION, 1_000)
    return world


def _enter(world, kind, millions, on=date(2022, 8, 1)):
    return money.enter(
        by=world.accountant.actor, task=world.task, kind=kind, source=S1, year=2022, amount_vnd=millions * M, on=on,
        document_number="CT", key=f"{kind}-{millions}-{on}", without_file="Chi trước khi có hệ thống",
    )  # fmt: skip


def _another(world, number, **values):
    """A further task of the same plan, under way until the same day."""
    return Task.objects.create(
        code=f"NV-2022-1{number}", plan=world.plan, title="Nhiệm vụ khác", kind=world.task.kind, mode=world.task.mode,
        host=world.task.host, pi=world.task.pi, rule_set=world.task.rule_set, approved_on=date(2022, 6, 1),
        decision_number="1", state=TaskState.RUNNING, state_vnd=100 * M, start_on=date(2022, 7, 1),
        end_on=date(2024, 6, 30), **values,
    )  # fmt: skip


def _sheet(response):
    return [list(row) for row in load_workbook(io.BytesIO(response.content)).active.iter_rows(values_only=True)]


def _same_queries(read, more):
    """The rows read before and after `more`, which must cost the same number of queries."""
    with CaptureQueriesContext(connection) as few:
        before = list(read())
    more()
    with CaptureQueriesContext(connection) as many:
        after = list(read())
    assert len(after) > len(before) > 0
    assert len(many) == len(few)
    return after


@pytest.mark.parametrize(
    ("on", "age"),
    [
        (date(2024, 6, 30), AdvanceAge.RUNNING),
        (date(2024, 10, 30), AdvanceAge.TO_CLEAR),
        (date(2024, 10, 31), AdvanceAge.OVERDUE),
        (date(2024, 12, 30), AdvanceAge.OVERDUE),
        (date(2024, 12, 31), AdvanceAge.DEDUCTED),
    ],
)
def test_advance_ages_by_the_two_lines_of_the_rule_set(world, on, age):
    _enter(world, K.ADVANCE, 300)
    _enter(world, K.CLEARANCE, 200)

    (row,) = ageing(Task.objects.all(), on=on)

    assert (row.source, row.uncleared_vnd, row.age) == (S1, 100 * M, age)
    assert (row.clear_by, row.deduct_after) == (date(2024, 10, 30), date(2024, 12, 30))


def test_lines_follow_the_dated_parameter(world):
    _enter(world, K.ADVANCE, 300)
    RuleParameter.objects.filter(key="advance.clear_months").update(value="2")

    (row,) = ageing(Task.objects.all(), on=date(2024, 9, 1))

    assert (row.clear_by, row.age) == (date(2024, 8, 30), AdvanceAge.OVERDUE)


def test_oldest_open_advance_is_the_first_that_clearances_do_not_cover(world):
    _enter(world, K.ADVANCE, 300)
    _enter(world, K.CLEARANCE, 300)
    late = _enter(world, K.ADVANCE, 100, date(2022, 9, 1))
    assert ageing(Task.objects.all(), on=date(2023, 1, 1))[0].oldest_on == date(2022, 9, 1)

    money.reverse(by=world.accountant.actor, entry=late, reason="Ghi nhầm.", on=date(2022, 9, 2))
    assert len(ageing(Task.objects.all(), on=date(2023, 1, 1))) == 0


def test_advance_that_was_paid_back_is_no_longer_watched(world):
    _enter(world, K.ADVANCE, 300)
    _enter(world, K.CLEARANCE, 100)
    _enter(world, K.RECOVERY, 150, date(2023, 5, 1))
    (row,) = ageing(Task.objects.all(), on=date(2024, 9, 1))
    assert row.uncleared_vnd == money_of(world.task).uncleared_vnd == 50 * M

    _enter(world, K.RECOVERY, 50, date(2023, 6, 1))

    assert len(ageing(Task.objects.all(), on=date(2024, 9, 1))) == 0


def test_ageing_is_oldest_first_and_asks_the_same_queries(world):
    _enter(world, K.ADVANCE, 300)

    def more():
        for number in range(3):
            task = _another(world, number)
            Task.objects.filter(pk=task.pk).update(end_on=date(2023, 6, 30 - number))
            _raw(task, "advance", 40)

    rows = _same_queries(lambda: ageing(Task.objects.all(), on=date(2024, 9, 1)), more)
    assert [row.task.code for row in rows] == ["NV-2022-12", "NV-2022-11", "NV-2022-10", "NV-2022-01"]


def _raw(task, kind, millions):
    """An entry of a task, with what the store asks of it: a contract and an allocation of its own."""
    Contract.objects.create(
        task=task, number=task.code, signed_on=date(2022, 7, 1), start_on=date(2022, 7, 1), end_on=task.end_on,
        state_vnd=task.state_vnd, first_advance_cap_vnd=task.state_vnd,
    )  # fmt: skip
    PlanEnvelope.objects.filter(plan=task.plan).update(granted_vnd=9_000 * M)
    for number, (name, amount) in enumerate((("allocation", 100), (kind, millions))):
        LedgerEntry.objects.create(
            task=task, kind=name, source="S1", year=2022, amount_vnd=amount * M, on=date(2022, 8, 1),
            document_number="CT", key=f"{task.code}-{number}",
        )  # fmt: skip


def test_counterpart_is_held_to_the_approved_ratio(world):
    Task.objects.filter(pk=world.task.pk).update(counterpart_vnd=250 * M)  # 25 % of the state money
    _enter(world, K.ADVANCE, 400)
    _enter(world, K.CLEARANCE, 400)
    for state, amount in (
        (CounterpartState.PLEDGED, 250),
        (CounterpartState.PROVEN, 200),
        (CounterpartState.SPENT, 60),
    ):
        money.add_counterpart(
            by=world.accountant.actor, task=world.task, state=state, giver=world.task.host, amount_vnd=amount * M,
            on=date(2022, 9, 1), document_number="CK",
        )  # fmt: skip

    def more():
        for number in range(3):
            task = _another(world, number, counterpart_vnd=10 * M)
            Counterpart.objects.create(
                task=task, state="pledged", giver=task.host, amount_vnd=M, on=date(2022, 9, 1), document_number="CK"
            )

    row, *others = _same_queries(lambda: counterpart_rows(Task.objects.all(), on=date(2023, 1, 1)), more)
    # 25 % of 400 million spent from the state is 100 million; 60 are spent
    assert (row.pledged_vnd, row.proven_vnd, row.spent_vnd, row.missing_vnd) == (250 * M, 200 * M, 60 * M, 40 * M)
    assert (float(row.approved_ratio), float(row.actual_ratio)) == (0.25, 0.15)
    assert [(other.actual_ratio, other.missing_vnd) for other in others] == [(None, 0)] * 3


def _estimate(world, task, justification=""):
    pay = estimates.LineDraft(
        BudgetLineKind.REMUNERATION, S1, 2022, 240 * M, basis=EstimateBasis.PAY,
        reckoning={
            "title": "pi", "content": "Phân lập", "job": "Chủ trì", "quantity": "6", "coefficient": "1",
            "unit_vnd": 40 * M,
        },
    )  # fmt: skip
    expert = estimates.LineDraft(
        BudgetLineKind.REMUNERATION, S1, 2023, 100 * M, basis=EstimateBasis.DOMESTIC_EXPERT,
        reckoning={"job": "Tư vấn"}, justification=justification,
    )  # fmt: skip
    return estimates.draft_budget(by=world.specialist.actor, task=task, lines=[pay, expert], on=date(2023, 7, 1))


def test_norm_log_says_who_explained_what_and_when(world):
    _estimate(world, world.task)
    (asked,) = norm_log(Task.objects.all())
    assert (asked.verdict, asked.justification, asked.line.amount_vnd) == ("explain", "", 100 * M)

    _estimate(world, world.task, "Trong nước chỉ có một chuyên gia.")
    (told,) = norm_log(Task.objects.all())
    assert (told.verdict, told.justification) == ("explained", "Trong nước chỉ có một chuyên gia.")
    assert (told.by, told.on, told.limit_vnd) == (world.specialist.actor.name, date(2023, 7, 1), 72 * M)
    assert [(row.verdict, row.is_latest) for row in norm_log(Task.objects.all(), all_versions=True)] == [
        ("explained", True), ("explain", False),
    ]  # fmt: skip

    rows = _same_queries(
        lambda: norm_log(Task.objects.all()), lambda: [_estimate(world, _another(world, n)) for n in range(3)]
    )
    assert len(rows) == 4


def test_pages_and_files_of_the_finance_officer(world):
    _enter(world, K.ADVANCE, 300)
    Task.objects.filter(pk=world.task.pk).update(counterpart_vnd=250 * M)
    _estimate(world, world.task)
    client = client_for(world.finance)
    code = world.task.code

    shown = client.get(reverse("advance_ageing")).content.decode()
    assert "30/10/2024" in shown
    assert "Phải trừ vào dự toán năm sau" in shown
    (line,) = [row for row in _sheet(client.get(reverse("advance_ageing"), {"tai": "xlsx"})) if row[0] == code]
    assert line[4] == 300 * M
    ratios = client.get(reverse("counterpart_ratios")).content.decode()
    assert code in ratios
    assert "chưa có / 25 %" in ratios
    assert ratios.count('aria-current="page">Tất cả') == 1
    assert code not in client.get(reverse("counterpart_ratios"), {"loc": "thieu"}).content.decode()
    (line,) = [row for row in _sheet(client.get(reverse("counterpart_ratios"), {"tai": "xlsx"})) if row[0] == code]
    assert (line[3], line[8]) == (250 * M, 0.25)
    log = client.get(reverse("norm_breaches"), {"loc": "explain", "q": "nấm phòng bệnh"}).content.decode()
    assert f"#dong-{world.task.budgets.get().lines.get(amount_vnd=100 * M).uid}" in log
    assert code not in client.get(reverse("norm_breaches"), {"loc": "explained"}).content.decode()
    assert code not in client.get(reverse("norm_breaches"), {"q": "không có"}).content.decode()
    (line,) = [row for row in _sheet(client.get(reverse("norm_breaches"), {"tai": "xlsx"})) if row[0] == code]
    assert (line[8], line[9]) == (72 * M, 100 * M)


@pytest.mark.parametrize("name", ["advance_ageing", "counterpart_ratios", "norm_breaches"])
def test_pages_are_closed_to_hosts(world, name):
    assert client_for(world.host).get(reverse(name)).status_code == 403
    assert client_for(make_member(Role.INSPECTOR)).get(reverse(name)).status_code == 200


def test_gap_of_the_plan_is_what_no_known_source_plans(world):
    for source, year, planned, granted in ((S1, 2023, 4_000, 3_000), (FundingSourceKind.UNDETERMINED, 2024, 5_000, 0)):
        money.set_envelope(
            by=world.finance.actor, plan=world.plan, source=source, year=year, planned_vnd=planned * M,
            granted_vnd=granted * M, certainty=Certainty.TARGETED,
        )  # fmt: skip

    gap = funding_gap(world.plan)

    assert [(line.source, line.year, line.missing_vnd // M) for line in gap.lines] == [
        ("S1", 2022, 0), ("S1", 2023, 1_000), ("undetermined", 2024, 5_000), ("undetermined", None, 35_000),
    ]  # fmt: skip
    assert (gap.named_vnd, gap.unfunded_vnd) == (5_000 * M, 40_000 * M)
    assert gap.missing_vnd == gap.total_vnd - gap.granted_vnd
    client = client_for(world.finance)
    shown = client.get(reverse("money_overview")).content.decode()
    assert "chưa phân năm" in shown
    assert "40.000.000.000" in client.get(reverse("plan_page", args=[world.plan.uid])).content.decode()
    rows = _sheet(client.get(reverse("money_overview"), {"bang": "nguon", "tai": "xlsx"}))
    assert [row[4] for row in rows if row[0] == "Chưa xác định nguồn"] == [5_000 * M, 35_000 * M]


def test_envelopes_beyond_the_total_are_said(world):
    world.plan.total_vnd = 900 * M

    assert (funding_gap(world.plan).over_vnd, funding_gap(world.plan).unfunded_vnd) == (100 * M, 0)


def test_open_recoveries_stand_on_the_overview_and_ask_the_same_queries(world):
    _enter(world, K.ADVANCE, 300)
    Task.objects.filter(pk=world.task.pk).update(recovery_state="open")

    def more():
        for number in range(3):
            task = _another(world, number, recovery_state="demanded")
            Recovery.objects.create(task=task, due_vnd=5 * M, demanded_vnd=7 * M)
            _raw(task, "advance", 40)

    rows = _same_queries(lambda: open_recoveries(on=date(2024, 9, 1)), more)
    assert rows == [standing_of(row.task, on=date(2024, 9, 1)) for row in rows]
    assert [(row.received_vnd // M, row.left_vnd // M) for row in rows] == [(300, 0), (40, 7), (40, 7), (40, 7)]
    client = client_for(world.finance)
    shown = client.get(reverse("money_overview")).content.decode()
    assert shown.count("7.000.000") >= 3
    assert reverse("task_tab", args=[world.task.uid, "kinh-phi"]) in shown
    sheet = _sheet(client.get(reverse("money_overview"), {"bang": "thu-hoi", "tai": "xlsx"}))
    assert [row[7] for row in sheet if str(row[0]).startswith("NV-")] == [0, 7 * M, 7 * M, 7 * M]
