"""Subscriptions: every event once, signed, tried again, given up, sent again; schedules; streams; refusals."""

import json
import zlib
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from khcn.domains.traceability.choices import NotificationState
from khcn.domains.traceability.drivers import carry
from khcn.domains.traceability.models import Delivery, Subscription
from khcn.domains.traceability.rules.report_schedule import RETRIES, next_after, retry_after
from khcn.domains.traceability.services.named_queries import keep_query
from khcn.domains.traceability.services.subscriptions import (
    deliver_waiting,
    make_reports,
    send_again,
    signature,
    subscribe,
)
from khcn.domains.traceability.tests.conftest import captured, event
from khcn.domains.traceability.tests.world import SYSTEM
from khcn.lib.roles import Role

pytestmark = [pytest.mark.django_db, pytest.mark.database]
NOW = datetime(2026, 3, 20, 8, 0, 30, tzinfo=UTC)
ROOT, KEY = "/epcis/v2", {"authorization": "Bearer coop"}


@pytest.fixture
def query(client_of_coop):
    return keep_query(by=client_of_coop, name="mine", parameters={"EQ_bizStep": ["packing"]})


def follow(query, **more):
    body = {"dest": "https://example.org/hook", "signatureToken": "bí mật", **more}
    return subscribe(by=query.client, query=query, body=body, now=NOW)


class Receiver:
    """Takes reports, or fails as told."""

    def __init__(self):
        self.got, self.down = [], False

    def __call__(self, address, body, headers):
        if self.down:
            raise OSError("HTTP 503")
        self.got.append((address, body, headers))


def test_stream_reports_every_event_once_and_signs(query):
    captured(query.client, event(bizStep="packing"))
    follow(query, stream=True)
    receiver = Receiver()

    captured(query.client, event(bizStep="packing", eventTime="2026-03-12T09:30:00Z"), event(bizStep="shipping"))
    made = [make_reports(now=NOW), make_reports(now=NOW)]
    arrived = [deliver_waiting(carry=receiver, now=NOW), deliver_waiting(carry=receiver, now=NOW)]

    assert (made, arrived) == ([1, 0], [1, 0])
    ((address, body, headers),) = receiver.got
    results = json.loads(body)["epcisBody"]["queryResults"]
    assert address == "https://example.org/hook"
    assert results["queryName"] == "mine"
    assert [one["eventTime"] for one in results["resultsBody"]["eventList"]] == ["2026-03-12T09:30:00Z"]
    assert headers["GS1-Signature"] == signature("bí mật", body)


def test_receiver_that_is_down_gets_it_later_and_once(query):
    follow(query, stream=True)
    captured(query.client, event(bizStep="packing"))
    make_reports(now=NOW)
    receiver, now = Receiver(), NOW
    receiver.down = True

    for _ in range(3):
        deliver_waiting(carry=receiver, now=now)
        now += timedelta(hours=1)
    receiver.down = False

    assert Delivery.objects.get().attempts == 3
    assert deliver_waiting(carry=receiver, now=now) == 1
    assert deliver_waiting(carry=receiver, now=now) == 0
    assert len(receiver.got) == 1


def test_what_never_arrives_is_dead_and_can_be_sent_again(query):
    follow(query, stream=True)
    captured(query.client, event(bizStep="packing"))
    make_reports(now=NOW)
    receiver, now = Receiver(), NOW
    receiver.down = True

    for _ in range(len(RETRIES) + 3):
        deliver_waiting(carry=receiver, now=now)
        now += timedelta(days=2)
    dead = Delivery.objects.get()
    found = (dead.state, dead.attempts, dead.error)
    receiver.down = False
    idle = deliver_waiting(carry=receiver, now=now)
    send_again(by=SYSTEM, delivery=dead, now=now)

    assert (found, idle) == ((NotificationState.DEAD, len(RETRIES) + 1, "HTTP 503"), 0)
    assert deliver_waiting(carry=receiver, now=now) == 1


