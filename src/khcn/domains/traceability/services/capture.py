"""Captures documents: every event once, all or what is right, in one transaction, answered after it."""

import zlib
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from hashlib import sha256
from typing import Any
from uuid import uuid4

from django.conf import settings

from khcn.domains.traceability.errors import AlreadyExists, CaptureTooLarge, ValidationRefused
from khcn.domains.traceability.models import CaptureJob, Client
from khcn.domains.traceability.permissions import may_capture
from khcn.domains.traceability.queries.clients import known_prefixes
from khcn.domains.traceability.queries.events import FoundEvent
from khcn.domains.traceability.rules.flows import foreign_things, made_of, names_of, prefixes_named, puts_of
from khcn.domains.traceability.services.committing import commit_capture
from khcn.domains.traceability.services.row_writing import ids_taken, keys_stored
from khcn.domains.traceability.services.storing import Prepared, store_events, store_masters
from khcn.standards.epcis.documents import Document, hasher_of
from khcn.standards.epcis.event_hash import EventHasher
from khcn.standards.epcis.event_shape import has_hashable_shape
from khcn.standards.epcis.json_writing import write_json
from khcn.standards.epcis.problems import Problems
from khcn.standards.epcis.standard_rules import check_event_rules
from khcn.standards.epcis.text_formats import moment_of
from khcn.web.rows import Reading, insert

CAPTURE_LIMIT = getattr(settings, "TRACEABILITY_CAPTURE_LIMIT", 5_000)
FILE_LIMIT = getattr(settings, "TRACEABILITY_FILE_LIMIT", 32 * 1024 * 1024)
GENESIS = "0" * 64
# A document that one window of 4 kB holds is deflated as well with small tables, in a tenth of the time.
_SMALL, _SMALL_WINDOW_BITS, _SMALL_TABLES = 4_096, 12, 4
_newest = Reading(lambda: CaptureJob.objects.only("chain").order_by("-id")[:1], keys=0)
# Rules of the standard that a capture is refused for; readings that lie after their event are only reported.
_REFUSING = frozenset({"parent", "children", "objects", "ilmd", "sensor_twice"})


def _problem(kind: str, title: str, detail: str, at: int | None = None) -> dict[str, Any]:
    value: dict[str, Any] = {"type": f"epcisException:{kind}", "title": title, "status": 400, "detail": detail}
    return value if at is None else {**value, "instance": f"/epcisBody/eventList/{at}"}


def _breaches(event: Mapping[str, Any], at: int) -> list[dict[str, Any]]:
    problems = Problems()
    check_event_rules(event, None, problems)
    return [
        _problem(
            "ValidationException",
            "The event breaks a rule of EPCIS.",
            f"{problem.pointer or '/'}: {problem.message}",
            at,
        )
        for problem in problems
        if problem.code in _REFUSING
    ]


def _packed(raw: bytes) -> bytes:
    """The bytes deflated; the usual window and tables are made ready only for what is large enough to use them."""
    if len(raw) > _SMALL:
        return zlib.compress(raw, 1)
    packing = zlib.compressobj(1, zlib.DEFLATED, _SMALL_WINDOW_BITS, _SMALL_TABLES)
    return packing.compress(raw) + packing.flush()


def _key(hasher: EventHasher, event: Mapping[str, Any]) -> tuple[bytes, bytes]:
    digest = hasher.digest(event)
    if "errorDeclaration" not in event:
        return digest, digest
    return digest, sha256(digest + write_json(event["errorDeclaration"])).digest()


def _prepare(
    events: list[dict[str, Any]], hasher: EventHasher, client: Client, *, breached: bool
) -> tuple[list[Prepared], list[dict[str, Any]]]:
    """Events that may be stored, and what is wrong with the others; the same event twice in a document is one.

    breached: whether reading the document found a rule of the standard broken; then each event is looked at again.
    """
    prepared: list[Prepared] = []
    problems: list[dict[str, Any]] = []
    seen: set[bytes] = set()
    known = cache(known_prefixes)
    for at, event in enumerate(events):
        wrong = _breaches(event, at) if breached else []
        event_time = moment_of(event["eventTime"])
        if event_time is None or not has_hashable_shape(event):
            wrong.append(
                _problem("ValidationException", "The event cannot be stored.", "Its time or shape is unusable.", at)
            )
        foreign = [] if client.sees_all else foreign_things(event, client.prefixes)
        if foreign:
            detail = f"{foreign[0]} carries no company prefix of this client."
            wrong.append(_problem("SecurityException", "The client may not create these things.", detail, at))
        if wrong or event_time is None:
            problems += wrong
            continue
        digest, key = _key(hasher, event)
        if key in seen:
            continue
        seen.add(key)
        names = names_of(event)
        readers = prefixes_named(event, known)
        prepared.append(
            Prepared(at, event, digest, key, event_time, names, puts_of(event, names), made_of(event, names), readers)
        )
    return prepared, problems


