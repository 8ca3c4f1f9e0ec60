"""Tells the national portal of statuses: in order per dossier, retried with growing pauses, each message id once.

What carries a message is a driver; the real portal is not reachable from here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from khcn.domains.onestop.choices import MessageState, SyncState
from khcn.domains.onestop.models import Dossier, PortalMessage
from khcn.domains.onestop.services.steps import queue_message
from khcn.kernel.audit.services import record
from khcn.lib.actor import Actor
from khcn.lib.failure import Forbidden
from khcn.lib.roles import Role

MAX_ATTEMPTS = 10
ACCEPTED, DUPLICATE = "0", "1"


@dataclass(frozen=True, slots=True)
class PortalAnswer:
    """What the portal says inside its answer: "0" taken, "1" had it already, anything else an error with its text."""

    code: str
    text: str = ""


Carrier = Callable[[str, Mapping[str, Any]], PortalAnswer]
"""Takes message id and payload; raises OSError (time-outs too) when no answer came."""


def push_waiting(*, carry: Carrier, now: datetime | None = None, limit: int = 200) -> tuple[int, int]:
    """Send what waits; returns (sent, not sent). A dossier's later status never overtakes an earlier one.

    No answer: tried again after 1, 2, 4 … minutes, at most six hours, then given up. An error inside the answer is
    refused at once and shown on the reconciliation page.
    """
    now = now or timezone.now()
    sent = unsent = 0
    blocked: set[int] = set(
        PortalMessage.objects.filter(state=MessageState.WAITING, next_try_at__gt=now).values_list(
            "dossier_id", flat=True
        )
    )
    waiting = PortalMessage.objects.filter(state=MessageState.WAITING, next_try_at__lte=now).order_by("id")
    for pk, dossier_id in list(waiting.values_list("pk", "dossier_id")[:limit]):
        if dossier_id in blocked:
            continue
        state = _push(pk, carry, now)
        sent += state is MessageState.SENT
        unsent += state is not MessageState.SENT
        if state is MessageState.WAITING:
            blocked.add(dossier_id)
    return sent, unsent


def send_again(*, by: Actor, dossier: Dossier, now: datetime | None = None) -> PortalMessage:
    """Queue the present status anew, as after a difference was found; older messages that wait are dropped."""
    if not by.holds_at(dossier.receiving_id, Role.ONE_STOP) and not by.holds(Role.SYSADMIN):
        raise Forbidden("Việc này dành cho cán bộ một cửa hoặc quản trị hệ thống.")
    with transaction.atomic():
        dossier.claim(None)
        dossier.messages.filter(state=MessageState.WAITING).update(
            state=MessageState.GIVEN_UP, answer="Thay bằng tin mới"
        )
        message = queue_message(dossier=dossier, now=now or timezone.now())
        dossier.save()
        record(by=by, verb="portal.send_again", subject=dossier, after={"place": message.place})
    return message


def _push(pk: int, carry: Carrier, now: datetime) -> MessageState:
    with transaction.atomic():
        message = PortalMessage.objects.select_for_update().get(pk=pk)
        if message.state != MessageState.WAITING:
            return MessageState(message.state)
        message.attempts += 1
        try:
            answer = carry(str(message.uid), message.payload)
        except OSError as error:
            message.answer = f"Cổng không trả lời: {error or type(error).__name__}"[:500]
            message.next_try_at = now + timedelta(minutes=min(2 ** (message.attempts - 1), 360))
            if message.attempts >= MAX_ATTEMPTS:
                message.state = MessageState.GIVEN_UP
        else:
            message.answer = f"{answer.code} {answer.text}".strip()[:500]
            taken = answer.code in (ACCEPTED, DUPLICATE)
            message.state = MessageState.SENT if taken else MessageState.REFUSED
            message.sent_at = now if taken else None
        message.save()
        last = message.dossier.messages.order_by("-place").values_list("pk", flat=True).first()
        if last == message.pk:
            state = {
                MessageState.SENT: SyncState.SENT, MessageState.WAITING: SyncState.WAITING,
            }.get(MessageState(message.state), SyncState.FAILED)  # fmt: skip
            Dossier.objects.filter(pk=message.dossier_id).update(sync=state)
        return MessageState(message.state)
