"""Values that people enter and correct by hand."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from khcn.domains.hazards.choices import ObservationDoor
from khcn.domains.hazards.errors import ObservationRefused
from khcn.domains.hazards.models import Observation, Station
from khcn.domains.hazards.permissions import may_observe, require
from khcn.domains.hazards.services.observations import Reading, Recorded, record_observations
from khcn.lib.actor import Actor
from khcn.lib.failure import Stale

_OBSERVERS = "Việc này dành cho người nhập số liệu của cơ quan quản lý trạm."


def enter_observations(
    *, by: Actor, station: Station, at: datetime, values: Sequence[tuple[str, float | None, float | None]],
    now: datetime | None = None,
) -> Recorded:  # fmt: skip
    """Keep what was read at a station at a time. values: (code of the series, first reading, second reading).

    Two readings that differ are refused: one of them is a slip. Without a second reading the first counts.
    """
    require(may_observe(by, station.owner_id), _OBSERVERS)
    streams = {stream.code: stream for stream in station.datastreams.filter(is_open=True)}
    readings = []
    for code, first, second in values:
        if code not in streams:
            raise ObservationRefused("Không có chuỗi quan trắc này.", field=code)
        if first is not None and second is not None and first != second:
            raise ObservationRefused("Hai lần đọc khác nhau; đọc lại máy rồi ghi.", field=code)
        if first is not None:
            readings.append(Reading(streams[code].pk, at, first))
    if not readings:
        raise ObservationRefused("Ghi ít nhất một trị số.")
    return record_observations(by=by, readings=readings, door=ObservationDoor.MANUAL, now=now, reason="Nhập tay")


def correct_observation(
    *, by: Actor, observation: Observation, value: float | None, reason: str, expected_revision: int | None = None,
    now: datetime | None = None,
) -> None:  # fmt: skip
    """Put another value in the place of one, with the reason; None says that it was not measured. Raises Stale."""
    stream = observation.datastream
    require(may_observe(by, stream.station.owner_id), _OBSERVERS)
    if not reason.strip():
        raise ObservationRefused("Ghi lý do đính chính.", field="reason")
    with transaction.atomic():
        current = Observation.objects.select_for_update().get(pk=observation.pk)
        if expected_revision is not None and current.revision != expected_revision:
            theirs = "" if current.result is None else str(current.result)
            raise Stale(difference=[("Trị số", theirs, "" if value is None else str(value))])
        if current.result == value:
            raise ObservationRefused("Trị số mới giống trị số đang có.", field="value")
        record_observations(
            by=by, readings=[Reading(stream.pk, current.phenomenon_time, value)], door=ObservationDoor.MANUAL,
            reason=reason.strip(), now=now,
        )  # fmt: skip
