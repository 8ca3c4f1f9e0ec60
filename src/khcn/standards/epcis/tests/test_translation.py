"""One document through the bindings and back: nothing that was said is lost."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khcn.standards.epcis import vocabulary as words
from khcn.standards.epcis.documents import read_document
from khcn.standards.epcis.json_to_xml import document_to_xml
from khcn.standards.epcis.json_validation import validate_json
from khcn.standards.epcis.json_writing import write_json
from khcn.standards.epcis.model import event_of
from khcn.standards.epcis.namespaces import Namespaces
from khcn.standards.epcis.tests.conftest import paths
from khcn.standards.epcis.xml_extensions import NotExpressible

# What 1.2 must say although it says nothing.
EMPTY_IN_1_2 = {"epcList", "childEPCs"}


def plain(text):
    for word_list in (words.MEASUREMENT_TYPE, words.ALERT_TYPE, words.COMPONENT):
        text = word_list.as_web(text)
    return text


def comparable(value, namespaces):
    """Names written out, words in one spelling, contexts and empty lists left out."""
    if isinstance(value, dict):
        inner = namespaces.extended(value["@context"]) if "@context" in value else namespaces
        return {
            inner.full_name(name) if ":" in name else name: comparable(member, inner)
            for name, member in value.items()
            if name != "@context" and not (name in EMPTY_IN_1_2 and member == []) and member != {}
        }
    if isinstance(value, list):
        return [comparable(item, namespaces) for item in value]
    if isinstance(value, float | int | Decimal) and not isinstance(value, bool):
        return Decimal(str(value))
    return plain(value) if isinstance(value, str) else value


def said(document):
    value = comparable(document.value, Namespaces())
    value.pop("schemaVersion", None)
    return value


@pytest.mark.parametrize("version", ["2.0", "1.2"])
def test_every_valid_document_comes_back_from_xml(reference, version):
    translated = 0

    for path in paths("**/*.json", "**/*.jsonld", "**/*.xml"):
        document = read_document(path.read_bytes())
        if document.value is None or document.value["type"] not in ("EPCISDocument", "EPCISQueryDocument"):
            continue
        back = read_document(document_to_xml(document.value, version))
        assert back.problems == [], path
        assert said(back) == said(document), path
        assert back.hashes() == document.hashes(), path
        translated += 1
    assert translated >= 190


def test_every_valid_xml_document_comes_back_from_json(reference):
    translated = 0

    for path in paths("**/*.xml"):
        document = read_document(path.read_bytes())
        if document.value is None:
            continue
        raw = write_json(document.value)
        back = read_document(raw)
        value = document.value if back.value is None else back.value
        again = read_document(document_to_xml(value))
        assert again.problems == [], path
        assert said(again) == said(document), path
        translated += 1
    assert translated >= 90


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.text("aé<&> \n\"'", max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["ex:a", "ex:b-c", "plain", "ex:1"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(json_values)
def test_any_extension_comes_back_from_xml(value):
    event = {
        "type": "ObjectEvent", "eventTime": "2026-03-12T07:30:00.000+07:00", "eventTimeZoneOffset": "+07:00",
        "epcList": ["urn:epc:id:sgtin:8931234.012345.1"], "action": "ADD", "ex:field": value, "no/name:x": "1",
        "ilmd": {"ex:field": value},
    }  # fmt: skip
    del event["no/name:x"]
    document = {
        "@context": [words.CONTEXT_URI, {"ex": "https://example.vn/"}],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-03-12T08:00:00Z",
        "epcisBody": {"eventList": [event]},
    }
    assert not validate_json(document)

    back = read_document(document_to_xml(document))

    assert back.problems == []
    assert back.value["epcisBody"]["eventList"][0] == event


def test_what_xml_cannot_say_is_refused_by_its_name():
    document = {
        "@context": words.CONTEXT_URI, "type": "EPCISDocument", "schemaVersion": "2.0",
        "creationDate": "2026-03-12T08:00:00Z",
        "epcisBody": {"eventList": [{"type": "ex:OwnEvent", "eventTime": "x", "eventTimeZoneOffset": "+07:00"}]},
    }  # fmt: skip

    with pytest.raises(NotExpressible) as refused:
        document_to_xml(document)

    assert refused.value.name == "ex:OwnEvent"


def test_typed_event_holds_what_the_document_says(reference):
    path = reference / "gs1-EPCIS/JSON/WithFullCombinationOfFields/object_event_all_possible_fields.jsonld"
    value = read_document(path.read_bytes()).events[0]

    event = event_of(value)

    assert event.epcs == ("urn:epc:id:sgtin:0614141.107346.2018",)
    assert event.quantities[0].quantity == 200
    assert event.error_declaration.reason == "incorrect_data"
    assert event.sensor_elements[0].reports[0]["value"] == 26
    assert set(event.extensions) == {name for name in value if name.startswith("ext1:")}
