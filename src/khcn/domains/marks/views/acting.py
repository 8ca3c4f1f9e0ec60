"""Who makes a request, and the records it is about."""

from django.http import Http404, HttpRequest

from khcn.domains.marks.models import Right
from khcn.domains.marks.permissions import may_decide, may_keep, visible_rights
from khcn.web.acting import actor_of, one_of


def right_for(request: HttpRequest, code: str) -> Right:
    """A right that the actor reads; else it is not found."""
    return one_of(visible_rights(actor_of(request)), code=code)


def kept_right(request: HttpRequest, code: str) -> Right:
    """A right whose records the actor keeps; else it is not found."""
    right = right_for(request, code)
    if not may_keep(actor_of(request), right):
        raise Http404
    return right


def decided_right(request: HttpRequest, code: str) -> Right:
    """A right on which the actor decides; else it is not found."""
    right = right_for(request, code)
    if not may_decide(actor_of(request), right):
        raise Http404
    return right
