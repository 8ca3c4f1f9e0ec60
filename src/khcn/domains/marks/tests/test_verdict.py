"""The verdict on a lot: small chains by hand, and every division of random chains counted out as the oracle."""

from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from khcn.domains.marks.choices import Outcome
from khcn.domains.marks.rules import verdict as verdict_rules
from khcn.domains.marks.rules.spans import INSIDE, OUTSIDE, Span
from khcn.domains.marks.rules.verdict import Chain, Making, Origin, Part, bounds, judge

IN, OUT = Origin(INSIDE), Origin(OUTSIDE, "Thửa ngoài khu vực.")


def made(inputs, outputs):
    return Making(tuple(Part(*one) for one in inputs), tuple(Part(*one) for one in outputs))


def test_lot_of_plots_inside_is_certain() -> None:
    chain = Chain("t", (made([("a", 60), ("b", 40)], [("t", 28)]),), {"a": IN, "b": IN})

    verdict = judge(chain, 1.0)

    assert (verdict.outcome, verdict.low, verdict.high, verdict.share) == (Outcome.CERTAIN, 1, 1, 1)
    assert verdict.reasons == ()


def test_plot_partly_outside_lowers_the_share_and_says_why() -> None:
    half = Origin(Span(0.6, 0.6), "Thửa 7 chỉ có 60% trong khu vực.")
    chain = Chain("t", (made([("a", 50), ("b", 50)], [("t", 30)]),), {"a": IN, "b": half})

    verdict = judge(chain, 0.9)

    assert verdict.outcome is Outcome.NO
    assert verdict.share == pytest.approx(0.8)
    assert (verdict.low, verdict.high) == (pytest.approx(0.8), pytest.approx(0.8))
    assert verdict.reasons == ("Thửa 7 chỉ có 60% trong khu vực.",)
    assert judge(chain, 0.8).outcome is Outcome.CERTAIN


def test_batch_divided_in_two_is_possible_for_each_half() -> None:
    making = made([("a", 50), ("b", 50)], [("t", 50), ("u", 50)])
    chain = Chain("t", (making,), {"a": IN, "b": OUT})

    verdict = judge(chain, 1.0)

    assert (verdict.outcome, verdict.low, verdict.high) == (Outcome.POSSIBLE, 0, 1)
    assert verdict.share == pytest.approx(0.5)


def test_halves_put_together_again_are_exact_again() -> None:
    chain = Chain(
        "t", (made([("a", 50), ("b", 50)], [("x", 50), ("y", 50)]), made([("x", 50), ("y", 50)], [("t", 100)])),
        {"a": IN, "b": OUT},
    )  # fmt: skip

    span, share, _leaves = bounds(chain)

    assert (span.low, span.high) == (pytest.approx(0.5), pytest.approx(0.5))
    assert share == pytest.approx(0.5)


def test_mass_that_came_from_nowhere_counts_as_from_outside() -> None:
    chain = Chain("t", (made([("a", 100)], [("t", 150)]),), {"a": IN})

    verdict = judge(chain, 1.0)

    assert verdict.outcome is Outcome.NO
    assert verdict.high == pytest.approx(100 / 150)


def test_without_masses_a_mixed_lot_is_possible_only() -> None:
    chain = Chain("t", (made([("a", None), ("b", 50)], [("t", 50)]),), {"a": IN, "b": OUT})

    verdict = judge(chain, 0.5)

    assert (verdict.outcome, verdict.share) == (Outcome.POSSIBLE, None)


def test_lot_of_unknown_origin_is_possible_and_a_refusal_is_no() -> None:
    chain = Chain("t", (), {})

    assert judge(chain, 1.0).outcome is Outcome.POSSIBLE
    assert judge(Chain("t", (), {"t": IN}), 1.0, ("Quyền sử dụng đã bị thu hồi.",)).outcome is Outcome.NO


def test_ring_is_unknown_and_does_not_hang() -> None:
    chain = Chain("t", (made([("x", 5)], [("t", 5)]), made([("t", 5), ("a", 1)], [("x", 6)])), {"a": IN, "b": OUT})

    assert judge(chain, 1.0).outcome in (Outcome.POSSIBLE, Outcome.NO, Outcome.CERTAIN)


