"""Reads the audit log: the history of a subject, and whether the chain still holds."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from khcn.kernel.audit.models import AuditEntry
from khcn.kernel.audit.rules import GENESIS, digest

#: As a part of a statement: the number of the newest entry. Entries are written one after the other, so that another
#: number means that somebody has done something since, and the same number that nobody has.
NEWEST_NUMBER = "(SELECT MAX(id) FROM audit_auditentry)"


@dataclass(frozen=True, slots=True)
class ChainReport:
    """Outcome of a verification: rows read, keys of rows that do not fit, and the head's digest."""

    rows: int
    broken: tuple[int, ...]
    head: str

    @property
    def holds(self) -> bool:
        """True when every row fits its predecessor and its own contents."""
        return not self.broken


def history_of(*, subject_type: str, subject_uid: UUID) -> QuerySet[AuditEntry]:
    """Entries of one subject, newest first."""
    return AuditEntry.objects.filter(subject_type=subject_type, subject_uid=subject_uid).order_by("-id")


def verify_chain() -> ChainReport:
    """Walk the whole chain in order, constant memory."""
    previous, rows, broken = GENESIS, 0, []
    for entry in AuditEntry.objects.order_by("id").iterator(chunk_size=2000):
        rows += 1
        if entry.previous != previous or entry.digest != digest(previous, entry.row()):
            broken.append(entry.pk)
        previous = entry.digest
    return ChainReport(rows=rows, broken=tuple(broken), head=previous)
