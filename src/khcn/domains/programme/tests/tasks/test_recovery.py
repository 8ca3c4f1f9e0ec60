"""Recovery after a failure: cause, least sum, demand, payments, the bar on the host.

Source: TTLT 27/2015/TTLT-BKHCN-BTC, Điều 16, 17.
"""

import io
from datetime import date

import pytest
from django.urls import reverse
from docx import Document

from khcn.domains.programme.choices import FailureCause, FundingSourceKind, LedgerEntryKind
from khcn.domains.programme.errors import MoneyRefused, NotNow
from khcn.domains.programme.models import LedgerEntry, Recovery
from khcn.domains.programme.queries.eligibility import past_tasks
from khcn.domains.programme.queries.recovery import open_recoveries, split_to_begin_with, standing_of
from khcn.domains.programme.rules.recomputation import check_traces
from khcn.domains.programme.services import changes, contracts, money, recovery
from khcn.domains.programme.tests.tasks.world import make_world
from khcn.kernel.orgs.tests.cast import client_for
from khcn.kernel.procedures.models import Clock
from khcn.lib.failure import Forbidden, Refused

pytestmark = [pytest.mark.django_db, pytest.mark.database]
S1 = FundingSourceKind.S1_RECURRENT
END = date(2023, 3, 1)


@pytest.fixture
def world():
    """A task that received 300 million, cleared 200, and was then terminated: its recovery is open."""
    world = make_world()
    contracts.sign_contract(
        by=world.director.actor, task=world.task, number="1", signed_on=date(2022, 7, 1), start_on=date(2022, 7, 1),
        end_on=date(2024, 6, 30), signed_by_both=True,
    )  # fmt: skip
    contracts.start_task(by=world.specialist.actor, task=world.task, on=date(2022, 7, 2))
    for number, (kind, amount) in enumerate(
        [(LedgerEntryKind.ALLOCATION, 500), (LedgerEntryKind.ADVANCE, 300), (LedgerEntryKind.CLEARANCE, 200)]
    ):
        money.enter(
            by=world.accountant.actor, task=world.task, kind=kind, source=S1, year=2022, amount_vnd=amount * 10**6,
            on=date(2022, 8, 1), document_number="CT", key=f"k{number}", without_file="Chi trước khi có hệ thống",
        )  # fmt: skip
    ended = changes.ask_termination(
        by=world.specialist.actor, task=world.task, ground="Không thực hiện được.", is_objective=False, on=END
    )
    changes.check_site(by=world.specialist.actor, termination=ended, findings="Dừng từ tháng 10.", on=END)
    changes.terminate_task(
        by=world.director.actor, task=world.task, decision_number="5/QĐ", refund_vnd=0, assets_note="Không có.", on=END
    )
    world.task.refresh_from_db()
    return world


def _conclude(world, cause=FailureCause.SUBJECTIVE, unspent=100, proper=150, unproven=50):
    return recovery.conclude_cause(
        by=world.specialist.actor, task=world.task, cause=cause, unspent_vnd=unspent * 10**6,
        proper_vnd=proper * 10**6, unproven_vnd=unproven * 10**6, conclusion="Chủ trì bỏ dở.", on=date(2023, 4, 1),
    )  # fmt: skip


def _demand(world, amount=None):
    made = _conclude(world)
    return recovery.demand_recovery(
        by=world.leader.actor, task=world.task, decision_number="9/QĐ-UBND", demanded_vnd=amount or made.due_vnd,
        on=date(2023, 4, 10),
    )  # fmt: skip


def _pay(world, amount, key):
    return recovery.record_recovery_payment(
        by=world.accountant.actor, task=world.task, amount_vnd=amount, source=S1, year=2023, on=date(2023, 5, 1),
        document_number="GNT-1", key=key,
    )  # fmt: skip


def test_recovery_opens_with_the_ledgers_split_and_the_clock_to_explain(world):
    assert world.task.recovery_state == "open"
    assert split_to_begin_with(world.task) == {
        "unspent_vnd": 100_000_000, "proper_vnd": 200_000_000, "unproven_vnd": 0,
    }  # fmt: skip
    assert Clock.objects.filter(subject_uid=world.task.uid, rule_key="recovery.explain", stopped_on=None).exists()


def test_subjective_cause_of_a_partly_lumped_task_costs_thirty_percent_and_all_unproven(world):
    recovery.record_explanation(by=world.host.actor, task=world.task, text="Thiếu nhân lực.", on=date(2023, 3, 10))

    made = _conclude(world)

    # 100 not spent + 30 % of 150 + 50 not proven
    assert made.due_vnd == 195_000_000
    assert made.trace["rule"] == "recovery.due"
    assert [check.agrees for check in check_traces([made.trace])] == [True]


