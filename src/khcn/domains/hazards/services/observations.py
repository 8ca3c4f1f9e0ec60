"""The one way in for measured values, whatever door they came by: judged, kept once, corrected with what was there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby

from django.db import transaction
from django.utils import timezone

from khcn.domains.hazards.choices import ObservationDoor, Quality
from khcn.domains.hazards.errors import ObservationRefused
from khcn.domains.hazards.models import Datastream, LatestObservation, Observation, ObservationRevision
from khcn.domains.hazards.queries.fire_days import INPUTS
from khcn.domains.hazards.rules.checks import RANGE, Before, Limits, check_values, is_number
from khcn.domains.hazards.services.fire_days import forget_fire_days
from khcn.kernel.audit.services import record
from khcn.kernel.events.services import publish
from khcn.lib.actor import Actor

#: A clock that is ahead by more than this is wrong.
MOST_AHEAD = timedelta(minutes=10)
MOST_AT_ONCE = 200_000
_BY_PEOPLE = (ObservationDoor.MANUAL, ObservationDoor.FILE)
_CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class Reading:
    """One value on its way in: key of the series, the aware moment that ends its interval, None for "not measured"."""

    datastream_id: int
    at: datetime
    value: float | None


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a batch did. kept: what a person had corrected and a machine sent again. faults: (place, sentence)."""

    new: int = 0
    same: int = 0
    corrected: int = 0
    kept: int = 0
    faults: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ObservationsChanged:
    """Older values came in or were corrected: what was concluded from that time on is to be seen anew."""

    datastreams: tuple[str, ...]
    since: str


def record_observations(
    *, by: Actor, readings: Sequence[Reading], door: ObservationDoor, now: datetime | None = None, reason: str = "",
    drop_faulty: bool = False,
) -> Recorded:  # fmt: skip
    """Keep values; one that is there already stays as it is, another value at its time is a correction.

    All or nothing, unless drop_faulty (machines, whose good values must not wait for their bad ones). A machine never
    writes over what a person corrected. Raises ObservationRefused with the faults.
    """
    now = now or timezone.now()
    if len(readings) > MOST_AT_ONCE:
        raise ObservationRefused(f"Mỗi lần nhận nhiều nhất {MOST_AT_ONCE} trị số; hãy chia nhỏ.")
    with transaction.atomic():
        streams = _locked({one.datastream_id for one in readings})
        good, faults = _sorted_out(readings, streams, now)
        if faults and not drop_faulty:
            raise ObservationRefused(faults[0][1], faults=tuple(faults))
        batch = _Batch(by, door, now, reason)
        for key, group in groupby(good, key=lambda one: one.datastream_id):
            batch.take(streams[key], list(group))
        done = batch.write()
        if done.new or done.corrected:
            record(
                by=by, verb="observation.record", subject=None, label=", ".join(sorted(batch.touched))[:300],
                after={"door": str(door), "new": done.new, "corrected": done.corrected, "series": len(batch.touched)},
            )  # fmt: skip
            forget_fire_days(since=batch.fire_since)
            if batch.late_since is not None:
                publish(ObservationsChanged(tuple(sorted(batch.touched))[:200], batch.late_since.isoformat()))
    return Recorded(done.new, done.same, done.corrected, done.kept, tuple(faults))


def _locked(keys: Iterable[int]) -> dict[int, LatestObservation]:
    """The newest values of the series, each locked until the end: two doors never write to one series at once."""
    rows = LatestObservation.objects.select_for_update(of=("self",)).filter(datastream_id__in=keys)
    rows = rows.select_related("datastream__station", "datastream__property").order_by("datastream_id")
    return {row.datastream_id: row for row in rows}


