"""Reads messages of machines that were refused."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from khcn.domains.hazards.models import RefusedMessage, Station
from khcn.domains.hazards.permissions import KEEPERS, OBSERVERS
from khcn.lib.actor import Actor

#: What was refused longer ago than this is no longer pointed out on the page of its station.
POINTED_OUT = timedelta(days=7)


def refused_messages_for(actor: Actor) -> QuerySet[RefusedMessage]:
    """Messages of stations that the actor keeps or enters values of; those of no known station, to all such people."""
    rows = RefusedMessage.objects.select_related("station")
    if actor.is_system:
        return rows
    own = actor.offices_as(*KEEPERS, *OBSERVERS)
    return rows.filter(Q(station__owner__in=own) | Q(station=None)) if own else rows.none()


def lately_refused(station: Station, *, now: datetime) -> int:
    """How many different messages of a station were refused in the last days."""
    return RefusedMessage.objects.filter(station=station, last_at__gt=now - POINTED_OUT).count()
