"""How much of a unit lies in an area along mergers and divisions."""

from hypothesis import given
from hypothesis import strategies as st

from khcn.domains.marks.rules.spans import INSIDE, OUTSIDE, UNKNOWN, Passing, Span, Territory


def test_listed_unit_lies_inside_and_unit_without_ties_outside() -> None:
    territory = Territory([1, 2], [])

    assert territory.of(1) == INSIDE
    assert territory.of(9) == OUTSIDE


def test_unit_merged_of_listed_ones_only_lies_inside() -> None:
    territory = Territory([1, 2], [Passing(1, 10), Passing(2, 10)])

    assert territory.of(10) == INSIDE


def test_unit_merged_of_a_listed_and_another_one_is_unknown_until_sizes_are_measured() -> None:
    passings = [Passing(1, 10), Passing(7, 10)]

    assert Territory([1], passings).of(10) == UNKNOWN
    assert Territory([1], passings, {1: 30.0, 7: 10.0}).of(10) == Span(0.75, 0.75)


def test_part_of_a_divided_listed_unit_lies_inside() -> None:
    territory = Territory([1], [Passing(1, 10, None), Passing(1, 11, None)])

    assert territory.of(10) == INSIDE
    assert territory.of(11) == INSIDE


def test_unit_before_the_list_is_followed_forward_by_parts() -> None:
    passings = [Passing(1, 10, 0.25), Passing(1, 11, 0.75)]

    assert Territory([10], passings).of(1) == Span(0.25, 0.25)
    assert Territory([10, 11], passings).of(1) == INSIDE
    assert Territory([10], [Passing(1, 10, None), Passing(1, 11, None)]).of(1) == UNKNOWN


def test_chain_of_two_mergers_is_followed_to_its_beginning() -> None:
    passings = [Passing(1, 10), Passing(2, 10), Passing(10, 20), Passing(3, 20)]

    assert Territory([1, 2, 3], passings).of(20) == INSIDE
    assert Territory([1, 2], passings, {1: 1.0, 2: 1.0, 10: 2.0, 3: 2.0}).of(20) == Span(0.5, 0.5)


def test_sibling_of_a_listed_unit_that_gave_no_land_lies_outside() -> None:
    territory = Territory([1], [Passing(1, 10), Passing(2, 10), Passing(2, 11)])

    assert territory.of(11) == OUTSIDE


@given(
    st.lists(st.tuples(st.integers(1, 5), st.integers(6, 9), st.none() | st.floats(0, 1)), max_size=12),
    st.sets(st.integers(1, 5), max_size=5), st.integers(1, 9),
)  # fmt: skip
def test_span_is_always_within_bounds(ties, listed, unit) -> None:
    span = Territory(listed, [Passing(*tie) for tie in ties]).of(unit)

    assert 0 <= span.low <= span.high <= 1 + 1e-9
