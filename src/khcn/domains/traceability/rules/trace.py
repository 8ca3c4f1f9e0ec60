"""The walk through what went into what and what was made of what, with time. Pure.

Backward finds everything that went into a thing; forward finds everything that it went into. Time is in the walk: a
container that is used again brings only what lay in it when it was used. Intervals are closed at both ends; at the
very moment of being taken out a thing counts as inside, but only possibly. An unknown moment widens the answer and
makes it possible. A class (a lot) that several transformations produced comes from each of them possibly.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeVar

_MASS_LEFT = 1e-9


@dataclass(frozen=True, slots=True)
class PutRow:
    """A row of Containment: `seq` orders rows of the same moment."""

    parent: int
    child: int | None
    at: datetime
    adds: bool
    seq: int
    mass_kg: float | None = None


@dataclass(frozen=True, slots=True)
class MadeRow:
    """A row of Transformed."""

    node: int
    ident: int
    at: datetime
    is_output: bool
    mass_kg: float | None = None


@dataclass(frozen=True, slots=True)
class Inside:
    """A child lay in a parent from `since` to `until`, which is None while it still does."""

    parent: int
    child: int
    since: datetime
    until: datetime | None
    mass_kg: float | None = None


class Flows(Protocol):
    """Where rows come from; each call asks for many identifiers at once."""

    def in_parents(self, parents: Collection[int]) -> Sequence[PutRow]:
        """Every row of these parents."""

    def parents_of(self, children: Collection[int]) -> Collection[int]:
        """Parents that these children were ever put into."""

    def made(self, idents: Collection[int], *, is_output: bool) -> Sequence[MadeRow]:
        """Rows in which these identifiers are outputs, or inputs."""

    def sides(self, nodes: Collection[int], *, is_output: bool) -> Sequence[MadeRow]:
        """Outputs, or inputs, of these transformations."""

    def is_class(self, ident: int) -> bool:
        """Whether the identifier names a lot or class rather than one thing."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a walk: from what was asked about towards what was found."""

    start: int
    end: int
    kind: str
    node: int | None
    certain: bool
    mass_kg: float | None = None


@dataclass(slots=True)
class Trace:
    """What a walk found: for each identifier whether certainly, and the share of the mass where masses allow one."""

    start: int
    certain: dict[int, bool] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    shares: dict[int, float] = field(default_factory=dict)
    is_cut: bool = False


@dataclass(slots=True)
class _Held:
    since: datetime
    mass_kg: float | None = None
    left_kg: float = 0.0


def intervals(rows: Iterable[PutRow]) -> list[Inside]:
    """When each child lay in each parent.

    Adding what is inside changes its mass only; taking out a part by mass leaves the rest inside.
    """
    found: list[Inside] = []
    inside: dict[tuple[int, int], _Held] = {}
    for row in sorted(rows, key=lambda row: (row.at, row.seq)):
        if row.child is None:
            for key in [key for key in inside if key[0] == row.parent]:
                held = inside.pop(key)
                found.append(Inside(*key, held.since, row.at, held.mass_kg))
            continue
        key = (row.parent, row.child)
        if row.adds:
            held = inside.setdefault(key, _Held(row.at))
            if row.mass_kg is not None:
                held.mass_kg = (held.mass_kg or 0.0) + row.mass_kg
                held.left_kg += row.mass_kg
        elif key in inside:
            held = inside[key]
            held.left_kg -= row.mass_kg or 0.0
            if row.mass_kg is None or held.mass_kg is None or held.left_kg <= _MASS_LEFT:
                del inside[key]
                found.append(Inside(*key, held.since, row.at, held.mass_kg))
    found += [Inside(*key, held.since, None, held.mass_kg) for key, held in inside.items()]
    return found


_When = datetime | None
_Times = TypeVar("_Times")


def _earlier(first: _When, second: _When) -> bool:
    """Whether a limit is before another; None is no limit."""
    return first is not None and (second is None or first < second)


class _Walk:
    """Keeps what was found and which states were looked at: a thing, its times, whether the path is certain."""

    def __init__(self, start: int, most: int) -> None:
        self.trace = Trace(start, {start: True})
        self.most = most
        self._seen: set[tuple[object, ...]] = set()

    def reach(self, step: Step, times: _Times, waiting: list[tuple[int, _Times, bool]], *, path: bool) -> None:
        """Notes a step and queues its end, unless that was looked at; `path`: whether the start is certain."""
        certain = step.certain and path
        if step.end != self.trace.start:
            self.trace.certain[step.end] = self.trace.certain.get(step.end, False) or certain
        self.trace.steps.append(step)
        if (step.end, times, certain) in self._seen or (step.end, times, True) in self._seen:
            return
        if len(self._seen) >= self.most:
            self.trace.is_cut = True
            return
        self._seen.add((step.end, times, certain))
        waiting.append((step.end, times, certain))


