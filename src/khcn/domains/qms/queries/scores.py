"""Reads yearly verdicts: how one comes about, its digest, the newest of each agency, the province's three answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max, QuerySet

from khcn.domains.qms.choices import Obligation, YearState
from khcn.domains.qms.models import AgencyYear, QualitySystem
from khcn.domains.qms.queries.year_facts import Counted, count_years
from khcn.domains.qms.rules.effectiveness import Parameters, Verdict, evaluate
from khcn.kernel.orgs.choices import OrganisationKind, OrganisationLevel
from khcn.kernel.orgs.models import Organisation
from khcn.lib.digest import digest


@dataclass(frozen=True, slots=True)
class Recheck:
    """Whether stored evidence has its digest, and whether the records give it again."""

    is_intact: bool
    reproduces: bool


@dataclass(frozen=True, slots=True)
class ProvinceTally:
    """The three answers over the obliged agencies that stand on the day, each apart."""

    obliged: int
    enrolled: int
    announced: int
    electronic: int
    effective: int
    confirmed: int


def verdicts_of(
    systems: Sequence[QualitySystem], *, year: int, as_of: date, parameters: Parameters
) -> dict[int, tuple[Verdict, Counted]]:
    """The verdict of each agency's year, by the system's key, with what was counted for it; read for all at once."""
    counted = count_years(systems, year=year, as_of=as_of)
    return {key: (evaluate(found.facts, parameters), found) for key, found in counted.items()}


def content_of_year(found: AgencyYear) -> list[Any]:
    """Everything that the verdict says and rests on, as it is hashed."""
    return [
        str(found.system.uid), found.year, found.as_of.isoformat(), found.gates, found.scores, str(found.total),
        found.is_announced, found.is_electronic, found.is_effective, found.evidence,
    ]  # fmt: skip


def content_digest(found: AgencyYear) -> str:
    """SHA-256 over everything that the verdict says and rests on."""
    return digest(content_of_year(found))


def newest_years(year: int) -> QuerySet[AgencyYear]:
    """The last verdict of each agency for the year; a confirmed one stands before later trials."""
    confirmed = AgencyYear.objects.filter(year=year, state=YearState.CONFIRMED)
    trials = (
        AgencyYear.objects.filter(year=year, state=YearState.COMPUTED)
        .exclude(system__in=confirmed.values("system"))
        .order_by()
        .values("system")
        .annotate(last=Max("pk"))
        .values("last")
    )
    rows = AgencyYear.objects.filter(pk__in=confirmed.values("pk")) | AgencyYear.objects.filter(pk__in=trials)
    return rows.select_related("system__organisation")


def year_of(system: QualitySystem, year: int) -> AgencyYear | None:
    """The verdict of one agency that counts for the year."""
    return newest_years(year).filter(system=system).first()


def obliged_agencies(on: date) -> QuerySet[Organisation]:
    """Bodies of the State at province and district level that stand on the day: those the rule obliges.

    Source: QĐ 19/2014/QĐ-TTg, scope of application (mandatory for provincial and district bodies).
    """
    rows = Organisation.objects.valid_on(on).filter(kind=OrganisationKind.STATE)  # type: ignore[attr-defined]
    return rows.filter(level__in=[OrganisationLevel.PROVINCE, OrganisationLevel.DISTRICT])


def agencies_that_may_begin(on: date) -> QuerySet[Organisation]:
    """Bodies of the State at every level and public-service units that stand on the day: those obliged, and those that
    the rule encourages (QĐ 19/2014/QĐ-TTg: communes, public-service units).
    """
    rows = Organisation.objects.valid_on(on)  # type: ignore[attr-defined]
    return rows.filter(kind__in=[OrganisationKind.STATE, OrganisationKind.PUBLIC_SERVICE])


def obligation_of(organisation: Organisation, *, on: date) -> Obligation:
    """Whether the rule obliges the agency on the day or encourages it."""
    is_obliged = obliged_agencies(on).filter(pk=organisation.pk).exists()
    return Obligation.MANDATORY if is_obliged else Obligation.ENCOURAGED


def province_tally(year: int, *, on: date) -> ProvinceTally:
    """Count the agencies obliged on the day: enrolled, announced, running electronically, effective, confirmed."""
    obliged = obliged_agencies(on)
    rows = list(newest_years(year).filter(system__organisation__in=obliged))
    return ProvinceTally(
        obliged=obliged.count(),
        enrolled=QualitySystem.objects.filter(organisation__in=obliged).count(),
        announced=sum(row.is_announced for row in rows),
        electronic=sum(row.is_electronic for row in rows),
        effective=sum(row.is_effective for row in rows),
        confirmed=sum(row.state == YearState.CONFIRMED and row.is_effective for row in rows),
    )
