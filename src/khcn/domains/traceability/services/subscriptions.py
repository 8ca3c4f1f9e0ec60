"""Takes subscriptions, makes their reports, and delivers these: signed, tried again, given up, sent again on demand."""

import hmac
import zlib
from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import Max, Q

from khcn.domains.traceability.choices import NotificationState
from khcn.domains.traceability.errors import NoSuchResource, SubscriptionRefused
from khcn.domains.traceability.models import CapturedEvent, Client, Delivery, NamedQuery, Subscription
from khcn.domains.traceability.permissions import may_query, require_officer
from khcn.domains.traceability.queries.events import FoundEvent, find_events, question
from khcn.domains.traceability.rules.report_schedule import next_after, retry_after
from khcn.kernel.audit.services import record
from khcn.lib.actor import Actor
from khcn.standards.epcis.json_writing import write_json
from khcn.standards.epcis.vocabulary import CONTEXT_URI

Carry = Callable[[str, bytes, Mapping[str, str]], None]
_PAGE = 500


@transaction.atomic
def subscribe(*, by: Client, query: NamedQuery, body: Any, now: datetime) -> Subscription:
    """The subscription that a request asks for. Raises NotAllowed and SubscriptionRefused."""
    may_query(by)
    if not isinstance(body, dict):
        raise SubscriptionRefused("Đăng ký phải là một đối tượng gồm dest và schedule hoặc stream.")
    destination = body.get("dest")
    if not isinstance(destination, str) or urlsplit(destination).scheme not in ("http", "https"):
        raise SubscriptionRefused("Nơi nhận (dest) phải là địa chỉ http hoặc https.", field="dest")
    schedule, stream = body.get("schedule"), body.get("stream") is True
    if stream == (schedule is not None):
        raise SubscriptionRefused("Hãy chọn đúng một cách: stream hoặc schedule.", field="schedule")
    if schedule is not None and not isinstance(schedule, dict):
        raise SubscriptionRefused("Lịch báo (schedule) phải là một đối tượng.", field="schedule")
    try:
        next_at = next_after(schedule, now) if schedule is not None else None
    except ValueError as error:
        raise SubscriptionRefused("Lịch báo có ô không đọc được.", field=f"schedule/{error}") from error
    if schedule is not None and next_at is None:
        raise SubscriptionRefused("Lịch báo không bao giờ đến.", field="schedule")
    return Subscription.objects.create(
        query=query, destination=destination[:500], signature_token=str(body.get("signatureToken") or "")[:200],
        report_if_empty=body.get("reportIfEmpty") is True, stream=stream, schedule=schedule or {}, created_at=now,
        last_seq=_last_seq(), next_at=next_at,
    )  # fmt: skip


def subscription_of(*, query: NamedQuery, uid: str) -> Subscription:
    """Raises NoSuchResource."""
    found = next((one for one in Subscription.objects.filter(query=query) if str(one.uid) == uid), None)
    if found is None:
        raise NoSuchResource("Không có đăng ký mang mã này.")
    return found


@transaction.atomic
def unsubscribe(*, by: Client, query: NamedQuery, uid: str) -> None:
    """Raises NotAllowed and NoSuchResource."""
    may_query(by)
    subscription_of(query=query, uid=uid).delete()


def _last_seq() -> int:
    return int(CapturedEvent.objects.aggregate(last=Max("seq"))["last"] or 0)


def make_reports(*, now: datetime) -> int:
    """Make the reports that are due; an event is in one report of a subscription. Returns how many were made."""
    due = Subscription.objects.filter(Q(stream=True) | Q(next_at__lte=now))
    return sum(_report(one, now) for one in list(due.values_list("pk", flat=True)))


@transaction.atomic
def _report(pk: int, now: datetime) -> int:
    one = Subscription.objects.select_for_update(of=("self",)).select_related("query__client").get(pk=pk)
    last = _last_seq()
    if one.stream and last <= one.last_seq:
        return 0
    fresh = Q(seq__gt=one.last_seq, seq__lte=last)
    parameters = {name: value for name, value in one.query.parameters.items() if name not in ("perPage", "orderBy")}
    found: list[FoundEvent] = []
    after = None
    while True:
        page = find_events(
            client=one.query.client, query=question(parameters), per_page=_PAGE, after=after, narrowed=fresh
        )
        found += page.events
        after = page.next_after
        if after is None:
            break
    one.last_seq = last
    one.next_at = next_after(one.schedule, now) if not one.stream else None
    one.save(update_fields=["last_seq", "next_at"])
    if not found and not one.report_if_empty:
        return 0
    Delivery.objects.create(
        subscription=one,
        body=zlib.compress(_document(one, found, now)),
        event_count=len(found),
        made_at=now,
        next_at=now,
    )
    return 1


def _document(subscription: Subscription, found: list[FoundEvent], now: datetime) -> bytes:
    contexts = [one.context for one in found]
    context = contexts[0] if contexts and all(one == contexts[0] for one in contexts) else [CONTEXT_URI]
    events = [one.value if one.context == context else {"@context": one.context, **one.value} for one in found]
    moment = now.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return write_json(
        {
            "@context": context, "type": "EPCISQueryDocument", "schemaVersion": "2.0", "creationDate": moment,
            "epcisBody": {
                "queryResults": {
                    "subscriptionID": str(subscription.uid), "queryName": subscription.query.name,
                    "resultsBody": {"eventList": events},
                }
            },
        }
    )  # fmt: skip


def signature(token: str, body: bytes) -> str:
    """What stands in GS1-Signature: the HMAC-SHA256 of the body under the subscriber's token, in hexadecimal."""
    return hmac.new(token.encode(), body, sha256).hexdigest()


def deliver_waiting(*, carry: Carry, now: datetime, limit: int = 200) -> int:
    """Send what waits, the oldest first; returns how many arrived. A failure waits longer each time, then is dead."""
    waiting = Delivery.objects.filter(state=NotificationState.WAITING, next_at__lte=now).select_related("subscription")
    arrived = 0
    for one in list(waiting[:limit]):
        body = zlib.decompress(bytes(one.body))
        headers = {"Content-Type": "application/ld+json", "GS1-EPCIS-Version": "2.0.0", "X-Khcn-Delivery": str(one.uid)}
        if one.subscription.signature_token:
            headers["GS1-Signature"] = signature(one.subscription.signature_token, body)
        one.attempts += 1
        try:
            carry(one.subscription.destination, body, headers)
        except OSError as error:
            wait = retry_after(one.attempts)
            one.error = str(error)[:300]
            one.state = NotificationState.WAITING if wait else NotificationState.DEAD
            one.next_at = now + wait if wait else now
        else:
            one.state, one.error = NotificationState.DONE, ""
            arrived += 1
        one.save(update_fields=["attempts", "error", "state", "next_at"])
    return arrived


@transaction.atomic
def send_again(*, by: Actor, delivery: Delivery, now: datetime) -> Delivery:
    """Have a report sent once more from the first attempt on, whatever came of it. Raises Forbidden."""
    require_officer(by)
    delivery.state, delivery.attempts, delivery.next_at, delivery.error = NotificationState.WAITING, 0, now, ""
    delivery.save(update_fields=["state", "attempts", "next_at", "error"])
    record(by=by, verb="trace.delivery_again", subject=delivery, after={"events": delivery.event_count})
    return delivery
