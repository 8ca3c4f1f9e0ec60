"""What agencies must have a controlled procedure for, and which one covers it: the second gate, item by item."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from khcn.domains.qms.choices import DocumentType, RevisionState
from khcn.domains.qms.models import DocumentRevision, QualitySystem
from khcn.domains.qms.queries.dossiers import procedures_run_by
from khcn.domains.qms.queries.parameters import number_on
from khcn.kernel.procedures.choices import NormUnit
from khcn.kernel.procedures.queries import PublishedService, calendar, services_in_force
from khcn.lib.calendar import TimeUnit


@dataclass(frozen=True, slots=True)
class Needed:
    """A procedure in force at an agency, and the controlled procedure in effect that covers it (None: none does).

    limit_amount (0: none), limit_unit, fee_vnd: as published. lapsed_bases: legal bases of its own that ended.
    in_grace: published a while ago, so that its controlled procedure need not be there yet. engine_code: the engine's
    procedure on which it runs (empty: none).
    """

    code: str
    title: str
    since: date
    limit_amount: int
    limit_unit: NormUnit
    fee_vnd: int
    lapsed_bases: tuple[str, ...]
    by: DocumentRevision | None
    in_grace: bool
    engine_code: str = ""

    @property
    def is_covered(self) -> bool:
        """True when a controlled procedure in effect with bases in force covers it."""
        return self.by is not None and not self.lapsed_bases


def coverage_of(systems: Mapping[int, QualitySystem], *, first: date, last: date) -> dict[int, list[Needed]]:
    """By the system's key, as of `last`: what the agency has published, and what else of the engine's it runs on.

    first: from when dossiers decided by the agency show that a procedure binds it.
    """
    agencies = [system.organisation_id for system in systems.values()]
    published: dict[int, list[PublishedService]] = defaultdict(list)
    for item in services_in_force(last, agencies):
        published[item.organisation_id].append(item)
    running = procedures_run_by(agencies, first=first, last=last, on=last)
    good: dict[int, dict[str, DocumentRevision]] = defaultdict(dict)
    for row in _procedures_in_effect(systems, last):
        if all(law.is_valid_on(last) for law in row.legal_bases.all()):
            good[row.system_id][row.document.procedure_code] = row
    grace = _grace_begins(last)
    found = {}
    for key, system in systems.items():
        own = published[system.organisation_id]
        known = {item.code for item in own} | {item.procedure_code for item in own}
        own += [
            PublishedService(system.organisation_id, code, title, since, code)
            for code, (title, since) in running[system.organisation_id].items()
            if code not in known
        ]
        found[key] = [_needed(item, good[key], grace) for item in sorted(own, key=lambda one: one.code)]
    return found


def _needed(item: PublishedService, good: Mapping[str, DocumentRevision], grace: date) -> Needed:
    by = next((good[name] for name in (item.code, item.procedure_code) if name and name in good), None)
    covered = by is not None and not item.lapsed_bases
    return Needed(
        item.code, item.title, item.since, item.limit_amount, item.limit_unit, item.fee_vnd, item.lapsed_bases, by,
        in_grace=not covered and item.since > grace, engine_code=item.procedure_code,
    )  # fmt: skip


def _procedures_in_effect(systems: Collection[int], on: date) -> Iterable[DocumentRevision]:
    rows = DocumentRevision.objects.filter(
        system__in=systems, document__type=DocumentType.PROCEDURE,
        state__in=[RevisionState.EFFECTIVE, RevisionState.SUPERSEDED, RevisionState.WITHDRAWN], effective_from__lte=on,
    ).exclude(effective_to__lte=on).exclude(document__procedure_code="")  # fmt: skip
    return rows.select_related("document").prefetch_related("legal_bases").order_by("effective_from", "pk")


def _grace_begins(last: date) -> date:
    """The last first day from which a procedure must be covered by `last`: so many working days before."""
    days, workdays = number_on("scope_grace_days", last), calendar()
    start = last - timedelta(days=1)
    while workdays.due_on(start, days, TimeUnit.WD) > last:
        start -= timedelta(days=1)
    return start
