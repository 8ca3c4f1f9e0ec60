"""The walk against a brute-force reading of the same rows, on thousands of random chains with reused containers."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from khcn.domains.traceability.rules.trace import MadeRow, PutRow, intervals, trace_back, trace_forward

T0 = datetime(2026, 1, 1, tzinfo=UTC)


def t(minutes):
    return T0 + timedelta(minutes=minutes)


class Rows:
    """Flows in two lists."""

    def __init__(self, puts, made, classes=()):
        self.puts, self.rows, self.classes = puts, made, set(classes)

    def in_parents(self, parents):
        return [row for row in self.puts if row.parent in parents]

    def parents_of(self, children):
        return {row.parent for row in self.puts if row.child in children}

    def made(self, idents, *, is_output):
        return [row for row in self.rows if row.ident in idents and row.is_output == is_output]

    def sides(self, nodes, *, is_output):
        return [row for row in self.rows if row.node in nodes and row.is_output == is_output]

    def is_class(self, ident):
        return ident in self.classes


def lay_inside(rows, parent, child, moment):
    """Whether a child lay in a parent at a moment, told step by step: no, maybe (leaving right then), yes."""
    state, since_leaving = False, None
    for row in sorted(rows, key=lambda row: (row.at, row.seq)):
        if row.parent != parent or row.child not in (child, None) or row.at > moment:
            continue
        if row.adds and not state:
            state, since_leaving = True, None
        elif not row.adds and state:
            state, since_leaving = False, row.at
    if state:
        return "yes"
    return "maybe" if since_leaving == moment else "no"


def brute_back(flows, ident, moment, certain=True, seen=None):
    """Everything behind a thing at a known moment, one path at a time: {(ident, certain)}."""
    seen = set() if seen is None else seen
    if (ident, moment, certain) in seen:
        return set()
    seen.add((ident, moment, certain))
    found = set()
    nodes = {row.node for row in flows.rows if row.ident == ident and row.is_output and row.at <= moment}
    only = len(nodes) <= 1 or ident not in flows.classes
    for row in flows.rows:
        if row.node in nodes and not row.is_output:
            found |= {(row.ident, certain and only)} | brute_back(flows, row.ident, row.at, certain and only, seen)
    for child in {row.child for row in flows.puts if row.parent == ident and row.child is not None}:
        lay = lay_inside(flows.puts, ident, child, moment)
        if lay != "no":
            sure = certain and lay == "yes"
            found |= {(child, sure)} | brute_back(flows, child, moment, sure, seen)
    return found


def verdicts(pairs):
    return {ident: any(sure for other, sure in pairs if other == ident) for ident, _ in pairs}


def random_chain(hand):
    """Lots of farmers into reused bins, bins into transformations, products into boxes, boxes into pallets."""
    puts, made, classes, now = [], [], set(), 0
    lots, bins, node = list(range(100, 100 + hand.randrange(2, 8))), list(range(10, 13)), 1000
    classes.update(lots)
    products = []
    for seq in range(hand.randrange(4, 14)):
        now += hand.randrange(0, 3)
        deed = hand.choice(["fill", "fill", "empty", "take", "make", "make", "pack", "remake"])
        if deed == "fill":
            puts.append(PutRow(hand.choice(bins), hand.choice(lots), t(now), True, seq))
        elif deed == "empty":
            puts.append(PutRow(hand.choice(bins), None, t(now), False, seq))
        elif deed == "take":
            puts.append(PutRow(hand.choice(bins), hand.choice(lots), t(now), False, seq))
        elif deed in ("make", "remake"):
            node += deed == "make" or not products
            product = hand.choice(products) if products and hand.random() < 0.3 else 200 + len(products)
            classes.add(product)
            products.append(product)
            for source in {hand.choice([*bins, *lots, *products[:-1]]) for _ in range(hand.randrange(1, 3))}:
                made.append(MadeRow(node, source, t(now), False))
            made.append(MadeRow(node, product, t(now + hand.randrange(0, 2)), True))
        elif products:
            puts.append(PutRow(300 + hand.randrange(2), hand.choice(products), t(now), hand.random() < 0.8, seq))
            puts.append(PutRow(400, 300 + hand.randrange(2), t(now), True, seq))
    return Rows(puts, made, classes), now


@pytest.mark.parametrize("block", range(10))
def test_backward_walk_equals_brute_force(block):
    for seed in range(block * 300, block * 300 + 300):
        hand = random.Random(seed)
        flows, now = random_chain(hand)
        for ident in {row.ident for row in flows.rows} | {400, 300, 10}:
            moment = t(hand.randrange(0, now + 3))
            trace = trace_back(flows, ident, moment)

            expected = verdicts(brute_back(flows, ident, moment))
            expected.pop(ident, None)
            found = {other: sure for other, sure in trace.certain.items() if other != ident}
            assert found == expected, (seed, ident)


def test_forward_walk_finds_whatever_finds_it_backward():
    for seed in range(1500):
        hand = random.Random(seed)
        flows, _ = random_chain(hand)
        moments = sorted({row.at for row in [*flows.puts, *flows.rows]})
        if not moments:
            continue
        things = (
            {row.ident for row in flows.rows}
            | {row.parent for row in flows.puts}
            | {row.child for row in flows.puts if row.child}
        )
        behind = {
            thing: {other for moment in moments for other, _ in brute_back(flows, thing, moment)} for thing in things
        }
        for thing in things:
            forward = set(trace_forward(flows, thing).certain) - {thing}
            assert forward == {other for other in things if thing in behind[other]} - {thing}, (seed, thing)


def test_reused_bin_brings_only_what_lay_in_it():
    flows = Rows(
        [PutRow(1, 11, t(0), True, 1), PutRow(1, None, t(5), False, 2), PutRow(1, 12, t(6), True, 3)],
        [
            MadeRow(50, 1, t(4), False),
            MadeRow(50, 21, t(4), True),
            MadeRow(51, 1, t(8), False),
            MadeRow(51, 22, t(8), True),
        ],
    )

    assert set(trace_back(flows, 21).certain) == {21, 1, 11}
    assert set(trace_back(flows, 22).certain) == {22, 1, 12}
    assert set(trace_forward(flows, 11).certain) == {11, 1, 21}


def test_unknown_moment_widens_and_makes_possible():
    flows = Rows([PutRow(1, 11, t(0), True, 1), PutRow(1, None, t(5), False, 2), PutRow(1, 12, t(6), True, 3)], [])

    assert trace_back(flows, 1).certain == {1: True, 11: False, 12: True}
    assert trace_back(flows, 1, t(3)).certain == {1: True, 11: True}


def test_part_taken_out_by_mass_leaves_the_rest_inside():
    rows = [
        PutRow(1, 11, t(0), True, 1, 100.0),
        PutRow(1, 11, t(1), False, 2, 40.0),
        PutRow(1, 11, t(2), False, 3, 60.0),
    ]

    assert [(one.since, one.until, one.mass_kg) for one in intervals(rows)] == [(t(0), t(2), 100.0)]


def test_shares_follow_the_masses():
    flows = Rows(
        [],
        [
            MadeRow(50, 1, t(0), False, 300.0), MadeRow(50, 2, t(0), False, 100.0), MadeRow(50, 10, t(0), True, 380.0),
            MadeRow(51, 10, t(1), False, 380.0), MadeRow(51, 2, t(1), False, 20.0), MadeRow(51, 20, t(1), True, 400.0),
        ],
    )  # fmt: skip

    shares = trace_back(flows, 20).shares

    assert shares[1] == pytest.approx(0.95 * 0.75)
    assert shares[2] == pytest.approx(0.95 * 0.25 + 0.05)