def _sorted_out(
    readings: Sequence[Reading], streams: dict[int, LatestObservation], now: datetime
) -> tuple[list[Reading], list[tuple[int, str]]]:
    """The readings that can be kept, by series and time, the last of equal ones; and the faults."""
    faults: list[tuple[int, str]] = []
    good: dict[tuple[int, datetime], Reading] = {}
    for place, one in enumerate(readings):
        fault = _fault(one, streams.get(one.datastream_id), now)
        if fault:
            faults.append((place, fault))
        else:
            at = one.at.astimezone(UTC).replace(microsecond=0)
            good[one.datastream_id, at] = Reading(one.datastream_id, at, one.value)
    return sorted(good.values(), key=lambda one: (one.datastream_id, one.at)), faults


def _fault(one: Reading, latest: LatestObservation | None, now: datetime) -> str:
    if latest is None:
        return "Không có chuỗi quan trắc này."
    station = latest.datastream.station
    if one.value is not None and not is_number(one.value):
        return "Trị số phải là một số hữu hạn."
    if one.at > now + MOST_AHEAD:
        return f"Thời điểm {timezone.localtime(one.at):%H:%M %d/%m/%Y} ở tương lai; kiểm tra đồng hồ của máy đo."
    day = timezone.localdate(one.at)
    if day < station.opened_on:
        return f"Trạm {station.code} hoạt động từ {station.opened_on:%d/%m/%Y}; trị số ở trước ngày ấy."
    if station.closed_on is not None and day >= station.closed_on:
        return f"Trạm {station.code} đã ngừng từ {station.closed_on:%d/%m/%Y}."
    return ""


