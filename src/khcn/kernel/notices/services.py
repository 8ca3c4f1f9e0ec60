"""Tells people: a line in the inbox, and an e-mail where they have an address."""

from collections.abc import Iterable
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
