"""Reads what is in scope: procedures in effect, and how they differ from what was announced."""

from khcn.domains.qms.choices import AnnouncementState, DocumentType, RevisionState
from khcn.domains.qms.models import Announcement, DocumentRevision, QualitySystem
from khcn.domains.qms.rules.scope import ScopeDifference, compare


def procedures_in_scope(system: QualitySystem) -> list[DocumentRevision]:
    """Revisions in effect of the system's procedures, by code."""
    rows = DocumentRevision.objects.filter(
        system=system, state=RevisionState.EFFECTIVE, document__type=DocumentType.PROCEDURE
    )
    return list(rows.select_related("document", "contents__file").order_by("document__code"))


def published_announcement(system: QualitySystem) -> Announcement | None:
    """The announcement that stands now."""
    return Announcement.objects.filter(system=system, state=AnnouncementState.PUBLISHED).first()


def scope_difference(system: QualitySystem) -> ScopeDifference | None:
    """What changed since the announcement that stands; None when nothing was announced yet."""
    announced = published_announcement(system)
    if announced is None:
        return None
    now = [(item.document.code, item.issue_no) for item in procedures_in_scope(system)]
    return compare(((row["code"], row["issue"]) for row in announced.procedures), now)
