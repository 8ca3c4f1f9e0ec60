"""The ledger's columns and the limits on allocating, advancing, paying, saving and recovering."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khcn.domains.programme.choices import FailureCause, FundingSourceKind, Grade, LedgerEntryKind, LumpMode
from khcn.domains.programme.rules.money import (
    AdvanceRequest,
    Entry,
    FundColumns,
    MoneyThresholds,
    PaymentRequest,
    advance_breaches,
    ageing_of_advance,
    allocation_breaches,
    approved_total_breaches,
    counterpart_breaches,
    final_product_mode_breaches,
    fund_columns,
    fund_table,
    ledger_faults,
    lump_total_breaches,
    payment_breaches,
    recovery_due,
    savings_of,
)
from khcn.domains.programme.rules.rule_trace import recompute, run

K, S = LedgerEntryKind, FundingSourceKind
ON = date(2024, 6, 1)


@pytest.fixture(scope="module")
def thresholds(regime_a):
    return MoneyThresholds.from_parameters(regime_a(""))


def entry(number, kind, amount, *, source=S.S1_RECURRENT, year=2024, reverses=""):
    return Entry(str(number), kind, source, year, amount, ON, "t1", None, reverses)


def test_columns_follow_a_task_from_plan_to_settlement():
    rows = [
        entry(1, K.PLAN, 1000),
        entry(2, K.ESTIMATE, 900),
        entry(3, K.ALLOCATION, 800),
        entry(4, K.ADVANCE, 400),
        entry(5, K.CLEARANCE, 300),
        entry(6, K.PAYMENT, 100),
        entry(7, K.CARRY_OVER_OUT, 50),
        entry(8, K.SETTLEMENT, 400),
    ]

    columns = fund_columns(rows)

    assert columns == FundColumns(1000, 900, 800, 400, 400, 100, 50, 0, 0, 400)
    assert columns.disbursed_vnd == 500
    assert columns.available_vnd == 800 - 50 - 500
    assert columns.share_of_plan == Fraction(2, 5)


def test_columns_money_recovered_reduces_the_open_advance_first():
    assert fund_columns([entry(1, K.ADVANCE, 400), entry(2, K.RECOVERY, 150)]).uncleared_vnd == 250
    assert fund_columns([entry(1, K.ADVANCE, 400), entry(2, K.RECOVERY, 500)]).uncleared_vnd == 0


def test_columns_empty_plan_has_no_percentage():
    assert fund_columns([entry(1, K.PAYMENT, 5)]).share_of_plan is None


def test_table_groups_by_source_and_year():
    rows = [entry(1, K.PLAN, 10), entry(2, K.PLAN, 20, year=2025), entry(3, K.PLAN, 5, source=S.S3_CENTRAL)]

    table = fund_table(rows, lambda row: (row.source, row.year))

    assert {key: columns.planned_vnd for key, columns in table.items()} == {
        (S.S1_RECURRENT, 2024): 10,
        (S.S1_RECURRENT, 2025): 20,
        (S.S3_CENTRAL, 2024): 5,
    }


@given(st.lists(st.tuples(st.sampled_from(list(K)), st.integers(1, 10**12), st.booleans()), max_size=30), st.randoms())
def test_columns_do_not_depend_on_order_and_reversed_rows_leave_no_trace(rows, random):
    entries, clean = [], []
    for number, (kind, amount, is_reversed) in enumerate(rows):
        entries.append(entry(number, kind, amount))
        if is_reversed:
            entries.append(entry(f"r{number}", kind, amount, reverses=str(number)))
        else:
            clean.append(entries[-1])
    random.shuffle(entries)

    assert fund_columns(entries) == fund_columns(clean)
    assert ledger_faults(entries) == ()


@pytest.mark.parametrize(
    ("rows", "fragment"),
    [
        ([entry(1, K.PLAN, 0)], "lớn hơn 0"),
        ([entry(1, K.PLAN, -5)], "lớn hơn 0"),
        ([entry(1, K.PLAN, 5), entry(1, K.PLAN, 5)], "ghi hai lần"),
        ([entry(2, K.PLAN, 5, reverses="9")], "không chỉ đúng"),
        ([entry(1, K.PLAN, 5), entry(2, K.PLAN, 4, reverses="1")], "phải giống bút toán gốc"),
        ([entry(1, K.PLAN, 5), entry(2, K.PAYMENT, 5, reverses="1")], "phải giống bút toán gốc"),
        ([entry(1, K.PLAN, 5), *[entry(n, K.PLAN, 5, reverses="1") for n in (2, 3)]], "đã được đảo"),
        ([entry(1, K.PLAN, 5), entry(2, K.PLAN, 5, reverses="1"), entry(3, K.PLAN, 5, reverses="2")], "đảo tiếp"),
    ],
)
def test_ledger_faults_are_named(rows, fragment):
    (fault,) = ledger_faults(rows)

    assert fragment in fault.text


def advance(thresholds, **changes):
    request = AdvanceRequest(
        amount_vnd=500,
        state_vnd=1000,
        year_left_vnd=600,
        advanced_before_vnd=0,
        cleared_before_vnd=0,
        contract_is_live=True,
    )
    return [item.code for item in advance_breaches(replace(request, **changes), thresholds)]


def test_advance_first_is_at_most_half_and_within_the_year(thresholds):
    assert advance(thresholds) == []
    assert advance(thresholds, amount_vnd=501) == ["first_advance"]
    assert advance(thresholds, year_left_vnd=499) == ["year_estimate"]
    assert advance(thresholds, state_vnd=1001, amount_vnd=501) == ["first_advance"]  # 500,5 đồng is not exceeded by 500
    assert advance(thresholds, contract_is_live=False) == ["contract"]
    assert advance(thresholds, amount_vnd=0) == ["amount"]


def test_advance_next_needs_half_of_the_earlier_cleared_or_the_equipment_note(thresholds):
    later = {"advanced_before_vnd": 500, "amount_vnd": 300}

    assert advance(thresholds, cleared_before_vnd=250, **later) == []
    assert advance(thresholds, cleared_before_vnd=249, **later) == ["next_advance"]
    assert advance(thresholds, cleared_before_vnd=0, equipment_note="CV 12/QLKP", **later) == []
    assert advance(thresholds, cleared_before_vnd=500, advanced_before_vnd=500, amount_vnd=501) == ["state_total"]


def payment(**changes):
    request = PaymentRequest(amount_vnd=100, contract_vnd=1000, paid_before_vnd=900, contract_is_live=True)
    return [item.code for item in payment_breaches(replace(request, **changes))]


def test_payment_stays_within_a_live_contract_and_the_last_follows_acceptance():
    assert payment() == []
    assert payment(amount_vnd=101) == ["contract_total"]
    assert payment(contract_is_live=False) == ["contract"]
    assert payment(is_last=True) == ["last_payment"]
    assert payment(is_last=True, grade=Grade.FAIL) == ["last_payment"]
    assert payment(is_last=True, grade=Grade.PASS) == []


def test_allocation_totals_and_lump_are_held():
    assert allocation_breaches(envelope_vnd=100, allocated_vnd=100, source_label="S1", year=2024) == ()
    (over,) = allocation_breaches(envelope_vnd=100, allocated_vnd=1100, source_label="S1", year=2024)
    assert over.text == "Phân bổ năm 2024 từ nguồn “S1” vượt hạn mức 1.000 đồng."
    assert approved_total_breaches(approved_vnd=30, lines_vnd={2023: 10, 2024: 20}) == ()
    assert len(approved_total_breaches(approved_vnd=30, lines_vnd={2023: 10, 2024: 19})) == 1
    assert lump_total_breaches(decided_vnd=10, proposed_vnd=10) == ()
    assert len(lump_total_breaches(decided_vnd=10, proposed_vnd=9)) == 1


def test_final_product_mode_needs_every_condition(thresholds):
    def codes(**changes):
        facts = {
            "asset_and_trip_vnd": 150_000_000,
            "state_vnd": 1_000_000_000,
            "product_is_specified": True,
            "proposed_by_host": True,
            "proposed_by_council": True,
            **changes,
        }
        return [item.code for item in final_product_mode_breaches(**facts, thresholds=thresholds)]

    assert codes() == []
    assert codes(asset_and_trip_vnd=150_000_001) == ["asset_share"]
    assert codes(asset_and_trip_vnd=1_000_000_001, state_vnd=20_000_000_000) == ["asset_cap"]
    assert codes(product_is_specified=False, proposed_by_host=False, proposed_by_council=False) == [
        "not_proposed",
        "product",
        "council",
    ]


def test_counterpart_ratio_is_compared_exactly():
    approved = {"approved_other_vnd": 1, "approved_state_vnd": 3}

    assert counterpart_breaches(**approved, spent_other_vnd=100, spent_state_vnd=300) == ()
    (short,) = counterpart_breaches(**approved, spent_other_vnd=100, spent_state_vnd=301)
    assert short.text == "Vốn đối ứng thực chi còn thiếu 1 đồng so với tỷ lệ được phê duyệt."
    assert counterpart_breaches(approved_other_vnd=0, approved_state_vnd=5, spent_other_vnd=0, spent_state_vnd=5) == ()


@pytest.mark.parametrize(
    ("today", "age"),
    [
        (date(2024, 6, 30), "running"),
        (date(2024, 10, 30), "to_clear"),
        (date(2024, 10, 31), "overdue"),
        (date(2024, 12, 30), "overdue"),
        (date(2024, 12, 31), "deducted"),
    ],
)
def test_ageing_of_an_advance_at_four_and_six_months(thresholds, today, age):
    assert ageing_of_advance(ends_on=date(2024, 6, 30), today=today, thresholds=thresholds) == age


def savings(**changes):
    facts = {
        "lump_vnd": 1000,
        "lump_spent_vnd": 900,
        "other_vnd": 500,
        "other_spent_vnd": 399,
        "not_done_vnd": 50,
        "host_has_fund": True,
        "host_share": Fraction(1, 2),
        **changes,
    }
    return savings_of(**facts)


def test_savings_lump_to_the_host_rest_halved_work_not_done_returned():
    saved = savings()

    assert (saved.host_income_vnd, saved.host_fund_vnd, saved.science_fund_vnd, saved.returned_vnd) == (100, 25, 26, 50)
    assert savings(host_has_fund=False).science_fund_vnd == 51
    with pytest.raises(ValueError, match="more was spent"):
        savings(lump_spent_vnd=1001)


def recovery(regime_a, mode, cause, unspent=10, proper=101, unproven=7):
    return recovery_due(
        mode=mode,
        cause=cause,
        unspent_vnd=unspent,
        proper_vnd=proper,
        unproven_vnd=unproven,
        parameters=regime_a("recovery."),
    )


def test_recovery_follows_mode_and_cause(regime_a):
    final = recovery(regime_a, LumpMode.FINAL_PRODUCT, FailureCause.SUBJECTIVE)
    partial = recovery(regime_a, LumpMode.PARTIAL, FailureCause.SUBJECTIVE)
    objective = recovery(regime_a, LumpMode.PARTIAL, FailureCause.OBJECTIVE)

    assert (final.unspent_vnd, final.proper_vnd, final.unproven_vnd, final.total_vnd) == (10, 41, 7, 58)
    assert (partial.proper_vnd, partial.total_vnd) == (31, 48)
    assert objective.total_vnd == 10


def test_rule_recovery_is_recomputed(regime_a):
    trace = run(
        "recovery.due",
        parameters=regime_a("recovery."),
        inputs={
            "mode": LumpMode.PARTIAL,
            "cause": FailureCause.SUBJECTIVE,
            "unspent_vnd": 0,
            "proper_vnd": 1000,
            "unproven_vnd": 0,
        },
    )

    assert trace.outcome["total_vnd"] == 300
    assert recompute(trace).agrees


def test_limits_are_reached_without_being_broken(thresholds):
    assert advance(thresholds, amount_vnd=400, year_left_vnd=400) == []
    assert advance(thresholds, amount_vnd=500, advanced_before_vnd=500, cleared_before_vnd=500) == []
    assert payment(amount_vnd=0) == ["amount"]
    cap = final_product_mode_breaches(
        asset_and_trip_vnd=1_000_000_000,
        state_vnd=20_000_000_000,
        product_is_specified=True,
        proposed_by_host=True,
        proposed_by_council=True,
        thresholds=thresholds,
    )
    assert cap == ()


def test_savings_of_nothing_are_nothing():
    saved = savings(lump_spent_vnd=1000, other_spent_vnd=500, not_done_vnd=0)

    assert (saved.host_income_vnd, saved.host_fund_vnd, saved.science_fund_vnd, saved.returned_vnd) == (0, 0, 0, 0)
