"""Traces of things through the stored flows, for those who may see them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from khcn.domains.traceability.choices import CLASS_ROLES
from khcn.domains.traceability.errors import NoSuchResource
from khcn.domains.traceability.models import Containment, EventName, Ident, Transformed
from khcn.domains.traceability.rules import trace as rules
from khcn.domains.traceability.rules.trace import MadeRow, PutRow
from khcn.standards.epcis.event_identifiers import decompressed_identifier

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class TracedThing:
    """One thing of a trace: whether it certainly belongs to it, its share where known, whether it is an end."""

    uri: str
    is_certain: bool
    share: float | None
    is_end: bool


@dataclass(frozen=True, slots=True)
class TracedStep:
    """One step between two things: put inside, or made of."""

    start: str
    end: str
    kind: str
    is_certain: bool


@dataclass(frozen=True, slots=True)
class TraceGraph:
    """What was found from a thing in one direction."""

    uri: str
    things: tuple[TracedThing, ...]
    steps: tuple[TracedStep, ...]
    is_cut: bool


def _chunks(numbers: Collection[int]) -> Iterable[list[int]]:
    ordered = sorted(numbers)
    for start in range(0, len(ordered), _CHUNK):
        yield ordered[start : start + _CHUNK]


class StoredFlows:
    """The rows of the database, asked for in batches; events that an error declaration hides have none."""

    def __init__(self) -> None:
        self._classes: dict[int, bool] = {}

    def in_parents(self, parents: Collection[int]) -> Sequence[PutRow]:
        """Every row of these parents."""
        columns = ("parent_id", "child_id", "at", "adds", "event_id", "mass_kg")
        return [
            PutRow(*row)
            for part in _chunks(parents)
            for row in Containment.objects.filter(parent__in=part).values_list(*columns)
        ]

    def parents_of(self, children: Collection[int]) -> Collection[int]:
        """Parents that these children were ever put into."""
        return {
            parent
            for part in _chunks(children)
            for parent in Containment.objects.filter(child__in=part).values_list("parent_id", flat=True)
        }

    def made(self, idents: Collection[int], *, is_output: bool) -> Sequence[MadeRow]:
        """Rows in which these identifiers are outputs, or inputs."""
        return self._rows("ident__in", idents, is_output)

    def sides(self, nodes: Collection[int], *, is_output: bool) -> Sequence[MadeRow]:
        """Outputs, or inputs, of these transformations."""
        return self._rows("node__in", nodes, is_output)

    def _rows(self, column: str, numbers: Collection[int], is_output: bool) -> list[MadeRow]:
        columns = ("node_id", "ident_id", "at", "is_output", "mass_kg")
        return [
            MadeRow(*row)
            for part in _chunks(numbers)
            for row in Transformed.objects.filter(**{column: part}, is_output=is_output).values_list(*columns)
        ]

    def is_class(self, ident: int) -> bool:
        """Whether any event names the identifier with a quantity."""
        if ident not in self._classes:
            named = EventName.objects.filter(ident=ident, role__in=[int(role) for role in CLASS_ROLES])
            self._classes[ident] = named.exists()
        return self._classes[ident]


def _number(uri: str) -> int:
    found = Ident.objects.filter(uri=decompressed_identifier(uri)).values_list("id", flat=True).first()
    if found is None:
        raise NoSuchResource("Chưa có sự kiện nào về mã này.")
    return found


def _graph(trace: rules.Trace) -> TraceGraph:
    numbers = set(trace.certain)
    uris = {
        number: uri
        for part in _chunks(numbers)
        for number, uri in Ident.objects.filter(id__in=part).values_list("id", "uri")
    }
    ends = set(rules.leaves(trace))
    things = tuple(
        TracedThing(uris[number], certain, trace.shares.get(number), number in ends)
        for number, certain in trace.certain.items()
    )
    seen = {(step.start, step.end, step.kind): step for step in trace.steps}
    steps = tuple(TracedStep(uris[step.start], uris[step.end], step.kind, step.certain) for step in seen.values())
    return TraceGraph(uris[trace.start], things, steps, trace.is_cut)


def trace_back(uri: str, at: datetime | None = None) -> TraceGraph:
    """Everything that went into a thing, up to a moment. Raises NoSuchResource."""
    return _graph(rules.trace_back(StoredFlows(), _number(uri), at))


def trace_forward(uri: str) -> TraceGraph:
    """Everything that a thing went into. Raises NoSuchResource."""
    return _graph(rules.trace_forward(StoredFlows(), _number(uri)))