def _clashes(fresh: list[Prepared]) -> list[dict[str, Any]]:
    """Events whose id was given to another event before; an error declaration repeats the id of what it corrects."""
    given = {one.event["eventID"]: one for one in fresh if one.event.get("eventID") and not one.declares_error}
    return [
        _problem(
            "ResourceAlreadyExistsException", "The event id is taken.", f"Another event has the id {event_id}.",
            given[event_id].at,
        )
        for event_id in ids_taken(list(given), declare_error=False)
    ]  # fmt: skip


def _chain(raw: bytes, fresh: list[Prepared]) -> str:
    newest = _newest()
    last = newest[0].chain if newest else GENESIS
    link = sha256(bytes.fromhex(last) + sha256(raw).digest())
    for one in fresh:
        link.update(one.key)
    return link.hexdigest()


def check_size(raw_bytes: int, events: int) -> None:
    """Raises CaptureTooLarge."""
    if raw_bytes > FILE_LIMIT:
        raise CaptureTooLarge(f"Văn bản lớn hơn {FILE_LIMIT // 1024 // 1024} MB; hãy chia thành nhiều lần ghi.")
    if events > CAPTURE_LIMIT:
        raise CaptureTooLarge(f"Mỗi lần ghi tối đa {CAPTURE_LIMIT} sự kiện; hãy chia thành nhiều lần ghi.")


def capture_document(
    *, by: Client, raw: bytes, document: Document, now: datetime, behaviour: str = "rollback"
) -> CaptureJob:
    """The finished job of a document that is valid by its binding.

    behaviour: rollback stores all or nothing, proceed stores what is right. What is known by its hash is stored already
    and counts as right. Raises NotAllowed, ValidationRefused and CaptureTooLarge.
    """
    return _captured(by, raw, document, now, behaviour)[0]


def _captured(
    by: Client, raw: bytes, document: Document, now: datetime, behaviour: str
) -> tuple[CaptureJob, list[Prepared]]:
    may_capture(by)
    if document.problems:
        first = document.problems[0]
        raise ValidationRefused(f"{first.pointer or '/'}: {first.message}", field=first.pointer)
    if document.value is None:
        raise ValidationRefused("Văn bản không mang sự kiện; hãy gửi EPCISDocument hoặc kết quả truy vấn.")
    events = document.events
    for event in events:
        event.pop("recordTime", None)
    check_size(len(raw), len(events))
    prepared, problems = _prepare(events, hasher_of(document.value), by, breached=bool(document.breaches))
    packed, context = _packed(raw), document.value.get("@context")

    def write() -> tuple[CaptureJob, list[Prepared]]:
        existing = keys_stored([one.key for one in prepared])
        fresh = [one for one in prepared if one.key not in existing]
        clashes = _clashes(fresh)
        wrong = problems + clashes
        taken = {int(clash["instance"].rsplit("/", 1)[1]) for clash in clashes}
        fresh = [one for one in fresh if one.at not in taken]
        if wrong and behaviour == "rollback":
            fresh = []
        job = CaptureJob(
            uid=uuid4(), client=by, behaviour=behaviour, success=not wrong, errors=wrong, event_count=len(events),
            stored_count=len(fresh), document=packed, created_at=now, finished_at=now, chain=_chain(raw, fresh),
        )  # fmt: skip
        insert(job)
        if fresh:
            store_events(fresh, job, context, now)
        if not wrong or behaviour == "proceed":
            store_masters(document, now)
        return job, fresh

    return commit_capture(write)


def capture_event(*, by: Client, raw: bytes, document: Document, now: datetime) -> FoundEvent:
    """The stored event of a bare event, as a question would find it.

    Raises what capture_document raises, and AlreadyExists for an event that is known.
    """
    if len(document.events) != 1 and not document.problems:
        raise ValidationRefused("Hãy gửi đúng một sự kiện.")
    job, stored = _captured(by, raw, document, now, "rollback")
    if job.errors:
        kind = job.errors[0]["type"].removeprefix("epcisException:")
        raise (AlreadyExists if kind == "ResourceAlreadyExistsException" else ValidationRefused)(
            job.errors[0]["detail"]
        )
    if not stored:
        raise AlreadyExists("Sự kiện này đã được ghi.")
    (one,) = stored
    context = None if document.value is None else document.value.get("@context")
    return FoundEvent(one.seq, one.event["eventID"], one.event_time, now, one.event, context)
