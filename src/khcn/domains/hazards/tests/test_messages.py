"""Messages of machines: read, kept once however often they come, refused with a reason that stays."""

import json
from datetime import timedelta

import pytest

from khcn.domains.hazards.choices import ObservationDoor
from khcn.domains.hazards.models import Observation, RefusedMessage, StationKey
from khcn.domains.hazards.services import messages
from khcn.domains.hazards.services.messages import SentMessage, take_in_messages
from khcn.domains.hazards.services.stations import close_station, issue_key, revoke_key
from khcn.domains.hazards.tests.conftest import DAY, NOW

pytestmark = [pytest.mark.django_db, pytest.mark.database]
TOPIC = "bp/TD-01/rain_mm"


def sent(value, at=NOW, topic=TOPIC):
    return SentMessage(topic, json.dumps({"t": at.isoformat(), "v": value}).encode())


@pytest.fixture
def rain(world):
    """A station that has a key, and its rain."""
    world.made = world.station()
    world.key, world.secret = issue_key(by=world.keeper, station=world.made)
    return world.stream(world.made)


def take(world, *batch, now=NOW):
    return take_in_messages(by=world.system, messages=batch, now=now)


def test_batch_of_messages_is_kept_once_however_often_it_comes(world, rain) -> None:
    batch = [sent(0.2 * place, NOW - timedelta(minutes=10 * place)) for place in range(3)]

    first, second = take(world, *batch), take(world, *batch)

    assert (first.recorded.new, first.refused) == (3, 0)
    assert (second.recorded.new, second.recorded.same, second.recorded.corrected) == (0, 3, 0)
    assert set(Observation.objects.values_list("door", "revision")) == {(ObservationDoor.MQTT, 1)}


def test_list_of_values_and_seconds_since_1970_are_read_as_well(world, rain) -> None:
    told = [{"t": int(NOW.timestamp()), "v": 1.5}, {"t": (NOW - timedelta(minutes=10)).isoformat(), "v": None}]

    take(world, SentMessage(TOPIC, json.dumps(told).encode()))

    assert list(Observation.objects.values_list("phenomenon_time", "result")) == [
        (NOW - timedelta(minutes=10), None), (NOW, 1.5)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("topic", "payload", "reason"),
    [
        ("bp/TD-01", b"{}", "Chủ đề phải có dạng"),
        ("bp/TD-01/rain_mm/x", b"{}", "Chủ đề phải có dạng"),
        (TOPIC, b"\xff\xfe", "không phải JSON"),
        (TOPIC, b"", "không phải JSON"),
        (TOPIC, b"[" * 100_000, "không phải JSON"),
        (TOPIC, b"[]", "không có trị số nào"),
        (TOPIC, b"7", "một đối tượng JSON"),
        (TOPIC, b'{"t": "2023-05-15T01:00:00Z"}', "thiếu trị số v"),
        (TOPIC, b'{"v": 1}', "Thiếu thời điểm t."),
        (TOPIC, b'{"t": "2023-05-15 08:00", "v": 1}', "phải có múi giờ"),
        (TOPIC, b'{"t": "0001-01-01T00:00:00+14:00", "v": 1}', "Không đọc được thời điểm t"),
        (TOPIC, b'{"t": true, "v": 1}', "Thiếu thời điểm t."),
        (TOPIC, b'{"t": "2023-05-15T01:00:00Z", "v": "uot"}', "phải là một số"),
        (TOPIC, b'{"t": "2023-05-15T01:00:00Z", "v": NaN}', "phải là một số"),
        (TOPIC, b'{"t": "2023-05-15T01:00:00Z", "v": 1' + b"0" * 400 + b"}", "phải là một số"),
        (TOPIC, b'{"t": "2033-05-15T01:00:00Z", "v": 1}', "ở tương lai"),
        ("bp/TD-01/pm25", b'{"t": "2023-05-15T01:00:00Z", "v": 1}', "Không có chuỗi quan trắc TD-01.pm25"),
        ("bp/khac/rain_mm", b'{"t": "2023-05-15T01:00:00Z", "v": 1}', "Không có chuỗi quan trắc khac.rain_mm"),
    ],
)  # fmt: skip
def test_message_that_cannot_be_kept_is_kept_aside_with_its_reason(world, rain, topic, payload, reason) -> None:
    done = take(world, SentMessage(topic, payload), sent(3.0))

    kept = RefusedMessage.objects.get()
    assert reason in kept.reason
    assert (kept.topic, kept.station) == (topic, None if "khac" in topic else world.made)
    assert (done.refused, done.recorded.new) == (1, 1)


def test_too_many_values_in_one_message_are_refused(world, rain) -> None:
    rows = [{"t": int(NOW.timestamp()), "v": 1}] * 1_001

    done = take(world, SentMessage(TOPIC, json.dumps(rows).encode()))

    assert (done.refused, Observation.objects.count()) == (1, 0)


def test_good_values_of_a_message_are_kept_beside_its_bad_ones(world, rain) -> None:
    told = [{"t": NOW.isoformat(), "v": 1.0}, {"t": NOW.isoformat(), "v": "x"}]

    done = take(world, SentMessage(TOPIC, json.dumps(told).encode()))

    assert (done.recorded.new, done.refused) == (1, 1)


def test_refused_message_that_comes_again_is_kept_once_with_its_last_time(world, rain) -> None:
    bad = SentMessage(TOPIC, b"\0ho\0ng")

    take(world, bad, bad)
    take(world, bad, now=NOW + timedelta(hours=1))

    assert list(RefusedMessage.objects.values_list("first_at", "last_at")) == [(NOW, NOW + timedelta(hours=1))]


def test_station_that_sends_nonsense_without_end_keeps_only_the_newest(world, rain, monkeypatch) -> None:
    monkeypatch.setattr(messages, "MOST_KEPT", 3)

    for place in range(5):
        take(world, SentMessage(TOPIC, f"hỏng {place}".encode()), now=NOW + timedelta(minutes=place))

    assert [one.payload for one in RefusedMessage.objects.all()] == ["hỏng 4", "hỏng 3", "hỏng 2"]


def test_station_whose_last_key_is_revoked_or_that_has_closed_sends_nothing(world, rain) -> None:
    revoke_key(by=world.keeper, key=world.key)
    without_key = take(world, sent(1.0))
    issue_key(by=world.keeper, station=world.made)
    close_station(by=world.keeper, station=world.made, on=DAY)
    closed = take(world, sent(1.0))

    assert without_key.refused == closed.refused == 1
    assert [one.reason for one in RefusedMessage.objects.order_by("pk")] == [
        "Trạm TD-01 không còn khóa gửi số liệu nào.", "Chuỗi quan trắc TD-01.rain_mm đã ngừng nhận số liệu.",
    ]  # fmt: skip


def test_use_of_the_only_key_is_told_and_of_several_is_not(world, rain) -> None:
    take(world, sent(1.0))
    issue_key(by=world.keeper, station=world.made)
    take(world, sent(1.0), now=NOW + timedelta(hours=1))

    assert set(StationKey.objects.values_list("last_used_at", flat=True)) == {NOW, None}


def test_message_writes_nothing_over_what_a_person_corrected(world, rain) -> None:
    take(world, sent(1.0))
    world.put(rain, [7.0], start=NOW, door=ObservationDoor.MANUAL)

    done = take(world, sent(1.0))

    assert (done.recorded.kept, Observation.objects.get().result) == (1, 7.0)
