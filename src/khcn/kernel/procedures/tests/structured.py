"""Random structured processes: sequences, choices by data, parallel blocks and bounded loops, nested by chance."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from khcn.kernel.procedures.choices import StepKind
from khcn.kernel.procedures.engine.definition import Definition, Flow, Step
from khcn.standards.bpmn import Shape, Wire, build

_TAGS = {
    StepKind.START: "startEvent", StepKind.END: "endEvent", StepKind.HUMAN: "userTask",
    StepKind.DECISION: "exclusiveGateway", StepKind.FORK: "parallelGateway", StepKind.JOIN: "parallelGateway",
}  # fmt: skip


@dataclass(frozen=True)
class Block:
    """A part of a process: its kind, first and last step, its parts, and the fact that decides it."""

    kind: str
    first: str
    last: str
    parts: list[Block] = field(default_factory=list)
    fact: str = ""


@dataclass
class Invented:
    """A process under construction. facts: at the start; writes: task → fact that it lowers by one when done."""

    dice: random.Random
    joins_in_loops: bool = False
    steps: list[Step] = field(default_factory=list)
    flows: list[Flow] = field(default_factory=list)
    facts: dict[str, Decimal] = field(default_factory=dict)
    writes: dict[str, str] = field(default_factory=dict)

    def step(self, kind: StepKind) -> str:
        key = f"{kind.value}{len(self.steps)}"
        self.steps.append(Step(key, key, kind, "specialist" if kind is StepKind.HUMAN else ""))
        return key

    def flow(self, source: str, target: str, guard: str = "", default: bool = False) -> None:
        self.flows.append(Flow(f"f{len(self.flows)}", source, target, guard, default))

    def block(self, depth: int, *, in_loop: bool = False) -> Block:
        """Add a block. Without `joins_in_loops`, loops hold no parallel block."""
        shapes = ["task", "task", "sequence", "choice", "loop"]
        if self.joins_in_loops or not in_loop:
            shapes.append("parallel")
        shape = self.dice.choice(shapes) if depth else "task"
        if shape == "task":
            key = self.step(StepKind.HUMAN)
            return Block("task", key, key)
        if shape == "sequence":
            parts = [self.block(depth - 1, in_loop=in_loop) for _ in range(self.dice.randint(2, 3))]
            for before, after in pairwise(parts):
                self.flow(before.last, after.first)
            return Block("sequence", parts[0].first, parts[-1].last, parts)
        if shape == "choice":
            split, merge = self.step(StepKind.DECISION), self.step(StepKind.DECISION)
            parts = [self.block(depth - 1, in_loop=in_loop) for _ in range(self.dice.randint(2, 3))]
            name = self.fact(len(parts))
            for number, part in enumerate(parts):
                self.flow(split, part.first, f"{name} = {number}" if number else "", default=not number)
                self.flow(part.last, merge)
            return Block("choice", split, merge, parts, name)
        if shape == "parallel":
            fork, join = self.step(StepKind.FORK), self.step(StepKind.JOIN)
            parts = [self.block(depth - 1, in_loop=in_loop) for _ in range(self.dice.randint(2, 3))]
            for part in parts:
                self.flow(fork, part.first)
                self.flow(part.last, join)
            return Block("parallel", fork, join, parts)
        merge, split = self.step(StepKind.DECISION), self.step(StepKind.DECISION)
        name = self.fact(3)
        counter = self.step(StepKind.HUMAN)
        self.writes[counter] = name
        body = self.block(depth - 1, in_loop=True)
        after = self.step(StepKind.HUMAN)
        for source, target in ((merge, counter), (counter, body.first), (body.last, split)):
            self.flow(source, target)
        self.flow(split, merge, f"{name} > 0")
        self.flow(split, after, default=True)
        return Block("loop", merge, after, [Block("task", counter, counter), body, Block("task", after, after)], name)

    def fact(self, most: int) -> str:
        """A new fact, by chance from 0 to most."""
        name = f"v{len(self.facts)}"
        self.facts[name] = Decimal(self.dice.randint(0, most))
        return name

    def definition(self) -> Definition:
        return Definition(tuple(self.steps), tuple(self.flows), facts=dict.fromkeys(self.facts, "number"))

    def python_drawing(self) -> bytes:
        """The same process as BPMN whose conditions are Python, as SpiffWorkflow reads them."""
        shapes = [Shape(step.key, _TAGS[step.kind], step.name) for step in self.steps]
        wires = [
            Wire(one.key, one.source, one.target, condition=one.guard.replace(" = ", " == "), is_default=one.default)
            for one in self.flows
        ]
        return build(process="p", name="p", shapes=shapes, wires=wires)


def invent(seed: int, depth: int = 4, *, joins_in_loops: bool = False) -> tuple[Invented, Block]:
    """A process from a seed, and its block."""
    made = Invented(random.Random(seed), joins_in_loops)
    start = made.step(StepKind.START)
    block = made.block(depth)
    end = made.step(StepKind.END)
    made.flow(start, block.first)
    made.flow(block.last, end)
    return made, block


class Walker:
    """Runs blocks by their nesting alone: it has never heard of tokens, gateways or joins."""

    def __init__(self, block: Block, facts: dict[str, Decimal]) -> None:
        self.block, self.facts = block, facts
        self.at = 0
        self.inner: list[Walker] = []
        match block.kind:
            case "choice":
                number = int(facts[block.fact])
                self.inner = [Walker(block.parts[number if number < len(block.parts) else 0], facts)]
            case "parallel":
                self.inner = [Walker(part, facts) for part in block.parts]
            case "sequence" | "loop":
                self.inner = [Walker(block.parts[0], facts)]
        self.done = False

    def ready(self) -> list[str]:
        """The tasks that may be done now."""
        if self.done:
            return []
        if self.block.kind == "task":
            return [self.block.first]
        return sorted(step for one in self.inner for step in one.ready())

    def do(self, step: str) -> None:
        """Do a task that is ready; facts have been changed before."""
        if self.block.kind == "task":
            self.done = True
            return
        one = next(one for one in self.inner if step in one.ready())
        one.do(step)
        if not all(one.done for one in self.inner):
            return
        if self.block.kind == "loop" and self.at == 1 and self.facts[self.block.fact] > 0:
            self.at = -1
        self.at += 1
        if self.block.kind in ("choice", "parallel") or self.at == len(self.block.parts):
            self.done = True
        else:
            self.inner = [Walker(self.block.parts[self.at], self.facts)]
