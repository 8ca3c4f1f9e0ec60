"""Carries queued deliveries by their channels: each once, tried again while it fails, known again by its key."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from khcn.domains.warnings.choices import TOPIC_ROOT, WarningChannel, WarningDeliveryState
from khcn.domains.warnings.errors import WarningRefused
from khcn.domains.warnings.models import Delivery, Recipient, WarningCase
from khcn.domains.warnings.permissions import may_write, require
from khcn.domains.warnings.queries.messages import headline_of
from khcn.domains.warnings.rules.retrying import wait_after
from khcn.kernel.audit.services import record
from khcn.kernel.orgs.models import Organisation
from khcn.lib.actor import Actor

_TOPIC = re.compile(rf"{TOPIC_ROOT}(/[^/+#$\0]+)+")
#: A delivery that was begun and not ended within this died with its worker.
ABANDONED_AFTER = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What a channel carries. key: the same at each attempt, so that a receiver knows a repeat."""

    key: str
    address: str
    title: str
    text: str
    content: bytes
    identifier: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a channel answers: the gateway's own mark, and whether it vouches that the message arrived."""

    mark: str = ""
    has_arrived: bool = False


#: Raises OSError where it could not be carried.
Carry = Callable[[Outgoing], Receipt]


def send_waiting(*, carriers: Mapping[WarningChannel, Carry], now: datetime, limit: int = 500) -> int:
    """Send what is due; returns how many went out. Each is claimed before it is carried: no two workers share one."""
    sent = 0
    for key in _due(now, limit):
        one = _claim(key, now)
        if one is None:
            continue
        carry = carriers.get(WarningChannel(one.channel))
        try:
            if carry is None:
                raise OSError("Chưa cấu hình kênh này")
            receipt = carry(_outgoing(one))
        except OSError as error:
            _failed(one, str(error), now)
        else:
            _went(one, receipt, timezone.now())
            sent += 1
    return sent


def _due(now: datetime, limit: int) -> list[int]:
    rows = Delivery.objects.filter(state=WarningDeliveryState.QUEUED, next_at__lte=now)
    rows = rows.exclude(begun_at__gt=now - ABANDONED_AFTER)
    return list(rows.order_by("next_at", "pk").values_list("pk", flat=True)[:limit])


def _claim(key: int, now: datetime) -> Delivery | None:
    with transaction.atomic():
        rows = Delivery.objects.select_for_update(
            of=("self",), skip_locked=connection.features.has_select_for_update_skip_locked
        )
        one = rows.select_related("message__case", "message__draft").filter(pk=key).first()
        if one is None or one.state != WarningDeliveryState.QUEUED:
            return None
        if one.begun_at is not None and one.begun_at > now - ABANDONED_AFTER:
            return None
        one.begun_at, one.attempts = now, one.attempts + 1
        one.save(update_fields=["begun_at", "attempts"])
    return one


def _outgoing(one: Delivery) -> Outgoing:
    draft = one.message.draft
    title = headline_of(one.message)
    text = f"{title}\n\n{draft.description}\n\n{draft.instruction}"
    return Outgoing(str(one.uid), one.address, title, text, bytes(one.message.content), one.message.identifier)


def _failed(one: Delivery, error: str, now: datetime) -> None:
    wait = wait_after(one.attempts)
    one.error, one.begun_at = error[:300], None
    one.state = WarningDeliveryState.QUEUED if wait else WarningDeliveryState.FAILED
    one.next_at = now + wait if wait else one.next_at
    one.save(update_fields=["error", "begun_at", "state", "next_at"])


def _went(one: Delivery, receipt: Receipt, at: datetime) -> None:
    with transaction.atomic():
        one.sent_at, one.error, one.receipt = at, "", receipt.mark[:120]
        one.state = WarningDeliveryState.CONFIRMED if receipt.has_arrived else WarningDeliveryState.SENT
        one.confirmed_at = at if receipt.has_arrived else None
        one.save(update_fields=["sent_at", "error", "receipt", "state", "confirmed_at"])
        case = one.message.case
        WarningCase.objects.filter(pk=case.pk, first_delivered_at=None).update(first_delivered_at=at)


def confirm_delivery(*, receipt: str, channel: WarningChannel, now: datetime) -> bool:
    """A gateway reports that a message arrived; False for a receipt that is not ours."""
    rows = Delivery.objects.filter(receipt=receipt, channel=channel, state=WarningDeliveryState.SENT)
    return bool(receipt) and rows.update(state=WarningDeliveryState.CONFIRMED, confirmed_at=now) > 0


def mark_delivery_read(*, uid: str, now: datetime) -> bool:
    """Somebody opened the link that came with a message."""
    states = (WarningDeliveryState.SENT, WarningDeliveryState.CONFIRMED)
    rows = Delivery.objects.filter(uid=uid, state__in=states)
    return rows.update(state=WarningDeliveryState.READ, read_at=now) > 0


def save_recipient(
    *, by: Actor, owner: Organisation, name: str, channel: WarningChannel, address: str, post: str = "",
    units: list[str] | None = None, least_level: int = 0, hears_exercises: bool = True,
) -> Recipient:  # fmt: skip
    """Add a post or machine that receives."""
    require(may_write(by, owner.pk), "Việc này dành cho người soạn cảnh báo của cơ quan.")
    if channel is WarningChannel.WEBHOOK and not address.startswith(("http://", "https://")):
        raise WarningRefused("Địa chỉ máy nhận phải bắt đầu bằng https://.", field="address")
    if channel is WarningChannel.EMAIL and "@" not in address:
        raise WarningRefused("Ghi địa chỉ thư điện tử.", field="address")
    if channel is WarningChannel.MQTT and not _TOPIC.fullmatch(address.strip()):
        raise WarningRefused("Chủ đề MQTT phải bắt đầu bằng canh-bao/ và không có dấu + hay #.", field="address")
    if Recipient.objects.filter(owner=owner, channel=channel, address=address).exists():
        raise WarningRefused("Nơi nhận này đã có.", field="address")
    with transaction.atomic():
        made = Recipient.objects.create(
            owner=owner, name=name.strip()[:200], channel=channel, address=address.strip(), post=post.strip()[:120],
            units=units or [], least_level=least_level, hears_exercises=hears_exercises,
        )  # fmt: skip
        record(by=by, verb="warning.recipient", subject=made, after={"channel": channel, "name": name})
    return made


def stop_recipient(*, by: Actor, recipient: Recipient) -> None:
    """Send nothing more to a recipient; what it got stays on record."""
    require(may_write(by, recipient.owner_id), "Việc này dành cho người soạn cảnh báo của cơ quan.")
    with transaction.atomic():
        recipient.is_active = False
        recipient.save(update_fields=["is_active"])
        record(by=by, verb="warning.stop_recipient", subject=recipient, after={"active": False})
