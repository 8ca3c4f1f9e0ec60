"""Events and the resources that they are found by."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse

from khcn.domains.traceability.api.negotiation import form_of_answer
from khcn.domains.traceability.api.paging import PAGE_PARAMETERS, continue_with, page_of
from khcn.domains.traceability.api.rendering import collection, event_answer, events_answer
from khcn.domains.traceability.api.resource import Answer, json_answer
from khcn.domains.traceability.errors import NoSuchResource
from khcn.domains.traceability.models import Client
from khcn.domains.traceability.permissions import may_query
from khcn.domains.traceability.queries.events import (
    event_by_id,
    find_events,
    occurring,
    occurs,
    question,
    top_condition,
)
from khcn.domains.traceability.queries.trace import seen_things, trace_back, trace_forward

TOPS = ("eventTypes", "epcs", "bizSteps", "bizLocations", "readPoints", "dispositions")
_SPLIT = frozenset({"eventType", "EQ_action", "EQ_bizStep", "EQ_disposition"})


def parameters_of(request: HttpRequest) -> dict[str, Any]:
    """Query parameters: what is given several times is a list; words may be separated by commas."""
    found: dict[str, Any] = {}
    for name, values in request.GET.lists():
        if name in PAGE_PARAMETERS:
            continue
        items = [item for value in values for item in value.split(",")] if name in _SPLIT else values
        found[name] = items[0] if len(items) == 1 else list(items)
    return found


def page_of_events(
    request: HttpRequest, client: Client, parameters: dict[str, Any], narrowed: Q | None = None, name: str = ""
) -> HttpResponse:
    """One page of the answer to a question."""
    may_query(client)
    page = page_of(request, client)
    after = (page.after[0], page.after[1]) if page.after is not None else None
    query = question(parameters)
    found = find_events(client=client, query=query, per_page=page.size, after=after, narrowed=narrowed)
    response = events_answer(request, found.events, name or "SimpleEventQuery")
    return continue_with(response, request, client, found.next_after)


def event_list(request: HttpRequest, client: Client) -> HttpResponse:
    """Events by the query language."""
    return page_of_events(request, client, parameters_of(request))


def event(request: HttpRequest, client: Client, event_id: str) -> HttpResponse:
    """One event."""
    may_query(client)
    return event_answer(request, event_by_id(client=client, event_id=event_id))


def root(request: HttpRequest, client: Client) -> HttpResponse:
    """The top-level resources."""
    return collection(request, ["events", *TOPS, "capture", "queries"])


def top(what: str) -> Answer:
    """The list of what occurs in the events that the client may see."""

    def answer(request: HttpRequest, client: Client) -> HttpResponse:
        may_query(client)
        page = page_of(request, client)
        found = occurring(client=client, what=what, per_page=page.size + 1, after=page.after or "")
        more = found[page.size - 1] if len(found) > page.size else None
        return continue_with(collection(request, found[: page.size]), request, client, more)

    return answer


def _check(client: Client, what: str, value: str) -> None:
    may_query(client)
    if not occurs(client=client, what=what, value=value):
        raise NoSuchResource("Không có tài nguyên này.")


def top_one(what: str) -> Answer:
    """What one of them has below it: events."""

    def answer(request: HttpRequest, client: Client, value: str) -> HttpResponse:
        _check(client, what, value)
        return collection(request, ["events"])

    return answer


def trace(request: HttpRequest, client: Client, value: str) -> HttpResponse:
    """Beyond the standard: everything that went into a thing, or with ?direction=forward that it went into.

    Things that no event names which the client may see have no identifier in the answer, only a number of their own.
    """
    _check(client, "epcs", value)
    form_of_answer(request)
    forward = request.GET.get("direction", "back") == "forward"
    graph = trace_forward(value) if forward else trace_back(value)
    seen = seen_things(client, [thing.uri for thing in graph.things])
    names = {
        thing.uri: thing.uri if thing.uri in seen else f"hidden:{number}" for number, thing in enumerate(graph.things)
    }
    things = [
        {"id": names[one.uri], "certain": one.is_certain, "share": one.share, "end": one.is_end}
        for one in graph.things
    ]  # fmt: skip
    steps = [
        {"from": names[one.start], "to": names[one.end], "kind": one.kind, "certain": one.is_certain}
        for one in graph.steps
    ]  # fmt: skip
    body = {"id": graph.uri, "direction": "forward" if forward else "back", "complete": not graph.is_cut,
            "things": things, "steps": steps}  # fmt: skip
    return json_answer(body)


def top_events(what: str) -> Answer:
    """Events of one of them, narrowed by the query language."""

    def answer(request: HttpRequest, client: Client, value: str) -> HttpResponse:
        _check(client, what, value)
        return page_of_events(request, client, parameters_of(request), top_condition(what, value))

    return answer