class _Batch:
    """Collects what a batch writes, series by series, and writes it with few statements."""

    def __init__(self, by: Actor, door: ObservationDoor, now: datetime, reason: str) -> None:
        self.by, self.door, self.now, self.reason = by, door, now, reason
        self.touched: set[str] = set()
        self.late_since: datetime | None = None
        self.fire_since: dict[int, datetime] = {}
        self._same = self._kept = 0
        self._new: list[Observation] = []
        self._changed: list[Observation] = []
        self._replaced: list[ObservationRevision] = []
        self._latest: list[LatestObservation] = []

    def take(self, latest: LatestObservation, readings: list[Reading]) -> None:
        """Sort one series' readings into new, same and corrected."""
        stream, newest = latest.datastream, latest.phenomenon_time
        old = [one for one in readings if newest is not None and one.at <= newest]
        there = _existing(stream, [one.at for one in old])
        fresh = [one for one in readings if one.at not in there]
        marks = self._checked(latest, fresh)
        for one, mark in zip(fresh, marks, strict=True):
            self._add(stream, one, mark, is_late=newest is not None and one.at < newest)
        for one in old:
            if one.at in there:
                self._compare(stream, there[one.at], one)
        self._follow(latest, [one for one in self._changed if one.datastream_id == stream.pk])

    def write(self) -> Recorded:
        """Write everything; returns the counts."""
        Observation.objects.bulk_create(self._new, batch_size=_CHUNK)
        ObservationRevision.objects.bulk_create(self._replaced, batch_size=_CHUNK)
        Observation.objects.bulk_update(
            self._changed, ["result", "quality", "checks", "revision", "received_at", "door"], batch_size=500
        )
        LatestObservation.objects.bulk_update(
            self._latest, ["phenomenon_time", "result", "quality", "received_at", "unmoved_since"], batch_size=500
        )
        return Recorded(len(self._new), self._same, len(self._changed), self._kept)

    def _add(self, stream: Datastream, one: Reading, mark: int, *, is_late: bool) -> None:
        quality = Quality.MISSING if one.value is None else _judged(mark)
        self._new.append(
            Observation(
                datastream=stream, phenomenon_time=one.at, result=one.value, quality=quality, checks=mark,
                received_at=self.now, door=self.door,
            )
        )  # fmt: skip
        self._touch(stream, one.at, is_late or self.door in _BY_PEOPLE)

    def _compare(self, stream: Datastream, kept: Observation, one: Reading) -> None:
        if kept.result == one.value:
            self._same += 1
            return
        if self.door not in _BY_PEOPLE and kept.quality == Quality.CORRECTED:
            self._kept += 1
            return
        self._replaced.append(
            ObservationRevision(
                datastream=stream, phenomenon_time=kept.phenomenon_time, revision=kept.revision, result=kept.result,
                quality=kept.quality, received_at=kept.received_at, door=kept.door, replaced_at=self.now,
                replaced_by_id=self.by.user_id, reason=self.reason[:300],
            )
        )  # fmt: skip
        kept.revision += 1
        kept.result, kept.received_at, kept.door = one.value, self.now, self.door
        kept.checks = 0
        kept.quality = Quality.MISSING if one.value is None else Quality.CORRECTED
        if self.door not in _BY_PEOPLE and one.value is not None:
            kept.checks = check_values([0.0], [one.value], limits_of(stream))[0][0]
            kept.quality = _judged(kept.checks)
        self._changed.append(kept)
        self._touch(stream, one.at, True)

    def _touch(self, stream: Datastream, at: datetime, is_late: bool) -> None:
        self.touched.add(stream.code)
        if stream.property.code in INPUTS:
            self.fire_since[stream.station_id] = min(self.fire_since.get(stream.station_id, at), at)
        if is_late:
            self.late_since = at if self.late_since is None else min(self.late_since, at)

    def _checked(self, latest: LatestObservation, fresh: list[Reading]) -> list[int]:
        """The marks of new values; those later than the newest are compared with it and move it on."""
        limits, newest = limits_of(latest.datastream), latest.phenomenon_time
        late = [one for one in fresh if newest is not None and one.at < newest]
        marks = check_values([_s(one.at) for one in late], [one.value for one in late], limits)[0]
        ahead = fresh[len(late) :]
        before = None
        if newest is not None and latest.result is not None and latest.quality != Quality.BAD:
            before = Before(_s(newest), latest.result, _s(latest.unmoved_since or newest))
        found, after = check_values([_s(one.at) for one in ahead], [one.value for one in ahead], limits, before)
        if ahead:
            last, mark = ahead[-1], found[-1]
            latest.phenomenon_time, latest.result, latest.received_at = last.at, last.value, self.now
            latest.quality = Quality.MISSING if last.value is None else _judged(mark)
            since = after.unmoved_since_s if after is not None and after.at_s == _s(last.at) else _s(last.at)
            latest.unmoved_since = datetime.fromtimestamp(since, UTC)
            self._latest.append(latest)
        return [*marks, *found]

    def _follow(self, latest: LatestObservation, changed: list[Observation]) -> None:
        """Have the newest value say what its correction says."""
        for one in changed:
            if one.phenomenon_time == latest.phenomenon_time:
                latest.result, latest.quality, latest.received_at = one.result, one.quality, self.now
                latest.unmoved_since = one.phenomenon_time
                if latest not in self._latest:
                    self._latest.append(latest)


def _existing(stream: Datastream, times: list[datetime]) -> dict[datetime, Observation]:
    found: dict[datetime, Observation] = {}
    for start in range(0, len(times), _CHUNK):
        part = times[start : start + _CHUNK]
        rows = Observation.objects.filter(datastream=stream, phenomenon_time__range=(part[0], part[-1]))
        wanted = set(part)
        found |= {row.phenomenon_time: row for row in rows if row.phenomenon_time in wanted}
    return found


def _judged(mark: int) -> Quality:
    """A value that cannot be is bad; one that is odd is suspect, and still counts."""
    if mark & RANGE:
        return Quality.BAD
    return Quality.SUSPECT if mark else Quality.PASSED


def _s(moment: datetime) -> float:
    return moment.timestamp()


def limits_of(stream: Datastream) -> Limits:
    """The bounds of a series."""
    return Limits(
        stream.plausible_min, stream.plausible_max, stream.most_per_hour, stream.persistence_h, stream.zero_may_last
    )
