"""Takes in what machines sent through the broker: a batch in one transaction, what cannot be kept kept with its reason.

Does not speak to the broker; whoever does acknowledges a batch once this has returned, that is after the commit.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from khcn.domains.hazards.choices import ObservationDoor
from khcn.domains.hazards.models import Datastream, RefusedMessage, Station, StationKey
from khcn.domains.hazards.rules.readings import SentValues, UnreadableReading, read_message
from khcn.domains.hazards.services.observations import Reading, Recorded, record_observations
from khcn.lib.actor import Actor
from khcn.lib.text import fold

#: Of each station so many refused messages are kept, the newest: one that sends nonsense does not fill the disk.
MOST_KEPT = 500
KEPT_CHARACTERS = 2_000
#: A key's last use is told to these minutes.
USED_AGAIN_AFTER = timedelta(minutes=10)


_Keys = dict[str, list[tuple[int, datetime | None]]]


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message as the broker hands it over."""

    topic: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What a batch of messages did; refused: messages of which something could not be kept."""

    recorded: Recorded
    refused: int


@dataclass(slots=True)
class _Refusals:
    """Reasons by message, the first of each."""

    reasons: dict[int, str] = field(default_factory=dict)

    def add(self, place: int, reason: str) -> None:
        self.reasons.setdefault(place, reason)


def take_in_messages(*, by: Actor, messages: Sequence[SentMessage], now: datetime | None = None) -> TakenIn:
    """Keep the values of a batch of messages, all in one transaction; the same batch again changes nothing.

    A value that cannot be kept does not hold up the others: its message is kept with the reason.
    """
    now = now or timezone.now()
    refusals = _Refusals()
    sent: dict[int, SentValues] = {}
    for place, message in enumerate(messages):
        try:
            sent[place] = read_message(message.topic, message.payload)
        except UnreadableReading as fault:
            refusals.add(place, str(fault))
            continue
        if sent[place].fault:
            refusals.add(place, sent[place].fault)
    with transaction.atomic():
        keys = _living_keys({one.station for one in sent.values()})
        readings, places = _readings(sent, keys, refusals)
        done = Recorded()
        if readings:
            done = record_observations(
                by=by, readings=readings, door=ObservationDoor.MQTT, now=now, drop_faulty=True
            )  # fmt: skip
            for index, sentence in done.faults:
                refusals.add(places[index], sentence)
        _keep_refused(messages, refusals.reasons, now)
        _mark_used(keys, now)
    return TakenIn(done, len(refusals.reasons))


def _living_keys(stations: set[str]) -> _Keys:
    """The keys of the stations that are not revoked: key and last use, by code of the station."""
    found: _Keys = {}
    rows = StationKey.objects.filter(station__code__in=stations, revoked_at=None)
    for code, key, used_at in rows.values_list("station__code", "pk", "last_used_at"):
        found.setdefault(code, []).append((key, used_at))
    return found


def _readings(sent: dict[int, SentValues], keys: _Keys, refusals: _Refusals) -> tuple[list[Reading], list[int]]:
    """The values that have a series to go to, and the message of each."""
    rows = Datastream.objects.filter(code__in={one.series for one in sent.values()})
    streams = {code: (key, is_open) for code, key, is_open in rows.values_list("code", "pk", "is_open")}
    readings: list[Reading] = []
    places: list[int] = []
    for place, one in sent.items():
        key, is_open = streams.get(one.series, (None, False))
        if key is None:
            refusals.add(place, f"Không có chuỗi quan trắc {one.series[:90]}.")
        elif not is_open:
            refusals.add(place, f"Chuỗi quan trắc {one.series} đã ngừng nhận số liệu.")
        elif one.station not in keys:
            refusals.add(place, f"Trạm {one.station} không còn khóa gửi số liệu nào.")
        else:
            readings += [Reading(key, at, value) for at, value in one.values]
            places += [place] * len(one.values)
    return readings, places


def _keep_refused(messages: Sequence[SentMessage], reasons: dict[int, str], now: datetime) -> None:
    """Keep each refused message once, and of each station no more than the newest."""
    if not reasons:
        return
    codes = {_station_in(messages[place].topic) for place in reasons}
    stations = {one.code: one for one in Station.objects.filter(code__in=codes)}
    kept: dict[str, RefusedMessage] = {}
    for place, reason in reasons.items():
        message = messages[place]
        digest = hashlib.sha256(b"\0".join((message.topic.encode(), message.payload, reason.encode()))).hexdigest()
        text = message.payload.decode("utf-8", "replace")[:KEPT_CHARACTERS].replace("\0", "�")
        topic = message.topic[:200].replace("\0", "�")
        kept[digest] = RefusedMessage(
            station=stations.get(_station_in(message.topic)), topic=topic, payload=text, reason=reason[:300],
            digest=digest, folded=fold(f"{topic} {reason} {text}")[:600], first_at=now, last_at=now,
        )  # fmt: skip
    RefusedMessage.objects.bulk_create(
        kept.values(), update_conflicts=True, unique_fields=["digest"], update_fields=["last_at"]
    )
    for station in {one.station for one in kept.values()}:
        rows = RefusedMessage.objects.filter(station=station)
        beyond = list(rows.order_by("-last_at", "-pk").values_list("pk", flat=True)[MOST_KEPT:])
        if beyond:
            rows.filter(pk__in=beyond).delete()


def _station_in(topic: str) -> str:
    parts = topic.split("/")
    return parts[1][:60] if len(parts) > 1 else ""


def _mark_used(keys: _Keys, now: datetime) -> None:
    """Tell when a key was last used, where a station has one only: a message does not say which of several sent it."""
    only = [rows[0] for rows in keys.values() if len(rows) == 1]
    due = [key for key, used_at in only if used_at is None or used_at < now - USED_AGAIN_AFTER]
    if due:
        StationKey.objects.filter(pk__in=due).update(last_used_at=now)
