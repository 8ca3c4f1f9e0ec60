"""What everybody may read without an account: the register of rights, and one right with its map."""

from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone

from khcn.domains.marks.choices import UseState
from khcn.domains.marks.forms.filters import RightFilter
from khcn.domains.marks.permissions import visible_rights
from khcn.domains.marks.queries.register import documents_of, map_of, right_on
from khcn.domains.marks.views.rights import EXPORT
from khcn.web.listing import filtered, paginate
from khcn.web.screens import page, screen


@screen(login=False, methods=("GET", "HEAD"))
def public_marks(request: HttpRequest) -> HttpResponseBase:
    """Open rights, as a page or a file."""
    rows = visible_rights(None).prefetch_related("parties").order_by("name", "id")
    filters = filtered(RightFilter, request, rows)
    if EXPORT.asked_for(request):
        return EXPORT.respond(request, filters.rows)
    return page(request, "marks/public_list.html", {"filters": filters, "page": paginate(filters.rows, request)})


@screen(login=False, methods=("GET", "HEAD"))
def public_mark(request: HttpRequest, code: str) -> HttpResponseBase:
    """One open right: who holds it, what its goods must be, and where its area is."""
    right = visible_rights(None).filter(code=code).first()
    if right is None:
        raise Http404
    today = timezone.localdate()
    now = right_on(right, today)
    members = right.uses.filter(state=UseState.GRANTED, valid_to__gt=today)
    context = {
        "right": right, "now": now, "map": map_of(now.area, today), "classes": right.classes.all(),
        "page": paginate(members.order_by("holder", "id"), request),
        "products": right.products.filter(is_active=True),
        "parameters": now.specification.parameters.select_related("product") if now.specification else (),
        "documents": documents_of(right, only_public=True),
    }  # fmt: skip
    return page(request, "marks/public_mark.html", context)