def test_schedule_reports_when_it_is_time_and_empty_only_if_asked(query):
    silent, told = (follow(query, schedule={"minute": "5"}, reportIfEmpty=empty) for empty in (False, True))

    early = make_reports(now=NOW)
    due = make_reports(now=NOW + timedelta(minutes=5))

    assert (early, due) == (0, 1)
    assert Delivery.objects.get().subscription == told
    assert json.loads(zlib.decompress(bytes(Delivery.objects.get().body)))["epcisBody"]["queryResults"][
        "resultsBody"
    ] == {"eventList": []}
    assert Subscription.objects.get(pk=silent.pk).next_at == datetime(2026, 3, 20, 9, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "body",
    [[], {}, {"dest": "ftp://a", "stream": True}, {"dest": "https://a.vn"},
     {"dest": "https://a.vn", "stream": True, "schedule": {}}, {"dest": "https://a.vn", "schedule": {"minute": "61"}},
     {"dest": "https://a.vn", "schedule": {"week": "1"}}, {"dest": "https://a.vn", "schedule": {"minute": "a"}},
     {"dest": "https://a.vn", "schedule": {"dayOfMonth": "31", "month": "2"}}, {"dest": "https://a.vn", "schedule": 5}],
)  # fmt: skip
def test_controls_that_contradict_themselves_are_refused(client, query, body):
    answer = client.post(
        f"{ROOT}/queries/mine/subscriptions", json.dumps(body), content_type="application/json", headers=KEY
    )

    assert (answer.status_code, answer.json()["type"]) == (400, "epcisException:SubscriptionControlsException")
    assert not Subscription.objects.exists()


def test_stream_of_events_goes_on_from_the_last_one(client, query):
    captured(query.client, event(bizStep="packing"), event(bizStep="packing", eventTime="2026-03-12T09:30:00Z"))
    headers = {**KEY, "accept": "text/event-stream"}

    first = client.get(f"{ROOT}/queries/mine/events", headers=headers)
    messages = [
        dict(line.split(": ", 1) for line in part.splitlines()) for part in first.content.decode().split("\n\n")[1:-1]
    ]
    again = client.get(f"{ROOT}/queries/mine/events", headers={**headers, "last-event-id": messages[0]["id"]})
    socket = client.get(f"{ROOT}/queries/mine/events", headers={**KEY, "upgrade": "websocket"})

    assert first["Content-Type"].startswith("text/event-stream")
    assert [message["event"] for message in messages] == ["epcis", "epcis"]
    assert again.content.decode().count("id: ") == 1
    assert socket.status_code == 406


@pytest.mark.parametrize(
    ("schedule", "after", "expected"),
    [
        ({}, (2026, 3, 20, 8, 0, 0), (2026, 3, 20, 8, 1, 0)),
        ({"second": "15,[30-31]"}, (2026, 3, 20, 8, 0, 15), (2026, 3, 20, 8, 0, 30)),
        ({"hour": "6", "minute": "0"}, (2026, 3, 20, 8, 0, 0), (2026, 3, 21, 6, 0, 0)),
        ({"dayOfWeek": "1", "hour": "6", "minute": "0"}, (2026, 3, 20, 8, 0, 0), (2026, 3, 23, 6, 0, 0)),
        (
            {"dayOfMonth": "29", "month": "2", "hour": "0", "minute": "0"},
            (2026, 3, 20, 8, 0, 0),
            (2028, 2, 29, 0, 0, 0),
        ),
        ({"dayOfMonth": "30", "month": "2"}, (2026, 3, 20, 8, 0, 0), None),
    ],
)
def test_schedule_says_the_next_moment(schedule, after, expected):
    found = next_after(schedule, datetime(*after, tzinfo=UTC))

    assert found == (datetime(*expected, tzinfo=UTC) if expected else None)


def test_waits_grow_and_end():
    waits = [retry_after(attempts) for attempts in range(1, len(RETRIES) + 2)]

    assert waits[:-1] == sorted(RETRIES)
    assert waits[-1] is None


@pytest.mark.parametrize("address", ["http://127.0.0.1/x", "http://10.0.0.1/", "http://[::1]/", "file:///etc/passwd"])
def test_addresses_inside_are_not_called(address):
    with pytest.raises(OSError, match=r"nội bộ|http"):
        carry(address, b"", {})


def test_officer_sees_what_was_given_up_and_has_it_sent_again(query, make_member, client_for):
    follow(query, stream=True)
    captured(query.client, event(bizStep="packing"))
    make_reports(now=NOW)
    Delivery.objects.update(state=NotificationState.DEAD, error="HTTP 503", attempts=7)
    one = Delivery.objects.get()
    officer, grower = client_for(make_member(Role.SPECIALIST)), client_for(make_member(Role.PRODUCER))
    address = reverse("trace_delivery_again", args=[one.uid])

    listed = officer.get(reverse("trace_delivery_list")).content.decode()
    sent = officer.post(address)

    assert "HTTP 503" in listed
    assert "Gửi lại" in listed
    assert sent["Location"] == reverse("trace_delivery_list")
    one.refresh_from_db()
    assert (one.state, one.attempts) == (NotificationState.WAITING, 0)
    assert grower.get(reverse("trace_delivery_list")).status_code == 403
    assert grower.post(address).status_code == 403
