"""Who makes a request, and the one row it is about; what may not be seen is not found."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone

from khcn.lib.actor import Actor
from khcn.lib.dates import parse_date_vi
from khcn.lib.unreadable import Unreadable


def actor_of(request: HttpRequest) -> Actor:
    """The actor whom the middleware resolved for this request; signed-out people never reach the views that ask."""
    return request.actor  # type: ignore[attr-defined,no-any-return]


def one_of(rows: QuerySet[Any], **which: Any) -> Any:
    """The one row, if the actor sees it. Raises Http404 where there is none."""
    found = rows.filter(**which).first()
    if found is None:
        raise Http404
    return found


def day_of(request: HttpRequest, name: str = "ngay", usual: date | None = None) -> date:
    """The day asked for; without one, or for what is none, the usual one or today."""
    text = request.GET.get(name, "")
    try:
        return (parse_date_vi(text) if text else None) or usual or timezone.localdate()
    except Unreadable:
        return usual or timezone.localdate()
