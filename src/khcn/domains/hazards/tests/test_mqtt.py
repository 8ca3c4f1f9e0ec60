"""The MQTT door against a true mosquitto: delivered, redelivered without doubling, refused without the right key."""

import json
import threading
import time
from datetime import timedelta
from types import SimpleNamespace

import paho.mqtt.client as mqtt
import pytest
from django.db import OperationalError
from paho.mqtt.enums import CallbackAPIVersion

from khcn.domains.hazards import drivers
from khcn.domains.hazards.drivers import AccountFiles, Subscriber
from khcn.domains.hazards.models import Observation, RefusedMessage
from khcn.domains.hazards.services.messages import take_in_messages
from khcn.domains.hazards.services.stations import issue_key, revoke_key
from khcn.domains.hazards.tests.conftest import NOW
from khcn.web.broker import broker_at, own_broker, publish
from mosquitto_broker import OWN_ACCOUNT, OWN_PASSWORD, broker, needs_mosquitto

pytestmark = [pytest.mark.django_db, needs_mosquitto()]
SECONDS = 60


class Station:
    """A machine that publishes with QoS 1 and waits until the broker has it."""

    def __init__(self, running, account, secret) -> None:
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=f"may-{account}")
        self._client.username_pw_set(account, secret)
        self._port = running.port

    def publish(self, *messages) -> str:
        """What the broker said to the account; the messages are there when this returns."""
        told, answered = [], threading.Event()
        self._client.on_connect = lambda _c, _u, _f, code, _p: (told.append(code), answered.set())
        self._client.connect("127.0.0.1", self._port)
        self._client.loop_start()
        try:
            assert answered.wait(SECONDS)
            if not told[0].is_failure:
                for one in [self._client.publish(topic, payload, qos=1) for topic, payload in messages]:
                    one.wait_for_publish(SECONDS)
        finally:
            self._client.disconnect()
            self._client.loop_stop()
        return str(told[0])

    def until(self, answer) -> None:
        """Knock until the broker, which is reading its accounts again, gives the answer."""
        until = time.monotonic() + SECONDS
        while self.publish() != answer:
            assert time.monotonic() < until


def _keep_open(monkeypatch) -> None:
    """The connection is the test's own: its transaction would end with it."""
    monkeypatch.setattr(drivers, "close_old_connections", lambda: None)
    monkeypatch.setattr(drivers, "connection", SimpleNamespace(close=lambda: None))


@pytest.fixture
def here(world, tmp_path, monkeypatch):
    """A broker, a station with a key and rain, and `here.receive(n)`: takes in until n messages have come."""
    monkeypatch.setattr(drivers, "FIRST_PAUSE_S", 0.05)
    _keep_open(monkeypatch)
    world.made = world.station()
    world.key, world.secret = issue_key(by=world.keeper, station=world.made)
    world.rain, world.calls = world.stream(world.made), []
    at = broker_at("mqtt://127.0.0.1:1", username=OWN_ACCOUNT, password=OWN_PASSWORD)
    world.files = AccountFiles(tmp_path / "accounts", at, heard_by_all="canh-bao/#")
    world.files.write()

    def keep(messages):
        return take_in_messages(by=world.system, messages=messages, now=NOW)

    def receive(count, keep=keep):
        asked = threading.Event()
        dog = threading.Timer(SECONDS, asked.set)
        dog.start()
        here_at = broker_at(world.broker.address, username=OWN_ACCOUNT, password=OWN_PASSWORD)

        def counted(messages):
            world.calls.append([one.payload for one in messages])
            done = keep(messages)
            if len({payload for call in world.calls for payload in call}) >= count:
                asked.set()
            return done

        Subscriber(here_at, keep=counted, between=asked.set if not count else lambda: None, between_s=0.2).run(asked)
        dog.cancel()

    def sent(count, first=0):
        return [
            ("bp/TD-01/rain_mm", json.dumps({"t": int((NOW - timedelta(minutes=place)).timestamp()), "v": 0.1}))
            for place in range(first, first + count)
        ]

    world.keep, world.receive, world.sent = keep, receive, sent
    with broker(tmp_path) as running:
        world.broker = running
        world.station_now = Station(running, world.key.account, world.secret)
        yield world


def begin_session(here) -> None:
    """Connect once, so that the broker keeps what comes from then on."""
    asked = threading.Event()
    at = broker_at(here.broker.address, username=OWN_ACCOUNT, password=OWN_PASSWORD)
    seen = []

    def between():
        seen.append(1)
        if len(seen) > 1:  # the first is before the connection
            asked.set()

    Subscriber(at, keep=here.keep, between=between, between_s=0.5).run(asked)


@pytest.mark.database
def test_what_a_station_publishes_is_kept_also_what_it_sent_while_nobody_listened(here) -> None:
    begin_session(here)

    answer = here.station_now.publish(*here.sent(1_200))
    here.receive(1_200)

    assert answer == "Success"
    assert Observation.objects.filter(datastream=here.rain, door="mqtt").count() == 1_200
    assert len(here.calls) < 600  # several in one commit
    assert not RefusedMessage.objects.exists()


