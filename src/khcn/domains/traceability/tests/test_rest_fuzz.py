"""Requests made at random from the official OpenAPI, sound and unsound: whatever is asked, no answer is a fault.

In the suite always the same 60. KHCN_FUZZ_CASES sets how many others a run makes (20,000 before a release); with
`--hypothesis-seed` they are the same again, so that a long run can be made in parts.
"""

import copy
import json
import os
from functools import cache
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from khcn.domains.traceability.tests.test_rest_binding import KEY, OPENAPI, PARTS, ROOT, coop, mine, whole_event
from khcn.standards.epcis.json_writing import write_json

CASES = int(os.environ.get("KHCN_FUZZ_CASES", "0"))
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not OPENAPI.exists(), reason="the official OpenAPI is not beside this tree"),
]
assert coop
assert mine
_ODD = st.one_of(
    st.text(max_size=12), st.sampled_from(["", "*", "0", "-1", "1e400", "null", "[]", "{}", "%00", "ừ" * 3, "a" * 300]),
    st.integers(-(10**20), 10**20).map(str), st.sampled_from(list(PARTS.values())),
    st.sampled_from(["2026-03-12T07:30:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-13-40"]),
)  # fmt: skip
_MEDIA = ("application/json", "application/ld+json", "application/xml", "text/xml", "text/plain", "*/*;q=0.x", "")
_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**18), 10**18)
    | st.floats(allow_nan=False, allow_infinity=False)
    | _ODD,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_ODD, inner, max_size=3),
    max_leaves=8,
)


@cache
def _spec():
    return json.loads(OPENAPI.read_bytes()) if OPENAPI.exists() else {"paths": {}}


@cache
def _operations():
    return [
        (method, path)
        for path, item in _spec()["paths"].items()
        for method in item
        if method in ("get", "post", "delete", "options")
    ]


@cache
def _query_names():
    """Names of parameters, those that the specification gives as patterns with an extension's name."""
    names = {
        one["name"] for one in _spec().get("components", {}).get("parameters", {}).values() if one["in"] == "query"
    }
    heads = ("EQ", "GT", "GE", "LT", "LE", "EXISTS", "MATCH", "HASATTR", "EQATTR", "WD")
    tails = ("bizStep", "anyEPC", "quantity", "eventTime", "ILMD_e:a", "INNER_e:a", "SENSORREPORT_value_CEL", "e:note",
             "readPoint", "ERROR_DECLARATION_e:x", "value_KEL", "errorDeclarationTime", "bizLocation_x")  # fmt: skip
    return sorted(
        names | {f"{head}_{tail}" for head in heads for tail in tails} | {"perPage", "nextPageToken", "orderBy"}
    )


@st.composite
def _body(draw, path):
    """A sound body of the operation, often with one place of it changed."""
    sound = {"@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"], **whole_event()}
    if path.endswith("capture"):
        events = [whole_event(), {**whole_event(), "eventID": "urn:uuid:2", "eventTime": "2026-03-13T07:30:00Z"}]
        value = {"@context": sound["@context"], "type": "EPCISDocument", "schemaVersion": "2.0",
                 "creationDate": "2026-03-12T08:00:00Z",
                 "epcisBody": {"eventList": events}}  # fmt: skip
    elif path.endswith("subscriptions"):
        value = {"dest": "https://example.org/hook", "schedule": {"second": "0"}, "reportIfEmpty": True}
    elif path.endswith("queries"):
        value = {"name": draw(_ODD), "query": {draw(st.sampled_from(_query_names())): draw(_JSON)}}
    else:
        value = sound
    if draw(st.integers(0, 9)) == 0:
        return draw(st.binary(max_size=40))
    value = copy.deepcopy(value)
    for _ in range(draw(st.integers(0, 2))):
        place = value
        while True:
            if not place or not isinstance(place, dict | list):
                break
            key = draw(st.sampled_from(list(place) if isinstance(place, dict) else range(len(place))))
            if isinstance(place[key], dict | list) and place[key] and draw(st.booleans()):
                place = place[key]
                continue
            place[key] = draw(_JSON)
            break
    return write_json(value)


@st.composite
def requests(draw):
    """(method, address, headers, body)."""
    method, path = draw(st.sampled_from(_operations()))
    for name, known in PARTS.items():
        if f"{{{name}}}" in path:
            value = known if draw(st.booleans()) else draw(_ODD)
            path = path.replace(f"{{{name}}}", quote(value, safe="") or "x")
    asked = draw(st.lists(st.tuples(st.sampled_from(_query_names()), _ODD), max_size=3))
    query = "&".join(f"{quote(name)}={quote(value)}" for name, value in asked)
    headers = dict(KEY)
    for name in ("Accept", "GS1-EPC-Format", "GS1-EPCIS-Min", "GS1-CBV-Max", "GS1-Capture-Error-Behaviour"):
        if draw(st.integers(0, 3)) == 0:
            odd = draw(_ODD).encode("ascii", "ignore").decode().replace("\r", "").replace("\n", "")
            headers[name] = draw(st.sampled_from(_MEDIA)) if name == "Accept" else odd
    media = draw(st.sampled_from(_MEDIA)) if draw(st.integers(0, 3)) == 0 else "application/ld+json"
    body = draw(_body(path)) if method == "post" else b""
    return method, f"{ROOT}{path}" + (f"?{query}" if query else ""), headers, media, body


@pytest.mark.usefixtures("mine")
@settings(
    max_examples=CASES or 60, deadline=None, derandomize=not CASES, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(asked=requests())
def test_no_request_made_from_the_openapi_is_answered_by_a_fault(client, asked):
    method, address, headers, media, body = asked

    answer = client.generic(method.upper(), address, body, content_type=media, headers=headers)

    assert answer.status_code < 500, (method, address, headers, media, body)
    assert not _deviation(method, answer), (_deviation(method, answer), method, address, headers, media, body)


def _deviation(method, answer):
    """What is wrong with the form of an answer, whatever was asked."""
    kind = answer.headers.get("Content-Type", "").partition(";")[0]
    if answer.status_code >= 400:
        value = json.loads(answer.content) if kind == "application/problem+json" else {}
        if value.get("status") != answer.status_code or not value.get("title"):
            return "a refusal is a problem document with its status and title"
        known = value["type"].partition(":")[2] in _exceptions()
        return "" if known else f"{value['type']} is no exception of the standard"
    if answer.headers.get("GS1-EPCIS-Version") != "2.0.0":
        return "an answer names its version"
    if method == "options" or answer.status_code in (202, 204):
        return "a body where none belongs" if answer.content else ""
    if kind.endswith("json"):
        json.loads(answer.content)
        return ""
    if kind == "application/xml":
        etree.fromstring(answer.content)
        return ""
    return "" if kind == "text/event-stream" else f"{kind} is no form of an answer"


@cache
def _exceptions():
    return {one.partition(":")[2] for one in _strings(_spec()) if one.startswith("epcisException:")}


def _strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _strings(one)
