"""Reads the filters that people keep under a name."""

from django.db.models import Q, QuerySet

from khcn.domains.programme.models import SavedFilter
from khcn.lib.actor import Actor


def filters_of(actor: Actor, page: str) -> QuerySet[SavedFilter]:
    """The actor's own filters of one list, and those that others share."""
    return SavedFilter.objects.filter(page=page).filter(Q(owner_id=actor.user_id or -1) | Q(is_shared=True))
