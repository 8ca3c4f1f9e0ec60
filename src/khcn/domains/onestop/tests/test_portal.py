"""Status messages against a simulated portal: errors inside 200, time-outs, replays, order, reconciliation, HTTP."""

import json
import threading
from collections.abc import Mapping
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from khcn.domains.onestop import drivers
from khcn.domains.onestop.choices import MessageState, SyncState
from khcn.domains.onestop.models import Dossier, PortalMessage
from khcn.domains.onestop.queries.reconciliation import differences
from khcn.domains.onestop.services import handling, intake
from khcn.domains.onestop.services.portal import MAX_ATTEMPTS, PortalAnswer, push_waiting, send_again
from khcn.domains.onestop.tests.conftest import at
from khcn.lib.failure import Forbidden


class SimulatedPortal:
    """Keeps the newest status of each dossier; knows message ids; fails as told."""

    def __init__(self) -> None:
        self.seen: dict[str, PortalAnswer] = {}
        self.statuses: dict[str, int] = {}
        self.places: dict[str, int] = {}
        self.failures: list[BaseException | PortalAnswer] = []
        self.lose_answer = False
        self.calls = 0

    def __call__(self, message_id: str, payload: Mapping[str, Any]) -> PortalAnswer:
        self.calls += 1
        if self.failures:
            failure = self.failures.pop(0)
            if isinstance(failure, BaseException):
                raise failure
            return failure
        if message_id in self.seen:
            return PortalAnswer("1", "Đã nhận trước đó")
        if payload["ThuTu"] <= self.places.get(payload["MaHoSo"], 0):
            return PortalAnswer("9", "Trạng thái cũ hơn")
        self.seen[message_id] = PortalAnswer("0")
        self.statuses[payload["MaHoSo"]], self.places[payload["MaHoSo"]] = payload["TrangThai"], payload["ThuTu"]
        if self.lose_answer:
            self.lose_answer = False
            raise TimeoutError("không trả lời kịp")
        return PortalAnswer("0", "OK")


@pytest.fixture
def portal() -> SimulatedPortal:
    return SimulatedPortal()


def test_statuses_arrive_in_order_and_the_dossier_is_synchronised(counter, portal) -> None:
    dossier = counter.received()
    handling.start(by=counter.clerk, dossier=dossier, now=at(15, 10))

    assert push_waiting(carry=portal, now=at(15, 11)) == (2, 0)
    dossier.refresh_from_db()
    assert portal.statuses == {dossier.code: 4}
    assert dossier.sync == SyncState.SENT
    assert push_waiting(carry=portal, now=at(15, 12)) == (0, 0)


def test_answer_lost_on_the_way_is_replayed_without_a_second_entry(counter, portal) -> None:
    dossier = counter.received()
    portal.lose_answer = True

    first = push_waiting(carry=portal, now=at(15, 11))
    again = push_waiting(carry=portal, now=at(15, 12))

    assert (first, again) == ((0, 1), (1, 0))
    assert portal.calls == 2
    assert len(portal.seen) == 1
    assert dossier.messages.get().answer.startswith("1")


def test_later_status_never_overtakes_one_that_waits(counter, portal) -> None:
    dossier = counter.received()
    handling.start(by=counter.clerk, dossier=dossier, now=at(15, 10))
    portal.failures = [TimeoutError("chậm")]

    assert push_waiting(carry=portal, now=at(15, 11)) == (0, 1)
    assert push_waiting(carry=portal, now=at(15, 11)) == (0, 0)
    assert push_waiting(carry=portal, now=at(15, 11) + timedelta(minutes=2)) == (2, 0)
    assert portal.statuses == {dossier.code: 4}


def test_error_inside_the_answer_is_refused_at_once_and_shown(counter, portal) -> None:
    dossier = counter.received()
    portal.failures = [PortalAnswer("17", "Mã thủ tục không tồn tại")]

    push_waiting(carry=portal, now=at(15, 11))

    dossier.refresh_from_db()
    message = dossier.messages.get()
    assert message.state == MessageState.REFUSED
    assert "không tồn tại" in message.answer
    assert dossier.sync == SyncState.FAILED


