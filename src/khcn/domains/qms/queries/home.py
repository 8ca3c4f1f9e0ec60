"""Reads the page of an agency's system: what is missing to be effective, what is waiting; and the home panel."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from khcn.domains.qms.choices import (
    NonconformityState,
)
from khcn.domains.qms.models import (
    AgencyYear,
    CorrectiveAction,
    QualitySystem,
)
from khcn.domains.qms.permissions import visible_systems
from khcn.domains.qms.queries.documents import reads_owed_by
from khcn.domains.qms.queries.parameters import scoring_on
from khcn.domains.qms.queries.scores import verdicts_of, year_of
from khcn.domains.qms.queries.waiting import Waiting, waiting_in
from khcn.domains.qms.rules.effectiveness import Verdict
from khcn.lib.actor import Actor

GATE_PAGES = {
    "G1": "qms_announcement_list",
    "G2": "qms_document_list",
    "G3": "qms_audit_list",
    "G4": "qms_review_list",
    "G5": "qms_nc_list",
}
SCORE_PAGES = {
    "E4": "qms_document_list",
    "E5": "qms_objective_list",
    "E6": "qms_nc_list",
    "E7": "qms_complaint_list",
}


@dataclass(frozen=True, slots=True)
class SystemHome:
    """The system's page: today's verdict for the year, the kept one, and what waits."""

    verdict: Verdict
    kept: AgencyYear | None
    waiting: list[Waiting]


def system_home(system: QualitySystem, *, year: int, on: date) -> SystemHome:
    """Compute the verdict as of the day (nothing is kept) and count what waits."""
    as_of = min(on, date(year, 12, 31))
    verdict, _ = verdicts_of([system], year=year, as_of=as_of, parameters=scoring_on(as_of))[system.pk]
    return SystemHome(verdict, year_of(system, year), [item for item in waiting_in(system, on=on) if item.count])


def home_panel(actor: Actor) -> dict[str, Any] | None:
    """What the actor has to read, and their systems with open matters; None for those without a system."""
    owed = list(reads_owed_by(actor)[:5])
    mine = list(visible_systems(actor).filter(organisation_id__in=actor.organisation_ids)[:3])
    actions = list(
        CorrectiveAction.objects.filter(
            owner__person_id=actor.person_id or 0, done_on=None, nonconformity__state=NonconformityState.IN_PROGRESS
        ).select_related("nonconformity")[:5]
    )
    if not (owed or mine or actions):
        return None
    return {"owed": owed, "systems": mine, "actions": actions, "today": actor.on}
