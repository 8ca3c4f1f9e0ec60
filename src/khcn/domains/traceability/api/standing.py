"""Named queries, their events as pages or as a stream, and subscriptions."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from khcn.domains.traceability.api.events import page_of_events
from khcn.domains.traceability.api.negotiation import check_media, form_of_answer
from khcn.domains.traceability.api.paging import continue_with, page_of, slice_after
from khcn.domains.traceability.api.resource import json_answer
from khcn.domains.traceability.errors import NotAcceptable, QueryUnsound, SubscriptionRefused
from khcn.domains.traceability.models import Client, NamedQuery, Subscription
from khcn.domains.traceability.permissions import may_query
from khcn.domains.traceability.queries.events import find_events, question
from khcn.domains.traceability.services.named_queries import forget_query, keep_query, query_named
from khcn.domains.traceability.services.subscriptions import subscribe, subscription_of, unsubscribe
from khcn.standards.epcis.json_reading import read_json
from khcn.standards.epcis.json_writing import write_json

STREAMED, RETRY_MS = 500, 5_000


def _query(query: NamedQuery) -> dict[str, Any]:
    return {"name": query.name, "query": query.parameters}


def query_list(request: HttpRequest, client: Client) -> HttpResponse:
    """The client's named queries."""
    may_query(client)
    form_of_answer(request)
    page = page_of(request, client)
    found, after = slice_after(list(NamedQuery.objects.filter(client=client)), page)
    return continue_with(json_answer([_query(query) for query in found]), request, client, after)


def post_query(request: HttpRequest, client: Client) -> HttpResponse:
    """201 with the address of the query."""
    check_media(request, json_only=True)
    value, problems = read_json(request.body)
    if problems or not isinstance(value, dict):
        raise QueryUnsound("Truy vấn phải là một đối tượng gồm các tham số.")
    query = keep_query(by=client, name=value.get("name"), parameters=value.get("query"))
    response = json_answer(_query(query), 201)
    response["Location"] = request.build_absolute_uri(reverse("epcis_query", args=[query.name]))
    return response


def query(request: HttpRequest, client: Client, name: str) -> HttpResponse:
    """One query."""
    may_query(client)
    form_of_answer(request)
    return json_answer(_query(query_named(client=client, name=name)))


def delete_query(request: HttpRequest, client: Client, name: str) -> HttpResponse:
    """204."""
    forget_query(by=client, name=name)
    return HttpResponse(status=204)


def query_events(request: HttpRequest, client: Client, name: str) -> HttpResponse:
    """The events that answer a named query; to a browser's EventSource what is new, one message an event."""
    found = query_named(client=client, name=name)
    if request.headers.get("Upgrade"):
        raise NotAcceptable("Máy chủ không dùng WebSocket; hãy nhận text/event-stream hoặc đăng ký nơi nhận.")
    if "text/event-stream" in request.headers.get("Accept", ""):
        may_query(client)
        return _stream(request, client, found)
    return page_of_events(request, client, found.parameters, name=name)


def _stream(request: HttpRequest, client: Client, query: NamedQuery) -> HttpResponse:
    """What came since Last-Event-ID, then the end: an EventSource asks again by itself, and no thread is held."""
    text = request.headers.get("Last-Event-ID", "0")
    last = int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0
    found = find_events(
        client=client, query=question(query.parameters), per_page=STREAMED, narrowed=Q(seq__gt=last)
    ).events
    lines = [f"retry: {RETRY_MS}\n\n"]
    for one in sorted(found, key=lambda event: event.seq):
        body = write_json({"@context": one.context, **one.value}).decode()
        lines.append(f"id: {one.seq}\nevent: epcis\ndata: {body}\n\n")
    response = HttpResponse("".join(lines), content_type="text/event-stream; charset=utf-8")
    response["Cache-Control"] = "no-store"
    return response


def _subscription(one: Subscription) -> dict[str, Any]:
    value: dict[str, Any] = {
        "subscriptionID": str(one.uid), "dest": one.destination, "reportIfEmpty": one.report_if_empty,
        "createdAt": one.created_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
    }  # fmt: skip
    return value | ({"stream": True} if one.stream else {"schedule": one.schedule})


def subscription_list(request: HttpRequest, client: Client, name: str) -> HttpResponse:
    """The subscriptions to a query."""
    query = query_named(client=client, name=name)
    form_of_answer(request)
    page = page_of(request, client)
    found, after = slice_after(list(Subscription.objects.filter(query=query)), page)
    return continue_with(json_answer([_subscription(one) for one in found]), request, client, after)


def post_subscription(request: HttpRequest, client: Client, name: str) -> HttpResponse:
    """201 with the address of the subscription."""
    query = query_named(client=client, name=name)
    check_media(request, json_only=True)
    value, problems = read_json(request.body)
    if problems:
        raise SubscriptionRefused("Đăng ký phải là một đối tượng gồm dest và schedule hoặc stream.")
    made = subscribe(by=client, query=query, body=value, now=timezone.now())
    response = json_answer(_subscription(made), 201)
    response["Location"] = request.build_absolute_uri(reverse("epcis_subscription", args=[name, str(made.uid)]))
    return response


def subscription(request: HttpRequest, client: Client, name: str, uid: str) -> HttpResponse:
    """One subscription."""
    query = query_named(client=client, name=name)
    form_of_answer(request)
    return json_answer(_subscription(subscription_of(query=query, uid=uid)))


def delete_subscription(request: HttpRequest, client: Client, name: str, uid: str) -> HttpResponse:
    """204."""
    unsubscribe(by=client, query=query_named(client=client, name=name), uid=uid)
    return HttpResponse(status=204)
