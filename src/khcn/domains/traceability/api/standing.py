"""Named queries, their events, and subscriptions, which are not taken yet."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from khcn.domains.traceability.api.events import page_of_events
from khcn.domains.traceability.api.negotiation import check_media, form_of_answer
from khcn.domains.traceability.api.paging import continue_with, page_of, slice_after
from khcn.domains.traceability.api.resource import json_answer
from khcn.domains.traceability.errors import NoSuchResource, NotImplementedHere, QueryUnsound
from khcn.domains.traceability.models import Client, NamedQuery
from khcn.domains.traceability.permissions import may_query
from khcn.domains.traceability.services.named_queries import forget_query, keep_query, query_named
from khcn.standards.epcis.json_reading import read_json


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
    """The events that answer a named query."""
    found = query_named(client=client, name=name)
    if request.headers.get("Upgrade"):
        raise NotImplementedHere("Máy chủ chưa gửi kết quả qua WebSocket; hãy hỏi bằng truy vấn đặt tên.")
    return page_of_events(request, client, found.parameters, name=name)


def subscription_list(request: HttpRequest, client: Client, name: str) -> HttpResponse:
    """No subscription is ever taken, so there is none."""
    query_named(client=client, name=name)
    form_of_answer(request)
    page_of(request, client)
    return json_answer([])


def post_subscription(request: HttpRequest, client: Client, name: str) -> HttpResponse:
    """501."""
    query_named(client=client, name=name)
    raise NotImplementedHere("Máy chủ chưa nhận đăng ký gửi kết quả.")


def subscription(request: HttpRequest, client: Client, name: str, uid: str) -> HttpResponse:
    """404: there is none."""
    query_named(client=client, name=name)
    raise NoSuchResource("Không có tài nguyên này.")
