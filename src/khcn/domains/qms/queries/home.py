"""Reads the page of an agency's system: what is missing to be effective, what is waiting; and the home panel."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from khcn.domains.qms.choices import (
    AuditState,
    NonconformityState,
    ReviewState,
    RevisionState,
)
from khcn.domains.qms.models import (
    AgencyYear,
    Audit,
    Complaint,
    CorrectiveAction,
    DocumentRevision,
    ManagementReview,
    Nonconformity,
    Objective,
    QualitySystem,
    ReadAck,
    ReviewDecision,
    Risk,
)
from khcn.domains.qms.permissions import visible_systems
from khcn.domains.qms.queries.documents import reads_owed_by
from khcn.domains.qms.queries.parameters import scoring_on
from khcn.domains.qms.queries.scores import verdicts_of, year_of
from khcn.domains.qms.rules.effectiveness import Verdict
from khcn.lib.actor import Actor

NC_OVER = [NonconformityState.CLOSED, NonconformityState.CANCELLED]
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
class Waiting:
    """Something that waits in the system: its text, how many, the list's address name and query."""

    text: str
    count: int
    url_name: str
    query: str
    is_late: bool = False


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
    return SystemHome(verdict, year_of(system, year), [item for item in _waiting(system, on) if item.count])


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


def _waiting(system: QualitySystem, on: date) -> list[Waiting]:
    revisions = DocumentRevision.objects.filter(system=system)
    faults = Nonconformity.objects.filter(system=system).exclude(state__in=NC_OVER)
    late = Q(extended_to__lt=on) | Q(extended_to=None, due_on__lt=on)
    return [
        Waiting(
            "tài liệu chờ phê duyệt",
            revisions.filter(state=RevisionState.IN_REVIEW).count(),
            "qms_document_list",
            "state=in_review",
        ),
        Waiting(
            "tài liệu đã duyệt, chờ hiệu lực",
            revisions.filter(state=RevisionState.APPROVED).count(),
            "qms_document_list",
            "state=approved",
        ),
        Waiting(
            "lượt đọc quá hạn",
            ReadAck.objects.filter(
                revision__system=system, revision__state=RevisionState.EFFECTIVE, acknowledged_on=None, due_on__lt=on
            ).count(),
            "qms_document_list",
            "",
            True,
        ),
        Waiting("sự không phù hợp đang mở", faults.count(), "qms_nc_list", "mo=1"),
        Waiting(
            "sự không phù hợp quá hạn", faults.filter(late, finished_on=None).count(), "qms_nc_list", "tre=1", True
        ),
        Waiting(
            "đợt đánh giá chưa kết thúc",
            Audit.objects.filter(system=system).exclude(state__in=[AuditState.CLOSED, AuditState.CANCELLED]).count(),
            "qms_audit_list",
            "",
        ),
        Waiting(
            "cuộc xem xét chưa kết thúc",
            ManagementReview.objects.filter(system=system).exclude(state=ReviewState.FOLLOWED_UP).count(),
            "qms_review_list",
            "",
        ),
        Waiting(
            "kết luận xem xét quá hạn",
            ReviewDecision.objects.filter(review__system=system, done_on=None, due_on__lt=on).count(),
            "qms_review_list",
            "",
            True,
        ),
        Waiting(
            "phản ánh chưa trả lời",
            Complaint.objects.filter(system=system, answered_on=None).count(),
            "qms_complaint_list",
            "",
        ),
        Waiting(
            "rủi ro đến hạn xem lại",
            Risk.objects.filter(system=system, closed_on=None, review_on__lt=on).count(),
            "qms_risk_list",
            "",
            True,
        ),
        Waiting(
            "mục tiêu chưa có số đo",
            Objective.objects.filter(system=system, year=on.year, measurements=None).count(),
            "qms_objective_list",
            f"nam={on.year}",
        ),
    ]
