"""Opens files of observations as tables and finds how such a table was read before."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from django.db.models import QuerySet

from khcn.domains.hazards.errors import StationFileRefused
from khcn.domains.hazards.models import Datastream, MappingProfile, Station, StationFile
from khcn.domains.hazards.permissions import OBSERVERS
from khcn.domains.hazards.rules.station_tables import (
    AUTOMATIC_COLUMNS,
    LONG,
    automatic_rows,
    fingerprint,
    is_automatic,
    suggest_mapping,
)
from khcn.domains.hazards.rules.station_tables import Mapping as TableMapping
from khcn.domains.hazards.rules.station_tables import read_mapping as mapping_of
from khcn.kernel.orgs.models import Organisation
from khcn.lib.actor import Actor
from khcn.lib.text import fold
from khcn.web.spreadsheets.delimited import decode_text
from khcn.web.spreadsheets.reading import read_table

ENDINGS = (".csv", ".txt", ".tsv", ".xlsx")
MAX_BYTES = 20 * 1024 * 1024
_HEADINGS = ("Thời gian", "Ngày", "Giờ", "Trạm", "Yếu tố", "Trị số", "Lượng mưa", "Mực nước")


@dataclass(frozen=True, slots=True)
class StationTable:
    """A file as a table: its columns and (row number, cells)."""

    columns: tuple[str, ...]
    rows: tuple[tuple[int, tuple[Any, ...]], ...]
    is_automatic: bool = False


def open_table(content: bytes, filename: str) -> StationTable:
    """The table in a file. Raises StationFileRefused or a TableRefused with what to do."""
    ending = PurePosixPath(filename.lower()).suffix
    if ending not in ENDINGS:
        raise StationFileRefused(f"Chỉ nhận tệp {', '.join(ENDINGS)}.", field="file")
    if len(content) > MAX_BYTES:
        raise StationFileRefused(f"Tệp lớn hơn {MAX_BYTES // 1024 // 1024} MB; hãy chia nhỏ.", field="file")
    if ending != ".xlsx" and content.strip():
        text = decode_text(content)[0]
        if is_automatic(text):
            rows = [(number, tuple(cells)) for number, cells in enumerate(automatic_rows(text), start=1)]
            return StationTable(AUTOMATIC_COLUMNS, tuple(rows), is_automatic=True)
    table = read_table(content, filename, expected_titles=_HEADINGS)
    columns, seen = [], set()
    for place, header in enumerate(table.headers):
        name = str(header).strip() or table.letters[place]
        columns.append(name if name not in seen else f"{name} ({table.letters[place]})")
        seen.add(columns[-1])
    return StationTable(tuple(columns), tuple((row.number, tuple(row.cells)) for row in table.rows))


def series_words(streams: Iterable[Datastream]) -> dict[str, list[str]]:
    """Code of a series → the words by which tables name it."""
    return {
        stream.code: [stream.code, stream.property.code, stream.property.name,
                      f"{stream.station.code} {stream.property.code}", f"{stream.station.name} {stream.property.name}"]
        for stream in streams
    }  # fmt: skip


def known_pairs(streams: Iterable[Datastream]) -> dict[str, str]:
    """Folded "station.property" → code of the series, for tables that name both."""
    return {
        f"{fold(station)}.{fold(named)}": stream.code
        for stream in streams
        for station in (stream.station.code, stream.station.name)
        for named in (stream.property.code, stream.property.name)
    }


def streams_of(owner: Organisation, station: Station | None) -> QuerySet[Datastream]:
    """The series that a file of an organisation, or of one of its stations, may fill."""
    rows = Datastream.objects.filter(station__owner=owner).select_related("station", "property")
    return rows if station is None else rows.filter(station=station)


def usual_mapping(
    owner: Organisation, table: StationTable, words: Mapping[str, list[str]], *, station: Station | None, filename: str
) -> TableMapping:  # fmt: skip
    """How a table is to be read: as the last one with the same columns was, else as its names suggest."""
    if table.is_automatic:
        code = station.code if station else _station_named(filename, words)
        return TableMapping(
            LONG, {"time": "Thời gian", "property": "Thông số", "value": "Giá trị", "state": "Trạng thái"},
            dict(suggest_mapping(table.columns, words, station=code).series),
        )  # fmt: skip
    kept = MappingProfile.objects.filter(owner=owner, fingerprint=fingerprint(table.columns)).first()
    if kept is not None:
        found = mapping_of(kept.mapping)
        if set(found.series.values()) <= set(words):
            return found
    return suggest_mapping(table.columns, words, station=station.code if station else "")


def _station_named(filename: str, words: Mapping[str, list[str]]) -> str:
    """The station that the name of an automatic file begins with."""
    start = PurePosixPath(filename).stem.split("_")[0].lower()
    codes = {code.rsplit(".", 1)[0] for code in words}
    return next((code for code in codes if code.lower() == start), "")


def files_for(actor: Actor) -> QuerySet[StationFile]:
    """Files of the organisations whose values the actor enters."""
    rows = StationFile.objects.select_related("station", "owner", "file", "sent_by__person")
    return rows if actor.is_system else rows.filter(owner__in=actor.offices_as(*OBSERVERS))
