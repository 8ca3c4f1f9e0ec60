"""What every page of the shell shows; read only by templates that draw the shell."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from khcn.kernel.notices.queries import unread_count
from khcn.site.navigation import ShownSection, navigation_for


def shell(request: HttpRequest) -> dict[str, Any]:
    """The actor, the menu and the number of unread notices; each is read when a template asks for it.

    A partial for htmx asks for none of them and so costs no query.
    """
    actor = getattr(request, "actor", None)

    def menu() -> list[ShownSection]:
        return navigation_for(actor, request.path, is_staff=request.user.is_staff) if actor else []

    return {
        "actor": actor,
        "navigation": SimpleLazyObject(menu),
        "unread_count": SimpleLazyObject(lambda: unread_count(actor) if actor else 0),
    }
