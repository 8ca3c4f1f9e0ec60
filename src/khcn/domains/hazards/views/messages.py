"""What machines sent and the system did not take in."""

from django.http import Http404, HttpRequest, HttpResponseBase

from khcn.domains.hazards.forms.stations import RefusedMessageFilter
from khcn.domains.hazards.queries.messages import refused_messages_for
from khcn.domains.hazards.views.acting import keeping_offices, observing_offices
from khcn.web.acting import actor_of
from khcn.web.listing import Export, filtered, paginate
from khcn.web.screens import page, screen
from khcn.web.spreadsheets.writing import CellKind, Column

EXPORT = Export(
    name="Goi so lieu khong nhan",
    title="Gói số liệu không nhận",
    columns=(
        Column("Mã trạm", width=16), Column("Chủ đề", width=32), Column("Lý do", width=48),
        Column("Nội dung", width=60), Column("Lần đầu", CellKind.DATETIME), Column("Lần cuối", CellKind.DATETIME),
    ),
    row=lambda one: (
        one.station.code if one.station else "", one.topic, one.reason, one.payload, one.first_at, one.last_at,
    ),
)  # fmt: skip


@screen
def refused_message_list(request: HttpRequest) -> HttpResponseBase:
    """Refused messages of the actor's stations, as a page or a file."""
    if not (observing_offices(request).exists() or keeping_offices(request).exists()):
        raise Http404
    filters = filtered(RefusedMessageFilter, request, refused_messages_for(actor_of(request)))
    if EXPORT.asked_for(request):
        return EXPORT.respond(request, filters.rows)
    context = {"filters": filters, "page": paginate(filters.rows, request)}
    return page(request, "hazards/refused_message_list.html", context, part="list")
