"""Who makes a request, and the dossier it is about."""

from django.http import Http404, HttpRequest
from django.utils import timezone

from khcn.domains.onestop.models import Dossier
from khcn.domains.onestop.permissions import visible_dossiers
from khcn.domains.onestop.queries.dossiers import with_parts
from khcn.kernel.orgs.models import Organisation, User
from khcn.kernel.orgs.queries import staff_of
from khcn.lib.actor import Actor
from khcn.web.acting import actor_of


def dossier_of(request: HttpRequest, uid: str) -> Dossier:
    """The dossier, when the actor may read it; else it is not found."""
    found = with_parts(visible_dossiers(actor_of(request))).filter(uid=uid).first()
    if found is None:
        raise Http404
    return found


def colleagues(actor: Actor) -> list[User]:
    """Accounts of the actor's organisations."""
    found: dict[int, User] = {}
    for body in Organisation.objects.filter(pk__in=actor.organisation_ids):
        found.update({user.pk: user for user in staff_of(body, on=timezone.localdate())})
    return list(found.values())