def trace_back(flows: Flows, start: int, at: _When = None, most: int = 100_000, *, with_shares: bool = True) -> Trace:
    """Everything that went into a thing, up to a moment; `most` bounds the walk, and the trace says when it was cut.

    with_shares: whether the share of each source is worked out too.
    """
    walk = _Walk(start, most)
    waiting: list[tuple[int, _When, bool]] = [(start, at, True)]
    while waiting:
        states, waiting = waiting, []
        idents = {ident for ident, _, _ in states}
        produced: dict[int, list[MadeRow]] = defaultdict(list)
        for row in flows.made(idents, is_output=True):
            produced[row.ident].append(row)
        nodes = {row.node for rows in produced.values() for row in rows}
        inputs: dict[int, list[MadeRow]] = defaultdict(list)
        for row in flows.sides(nodes, is_output=False) if nodes else ():
            inputs[row.node].append(row)
        contents: dict[int, list[Inside]] = defaultdict(list)
        for one in intervals(flows.in_parents(idents)):
            contents[one.parent].append(one)
        for ident, until, path in states:
            rows = [row for row in produced[ident] if not _earlier(until, row.at)]
            sources = {row.node for row in rows}
            only = len(sources) <= 1 or not flows.is_class(ident)
            for node in sources:
                for row in inputs[node]:
                    walk.reach(Step(ident, row.ident, "made", node, only, row.mass_kg), row.at, waiting, path=path)
            for one in contents[ident]:
                if _earlier(until, one.since) or (until is not None and _earlier(one.until, until)):
                    continue
                certain = one.until is None if until is None else one.until is None or until < one.until
                limit = one.until if until is None else until
                walk.reach(Step(ident, one.child, "inside", None, certain, one.mass_kg), limit, waiting, path=path)
    if with_shares:
        walk.trace.shares = shares_of(walk.trace)
    return walk.trace


def trace_forward(flows: Flows, start: int, most: int = 100_000) -> Trace:
    """Everything that a thing went into: containers while it lay in them, and what was made of it or of them."""
    walk = _Walk(start, most)
    waiting: list[tuple[int, tuple[_When, _When], bool]] = [(start, (None, None), True)]
    while waiting:
        states, waiting = waiting, []
        idents = {ident for ident, _, _ in states}
        used: dict[int, list[MadeRow]] = defaultdict(list)
        for row in flows.made(idents, is_output=False):
            used[row.ident].append(row)
        nodes = {row.node for rows in used.values() for row in rows}
        outputs: dict[int, list[MadeRow]] = defaultdict(list)
        for row in flows.sides(nodes, is_output=True) if nodes else ():
            outputs[row.node].append(row)
        makers: dict[int, set[int]] = defaultdict(set)
        made = {row.ident for rows in outputs.values() for row in rows}
        for row in flows.made(made, is_output=True) if made else ():
            makers[row.ident].add(row.node)
        holders: dict[int, list[Inside]] = defaultdict(list)
        parents = flows.parents_of(idents)
        for one in intervals(flows.in_parents(parents)) if parents else ():
            if one.child in idents:
                holders[one.child].append(one)
        for ident, (since, until), path in states:
            for row in used[ident]:
                if (since is not None and row.at < since) or _earlier(until, row.at):
                    continue
                for output in outputs[row.node]:
                    only = len(makers[output.ident]) <= 1 or not flows.is_class(output.ident)
                    certain = only and (until is None or row.at < until)
                    step = Step(ident, output.ident, "made", row.node, certain, output.mass_kg)
                    walk.reach(step, (output.at, None), waiting, path=path)
            for one in holders[ident]:
                first = one.since if since is None or since < one.since else since
                last = until if _earlier(until, one.until) else one.until
                if _earlier(last, first):
                    continue
                step = Step(ident, one.parent, "inside", None, one.until is None, one.mass_kg)
                walk.reach(step, (first, last), waiting, path=path)
    return walk.trace


def shares_of(trace: Trace) -> dict[int, float]:
    """The share of each source by mass; empty where a mass is missing or the steps run in a ring."""
    below: dict[int, dict[tuple[int, int | None], Step]] = defaultdict(dict)
    for step in trace.steps:
        below[step.start][(step.end, step.node)] = step
    degree: dict[int, int] = defaultdict(int)
    for found in below.values():
        for step in found.values():
            degree[step.end] += 1
    shares: dict[int, float] = defaultdict(float, {trace.start: 1.0})
    waiting = [trace.start]
    done = 0
    while waiting:
        ident = waiting.pop()
        done += 1
        steps = list(below[ident].values())
        total = sum(step.mass_kg or 0.0 for step in steps)
        if steps and (total <= 0 or any(step.mass_kg is None for step in steps)) and len(steps) > 1:
            return {}
        for step in steps:
            part = 1.0 if len(steps) == 1 else (step.mass_kg or 0.0) / total
            shares[step.end] += shares[ident] * part
            degree[step.end] -= 1
            if degree[step.end] == 0:
                waiting.append(step.end)
    return dict(shares) if done == len({trace.start, *trace.certain}) else {}


def leaves(trace: Trace) -> list[int]:
    """The ends of a walk: what nothing was found behind."""
    starts: Mapping[int, bool] = {step.start: True for step in trace.steps}
    return [ident for ident in trace.certain if ident not in starts]
