"""Reads a person's inbox."""

from django.db.models import F, QuerySet

from khcn.kernel.notices.models import Notice
from khcn.lib.actor import Actor


def inbox_of(actor: Actor) -> QuerySet[Notice]:
    """All notices to the actor, newest first."""
    return Notice.objects.filter(recipient_id=actor.user_id).order_by("-id")


def open_notices_of(actor: Actor) -> QuerySet[Notice]:
    """Notices whose matter is not settled: those with a due date first, soonest first, then the newest."""
    return inbox_of(actor).filter(done_at=None).order_by(F("due_on").asc(nulls_last=True), "-id")


def unread_count(actor: Actor) -> int:
    """How many open notices the actor has not read."""
    return inbox_of(actor).filter(read_at=None, done_at=None).count()
