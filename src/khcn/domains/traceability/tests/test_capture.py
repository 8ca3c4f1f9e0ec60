"""Capture: once only, all or what is right, owners' prefixes, error declarations, master data, the chain of jobs."""

import zlib

import pytest

from khcn.domains.traceability.choices import Role
from khcn.domains.traceability.errors import AlreadyExists, CaptureTooLarge, NotAllowed, ValidationRefused
from khcn.domains.traceability.models import CapturedEvent, CaptureJob, Containment, EventName, Master, Transformed
from khcn.domains.traceability.queries.trace import trace_back, trace_forward
from khcn.domains.traceability.services import capture
from khcn.domains.traceability.services.capture import capture_document, capture_event
from khcn.domains.traceability.tests.conftest import NOW, captured, document, event, new_client
from khcn.standards.epcis.documents import read_document
from khcn.standards.epcis.json_writing import write_json

pytestmark = [pytest.mark.django_db, pytest.mark.database]
BOX, ITEM, OTHER = (
    "urn:epc:id:sscc:0614141.1234567890",
    "urn:epc:id:sgtin:0614141.107346.1",
    "urn:epc:id:sgtin:0614141.107346.2",
)
LOT, OIL = "urn:epc:class:lgtin:0614141.107346.L1", "urn:epc:class:lgtin:0614141.107347.O1"


def packed(action, children, at):
    return event(
        type="AggregationEvent",
        epcList=None,
        parentID=BOX,
        childEPCs=children,
        action=action,
        bizStep="packing",
        eventTime=at,
    )


def test_events_are_stored_once_whatever_their_spelling(client_of_coop):
    first = captured(client_of_coop, event(), event())
    again = captured(
        client_of_coop, dict(reversed(event(bizStep="https://ref.gs1.org/cbv/BizStep-inspecting").items()))
    )

    assert (first.success, first.event_count, first.stored_count) == (True, 2, 1)
    assert (again.success, again.stored_count) == (True, 0)
    assert CapturedEvent.objects.get().event_id.startswith("ni:///sha-256;")


def test_body_keeps_extensions_and_spelling(client_of_coop):
    sent = event(eventID="urn:uuid:2ba2ce6e-5b4b-4c05-8a5e-4f0e1f2d3c4b", **{"e:note": {"e:inner": ["1", "02"]}})

    captured(client_of_coop, sent)

    assert bytes(CapturedEvent.objects.get().body) == write_json(sent)


def test_job_keeps_the_document_and_the_chain(client_of_coop):
    first = captured(client_of_coop, event())
    second = captured(client_of_coop, event(bizStep="packing"))

    assert zlib.decompress(bytes(first.document)) == document(event())
    assert len({first.chain, second.chain, capture.GENESIS}) == 3


def test_rollback_stores_nothing_and_proceed_what_is_right(client_of_coop):
    foreign = event(action="ADD", epcList=["urn:epc:id:sgtin:4012345.012345.1"])

    rolled = captured(client_of_coop, event(), foreign)
    went_on = captured(client_of_coop, event(), foreign, behaviour="proceed")

    assert (rolled.success, rolled.stored_count) == (False, 0)
    assert (went_on.success, went_on.stored_count) == (False, 1)
    assert went_on.errors[0]["type"] == "epcisException:SecurityException"
    assert went_on.errors[0]["instance"] == "/epcisBody/eventList/1"


def test_event_id_of_another_event_is_refused(client_of_coop):
    captured(client_of_coop, event(eventID="urn:uuid:1"))

    job = captured(client_of_coop, event(eventID="urn:uuid:1", bizStep="packing"))

    assert [error["type"] for error in job.errors] == ["epcisException:ResourceAlreadyExistsException"]


def test_bare_event_that_is_known_is_refused(client_of_coop):
    raw = write_json({"@context": "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", **event()})

    stored = capture_event(by=client_of_coop, raw=raw, document=read_document(raw), now=NOW)

    assert stored.event_id.startswith("ni:///")
    with pytest.raises(AlreadyExists):
        capture_event(by=client_of_coop, raw=raw, document=read_document(raw), now=NOW)


