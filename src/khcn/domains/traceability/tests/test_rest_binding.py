"""The REST binding: every operation of the official OpenAPI, and what single operations promise."""

import json
import os
import re
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from django.urls import reverse

from khcn.domains.traceability.api import resource
from khcn.domains.traceability.models import NamedQuery, Subscription
from khcn.domains.traceability.services import capture
from khcn.domains.traceability.tests.conftest import CONTEXT, captured, document, event, new_client
from khcn.standards.epcis.documents import read_document
from khcn.standards.epcis.json_writing import write_json
from khcn.standards.epcis.tests.conftest import REFERENCE

pytestmark = [pytest.mark.django_db, pytest.mark.database]
ROOT, KEY = "/epcis/v2", {"authorization": "Bearer coop"}
TABLE, WRITES = Path(__file__).parents[5] / "docs/reference/epcis-conformance.md", "KHCN_WRITE_CONFORMANCE"
OPENAPI = REFERENCE / "gs1-EPCIS/REST Bindings/openapi.json"
EPC, PLACE = "https://id.gs1.org/01/10614141073464/21/2018", "https://id.gs1.org/414/0614141008889"
PARTS = {
    "eventID": "urn:uuid:1", "eventType": "ObjectEvent", "epc": EPC, "bizStep": "inspecting", "bizLocation": PLACE,
    "readPoint": PLACE, "disposition": "active", "queryName": "mine", "subscriptionID": "x", "token": "x",
}  # fmt: skip
# What differs from 200 for GET, 204 for OPTIONS and DELETE, and why.
EXPECTED = {
    "POST /capture": 202, "POST /events": 201, "POST /queries": 201,
    "POST /queries/{queryName}/subscriptions": 201,
}  # fmt: skip


def operations():
    if not OPENAPI.exists():
        return []
    paths = json.loads(OPENAPI.read_bytes())["paths"]
    return [
        (f"{method.upper()} {path}", sorted(operation["responses"]))
        for path, item in paths.items()
        for method, operation in item.items()
        if method in ("get", "post", "put", "delete", "options", "patch")
    ]


def whole_event(**members):
    return event(
        eventID="urn:uuid:1", readPoint={"id": "urn:epc:id:sgln:0614141.00888.0"}, disposition="active",
        bizLocation={"id": "urn:epc:id:sgln:0614141.00888.0"}, **{"e:note": "a"}, **members,
    )  # fmt: skip


@pytest.fixture
def coop(client_of_coop):
    captured(client_of_coop, whole_event())
    return client_of_coop


@pytest.fixture
def mine(client, coop):
    body = {"name": "mine", "query": {"eventType": ["ObjectEvent"]}}
    client.post(f"{ROOT}/queries", body, content_type="application/json", headers=KEY)


def body_of(name):
    if name == "POST /capture":
        return document(event(bizStep="packing"))
    if name.endswith("/subscriptions"):
        return write_json({"dest": "https://example.org/hook", "stream": True})
    if name == "POST /events":
        return write_json({"@context": CONTEXT, **event(bizStep="shipping")})
    return write_json({"name": "other", "query": {"EQ_bizStep": ["shipping"]}})


def test_openapi_has_the_operations_that_are_exercised(reference_present):
    assert (len({name.split()[1] for name, _ in operations()}), len(operations())) == (29, 63)


@pytest.fixture
def reference_present():
    if not OPENAPI.exists():
        pytest.skip("the official OpenAPI of the shared reference is absent")


def conformance():
    """The table of operations with the status that the test below holds each to."""
    lines = ["# Conformance with the REST binding of EPCIS 2.0", "",
             "Operation by operation of the official OpenAPI, with the status that `test_rest_binding.py` holds it to.",
             f"Written by that test with `{WRITES}=1`; {len(operations())} operations.", "",
             "| Operation | Answer |", "| --- | --- |"]  # fmt: skip
    for name, _documented in operations():
        usual = 200 if name.startswith("GET") else 204
        lines.append(f"| `{name}` | {EXPECTED.get(name, usual)} |")
    return "\n".join([*lines, ""])


def test_conformance_table_is_what_is_tested(reference_present):
    if os.environ.get(WRITES) == "1":
        TABLE.write_text(conformance(), "utf-8")

    assert TABLE.read_text("utf-8") == conformance()


