"""Who makes a request, and the records it is about."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from khcn.domains.marks.models import Right
from khcn.domains.marks.permissions import may_decide, may_keep, visible_rights
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
