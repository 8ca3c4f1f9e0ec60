"""Traces of things through the stored flows, for those who may see them."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef

from khcn.domains.traceability.errors import NoSuchResource
from khcn.domains.traceability.models import Client, EventName, Ident
from khcn.domains.traceability.queries.events import visible_events
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


def asked(sql: str, keys: Collection[Any], *more: Any) -> list[tuple[Any, ...]]:
    """Rows of a statement where AMONG takes keys: as one value, so that the statement is always the same.

    The walk asks a few small questions a level; built by the ORM, each would take longer than the database needs.
    """
    is_postgresql = connection.vendor == "postgresql"
    among = "= ANY(%s)" if is_postgresql else "IN (SELECT value FROM json_each(%s))"
    wanted = list(keys)
    with connection.cursor() as cursor:
        cursor.execute(sql.replace("AMONG", among), [wanted if is_postgresql else json.dumps(wanted), *more])
        return cursor.fetchall()


def _timed(rows: list[tuple[Any, ...]], place: int) -> list[tuple[Any, ...]]:
    """Rows whose moment says that it is of UTC, also where the database does not."""
    if connection.vendor == "postgresql":
        return rows
    return [(*row[:place], row[place].replace(tzinfo=UTC), *row[place + 1 :]) for row in rows]


_PUTS = "SELECT parent_id, child_id, at, adds, event_id, mass_kg FROM traceability_containment WHERE parent_id AMONG"
_PARENTS = "SELECT DISTINCT parent_id FROM traceability_containment WHERE child_id AMONG"
_MADE = "SELECT node_id, ident_id, at, is_output, mass_kg FROM traceability_transformed WHERE ident_id AMONG"
_SIDES = "SELECT node_id, ident_id, at, is_output, mass_kg FROM traceability_transformed WHERE node_id AMONG"
_OF_ONE_SIDE = " AND is_output = %s"
_CLASSES = "SELECT 1 FROM traceability_eventname WHERE ident_id AMONG AND role IN (6, 7, 8, 9) LIMIT 1"  # CLASS_ROLES
_URIS = "SELECT id, uri FROM traceability_ident WHERE id AMONG"


class StoredFlows:
    """The rows of the database, asked for in batches; events that an error declaration hides have none."""

    def __init__(self) -> None:
        self._classes: dict[int, bool] = {}

    def in_parents(self, parents: Collection[int]) -> Sequence[PutRow]:
        """Every row of these parents."""
        return [PutRow(*row) for row in _timed(asked(_PUTS, parents), 2)]

    def parents_of(self, children: Collection[int]) -> Collection[int]:
        """Parents that these children were ever put into."""
        return {parent for (parent,) in asked(_PARENTS, children)}

    def made(self, idents: Collection[int], *, is_output: bool) -> Sequence[MadeRow]:
        """Rows in which these identifiers are outputs, or inputs."""
        return [MadeRow(*row) for row in _timed(asked(_MADE + _OF_ONE_SIDE, idents, is_output), 2)]

    def sides(self, nodes: Collection[int], *, is_output: bool) -> Sequence[MadeRow]:
        """Outputs, or inputs, of these transformations."""
        return [MadeRow(*row) for row in _timed(asked(_SIDES + _OF_ONE_SIDE, nodes, is_output), 2)]

    def is_class(self, ident: int) -> bool:
        """Whether any event names the identifier with a quantity."""
        if ident not in self._classes:
            self._classes[ident] = bool(asked(_CLASSES, [ident]))
        return self._classes[ident]


def uris_of(numbers: Collection[int]) -> dict[int, str]:
    """Names by their keys."""
    return dict(asked(_URIS, numbers))  # type: ignore[arg-type]


def number_of(uri: str) -> int:
    """The key of a name in events. Raises NoSuchResource."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM traceability_ident WHERE uri = %s", [decompressed_identifier(uri)])
        found = cursor.fetchone()
    if found is None:
        raise NoSuchResource("Chưa có sự kiện nào về mã này.")
    return int(found[0])


def _graph(trace: rules.Trace) -> TraceGraph:
    uris = uris_of(trace.certain)
    ends = set(rules.leaves(trace))
    things = tuple(
        TracedThing(uris[number], certain, trace.shares.get(number), number in ends)
        for number, certain in trace.certain.items()
    )
    seen = {(step.start, step.end, step.kind): step for step in trace.steps}
    steps = tuple(TracedStep(uris[step.start], uris[step.end], step.kind, step.certain) for step in seen.values())
    return TraceGraph(uris[trace.start], things, steps, trace.is_cut)


def seen_things(client: Client, uris: Collection[str]) -> frozenset[str]:
    """Of these things, those that an event names which the client may see."""
    if client.sees_all:
        return frozenset(uris)
    named = EventName.objects.filter(ident=OuterRef("pk"), event__in=visible_events(client))
    wanted = sorted(uris)
    found: set[str] = set()
    for start in range(0, len(wanted), _CHUNK):
        rows = Ident.objects.filter(Exists(named), uri__in=wanted[start : start + _CHUNK])
        found.update(rows.values_list("uri", flat=True))
    return frozenset(found)


def trace_back(uri: str, at: datetime | None = None) -> TraceGraph:
    """Everything that went into a thing, up to a moment. Raises NoSuchResource."""
    return _graph(rules.trace_back(StoredFlows(), number_of(uri), at))


def trace_forward(uri: str) -> TraceGraph:
    """Everything that a thing went into. Raises NoSuchResource."""
    return _graph(rules.trace_forward(StoredFlows(), number_of(uri)))
