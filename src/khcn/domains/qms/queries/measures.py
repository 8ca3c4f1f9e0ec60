"""Counts what a computed objective is made of, for many agencies at once: so many out of so many in a period."""

from collections.abc import Callable, Sequence
from datetime import date

from django.db.models import Count, F, Q, QuerySet

from khcn.domains.qms.choices import MeasureSource, NonconformityState
from khcn.domains.qms.models import Complaint, Nonconformity, QualitySystem, ReadAck
from khcn.domains.qms.queries.dossiers import DossierFacts, dossier_facts
from khcn.domains.qms.queries.voices import voices_of

Counts = dict[int, tuple[int, int]]


def measures_of(source: str, systems: Sequence[QualitySystem], first: date, last: date) -> Counts:
    """(counted, out of) by the system's key. Raises KeyError for a source measured by hand."""
    found = _SOURCES[MeasureSource(source)](systems, first, last)
    return {system.pk: found.get(system.pk, (0, 0)) for system in systems}


def _of_dossiers(pick: Callable[[DossierFacts], tuple[int, int]]) -> Callable[..., Counts]:
    def count(systems: Sequence[QualitySystem], first: date, last: date) -> Counts:
        agencies = [system.organisation_id for system in systems]
        found = dossier_facts(first=first, last=last, as_of=last, organisation_ids=agencies)
        nothing = DossierFacts()
        return {system.pk: pick(found.get(system.organisation_id, nothing)) for system in systems}

    return count


def _reads(systems: Sequence[QualitySystem], first: date, last: date) -> Counts:
    due = ReadAck.objects.filter(revision__system__in=systems, due_on__gte=first, due_on__lte=last)
    return _grouped(due, "revision__system_id", Q(acknowledged_on__lte=F("due_on")))


def _faults(systems: Sequence[QualitySystem], first: date, last: date) -> Counts:
    found: Counts = {}
    for row in Nonconformity.objects.filter(system__in=systems).exclude(state=NonconformityState.CANCELLED):
        deadline = row.deadline
        if deadline is not None and first <= deadline <= last:
            good, of = found.get(row.system_id, (0, 0))
            found[row.system_id] = (good + bool(row.finished_on and row.finished_on <= deadline), of + 1)
    return found


def _complaints(systems: Sequence[QualitySystem], first: date, last: date) -> Counts:
    due = Complaint.objects.filter(system__in=systems, due_on__gte=first, due_on__lte=last)
    found = _grouped(due, "system_id", Q(answered_on__lte=F("due_on")))
    heard = voices_of([system.organisation_id for system in systems], first=first, last=last)
    for system in systems:
        good, of = found.get(system.pk, (0, 0))
        other = heard[system.organisation_id].complaints
        found[system.pk] = (good + other.counted, of + other.of)
    return found


def _grouped(rows: QuerySet, system: str, in_time: Q) -> Counts:
    counted = rows.order_by().values_list(system).annotate(good=Count("pk", filter=in_time), of=Count("pk"))
    return {key: (good, of) for key, good, of in counted}


_SOURCES: dict[MeasureSource, Callable[[Sequence[QualitySystem], date, date], Counts]] = {
    MeasureSource.STEPS_IN_TIME: _of_dossiers(lambda facts: (facts.steps_in_time, facts.steps)),
    MeasureSource.CASES_IN_TIME: _of_dossiers(lambda facts: (facts.cases_in_time, facts.cases_judged)),
    MeasureSource.CASES_ELECTRONIC: _of_dossiers(lambda facts: (facts.electronic, facts.cases_due)),
    MeasureSource.READS_IN_TIME: _reads,
    MeasureSource.NC_CLOSED_IN_TIME: _faults,
    MeasureSource.COMPLAINTS_IN_TIME: _complaints,
}
