"""Speaks to the MQTT broker that the settings name: its address, our account at it, one message published.

Subscribing is for whoever knows what comes; see domains/hazards/drivers.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import paho.mqtt.client as mqtt
from django.conf import settings
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

KEEPALIVE_S = 60
_STEP_S = 0.2


@dataclass(frozen=True, slots=True)
class Broker:
    """Where the broker listens, and as whom we speak to it. client_id: under it the broker keeps the session."""

    host: str
    port: int
    is_secure: bool = False
    username: str = ""
    password: str = ""
    authority: str = ""
    client_id: str = "khcn"


def broker_at(address: str, *, username: str = "", password: str = "", authority: str = "") -> Broker:
    """The broker at mqtt://host[:1883] or mqtts://host[:8883]; authority: a file of certificates. Raises ValueError."""
    parts = urlsplit(address)
    if parts.scheme not in ("mqtt", "mqtts") or not parts.hostname:
        raise ValueError("Địa chỉ máy chủ MQTT phải có dạng mqtt://máy:cổng hoặc mqtts://máy:cổng.")
    secure = parts.scheme == "mqtts"
    port = parts.port or (8883 if secure else 1883)
    return Broker(parts.hostname, port, secure, username, password, authority, username or "khcn")


def own_broker() -> Broker:
    """The broker that the settings name. Raises ValueError without one."""
    return broker_at(
        settings.MQTT_BROKER, username=settings.MQTT_USERNAME, password=settings.MQTT_PASSWORD,
        authority=settings.MQTT_AUTHORITY,
    )  # fmt: skip


def introduce(client: mqtt.Client, broker: Broker) -> None:
    """Give a client its account and its certificate. Raises OSError for a file that is not there."""
    if broker.username:
        client.username_pw_set(broker.username, broker.password)
    if broker.is_secure:
        client.tls_set(ca_certs=broker.authority or None)


def publish(
    broker: Broker, topic: str, content: bytes, *, media_type: str, marks: Mapping[str, str], seconds: float
) -> None:
    """Publish one message with QoS 1 (MQTT 5) and wait until the broker has it; marks: its user properties.

    Raises OSError where the broker is away, refuses the account or the topic, or says nothing within the seconds.
    """
    client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
    client.connect_timeout = seconds
    told = Properties(PacketTypes.PUBLISH)
    told.ContentType, told.UserProperty = media_type, list(marks.items())
    answers: list[Any] = []

    def connected(_client: mqtt.Client, _u: object, _f: object, code: Any, _p: object) -> None:
        if code.is_failure:
            answers.append(code)
        else:
            client.publish(topic, content, qos=1, properties=told)

    client.on_connect = connected
    client.on_publish = lambda _client, _u, _mid, code, _p: answers.append(code)
    introduce(client, broker)
    until = time.monotonic() + seconds
    try:
        client.connect(broker.host, broker.port, KEEPALIVE_S)
        while not answers:
            ended = client.loop(_STEP_S) != MQTTErrorCode.MQTT_ERR_SUCCESS
            if not answers and (ended or time.monotonic() > until):
                raise OSError("Máy chủ MQTT không trả lời")
    finally:
        client.disconnect()
    if answers[0].is_failure:
        raise OSError(f"Máy chủ MQTT từ chối: {answers[0]}")