@pytest.mark.database
def test_batch_that_was_kept_but_not_acknowledged_comes_again_and_changes_nothing(here) -> None:
    begin_session(here)
    here.station_now.publish(*here.sent(20))
    failed = []

    def keep_and_break(messages):
        done = here.keep(messages)
        if not failed:
            failed.append(len(messages))
            raise OperationalError("the connection broke after the commit")
        return done

    here.receive(20, keep_and_break)
    while sum(len(call) for call in here.calls) < 20 + failed[0]:
        here.receive(21, keep_and_break)

    assert failed[0] > 0
    assert sum(len(call) for call in here.calls) >= 20 + failed[0]
    assert Observation.objects.count() == 20
    assert set(Observation.objects.values_list("revision", flat=True)) == {1}


def test_batch_that_could_not_be_written_comes_again_and_is_kept(here) -> None:
    begin_session(here)
    here.station_now.publish(*here.sent(20))
    failed = []

    def fail_first(messages):
        if not failed:
            failed.append(len(messages))
            raise OperationalError("no database")
        return here.keep(messages)

    here.receive(21, lambda messages: _until(fail_first(messages), lambda: Observation.objects.count() >= 20, here))

    assert failed
    assert Observation.objects.count() == 20


def _until(done, is_enough, here):
    """Make the receiver stop, by one payload of its own, once there is enough."""
    if is_enough():
        here.calls.append([b"enough"])
    return done


def test_acknowledged_messages_do_not_come_again(here) -> None:
    begin_session(here)
    here.station_now.publish(*here.sent(20))
    here.receive(20)
    here.calls.clear()

    here.station_now.publish(*here.sent(1, first=20))
    here.receive(1)

    assert [payload for call in here.calls for payload in call] == [here.sent(1, first=20)[0][1].encode()]


def test_wrong_key_another_station_and_nobody_are_refused_by_the_broker(here) -> None:
    begin_session(here)
    other = here.station("TD-02")
    here.stream(other)
    key, secret = issue_key(by=here.keeper, station=other)
    here.files.write()
    here.broker.read_accounts_again()

    there = Station(here.broker, key.account, secret)
    there.until("Success")

    wrong = Station(here.broker, here.key.account, "sai" * 10).publish()
    nobody = Station(here.broker, "la", "x").publish()
    allowed = there.publish(*here.sent(1))  # to the topic of TD-01
    here.station_now.publish(*here.sent(1, first=5))
    here.receive(1)

    assert wrong == nobody == "Not authorized"
    assert allowed == "Success"
    assert [payload for call in here.calls for payload in call] == [here.sent(1, first=5)[0][1].encode()]


def test_revoked_key_is_refused_once_the_broker_has_read_its_accounts_again(here) -> None:
    revoke_key(by=here.keeper, key=here.key)

    changed = here.files.write()
    here.broker.read_accounts_again()
    here.station_now.until("Not authorized")

    assert changed
    assert not here.files.write()


def test_bad_message_is_kept_with_its_reason_and_holds_up_nothing(here) -> None:
    begin_session(here)
    here.station_now.publish(("bp/TD-01/rain_mm", b"\x00 khong phai JSON"), *here.sent(1))

    here.receive(2)

    assert RefusedMessage.objects.get().station == here.made
    assert Observation.objects.count() == 1


def test_broker_that_is_away_is_tried_again(world, monkeypatch, caplog) -> None:
    monkeypatch.setattr(drivers, "FIRST_PAUSE_S", 0.01)
    _keep_open(monkeypatch)
    asked, tries = threading.Event(), []

    def between():
        tries.append(1)
        if len(tries) == 3:
            asked.set()

    Subscriber(broker_at("mqtt://127.0.0.1:1"), between=between).run(asked)

    assert "Chưa nối được máy chủ MQTT" in caplog.text


@pytest.mark.parametrize("address", ["", "127.0.0.1:1883", "http://may:1883", "mqtt://"])
def test_address_that_names_no_broker_is_refused(address) -> None:
    with pytest.raises(ValueError, match="mqtt://máy:cổng"):
        broker_at(address)


def test_warning_goes_out_once_on_the_topic_of_its_recipient_with_its_key(here, settings) -> None:
    got = []
    listener = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="loa-xa", protocol=mqtt.MQTTv5)
    listener.username_pw_set(here.key.account, here.secret)
    ready, came = threading.Event(), threading.Event()
    listener.on_subscribe = lambda *_args: ready.set()
    listener.on_message = lambda _c, _u, message: (got.append(message), came.set())
    listener.connect("127.0.0.1", here.broker.port)
    listener.subscribe("canh-bao/xa-1", qos=1)
    listener.loop_start()
    assert ready.wait(SECONDS)
    settings.MQTT_BROKER, settings.MQTT_USERNAME, settings.MQTT_PASSWORD = (
        here.broker.address, OWN_ACCOUNT, OWN_PASSWORD,
    )  # fmt: skip

    publish(
        own_broker(), "canh-bao/xa-1", b"<alert/>", media_type="application/cap+xml", marks={"delivery": "k-1"},
        seconds=SECONDS,
    )  # fmt: skip
    with pytest.raises(OSError, match="Not authorized"):
        publish(own_broker(), "khac/xa-1", b"x", media_type="text/plain", marks={}, seconds=SECONDS)
    came.wait(SECONDS)
    listener.disconnect()
    listener.loop_stop()

    (message,) = got
    assert message.payload == b"<alert/>"
    assert message.properties.UserProperty == [("delivery", "k-1")]
    assert message.properties.ContentType == "application/cap+xml"
