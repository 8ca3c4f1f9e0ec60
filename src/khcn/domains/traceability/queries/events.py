"""Events by the EPCIS query language: columns and names find candidates, the pure question decides."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from khcn.domains.traceability.choices import CLASS_ROLES, EVENT_TYPES, Role
from khcn.domains.traceability.errors import NoSuchResource, QueryRefused, QueryTooComplex, QueryTooLarge
from khcn.domains.traceability.models import CapturedEvent, Client, EventName, Ident, Master, Reader
from khcn.standards.epcis import vocabulary as words
from khcn.standards.epcis.event_identifiers import canonical_identifier, decompressed_identifier
from khcn.standards.epcis.event_query import Asked, EventQuery, QueryParameterRefused
from khcn.standards.epcis.identifier_patterns import IdentifierPattern
from khcn.standards.epcis.json_reading import read_json
from khcn.standards.epcis.namespaces import Namespaces
from khcn.standards.epcis.query_parameters import read_query

_BATCH = 500
_LONGEST_SCAN = 200_000
_LARGEST_PAGE = 1_000


@dataclass(frozen=True, slots=True)
class FoundEvent:
    """One event as it goes out: its number, times, JSON form and context."""

    seq: int
    event_id: str
    event_time: datetime
    record_time: datetime
    value: dict[str, Any]
    context: Any


@dataclass(frozen=True, slots=True)
class EventPage:
    """Events of one page and, where more follow, what continues it."""

    events: tuple[FoundEvent, ...]
    next_after: tuple[str, int] | None


def question(parameters: dict[str, Any]) -> EventQuery:
    """The question that parameters ask. Raises QueryRefused."""
    try:
        return read_query(parameters, attributes=_carrying)
    except QueryParameterRefused as refused:
        raise QueryRefused(str(refused), field=refused.name) from refused


def _carrying(attribute: str, value: str) -> Iterable[str]:
    """Identifiers whose master data carry an attribute, with that value where one is given."""
    for master in Master.objects.select_related("ident").iterator(chunk_size=_BATCH):
        for one in master.attributes:
            if one.get("id") == attribute and (not value or str(one.get("attribute", "")) == value):
                yield master.ident.uri


def _descendants(uri: str) -> set[str]:
    """The location itself and everything below it by master data."""
    found, waiting = {uri}, [uri]
    while waiting:
        part, waiting = waiting, []
        for children in Master.objects.filter(ident__uri__in=part).values_list("children", flat=True):
            for child in map(canonical_identifier, children):
                if child not in found:
                    found.add(child)
                    waiting.append(child)
    return found


def visible_events(client: Client) -> QuerySet[CapturedEvent]:
    """Events that the client may see: its own, those that name its prefixes, or all."""
    events = CapturedEvent.objects.all()
    if client.sees_all:
        return events
    named = Reader.objects.filter(event=OuterRef("pk"), prefix__in=client.prefixes)
    return events.filter(Q(client=client) | Exists(named))


_ROLES: dict[str, tuple[Role, ...]] = {
    "MATCH_epc": (Role.EPC, Role.CHILD),
    "MATCH_parentID": (Role.PARENT,),
    "MATCH_inputEPC": (Role.INPUT,),
    "MATCH_outputEPC": (Role.OUTPUT,),
    "MATCH_anyEPC": (Role.EPC, Role.CHILD, Role.PARENT, Role.INPUT, Role.OUTPUT),
    "MATCH_epcClass": (Role.EPC_CLASS, Role.CHILD_CLASS),
    "MATCH_inputEPCClass": (Role.INPUT_CLASS,),
    "MATCH_outputEPCClass": (Role.OUTPUT_CLASS,),
    "MATCH_anyEPCClass": tuple(CLASS_ROLES),
}


def _named(texts: list[str]) -> QuerySet[Ident]:
    """Identifiers that patterns ask for; one that leaves the key itself open asks for all, and the question decides."""
    wanted = Q()
    for text in texts:
        pattern = IdentifierPattern.read(text)
        if pattern.pattern is not None and pattern.below is None:
            return Ident.objects.all()
        wanted |= Q(uri=decompressed_identifier(pattern.exact))
        if pattern.below is not None:
            wanted |= Q(uri__gte=pattern.below, uri__lt=pattern.below + "\U0010ffff")
    return Ident.objects.filter(wanted)


def _columns(name: str) -> Callable[[list[str]], Q]:
    spelled: dict[str, Callable[[str], str]] = {
        "biz_step": words.BIZ_STEP.as_web,
        "disposition": words.DISPOSITION.as_web,
        "transformation": decompressed_identifier,
    }
    spell = spelled.get(name, canonical_identifier)
    return lambda values: Q(**{f"{name}__uri__in": [spell(value) for value in values]})


_NARROW: dict[str, Callable[[Any], Q]] = {
    "eventType": lambda values: Q(kind__in=values),
    "EQ_action": lambda values: Q(action__in=values),
    "EQ_eventID": lambda values: Q(event_id__in=values),
    "EQ_bizStep": _columns("biz_step"),
    "EQ_disposition": _columns("disposition"),
    "EQ_readPoint": _columns("read_point"),
    "EQ_bizLocation": _columns("biz_location"),
    "EQ_transformationID": _columns("transformation"),
    "GE_eventTime": lambda moment: Q(event_time__gte=moment),
    "LT_eventTime": lambda moment: Q(event_time__lt=moment),
    "GE_recordTime": lambda moment: Q(record_time__gte=moment),
    "LT_recordTime": lambda moment: Q(record_time__lt=moment),
}


def _narrowed(events: QuerySet[CapturedEvent], query: EventQuery) -> QuerySet[CapturedEvent]:
    for name, values in query.narrow.items():
        if name in _NARROW:
            events = events.filter(_NARROW[name](values))
        else:
            # Asked from the name to its events: the other way round every event would be looked at in order of time.
            names = EventName.objects.filter(role__in=_ROLES[name], ident__in=_named(values))
            events = events.filter(seq__in=names.values("event"))
    return events


def _found(row: CapturedEvent) -> FoundEvent:
    value, _ = read_json(bytes(row.body))
    return FoundEvent(row.seq, row.event_id, row.event_time, row.record_time, value, row.context.value)


def _asked(found: FoundEvent) -> Asked:
    namespaces = Namespaces.of_context(found.context)
    if "@context" in found.value:
        namespaces = namespaces.extended(found.value["@context"])
    return Asked(found.value, namespaces, found.record_time, _descendants)


def _ordered(
    events: QuerySet[CapturedEvent], query: EventQuery, after: tuple[str, int] | None
) -> QuerySet[CapturedEvent]:
    column = "event_time" if query.order_by == "eventTime" else "record_time"
    sign, beyond = ("-", "lt") if query.descending else ("", "gt")
    if after is not None:
        moment, seq = datetime.fromisoformat(after[0]), after[1]
        events = events.filter(Q(**{f"{column}__{beyond}": moment}) | Q(**{column: moment, f"seq__{beyond}": seq}))
    return events.order_by(f"{sign}{column}", f"{sign}seq")


def _answers(events: QuerySet[CapturedEvent], query: EventQuery) -> Iterator[FoundEvent]:
    for scanned, row in enumerate(events.select_related("context").iterator(chunk_size=_BATCH)):
        if scanned >= _LONGEST_SCAN:
            raise QueryTooComplex("Truy vấn phải đọc quá nhiều sự kiện; hãy thêm khoảng thời gian hoặc mã cụ thể.")
        found = _found(row)
        if query.matches(_asked(found)):
            yield found


def find_events(
    *, client: Client, query: EventQuery, per_page: int, after: tuple[str, int] | None = None, narrowed: Q | None = None
) -> EventPage:
    """One page of the events that answer a question, as far as the client may see them.

    narrowed: a further condition on candidates. Raises QueryTooLarge beyond maxEventCount and QueryTooComplex.
    """
    wanted = min(per_page, _LARGEST_PAGE)
    if query.event_count_limit is not None:
        wanted = min(wanted, query.event_count_limit)
    candidates = _narrowed(visible_events(client), query)
    if narrowed is not None:
        candidates = candidates.filter(narrowed)
    found: list[FoundEvent] = []
    bound = wanted + 1 if query.max_event_count is None else max(wanted, query.max_event_count) + 1
    for event in _answers(_ordered(candidates, query, after), query):
        found.append(event)
        if len(found) >= bound:
            break
    if query.max_event_count is not None and len(found) > query.max_event_count:
        raise QueryTooLarge(f"Truy vấn cho nhiều hơn {query.max_event_count} sự kiện.")
    page = tuple(found[:wanted])
    more = len(found) > wanted and query.event_count_limit is None
    column = "event_time" if query.order_by == "eventTime" else "record_time"
    last = (getattr(page[-1], column).isoformat(), page[-1].seq) if more and page else None
    return EventPage(page, last)


def event_by_id(*, client: Client, event_id: str) -> FoundEvent:
    """The latest event of that id that the client may see. Raises NoSuchResource."""
    row = visible_events(client).filter(event_id=event_id).select_related("context").order_by("-seq").first()
    if row is None:
        raise NoSuchResource("Không có sự kiện mang mã này.")
    return _found(row)


_TOPS = {
    "bizSteps": "biz_step",
    "bizLocations": "biz_location",
    "readPoints": "read_point",
    "dispositions": "disposition",
}


def occurring(*, client: Client, what: str, per_page: int, after: str = "") -> list[str]:
    """What occurs in the events that the client may see, in order: types, EPCs, steps, places or dispositions."""
    events = visible_events(client)
    if what == "eventTypes":
        return [kind for kind in EVENT_TYPES if kind > after or not after][:per_page]
    if what == "epcs":
        names = EventName.objects.filter(event__in=events).values("ident")
        idents = Ident.objects.filter(id__in=names)
    else:
        idents = Ident.objects.filter(id__in=events.values(_TOPS[what]))
    return list(idents.filter(uri__gt=after).order_by("uri").values_list("uri", flat=True)[:per_page])


def top_condition(what: str, value: str) -> Q:
    """The condition on events of one top-level resource. Raises NoSuchResource for a type that does not exist."""
    if what == "eventTypes":
        return Q(kind=value)
    if what == "epcs":
        return Q(seq__in=EventName.objects.filter(ident__in=_named([value])).values("event"))
    spelled = {"bizSteps": words.BIZ_STEP.as_web, "dispositions": words.DISPOSITION.as_web}.get(
        what, canonical_identifier
    )
    return Q(**{f"{_TOPS[what]}__uri": spelled(value)})


def occurs(*, client: Client, what: str, value: str) -> bool:
    """Whether anything of that kind occurs where the client may see it."""
    if what == "eventTypes":
        return value in EVENT_TYPES
    return visible_events(client).filter(top_condition(what, value)).exists()
