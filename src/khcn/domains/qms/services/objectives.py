"""Measures objectives whose source is computed, for every period of their year that has ended; repeatable."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction
from django.db.models import F

from khcn.domains.qms.choices import Duty, MeasureSource, NonconformityState
from khcn.domains.qms.models import (
    Complaint,
    Nonconformity,
    Objective,
    ObjectiveMeasurement,
    QualitySystem,
    ReadAck,
)
from khcn.domains.qms.permissions import require_duty
from khcn.domains.qms.queries.dossiers import DossierFacts, dossier_facts
from khcn.domains.qms.queries.voices import voices_of
from khcn.domains.qms.rules.periods import ended_periods
from khcn.kernel.audit.services import record
from khcn.lib.actor import Actor


def measure_objectives(*, by: Actor, system: QualitySystem, year: int) -> list[ObjectiveMeasurement]:
    """Measure each computed objective in each ended period that has no value, or another one than before."""
    require_duty(by, system, Duty.SECRETARY, Duty.HEAD, Duty.STAFF)
    stored = []
    with transaction.atomic():
        for objective in Objective.objects.filter(system=system, year=year).exclude(source=MeasureSource.MANUAL):
            for first, last in ended_periods(year, objective.frequency, on=by.on):
                counted, out_of = count(objective.source, system, first, last)
                value = (Decimal(100) * counted / out_of).quantize(Decimal("0.01"), ROUND_HALF_UP) if out_of else None
                newest = objective.measurements.filter(period_from=first, period_to=last).order_by("-pk").first()
                if newest is not None and (newest.counted, newest.out_of) == (counted, out_of):
                    continue
                stored.append(
                    ObjectiveMeasurement.objects.create(
                        objective=objective, period_from=first, period_to=last, value=value, is_computed=True,
                        counted=counted, out_of=out_of, measured_on=by.on, measured_by_id=by.user_id,
                    )
                )  # fmt: skip
        if stored:
            record(
                by=by, verb="qms.measure_objectives", subject=system,
                after={row.objective.code: row.value for row in stored},
            )  # fmt: skip
    return stored


def count(source: str, system: QualitySystem, first: date, last: date) -> tuple[int, int]:
    """(counted, out of) of a computed source in a period. Raises ValueError for one measured by hand."""
    if source in (MeasureSource.STEPS_IN_TIME, MeasureSource.CASES_IN_TIME, MeasureSource.CASES_ELECTRONIC):
        found = dossier_facts(first=first, last=last, as_of=last, organisation_ids=[system.organisation_id])
        facts = found.get(system.organisation_id) or DossierFacts()
        return {
            MeasureSource.STEPS_IN_TIME: (facts.steps_in_time, facts.steps),
            MeasureSource.CASES_IN_TIME: (facts.cases_in_time, facts.cases_judged),
            MeasureSource.CASES_ELECTRONIC: (facts.electronic, facts.cases_due),
        }[MeasureSource(source)]
    if source == MeasureSource.READS_IN_TIME:
        due = ReadAck.objects.filter(revision__system=system, due_on__gte=first, due_on__lte=last)
        return due.filter(acknowledged_on__lte=F("due_on")).count(), due.count()
    if source == MeasureSource.NC_CLOSED_IN_TIME:
        rows = Nonconformity.objects.filter(system=system).exclude(state=NonconformityState.CANCELLED)
        fell_due = [row for row in rows if row.deadline and first <= row.deadline <= last]
        good = [row for row in fell_due if row.finished_on and row.deadline and row.finished_on <= row.deadline]
        return len(good), len(fell_due)
    if source == MeasureSource.COMPLAINTS_IN_TIME:
        asked = Complaint.objects.filter(system=system, due_on__gte=first, due_on__lte=last)
        heard = voices_of([system.organisation_id], first=first, last=last)[system.organisation_id].complaints
        return asked.filter(answered_on__lte=F("due_on")).count() + heard.counted, asked.count() + heard.of
    raise ValueError(f"{source} is measured by hand")
