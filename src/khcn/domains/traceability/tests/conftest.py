"""Clients, and documents of one event or several."""

from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest

from khcn.domains.traceability.models import CaptureJob, Client
from khcn.domains.traceability.services.capture import capture_document
from khcn.standards.epcis.documents import read_document
from khcn.standards.epcis.json_writing import write_json

CONTEXT = ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", {"e": "http://example.com/ext1/"}]
NOW = datetime(2026, 3, 20, 8, tzinfo=UTC)


def new_client(name: str = "coop", **rights: Any) -> Client:
    """A client whose key is its name."""
    values = {"prefixes": ["0614141"], **rights}
    return Client.objects.create(name=name, key_digest=sha256(name.encode()).hexdigest(), **values)


def event(**members: Any) -> dict[str, Any]:
    """An object event; a member given as None is left out."""
    whole = {
        "type": "ObjectEvent", "eventTime": "2026-03-12T07:30:00Z", "eventTimeZoneOffset": "+07:00",
        "action": "OBSERVE", "epcList": ["urn:epc:id:sgtin:0614141.107346.2018"], "bizStep": "inspecting", **members,
    }  # fmt: skip
    return {name: value for name, value in whole.items() if value is not None}


def document(*events: dict[str, Any], header: dict[str, Any] | None = None) -> bytes:
    """An EPCIS document of events."""
    value = {
        "@context": CONTEXT, "type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": "2026-03-12T08:00:00Z",
        **({"epcisHeader": header} if header else {}), "epcisBody": {"eventList": list(events)},
    }  # fmt: skip
    return write_json(value)


def captured(client: Client, *events: dict[str, Any], **options: Any) -> CaptureJob:
    """The job of capturing events; whatever is wrong with the document itself is an error of the test."""
    raw = document(*events, header=options.pop("header", None))
    return capture_document(by=client, raw=raw, document=read_document(raw), now=options.pop("now", NOW), **options)


@pytest.fixture
def client_of_coop(db: None) -> Client:
    return new_client()


@pytest.fixture
def world(cast: Any) -> Any:
    """The small chain of cashew of `world.make_world`."""
    from khcn.domains.traceability.tests.world import make_world

    return make_world(cast)
