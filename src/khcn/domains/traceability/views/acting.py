"""Who makes a request, and the records it is about."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from khcn.domains.traceability.models import Party
from khcn.domains.traceability.permissions import own_parties
from khcn.lib.actor import Actor


def actor_of(request: HttpRequest) -> Actor:
    """The actor whom the middleware resolved for this request."""
    return request.actor  # type: ignore[attr-defined]


def one_of(rows: QuerySet[Any], **which: Any) -> Any:
    """The one row, if the actor sees it; else it is not found."""
    found = rows.filter(**which).first()
    if found is None:
        raise Http404
    return found


def own_party(request: HttpRequest, code: str) -> Party:
    """A party that the actor writes for, by its code; else it is not found."""
    return one_of(own_parties(actor_of(request)).select_related("head", "client"), code=code)
