"""Norms of an estimate, at their edges, with the figures of the circulars."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from khcn.domains.programme.choices import BudgetLineKind, RuleStatus, WorkTitle
from khcn.domains.programme.rules.norms import (
    FeeLine,
    LabourLine,
    RemunerationLine,
    expert_breaches,
    fee_breaches,
    independent_expert_limit,
    input_line_breaches,
    labour_breaches,
    months_from_days,
    norm_on,
    overhead_breaches,
    overhead_limit,
    parse_cost_norms,
    remuneration_breaches,
    remuneration_of,
)

ON = date(2024, 6, 1)


@pytest.fixture(scope="module")
def values(regime_a):
    return regime_a("norm.")


@pytest.fixture(scope="module")
def norms(reference):
    return parse_cost_norms(reference("cost_norms"))


def line(**changes):
    base = RemunerationLine(
        content="Nội dung 1",
        job="Khảo sát",
        title=WorkTitle.MEMBER,
        person="an",
        months=Fraction(2),
        coefficient=Fraction(2, 5),
        pi_month_vnd=40_000_000,
        amount_vnd=32_000_000,
    )
    return replace(base, **changes)


def codes(values, *lines):
    return [breach.norm for breach in remuneration_breaches(lines, values)]


def test_remuneration_is_months_times_coefficient_times_rate():
    assert remuneration_of(Fraction(2), Fraction(4, 5), 40_000_000) == 64_000_000
    assert remuneration_of(Fraction(1, 3), Fraction(1, 5), 10_000_000) == 666_666


def test_remuneration_line_at_the_norm_is_accepted_and_one_dong_more_refused(values):
    assert codes(values, line()) == []
    assert codes(values, line(amount_vnd=32_000_001)) == ["norm.product"]
    assert codes(values, line(pi_month_vnd=40_000_001)) == ["norm.pi_month_max_vnd"]
    assert codes(values, line(content=" ")) == ["norm.tied_to_work"]


@pytest.mark.parametrize(
    ("title", "coefficient"),
    [
        (WorkTitle.PI, Fraction(1)),
        (WorkTitle.MAIN_MEMBER, Fraction(4, 5)),
        (WorkTitle.MEMBER, Fraction(2, 5)),
        (WorkTitle.SECRETARY, Fraction(3, 10)),
        (WorkTitle.TECHNICIAN, Fraction(1, 5)),
    ],
)
def test_remuneration_coefficients_are_those_of_the_circular(values, title, coefficient):
    assert codes(values, line(title=title, coefficient=coefficient, amount_vnd=0)) == []
    assert f"norm.coefficient.{title}" in codes(
        values, line(title=title, coefficient=coefficient + Fraction(1, 100), amount_vnd=0)
    )


def test_remuneration_one_leader_one_secretary_one_main_member_per_content(values):
    leader = line(title=WorkTitle.PI, coefficient=Fraction(1))
    chief = line(title=WorkTitle.MAIN_MEMBER, coefficient=Fraction(4, 5))

    assert codes(values, leader, replace(leader, content="Nội dung 2")) == []
    assert codes(values, leader, replace(leader, person="bình")) == ["norm.pi_count_max"]
    assert codes(values, chief, replace(chief, content="Nội dung 2", person="bình")) == []
    assert codes(values, chief, replace(chief, person="bình")) == ["norm.main_member_per_content_max"]
    assert codes(values, *[line(title=WorkTitle.SECRETARY, coefficient=0, amount_vnd=0, person=p) for p in "ab"]) == [
        "norm.secretary_count_max"
    ]


def test_months_from_days_are_twenty_seconds(values):
    assert months_from_days(11, values) == Fraction(1, 2)


def test_labour_is_held_to_the_minimum_wage_by_day(values):
    day = LabourLine("Làm cỏ", 22, 4_960_000)

    assert labour_breaches([day], highest_minimum_wage_vnd=4_960_000, values=values) == ()
    (breach,) = labour_breaches([replace(day, amount_vnd=4_960_001)], highest_minimum_wage_vnd=4_960_000, values=values)
    assert breach.limit_vnd == 4_960_000


def test_experts_above_their_share_need_justification(values):
    def found(domestic, foreign):
        return expert_breaches(remuneration_vnd=1000, domestic_vnd=domestic, foreign_vnd=foreign, values=values)

    assert found(300, 500) == ()
    assert [breach.needs_justification for breach in found(301, 501)] == [True, True]


def test_overhead_is_five_percent_capped_at_three_hundred_million(values):
    assert overhead_limit(1_000_000_000, values) == 50_000_000
    assert overhead_limit(6_000_000_000, values) == 300_000_000
    assert overhead_limit(9_000_000_000, values) == 300_000_000
    assert overhead_breaches(overhead_vnd=50_000_000, state_vnd=1_000_000_000, values=values) == ()
    assert len(overhead_breaches(overhead_vnd=50_000_001, state_vnd=1_000_000_000, values=values)) == 1


@pytest.mark.parametrize(
    ("activity", "role", "limit"),
    [
        ("identification", "chair", 1_500_000),
        ("identification", "member", 1_000_000),
        ("identification", "reviewer_review", 700_000),
        ("selection", "chair", 1_800_000),
        ("acceptance", "member", 1_500_000),
        ("acceptance", "reviewer_review", 1_000_000),
        ("budget_appraisal", "chair", 1_000_000),
        ("order_writing", "chair", 700_000),
        ("technical_expert", "expert", 1_500_000),
        ("seminar", "paper_presented", 3_000_000),
        ("self_evaluation", "chair", 900_000),
        ("other_council", "reviewer_review", 500_000),
    ],
)
def test_fee_at_the_ceiling_is_accepted_and_above_refused(norms, values, activity, role, limit):
    assert fee_breaches([FeeLine(activity, role, 1, limit)], norms, on=ON, values=values) == ()
    (breach,) = fee_breaches([FeeLine(activity, role, 1, limit + 1)], norms, on=ON, values=values)
    assert (breach.limit_vnd, breach.needs_justification) == (limit, False)


def test_fee_without_a_norm_or_before_the_circular_asks_for_grounds(norms, values):
    (unknown,) = fee_breaches([FeeLine("party", "guest", 1, 5)], norms, on=ON, values=values)
    (early,) = fee_breaches([FeeLine("selection", "chair", 1, 5)], norms, on=date(2022, 1, 1), values=values)

    assert unknown.needs_justification
    assert "01/01/2022" in early.text


def test_norm_provincial_row_overrides_the_national(norms):
    own = replace(norm_on(norms, "selection", "chair", ON), amount_vnd=1_200_000, status=RuleStatus.PROVINCIAL)

    assert norm_on((*norms, own), "selection", "chair", ON).amount_vnd == 1_200_000


def test_independent_expert_costs_at_most_five_times_chair_and_review(norms, values):
    assert independent_expert_limit(norms, "selection", ON, values) == 5 * (1_800_000 + 1_000_000)
    assert independent_expert_limit(norms, "selection", date(2022, 1, 1), values) is None


def test_input_lines_are_ten_and_sum_to_the_estimate():
    totals = dict.fromkeys(BudgetLineKind, 10)

    assert len(BudgetLineKind) == 10
    assert input_line_breaches(totals, estimate_vnd=100) == ()
    assert [
        breach.norm for breach in input_line_breaches({**totals, BudgetLineKind.OFFICE: -10}, estimate_vnd=100)
    ] == [
        "line.office",
        "line.total",
    ]


def test_norm_holds_from_its_first_day_until_the_eve_of_its_end(norms):
    (first, *_) = norms
    ended = replace(first, valid_to=date(2025, 1, 1))

    assert norm_on([ended], first.activity, first.role, date(2023, 2, 26)) == ended
    assert norm_on([ended], first.activity, first.role, date(2024, 12, 31)) == ended
    assert norm_on([ended], first.activity, first.role, date(2025, 1, 1)) is None


def test_independent_expert_limit_needs_both_norms(norms, values):
    assert independent_expert_limit(norms, "budget_appraisal", ON, values) is None


def test_input_line_of_nothing_is_no_breach():
    assert input_line_breaches(dict.fromkeys(BudgetLineKind, 0), estimate_vnd=0) == ()
