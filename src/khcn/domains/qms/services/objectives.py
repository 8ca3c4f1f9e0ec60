"""Measures objectives whose source is computed, for every period of their year that has ended; repeatable."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction

from khcn.domains.qms.choices import Duty, MeasureSource
from khcn.domains.qms.models import Objective, ObjectiveMeasurement, QualitySystem
from khcn.domains.qms.permissions import require_duty
from khcn.domains.qms.queries.measures import measures_of
from khcn.domains.qms.rules.periods import ended_periods
from khcn.kernel.audit.services import record
from khcn.lib.actor import Actor

Period = tuple[date, date]


def measure_objectives(*, by: Actor, system: QualitySystem, year: int) -> list[ObjectiveMeasurement]:
    """Measure each computed objective in each ended period that has no value, or another one than before."""
    require_duty(by, system, Duty.SECRETARY, Duty.HEAD, Duty.STAFF)
    return _measure(by, [system], year)


def measure_all_objectives(*, by: Actor, year: int) -> list[ObjectiveMeasurement]:
    """As `measure_objectives` for every agency; each period is counted once for all of them."""
    systems = list(QualitySystem.objects.select_related("organisation"))
    for system in systems:
        require_duty(by, system, Duty.SYSTEM)
    return _measure(by, systems, year)


def _measure(by: Actor, systems: Sequence[QualitySystem], year: int) -> list[ObjectiveMeasurement]:
    waiting: dict[tuple[str, Period], list[Objective]] = defaultdict(list)
    rows = Objective.objects.filter(system__in=systems, year=year).exclude(source=MeasureSource.MANUAL)
    newest: dict[tuple[int, Period], ObjectiveMeasurement] = {}
    for found in ObjectiveMeasurement.objects.filter(objective__in=rows).order_by("pk"):
        newest[found.objective_id, (found.period_from, found.period_to)] = found
    for objective in rows.select_related("system").order_by("pk"):
        for period in ended_periods(year, objective.frequency, on=by.on):
            waiting[objective.source, period].append(objective)
    stored = []
    for (source, period), objectives in sorted(waiting.items(), key=lambda item: item[0]):
        counts = measures_of(source, [objective.system for objective in objectives], *period)
        for objective in objectives:
            counted, out_of = counts[objective.system_id]
            known = newest.get((objective.pk, period))
            if known is not None and (known.counted, known.out_of) == (counted, out_of):
                continue
            stored.append(
                ObjectiveMeasurement(
                    objective=objective, period_from=period[0], period_to=period[1], is_computed=True,
                    value=_percent(counted, out_of), counted=counted, out_of=out_of, measured_on=by.on,
                    measured_by_id=by.user_id,
                )
            )  # fmt: skip
    _keep(by, stored)
    return stored


def _keep(by: Actor, stored: Sequence[ObjectiveMeasurement]) -> None:
    of_system: dict[int, list[ObjectiveMeasurement]] = defaultdict(list)
    for row in stored:
        of_system[row.objective.system_id].append(row)
    with transaction.atomic():
        ObjectiveMeasurement.objects.bulk_create(stored)
        for rows in of_system.values():
            record(
                by=by, verb="qms.measure_objectives", subject=rows[0].objective.system,
                after={row.objective.code: row.value for row in rows},
            )  # fmt: skip


def _percent(counted: int, out_of: int) -> Decimal | None:
    return (Decimal(100) * counted / out_of).quantize(Decimal("0.01"), ROUND_HALF_UP) if out_of else None
