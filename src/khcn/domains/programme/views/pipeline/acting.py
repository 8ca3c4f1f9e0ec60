"""Who makes a request, typed; signed-out people never reach the views that ask."""

from django.http import HttpRequest

from khcn.kernel.orgs.models import Organisation
from khcn.lib.actor import Actor


def actor_of(request: HttpRequest) -> Actor:
    """The actor whom the middleware resolved for this request."""
    return request.actor  # type: ignore[attr-defined]


def office_of(request: HttpRequest) -> Organisation | None:
    """The body of the person who makes a paper."""
    return Organisation.objects.select_related("parent").filter(pk=actor_of(request).organisation_id or -1).first()
