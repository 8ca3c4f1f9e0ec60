"""SensorThings 1.1: sets, links, options, pages, what is refused; taking in by key, one by one and as an array."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from khcn.domains.hazards.choices import StationAccess
from khcn.domains.hazards.models import Observation, StationKey
from khcn.domains.hazards.services.stations import issue_key
from khcn.standards.ogcapi.tests.ledger import holds

pytestmark = [pytest.mark.django_db, pytest.mark.database]
ROOT = "/sta/v1.1"
START = datetime(2023, 5, 14, 0, tzinfo=UTC)
STA = "SensorThings 1.1"
MODEL, PATHS, ASKING = f"{STA} datamodel", f"{STA} resource-path/resource-path-to-entities", f"{STA} request-data"
CREATING, ARRAYS = f"{STA} create-observations-via-http", f"{STA} data-array/data-array"
OURS = f"{STA}, rights beside the standard"


@pytest.fixture
def served(world):
    world.one = world.station(name="Trạm Bù Gia Mập")
    world.rain, world.air = world.stream(world.one), world.stream(world.one, "air_temp_c")
    world.put(world.rain, [float(n) for n in range(120)], start=START)
    world.put(world.air, [25.0, None, 99.0], start=START)
    hidden = world.station("NB-01", access=StationAccess.INTERNAL)
    world.put(world.stream(hidden), [1.0], start=START)
    world.key, world.secret = issue_key(by=world.keeper, station=world.one)
    return world


def get(path, **more):
    return Client().get(f"{ROOT}{path}", **more)


def told(path, **data):
    response = get(path, data=data or None)
    assert response.status_code == 200, response.content
    return response.json()


@holds(PATHS, "no path: the sets and what is conformed to", "path of a set")
@holds(MODEL, "eight sets of entities, each with its list")
def test_landing_page_lists_every_set(served):
    names = {one["name"] for one in told("")["value"]}

    assert names == {"Things", "Locations", "HistoricalLocations", "Datastreams", "Sensors", "ObservedProperties",
                     "Observations", "FeaturesOfInterest"}  # fmt: skip
    for name in names:
        assert isinstance(told(f"/{name}")["value"], list)


@holds(ASKING, "each requirement is announced by itself, and none that is not held")
def test_functions_and_operations_that_are_not_all_there_are_not_announced(served):
    announced = {one.partition("/req/")[2] for one in told("")["serverSettings"]["conformance"]}

    assert {"request-data/expand", "request-data/filter", "datamodel"} <= announced
    assert announced.isdisjoint(
        {"request-data", "request-data/built-in-filter-operations", "request-data/built-in-query-functions"}
    )
    for asked in ("length(name) eq 3", "st_within(location, geography'POINT(1 2)')", "result add 1 gt 2"):
        assert get("/Things", data={"$filter": asked}).status_code == 400, asked


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ("startswith(name,'Trạm')", 1), ("endswith(name,'Mập')", 1), ("contains(name,'Gia')", 1),
        ("substringof('Gia',name)", 1), ("not contains(name,'Gia')", 0), ("startswith(name,'Gia')", 0),
    ],
)  # fmt: skip
def test_four_functions_of_texts_are_understood(served, asked, count):
    assert len(told("/Things", **{"$filter": asked})["value"]) == count


@holds(OURS, "rights hold on every path")
def test_public_sees_open_stations_only(served):
    assert [one["@iot.id"] for one in told("/Things")["value"]] == ["TD-01"]
    assert get("/Things('NB-01')").status_code == 404
    assert told("/Observations", **{"$filter": "Datastream/@iot.id eq 'NB-01.rain_mm'"})["value"] == []


@holds(MODEL, "datamodel/entity-control-information/common-control-information")
@holds(PATHS, "path of an entity and of what is related to it")
def test_every_link_of_an_entity_leads_somewhere(served):
    entity = told("/Datastreams('TD-01.rain_mm')")

    for name, address in entity.items():
        if name.endswith("navigationLink") and not name.startswith("Sensor@"):
            path = address.split("/sta/v1.1")[1]
            assert get(path).status_code == 200, path


@holds(ASKING, "request-data/expand", "request-data/select", "request-data/orderby", "request-data/top",
       "request-data/skip", "request-data/pagination")  # fmt: skip
def test_expand_select_order_top_skip_and_next_link(served):
    found = told(
        "/Datastreams", **{"$expand": "Thing($select=name),Observations($top=2;$orderby=phenomenonTime desc)",
                           "$filter": "@iot.id eq 'TD-01.rain_mm'"},
    )["value"][0]  # fmt: skip
    first = told("/Datastreams('TD-01.rain_mm')/Observations",
                 **{"$orderby": "phenomenonTime asc", "$top": "50", "$skip": "50"})  # fmt: skip
    following = Client().get(first["@iot.nextLink"].split("testserver")[1]).json()

    assert found["Thing"]["name"] == "Trạm Bù Gia Mập"
    assert "description" not in found["Thing"]
    assert [one["result"] for one in found["Observations"]] == [119.0, 118.0]
    assert [one["result"] for one in first["value"]] == [float(n) for n in range(50, 100)]
    assert [one["result"] for one in following["value"]] == [float(n) for n in range(100, 120)]
    assert "@iot.nextLink" not in following


@holds(ASKING, "request-data/filter", "request-data/count")
def test_filter_by_time_and_value_and_count_within_a_series(served):
    answer = told(
        "/Datastreams('TD-01.rain_mm')/Observations",
        **{"$filter": "phenomenonTime ge 2023-05-14T10:00:00Z and result lt 70", "$count": "true"},
    )

    assert answer["@iot.count"] == 10
    assert {one["result"] for one in answer["value"]} == {float(n) for n in range(60, 70)}


@holds(PATHS, "path of a property", "path of the value of a property")
def test_unusable_values_are_null_and_a_single_property_has_its_raw_value(served):
    values = told("/Datastreams('TD-01.air_temp_c')/Observations", **{"$orderby": "phenomenonTime"})["value"]

    assert [one["result"] for one in values] == [25.0, None, None]
    assert get("/Things('TD-01')/name/$value").content.decode() == "Trạm Bù Gia Mập"
    assert told("/Things('TD-01')/name") == {"name": "Trạm Bù Gia Mập"}


@holds(MODEL, "datamodel/entity-control-information/common-control-information")
def test_observation_is_found_by_its_own_address(served):
    one = told("/Datastreams('TD-01.rain_mm')/Observations", **{"$top": "1"})["value"][0]

    again = Client().get(one["@iot.selfLink"].split("testserver")[1]).json()

    assert again == one
    assert told(one["@iot.selfLink"].split("/sta/v1.1")[1] + "/Datastream")["@iot.id"] == "TD-01.rain_mm"


@holds(ARRAYS, "result format dataArray")
def test_result_format_data_array(served):
    answer = told("/Datastreams('TD-01.rain_mm')/Observations", **{"$resultFormat": "dataArray", "$top": "3"})

    assert answer["value"][0]["components"] == ["phenomenonTime", "result"]
    assert [row[1] for row in answer["value"][0]["dataArray"]] == [119.0, 118.0, 117.0]


@holds(ASKING, "request-data/status-code", "request-data/query-status-code")
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/Nothing", 400), ("/Things('x')", 404), ("/Things?$top=-1", 400), ("/Things?$unknown=1", 400),
        ("/Things?$filter=name eq", 400), ("/Observations?$count=true", 400), ("/Things('TD-01')/Nope", 400),
        ("/Observations?$filter=parameters/revision eq 1", 400), ("/Observations?$orderby=parameters", 400),
        ("/Observations('kaputt')", 404), ("/Things?$skip=99999999", 400),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_refused_with_a_sentence(served, path, status):
    response = get(path)

    assert response.status_code == status
    assert response.json()["message"]


def post(served, path, body, secret=None, **more):
    headers = {"Authorization": f"Bearer {secret or served.secret}"} | more
    return Client().post(f"{ROOT}{path}", json.dumps(body), content_type="application/json", headers=headers)


def value(at, result=1.5, code="TD-01.rain_mm"):
    return {"phenomenonTime": at.isoformat(), "result": result, "Datastream": {"@iot.id": code}}


@holds(CREATING, "POST of an Observation, 201 with its Location")
def test_machine_sends_a_value_by_its_key_and_twice_is_once(served):
    at = timezone.now().replace(second=0, microsecond=0)

    first, again = post(served, "/Observations", value(at)), post(served, "/Observations", value(at))

    assert (first.status_code, again.status_code) == (201, 201)
    assert Client().get(first["Location"].split("testserver")[1]).json()["result"] == 1.5
    assert Observation.objects.filter(datastream=served.rain, phenomenon_time=at).count() == 1
    assert StationKey.objects.get(pk=served.key.pk).last_used_at is not None


@holds(ARRAYS, "CreateObservations, one answer for each value")
def test_array_answers_each_value_in_its_place(served):
    at = timezone.now().replace(second=0, microsecond=0) - timedelta(hours=1)
    times = [(at + timedelta(minutes=10 * n)).isoformat() for n in range(3)]
    body = [{"Datastream": {"@iot.id": "TD-01.rain_mm"}, "components": ["phenomenonTime", "result"],
             "dataArray": [[times[0], 1.0], [times[1], "x"], [times[2], 2.0]]},
            {"Datastream": {"@iot.id": "NB-01.rain_mm"}, "components": ["phenomenonTime", "result"],
             "dataArray": [[times[0], 1.0]]}]  # fmt: skip

    answer = post(served, "/CreateObservations", body)

    told_ = answer.json()
    assert answer.status_code == 201
    assert [one == "error" for one in told_] == [False, True, False, True]


@holds(CREATING, "a value that is none is refused with 400")
@pytest.mark.parametrize("body", [[], {}, {"phenomenonTime": "x"}, value(START, float("nan")), value(START, True)])
def test_nonsense_is_refused(served, body):
    assert post(served, "/Observations", body).status_code == 400


@holds(ARRAYS, "an array that is none is refused with 400")
@pytest.mark.parametrize(
    "group", [1, {}, {"components": "result"}, {"components": ["result"], "dataArray": None}, {"dataArray": [1]}]
)
def test_array_that_is_none_is_refused(served, group):
    assert post(served, "/CreateObservations", [group]).status_code == 400


@holds(OURS, "only with the key of the station")
def test_account_in_other_letters_is_refused(served):
    basic = base64.b64encode(f"trạm:{served.secret}".encode()).decode()

    response = post(served, "/Observations", value(START), Authorization=f"Basic {basic}")

    assert response.status_code == 401


@holds(OURS, "only with the key of the station", "what may not be changed answers 405")
def test_wrong_revoked_and_foreign_keys_are_refused(served):
    at = timezone.now()

    assert post(served, "/Observations", value(at), secret="x").status_code == 401
    assert post(served, "/Observations", value(at, code="NB-01.rain_mm")).status_code == 400
    StationKey.objects.update(revoked_at=at)
    assert post(served, "/Observations", value(at)).status_code == 401
    assert Client().delete(f"{ROOT}/Observations").status_code == 405