@st.composite
def chains(draw):
    """Leaves of one to three kilograms inside or outside; makings that keep mass, use parts of lots and divide."""
    stock = {f"l{n}": draw(st.integers(1, 3)) for n in range(draw(st.integers(2, 3)))}
    inside = {lot: draw(st.integers(0, kg)) for lot, kg in stock.items()}
    leaves, makings = dict(stock), []
    for number in range(draw(st.integers(1, 3))):
        chosen = draw(st.lists(st.sampled_from(sorted(stock)), min_size=1, max_size=2, unique=True))
        inputs = [(lot, draw(st.integers(1, stock[lot]))) for lot in chosen if stock[lot]]
        if not inputs:
            continue
        for lot, kg in inputs:
            stock[lot] -= kg
        total = sum(kg for _lot, kg in inputs)
        first = draw(st.integers(1, total))
        outputs = [(f"m{number}a", first)] + ([(f"m{number}b", total - first)] if total > first else [])
        stock.update(outputs)
        makings.append((inputs, outputs))
    target = draw(st.sampled_from(sorted(stock)))
    return leaves, inside, makings, target


def counted_out(leaves, inside, makings, target) -> tuple[int, int]:
    """The least and the most kilograms from the area in the target over every way to divide whole kilograms."""
    found = set()

    def ways(lots, given) -> Iterator[tuple[int, ...]]:
        """Kilograms from the area taken from each lot, such that what stays can be."""
        ranges = []
        for lot, kg in lots:
            whole, within = given[lot]
            ranges.append(range(max(0, kg - (whole - within)), min(kg, within) + 1))
        yield from product(*ranges)

    def walk(state, left):
        if not left:
            found.add(made_of[target][1])
            return
        inputs, outputs = left[0]
        for taken in ways(inputs, state):
            after = dict(state)
            for (lot, kg), part in zip(inputs, taken, strict=True):
                whole, within = after[lot]
                after[lot] = (whole - kg, within - part)
            total = sum(taken)
            first = outputs[0][1]
            rest = outputs[1][1] if len(outputs) > 1 else 0
            for part in range(max(0, total - rest), min(first, total) + 1):
                new = dict(after)
                amounts = [part, total - part][: len(outputs)]
                for (lot, kg), amount in zip(outputs, amounts, strict=True):
                    new[lot] = (kg, amount)
                    made_of[lot] = (kg, amount)
                walk(new, left[1:])

    made_of = {lot: (kg, inside[lot]) for lot, kg in leaves.items()}
    walk({lot: (kg, inside[lot]) for lot, kg in leaves.items()}, makings)
    return min(found), max(found)


@settings(max_examples=300, deadline=None)
@given(chains())
def test_bounds_are_those_of_every_division_counted_out(world) -> None:
    leaves, inside, makings, target = world
    origins = {lot: Origin(Span(inside[lot] / kg, inside[lot] / kg), kg=kg) for lot, kg in leaves.items()}
    chain = Chain(target, tuple(made(*one) for one in makings), origins)

    span, share, _ends = bounds(chain)

    whole = leaves.get(target) or next(kg for _in, out in makings for lot, kg in out if lot == target)
    low, high = counted_out(leaves, inside, makings, target)
    assert span.low * whole == pytest.approx(low, abs=1e-6)
    assert span.high * whole == pytest.approx(high, abs=1e-6)
    assert share is not None
    assert span.low - 1e-6 <= share <= span.high + 1e-6


@st.composite
def trees(draw):
    """Chains in which nothing that was divided meets again: lots of some making, or ends, down from the target."""
    makings, origins, names = [], {}, iter(f"n{number}" for number in range(10_000))

    def grow(lot, depth):
        if depth == 0 or not draw(st.booleans()):
            low = draw(st.floats(0, 1))
            origins[lot] = Origin(Span(low, draw(st.floats(low, 1))), kg=draw(st.none() | st.integers(1, 30)))
            return
        for _making in range(draw(st.integers(1, 2))):
            inputs = [(next(names), draw(st.integers(1, 20))) for _part in range(draw(st.integers(1, 2)))]
            outputs = [(lot, draw(st.integers(1, 30)))]
            if draw(st.booleans()):
                outputs.append((next(names), draw(st.integers(1, 20))))
            makings.append(made(inputs, outputs))
            for child, _kg in inputs:
                grow(child, depth - 1)

    grow("t", 3)
    return Chain("t", tuple(makings), origins)


@settings(max_examples=150, deadline=None)
@given(trees())
def test_ends_followed_from_lot_to_lot_are_those_of_the_linear_programme(chain) -> None:
    followed, _share, _ends = bounds(chain)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(verdict_rules, "_followed", lambda *_arguments: None)
        solved, _share, _ends = bounds(chain)

    assert followed.low == pytest.approx(solved.low, abs=1e-6)
    assert followed.high == pytest.approx(solved.high, abs=1e-6)
