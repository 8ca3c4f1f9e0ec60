"""Estimates held against the norms: which line, what verdict, what an explanation changes.

Figures: TT 03/2023/TT-BTC, TT 02/2023/TT-BKHCN.
"""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from khcn.domains.programme.choices import BudgetLineKind as Kind
from khcn.domains.programme.choices import EstimateBasis, FundingSourceKind, NormVerdict, WorkTitle
from khcn.domains.programme.rules.estimates import EstimateLine, estimate_findings, stopping
from khcn.domains.programme.rules.norms import parse_cost_norms

ON = date(2024, 9, 1)
S1 = FundingSourceKind.S1_RECURRENT
LEADER = EstimateLine(
    Kind.REMUNERATION, S1, 240_000_000, EstimateBasis.PAY, WorkTitle.PI, content="Phân lập", job="Chủ trì",
    quantity=Fraction(6), coefficient=Fraction(1), unit_vnd=40_000_000,
)  # fmt: skip
EXPERT = EstimateLine(Kind.REMUNERATION, S1, 72_000_000, EstimateBasis.DOMESTIC_EXPERT, job="Tư vấn di truyền")


@pytest.fixture(scope="module")
def check(reference, regime_a):
    norms = parse_cost_norms(reference("cost_norms"))
    values = {**regime_a("norm."), "norm.minimum_wage_highest_vnd": "4960000"}

    def found(*lines, on=ON):
        return estimate_findings(lines, norms=norms, values=values, on=on)

    return found


def test_estimate_at_every_ceiling_is_clean(check):
    # 30 % of 240 million for experts; 5 % of the whole for overhead
    overhead = EstimateLine(Kind.OVERHEAD, S1, 16_421_052)

    assert check(LEADER, EXPERT, overhead) == ()


def test_leader_paid_above_forty_million_stops_on_its_line(check):
    costly = replace(LEADER, unit_vnd=40_000_001, amount_vnd=240_000_006)

    (finding,) = check(EXPERT, costly)

    assert (finding.line, finding.norm, finding.verdict) == (1, "norm.pi_month_max_vnd", NormVerdict.STOP)
    assert finding.limit_vnd == 40_000_000
    assert finding.citation.startswith("TT 03/2023/TT-BTC")
    assert stopping([finding]) == [finding]


def test_experts_above_thirty_percent_stop_until_they_are_explained(check):
    dear = replace(EXPERT, amount_vnd=72_000_001)

    (bare,) = check(LEADER, dear)
    (told,) = check(LEADER, replace(dear, justification="Trong nước chỉ có một chuyên gia."))

    assert (bare.line, bare.verdict) == (1, NormVerdict.EXPLAIN)
    assert (told.verdict, told.justification) == (NormVerdict.EXPLAINED, "Trong nước chỉ có một chuyên gia.")
    assert stopping([bare]) == [bare]
    assert stopping([told]) == []


def test_foreign_experts_may_cost_half(check):
    half = replace(EXPERT, basis=EstimateBasis.FOREIGN_EXPERT, amount_vnd=120_000_000)

    assert check(LEADER, half) == ()
    (above,) = check(LEADER, replace(half, amount_vnd=120_000_001))
    assert (above.norm, above.limit_vnd) == ("norm.foreign_expert_share_max", 120_000_000)


def test_ceiling_without_a_way_out_is_not_lifted_by_an_explanation(check):
    (finding,) = check(replace(LEADER, coefficient=Fraction(2), amount_vnd=480_000_000, justification="Cần."))

    assert (finding.verdict, finding.justification) == (NormVerdict.STOP, "")


def test_seminar_fee_and_its_product_are_held(check):
    chair = EstimateLine(
        Kind.CONFERENCES_TRAVEL, S1, 4_000_000, EstimateBasis.FEE, quantity=Fraction(2), unit_vnd=2_000_000,
        fee="seminar.chair",
    )  # fmt: skip

    assert check(chair) == ()
    assert [item.norm for item in check(replace(chair, amount_vnd=4_000_001))] == ["norm.fee_product"]
    assert [item.limit_vnd for item in check(replace(chair, unit_vnd=2_000_001, amount_vnd=4_000_002))] == [2_000_000]


def test_self_evaluation_is_half_of_acceptance(check):
    member = EstimateLine(
        Kind.SELF_EVALUATION, S1, 750_000, EstimateBasis.FEE, quantity=Fraction(1), unit_vnd=750_000,
        fee="self_evaluation.member",
    )  # fmt: skip

    assert check(member) == ()
    assert [item.limit_vnd for item in check(replace(member, unit_vnd=750_001, amount_vnd=750_001))] == [750_000]


def test_labour_is_held_to_the_wage_row_of_the_day(check):
    month = EstimateLine(Kind.REMUNERATION, S1, 4_960_000, EstimateBasis.LABOUR, job="Làm đất", quantity=Fraction(22))

    assert check(month) == ()
    assert check(replace(month, amount_vnd=4_960_001))[0].verdict is NormVerdict.STOP


def test_two_leaders_and_overhead_of_the_whole_are_found(check):
    overhead = EstimateLine(Kind.OVERHEAD, S1, 50_000_000)

    found = check(replace(LEADER, person="a"), replace(LEADER, person="b"), overhead)

    assert {(item.line, item.norm) for item in found} == {(None, "norm.pi_count_max"), (2, "norm.overhead_share")}


def test_pay_without_a_reckoning_is_noted_and_stops_nothing(check):
    found = check(EstimateLine(Kind.REMUNERATION, S1, 100_000_000))

    assert [item.verdict for item in found] == [NormVerdict.NOTE]
    assert stopping(found) == []


def test_day_between_the_two_circulars_is_held_to_neither(book):
    early = date(2023, 3, 10)
    values = {**book.family("A", "norm.", early), "norm.minimum_wage_highest_vnd": "4680000"}

    (finding,) = estimate_findings([LEADER, EXPERT], norms=(), values=values, on=early)

    assert (finding.norm, finding.verdict) == ("norm.pi_count_max", NormVerdict.NOTE)


def test_day_without_norms_says_that_nothing_was_checked():
    (finding,) = estimate_findings([LEADER], norms=(), values={}, on=date(2016, 1, 1))

    assert finding.verdict is NormVerdict.NOTE
    assert "01/01/2016" in finding.text