@pytest.mark.parametrize(("name", "documented"), operations())
def test_operation_answers_as_documented(client, mine, client_of_coop, name, documented):
    method, path = name.split()
    job = capture.CaptureJob.objects.earliest("id")
    kept = Subscription.objects.create(
        query=NamedQuery.objects.get(), destination="https://example.org/", stream=True, created_at=job.created_at
    )
    parts = {**PARTS, "captureID": str(job.uid), "subscriptionID": str(kept.uid)}
    address = ROOT + re.sub(r"\{(\w+)\}", lambda match: quote(parts[match[1]], safe=""), path)
    options = {"data": body_of(name), "content_type": "application/json"} if method == "POST" else {}

    answer = getattr(client, method.lower())(address, headers=KEY, **options)

    assert answer.status_code == EXPECTED.get(name, 200 if method == "GET" else 204), answer.content
    assert str(answer.status_code) in documented
    assert answer["GS1-EPCIS-Version"] == "2.0.0"
    if answer.status_code >= 400:
        assert answer.json()["type"].startswith("epcisException:")
        assert answer["Content-Type"] == "application/problem+json"
    if method == "OPTIONS":
        assert {"GS1-EPCIS-Min", "GS1-EPCIS-Max", "GS1-CBV-Min", "GS1-CBV-Max", "Allow"} <= answer.headers.keys()
    if method == "GET" and path.endswith("events") and answer.status_code == 200:
        assert [one["eventID"] for one in read_document(answer.content).events] == ["urn:uuid:1"]


@pytest.mark.parametrize("path", ["", "/events", "/capture", "/queries", "/epcs", "/nextPageToken/x"])
def test_without_a_known_key_nothing_is_told(client, coop, path):
    for headers in ({}, {"authorization": "Bearer no"}, {"x-api-key": "no"}):
        answer = client.get(f"{ROOT}{path or '/'}", headers=headers)

        assert (answer.status_code, answer.json()["type"]) == (401, "epcisException:SecurityException")


def test_closed_client_is_refused(client, coop):
    coop.is_active = False
    coop.save()

    assert client.get(f"{ROOT}/events", headers={"x-api-key": "coop"}).status_code == 401


def test_capture_job_tells_what_was_wrong(client, coop):
    raw = document(event(action="ADD", epcList=["urn:epc:id:sgtin:4012345.012345.1"]))

    sent = client.post(f"{ROOT}/capture", raw, content_type="application/ld+json", headers=KEY)
    job = client.get(urlsplit(sent["Location"]).path, headers=KEY).json()

    assert (job["running"], job["success"], job["captureErrorBehaviour"]) == (False, False, "rollback")
    assert job["errors"][0]["instance"] == "/epcisBody/eventList/0"
    new_client("other")
    assert client.get(urlsplit(sent["Location"]).path, headers={"x-api-key": "other"}).status_code == 404


@pytest.mark.parametrize(
    ("content", "media", "status", "kind"),
    [
        (b"{", "application/json", 400, "ValidationException"),
        (b"<a/>", "application/xml", 400, "ValidationException"),
        (b"\xff\x00", "application/json", 400, "ValidationException"),
        (b"{}", "text/plain", 415, "UnsupportedMediaTypeException"),
        (b"{}", "", 415, "UnsupportedMediaTypeException"),
    ],
)
def test_capture_of_anything_else_is_refused(client, coop, content, media, status, kind):
    answer = client.post(f"{ROOT}/capture", content, content_type=media, headers=KEY)

    assert (answer.status_code, answer.json()["type"]) == (status, f"epcisException:{kind}")


def test_limits_are_announced_and_kept(client, coop, monkeypatch):
    monkeypatch.setattr(capture, "CAPTURE_LIMIT", 1)
    raw = document(event(bizStep="packing"), event(bizStep="shipping"))

    assert client.options(f"{ROOT}/capture", headers=KEY)["GS1-EPCIS-Capture-Limit"] == "5000"
    assert client.post(f"{ROOT}/capture", raw, content_type="application/json", headers=KEY).status_code == 413
    assert client.get(f"{ROOT}/events?{'x' * resource._LONGEST_ADDRESS}", headers=KEY).status_code == 414
    assert client.get(f"{ROOT}/events?maxEventCount=0", headers=KEY).json()["type"].endswith("QueryTooLargeException")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"accept": "text/html"}, 406), ({"accept": "text/html, application/xml;q=0.5"}, 200), ({"accept": "*/*"}, 200),
        ({"gs1-epcis-min": "2.1"}, 406), ({"gs1-epcis-max": "1.2"}, 406), ({"gs1-cbv-min": "x"}, 406),
        ({"gs1-epcis-min": "1.2", "gs1-epcis-max": "2.0.0"}, 200), ({"gs1-epc-format": "Some"}, 406),
    ],
)  # fmt: skip
def test_forms_and_versions_are_negotiated(client, coop, headers, status):
    answer = client.get(f"{ROOT}/events", headers={**KEY, **headers})

    assert answer.status_code == status


