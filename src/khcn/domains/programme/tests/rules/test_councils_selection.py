"""The selection count against worked examples and an independent naive reckoning."""

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from khcn.domains.programme.choices import CriteriaKind
from khcn.domains.programme.rules.councils import (
    Contender,
    DuplicateBallot,
    NoBallots,
    ScoreBallot,
    ScoreOutOfRange,
    SelectionThresholds,
    criteria_maxima,
    rank_contenders,
    rounded,
    score_application,
)
from khcn.domains.programme.rules.councils.selection import CONTENT_CRITERION
from khcn.domains.programme.rules.rule_trace import recompute, run


@pytest.fixture(scope="module")
def thresholds(regime_a):
    return SelectionThresholds.from_parameters(regime_a("selection."))


@pytest.fixture(scope="module")
def maxima(regime_a):
    return criteria_maxima(regime_a("selection.criteria."), CriteriaKind.APPLIED_RESEARCH)


ORDER = ("overview", "content_people_method", "products", "application", "plan_budget", "capacity")
MAXIMA = dict(zip(ORDER, (12, 24, 16, 16, 16, 16), strict=True))


def spread(voter, total):
    """A ballot that sums to `total`, every criterion at the same share of its maximum."""
    return ScoreBallot(str(voter), {name: Fraction(total) * most / 100 for name, most in MAXIMA.items()})


def count(totals, maxima, thresholds, **options):
    arguments = {"members_present": len(totals), "host_is_proposer": False, **options}
    return score_application([spread(n, total) for n, total in enumerate(totals)], maxima, thresholds, **arguments)


def test_reference_maxima_are_those_of_the_circular(maxima):
    assert maxima == MAXIMA


@pytest.mark.parametrize("kind", list(CriteriaKind))
def test_content_criterion_of_each_kind_is_in_its_table(kind, regime_a):
    assert CONTENT_CRITERION[kind] in criteria_maxima(regime_a("selection.criteria."), kind)


def test_score_outlier_is_dropped_once_and_the_mean_taken_again(maxima, thresholds):
    # m = (6·80 + 40)/7 = 520/7 ≈ 74.29, 0.2·m ≈ 14.86: 40 deviates by 34.29 and falls, 80 stays.
    counted = count([80, 80, 80, 80, 80, 80, 40], maxima, thresholds)

    assert counted.mean_all == Fraction(520, 7)
    assert counted.dropped == ("6",)
    assert counted.mean_score == 80


def test_score_deviation_of_exactly_a_fifth_is_kept(maxima, thresholds):
    # m = 75; 0.2·m = 15; 60 and 90 deviate by exactly 15.
    counted = count([60, 90, 75], maxima, thresholds)

    assert counted.dropped == ()
    assert counted.mean_score == 75


def test_score_second_round_of_outliers_is_not_dropped(maxima, thresholds):
    # m = 416/6 ≈ 69.33: only 100 falls. Around the new mean 63.2 the ballot of 76 would be an outlier, but stays.
    counted = count([60, 60, 60, 60, 76, 100], maxima, thresholds)

    assert counted.dropped == ("5",)
    assert counted.mean_score == Fraction(316, 5)


def test_score_all_ballots_dropped_leaves_no_mean_and_no_candidate(maxima, thresholds):
    counted = count([100, 0], maxima, thresholds)

    assert counted.mean_score is None
    assert counted.final_score is None
    assert not counted.is_candidate


def test_score_seventy_exactly_is_a_candidate_and_a_hair_less_is_not(maxima, thresholds):
    assert count([70, 70, 70], maxima, thresholds).is_candidate
    assert not count([70, 70, Fraction(6999, 100)], maxima, thresholds).is_candidate


def test_score_proposer_as_host_gains_a_tenth_only_from_seventy(maxima, thresholds):
    assert count([70, 72], maxima, thresholds, host_is_proposer=True).final_score == Fraction(781, 10)
    below = count([69, 70], maxima, thresholds, host_is_proposer=True)
    assert below.final_score == Fraction(139, 2)
    assert not below.bonus_applied


@pytest.mark.parametrize(("present", "zeros", "excess"), [(8, 2, False), (8, 3, True), (7, 1, False), (7, 2, True)])
def test_score_zero_from_more_than_a_quarter_of_those_present_bars(maxima, thresholds, present, zeros, excess):
    full = {name: Fraction(most) for name, most in MAXIMA.items()}
    ballots = [ScoreBallot(str(n), {**full, **({"overview": 0} if n < zeros else {})}) for n in range(present)]

    counted = score_application(ballots, maxima, thresholds, members_present=present, host_is_proposer=False)

    assert counted.is_candidate is not excess
    assert counted.criteria_with_excess_zeros == (("overview",) if excess else ())


def test_score_refuses_wrong_ballots(maxima, thresholds):
    arguments = {"members_present": 7, "host_is_proposer": False}
    good = spread("a", 80)
    with pytest.raises(NoBallots):
        score_application([], maxima, thresholds, **arguments)
    with pytest.raises(NoBallots):
        score_application([good, spread("b", 80)], maxima, thresholds, members_present=1, host_is_proposer=False)
    with pytest.raises(DuplicateBallot):
        score_application([good, good], maxima, thresholds, **arguments)
    with pytest.raises(ScoreOutOfRange, match="từ 0 đến 12"):
        score_application([ScoreBallot("a", {**good.scores, "overview": 13})], maxima, thresholds, **arguments)
    with pytest.raises(ScoreOutOfRange, match="danh mục tiêu chí"):
        score_application([ScoreBallot("a", {"overview": 5})], maxima, thresholds, **arguments)
    with pytest.raises(ScoreOutOfRange, match="danh mục tiêu chí"):
        score_application([ScoreBallot("a", {**good.scores, "charm": 5})], maxima, thresholds, **arguments)
    with pytest.raises(TypeError):
        score_application([ScoreBallot("a", {**good.scores, "overview": 5.5})], maxima, thresholds, **arguments)


