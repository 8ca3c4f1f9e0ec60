"""Who acts and on what, for the pages of warnings."""

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone

from khcn.domains.warnings.models import MessageDraft, WarningCase
from khcn.domains.warnings.permissions import WRITERS
from khcn.domains.warnings.queries.listing import case_for, open_draft
from khcn.kernel.orgs.models import Organisation
from khcn.kernel.orgs.queries import organisations_on
from khcn.lib.actor import Actor
from khcn.web.acting import actor_of


def reader_of(request: HttpRequest) -> Actor | None:
    """The actor, None for the public."""
    return actor_of(request) if request.user.is_authenticated else None


def offices(request: HttpRequest) -> QuerySet[Organisation]:
    """Where the actor writes warnings."""
    actor = actor_of(request)
    if actor.is_system:
        return organisations_on(timezone.localdate())
    return Organisation.objects.filter(pk__in=actor.offices_as(*WRITERS))


def case_of(request: HttpRequest, code: str) -> WarningCase:
    """The case, where the reader may see it."""
    found = case_for(reader_of(request), code)
    if found is None:
        raise Http404
    return found


def draft_of(request: HttpRequest, code: str) -> MessageDraft:
    """The message of a case that is on its way out."""
    found = open_draft(case_of(request, code))
    if found is None:
        raise Http404
    return found
