"""Who makes a request, and the records it is about."""

from django.http import Http404, HttpRequest

from khcn.domains.traceability.models import Party
from khcn.domains.traceability.permissions import own_parties
from khcn.kernel.documents.errors import FileDamaged
from khcn.kernel.documents.models import StoredFile
from khcn.kernel.documents.queries import bytes_of
from khcn.web.acting import actor_of, one_of


def own_party(request: HttpRequest, code: str) -> Party:
    """A party that the actor writes for, by its code; else it is not found."""
    return one_of(own_parties(actor_of(request)).select_related("head", "client"), code=code)


def kept_bytes(stored: StoredFile) -> bytes:
    """The bytes of a kept file; one that the store has lost or that was altered is not found."""
    try:
        return bytes_of(stored)
    except (FileNotFoundError, FileDamaged) as lost:
        raise Http404 from lost
