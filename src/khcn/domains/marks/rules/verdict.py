"""May a lot bear a mark? Bounds on the part of its mass that comes from the area, through making and packing. Pure.

Where lots mix and are divided, nobody knows which kilogram went where. The least and the most of a lot that can come
from the area are then the ends of what any division allows that keeps all masses: a linear programme over the chain.
Where every lot goes into one making only and every making is met once, the ends follow from lot to lot without one.
The share beside them is what even mixing gives. Rows that say more came out than went in bring mass of unknown origin,
which counts as from outside.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

import numpy as np

from khcn.domains.marks.choices import Outcome
from khcn.domains.marks.rules.spans import INSIDE, OUTSIDE, UNKNOWN, Span

MOST_REASONS = 6
_CLOSE = 1e-7


@dataclass(frozen=True, slots=True)
class Part:
    """Mass of a lot that a making used or gave; None where nobody weighed it."""

    lot: str
    kg: float | None


@dataclass(frozen=True, slots=True)
class Making:
    """One transformation or packing: what went in and what came out."""

    inputs: tuple[Part, ...]
    outputs: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """How much of a lot that nothing was made into lies inside the area, and the sentence that says why.

    kg: of the whole lot, where only a part of it was used; None where it was used as a whole.
    """

    span: Span
    why: str = ""
    kg: float | None = None


@dataclass(frozen=True, slots=True)
class Chain:
    """All that went into a lot. origins: of lots without a making behind them; those left out are unknown."""

    target: str
    makings: tuple[Making, ...]
    origins: Mapping[str, Origin]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known of a lot: from `low` to `high` of its mass is from the area; `share` by even mixing."""

    outcome: Outcome
    low: float
    high: float
    share: float | None
    reasons: tuple[str, ...] = ()


def judge(chain: Chain, least_share: float, refusals: Sequence[str] = ()) -> Verdict:
    """The verdict against the share that a specification asks for. refusals: why the holder may not use the mark."""
    span, share, leaves = bounds(chain)
    reasons = [*refusals, *_reasons(chain, leaves)]
    if refusals or span.high < least_share - _CLOSE:
        outcome = Outcome.NO
    elif span.low >= least_share - _CLOSE:
        outcome = Outcome.CERTAIN
    else:
        outcome = Outcome.POSSIBLE
    return Verdict(outcome, span.low, span.high, share, tuple(reasons[:MOST_REASONS]))


def bounds(chain: Chain) -> tuple[Span, float | None, list[str]]:
    """The least and the most of the target's mass from the area, the share by even mixing, and the lots at its ends."""
    behind: dict[str, list[Making]] = defaultdict(list)
    for making in chain.makings:
        for part in making.outputs:
            behind[part.lot].append(making)
    reached, leaves, makings = _reached(chain.target, behind)
    spans = {lot: chain.origins.get(lot, Origin(UNKNOWN)).span for lot in leaves}
    if chain.target in spans:
        span = spans[chain.target]
        return span, span.low if span.is_exact else None, leaves
    if all(span.low >= 1 - _CLOSE for span in spans.values()) and not _gains(makings):
        return INSIDE, 1.0, leaves
    if all(span.high <= _CLOSE for span in spans.values()):
        return OUTSIDE, 0.0, leaves
    order = _order(reached, behind)
    if order is None or any(part.kg is None for one in makings for part in (*one.inputs, *one.outputs)):
        return UNKNOWN, None, leaves
    followed = _followed(chain, makings, order, behind, spans)
    span = followed if followed is not None else _solved(chain, makings, spans)
    return span, _mixed(chain.target, order, behind, spans), leaves


def _reached(target: str, behind: Mapping[str, list[Making]]) -> tuple[list[str], list[str], list[Making]]:
    waiting, seen, leaves = [target], {target: None}, []
    makings: dict[int, Making] = {}
    while waiting:
        lot = waiting.pop()
        found = behind.get(lot, [])
        if not found:
            leaves.append(lot)
        for making in found:
            makings[id(making)] = making
            for part in making.inputs:
                if part.lot not in seen:
                    seen[part.lot] = None
                    waiting.append(part.lot)
    return list(seen), leaves, list(makings.values())