def test_objective_cause_returns_only_what_was_not_spent(world):
    assert _conclude(world, FailureCause.OBJECTIVE).due_vnd == 100_000_000


def test_split_that_is_not_what_the_ledger_says_is_refused(world):
    with pytest.raises(Refused, match=r"300\.000\.000"):
        _conclude(world, unspent=99)


def test_conclusion_by_the_host_itself_is_refused(world):
    with pytest.raises(Forbidden):
        recovery.conclude_cause(
            by=world.host.actor, task=world.task, cause=FailureCause.OBJECTIVE, unspent_vnd=300_000_000, proper_vnd=0,
            unproven_vnd=0, conclusion="x", on=END,
        )  # fmt: skip


def test_demand_below_the_least_or_before_a_conclusion_is_refused(world):
    with pytest.raises(NotNow):
        recovery.demand_recovery(
            by=world.leader.actor, task=world.task, decision_number="9", demanded_vnd=1, on=date(2023, 4, 10)
        )
    with pytest.raises(Refused, match=r"mức tối thiểu 195\.000\.000"):
        _demand(world, 194_999_999)


def test_demanded_money_bars_the_host_until_the_last_payment(world):
    _demand(world)
    world.task.refresh_from_db()
    (past,) = past_tasks(type(world.task).objects.filter(pk=world.task.pk), closing_on=date(2023, 5, 1))
    assert past.recovery_owed_vnd == 195_000_000
    due = Clock.objects.get(subject_uid=world.task.uid, rule_key="recovery.pay").due_on
    assert due == date(2023, 6, 9)  # 60 days from 10 April
    assert standing_of(world.task, on=date(2023, 6, 10)).is_late

    _pay(world, 100_000_000, "a")
    assert world.task.recovery_state == "demanded"
    with pytest.raises(MoneyRefused, match=r"95\.000\.000"):
        _pay(world, 95_000_001, "b")
    _pay(world, 95_000_000, "c")

    world.task.refresh_from_db()
    assert world.task.recovery_state == "recovered"
    (past,) = past_tasks(type(world.task).objects.filter(pk=world.task.pk), closing_on=date(2023, 5, 2))
    assert past.recovery_owed_vnd == 0
    assert open_recoveries(on=date(2023, 5, 2)) == []
    assert LedgerEntry.objects.filter(task=world.task, kind="recovery").count() == 2


def test_same_payment_sent_twice_is_entered_once(world):
    _demand(world)

    assert _pay(world, 100_000_000, "a") == _pay(world, 100_000_000, "a")


def test_nothing_due_is_waived_and_something_due_is_not(world):
    _conclude(world)
    with pytest.raises(NotNow):
        recovery.waive_recovery(by=world.leader.actor, task=world.task, reason="x", on=END)

    _conclude(world, FailureCause.OBJECTIVE, unspent=0, proper=300, unproven=0)
    recovery.waive_recovery(by=world.leader.actor, task=world.task, reason="Thiên tai.", on=END)

    world.task.refresh_from_db()
    assert world.task.recovery_state == "waived"


def test_recovery_in_the_browser_from_explanation_to_payment(world):
    def post(member, slug, **fields):
        return client_for(member).post(reverse("task_act", args=[world.task.uid, slug]), {"on": "01/04/2023", **fields})

    assert post(world.host, "giai-trinh", text="Thiếu nhân lực.").status_code == 302
    answer = post(
        world.specialist, "ket-luan-nguyen-nhan", cause="subjective", unspent_vnd="100000000", proper_vnd="150000000",
        unproven_vnd="50000000", conclusion="Chủ trì bỏ dở.",
    )  # fmt: skip
    assert answer.status_code == 302
    paper = client_for(world.specialist).get(reverse("recovery_word", args=[world.task.uid]))
    words = "\n".join(one.text for one in Document(io.BytesIO(paper.getvalue())).paragraphs)
    assert "195.000.000 đồng" in words
    assert "60 ngày" in words
    assert post(world.leader, "quyet-dinh-thu-hoi", decision_number="9", demanded_vnd="195000000").status_code == 302
    answer = post(
        world.accountant, "nop-hoan-tra", amount_vnd="195000000", source="S1", year="2023", document_number="GNT",
        key="one",
    )  # fmt: skip
    assert answer.status_code == 302

    page = client_for(world.specialist).get(reverse("task_tab", args=[world.task.uid, "kinh-phi"])).content.decode()
    assert "Thu hồi kinh phí" in page
    assert Recovery.objects.get().demanded_vnd == 195_000_000
    world.task.refresh_from_db()
    assert world.task.recovery_state == "recovered"
