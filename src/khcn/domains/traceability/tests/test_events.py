"""Questions to stored events: the same answer as the pure question, who sees what, order, pages and limits."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from khcn.domains.traceability.errors import (
    AlreadyExists,
    NoSuchName,
    NoSuchResource,
    QueryRefused,
    QueryTooLarge,
    QueryUnsound,
)
from khcn.domains.traceability.queries.events import (
    event_by_id,
    find_events,
    occurring,
    occurs,
    question,
    top_condition,
)
from khcn.domains.traceability.services.named_queries import forget_query, keep_query, query_named
from khcn.domains.traceability.tests.conftest import CONTEXT, NOW, captured, event, new_client
from khcn.standards.epcis.event_query import Asked
from khcn.standards.epcis.namespaces import Namespaces

pytestmark = [pytest.mark.django_db, pytest.mark.database]
STEPS, PLACES = ["packing", "shipping", "receiving"], [f"urn:epc:id:sgln:0614141.0088{n}.0" for n in range(3)]


def ids(client, parameters, per_page=100, **options):
    return [
        one.event_id
        for one in find_events(client=client, query=question(parameters), per_page=per_page, **options).events
    ]


def many(count, seed=1):
    hand = random.Random(seed)
    moment = datetime(2026, 3, 1, tzinfo=UTC)
    for number in range(count):
        moment += timedelta(minutes=hand.randrange(0, 50))
        yield event(
            eventID=f"urn:uuid:{number:04}", eventTime=moment.isoformat().replace("+00:00", "Z"),
            bizStep=hand.choice(STEPS), readPoint={"id": hand.choice(PLACES)}, action=hand.choice(["ADD", "OBSERVE"]),
            epcList=[f"urn:epc:id:sgtin:0614141.{hand.choice(['107346', '107347'])}.{hand.randrange(20)}"],
            **({"e:weight": hand.randrange(9)} if hand.random() < 0.5 else {}),
        )  # fmt: skip


QUESTIONS = [
    {}, {"EQ_bizStep": ["packing"]}, {"EQ_bizStep": ["https://ref.gs1.org/cbv/BizStep-shipping", "receiving"]},
    {"MATCH_epc": ["urn:epc:idpat:sgtin:0614141.107346.*"]}, {"MATCH_epc": ["urn:epc:idpat:sgtin:0614141.*.*"]},
    {"MATCH_anyEPC": ["urn:epc:id:sgtin:0614141.107346.3", "https://id.gs1.org/01/10614141073471/21/4"]},
    {"EQ_readPoint": [PLACES[0]]}, {"EQ_action": ["ADD"], "EQ_bizStep": ["packing"]}, {"GE_e:weight": 4},
    {"GE_eventTime": "2026-03-01T10:00:00Z", "LT_eventTime": "2026-03-02T00:00:00+07:00"},
    {"EQ_eventID": ["urn:uuid:0003"]}, {"eventType": ["AggregationEvent"]},
    {"EXISTS_e:weight": True, "EQ_action": ["ADD"]},
]  # fmt: skip


def test_stored_answer_equals_the_pure_question(client_of_coop):
    events = list(many(120))
    captured(client_of_coop, *events)
    namespaces = Namespaces.of_context(CONTEXT)

    for parameters in QUESTIONS:
        asked = {"@context": CONTEXT, **parameters}
        pure = {one["eventID"] for one in events if question(asked).matches(Asked(one, namespaces, NOW))}

        assert set(ids(client_of_coop, asked, 500)) == pure, parameters


@pytest.mark.parametrize("order", ["eventTime", "recordTime"])
@pytest.mark.parametrize("direction", ["ASC", "DESC"])
def test_pages_give_every_event_once_in_order(client_of_coop, order, direction):
    captured(client_of_coop, *many(50))
    query, after, seen = question({"orderBy": order, "orderDirection": direction}), None, []
    while True:
        page = find_events(client=client_of_coop, query=query, per_page=7, after=after)
        seen += page.events
        after = page.next_after
        if after is None:
            break

    keys = [(one.event_time if order == "eventTime" else one.record_time, one.seq) for one in seen]
    assert keys == sorted(keys, reverse=direction == "DESC")
    assert len({one.seq for one in seen}) == 50


def test_limits_of_a_question(client_of_coop):
    captured(client_of_coop, *many(10))

    assert len(ids(client_of_coop, {"eventCountLimit": 4})) == 4
    assert len(ids(client_of_coop, {"maxEventCount": 10})) == 10
    with pytest.raises(QueryTooLarge):
        ids(client_of_coop, {"maxEventCount": 9})
    with pytest.raises(QueryRefused):
        question({"EQ_bizStap": ["x"]})


def test_party_sees_its_own_and_what_names_its_prefix(client_of_coop):
    stranger, buyer, province = (
        new_client("x", prefixes=["999999"]),
        new_client("b", prefixes=["4012345"]),
        new_client("p", prefixes=[], sees_all=True),
    )
    sold = event(
        eventID="urn:uuid:sold", bizStep="shipping",
        destinationList=[{"type": "owning_party", "destination": "urn:epc:id:pgln:4012345.00001"}],
    )  # fmt: skip
    captured(client_of_coop, sold, event(eventID="urn:uuid:kept"))

    assert set(ids(client_of_coop, {})) == set(ids(province, {})) == {"urn:uuid:sold", "urn:uuid:kept"}
    assert ids(buyer, {}) == ["urn:uuid:sold"]
    assert ids(stranger, {}) == []
    assert event_by_id(client=buyer, event_id="urn:uuid:sold").value["bizStep"] == "shipping"
    with pytest.raises(NoSuchResource):
        event_by_id(client=buyer, event_id="urn:uuid:kept")


def test_location_with_descendants_by_master_data(client_of_coop):
    element = {"id": PLACES[0], "children": [PLACES[1]], "attributes": [{"id": "urn:a:city", "attribute": "Bù Đăng"}]}
    vocabulary = {"type": "urn:epcglobal:epcis:vtype:ReadPoint", "vocabularyElementList": [element]}
    captured(
        client_of_coop, event(eventID="urn:uuid:1", readPoint={"id": PLACES[1]}),
        header={"epcisMasterData": {"vocabularyList": [vocabulary]}},
    )  # fmt: skip

    assert ids(client_of_coop, {"WD_readPoint": [PLACES[0]]}) == ["urn:uuid:1"]
    assert ids(client_of_coop, {"EQ_readPoint": [PLACES[0]]}) == []
    assert ids(client_of_coop, {"HASATTR_readPoint": ["urn:a:city"]}) == []


def test_top_level_resources_are_what_occurs(client_of_coop):
    captured(client_of_coop, *many(30))

    steps = occurring(client=client_of_coop, what="bizSteps", per_page=10)
    assert len(steps) == 3
    assert occurring(client=client_of_coop, what="bizSteps", per_page=10, after=steps[0]) == steps[1:]
    assert occurs(client=client_of_coop, what="bizSteps", value="packing")
    assert not occurs(client=client_of_coop, what="dispositions", value="active")
    assert not occurring(client=new_client("x", prefixes=["999999"]), what="epcs", per_page=10)
    narrowed = top_condition("bizSteps", "packing")
    assert ids(client_of_coop, {}, narrowed=narrowed) == ids(client_of_coop, {"EQ_bizStep": ["packing"]})


def test_named_queries_belong_to_their_client(client_of_coop):
    keep_query(by=client_of_coop, name="packed", parameters={"EQ_bizStep": ["packing"]})

    assert query_named(client=client_of_coop, name="packed").parameters == {"EQ_bizStep": ["packing"]}
    with pytest.raises(AlreadyExists):
        keep_query(by=client_of_coop, name="packed", parameters={})
    with pytest.raises(NoSuchName):
        query_named(client=new_client("x"), name="packed")
    for name, parameters in [("", {}), ("a/b", {}), ("x", []), ("x", {"EQ_what": 1})]:
        with pytest.raises(QueryUnsound):
            keep_query(by=client_of_coop, name=name, parameters=parameters)
    forget_query(by=client_of_coop, name="packed")
    with pytest.raises(NoSuchName):
        forget_query(by=client_of_coop, name="packed")
