"""Rows of captured events: the events, the names in them, who may read them, and what flows between things."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q

from khcn.domains.traceability.models import (
    CapturedEvent,
    CaptureJob,
    Containment,
    EventName,
    Master,
    Reader,
    Transformed,
)
from khcn.domains.traceability.rules.flows import Made, Name, Put
from khcn.domains.traceability.services.row_writing import (
    context_number,
    ident_numbers,
    ids_taken,
    insert_rows,
    stored_moments,
    take_numbers,
)
from khcn.standards.epcis import vocabulary as words
from khcn.standards.epcis.documents import Document, vocabularies_of
from khcn.standards.epcis.event_hash import hash_uri
from khcn.standards.epcis.event_identifiers import canonical_identifier, decompressed_identifier
from khcn.standards.epcis.json_writing import write_json

_CHUNK = 500
_WORDS = ("biz_step", "disposition", "read_point", "biz_location", "transformation")


@dataclass(slots=True)
class Prepared:
    """One event on its way into the tables."""

    at: int
    event: dict[str, Any]
    digest: bytes
    key: bytes
    event_time: datetime
    names: list[Name] = field(default_factory=list)
    puts: list[Put] = field(default_factory=list)
    made: list[Made] = field(default_factory=list)
    readers: set[str] = field(default_factory=set)
    seq: int = 0
    body: bytes = b""

    @property
    def declares_error(self) -> bool:
        """Whether the event takes back another."""
        return "errorDeclaration" in self.event


def _column_uris(event: Mapping[str, Any]) -> dict[str, str | None]:
    place = {name: (event.get(name) or {}).get("id") for name in ("readPoint", "bizLocation")}
    step, disposition, shared = event.get("bizStep"), event.get("disposition"), event.get("transformationID")
    return {
        "biz_step": words.BIZ_STEP.as_web(step) if step else None,
        "disposition": words.DISPOSITION.as_web(disposition) if disposition else None,
        "read_point": canonical_identifier(place["readPoint"]) if place["readPoint"] else None,
        "biz_location": canonical_identifier(place["bizLocation"]) if place["bizLocation"] else None,
        "transformation": decompressed_identifier(shared) if shared else None,
    }


def store_events(fresh: list[Prepared], job: CaptureJob, context: Any, now: datetime) -> None:
    """Rows of events that are known to be new, with everything that is derived from them."""
    shared = context_number(context)
    columns = [_column_uris(one.event) for one in fresh]
    uris = {uri for column in columns for uri in column.values() if uri}
    uris.update(name.uri for one in fresh for name in one.names)
    nodes = {id(one): (one.made[0].node or hash_uri(one.digest)) if one.made else "" for one in fresh}
    uris.update(filter(None, nodes.values()))
    numbers = ident_numbers(uris)
    *moments, recorded = stored_moments([*(one.event_time for one in fresh), now])
    _write_events(fresh, columns, numbers, job, shared, moments, recorded)
    insert_rows(
        EventName,
        ("ident", "event", "role"),
        [(numbers[name.uri], one.seq, int(name.role)) for one in fresh for name in one.names],
    )
    insert_rows(Reader, ("event", "prefix"), [(one.seq, prefix) for one in fresh for prefix in sorted(one.readers)])
    real = [(one, at) for one, at in zip(fresh, moments, strict=True) if not one.declares_error]
    insert_rows(
        Containment,
        ("parent", "child", "at", "adds", "mass_kg", "event"),
        [
            (numbers[put.parent], numbers[put.child] if put.child else None, at, put.adds, put.mass_kg, one.seq)
            for one, at in real
            for put in one.puts
        ],
    )
    insert_rows(
        Transformed,
        ("node", "ident", "at", "is_output", "mass_kg", "event"),
        [
            (numbers[nodes[id(one)]], numbers[made.uri], at, made.is_output, made.mass_kg, one.seq)
            for one, at in real
            for made in one.made
        ],
    )
    _drop_corrected(fresh)


def _write_events(
    fresh: list[Prepared], columns: list[dict[str, str | None]], numbers: Mapping[str, int], job: CaptureJob,
    context: int, moments: list[Any], recorded: Any,
) -> None:  # fmt: skip
    rows = []
    numbered = take_numbers(CapturedEvent, len(fresh))
    for one, column, at, seq in zip(fresh, columns, moments, numbered, strict=True):
        event, one.seq = one.event, seq
        event.setdefault("eventID", hash_uri(one.digest))
        one.body = write_json(event)
        words_of_event = [numbers[column[name]] if column[name] else None for name in _WORDS]  # type: ignore[index]
        rows.append(
            (seq, one.key, event["eventID"], event["type"], at, recorded,
             event.get("action", ""), one.declares_error, context, job.pk, job.client_id, one.body,
             *words_of_event)
        )  # fmt: skip
    names = (
        "seq", "key", "event_id", "kind", "event_time", "record_time", "action", "declares_error", "context", "job",
        "client", "body", *_WORDS,
    )  # fmt: skip
    insert_rows(CapturedEvent, names, rows)


def _drop_corrected(fresh: list[Prepared]) -> None:
    """What was derived from events that an error declaration takes back goes, whichever of the two came first."""
    declared = [one for one in fresh if one.declares_error]
    numbers: list[int] = []
    if declared:
        wrong = Q(event_id__in=[one.event["eventID"] for one in declared], declares_error=False)
        wrong |= Q(key__in=[one.digest for one in declared])
        numbers = list(CapturedEvent.objects.filter(wrong).values_list("seq", flat=True))
    stored = {one.event["eventID"]: one.seq for one in fresh if not one.declares_error}
    numbers += [stored[event_id] for event_id in ids_taken(list(stored), declare_error=True)]
    for start in range(0, len(numbers), _CHUNK):
        part = numbers[start : start + _CHUNK]
        Containment.objects.filter(event_id__in=part).delete()
        Transformed.objects.filter(event_id__in=part).delete()


def store_masters(document: Document, now: datetime) -> None:
    """The latest statement about each identifier of each vocabulary."""
    found = [
        (element["id"], vocabulary["type"], element)
        for vocabulary in vocabularies_of(document.value or {})
        for element in vocabulary.get("vocabularyElementList") or ()
    ]
    if not found:
        return
    numbers = ident_numbers(canonical_identifier(uri) for uri, _, _ in found)
    for uri, vocabulary, element in found:
        Master.objects.update_or_create(
            ident_id=numbers[canonical_identifier(uri)],
            vocabulary=vocabulary,
            defaults={
                "attributes": element.get("attributes") or [],
                "children": element.get("children") or [],
                "recorded_at": now,
            },
        )
