"""Analysis of an agency's year (clause 9.1.3): what goes wrong most, where steps wait, how months compare."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncMonth

from khcn.domains.qms.choices import NonconformitySource, NonconformityState
from khcn.domains.qms.models import EffectivenessCheck, Nonconformity, QualitySystem
from khcn.domains.qms.queries.dossiers import WORKED
from khcn.domains.qms.rules.pareto import Bar, pareto
from khcn.kernel.procedures.models import Case, StepRun
from khcn.kernel.procedures.queries import StepTally, step_tallies
from khcn.lib.dates import VIETNAM


@dataclass(frozen=True, slots=True)
class Month:
    """One month: nonconformities found and closed; steps done, and how many of them late."""

    first: date
    found: int = 0
    closed: int = 0
    steps: int = 0
    late: int = 0

    @property
    def late_percent(self) -> int | None:
        """Share of late steps, whole per cent; None of nothing."""
        return round(100 * self.late / self.steps) if self.steps else None


@dataclass(frozen=True, slots=True)
class Closing:
    """How faults end: closed, days from finding to closing (median), checks that found them gone and not gone."""

    closed: int
    median_days: int | None
    effective: int
    not_effective: int


GROUPS: dict[str, Callable[[Any], str]] = {
    "nguon": lambda row: NonconformitySource(row.source).label,
    "dieu": lambda row: row.clause or "–",
    "quy_trinh": lambda row: str(row.document) if row.document else "–",
    "bo_phan": lambda row: str(row.unit) if row.unit else "–",
}
"""By what nonconformities may be grouped; "–" where a row does not say."""


def faults_of(system: QualitySystem, year: int) -> QuerySet[Nonconformity]:
    """Nonconformities found in the year, those cancelled left out."""
    rows = Nonconformity.objects.filter(system=system, detected_on__year=year)
    return rows.exclude(state=NonconformityState.CANCELLED).select_related("document", "unit")


def faults_by(system: QualitySystem, year: int, key: str) -> list[Bar]:
    """Pareto of the year's nonconformities. Raises KeyError for another key. One query."""
    group = GROUPS[key]
    return pareto(Counter(group(row) for row in faults_of(system, year)).items())


def steps_of(system: QualitySystem, year: int, *, now: datetime) -> list[StepTally]:
    """How the steps of the dossiers received in the year went, the most returned first. One query."""
    return step_tallies(_dossiers(system, year), now=now)


def returns_by_step(steps: list[StepTally]) -> list[Bar]:
    """Pareto of returns over steps."""
    return pareto((f"{step.name} ({step.procedure_code})", step.returned) for step in steps)


def bottlenecks(steps: list[StepTally], *, most: int = 10) -> list[StepTally]:
    """Steps where time is lost: late ones first by how many, then by what waits now."""
    lossy = [step for step in steps if step.done > step.in_time or step.open_late]
    return sorted(lossy, key=lambda step: (-(step.done - step.in_time), -step.open_late, step.name))[:most]


def months_of(system: QualitySystem, year: int, *, on: date) -> list[Month]:
    """The months of the year up to the day. Three queries."""
    found = _by_month(Nonconformity.objects.filter(system=system).exclude(state=NonconformityState.CANCELLED),
                      "detected_on", year)  # fmt: skip
    closed = _by_month(Nonconformity.objects.filter(system=system), "closed_on", year)
    start, end = datetime(year, 1, 1, tzinfo=VIETNAM), datetime(year + 1, 1, 1, tzinfo=VIETNAM)
    runs = StepRun.objects.filter(
        case__deciding_id=system.organisation_id, kind__in=WORKED, done_at__gte=start, done_at__lt=end
    )
    ran = {
        row["month"].date(): (row["n"], row["late"])
        for row in runs.order_by().annotate(month=TruncMonth("done_at", tzinfo=VIETNAM)).values("month").annotate(
            n=Count("pk"), late=Count("pk", filter=Q(done_at__gt=F("due_at")))
        )
    }  # fmt: skip
    months = [date(year, number, 1) for number in range(1, 13)]
    return [
        Month(first, found.get(first, 0), closed.get(first, 0), *ran.get(first, (0, 0)))
        for first in months
        if first <= on
    ]


def closing_of(system: QualitySystem, year: int) -> Closing:
    """How the nonconformities closed in the year ended. Two queries."""
    rows = Nonconformity.objects.filter(system=system, closed_on__year=year)
    days = [(closed - found).days for found, closed in rows.values_list("detected_on", "closed_on") if closed]
    checks = EffectivenessCheck.objects.filter(nonconformity__system=system, on__year=year).aggregate(
        good=Count("pk", filter=Q(is_effective=True)), bad=Count("pk", filter=Q(is_effective=False))
    )
    return Closing(len(days), round(median(days)) if days else None, checks["good"], checks["bad"])


def _dossiers(system: QualitySystem, year: int) -> QuerySet[Case]:
    start = datetime(year, 1, 1, tzinfo=VIETNAM)
    return Case.objects.filter(
        deciding_id=system.organisation_id, received_at__gte=start,
        received_at__lt=datetime(year + 1, 1, 1, tzinfo=VIETNAM),
    )  # fmt: skip


def _by_month(rows: QuerySet[Nonconformity], name: str, year: int) -> dict[date, int]:
    counted = rows.filter(**{f"{name}__year": year}).order_by().annotate(month=TruncMonth(name))
    return dict(counted.values_list("month").annotate(n=Count("pk")))


def mean_days(step: StepTally) -> float | None:
    """Mean time a step took, in days."""
    return None if step.mean is None else round(step.mean / timedelta(days=1), 1)
