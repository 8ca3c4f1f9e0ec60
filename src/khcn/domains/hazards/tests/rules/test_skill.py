"""Scores on Finley's tornado forecasts of 1884, the case every textbook prints, and on counts done by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khcn.domains.hazards.rules.skill import Contingency, brier_score, ranked_probability_score


def test_finley_1884_has_the_scores_of_the_textbooks():
    finley = Contingency(hits=28, false_alarms=72, misses=23, correct_negatives=2680)

    assert finley.cases == 2803
    assert finley.probability_of_detection == pytest.approx(0.549, abs=5e-4)
    assert finley.false_alarm_ratio == pytest.approx(0.720, abs=5e-4)
    assert finley.critical_success_index == pytest.approx(0.228, abs=5e-4)
    assert finley.bias == pytest.approx(1.96, abs=5e-3)
    assert finley.proportion_correct == pytest.approx(0.966, abs=5e-4)
    assert finley.heidke_skill == pytest.approx(0.355, abs=5e-4)


def test_scores_without_a_case_are_none():
    quiet = Contingency(0, 0, 0, 12)

    assert quiet.probability_of_detection is None
    assert quiet.false_alarm_ratio is None
    assert quiet.critical_success_index is None
    assert quiet.bias is None
    assert quiet.proportion_correct == 1.0
    assert brier_score([], []) is None
    assert ranked_probability_score([], []) is None


@given(st.lists(st.tuples(st.booleans(), st.booleans())))
def test_counts_add_up(pairs):
    counted = Contingency.count(pairs)

    assert counted.cases == len(pairs)
    assert counted.hits + counted.misses == sum(observed for _warned, observed in pairs)
    assert counted.hits + counted.false_alarms == sum(warned for warned, _observed in pairs)


def test_brier_and_rps_by_hand():
    assert brier_score([0.9, 0.2, 0.5], [True, False, True]) == pytest.approx((0.01 + 0.04 + 0.25) / 3)
    assert ranked_probability_score([[0.2, 0.5, 0.3]], [1]) == pytest.approx(0.04 + 0.09)
    assert ranked_probability_score([[1, 0], [0, 1]], [0, 1]) == 0


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1))
def test_rps_of_two_classes_is_the_brier_score(cases):
    probabilities = [probability for probability, _ in cases]
    observed = [happened for _, happened in cases]

    brier = brier_score(probabilities, observed)
    ranked = ranked_probability_score([[1 - p, p] for p in probabilities], [int(each) for each in observed])

    assert ranked == pytest.approx(brier, abs=1e-12)
