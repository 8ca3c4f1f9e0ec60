"""My profile: who I am on record, the roles I hold and from where."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from khcn.kernel.orgs.queries import posts_held_by
from khcn.web.screens import page, screen


@screen(methods=("GET", "HEAD"))
def profile(request: HttpRequest) -> HttpResponse:
    """`/ho-so-cua-toi/`."""
    person = request.user.person  # type: ignore[union-attr]
    held = list(posts_held_by(person, on=timezone.localdate())) if person else []
    return page(request, "site/profile.html", {"person": person, "held": held})
