"""The search page and the palette's answers."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from khcn.lib.text import fold, fold_words
from khcn.site.navigation import pages_for
from khcn.web.acting import actor_of
from khcn.web.screens import is_htmx, page, screen
from khcn.web.search import Group, Hit, search


@screen(methods=("GET", "HEAD"))
def search_page(request: HttpRequest) -> HttpResponse:
    """`/tim/?q=`: pages of the menu and everything the registered providers find; htmx gets the list only."""
    actor = actor_of(request)
    text = request.GET.get("q", "").strip()[:200]
    live = is_htmx(request)
    groups = search(actor, text, limit=6 if live else 30, only=request.GET.get("loai", ""))
    pages = _pages(request, text)
    if pages:
        groups.append(Group("pages", _("Đi đến trang"), tuple(pages)))
    template = "site/search_hits.html" if live else "site/search.html"
    return page(request, template, {"text": text, "groups": groups, "count": sum(len(one.hits) for one in groups)})


def _pages(request: HttpRequest, text: str) -> list[Hit]:
    words = fold_words(text)
    return [
        Hit(item.title, item.address, icon=item.icon)
        for item in pages_for(actor_of(request), is_staff=request.user.is_staff)  # type: ignore[attr-defined,union-attr]
        if all(word in fold(item.title) for word in words)
    ][: 8 if words else 20]
