"""The screens of stations: who opens them, what they show of gaps and marks, files in and out."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from khcn.domains.hazards.choices import ObservationDoor, StationAccess
from khcn.domains.hazards.models import MappingProfile, Observation, Sensor, Station, StationFile, StationKey
from khcn.domains.hazards.services.messages import SentMessage, take_in_messages
from khcn.domains.hazards.services.stations import issue_key, save_sensor
from khcn.kernel.orgs.models import User
from khcn.web.search import search

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def client_of(actor):
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id), backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def filled(world):
    """One open station with rain of the last day with a hole, one internal station."""
    now = timezone.now().replace(second=0, microsecond=0)
    now -= timedelta(minutes=now.minute % 10)
    made = world.station(name="Trạm Bù Gia Mập")
    world.rain, world.air = world.stream(made), world.stream(made, "air_temp_c")
    values = [0.0] * 100 + [None] + [2.0] * 42
    world.put(world.rain, values, start=now - timedelta(minutes=1420), now=now)
    world.put(world.air, [25.0, 26.0, 99.0], start=now - timedelta(minutes=20), now=now)
    save_sensor(by=world.keeper, station=made, name="Vũ lượng ký", calibration_due_on=date(2022, 1, 1))
    world.closed = world.station("NB-01", access=StationAccess.INTERNAL)
    world.one, world.now = made, now
    return world


def stamp(at):
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def pages(world):
    value = Observation.objects.filter(datastream=world.rain).last()
    one = ["TD-01"]
    return {
        "station_list": [], "station_page": one, "station_audit": [], "series_page": ["TD-01", "rain_mm"],
        "observation_page": ["TD-01", "rain_mm", stamp(value.phenomenon_time)], "station_files": [],
        "refused_message_list": [],
        "station_new": [], "station_edit": one, "station_close": one, "sensor_new": one, "stream_new": one,
        "sensor_edit": ["TD-01", Sensor.objects.get().uid], "stream_edit": ["TD-01", "rain_mm"], "station_entry": one,
    }  # fmt: skip


KEEPING = {"station_edit", "station_close", "sensor_new", "sensor_edit", "stream_new", "stream_edit"}


@pytest.mark.parametrize(
    ("who", "closed"),
    [
        ("keeper", set()),
        ("head", set()),
        ("stranger", KEEPING | {"station_entry"}),
        ("leader", KEEPING | {"station_entry", "station_new", "station_files", "refused_message_list"}),
        ("host", KEEPING | {"station_entry", "station_new", "station_files", "refused_message_list"}),
    ],
)
def test_each_page_opens_to_those_whom_it_is_for(filled, who, closed) -> None:
    client = client_of(getattr(filled, who))

    found = {name: client.get(reverse(name, args=args)).status_code for name, args in pages(filled).items()}

    assert {name for name, status in found.items() if status == 404} == closed
    assert set(found.values()) <= {200, 404}


def test_signed_out_people_are_led_to_sign_in(filled) -> None:
    for name, args in pages(filled).items():
        assert Client().get(reverse(name, args=args)).status_code == 302, name


def test_internal_station_is_hidden_everywhere_from_people_outside_the_state(filled) -> None:
    client = client_of(filled.host)

    assert client.get(reverse("station_page", args=["NB-01"])).status_code == 404
    assert "NB-01" not in client.get(reverse("station_list")).content.decode()
    assert b"NB-01" not in b"".join(client.get(reverse("station_list"), {"tai": "csv"}).streaming_content)
    assert [hit.code for group in search(filled.host, "tram") for hit in group.hits] == ["TD-01"]
    assert client_of(filled.stranger).get(reverse("station_page", args=["NB-01"])).status_code == 200


def test_hours_with_a_hole_are_told_and_their_sum_is_only_a_least(filled) -> None:
    response = client_of(filled.keeper).get(reverse("series_page", args=["TD-01", "rain_mm"]), {"theo": "gio"})

    holes = [one for _name, one in response.context["buckets"] if one.has_hole and one.known]
    assert any(one.known == 5 and one.value is None for one in holes)
    assert "≥" in response.content.decode()
    assert None in response.context["chart"].option["series"][0]["data"]


@pytest.mark.parametrize("step", ["gio", "ngay", "thang", "tri-so", "la"])
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_series_goes_out_as_a_file_in_every_step(filled, step, kind) -> None:
    response = client_of(filled.keeper).get(
        reverse("series_page", args=["TD-01", "air_temp_c"]), {"theo": step, "tai": kind}
    )

    assert response.status_code == 200
    assert "attachment" in response["Content-Disposition"]


def test_odd_values_are_shown_by_themselves_with_what_they_failed(filled) -> None:
    response = client_of(filled.keeper).get(
        reverse("series_page", args=["TD-01", "air_temp_c"]), {"theo": "tri-so", "nghi": "1"}
    )

    assert [marks for _row, marks, _stamp in response.context["lines"]] == [["ngoài khoảng hợp lý"]]


def test_value_is_corrected_on_its_page_and_its_past_is_shown(filled) -> None:
    value = Observation.objects.filter(datastream=filled.air).last()
    address = reverse("observation_page", args=["TD-01", "air_temp_c", stamp(value.phenomenon_time)])
    client = client_of(filled.keeper)

    client.post(address, {"value": "26,5", "reason": "Đọc nhầm", "version": 1})
    stale = client.post(address, {"value": "30", "reason": "Đọc nhầm", "version": 1})

    assert stale.status_code == 409
    value.refresh_from_db()
    assert value.result == 26.5
    assert "Đọc nhầm" in client.get(address).content.decode()
    assert client_of(filled.host).post(address, {"value": "1", "reason": "x"}).status_code == 404


def test_hand_entry_tells_beside_the_field_when_two_readings_differ(filled) -> None:
    client, address = client_of(filled.keeper), reverse("station_entry", args=["TD-01"])
    at = f"{timezone.localtime(filled.now - timedelta(days=2)):%H:%M %d/%m/%Y}"

    wrong = client.post(address, {"at": at, "v0": "1,5", "v0-2": "1,6"})
    right = client.post(address, {"at": at, "v0": "1,5", "v0-2": "1,5", "v1": "27"})

    assert wrong.status_code == 422
    assert "v0" in wrong.context["form"].errors
    assert right.status_code == 302
    assert Observation.objects.filter(door=ObservationDoor.MANUAL).count() == 2


WIDE = "Thời gian;rain_mm;air_temp_c\n{0} 08:00;1,5;25\n{0} 08:10;2,5;25,5\n"


def upload(client, text, name="mua.csv", **more):
    sent = {"file": SimpleUploadedFile(name, text.encode()), "owner": more.pop("owner"), **more}
    return client.post(reverse("station_files"), sent)


def test_file_is_read_taken_in_once_and_its_reading_remembered(filled) -> None:
    client = client_of(filled.keeper)
    text = WIDE.format("02/05/2023")
    owner = filled.owner.code

    upload(client, text, owner=owner, station="TD-01")
    batch = StationFile.objects.get()
    shown = client.get(reverse("station_file", args=[batch.uid])).content.decode()
    client.post(reverse("station_file_apply", args=[batch.uid]), {"version": batch.version})
    upload(client, text, owner=owner, station="TD-01")
    again = StationFile.objects.first()

    assert "Nhập tất cả" in shown
    batch.refresh_from_db()
    assert (batch.state, batch.new, batch.same) == ("applied", 4, 0)
    assert (again.new, again.same, again.corrected, again.fault_count) == (0, 4, 0, 0)
    assert MappingProfile.objects.count() == 1
    assert Observation.objects.filter(door=ObservationDoor.FILE).count() == 4


def test_file_with_a_fault_is_told_row_by_row_and_nothing_is_taken_in(filled) -> None:
    client = client_of(filled.keeper)
    text = WIDE.format("02/05/2023") + "hôm qua;1;1\n02/05/2099 08:00;1;1\n"

    upload(client, text, owner=filled.owner.code, station="TD-01")
    batch = StationFile.objects.get()
    client.post(reverse("station_file_apply", args=[batch.uid]), {"version": batch.version})

    rows = [row for row, _column, _text in batch.faults]
    assert rows == [4, 5, 5]
    assert not Observation.objects.filter(door=ObservationDoor.FILE).exists()
    batch.refresh_from_db()
    assert batch.state == "prepared"


def test_file_with_a_time_in_the_future_names_the_row(filled) -> None:
    upload(client_of(filled.keeper), "Thời gian;rain_mm\n02/05/2099 08:00;1\n", owner=filled.owner.code)

    batch = StationFile.objects.get()
    assert [(row, column) for row, column, _text in batch.faults] == [(2, "TD-01.rain_mm")]


def test_columns_with_names_of_their_own_are_mapped_by_hand_and_known_next_time(filled) -> None:
    client = client_of(filled.keeper)
    text = "Lúc đo;M1\n02/05/2023 08:00;1,5\n"

    upload(client, text, owner=filled.owner.code, station="TD-01")
    batch = StationFile.objects.get()
    here = reverse("station_file", args=[batch.uid])
    client.post(here, {"shape": "wide", "c-time": "Lúc đo", "s-1": "TD-01.rain_mm", "offset_h": "7", "version": 1})
    client.post(reverse("station_file_apply", args=[batch.uid]), {"version": 2})
    upload(client, text.replace("08:00", "09:00"), owner=filled.owner.code, station="TD-01")

    latest = StationFile.objects.first()
    assert (latest.new, latest.fault_count) == (1, 0)


@pytest.mark.parametrize(
    ("name", "content"), [("a.pdf", b"%PDF"), ("a.xlsx", b"nothing"), ("a.csv", b""), ("a.txt", b"\x00\x01\x02")]
)
def test_file_that_is_none_is_told_beside_the_field(filled, name, content) -> None:
    sent = {"file": SimpleUploadedFile(name, content), "owner": filled.owner.code}

    response = client_of(filled.keeper).post(reverse("station_files"), sent)

    assert response.status_code == 422
    assert response.context["form"].errors["file"]


def test_automatic_station_file_fills_the_station_that_its_name_says(filled) -> None:
    station = filled.station("kk-01")
    filled.stream(station, "pm25", interval_s=300)
    text = "pm25\t12.5\tug/m3\t20230502080000\t00\npm25\t13\tug/m3\t20230502080500\t02\n"

    upload(client_of(filled.keeper), text, "KK-01_20230502080500.txt", owner=filled.owner.code)

    batch = StationFile.objects.get()
    assert (batch.value_count, batch.new, batch.fault_count) == (2, 2, 0)


def test_station_is_set_up_described_and_ended_with_stale_edits_refused(filled) -> None:
    client = client_of(filled.keeper)
    values = {"code": "moi-1", "name": "Trạm mới", "owner": filled.owner.code, "latitude": "11,75",
              "longitude": "106,9", "opened_on": "01/01/2020", "network": "dedicated", "access": "open"}  # fmt: skip

    client.post(reverse("station_new"), values)
    station = Station.objects.get(code="moi-1")
    change = {"name": "Đổi tên", "network": "private", "access": "open", "alarm_1_m": "3"}
    incomplete = client.post(reverse("station_edit", args=["moi-1"]), {**change, "version": 1})
    stale = client.post(reverse("station_edit", args=["moi-1"]), {**change, "alarm_1_m": "", "version": 9})
    client.post(reverse("station_edit", args=["moi-1"]), {**change, "alarm_1_m": "", "version": 1})
    client.post(reverse("station_close", args=["moi-1"]), {"on": "01/02/2023", "version": 2})

    assert "ba mực nước" in incomplete.content.decode()
    assert stale.status_code == 409
    station.refresh_from_db()
    assert (station.name, station.closed_on) == ("Đổi tên", date(2023, 2, 1))
    assert station.unit_code.startswith("2500")


def test_key_is_shown_once_kept_as_a_digest_and_ended(filled) -> None:
    client = client_of(filled.keeper)

    shown = client.post(reverse("station_key_issue", args=["TD-01"])).context["secret"]
    key = StationKey.objects.get()
    client.post(reverse("station_key_revoke", args=["TD-01", key.uid]))

    key.refresh_from_db()
    assert shown not in client.get(reverse("station_page", args=["TD-01"])).content.decode()
    assert shown not in f"{key.digest}{key.broker_hash}"
    assert key.broker_hash.startswith("$7$101$")
    assert key.revoked_at is not None


def test_network_audit_tells_of_silence_calibration_siting_and_holes(filled) -> None:
    silent = filled.station("cau-01", latitude=12.1, longitude=107.2, wind_height_m=3.0)
    level = filled.stream(silent, "water_level_m")
    filled.put(level, [1.0], start=datetime(2023, 5, 1, tzinfo=UTC))

    response = client_of(filled.leader).get(reverse("station_audit"))

    words = response.content.decode()
    assert [state.stream.code for state in response.context["silent"]] == ["cau-01.water_level_m"]
    assert [one.sensor.name for one in response.context["due"]] == ["Vũ lượng ký"]
    assert "Máy đo gió ở độ cao 3 m; quy định từ 10 đến 12 m." in words
    assert {code for code, _name, _km in response.context["coverage"].uncovered} == {"25001", "25002", "25003"}


def test_list_and_page_cost_a_fixed_number_of_statements(filled, sql_count) -> None:
    client = client_of(filled.keeper)

    def cost(address):
        client.get(address)
        with sql_count() as queries:
            client.get(address)
        return len(queries)

    few = cost(reverse("station_list"))
    for number in range(12):
        filled.stream(filled.station(f"t-{number}"))
    many = cost(reverse("station_list"))

    assert many <= few + 1 <= 22
    assert cost(reverse("station_page", args=["TD-01"])) <= 34
    assert cost(reverse("series_page", args=["TD-01", "rain_mm"])) <= 20


def test_machine_key_belongs_to_one_station(filled) -> None:
    key, secret = issue_key(by=filled.keeper, station=filled.one)

    assert key.station == filled.one
    assert len(secret) >= 40


def test_refused_messages_are_seen_by_those_who_look_after_the_station_only(filled) -> None:
    bad = [SentMessage("bp/TD-01/rain_mm", b"ho ng"), SentMessage("bp/la/rain_mm", b"{}")]
    take_in_messages(by=filled.system, messages=bad, now=filled.now)
    address = reverse("refused_message_list")

    own, other = (client_of(who).get(address) for who in (filled.observer, filled.stranger))
    found = client_of(filled.observer).get(address, {"q": "noi dung khong phai json"})
    csv = b"".join(client_of(filled.observer).get(address, {"tai": "csv"}).streaming_content).decode()

    assert [one.topic for one in own.context["page"]] == ["bp/la/rain_mm", "bp/TD-01/rain_mm"]
    assert [one.topic for one in other.context["page"]] == ["bp/la/rain_mm"]
    assert [one.topic for one in found.context["page"]] == ["bp/TD-01/rain_mm"]
    assert "ho ng" in csv
    assert "Xem lý do" in client_of(filled.keeper).get(reverse("station_page", args=["TD-01"])).content.decode()
    assert "Xem lý do" not in client_of(filled.host).get(reverse("station_page", args=["TD-01"])).content.decode()
