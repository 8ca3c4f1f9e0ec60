"""Events and the resources that they are found by."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse

from khcn.domains.traceability.api.paging import PAGE_PARAMETERS, continue_with, page_of
from khcn.domains.traceability.api.rendering import collection, event_answer, events_answer
from khcn.domains.traceability.api.resource import Answer
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


def top_events(what: str) -> Answer:
    """Events of one of them, narrowed by the query language."""

    def answer(request: HttpRequest, client: Client, value: str) -> HttpResponse:
        _check(client, what, value)
        return page_of_events(request, client, parameters_of(request), top_condition(what, value))

    return answer
