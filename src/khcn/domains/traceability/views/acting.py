"""Who makes a request, and the records it is about."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from khcn.domains.traceability.models import Party
from khcn.domains.traceability.permissions import own_parties
from khcn.kernel.documents.errors import FileDamaged
from khcn.kernel.documents.models import StoredFile
from khcn.kernel.documents.queries import bytes_of
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


def kept_bytes(stored: StoredFile) -> bytes:
    """The bytes of a kept file; one that the store has lost or that was altered is not found."""
    try:
        return bytes_of(stored)
    except (FileNotFoundError, FileDamaged) as lost:
        raise Http404 from lost
