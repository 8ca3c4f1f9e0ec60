"""Gives every request its actor, resolved lazily on today's date."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from khcn.kernel.orgs.models import User
from khcn.kernel.orgs.queries import actor_for
from khcn.lib.actor import Actor


class ActorMiddleware:
    """Sets `request.actor`: an Actor for a signed-in account, None otherwise."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Attach the actor; nothing is read until a view asks."""
        request.actor = SimpleLazyObject(lambda: _actor(request))  # type: ignore[attr-defined]
        return self.get_response(request)


def _actor(request: HttpRequest) -> Actor | None:
    user = request.user
    return actor_for(user, on=timezone.localdate()) if isinstance(user, User) else None
