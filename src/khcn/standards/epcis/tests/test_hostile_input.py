"""Input that wants to break something gets a report with problems, never an exception."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khcn.standards.epcis.documents import read_document
from khcn.standards.epcis.json_reading import LARGEST_BYTES
from khcn.standards.epcis.standard_rules import check_rules
from khcn.standards.epcis.units import convert, to_base

EVENT = (
    '{"@context":"a:b","type":"ObjectEvent","eventTime":"2026-03-12T07:30:00Z","eventTimeZoneOffset":"+07:00",'
    '"action":"ADD","epcList":["a:b"]%s}'
)
XML = (
    '<epcis:EPCISDocument xmlns:epcis="urn:epcglobal:epcis:xsd:2" schemaVersion="2.0" '
    'creationDate="2026-03-12T07:30:00Z"><EPCISBody><EventList>%s</EventList></EPCISBody></epcis:EPCISDocument>'
)
BOMB = '<!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]>' + XML % "&c;"
EXTERNAL = '<!DOCTYPE a SYSTEM "file:///etc/passwd">' + XML % ""
ENTITY_FILE = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>' + XML % "&b;"


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"\0", b"{", b"[]", b"null", b"1", b'"x"', b"\xff\xfe{\0}\0", '{"a":1}'.encode("utf-16"), b"<", b"<a",
        b"<a/>",
        b"\xef\xbb\xbf", b'{"type":"EPCISDocument","type":"ObjectEvent"}', (EVENT % ',"x:y":1e400').encode(),
        (EVENT % (',"x:y":' + "9" * 5000)).encode(), (EVENT % ',"x:y":NaN').encode(),
        (EVENT % ',"x:y":-Infinity').encode(),
        (EVENT % r',"x:y":"\ud800"').encode(), (EVENT % r',"x:y":"a\u0000b"').encode(),
        (EVENT % r',"\ud800:x":1').encode(),
        (EVENT % (',"x:y":' + "[" * 100 + "]" * 100)).encode(), b"[" * 100_000, b'{"a":' * 100_000,
        (EVENT % (',"x:y":"' + unicodedata.normalize("NFD", "Đắk Lắk") + '"')).encode(),
        BOMB.encode(), EXTERNAL.encode(), ENTITY_FILE.encode(), (XML % ("<x>" * 300 + "</x>" * 300)).encode(),
        (XML % "").encode("utf-16"), ('<?xml version="1.0" encoding="ISO-8859-1"?>' + XML % "é").encode("latin-1"),
        (XML % "\0").encode(), (XML % unicodedata.normalize("NFD", "<x y='ắ'/>")).encode(),
        b'<?xml version="1.0" encoding="no-such"?><a/>', b"\x80\x81", b"<!DOCTYPE a [",
    ],
)  # fmt: skip
def test_hostile_document_has_problems_and_raises_nothing(raw):
    document = read_document(raw)

    assert document.problems
    document.hashes()


@pytest.mark.parametrize(
    "members",
    [
        '"x:y":1,"x:y":2', '"x:y":1,"x:y" :2', '"x:y"\n:1,"x:y"\t:2', r'"x:z\\":1,"x:y":2,"x:y":3',
        r'"x:z":"\":","x:y":2,"x:y":3', '"x:z":":","x:y":2,"x:y":3', '"x:z":" :","x:y":2,"x:y":3',
    ],
    ids=["plain", "space", "lines", "backslash", "quote", "colon", "space_in_text"],
)  # fmt: skip
def test_member_named_twice_is_found_however_it_is_written(members):
    document = read_document((EVENT % f",{members}").encode())

    assert [problem.code for problem in document.problems] == ["duplicate"]


@pytest.mark.parametrize("lead", [b"\xef\xbb\xbf", b" \n", b""])
def test_byte_order_mark_of_utf_8_is_passed_over(lead):
    assert read_document(lead + (EVENT % "").encode()).is_valid
    assert read_document(lead.strip() + (XML % "").encode()).is_valid


def test_document_type_without_declarations_is_accepted_as_in_an_official_example():
    assert read_document(("<!DOCTYPE project>" + XML % "").encode()).is_valid


def test_hundred_megabytes_are_refused_before_they_are_parsed():
    document = read_document(b" " * (LARGEST_BYTES + 1))

    assert document.problems[0].code == "size"


def test_vietnamese_text_in_nfc_is_accepted():
    assert read_document((EVENT % ',"x:y":"Đắk Lắk"').encode()).is_valid


@given(st.binary(max_size=300))
def test_any_bytes_get_a_report(raw):
    for lead in (b"", b"{", b"<", b'{"type":"ObjectEvent",'):
        read_document(lead + raw).hashes()


json_junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
)


@given(
    st.dictionaries(
        st.sampled_from(
            [
                "epcList",
                "quantityList",
                "bizStep",
                "readPoint",
                "bizTransactionList",
                "sourceList",
                "sensorElementList",
                "ilmd",
                "errorDeclaration",
                "persistentDisposition",
                "certificationInfo",
                "eventID",
                "childEPCs",
                "x:y",
                "@context",
                "action",
                "type",
            ]
        ),
        json_junk,
        max_size=6,
    )
)
def test_any_event_gets_a_report(members):
    event = {**json.loads(EVENT % ""), **members}

    document = read_document(json.dumps(event).encode())

    document.hashes()
    if document.value is not None:
        check_rules(document.value)


def association(**members):
    return {
        "type": "AssociationEvent", "eventTime": "2026-03-12T07:30:00Z", "eventTimeZoneOffset": "+07:00",
        "parentID": "urn:epc:id:grai:8931234.00001.1", "childEPCs": ["urn:epc:id:giai:8931234.1"], "action": "ADD",
        **members,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("members", "codes"),
    [
        ({}, []),
        ({"parentID": ""}, ["parent"]),
        ({"parentID": "", "action": "OBSERVE"}, []),
        ({"childEPCs": []}, ["children"]),
        ({"childEPCs": [], "action": "DELETE"}, []),
        ({"childEPCs": [], "childQuantityList": [{"epcClass": "x:y"}]}, []),
    ],
)
def test_associations_by_tcr_54(members, codes):
    assert [breach.code for breach in check_rules(association(**members))] == codes


def sensed(metadata, report):
    return association(sensorElementList=[{"sensorMetadata": metadata, "sensorReport": [report]}])


@pytest.mark.parametrize("name", ["time", "deviceID", "deviceMetadata", "rawData", "dataProcessingMethod"])
def test_sensor_attribute_said_twice_breaks_tcr_53(name):
    value = "2026-03-12T07:00:00Z" if name == "time" else "urn:x:y"

    twice = check_rules(sensed({name: value}, {"type": "Temperature", name: value}))

    assert [breach.code for breach in twice] == ["sensor_twice"]
    assert twice[0].pointer == f"/sensorElementList/0/sensorReport/0/{name}"
    assert not check_rules(sensed({name: value}, {"type": "Temperature"}))
    assert not check_rules(sensed({}, {"type": "Temperature", name: value}))


def test_sensor_times_do_not_lie_after_the_event_nor_end_before_they_start():
    late = sensed({"time": "2026-03-12T07:30:00.001Z"}, {"type": "Temperature"})
    turned = sensed({"startTime": "2026-03-12T07:00:00Z", "endTime": "2026-03-12T06:00:00Z"}, {"type": "Temperature"})

    assert [breach.code for breach in check_rules(late)] == ["time"]
    assert [breach.code for breach in check_rules(turned)] == ["time"]


@pytest.mark.parametrize(
    ("value", "code", "into", "expected"),
    [
        (25, "CEL", "KEL", 298.15), (298.15, "KEL", "CEL", 25), (212, "FAH", "CEL", 100), (-40, "FAH", "CEL", -40),
        (1, "LBR", "KGM", 0.45359237), (90, "KMH", "MTS", 25), (1, "HAR", "MTK", 10_000), (1013.25, "HPA", "ATM", 1),
        (60, "MIN", "HUR", 1), (1, "KWH", "3B", 3.6), (180, "DD", "C81", 3.141592653589793), (12.5, "P1", "C62", 0.125),
        (1, "GL", "KMQ", 1), (1, "TNE", "DTN", 10),
    ],
)  # fmt: skip
def test_units_convert_by_their_definitions(value, code, into, expected):
    assert convert(value, code, into) == pytest.approx(expected, rel=1e-12)


def test_units_of_different_quantities_do_not_compare():
    with pytest.raises(ValueError, match="different quantities"):
        convert(1, "CEL", "KGM")
    assert to_base(1, "ZZZ") == ("?ZZZ", 1.0)
