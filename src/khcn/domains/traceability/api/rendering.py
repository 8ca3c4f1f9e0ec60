"""Events and collections as bodies: query documents in JSON-LD or XML, single events, lists of names."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from khcn.domains.traceability.api.negotiation import epc_format, form_of_answer
from khcn.domains.traceability.api.resource import json_answer
from khcn.domains.traceability.errors import NotAcceptable
from khcn.domains.traceability.queries.clients import known_prefixes
from khcn.domains.traceability.queries.events import FoundEvent
from khcn.domains.traceability.rules.epc_format import translated
from khcn.standards.epcis.json_to_xml import document_to_xml
from khcn.standards.epcis.namespaces import context_prefixes
from khcn.standards.epcis.vocabulary import CONTEXT_URI
from khcn.standards.epcis.xml_extensions import NotExpressible


def _moment(value: Any) -> str:
    return value.strftime("%Y-%m-%dT%H:%M:%S.") + f"{value.microsecond // 1000:03}Z"


def _shared(events: Sequence[FoundEvent]) -> tuple[list[Any], list[dict[str, Any]]]:
    """One context for all events, and what each event must say itself because it means another namespace."""
    prefixes: dict[str, str] = {}
    own: list[dict[str, Any]] = []
    for event in events:
        named = context_prefixes(event.context)
        other = {prefix: name for prefix, name in named.items() if prefixes.setdefault(prefix, name) != name}
        own.append(other)
    return [CONTEXT_URI, *([prefixes] if prefixes else [])], own


def _out(event: FoundEvent, wanted: str, known: frozenset[str], own: dict[str, Any]) -> dict[str, Any]:
    value = translated(event.value, wanted, known)
    value["recordTime"] = _moment(event.record_time)
    if own:
        held = value.pop("@context", [])
        return {"@context": [own, *(held if isinstance(held, list) else [held])], **value}
    return value


def _document(events: Sequence[FoundEvent], wanted: str, name: str) -> dict[str, Any]:
    context, own = _shared(events)
    known = known_prefixes() if wanted == "Always_EPC_URN" else frozenset()
    found = [_out(event, wanted, known, other) for event, other in zip(events, own, strict=True)]
    return {
        "@context": context,
        "type": "EPCISQueryDocument",
        "schemaVersion": "2.0",
        "creationDate": _moment(timezone.now()),
        "epcisBody": {"queryResults": {"queryName": name, "resultsBody": {"eventList": found}}},
    }


def events_answer(request: HttpRequest, events: Sequence[FoundEvent], name: str = "SimpleEventQuery") -> HttpResponse:
    """A query document of events. Raises NotAcceptable where an event cannot be written in XML."""
    form, wanted = form_of_answer(request), epc_format(request)
    value = _document(events, wanted, name)
    if form == "json":
        response = json_answer(value, media="application/ld+json")
    else:
        try:
            response = HttpResponse(document_to_xml(value), content_type="application/xml")
        except NotExpressible as refused:
            raise NotAcceptable("Kết quả này không viết được bằng XML.") from refused
    response["GS1-EPC-Format"] = wanted
    return response


def event_answer(request: HttpRequest, event: FoundEvent, status: int = 200) -> HttpResponse:
    """One event: bare in JSON, in a query document in XML."""
    if form_of_answer(request) == "xml":
        return events_answer(request, [event])
    wanted = epc_format(request)
    known = known_prefixes() if wanted == "Always_EPC_URN" else frozenset()
    context, _ = _shared([event])
    value = _out(event, wanted, known, {})
    held = value.pop("@context", [])
    context += held if isinstance(held, list) else [held]
    response = json_answer({"@context": context, **value}, status, "application/ld+json")
    response["GS1-EPC-Format"] = wanted
    return response


def collection(request: HttpRequest, members: Sequence[str]) -> HttpResponse:
    """A collection of names."""
    form_of_answer(request)
    return json_answer(
        {"@context": CONTEXT_URI, "type": "Collection", "member": list(members)}, media="application/ld+json"
    )
