"""The user guide as pages: the index, one page, a picture, headings that answer a search."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import mark_safe

from khcn.site.guide import shelf
from khcn.site.guide.markup import as_html
from khcn.web.screens import page, screen

CITIZENS = "dich-vu-cong"


@screen(methods=("GET", "HEAD"))
def guide(request: HttpRequest, name: str = shelf.INDEX) -> HttpResponse:
    """`/huong-dan/`: a page of the guide beside the list of pages; `?q=` asks for headings."""
    found = shelf.page_named(name)
    if found is None:
        raise Http404
    text = request.GET.get("q", "").strip()[:200]
    context = {
        "guide": found,
        "is_index": name == shelf.INDEX,
        "pages": shelf.pages(),
        "body": mark_safe(as_html(found.source, address)),  # noqa: S308 - as_html escapes every text of the page
        "text": text,
        "places": shelf.places_of(text),
    }
    return page(request, "site/guide.html", context)


@screen(login=False, methods=("GET", "HEAD"))
def citizens_guide(request: HttpRequest) -> HttpResponse:
    """The page of the guide that is for citizens, who have no account."""
    found = shelf.page_named(CITIZENS)
    if found is None:
        raise Http404
    body = mark_safe(as_html(found.source, address))  # noqa: S308 - as_html escapes every text of the page
    return page(request, "site/citizens_guide.html", {"guide": found, "body": body})


@screen(login=False, methods=("GET", "HEAD"))
def guide_picture(request: HttpRequest, name: str) -> FileResponse:
    """A picture of the guide; it shows imaginary data only, and citizens without an account see some."""
    path = shelf.picture_named(name)
    if path is None:
        raise Http404
    answer = FileResponse(path.open("rb"), content_type="image/png")
    answer.headers["Cache-Control"] = "private, max-age=3600"
    return answer


def address(target: str) -> str:
    """Where a link or picture of the guide leads inside the application; other addresses stay as they are."""
    if target.startswith("images/"):
        return reverse("guide_picture", args=[target.removeprefix("images/")])
    name, _dot, anchor = target.partition(".md")
    if not target.startswith(("#", "http")) and ".md" in target and "/" not in name:
        return (reverse("guide") if name == shelf.INDEX else reverse("guide_page", args=[name])) + anchor
    return target