def test_what_may_not_be_captured_is_refused(client_of_coop, monkeypatch):
    raw = document(event(), event(bizStep="packing"))
    wrong = raw.replace(b'"OBSERVE"', b'"LOOK"')
    deaf = new_client("deaf", may_capture=False)

    with pytest.raises(ValidationRefused):
        capture_document(by=client_of_coop, raw=wrong, document=read_document(wrong), now=NOW)
    with pytest.raises(NotAllowed):
        capture_document(by=deaf, raw=raw, document=read_document(raw), now=NOW)
    monkeypatch.setattr(capture, "CAPTURE_LIMIT", 1)
    with pytest.raises(CaptureTooLarge):
        capture_document(by=client_of_coop, raw=raw, document=read_document(raw), now=NOW)
    assert not CaptureJob.objects.exists()


@pytest.mark.parametrize("declared_first", [False, True])
def test_error_declaration_takes_back_what_was_derived(client_of_coop, declared_first):
    wrong = {**packed("ADD", [ITEM], "2026-03-12T07:30:00Z"), "eventID": "urn:uuid:1"}
    declared = {**wrong, "errorDeclaration": {"declarationTime": "2026-03-13T00:00:00Z"}}

    for one in (declared, wrong) if declared_first else (wrong, declared):
        assert captured(client_of_coop, one).stored_count == 1

    assert not Containment.objects.exists()
    assert CapturedEvent.objects.count() == 2


def test_master_data_keep_the_latest_statement(client_of_coop):
    def header(city):
        element = {
            "id": "urn:epc:id:sgln:0614141.00888.0", "children": ["urn:epc:id:sgln:0614141.00889.0"],
            "attributes": [{"id": "urn:epcglobal:cbv:mda#city", "attribute": city}],
        }  # fmt: skip
        vocabulary = {"type": "urn:epcglobal:epcis:vtype:BusinessLocation", "vocabularyElementList": [element]}
        return {"epcisMasterData": {"vocabularyList": [vocabulary]}}

    captured(client_of_coop, event(), header=header("Đồng Xoài"))
    captured(client_of_coop, event(), header=header("Bình Long"))

    assert Master.objects.get().attributes[0]["attribute"] == "Bình Long"


def test_trace_runs_through_boxes_and_makings(client_of_coop):
    making = event(
        type="TransformationEvent", epcList=None, action=None, bizStep="commissioning",
        eventTime="2026-03-12T09:00:00Z",
        inputEPCList=[BOX], inputQuantityList=[{"epcClass": LOT, "quantity": 300, "uom": "KGM"}],
        outputQuantityList=[{"epcClass": OIL, "quantity": 280, "uom": "KGM"}],
    )  # fmt: skip
    captured(
        client_of_coop,
        packed("ADD", [ITEM], "2026-03-12T07:00:00Z"), making, packed("DELETE", [], "2026-03-12T10:00:00Z"),
        packed("ADD", [OTHER], "2026-03-12T11:00:00Z"),
    )  # fmt: skip

    back, onward = trace_back(OIL), trace_forward(ITEM)

    assert Transformed.objects.count() == 3
    assert {thing.uri.rsplit("/", 1)[1] for thing in back.things} == {"O1", "L1", "1", "106141412345678908"}
    assert all(thing.is_certain for thing in back.things)
    assert {thing.uri.rsplit("/", 1)[1] for thing in onward.things} == {"1", "106141412345678908", "O1"}


def test_many_things_of_one_event_are_each_kept_once_in_their_order(client_of_coop):
    things = [f"urn:epc:id:sgtin:0614141.107346.{number}" for number in range(32 + 8 + 3)]

    captured(client_of_coop, event(epcList=things))

    stored = EventName.objects.filter(role=Role.EPC).order_by("id").values_list("ident__uri", flat=True)
    assert list(stored) == [f"https://id.gs1.org/01/10614141073464/21/{number}" for number in range(43)]
