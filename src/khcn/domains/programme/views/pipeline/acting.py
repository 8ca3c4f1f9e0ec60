"""Who makes a request, typed; signed-out people never reach the views that ask."""

from django.http import HttpRequest

from khcn.kernel.orgs.models import Organisation
from khcn.web.acting import actor_of


def office_of(request: HttpRequest) -> Organisation | None:
    """The body of the person who makes a paper."""
    return Organisation.objects.select_related("parent").filter(pk=actor_of(request).organisation_id or -1).first()
