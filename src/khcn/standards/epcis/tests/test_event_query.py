"""Every family of query parameters on one rich event, what is refused, and that the official list of names is known."""

import json
from datetime import UTC, datetime

import pytest

from khcn.standards.epcis.event_query import Asked, QueryParameterRefused
from khcn.standards.epcis.namespaces import Namespaces
from khcn.standards.epcis.query_parameters import CONTROLS, FIXED, read_query

PREFIXES = {"e": "http://example.com/ext1/", "f": "http://example.com/ext2/"}
EVENT = {
    "type": "ObjectEvent", "eventID": "urn:uuid:1", "action": "OBSERVE", "bizStep": "receiving",
    "disposition": "in_progress", "eventTime": "2026-03-12T07:30:00Z", "eventTimeZoneOffset": "+07:00",
    "recordTime": "2026-03-12T08:00:00Z",
    "epcList": ["urn:epc:id:sgtin:0614141.107346.2018", "https://id.gs1.org/00/106141412345678908"],
    "quantityList": [{"epcClass": "urn:epc:class:lgtin:4012345.012345.998877", "quantity": 200, "uom": "KGM"}],
    "readPoint": {"id": "urn:epc:id:sgln:0614141.07346.1234"}, "bizLocation": {"id": "urn:epc:id:sgln:0614141.00888.0"},
    "bizTransactionList": [{"type": "po", "bizTransaction": "urn:epc:id:gdti:0614141.00001.1618034"}],
    "sourceList": [{"type": "location", "source": "urn:epc:id:sgln:4012345.00225.0"}],
    "persistentDisposition": {"set": ["completeness_verified"], "unset": ["completeness_inferred"]},
    "errorDeclaration": {"declarationTime": "2026-04-01T00:00:00Z", "reason": "incorrect_data",
                         "correctiveEventIDs": ["urn:uuid:2"]},
    "sensorElementList": [{
        "sensorMetadata": {"time": "2026-03-12T07:00:00Z", "deviceID": "urn:epc:id:giai:4000001.111"},
        "sensorReport": [{"type": "gs1:Temperature", "value": 26.0, "uom": "CEL", "e:quality": "good"}],
    }],
    "ilmd": {"e:lot": "A", "e:weight": 3},
    "e:count": 10, "e:deep": {"f:text": "inside"},
}  # fmt: skip


def answer(parameters):
    asked = Asked(EVENT, Namespaces.of_context(PREFIXES), record_time=datetime(2026, 3, 12, 8, tzinfo=UTC))
    return read_query({"@context": PREFIXES, **parameters}).matches(asked)


