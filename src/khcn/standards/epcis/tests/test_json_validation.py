"""The same verdict as the official JSON Schema, run by jsonschema-rs, on every document and on thousands of damaged
ones."""

import json
import random

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from khcn.standards.epcis.json_reading import read_json
from khcn.standards.epcis.json_validation import validate_json
from khcn.standards.epcis.tests.mutations import damage_json
from khcn.standards.epcis.text_formats import is_date_time, is_uri

DAMAGED = 4_000


@pytest.fixture(scope="module")
def oracle(reference):
    return jsonschema_rs.validator_for(json.loads((reference / "gs1-EPCIS/EPCIS-JSON-Schema.json").read_text("utf-8")))


def test_every_document_at_hand_has_the_schema_verdict(oracle, json_paths):
    verdicts = {path: oracle.is_valid(json.loads(path.read_bytes())) for path in json_paths}

    ours = {path: not validate_json(read_json(path.read_bytes())[0]) for path in json_paths}

    assert ours == verdicts
    assert sum(verdicts.values()) >= 110
    assert list(verdicts.values()).count(False) >= 20


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_damaged_documents_have_the_schema_verdict(oracle, json_paths, seed):
    hand = random.Random(seed)
    documents = [json.loads(path.read_bytes()) for path in json_paths]
    refused = 0

    for _ in range(DAMAGED):
        document = damage_json(hand.choice(documents), hand)
        verdict = oracle.is_valid(document)
        refused += not verdict
        assert (not validate_json(document)) == verdict, json.dumps(document)[:2000]

    assert DAMAGED * 0.5 < refused < DAMAGED * 0.9


@given(st.text("abZ019:/?#[]@!$&'()*+,;=%-._~ {}|\\^`<>\"é", max_size=14))
def test_uris_have_the_schema_verdict(text):
    oracle = jsonschema_rs.validator_for({"$schema": "http://json-schema.org/draft-07/schema#", "format": "uri"})

    for candidate in (text, "a:" + text, "http://" + text, "urn:epc:id:" + text):
        assert is_uri(candidate) == oracle.is_valid(candidate), candidate


@given(
    st.builds(
        "{:04d}-{:02d}-{:02d}{}{:02d}:{:02d}:{:02d}{}{}".format,
        st.integers(0, 9999), st.integers(0, 13), st.integers(0, 32), st.sampled_from(["T", "t", " "]),
        st.integers(0, 25),
        st.integers(0, 61), st.integers(0, 61), st.sampled_from(["", ".1", ".123456789", "."]),
        st.sampled_from(["Z", "z", "+07:00", "-12:30", "+24:00", "+14:60", ""]),
    )
)  # fmt: skip
def test_moments_have_the_schema_verdict(text):
    oracle = jsonschema_rs.validator_for({"$schema": "http://json-schema.org/draft-07/schema#", "format": "date-time"})

    assert is_date_time(text) == oracle.is_valid(text)


def test_all_errors_are_collected_with_their_places():
    document = {
        "@context": "x:y",
        "type": "EPCISDocument",
        "schemaVersion": "two",
        "creationDate": "yesterday",
        "epcisBody": {
            "eventList": [
                {"type": "ObjectEvent", "eventTime": "x", "eventTimeZoneOffset": "+07:00", "action": "MOVE", "a/b": 1}
            ]
        },
    }

    pointers = {problem.pointer for problem in validate_json(document)}

    assert {
        "/schemaVersion",
        "/creationDate",
        "/epcisBody/eventList/0",
        "/epcisBody/eventList/0/eventTime",
        "/epcisBody/eventList/0/action",
        "/epcisBody/eventList/0/a~1b",
    } == pointers
