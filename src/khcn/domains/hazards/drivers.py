"""The MQTT door: subscribes with QoS 1 to what stations publish and acknowledges only what the database has.

The session stays at the broker while nobody is there. What is not acknowledged comes again after a new connection, and
taking it in again changes nothing.
"""

import hashlib
import logging
import os
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import paho.mqtt.client as mqtt
from django.conf import settings
from django.db import Error, close_old_connections, connection
from django.utils import timezone
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode

from khcn.domains.hazards.queries.broker import broker_files
from khcn.domains.hazards.rules.readings import TOPIC_ROOT
from khcn.domains.hazards.services.messages import SentMessage, TakenIn, take_in_messages
from khcn.domains.hazards.services.stations import broker_hash
from khcn.kernel.schedules.services import system_actor
from khcn.web.broker import KEEPALIVE_S, Broker, introduce

MOST_MESSAGES = 2_000
#: Of payload in one batch; the smallest value takes fourteen bytes, so a batch stays below what one record takes.
MOST_BYTES = 2_000_000
#: A batch ends this long after its first message, or once nothing has come for the shorter time.
LONGEST_S, QUIET_S = 1.0, 0.05
FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 30.0
IDLE_S = 0.5
BETWEEN_S = 15.0
_LOG = logging.getLogger(__name__)


def take_in(messages: Sequence[SentMessage]) -> TakenIn:
    """Keep a batch as the system itself."""
    now = timezone.now()
    return take_in_messages(by=system_actor(timezone.localdate(now)), messages=messages, now=now)


class Subscriber:
    """One connection after the other, one batch after the other, all in one thread.

    between: called at first and then every so many seconds, between batches; may raise OSError.
    """

    def __init__(
        self, broker: Broker, *, keep: Callable[[Sequence[SentMessage]], TakenIn] = take_in,
        between: Callable[[], object] = lambda: None, between_s: float = BETWEEN_S,
    ) -> None:  # fmt: skip
        self._broker, self._keep, self._between, self._between_s = broker, keep, between, between_s
        self._waiting: list[mqtt.MQTTMessage] = []
        self._bytes = 0
        self._first_at = self._last_at = 0.0
        self._is_connected = False

    def run(self, asked: threading.Event) -> None:
        """Take in until asked to stop; a broker or database that is away is tried again, ever more slowly."""
        pause = FIRST_PAUSE_S
        while not asked.is_set():
            self._is_connected = False
            self._meanwhile()
            client = mqtt.Client(
                CallbackAPIVersion.VERSION2, client_id=self._broker.client_id, clean_session=False, manual_ack=True
            )
            try:
                self._prepare(client)
                client.connect(self._broker.host, self._broker.port, KEEPALIVE_S)
                self._serve(client, asked)
            except OSError as fault:
                _LOG.error("Chưa nối được máy chủ MQTT %s:%s: %s", self._broker.host, self._broker.port, fault)
            except Error as fault:
                connection.close()
                _LOG.error("Chưa ghi được số liệu, sẽ nhận lại từ máy chủ MQTT: %s", fault)
            finally:
                client.disconnect()
            pause = FIRST_PAUSE_S if self._is_connected else min(pause * 2, LONGEST_PAUSE_S)
            asked.wait(pause)

    def _prepare(self, client: mqtt.Client) -> None:
        introduce(client, self._broker)
        client.on_connect, client.on_subscribe, client.on_message = self._connected, self._subscribed, self._arrived
        self._waiting, self._bytes = [], 0

    def _serve(self, client: mqtt.Client, asked: threading.Event) -> None:
        """One connection, to its end or until asked."""
        looked_at = time.monotonic()
        while not asked.is_set():
            ended = client.loop(QUIET_S if self._waiting else IDLE_S) != MQTTErrorCode.MQTT_ERR_SUCCESS
            now = time.monotonic()
            if ended:
                return  # what waits was not acknowledged and comes again
            if self._is_due(now):
                self._settle(client)
            if not self._waiting and now - looked_at >= self._between_s:
                looked_at = now
                self._meanwhile()
        self._settle(client)

    def _meanwhile(self) -> None:
        close_old_connections()
        try:
            self._between()
        except (OSError, Error) as fault:
            _LOG.error("Chưa ghi được tệp tài khoản của máy chủ MQTT: %s", fault)

    def _is_due(self, now: float) -> bool:
        if not self._waiting:
            return False
        full = len(self._waiting) >= MOST_MESSAGES or self._bytes >= MOST_BYTES
        return full or now - self._first_at >= LONGEST_S or now - self._last_at >= QUIET_S

    def _settle(self, client: mqtt.Client) -> None:
        """Keep what waits, in one commit, and only then tell the broker, in the order in which it came."""
        batch, self._waiting, self._bytes = self._waiting, [], 0
        if not batch:
            return
        close_old_connections()
        done = self._keep([SentMessage(one.topic, bytes(one.payload)) for one in batch])
        for one in batch:
            if one.qos:
                client.ack(one.mid, one.qos)
        if done.refused:
            _LOG.warning("Không nhận %s trong %s gói số liệu; xem “Gói số liệu không nhận”.", done.refused, len(batch))

    def _connected(self, client: mqtt.Client, _u: object, _f: object, code: object, _p: object) -> None:
        if code.is_failure:  # type: ignore[attr-defined]
            _LOG.error("Máy chủ MQTT từ chối tài khoản “%s”: %s", self._broker.username, code)
            return
        self._is_connected = True
        client.subscribe(f"{TOPIC_ROOT}/#", qos=1)
        _LOG.info("Đã nối máy chủ MQTT %s:%s.", self._broker.host, self._broker.port)

    def _subscribed(self, _client: mqtt.Client, _u: object, _mid: int, codes: Sequence[object], _p: object) -> None:
        if any(code.is_failure for code in codes):  # type: ignore[attr-defined]
            _LOG.error("Máy chủ MQTT không cho tài khoản “%s” đọc %s/#.", self._broker.username, TOPIC_ROOT)

    def _arrived(self, _client: mqtt.Client, _u: object, message: mqtt.MQTTMessage) -> None:
        self._last_at = time.monotonic()
        if not self._waiting:
            self._first_at = self._last_at
        self._waiting.append(message)
        self._bytes += len(message.payload)


class AccountFiles:
    """The broker's files of accounts in a folder, written again where keys were given out or revoked.

    heard_by_all: topics that our own account writes and every station may read.
    """

    def __init__(self, folder: Path, broker: Broker, *, heard_by_all: str = "") -> None:
        self._folder, self._broker, self._heard_by_all = folder, broker, heard_by_all
        salt = hashlib.sha256(f"{settings.SECRET_KEY}:{broker.username}".encode()).digest()[:12]  # the same each time
        self._own_hash = broker_hash(broker.password, salt=salt) if broker.password else ""

    def write(self) -> bool:
        """Write what differs; True where anything did. A file is there whole or as it was."""
        made = broker_files(own_account=self._broker.username, own_hash=self._own_hash, heard_by_all=self._heard_by_all)
        wrote = [self._put("khcn.rights", made.rights), self._put("khcn.passwords", made.passwords)]
        return any(wrote)

    def _put(self, name: str, text: str) -> bool:
        path = self._folder / name
        if path.is_file() and path.read_text("utf-8") == text:
            return False
        self._folder.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".new")
        with os.fdopen(
            os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o640), "w", encoding="utf-8"
        ) as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
        return True
