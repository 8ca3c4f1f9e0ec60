"""Who makes a request, and the record it is about; what may not be seen is not found."""

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone

from khcn.domains.hazards.models import Datastream, Station, StationFile
from khcn.domains.hazards.permissions import KEEPERS, OBSERVERS, visible_stations
from khcn.domains.hazards.queries.files import files_for
from khcn.kernel.orgs.models import Organisation
from khcn.kernel.orgs.queries import organisations_on
from khcn.lib.roles import Role
from khcn.web.acting import actor_of


def station_for(request: HttpRequest, code: str) -> Station:
    """The station, where the actor may see it."""
    found = visible_stations(actor_of(request)).filter(code=code).select_related("owner").first()
    if found is None:
        raise Http404
    return found


def stream_for(request: HttpRequest, code: str, property_code: str) -> Datastream:
    """The series of a property at a station that the actor may see."""
    rows = Datastream.objects.select_related("station__owner", "property", "sensor", "latest")
    found = rows.filter(station=station_for(request, code), property__code=property_code).first()
    if found is None:
        raise Http404
    return found


def file_for(request: HttpRequest, uid: str) -> StationFile:
    """A file of an organisation whose values the actor enters."""
    found = files_for(actor_of(request)).filter(uid=uid).first()
    if found is None:
        raise Http404
    return found


def offices(request: HttpRequest, *roles: Role) -> QuerySet[Organisation]:
    """The organisations at which the actor holds one of the roles."""
    actor = actor_of(request)
    if actor.is_system:
        return organisations_on(timezone.localdate())
    return Organisation.objects.filter(pk__in=actor.offices_as(*roles))


def observing_offices(request: HttpRequest) -> QuerySet[Organisation]:
    """Where the actor enters values."""
    return offices(request, *OBSERVERS)


def keeping_offices(request: HttpRequest) -> QuerySet[Organisation]:
    """Where the actor sets up stations."""
    return offices(request, *KEEPERS)
