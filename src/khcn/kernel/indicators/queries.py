"""The registries of sources, what they are asked and answer, and the latest values of a scope."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import F, Func, IntegerField, QuerySet
from django.db.models.fields.json import KT

from khcn.kernel.indicators.models import Indicator, IndicatorValue, Target


@dataclass(frozen=True, slots=True)
class Measurement:
    """What a source answers: the value (None: nothing to count), the ids it counted, stages and exclusions."""

    value: Decimal | None
    numerator: tuple[str, ...] = ()
    denominator: tuple[str, ...] = ()
    excluded: tuple[tuple[str, str], ...] = ()
    stages: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Question:
    """What a source is asked: the scope, the period, the date up to which records count, and parameters.

    shared: a place where sources of one run keep what they read, so that it is read once.
    """

    scope_uid: UUID
    period_from: date
    period_to: date
    as_of: date
    parameters: dict[str, Any]
    target: Target | None = None
    shared: dict[str, Any] = field(default_factory=dict)


Source = Callable[[Question], Measurement]
_sources: dict[str, Source] = {}


def register_source(key: str, source: Source) -> None:
    """Make a source known under a key; wiring only."""
    _sources[key] = source


def source_of(key: str) -> Source:
    """The registered source. Raises KeyError with the known keys."""
    if key not in _sources:
        raise KeyError(f"no indicator source {key!r}; known: {sorted(_sources)}")
    return _sources[key]


@dataclass(frozen=True, slots=True)
class AgencyQuestion:
    """What is asked about many agencies at once: records of the days from `period_from` to `period_to`, as they stood
    at the end of `as_of`. organisation_ids: None asks about every agency.
    """

    period_from: date
    period_to: date
    as_of: date
    organisation_ids: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class AgencyCount:
    """So many out of so many at one agency, and what was not counted as met (codes), as evidence."""

    counted: int = 0
    of: int = 0
    unmet: tuple[str, ...] = ()

    def __add__(self, other: "AgencyCount") -> "AgencyCount":
        return AgencyCount(self.counted + other.counted, self.of + other.of, self.unmet + other.unmet)


@dataclass(frozen=True, slots=True)
class AgencySource:
    """Counts for many agencies in one go; subject_type: the records (label_lower) whose cases it judges, if any."""

    count: Callable[[AgencyQuestion], dict[int, AgencyCount]]
    subject_type: str = ""


_agency_sources: dict[str, dict[str, AgencySource]] = {}


def register_agency_source(key: str, name: str, source: AgencySource) -> None:
    """Make a source of counts by agency known under a key and its own name; wiring only. Keys may have several."""
    _agency_sources.setdefault(key, {})[name] = source


def count_agencies(key: str, question: AgencyQuestion) -> dict[int, AgencyCount]:
    """The counts by organisation of all sources of the key together; agencies of which nothing is known are absent."""
    found: dict[int, AgencyCount] = {}
    for source in _agency_sources.get(key, {}).values():
        for agency, count in source.count(question).items():
            found[agency] = found.get(agency, AgencyCount()) + count
    return found


def subjects_judged_by(key: str) -> list[str]:
    """The kinds of records whose cases the sources of the key judge by a formula of their own."""
    return sorted({source.subject_type for source in _agency_sources.get(key, {}).values() if source.subject_type})


def ask(indicator: Indicator, question: Question) -> Measurement:
    """Compute without storing."""
    return source_of(indicator.source)(question)


def targets_of(scope_uid: UUID) -> QuerySet[Target]:
    """What a scope promised, in order, with the indicators."""
    return Target.objects.filter(scope_uid=scope_uid).select_related("indicator").order_by("ordinal")


class _Entries(Func):
    """How many entries a list inside a JSON column has, None where there is no such list; counted by the database."""

    output_field = IntegerField()

    def __init__(self, column: str, key: str) -> None:
        super().__init__(F(column), key=key)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """With SQLite's own function."""
        return self.as_sql(compiler, connection, template="JSON_ARRAY_LENGTH(%(expressions)s, '$.%(key)s')", **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """With PostgreSQL's own function."""
        return self.as_sql(compiler, connection, template="JSONB_ARRAY_LENGTH(%(expressions)s -> '%(key)s')", **context)


def stored_values(scope_uid: UUID) -> QuerySet[IndicatorValue]:
    """All values of a scope, the latest first, for a list.

    counted, of, left_out: how many records stand behind a value, in its denominator, and were left out. paper: what
    proves a value entered by hand. The records themselves, thousands for a long list, are read when asked for.
    """
    return (
        IndicatorValue.objects.filter(scope_uid=scope_uid)
        .select_related("indicator", "measured_by__person")
        .annotate(
            counted=_Entries("evidence", "numerator"), of=_Entries("evidence", "denominator"),
            left_out=_Entries("evidence", "excluded"), paper=KT("evidence__evidence"),
        )
        .defer("evidence", "parameters")
        .order_by("-as_of", "-id")
    )  # fmt: skip


def latest_values(scope_uid: UUID) -> dict[int, IndicatorValue]:
    """The last stored value of each indicator of a scope, by the indicator's key; evidence is read when asked for."""
    found: dict[int, IndicatorValue] = {}
    values = IndicatorValue.objects.filter(scope_uid=scope_uid).defer("evidence", "parameters")
    for value in values.order_by("as_of", "id"):
        found[value.indicator_id] = value
    return found
