"""The acceptance count: a member's level from the lines, the council's grade from the members present."""

from datetime import date
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khcn.domains.programme.choices import Grade
from khcn.domains.programme.rules.councils import (
    AcceptanceThresholds,
    NoBallots,
    ProductRating,
    contradiction,
    count_acceptance,
    derived_level,
    is_dossier_late,
)
from khcn.domains.programme.rules.rule_trace import recompute, run

X, D, K = Grade.EXCELLENT, Grade.PASS, Grade.FAIL


@pytest.fixture(scope="module")
def thresholds(regime_a):
    return AcceptanceThresholds.from_parameters(regime_a("acceptance."))


def line(quality=D, kind=D, quantity=D, achieved=1):
    return ProductRating("p", quality, kind, quantity, Fraction(achieved))


@pytest.mark.parametrize(
    ("excellent", "passing", "failing", "grade"),
    [
        (7, 2, 0, X),  # 7 of 9 is three quarters and more, nobody against
        (6, 3, 0, D),
        (8, 0, 1, D),  # one Không đạt forbids Xuất sắc
        (0, 5, 4, K),  # 4 of 9 is more than a third
        (0, 6, 3, D),  # 3 of 9 is exactly a third
        (5, 0, 4, K),
    ],
)
def test_grade_of_nine_present(thresholds, excellent, passing, failing, grade):
    levels = [X] * excellent + [D] * passing + [K] * failing

    assert count_acceptance(levels, thresholds, members_present=9).grade is grade


def test_grade_invalid_ballots_count_among_those_present(thresholds):
    counted = count_acceptance([X] * 6 + [None], thresholds, members_present=9)

    assert (counted.excellent, counted.invalid, counted.grade) == (6, 1, D)


def test_grade_every_split_up_to_eleven_agrees_with_whole_number_reckoning(thresholds):
    for present in range(1, 12):
        for excellent, failing in product(range(present + 1), repeat=2):
            if excellent + failing > present:
                continue
            levels = [X] * excellent + [K] * failing + [D] * (present - excellent - failing)
            expected = X if 4 * excellent >= 3 * present and failing == 0 else K if 3 * failing > present else D
            assert count_acceptance(levels, thresholds, members_present=present).grade is expected


@given(st.lists(st.sampled_from([X, D, K]), min_size=1, max_size=12), st.integers(0, 11))
def test_grade_a_better_ballot_never_worsens_the_grade(thresholds, levels, position):
    rank = {K: 0, D: 1, X: 2}
    position %= len(levels)
    better = [*levels]
    better[position] = X if levels[position] is D else D if levels[position] is K else X

    before = count_acceptance(levels, thresholds, members_present=len(levels)).grade
    after = count_acceptance(better, thresholds, members_present=len(levels)).grade

    assert rank[after] >= rank[before]


def test_grade_refuses_nobody_present_or_too_many_ballots(thresholds):
    with pytest.raises(NoBallots):
        count_acceptance([], thresholds, members_present=0)
    with pytest.raises(NoBallots):
        count_acceptance([D, D], thresholds, members_present=1)


@pytest.mark.parametrize(
    ("lines", "report", "level"),
    [
        ([line(X, X, X)] * 3, D, X),
        ([line(X, X, X)] * 2 + [line(X, X, D)], X, D),
        ([line(X, X, X)] * 3, K, K),
        ([line(quality=K)], D, K),
        ([line(kind=K)], D, K),
        ([line()] * 3 + [line(quantity=K, achieved=Fraction(3, 4))], D, D),  # 3 of 4 and three quarters made
        ([line()] * 3 + [line(quantity=K, achieved=Fraction(74, 100))], D, K),
        ([line()] * 2 + [line(quantity=K, achieved=Fraction(9, 10))], D, K),  # 2 of 3 is less than three quarters
    ],
)
def test_derived_level_follows_article_13(thresholds, lines, report, level):
    assert derived_level(lines, report, thresholds) is level


@given(
    st.lists(
        st.tuples(
            st.sampled_from([X, D, K]), st.sampled_from([X, D, K]), st.sampled_from([X, D, K]), st.integers(0, 8)
        ),
        min_size=1,
        max_size=6,
    ),
    st.sampled_from([X, D, K]),
    st.randoms(),
)
def test_derived_level_agrees_with_a_literal_reading_in_any_order(thresholds, rows, report, random):
    lines = [ProductRating(str(n), *row[:3], Fraction(row[3], 8)) for n, row in enumerate(rows)]
    random.shuffle(lines)
    passed_quantity = [row for row in rows if row[2] != K]
    failed_quantity = [row for row in rows if row[2] == K]
    if all(level == X for row in rows for level in row[:3]) and report in (X, D):
        expected = X
    elif (
        all(row[0] != K and row[1] != K for row in rows)
        and 4 * len(passed_quantity) >= 3 * len(rows)
        and all(4 * row[3] >= 3 * 8 for row in failed_quantity)
        and report in (X, D)
    ):
        expected = D
    else:
        expected = K

    assert derived_level(lines, report, thresholds) is expected


def test_contradiction_warns_and_agreement_is_silent():
    assert contradiction(X, X) is None
    assert "“Xuất sắc”" in contradiction(X, D)
    assert "“Đạt”" in contradiction(X, D)


def test_dossier_is_late_only_after_six_whole_months(thresholds):
    assert not is_dossier_late(date(2024, 8, 31), date(2025, 2, 28), thresholds)
    assert is_dossier_late(date(2024, 8, 31), date(2025, 3, 1), thresholds)


def test_rules_of_acceptance_are_recomputed(regime_a):
    counted = run(
        "acceptance.count",
        parameters=regime_a("acceptance."),
        inputs={"levels": ["excellent"] * 7 + ["pass", None], "members_present": 9},
    )
    level = run(
        "acceptance.member_level",
        parameters=regime_a("acceptance."),
        inputs={
            "lines": [
                {
                    "product": "1",
                    "quality": "pass",
                    "kind": "pass",
                    "quantity": "fail",
                    "achieved_share": Fraction(1, 2),
                }
            ],
            "report": "pass",
            "stated": "pass",
        },
    )

    assert counted.outcome["grade"] == "excellent"
    assert level.outcome["derived"] == "fail"
    assert level.outcome["warning"].startswith("Phiếu ghi mức chung “Đạt”")
    assert recompute(counted).agrees
    assert recompute(level).agrees