def _gains(makings: Sequence[Making]) -> bool:
    """Whether any making gave more than it used, or a lot was used beyond what was made of it."""
    made: dict[str, float] = defaultdict(float)
    used: dict[str, float] = defaultdict(float)
    for one in makings:
        if any(part.kg is None for part in (*one.inputs, *one.outputs)):
            continue
        if _sum(one.outputs) > _sum(one.inputs) * (1 + _CLOSE):
            return True
        for part in one.outputs:
            made[part.lot] += part.kg or 0.0
        for part in one.inputs:
            used[part.lot] += part.kg or 0.0
    return any(used[lot] > kg * (1 + _CLOSE) for lot, kg in made.items())


def _sum(parts: Sequence[Part]) -> float:
    return sum(part.kg or 0.0 for part in parts)


def _order(reached: Sequence[str], behind: Mapping[str, list[Making]]) -> list[str] | None:
    """Lots from their ends to the target; None where they run in a ring."""
    graph = {lot: {part.lot for one in behind.get(lot, ()) for part in one.inputs} for lot in reached}
    try:
        return list(TopologicalSorter(graph).static_order())
    except CycleError:
        return None


def _mixed(
    target: str, order: Sequence[str], behind: Mapping[str, list[Making]], spans: Mapping[str, Span]
) -> float | None:
    """The share by even mixing; None where an end is known between bounds only."""
    if any(not span.is_exact for span in spans.values()):
        return None
    share = {lot: span.low for lot, span in spans.items()}
    for lot in order:
        if lot in share:
            continue
        inside = whole = 0.0
        for making in behind[lot]:
            total = _sum(making.inputs)
            kg = sum(part.kg or 0.0 for part in making.outputs if part.lot == lot)
            mixed = sum(share[part.lot] * (part.kg or 0.0) for part in making.inputs) / total if total else 0.0
            gained = max(1.0, _sum(making.outputs) / total) if total else 1.0
            inside += kg * mixed / gained
            whole += kg
        share[lot] = inside / whole if whole else 0.0
    return share[target]


def _followed(
    chain: Chain, makings: Sequence[Making], order: Sequence[str], behind: Mapping[str, list[Making]],
    spans: Mapping[str, Span],
) -> Span | None:  # fmt: skip
    """The ends from lot to lot, where nothing that was divided meets again; None where something does."""
    used: dict[str, float] = {}
    reached = set(order)
    for making in makings:
        if sum(part.lot in reached for part in making.outputs) != 1:
            return None
        for part in making.inputs:
            if part.lot in used:
                return None
            used[part.lot] = part.kg or 0.0
    taken: dict[str, tuple[float, float]] = {}
    low = high = whole = 0.0
    for lot in order:
        out = used.get(lot, 0.0)
        if lot in spans:
            origin = chain.origins.get(lot)
            whole = max(out, origin.kg) if origin is not None and origin.kg is not None else out
            low, high = spans[lot].low * whole, spans[lot].high * whole
        else:
            low = high = whole = 0.0
            for making in behind[lot]:
                total_in, total_out = _sum(making.inputs), _sum(making.outputs)
                scale = min(1.0, total_out / total_in) if total_in else 0.0
                kg = next(part.kg or 0.0 for part in making.outputs if part.lot == lot)
                low += max(0.0, scale * sum(taken[part.lot][0] for part in making.inputs) - (total_out - kg))
                high += min(kg, scale * sum(taken[part.lot][1] for part in making.inputs))
                whole += kg
        taken[lot] = (max(0.0, low - max(0.0, whole - out)), min(out, high))
    if whole <= 0:  # of the target, which stands last
        return UNKNOWN
    low, high = (min(1.0, max(0.0, one / whole)) for one in (low, high))
    return Span(low, max(low, high))


