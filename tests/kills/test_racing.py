"""Two servers on one database, sent the same documents and events at once: each event stands once, and is told as such.

Both databases as in `test_kills`; every document names things that another names too, so that both servers make the
same names, and each pair of them gets the documents in opposite orders.
"""

import http.client
import json
import random
import threading

import pytest

from kills.senders import CONTEXT, EVENTS, KEY, SECONDS, event_id
from kills.test_kills import Processes, run

DOCUMENTS, SINGLES = 24, 16


def _event(number, at):
    shared = f"urn:epc:id:sgtin:8931234.199999.{(number + at) % 7}"
    return {
        "type": "ObjectEvent", "eventID": event_id(number, at), "eventTime": "2026-03-12T07:30:00Z",
        "eventTimeZoneOffset": "+07:00", "action": "OBSERVE", "bizStep": "inspecting",
        "epcList": [f"urn:epc:id:sgtin:8931234.112345.{number}-{at}", shared],
    }  # fmt: skip


def _document(number):
    events = [_event(number, at) for at in range(EVENTS)]
    random.Random(number).shuffle(events)
    return {
        "@context": CONTEXT, "type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": "2026-03-12T08:00:00Z",
        "epcisBody": {"eventList": events},
    }  # fmt: skip


def _send(port, requests, told):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/ld+json"}
    for path, number, body in requests:
        connection.request("POST", f"/epcis/v2/{path}", json.dumps(body), headers)
        answer = connection.getresponse()
        answer.read()
        told.append((path, number, answer.status))
    connection.close()


@pytest.mark.database
def test_two_servers_that_are_sent_the_same_events_store_each_once_and_say_so(environ_apart, tmp_path):
    run(environ_apart, "-m", "kills.senders")
    documents = [("capture", number, _document(number)) for number in range(DOCUMENTS)]
    singles = [
        ("events", number, {"@context": CONTEXT, **_event(number, 0)})
        for number in range(DOCUMENTS, DOCUMENTS + SINGLES)
    ]
    servers, told = [Processes(environ_apart, tmp_path) for _ in range(2)], []

    try:
        for one in servers:
            one.wait()
        threads = [
            threading.Thread(target=_send, args=(server.port, requests, told))
            for server, order in zip(servers, (1, -1), strict=True)
            for requests in (documents[::order], (singles + documents)[::order], singles)
        ]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
    finally:
        for one in servers:
            one.kill()
    asked = tmp_path / "told.json"
    asked.write_text(json.dumps({"told": list(range(DOCUMENTS)), "sent": DOCUMENTS}))
    found = json.loads(run(environ_apart, "-m", "kills.capture_accounts", str(asked)))

    assert {status for path, _number, status in told if path == "capture"} == {202}
    for number in range(DOCUMENTS, DOCUMENTS + SINGLES):
        assert sorted(status for _path, one, status in told if one == number) == [201, 409, 409, 409]
    assert {name: found[name] for name in ("lost", "doubled", "half", "broken")} == {
        "lost": [], "doubled": [], "half": [], "broken": []
    }  # fmt: skip
    assert found["counted"]["events"] == DOCUMENTS * EVENTS + SINGLES