MATCHING = [
    {}, {"eventType": ["ObjectEvent", "AggregationEvent"]}, {"EQ_action": ["OBSERVE"]},
    {"GE_eventTime": "2026-03-12T14:30:00+07:00"}, {"LT_eventTime": "2026-03-12T07:30:00.001Z"},
    {"GE_recordTime": "2026-03-12T08:00:00Z"}, {"EQ_eventID": ["urn:uuid:1"]},
    {"EQ_bizStep": ["receiving"]}, {"EQ_bizStep": ["https://ref.gs1.org/cbv/BizStep-receiving"]},
    {"EQ_bizStep": ["urn:epcglobal:cbv:bizstep:receiving", "shipping"]}, {"EQ_disposition": ["in_progress"]},
    {"MATCH_epc": ["urn:epc:idpat:sgtin:0614141.107346.*"]}, {"MATCH_epc": ["urn:epc:idpat:sgtin:0614141.*.*"]},
    {"MATCH_epc": ["https://id.gs1.org/01/10614141073464/21/2018"]},
    {"MATCH_anyEPC": ["urn:epc:id:sscc:0614141.1234567890"]},
    {"MATCH_epcClass": ["https://id.gs1.org/01/04012345123456/10/998877"]},
    {"EQ_readPoint": ["urn:epc:id:sgln:0614141.07346.1234"]}, {"WD_readPoint": ["urn:epc:id:sgln:0614141.07346.1234"]},
    {"EQ_bizLocation": ["https://id.gs1.org/414/0614141008889"]},
    {"EQ_bizTransaction_po": ["urn:epc:id:gdti:0614141.00001.1618034"]},
    {"EQ_source_location": ["urn:epc:id:sgln:4012345.00225.0"]},
    {"EQ_persistentDisposition_set": ["completeness_verified"]}, {"EXISTS_errorDeclaration": True},
    {"GE_errorDeclarationTime": "2026-04-01T00:00:00Z"}, {"EQ_errorReason": ["incorrect_data"]},
    {"EQ_correctiveEventID": ["urn:uuid:2"]}, {"EQ_quantity_KGM": [200]}, {"GE_quantity_GRM": 200000},
    {"EQ_type": ["gs1:Temperature"]}, {"GE_value_CEL": 26}, {"GE_value_KEL": 299}, {"LT_value_FAH": 79},
    {"EQ_e:count": [10]}, {"GT_e:count": 9}, {"EXISTS_e:count": 1}, {"EXISTS_http://example.com/ext1/count": 1},
    {"EQ_INNER_f:text": ["inside"]}, {"EXISTS_INNER_f:text": None}, {"EQ_ILMD_e:lot": ["A"]}, {"LE_ILMD_e:weight": 3},
    {"EQ_SENSORREPORT_e:quality": ["good"]},
]  # fmt: skip
OTHER = [
    {"eventType": ["AggregationEvent"]}, {"EQ_action": ["ADD"]}, {"GE_eventTime": "2026-03-12T07:30:00.001Z"},
    {"LT_eventTime": "2026-03-12T07:30:00Z"}, {"EQ_bizStep": ["shipping"]},
    {"MATCH_epc": ["urn:epc:idpat:sgtin:0614142.*.*"]}, {"MATCH_parentID": ["urn:epc:id:sscc:0614141.1234567890"]},
    {"EQ_source_owning_party": ["urn:epc:id:sgln:4012345.00225.0"]}, {"GT_quantity_GRM": 200000},
    {"GE_value_KEL": 300}, {"EQ_e:count": [11]}, {"EXISTS_f:count": 1}, {"EXISTS_f:text": 1},
    {"EQ_ILMD_e:lot": ["B"]}, {"EQ_persistentDisposition_unset": ["completeness_verified"]},
    {"EQ_bizStep": ["receiving"], "EQ_action": ["ADD"]},
]  # fmt: skip
REFUSED = [
    {"foo": 1}, {"EQ_action": ["X"]}, {"GE_eventTime": "x"}, {"eventCountLimit": 1, "maxEventCount": 1},
    {"orderBy": "bizStep"}, {"orderDirection": "UP"}, {"GE_value_KEL": "x"}, {"eventCountLimit": -1},
    {"HASATTR_readPoint": ["urn:x:y"]},
]  # fmt: skip
SCHEDULE = {
    "second", "minute", "hour", "dayOfMonth", "month", "dayOfWeek", "initialRecordTime", "reportIfEmpty", "stream",
}  # fmt: skip


@pytest.mark.parametrize("parameters", MATCHING, ids=json.dumps)
def test_event_answers_the_question(parameters):
    assert answer(parameters)


@pytest.mark.parametrize("parameters", OTHER, ids=json.dumps)
def test_event_does_not_answer_another_question(parameters):
    assert not answer(parameters)


@pytest.mark.parametrize("parameters", REFUSED, ids=json.dumps)
def test_unsound_question_is_refused(parameters):
    with pytest.raises(QueryParameterRefused):
        read_query({"@context": PREFIXES, **parameters})


def test_attributes_of_master_data_narrow_places():
    def attributes(name, value):
        return (
            ["urn:epc:id:sgln:0614141.07346.1234"] if (name, value) in (("urn:a:city", ""), ("urn:a:city", "X")) else []
        )

    def asks(parameters):
        return read_query(parameters, attributes).matches(Asked(EVENT, Namespaces.of_context(PREFIXES)))

    assert asks({"HASATTR_readPoint": ["urn:a:city"]})
    assert asks({"EQATTR_readPoint_urn:a:city": ["X"]})
    assert not asks({"EQATTR_readPoint_urn:a:city": ["Y"]})
    assert not asks({"HASATTR_bizLocation": ["urn:a:city"]})


def test_every_official_parameter_is_known(reference):
    official = json.loads((reference / "gs1-EPCIS/REST Bindings/openapi.json").read_bytes())
    names = {one["name"] for one in official["components"]["parameters"].values() if one["in"] == "query"}

    unknown = sorted(name for name in names - SCHEDULE if name not in FIXED and name not in CONTROLS)

    assert unknown == []
    assert len(FIXED) >= 61
