"""The registry of sources, what they are asked and answer, and the latest values of a scope."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

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


def ask(indicator: Indicator, question: Question) -> Measurement:
    """Compute without storing."""
    return source_of(indicator.source)(question)


def targets_of(scope_uid: UUID) -> QuerySet[Target]:
    """What a scope promised, in order, with the indicators."""
    return Target.objects.filter(scope_uid=scope_uid).select_related("indicator").order_by("ordinal")


def latest_values(scope_uid: UUID) -> dict[int, IndicatorValue]:
    """The last stored value of each indicator of a scope, by the indicator's key; evidence is read when asked for."""
    found: dict[int, IndicatorValue] = {}
    values = IndicatorValue.objects.filter(scope_uid=scope_uid).defer("evidence", "parameters")
    for value in values.order_by("as_of", "id"):
        found[value.indicator_id] = value
    return found