def test_no_answer_is_tried_with_growing_pauses_and_given_up(counter, portal) -> None:
    dossier = counter.received()
    portal.failures = [TimeoutError("chậm")] * 50
    now, waits = at(15, 11), []

    for _ in range(MAX_ATTEMPTS + 3):
        push_waiting(carry=portal, now=now)
        message = PortalMessage.objects.get()
        waits.append(int((message.next_try_at - now).total_seconds() / 60))
        now = max(now, message.next_try_at)

    dossier.refresh_from_db()
    assert waits[:6] == [1, 2, 4, 8, 16, 32]
    assert message.state == MessageState.GIVEN_UP
    assert message.attempts == MAX_ATTEMPTS
    assert dossier.sync == SyncState.FAILED


def test_failed_step_leaves_no_message_behind(counter, portal) -> None:
    dossier = counter.submit(files=())

    with pytest.raises(Exception, match="Đơn đăng ký"):
        intake.accept(by=counter.clerk, dossier=dossier, now=at(15))

    assert not PortalMessage.objects.exists()


def test_reconciliation_finds_what_differs_and_sending_again_mends_it(counter, portal) -> None:
    known, lost = counter.received(), counter.received()
    push_waiting(carry=portal, now=at(15, 11))
    handling.start(by=counter.clerk, dossier=known, now=at(15, 12))
    del portal.statuses[lost.code]
    portal.statuses["H10.16-230515-0099"] = 2

    found = {item.code: item for item in differences(Dossier.objects.all(), portal.statuses)}
    for dossier in (known, lost):
        dossier.refresh_from_db()
        send_again(by=counter.clerk, dossier=dossier, now=at(15, 13))
    push_waiting(carry=portal, now=at(15, 14))

    assert (found[known.code].ours, found[known.code].theirs) == (4, 2)
    assert found[lost.code].theirs is None
    assert found["H10.16-230515-0099"].ours is None
    assert all(item.sentence for item in found.values())
    assert [item.code for item in differences(Dossier.objects.all(), portal.statuses)] == ["H10.16-230515-0099"]
    with pytest.raises(Forbidden):
        send_again(by=counter.specialist, dossier=known)


class _Answering(BaseHTTPRequestHandler):
    answers: list[tuple[int, bytes]] = []
    received: list[dict[str, Any]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.received.append(json.loads(body))
        status, content = self.answers.pop(0)
        self.send_response(status)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def http_portal(settings):
    server = HTTPServer(("127.0.0.1", 0), _Answering)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.PORTAL_URL = f"http://127.0.0.1:{server.server_port}/nhan"
    _Answering.answers, _Answering.received = [], []
    yield _Answering
    server.shutdown()
    server.server_close()
    thread.join()


def test_driver_reads_the_code_inside_the_answer_and_refuses_rubbish(http_portal) -> None:
    http_portal.answers = [
        (200, b'{"error_code": "0", "message": "OK"}'), (200, b'{"error_code": 17, "message": "sai"}'),
        (500, b"{}"), (200, b"<html>"), (200, b'{"khac": 1}'),
    ]  # fmt: skip

    assert drivers.carry("m1", {"MaHoSo": "H10.16-230515-0001"}) == PortalAnswer("0", "OK")
    assert drivers.carry("m2", {}) == PortalAnswer("17", "sai")
    for _ in range(3):
        with pytest.raises(OSError, match=r"HTTP 500|không đọc được|thiếu mã"):
            drivers.carry("m3", {})
    assert http_portal.received[0] == {"MessageId": "m1", "MaHoSo": "H10.16-230515-0001"}


def test_driver_without_an_address_keeps_messages_waiting(counter, settings) -> None:
    settings.PORTAL_URL = ""
    counter.received()

    assert push_waiting(carry=drivers.carry, now=at(15, 11)) == (0, 1)
    assert PortalMessage.objects.get().state == MessageState.WAITING