def test_answer_in_xml_says_the_same(client, coop):
    in_json = read_document(client.get(f"{ROOT}/events", headers=KEY).content)
    in_xml = read_document(client.get(f"{ROOT}/events", headers={**KEY, "accept": "application/xml"}).content)

    assert (in_xml.binding, in_xml.problems, in_json.problems) == ("xml-2.0", [], [])
    assert in_xml.hashes() == in_json.hashes()


@pytest.mark.parametrize(
    ("asked", "epc"),
    [
        ("Always_GS1_Digital_Link", EPC), ("Always_EPC_URN", "urn:epc:id:sgtin:0614141.107346.2018"),
        ("Never_Translates", "urn:epc:id:sgtin:0614141.107346.2018"),
    ],
)  # fmt: skip
def test_identifiers_are_spelled_as_asked(client, coop, asked, epc):
    answer = client.get(f"{ROOT}/events", headers={**KEY, "gs1-epc-format": asked})

    assert read_document(answer.content).events[0]["epcList"] == [epc]


def test_links_become_names_by_the_client_prefix(client, coop):
    captured(coop, event(epcList=[EPC.replace("2018", "7")], bizStep="packing"))

    answer = client.get(f"{ROOT}/events?EQ_bizStep=packing", headers={**KEY, "gs1-epc-format": "Always_EPC_URN"})

    assert read_document(answer.content).events[0]["epcList"] == ["urn:epc:id:sgtin:0614141.107346.7"]


def test_pages_lead_to_every_event_once(client, coop):
    captured(coop, *[event(eventTime=f"2026-03-13T0{number}:00:00Z", bizStep="packing") for number in range(8)])
    address, found = f"{ROOT}/events?perPage=3&EQ_bizStep=packing,inspecting", []
    while address:
        answer = client.get(address, headers=KEY)
        found += [one["eventID"] for one in read_document(answer.content).events]
        link = re.match(r'<http://testserver(.+)>; rel="next"', answer.get("Link", ""))
        address = link[1] if link else None

    assert len(found) == len(set(found)) == 9


def test_page_token_is_bound_to_its_list_and_client(client, coop):
    captured(coop, *[event(eventTime=f"2026-03-13T0{number}:00:00Z", bizStep="packing") for number in range(8)])
    new_client("other")
    link = client.get(f"{ROOT}/events?perPage=3", headers=KEY)["Link"]
    token = re.search(r"nextPageToken=([^>&]+)", link)[1]

    assert client.get(f"{ROOT}/events?perPage=3&nextPageToken={token}", headers=KEY).status_code == 200
    for address, key in [
        (f"{ROOT}/events?perPage=3&nextPageToken={token}x", "coop"),
        (f"{ROOT}/events?perPage=3&EQ_bizStep=packing&nextPageToken={token}", "coop"),
        (f"{ROOT}/events?perPage=3&nextPageToken={token}", "other"),
        (f"{ROOT}/events?perPage=0", "coop"),
    ]:
        assert client.get(address, headers={"x-api-key": key}).status_code == 400
    assert client.delete(f"{ROOT}/nextPageToken/{token}", headers=KEY).status_code == 204
    assert client.get(f"{ROOT}/events?perPage=3&nextPageToken={token}", headers=KEY).status_code == 400


def test_event_of_a_hash_id_is_found_at_its_address(client, coop):
    raw = write_json({"@context": CONTEXT, **event(bizStep="shipping")})

    sent = client.post(f"{ROOT}/events", raw, content_type="application/json", headers=KEY)

    assert sent.json()["eventID"].startswith("ni:///sha-256;")
    assert client.get(urlsplit(sent["Location"]).path, headers=KEY).json()["bizStep"] == "shipping"
    assert client.post(f"{ROOT}/events", raw, content_type="application/json", headers=KEY).status_code == 409


@pytest.mark.parametrize("event_id", ["urn:uuid:77", "https://vi.du/a?c=%2F&d=e"])
def test_address_of_a_posted_event_is_that_of_the_event(client, coop, event_id):
    raw = write_json({"@context": CONTEXT, **event(eventID=event_id)})

    sent = client.post(f"{ROOT}/events", raw, content_type="application/json", headers=KEY)

    assert sent["Location"] == f"http://testserver{reverse('epcis_event', args=[event_id])}"


