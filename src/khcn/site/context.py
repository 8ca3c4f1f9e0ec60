"""What every page of the shell shows; read only by templates that draw the shell."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from khcn.kernel.notices.queries import unread_count
from khcn.site.guide.topics import topic_of
from khcn.site.navigation import ShownSection, navigation_for


def shell(request: HttpRequest) -> dict[str, Any]:
    """The actor, the menu, the number of unread notices and the page of the guide; each is read when it is asked for.

    A partial for htmx asks for none of them and so costs no query.
    """
    actor = getattr(request, "actor", None)

    def menu() -> list[ShownSection]:
        return navigation_for(actor, request.path, is_staff=request.user.is_staff) if actor else []

    def guide_address() -> str:
        match = request.resolver_match
        page, _hash, heading = topic_of(match.url_name or "" if match else "").partition("#")
        return reverse("guide_page", args=[page]) + (f"#{heading}" if heading else "") if page else ""

    return {
        "actor": actor,
        "guide_address": SimpleLazyObject(guide_address),
        "navigation": SimpleLazyObject(menu),
        "unread_count": SimpleLazyObject(lambda: unread_count(actor) if actor else 0),
    }
