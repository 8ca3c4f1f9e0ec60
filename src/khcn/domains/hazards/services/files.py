"""Takes files of observations in: kept, read under a mapping, told row by row, then all of it or nothing."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from khcn.domains.hazards.choices import ObservationDoor, StationFileState
from khcn.domains.hazards.errors import ObservationRefused, StationFileRefused
from khcn.domains.hazards.models import Datastream, MappingProfile, Station, StationFile
from khcn.domains.hazards.permissions import may_observe, require
from khcn.domains.hazards.queries.files import (
    StationTable,
    known_pairs,
    open_table,
    series_words,
    streams_of,
    usual_mapping,
)
from khcn.domains.hazards.rules.station_tables import Fault, Found, fingerprint, read_mapping, read_values
from khcn.domains.hazards.rules.station_tables import Mapping as TableMapping
from khcn.domains.hazards.services.observations import Reading, Recorded, record_observations
from khcn.kernel.audit.services import record
from khcn.kernel.documents.queries import bytes_of
from khcn.kernel.documents.services import store_file
from khcn.kernel.orgs.models import Organisation
from khcn.lib.actor import Actor

KEPT_FAULTS = 500
_OBSERVERS = "Việc này dành cho người nhập số liệu của cơ quan quản lý trạm."


class _Undone(Exception):
    """Rolls a trial back; carries what it would have done."""

    def __init__(self, done: Recorded) -> None:
        self.done = done


def prepare_file(
    *, by: Actor, owner: Organisation, content: bytes, filename: str, station: Station | None = None,
    now: datetime | None = None,
) -> StationFile:  # fmt: skip
    """Keep a file, how it will be read, what does not fit, and what taking it in would do; no value is kept yet."""
    require(may_observe(by, owner.pk), _OBSERVERS)
    if station is not None and station.owner_id != owner.pk:
        raise StationFileRefused("Trạm không thuộc cơ quan này.", field="station")
    table = open_table(content, filename)
    streams = list(streams_of(owner, station))
    if not streams:
        raise StationFileRefused("Cơ quan chưa có chuỗi quan trắc nào để nhập.", field="station")
    mapping = usual_mapping(owner, table, series_words(streams), station=station, filename=filename)
    with transaction.atomic():
        stored = store_file(by=by, content=content, media_type="application/octet-stream")
        batch = StationFile.objects.create(
            owner=owner, station=station, file=stored, filename=filename[:255], columns=list(table.columns),
            mapping=mapping.as_json(), sent_by_id=by.user_id,
        )  # fmt: skip
        _read(by, batch, table, streams, now)
        batch.save()
        record(
            by=by, verb="station_file.prepare", subject=batch,
            after={"rows": batch.row_count, "faults": batch.fault_count, "sha256": stored.sha256},
        )  # fmt: skip
    return batch


def reread_file(
    *, by: Actor, batch: StationFile, mapping: TableMapping, expected_version: int | None = None,
    now: datetime | None = None,
) -> StationFile:  # fmt: skip
    """Read the kept file in another way."""
    require(may_observe(by, batch.owner_id), _OBSERVERS)
    table = open_table(bytes_of(batch.file), batch.filename)
    with transaction.atomic():
        batch.claim(expected_version, {"mapping": mapping.as_json()})
        _must_wait(batch)
        batch.mapping = mapping.as_json()
        _read(by, batch, table, list(streams_of(batch.owner, batch.station)), now)
        batch.save()
        record(by=by, verb="station_file.reread", subject=batch, after={"faults": batch.fault_count})
    return batch


def apply_file(
    *, by: Actor, batch: StationFile, expected_version: int | None = None, now: datetime | None = None
) -> Recorded:
    """Keep every value of the file, or none. The way it was read is remembered for the next one like it."""
    require(may_observe(by, batch.owner_id), _OBSERVERS)
    table = open_table(bytes_of(batch.file), batch.filename)
    streams = list(streams_of(batch.owner, batch.station))
    with transaction.atomic():
        batch.claim(expected_version)
        _must_wait(batch)
        values, faults = _values(batch, table, streams)
        if faults:
            raise StationFileRefused(f"Tệp còn {len(faults)} lỗi nên chưa nhập dòng nào.")
        if not values:
            raise StationFileRefused("Tệp không có trị số nào.")
        done = record_observations(
            by=by, readings=_readings(values, streams), door=ObservationDoor.FILE, now=now,
            reason=f"Tệp {batch.filename}",
        )  # fmt: skip
        batch.state, batch.applied_at = StationFileState.APPLIED, now or timezone.now()
        batch.new, batch.same, batch.corrected = done.new, done.same, done.corrected
        batch.save()
        MappingProfile.objects.update_or_create(
            owner=batch.owner, fingerprint=fingerprint(batch.columns),
            defaults={"name": batch.filename[:120], "mapping": batch.mapping},
        )  # fmt: skip
        record(
            by=by, verb="station_file.apply", subject=batch,
            after={"new": done.new, "same": done.same, "corrected": done.corrected},
        )  # fmt: skip
    return done


def drop_file(*, by: Actor, batch: StationFile, expected_version: int | None = None) -> None:
    """Put a file aside."""
    require(may_observe(by, batch.owner_id), _OBSERVERS)
    with transaction.atomic():
        batch.claim(expected_version)
        _must_wait(batch)
        batch.state = StationFileState.DROPPED
        batch.save()
        record(by=by, verb="station_file.drop", subject=batch)


def _must_wait(batch: StationFile) -> None:
    if batch.state != StationFileState.PREPARED:
        raise StationFileRefused(f"Tệp đang ở trạng thái “{StationFileState(batch.state).label}”.")


def _values(batch: StationFile, table: StationTable, streams: Sequence[Datastream]) -> tuple[list[Found], list[Fault]]:
    mapping = read_mapping(batch.mapping)
    values, faults = read_values(table.columns, table.rows, mapping, known_pairs(streams))
    codes = {stream.code for stream in streams}
    strange = sorted({one.series for one in values} - codes)
    faults += [(0, code, f"Không có chuỗi quan trắc {code}.") for code in strange]
    return [one for one in values if one.series in codes], faults


def _readings(values: Sequence[Found], streams: Sequence[Datastream]) -> list[Reading]:
    keys = {stream.code: stream.pk for stream in streams}
    return [Reading(keys[one.series], one.at, one.value) for one in values]


def _read(
    by: Actor, batch: StationFile, table: StationTable, streams: Sequence[Datastream], now: datetime | None
) -> None:
    """Set on the batch what reading gives, by trying it out and taking it back."""
    values, faults = _values(batch, table, streams)
    done = Recorded()
    try:
        with transaction.atomic():
            raise _Undone(
                record_observations(
                    by=by, readings=_readings(values, streams), door=ObservationDoor.FILE, now=now,
                    reason=f"Tệp {batch.filename}",
                )
            )  # fmt: skip
    except _Undone as undone:
        done = undone.done
    except ObservationRefused as refused:
        faults += [(values[place].row, values[place].series, text) for place, text in refused.faults]
    batch.row_count, batch.value_count = len(table.rows), len(values)
    batch.faults, batch.fault_count = sorted(faults)[:KEPT_FAULTS], len(faults)
    batch.first_at = min((one.at for one in values), default=None)
    batch.last_at = max((one.at for one in values), default=None)
    batch.new, batch.same, batch.corrected = done.new, done.same, done.corrected


def mapping_from(shape: str, columns: Mapping[str, str], series: Mapping[str, Any], offset_h: float) -> TableMapping:
    """A mapping out of what a form asked."""
    return TableMapping(
        shape, {k: v for k, v in columns.items() if v}, {k: v for k, v in series.items() if v}, offset_h
    )
