"""The identification count: whole ballots, strictly above three quarters."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khcn.domains.programme.choices import IdentificationOutcome, PassFail
from khcn.domains.programme.rules.councils import (
    DuplicateBallot,
    IdentificationBallot,
    NoBallots,
    count_identification,
    least_passing,
)
from khcn.domains.programme.rules.rule_trace import recompute, run

SHARE = "3/4"
ITEMS = ("necessity", "scale", "no_duplicate", "application", "wording")


def ballot(voter, *failed):
    return IdentificationBallot(
        str(voter), {item: PassFail.FAIL if item in failed else PassFail.PASS for item in ITEMS}
    )


@pytest.mark.parametrize(("total", "needed"), [(7, 6), (8, 7), (9, 7), (10, 8), (11, 9)])
def test_least_passing_is_strictly_above_three_quarters(total, needed):
    assert least_passing(total, SHARE) == needed


@pytest.mark.parametrize(("total", "needed"), [(7, 6), (8, 7), (9, 7), (11, 9)])
def test_count_needs_the_least_passing_and_not_one_fewer(total, needed):
    enough = [ballot(n) for n in range(needed)] + [ballot(n, "scale") for n in range(needed, total)]
    short = [ballot(n) for n in range(needed - 1)] + [ballot(n, "scale") for n in range(needed - 1, total)]

    assert count_identification(enough, SHARE).outcome is IdentificationOutcome.PERFORM
    assert count_identification(short, SHARE).outcome is IdentificationOutcome.DO_NOT_PERFORM


def test_ballot_one_failed_item_fails_the_ballot():
    assert ballot("a").passes
    assert not ballot("a", "no_duplicate").passes
    assert not IdentificationBallot("a", {}).passes


def test_count_without_ballots_or_with_two_of_one_member_is_refused():
    with pytest.raises(NoBallots):
        count_identification([], SHARE)
    with pytest.raises(DuplicateBallot, match="có hơn một phiếu"):
        count_identification([ballot("a"), ballot("a")], SHARE)


@given(st.lists(st.sets(st.sampled_from(ITEMS)), min_size=1, max_size=15), st.randoms())
def test_count_agrees_with_counting_on_fingers_in_any_order(fails, random):
    ballots = [ballot(n, *failed) for n, failed in enumerate(fails)]
    random.shuffle(ballots)

    count = count_identification(ballots, SHARE)

    clean = sum(1 for failed in fails if not failed)
    assert (count.total, count.passing) == (len(fails), clean)
    assert (count.outcome is IdentificationOutcome.PERFORM) == (4 * clean > 3 * len(fails))
    assert (count.passing >= count.needed) == (count.outcome is IdentificationOutcome.PERFORM)


@given(st.integers(1, 30), st.fractions(0, 1))
def test_least_passing_is_the_smallest_number_above_the_share(total, share):
    needed = least_passing(total, share)

    assert Fraction(needed, total) > share
    assert Fraction(needed - 1, total) <= share


def test_rule_identification_count_is_recomputed_from_its_trace():
    trace = run(
        "identification.count",
        parameters={"identification.pass_share": SHARE},
        inputs={"ballots": [{"voter": str(n), "items": {"necessity": "pass"}} for n in range(9)]},
        rule_set="A",
    )

    assert trace.outcome == {"total": 9, "passing": 9, "needed": 7, "outcome": "perform"}
    assert recompute(trace).agrees
