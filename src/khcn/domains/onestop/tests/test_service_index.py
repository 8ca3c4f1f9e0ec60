"""Points of the service index: full from the threshold, pro rata below, nothing of nothing, never over the top."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khcn.domains.onestop.rules.service_index import (
    Count,
    Group,
    Weight,
    satisfaction_share,
    service_index,
    survey_mean,
)

DIGITISED = Weight(Group.DIGITISATION, "digitised", Fraction(22), Fraction(8, 10))
ONLINE = Weight(Group.ONLINE, "online", Fraction(12), Fraction(1, 2))


@pytest.mark.parametrize(
    ("met", "of", "points"),
    [
        (0, 10, Fraction(0)),
        (4, 10, Fraction(11)),
        (8, 10, Fraction(22)),
        (10, 10, Fraction(22)),
        (79, 100, Fraction(22) * Fraction(79, 80)),
    ],
)
def test_item_points_are_pro_rata_up_to_the_threshold(met: int, of: int, points: Fraction) -> None:
    assert service_index([DIGITISED], {"digitised": Count(met, of)}).points == points


def test_index_items_without_anything_are_left_out_of_both_sides() -> None:
    index = service_index([DIGITISED, ONLINE], {"digitised": Count(0, 0), "online": Count(1, 4)})

    assert index.items[0].points is None
    assert (index.points, index.reachable, index.value) == (Fraction(6), Fraction(12), Fraction(50))
    assert index.group_points(Group.DIGITISATION) == (0, 0)


def test_index_of_nothing_has_no_value() -> None:
    assert service_index([ONLINE], {"online": Count(0, 0)}).value is None


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=2, max_size=2))
def test_index_value_stays_between_nought_and_a_hundred(counts: list[tuple[int, int]]) -> None:
    given_counts = {key: Count(min(pair), max(pair)) for key, pair in zip(("digitised", "online"), counts, strict=True)}

    value = service_index([DIGITISED, ONLINE], given_counts).value

    assert value is None or 0 <= value <= 100


def test_satisfaction_share_never_falls_below_nothing() -> None:
    assert satisfaction_share(dossiers=10, overdue=2, complained_or_disliked=1) == Count(7, 10)
    assert satisfaction_share(dossiers=2, overdue=2, complained_or_disliked=2) == Count(0, 2)


def test_survey_mean_of_the_five_levels() -> None:
    assert survey_mean([5, 4, 3, 2, 1]) == 50
    assert survey_mean([]) is None
