"""Rows of captured events: the events, the names in them, who may read them, and what flows between things."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db.models import Q

from khcn.domains.traceability.models import (
    CapturedEvent,
    CaptureJob,
    Containment,
    Context,
    EventName,
    Ident,
    Master,
    Reader,
    Transformed,
)
from khcn.domains.traceability.rules.flows import Made, Name, Put
from khcn.standards.epcis import vocabulary as words
from khcn.standards.epcis.documents import Document, vocabularies_of
from khcn.standards.epcis.event_hash import hash_uri
from khcn.standards.epcis.event_identifiers import canonical_identifier, decompressed_identifier
from khcn.standards.epcis.json_writing import write_json

_CHUNK = 500


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
    row: CapturedEvent | None = None

    @property
    def declares_error(self) -> bool:
        """Whether the event takes back another."""
        return "errorDeclaration" in self.event


def ident_numbers(uris: Iterable[str]) -> dict[str, int]:
    """The number of each identifier, made where it is new; other writers may make the same at the same time."""
    wanted = sorted(set(uris))
    numbers: dict[str, int] = {}
    for start in range(0, len(wanted), _CHUNK):
        part = wanted[start : start + _CHUNK]
        numbers.update(Ident.objects.filter(uri__in=part).values_list("uri", "id"))
        missing = [uri for uri in part if uri not in numbers]
        if missing:
            Ident.objects.bulk_create([Ident(uri=uri) for uri in missing], ignore_conflicts=True)
            numbers.update(Ident.objects.filter(uri__in=missing).values_list("uri", "id"))
    return numbers


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


def _context(value: Any) -> Context:
    raw = write_json(value)
    context, _ = Context.objects.get_or_create(digest=sha256(raw).hexdigest(), defaults={"value": value})
    return context


def store_events(fresh: list[Prepared], job: CaptureJob, context: Any, now: datetime) -> None:
    """Rows of events that are known to be new, with everything that is derived from them."""
    shared = _context(context)
    columns = [_column_uris(one.event) for one in fresh]
    uris = {uri for column in columns for uri in column.values() if uri}
    uris.update(name.uri for one in fresh for name in one.names)
    nodes = {id(one): (one.made[0].node or hash_uri(one.digest)) if one.made else "" for one in fresh}
    uris.update(filter(None, nodes.values()))
    numbers = ident_numbers(uris)
    for one, column in zip(fresh, columns, strict=True):
        event = one.event
        event.setdefault("eventID", hash_uri(one.digest))
        one.row = CapturedEvent(
            key=one.key,
            event_id=event["eventID"],
            kind=event["type"],
            event_time=one.event_time,
            record_time=now,
            action=event.get("action", ""),
            declares_error=one.declares_error,
            context=shared,
            job=job,
            client=job.client,
            body=write_json(event),
            **{f"{name}_id": numbers[uri] if uri else None for name, uri in column.items()},
        )
    CapturedEvent.objects.bulk_create([one.row for one in fresh if one.row], batch_size=_CHUNK)
    rows = [(one, one.row.seq) for one in fresh if one.row is not None]
    EventName.objects.bulk_create(
        [
            EventName(ident_id=numbers[name.uri], event_id=seq, role=name.role)
            for one, seq in rows
            for name in one.names
        ],
        batch_size=2 * _CHUNK,
    )
    Reader.objects.bulk_create(
        [Reader(event_id=seq, prefix=prefix) for one, seq in rows for prefix in sorted(one.readers)],
        batch_size=2 * _CHUNK,
    )
    real = [(one, seq) for one, seq in rows if not one.declares_error]
    Containment.objects.bulk_create(
        [
            Containment(
                parent_id=numbers[put.parent], child_id=numbers[put.child] if put.child else None, at=one.event_time,
                adds=put.adds, mass_kg=put.mass_kg, event_id=seq,
            )
            for one, seq in real
            for put in one.puts
        ],
        batch_size=_CHUNK,
    )  # fmt: skip
    Transformed.objects.bulk_create(
        [
            Transformed(
                node_id=numbers[nodes[id(one)]], ident_id=numbers[made.uri], at=one.event_time,
                is_output=made.is_output, mass_kg=made.mass_kg, event_id=seq,
            )
            for one, seq in real
            for made in one.made
        ],
        batch_size=_CHUNK,
    )  # fmt: skip
    _drop_corrected(rows)


def _drop_corrected(rows: list[tuple[Prepared, int]]) -> None:
    """What was derived from events that an error declaration takes back goes, whichever of the two came first."""
    declared = [one for one, _ in rows if one.declares_error]
    wrong = Q(event_id__in=[one.event["eventID"] for one in declared], declares_error=False)
    wrong |= Q(key__in=[one.digest for one in declared])
    numbers = list(CapturedEvent.objects.filter(wrong).values_list("seq", flat=True)) if declared else []
    stored = {one.event["eventID"]: seq for one, seq in rows if not one.declares_error}
    for start in range(0, len(stored), _CHUNK):
        ids = list(stored)[start : start + _CHUNK]
        before = CapturedEvent.objects.filter(event_id__in=ids, declares_error=True)
        numbers += [stored[event_id] for event_id in before.values_list("event_id", flat=True)]
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
