"""What a drawing holds: the whole tree, and its processes, nodes and flows as values for whoever translates them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from lxml import etree

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DD = "http://www.omg.org/spec/DD/20100524/DI"
#: Our own extension, carried inside extensionElements: other tools keep it and ignore it.
EXTENSION = "urn:khcn:procedure:1"

TASKS = frozenset(
    {"task", "userTask", "manualTask", "serviceTask", "scriptTask", "businessRuleTask", "sendTask", "receiveTask"}
)
EVENTS = frozenset(
    {
        "startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent",
        "implicitThrowEvent",
    }
)  # fmt: skip
GATEWAYS = frozenset({"exclusiveGateway", "inclusiveGateway", "parallelGateway", "eventBasedGateway", "complexGateway"})
CHOREOGRAPHIES = frozenset({"choreographyTask", "subChoreography", "callChoreography"})
SUB_PROCESSES = frozenset({"subProcess", "adHocSubProcess", "transaction"})
CONTAINERS = SUB_PROCESSES | {"subChoreography"}
"""Flow nodes that hold flow nodes."""
FLOW_NODES = TASKS | EVENTS | GATEWAYS | CHOREOGRAPHIES | SUB_PROCESSES | {"callActivity"}


@dataclass(frozen=True, slots=True)
class EventDefinition:
    """What an event reacts to or does. kind: local name without "EventDefinition" (timer, message, error …).

    text: of a timer, ISO 8601 as drawn, or the condition of a conditional event. form: timeDate, timeDuration,
    timeCycle or condition. name: of the message, signal, error or link referred to, empty when none is.
    """

    kind: str
    text: str = ""
    form: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """One flow node. scope: id of the sub-process that contains it, empty at the process's own level.

    id: as drawn; made from its place in the file where the drawing gives none. tag: local name (userTask …). lane:
    names from the outermost lane in. attached_to: host of a boundary event. loop: "", standard, parallel or sequential.
    expressions: texts by the name of their element (loopCardinality, completionCondition, activationCondition …).
    attributes: of the element, as drawn; extension: of our own element.
    """

    id: str
    name: str
    tag: str
    process: str
    scope: str = ""
    lane: tuple[str, ...] = ()
    events: tuple[EventDefinition, ...] = ()
    attached_to: str = ""
    loop: str = ""
    message: str = ""
    documentation: str = ""
    expressions: Mapping[str, str] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)
    extension: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SequenceFlow:
    """One sequence flow. condition: text of its expression, empty without one. is_default: of its source."""

    id: str
    name: str
    source: str
    target: str
    process: str
    scope: str = ""
    condition: str = ""
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A message flow, association or data association between two elements of a drawing."""

    id: str
    kind: str
    source: str
    target: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Process:
    """One process or choreography. pool: name of the participant that it is drawn in. contents: our own extension's."""

    id: str
    name: str
    pool: str = ""
    is_executable: bool = False
    contents: str = ""
    is_choreography: bool = False


T = TypeVar("T", Node, SequenceFlow)


def _by_process(parts: Iterable[T]) -> dict[str, tuple[T, ...]]:
    found: dict[str, list[T]] = {}
    for part in parts:
        found.setdefault(part.process, []).append(part)
    return {process: tuple(mine) for process, mine in found.items()}


@dataclass(frozen=True)
class Drawing:
    """A drawing, whole: `tree` is everything that was read; the rest are values read from it.

    dangling: sequence flows with an end that does not exist. data: ids of data objects, stores, inputs and outputs.
    closed_pools: names of pools that are drawn without a process. shown: ids that the diagram interchange draws.
    """

    tree: etree._ElementTree
    processes: tuple[Process, ...]
    nodes: tuple[Node, ...]
    flows: tuple[SequenceFlow, ...]
    links: tuple[Link, ...]
    data: tuple[str, ...]
    artifacts: tuple[str, ...]
    closed_pools: tuple[str, ...]
    shown: frozenset[str]

    @property
    def dangling(self) -> tuple[SequenceFlow, ...]:
        """Sequence flows whose source or target is missing."""
        ids = {node.id for node in self.nodes}
        return tuple(flow for flow in self.flows if flow.source not in ids or flow.target not in ids)

    def nodes_of(self, process: str) -> tuple[Node, ...]:
        """The flow nodes of one process, its sub-processes included, in document order."""
        return self._nodes_by_process.get(process, ())

    def flows_of(self, process: str) -> tuple[SequenceFlow, ...]:
        """The sequence flows of one process, its sub-processes included."""
        return self._flows_by_process.get(process, ())

    @cached_property
    def _nodes_by_process(self) -> dict[str, tuple[Node, ...]]:
        return _by_process(self.nodes)

    @cached_property
    def _flows_by_process(self) -> dict[str, tuple[SequenceFlow, ...]]:
        return _by_process(self.flows)

    def xml(self) -> bytes:
        """The drawing as UTF-8 XML; reading it again gives an equal drawing, writing that gives the same bytes."""
        return etree.tostring(self.tree, xml_declaration=True, encoding="UTF-8")

    def canonical(self) -> bytes:
        """Canonical XML (C14N 2.0, without blank text between elements), equal for drawings that say the same."""
        return etree.tostring(self.tree, method="c14n2", strip_text=True)