def test_queries_are_narrowed_by_top_level_resource(client, coop):
    captured(coop, event(eventID="urn:uuid:2", bizStep="packing", **{"e:note": "b"}))
    namespace = quote("http://example.com/ext1/note", safe="")

    def found(path):
        return [one["eventID"] for one in read_document(client.get(f"{ROOT}{path}", headers=KEY).content).events]

    assert found("/bizSteps/packing/events") == ["urn:uuid:2"]
    assert found(f"/epcs/{quote(EPC, safe='')}/events?EQ_bizStep=inspecting") == ["urn:uuid:1"]
    assert found(f"/events?EQ_{namespace}=b") == ["urn:uuid:2"]
    assert client.get(f"{ROOT}/bizSteps/loading/events", headers=KEY).status_code == 404
    assert client.get(f"{ROOT}/events?EQ_nothing=1", headers=KEY).json()["type"].endswith("QueryParameterException")


def test_named_queries_by_rest(client, mine):
    body = {"name": "mine", "query": {}}

    assert client.get(f"{ROOT}/queries/mine", headers=KEY).json()["query"] == {"eventType": ["ObjectEvent"]}
    assert client.post(f"{ROOT}/queries", body, content_type="application/json", headers=KEY).status_code == 409
    assert client.post(f"{ROOT}/queries", b"[", content_type="application/json", headers=KEY).status_code == 400
    assert client.get(f"{ROOT}/queries/mine/events", headers={**KEY, "upgrade": "websocket"}).status_code == 406
    assert client.get(f"{ROOT}/queries/none/events", headers=KEY).json()["type"].endswith("NoSuchNameException")


@pytest.mark.parametrize("method", ["get", "post", "delete", "options"])
@pytest.mark.parametrize("path", ["/nothing", "/queries/a/b/events", "/nextPageToken/a/b", "/eventTypes/%0A"])
def test_address_that_names_nothing_is_refused_as_a_problem(client, method, path):
    answer = getattr(client, method)(ROOT + path)

    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")
    assert answer.json()["type"] == "epcisException:NoSuchResourceException"
    assert answer.headers["GS1-EPCIS-Version"] == "2.0.0"


def test_methods_beyond_the_standard_are_refused(client, coop):
    answer = client.put(f"{ROOT}/events", b"{}", content_type="application/json", headers=KEY)

    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, OPTIONS, POST")


def test_trace_by_rest_hides_what_the_client_may_not_see(client, client_of_coop):
    """Beyond the standard."""
    other = new_client("mill", prefixes=["4012345"])
    raw, made = "urn:epc:class:lgtin:0614141.107346.RAW", "urn:epc:class:lgtin:4012345.011111.MADE"
    secret = "urn:epc:class:lgtin:4012345.022222.SALT"
    mix = [{"epcClass": raw, "quantity": 8, "uom": "KGM"}, {"epcClass": secret, "quantity": 2, "uom": "KGM"}]
    before = [{"epcClass": "urn:epc:class:lgtin:4012345.033333.SEA", "quantity": 3, "uom": "KGM"}]
    captured(
        other,
        event(type="TransformationEvent", action=None, epcList=None, inputQuantityList=before,
              outputQuantityList=[mix[1]], eventTime="2026-03-10T07:30:00Z"),
        event(type="TransformationEvent", action=None, epcList=None, inputQuantityList=mix,
              outputQuantityList=[{"epcClass": made, "quantity": 10, "uom": "KGM"}]),
    )  # fmt: skip
    address = f"{ROOT}/epcs/{quote(made, safe='')}/trace"

    ours = client.get(address, headers=KEY).json()
    theirs = client.get(address, headers={"authorization": "Bearer mill"}).json()
    ahead = client.get(f"{ROOT}/epcs/{quote(raw, safe='')}/trace?direction=forward", headers=KEY).json()

    assert [one["id"].rsplit("/", 1)[-1] for one in theirs["things"]] == ["MADE", "RAW", "SALT", "SEA"]
    assert [one["id"].rsplit("/", 1)[-1] for one in ours["things"]] == ["MADE", "RAW", "SALT", "hidden:3"]
    assert {one["id"].rsplit("/", 1)[-1]: one["share"] for one in theirs["things"]}["RAW"] == 0.8
    assert ahead["things"][-1]["id"].endswith("/MADE")
    assert client.get(f"{ROOT}/epcs/urn:x:none/trace", headers=KEY).status_code == 404