BALLOTS = st.lists(
    st.fixed_dictionaries({name: st.integers(0, most * 2) for name, most in MAXIMA.items()}), min_size=1, max_size=11
)


def naive(halves, present, proposer):
    """Reckon anew in half-points with whole numbers only, sharing no code with the rule."""
    totals = [sum(row.values()) for row in halves]
    n, s = len(totals), sum(totals)
    keep = [i for i, t in enumerate(totals) if 5 * abs(n * t - s) <= s]
    zero = [c for c in MAXIMA if 4 * sum(row[c] == 0 for row in halves) > present]
    if not keep:
        return None, None, False
    mean_halves = Fraction(sum(totals[i] for i in keep), len(keep))
    mean = mean_halves / 2
    final = mean * 11 / 10 if proposer and mean >= 70 else mean
    return mean, final, mean >= 70 and not zero


@settings(max_examples=300)
@given(BALLOTS, st.integers(0, 3), st.booleans(), st.randoms())
def test_score_agrees_with_the_naive_reckoning_in_any_order(maxima, thresholds, halves, unvoted, proposer, random):
    ballots = [ScoreBallot(str(n), {c: Fraction(p, 2) for c, p in row.items()}) for n, row in enumerate(halves)]
    random.shuffle(ballots)
    present = len(ballots) + unvoted

    counted = score_application(ballots, maxima, thresholds, members_present=present, host_is_proposer=proposer)

    assert (counted.mean_score, counted.final_score, counted.is_candidate) == naive(halves, present, proposer)


@given(st.lists(st.integers(60, 90), min_size=3, max_size=9), st.integers(1, 10))
def test_score_more_points_for_everybody_never_lower_the_mean(maxima, thresholds, totals, more):
    before = count(totals, maxima, thresholds)
    after = count([total + more for total in totals], maxima, thresholds)
    assume(before.dropped == after.dropped)

    assert after.mean_score > before.mean_score
    assert after.is_candidate or not before.is_candidate


def contender(name, score=80, candidate=True, state=1000, excellent=False, content=20):
    return Contender(name, None if score is None else Fraction(score), candidate, state, excellent, Fraction(content))


def ranks(*contenders):
    return {place.application: (place.rank, place.decided_by) for place in rank_contenders(contenders)}


def test_rank_higher_score_wins():
    assert ranks(contender("a", 79), contender("b", 80)) == {"b": (1, "score"), "a": (2, "score")}


def test_rank_ties_break_by_money_then_excellence_then_content():
    assert ranks(contender("a", state=2), contender("b", state=1))["b"] == (1, "state_vnd")
    assert ranks(contender("a"), contender("b", excellent=True))["b"] == (1, "excellent")
    assert ranks(contender("a", content=20), contender("b", content=21))["b"] == (1, "content")
    assert ranks(contender("a", state=2, excellent=True), contender("b", state=1))["b"] == (1, "state_vnd")


def test_rank_full_tie_shares_the_place_and_is_left_to_the_council():
    assert ranks(contender("a"), contender("b"), contender("c", 70)) == {
        "a": (1, "undecided"),
        "b": (1, "undecided"),
        "c": (3, "score"),
    }


def test_rank_non_candidates_follow_candidates_even_with_more_points():
    placed = ranks(contender("zeros", 95, candidate=False), contender("good", 71), contender("none", None, False))

    assert [name for name, _ in sorted(placed.items(), key=lambda item: item[1][0])] == ["good", "zeros", "none"]


@given(
    st.lists(
        st.tuples(st.integers(60, 63), st.booleans(), st.integers(1, 2), st.booleans(), st.integers(10, 11)),
        min_size=1,
        max_size=7,
    ),
    st.randoms(),
)
def test_rank_does_not_depend_on_the_order_and_beats_pairwise(rows, random):
    contenders = [contender(f"d{n}", *row) for n, row in enumerate(rows)]
    expected = rank_contenders(contenders)
    random.shuffle(contenders)

    assert rank_contenders(contenders) == expected
    for left, right in pairwise(expected):
        one = next(item for item in contenders if item.application == left.application)
        two = next(item for item in contenders if item.application == right.application)
        better = (one.is_candidate, one.final_score, -one.state_vnd, one.excellent_recently, one.content_mean)
        worse = (two.is_candidate, two.final_score, -two.state_vnd, two.excellent_recently, two.content_mean)
        assert better >= worse
        assert (left.rank == right.rank) == (better == worse)


def test_rule_selection_score_keeps_exact_text_and_is_recomputed(regime_a):
    trace = run(
        "selection.score",
        parameters=regime_a("selection."),
        inputs={
            "kind": CriteriaKind.APPLIED_RESEARCH,
            "ballots": [
                {"voter": str(n), "scores": {name: Decimal(most) - n for name, most in MAXIMA.items()}}
                for n in range(3)
            ],
            "members_present": 3,
            "host_is_proposer": True,
        },
        rule_set="A",
    )

    assert trace.outcome["mean_score"] == "94"
    assert trace.outcome["final_score"] == "517/5"
    assert recompute(trace).agrees


def test_rounded_is_half_up_for_print_only():
    assert rounded(Fraction(697, 10) + Fraction(5, 1000)) == Decimal("69.71")
    assert rounded(Fraction(2, 3)) == Decimal("0.67")
