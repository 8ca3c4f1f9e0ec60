"""A list's filters kept under a name, by each person for themselves or shared with everybody."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from khcn.domains.programme.models import SavedFilter
from khcn.domains.programme.services import saved_filters as services
from khcn.web.acting import actor_of
from khcn.web.listing import PAGE
from khcn.web.screens import done, screen

LISTS = {
    "proposals": "proposal_list",
    "order_lists": "order_list_list",
    "calls": "call_list",
    "applications": "application_list",
    "products": "product_list",
    "councils": "council_list",
    "issues": "issue_list",
    "application_map": "application_map",
    "reports": "report_list",
    "entries": "entry_list",
    "payment_files": "payment_file_list",
}


@screen(methods=("POST",))
def pipeline_filter_save(request: HttpRequest, name: str) -> HttpResponse:
    """Keep the filters of a list under a name; the page number is not kept."""
    if name not in LISTS:
        raise Http404
    asked = "&".join(
        part
        for part in request.POST.get("query", "").split("&")
        if not part.endswith("=") and part.split("=")[0] != PAGE
    )
    kept = services.save_filter(
        by=actor_of(request), page=name, name=request.POST.get("name", ""), query=asked,
        is_shared=request.POST.get("is_shared") == "on",
    )  # fmt: skip
    message = _("Đã lưu bộ lọc “%(name)s”.") % {"name": kept.name}
    return done(request, message, f"{reverse(LISTS[name])}?{kept.query}")


@screen(methods=("POST",))
def pipeline_filter_drop(request: HttpRequest, uid: str) -> HttpResponse:
    """Forget one of one's own filters."""
    kept = get_object_or_404(SavedFilter, uid=uid, page__in=LISTS)
    services.forget_filter(by=actor_of(request), saved=kept)
    return done(request, _("Đã bỏ bộ lọc."), reverse(LISTS[kept.page]))
