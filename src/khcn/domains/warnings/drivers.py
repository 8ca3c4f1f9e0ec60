"""Channels of warnings: e-mail, webhook, MQTT, and gateways of SMS and Zalo, simulated until an agency has its own."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone

from khcn.domains.warnings.choices import WarningChannel
from khcn.domains.warnings.services.sending import Carry, Outgoing, Receipt, send_waiting
from khcn.lib.actor import Actor
from khcn.web.broker import own_broker, publish
from khcn.web.outgoing import post

TIMEOUT_SECONDS = 15


def by_email(message: Outgoing) -> Receipt:
    """An e-mail with the message attached; its Message-ID is the same at each attempt. Raises OSError."""
    mark = f"<{message.key}@khcn>"
    letter = EmailMessage(
        message.title[:200], message.text, settings.DEFAULT_FROM_EMAIL, [message.address], headers={"Message-ID": mark}
    )  # fmt: skip
    letter.attach(f"{message.identifier}.xml", message.content, "application/cap+xml")
    letter.send()
    return Receipt(mark)


def by_webhook(message: Outgoing) -> Receipt:
    """POST the message; a receiver knows a repeat by X-Khcn-Delivery. An answer of 2xx vouches. Raises OSError."""
    headers = {"Content-Type": "application/cap+xml", "X-Khcn-Delivery": message.key}
    status, _content = post(message.address, message.content, headers, seconds=TIMEOUT_SECONDS)
    if status // 100 != 2:
        raise OSError(f"HTTP {status}")
    return Receipt(f"HTTP {status}", has_arrived=True)


def by_mqtt(message: Outgoing) -> Receipt:
    """Publish the message on the recipient's topic; a repeat is known by the same `delivery`. Raises OSError.

    The broker's word is not a receipt: who listens there is not known.
    """
    try:
        broker = own_broker()
    except ValueError as fault:
        raise OSError("Chưa cấu hình máy chủ MQTT") from fault
    marks = {"delivery": message.key, "identifier": message.identifier}
    publish(
        broker, message.address, message.content, media_type="application/cap+xml", marks=marks,
        seconds=TIMEOUT_SECONDS,
    )  # fmt: skip
    return Receipt(f"MQTT {message.address}"[:120])


class SimulatedGateway:
    """Stands for a gateway that an agency has no contract with yet: keeps each message once, and gives receipts.

    A repeat with the same key gets the same receipt and is not kept again, as real gateways do by their client key.
    """

    def __init__(self, name: str, *, longest: int) -> None:
        self.name, self.longest = name, longest

    @property
    def path(self) -> Path:
        """The file that holds what would have gone out."""
        return Path(settings.MEDIA_ROOT) / "simulated-gateways" / f"{self.name}.jsonl"

    def __call__(self, message: Outgoing) -> Receipt:
        """Keep a message."""
        mark = f"{self.name}-{hashlib.sha256(message.key.encode()).hexdigest()[:16]}"
        self.path.parent.mkdir(parents=True, exist_ok=True)
        if mark not in {one["receipt"] for one in self.kept()}:
            line = {"receipt": mark, "to": message.address, "text": message.text[: self.longest]}
            with self.path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
        return Receipt(mark)

    def kept(self) -> list[dict[str, str]]:
        """What would have gone out."""
        if not self.path.is_file():
            return []
        return [json.loads(line) for line in self.path.read_text("utf-8").splitlines()]


SMS, ZALO = SimulatedGateway("sms", longest=480), SimulatedGateway("zalo", longest=2000)
CARRIERS: Mapping[WarningChannel, Carry] = {
    WarningChannel.EMAIL: by_email, WarningChannel.WEBHOOK: by_webhook, WarningChannel.SMS: SMS,
    WarningChannel.ZALO: ZALO, WarningChannel.MQTT: by_mqtt,
}  # fmt: skip


def send_on_schedule(*, by: Actor, on: date) -> int:
    """Send what waits, for the schedule."""
    del by, on
    return send_waiting(carriers=CARRIERS, now=timezone.now())
