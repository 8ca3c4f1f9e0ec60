"""Tells people: a line in the inbox, and an e-mail where they have an address. Rooms that warn hear of danger here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import models
from django.utils import timezone
from django_tasks import task

from khcn.kernel.notices.choices import NoticeKind
from khcn.kernel.notices.models import Notice
from khcn.kernel.orgs.models import User
from khcn.lib.actor import Actor


@dataclass(frozen=True, slots=True)
class DangerSeen:
    """Published when a place rises to a level, by whichever room watches (`source`). It proposes; it never warns.

    place: "" for the whole province. level: None where the rules leave a hole and a person must decide. facts: pairs of
    name and value as they were; evaluation, exceedance: identities in the room that saw it. Moments in ISO 8601.
    """

    source: str
    hazard: str
    hazard_name: str
    place: str
    place_name: str
    level: int | None
    outcome: str
    clauses: tuple[str, ...]
    decision: str
    article: str
    units: tuple[str, ...]
    observed_at: str
    seen_at: str
    evaluation: str
    exceedance: str
    is_illustration: bool
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class WarningGiven:
    """Published when a message of warning is issued; whoever verifies hears it. units: codes on the day of issue."""

    case: str
    hazard: str
    message: str
    message_type: str
    level: int | None
    units: tuple[str, ...]
    issued_at: str
    onset_at: str
    expires_at: str
    is_exercise: bool
    is_illustration: bool = False


@dataclass(frozen=True, slots=True)
class HarmSeen:
    """Published when damage is reported and accepted: an event that a warning may have been right about."""

    report: str
    hazard: str
    unit: str
    happened_at: str
    is_illustration: bool = False


def notify(
    *,
    recipients: Iterable[User],
    kind: NoticeKind,
    title: str,
    url: str = "",
    body: str = "",
    subject: models.Model | None = None,
    due_on: date | None = None,
) -> list[Notice]:
    """Put one line into each recipient's inbox and queue an e-mail to those with an address.

    An open line of the same kind on the same subject is not repeated.
    """
    target: dict[str, Any] = {
        "subject_type": subject._meta.label_lower if subject is not None else "",
        "subject_uid": getattr(subject, "uid", None),
    }
    told: list[Notice] = []
    for user in {person.pk: person for person in recipients}.values():
        if (
            subject is not None
            and Notice.objects.filter(recipient=user, kind=kind, title=title[:300], done_at=None, **target).exists()
        ):
            continue
        notice = Notice.objects.create(
            recipient=user, kind=kind, title=title[:300], body=body, url=url, due_on=due_on, **target
        )
        told.append(notice)
        if user.email:
            send_notice.enqueue(notice.pk)
    return told


def settle(*, subject: models.Model, kind: NoticeKind | None = None) -> int:
    """Close the open lines about a subject once the matter is settled; returns how many."""
    open_lines = Notice.objects.filter(
        subject_type=subject._meta.label_lower, subject_uid=getattr(subject, "uid", None), done_at=None
    )
    if kind is not None:
        open_lines = open_lines.filter(kind=kind)
    return open_lines.update(done_at=timezone.now())


def mark_read(*, by: Actor, notices: models.QuerySet[Notice]) -> int:
    """Mark the actor's own unread notices as read."""
    return notices.filter(recipient_id=by.user_id, read_at=None).update(read_at=timezone.now())


@task()
def send_notice(notice_id: int) -> None:
    """Send one notice by e-mail, once."""
    notice = Notice.objects.select_related("recipient").get(pk=notice_id)
    if notice.emailed_at is not None or not notice.recipient.email:
        return
    text = "\n\n".join(part for part in (notice.title, notice.body, notice.url) if part)
    send_mail(f"[KHCN] {notice.title}"[:200], text, settings.DEFAULT_FROM_EMAIL, [notice.recipient.email])
    notice.emailed_at = timezone.now()
    notice.save(update_fields=["emailed_at"])
