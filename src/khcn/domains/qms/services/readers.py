"""Asks people to read documents in effect and to acknowledge them, within so many working days."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Q
from django.urls import reverse

from khcn.domains.qms.choices import DocumentType, RevisionState
from khcn.domains.qms.models import DocumentRevision, Membership, QualitySystem, ReadAck, Unit
from khcn.domains.qms.queries.parameters import number_on
from khcn.kernel.notices.choices import NoticeKind
from khcn.kernel.notices.services import notify
from khcn.kernel.orgs.models import Person, User
from khcn.kernel.procedures.queries import calendar
from khcn.lib.actor import Actor
from khcn.lib.calendar import TimeUnit


def ask_members(*, by: Actor, revision: DocumentRevision) -> None:
    """Ask everybody of the system to read a revision that has come into effect; inside the caller's transaction."""
    members = Membership.objects.valid_on(by.on).filter(system=revision.system)  # type: ignore[attr-defined]
    _ask(revision, list(User.objects.filter(is_active=True, person__in=members.values("person"))), by.on)


def ask_newcomer(*, by: Actor, system: QualitySystem, person: Person, unit: Unit) -> int:
    """Ask somebody who joins to read what binds them: policy, objectives, and the documents of their unit.

    Returns how many they owe; nothing is asked of people without an account, or twice.
    """
    reader = User.objects.filter(is_active=True, person=person).first()
    rows = DocumentRevision.objects.filter(
        Q(document__type__in=[DocumentType.POLICY, DocumentType.OBJECTIVES]) | Q(document__unit=unit), system=system,
        state=RevisionState.EFFECTIVE, needs_reading=True,
    ).exclude(document__type=DocumentType.FORM)  # fmt: skip
    owed = [] if reader is None else list(rows.exclude(acks__reader=reader).select_related("document"))
    if reader is None or not owed:
        return 0
    for revision in owed:
        _ask(revision, [reader], by.on)
    return len(owed)


def _ask(revision: DocumentRevision, readers: Sequence[User], on: date) -> None:
    due = calendar().due_on(on, number_on("read_days", on), TimeUnit.WD)
    ReadAck.objects.bulk_create(
        [ReadAck(revision=revision, reader=reader, asked_on=on, due_on=due) for reader in readers],
        ignore_conflicts=True,
    )
    notify(
        recipients=readers, kind=NoticeKind.DO, title=f"Đọc và xác nhận tài liệu {revision.code}",
        url=reverse("qms_read", args=[revision.uid]), subject=revision, due_on=due,
    )  # fmt: skip
