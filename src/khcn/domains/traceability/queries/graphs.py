"""A trace in both directions as a picture, a table and files: nodes in layers, steps between them."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from khcn.domains.traceability.models import CapturedEvent, EventName, Ident, Lot
from khcn.domains.traceability.queries.lots import back_of, forward_of, lots_named
from khcn.domains.traceability.queries.trace import TraceGraph
from khcn.standards.epcis.json_reading import read_json

MOST_DRAWN = 400


@dataclass(frozen=True, slots=True)
class Node:
    """One thing of the trace: its name, who made it, how sure it belongs, its share where masses tell, its layer."""

    uri: str
    name: str
    party: str
    kg: str
    is_certain: bool
    share: float | None
    layer: int
    address: str
    direction: str


@dataclass(frozen=True, slots=True)
class Picture:
    """The nodes and steps of a trace both ways from a lot."""

    nodes: tuple[Node, ...]
    steps: tuple[tuple[str, str, str, bool], ...]
    is_cut: bool

    @property
    def data(self) -> dict[str, Any]:
        """What the script draws; steps run from earlier to later things."""
        drawn = self.nodes[:MOST_DRAWN]
        shown = {node.uri for node in drawn}
        places: dict[int, int] = defaultdict(int)
        found = []
        for node in drawn:
            row = places[node.layer]
            places[node.layer] += 1
            found.append(
                {"id": node.uri, "name": node.name, "party": node.party, "kg": node.kg, "layer": node.layer, "row": row,
                 "certain": node.is_certain, "start": node.direction == "start", "address": node.address}
            )  # fmt: skip
        links = [
            {"source": start, "target": end, "kind": kind, "certain": sure}
            for start, end, kind, sure in self.steps
            if start in shown and end in shown
        ]
        return {"nodes": found, "links": links}


def picture_of(lot: Lot, seen: set[int] | None) -> Picture:
    """The trace of a lot both ways. seen: lots whose names the reader may know; None for all."""
    back, forward = back_of(lot), forward_of(lot)
    layers: dict[str, int] = {lot.uri: 0}
    steps: list[tuple[str, str, str, bool]] = []
    facts: dict[str, tuple[bool, float | None, str]] = {lot.uri: (True, 1.0, "start")}
    for graph, sign in ((back, -1), (forward, 1)):
        if graph is None:
            continue
        _lay(graph, sign, layers)
        for thing in graph.things:
            facts.setdefault(thing.uri, (thing.is_certain, thing.share, "back" if sign < 0 else "forward"))
        for step in graph.steps:
            pair = (step.end, step.start) if sign < 0 else (step.start, step.end)
            steps.append((*pair, step.kind, step.is_certain))
    known = lots_named(facts)
    nodes = [_node(uri, facts[uri], layers.get(uri, 0), known, seen) for uri in facts]
    nodes.sort(key=lambda node: (abs(node.layer), node.layer, node.name))
    is_cut = bool((back and back.is_cut) or (forward and forward.is_cut))
    return Picture(tuple(nodes), tuple(dict.fromkeys(steps)), is_cut)


def _lay(graph: TraceGraph, sign: int, layers: dict[str, int]) -> None:
    onward: dict[str, list[str]] = defaultdict(list)
    for step in graph.steps:
        onward[step.start].append(step.end)
    waiting, depth, seen = [graph.uri], 0, {graph.uri}
    while waiting:
        depth += 1
        waiting = [end for one in waiting for end in onward[one] if not (end in seen or seen.add(end))]  # type: ignore[func-returns-value]
        for uri in waiting:
            layers.setdefault(uri, sign * depth)


def _node(
    uri: str, fact: tuple[bool, float | None, str], layer: int, known: Mapping[str, Lot], seen: set[int] | None
) -> Node:
    certain, share, direction = fact
    lot = known.get(uri)
    if lot is None:
        return Node(uri, uri.rsplit("/", 1)[-1], "", "", certain, share, layer, "", direction)
    if seen is not None and lot.pk not in seen:
        return Node(uri, lot.code, gettext("Cơ sở khác"), "", certain, share, layer, "", direction)
    address = reverse("trace_lot", args=[lot.uid])
    kg = f"{lot.quantity_kg.normalize():f}"
    name = f"{lot.product.name} – {lot.code}"
    return Node(uri, name, lot.product.party.name, kg, certain, share, layer, address, direction)


def events_of(uris: list[str]) -> list[dict[str, Any]]:
    """The events that name these things and are not taken back, the earliest first, at most a thousand."""
    numbers = list(Ident.objects.filter(uri__in=uris[:500]).values_list("id", flat=True))
    named = EventName.objects.filter(ident__in=numbers).values("event")
    rows = CapturedEvent.objects.filter(seq__in=named).order_by("event_time", "seq")
    wrong = set(rows.filter(declares_error=True).values_list("event_id", flat=True))
    return [read_json(bytes(event.body))[0] for event in rows[:1000] if event.event_id not in wrong]
