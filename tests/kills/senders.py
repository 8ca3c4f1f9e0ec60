"""Programs that send documents of events and remember what they were told; what was never answered is sent again.

Run as a program on an empty, migrated database it makes the account that they send with.
"""

import http.client
import json
import sys
import threading
import time
from typing import Any

KEY = "kills-" + "k" * 24
EVENTS = 20
SECONDS = 30
CONTEXT = ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"]


def event_id(document: int, number: int) -> str:
    """The id of one event of one document."""
    return f"urn:x-khcn:kills:{document}-{number}"


def document(number: int) -> bytes:
    """A document of twenty events that no other holds."""
    events: list[dict[str, Any]] = [
        {
            "type": "ObjectEvent", "eventID": event_id(number, at), "eventTime": "2026-03-12T07:30:00Z",
            "eventTimeZoneOffset": "+07:00", "action": "OBSERVE", "bizStep": "inspecting",
            "epcList": [f"urn:epc:id:sgtin:8931234.112345.{number}-{at}"],
        }
        for at in range(EVENTS)
    ]  # fmt: skip
    value = {
        "@context": CONTEXT, "type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": "2026-03-12T08:00:00Z",
        "epcisBody": {"eventList": events},
    }  # fmt: skip
    return json.dumps(value).encode()


class Senders:
    """Some programs at once; `told` are the documents of which the server said that it has them."""

    def __init__(self) -> None:
        self.told: set[int] = set()
        self.strange: list[str] = []
        self._open: list[int] = []
        self._next = 0
        self._lock = threading.Lock()

    @property
    def sent(self) -> int:
        """How many documents were begun."""
        return self._next

    def work(self, port: int, programs: int = 3) -> list[threading.Thread]:
        """Send until the server is gone."""
        threads = [threading.Thread(target=self._send_on, args=(port,)) for _ in range(programs)]
        for one in threads:
            one.start()
        return threads

    def finish(self, port: int) -> None:
        """Send what was never answered."""
        until = time.monotonic() + 10 * SECONDS
        while self._open:
            assert time.monotonic() < until, self._open[:5]
            self._send(port, self._open.pop(0))

    def _send_on(self, port: int) -> None:
        while True:
            with self._lock:
                number = self._open.pop(0) if self._open else self._begin()
            if not self._send(port, number):
                return

    def _begin(self) -> int:
        self._next += 1
        return self._next - 1

    def _send(self, port: int, number: int) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
        headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/ld+json"}
        try:
            connection.request("POST", "/epcis/v2/capture", document(number), headers)
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            self._open.append(number)
            return False
        finally:
            connection.close()
        if answer.status == 202:
            self.told.add(number)
            return True
        self._open.append(number)
        if answer.status not in (502, 503):
            self.strange.append(f"{number}: {answer.status}")
        return False


def settle() -> None:
    """Write the account."""
    from khcn.domains.traceability.models import Client
    from khcn.domains.traceability.services.clients import key_digest

    Client.objects.create(name="Chương trình thử", key_digest=key_digest(KEY), prefixes=["8931234"])


if __name__ == "__main__":
    import django

    django.setup()
    settle()
    sys.stdout.write("{}\n")