def _solved(chain: Chain, makings: Sequence[Making], spans: Mapping[str, Span]) -> Span:
    """The ends of the linear programme: kilograms from the area in every part of every making."""
    columns: dict[tuple[int, bool, int], int] = {}
    kilograms: list[float] = []
    for number, making in enumerate(makings):
        for is_output, parts in ((False, making.inputs), (True, making.outputs)):
            for place, part in enumerate(parts):
                columns[number, is_output, place] = len(kilograms)
                kilograms.append(part.kg or 0.0)
    equal: list[tuple[dict[int, float], float]] = []
    most: list[tuple[dict[int, float], float]] = []
    goes: dict[str, list[int]] = defaultdict(list)
    comes: dict[str, list[int]] = defaultdict(list)
    for number, making in enumerate(makings):
        total_in, total_out = _sum(making.inputs), _sum(making.outputs)
        scale = min(1.0, total_out / total_in) if total_in else 0.0
        row: dict[int, float] = {}
        for place, part in enumerate(making.inputs):
            column = columns[number, False, place]
            row[column] = scale
            goes[part.lot].append(column)
        for place, part in enumerate(making.outputs):
            column = columns[number, True, place]
            row[column] = -1.0
            comes[part.lot].append(column)
        equal.append((row, 0.0))
    for lot, used in goes.items():
        out = sum(kilograms[column] for column in used)
        if lot in spans:
            origin = chain.origins.get(lot)
            whole = max(out, origin.kg) if origin is not None and origin.kg is not None else out
            most.append((dict.fromkeys(used, 1.0), spans[lot].high * whole))
            most.append((dict.fromkeys(used, -1.0), (1 - spans[lot].low) * whole - out))
            continue
        kept = max(0.0, sum(kilograms[column] for column in comes[lot]) - out)
        given = dict.fromkeys(used, 1.0) | dict.fromkeys(comes[lot], -1.0)
        most.append((given, 0.0))
        most.append(({column: -one for column, one in given.items()}, kept))
    return _ends(kilograms, comes[chain.target], equal, most)


def _ends(
    kilograms: list[float], wanted: list[int], equal: list[tuple[dict[int, float], float]],
    most: list[tuple[dict[int, float], float]],
) -> Span:  # fmt: skip
    from scipy.optimize import linprog  # takes a quarter of a second to load: not while the server starts

    whole = sum(kilograms[column] for column in wanted)
    if whole <= 0:
        return UNKNOWN
    goal = np.zeros(len(kilograms))
    goal[wanted] = 1.0
    found = []
    for sign in (1.0, -1.0):
        answer = linprog(
            sign * goal, A_ub=_matrix(most, len(kilograms)), b_ub=[limit for _row, limit in most] or None,
            A_eq=_matrix(equal, len(kilograms)), b_eq=[limit for _row, limit in equal] or None,
            bounds=[(0.0, kg) for kg in kilograms], method="highs",
        )  # fmt: skip
        if answer.x is None:
            return UNKNOWN
        found.append(float(goal @ answer.x) / whole)
    low, high = (min(1.0, max(0.0, one)) for one in found)
    return Span(low, max(low, high))


def _matrix(rows: list[tuple[dict[int, float], float]], width: int) -> np.ndarray | None:
    if not rows:
        return None
    matrix = np.zeros((len(rows), width))
    for number, (row, _limit) in enumerate(rows):
        for column, value in row.items():
            matrix[number, column] = value
    return matrix


def _reasons(chain: Chain, leaves: Sequence[str]) -> list[str]:
    """Why mass is not, or not surely, from the area; each sentence once."""
    found: dict[str, None] = {}
    for lot in leaves:
        origin = chain.origins.get(lot)
        if origin is None:
            found["Có nguyên liệu chưa rõ nơi trồng."] = None
        elif origin.span.low < 1 - _CLOSE and origin.why:
            found[origin.why] = None
    return list(found)
