"""Measures indicators and stores the values with their provenance; the kernel knows no source's meaning."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from khcn.kernel.audit.services import record
from khcn.kernel.indicators.models import Indicator, IndicatorValue, Target
from khcn.kernel.indicators.queries import Measurement, Question, ask
from khcn.lib.actor import Actor
from khcn.lib.digest import digest


@dataclass(frozen=True, slots=True)
class AgencyFoundEffective:
    """Published when an agency is found to apply its quality system effectively for a while, or no longer found so.

    effective_until: last day on which the finding still counts; it names the year that was judged. is_effective False
    takes back what was found for that year before.
    """

    organisation_uid: UUID
    is_effective: bool
    effective_from: date
    effective_until: date
    decision_number: str


def measure(
    *, by: Actor, indicators: Sequence[Indicator], scope_uid: UUID, period_from: date, period_to: date, as_of: date
) -> list[IndicatorValue]:
    """Measure and store each indicator with its provenance; one transaction."""
    targets = {target.indicator_id: target for target in Target.objects.filter(scope_uid=scope_uid)}
    stored: list[IndicatorValue] = []
    shared: dict[str, Any] = {}
    with transaction.atomic():
        for indicator in indicators:
            question = Question(
                scope_uid=scope_uid, period_from=period_from, period_to=period_to, as_of=as_of,
                parameters=indicator.parameters, target=targets.get(indicator.pk), shared=shared,
            )  # fmt: skip
            found = ask(indicator, question)
            stored.append(_value(by, indicator, question, found))
        IndicatorValue.objects.bulk_create(stored)
        record(
            by=by, verb="indicators.measure", subject=None, label=f"{len(stored)} chỉ tiêu đến {as_of:%d/%m/%Y}",
            after={value.indicator.code: value.sha256 for value in stored},
        )  # fmt: skip
    return stored


def reproduces(value: IndicatorValue) -> bool:
    """Measure again with the stored question and compare digests: False when records behind it have changed."""
    question = Question(
        scope_uid=value.scope_uid, period_from=value.period_from, period_to=value.period_to, as_of=value.as_of,
        parameters=value.parameters,
        target=Target.objects.filter(scope_uid=value.scope_uid, indicator=value.indicator).first(),
    )  # fmt: skip
    return _value(None, value.indicator, question, ask(value.indicator, question)).sha256 == value.sha256


def _value(by: Actor | None, indicator: Indicator, question: Question, found: Measurement) -> IndicatorValue:
    evidence = {
        "numerator": list(found.numerator),
        "denominator": list(found.denominator),
        "excluded": [list(item) for item in found.excluded],
        "stages": found.stages,
    }
    value = None if found.value is None else found.value.quantize(Decimal("0.000001"))
    content = [
        indicator.code, indicator.version, indicator.source, str(question.scope_uid), question.period_from.isoformat(),
        question.period_to.isoformat(), question.as_of.isoformat(), None if value is None else str(value), evidence,
        question.parameters,
    ]  # fmt: skip
    return IndicatorValue(
        indicator=indicator, scope_uid=question.scope_uid, period_from=question.period_from,
        period_to=question.period_to, as_of=question.as_of, value=value, evidence=evidence,
        parameters=question.parameters, source=indicator.source, sha256=digest(content),
        measured_by_id=by.user_id if by else None,
    )  # fmt: skip
