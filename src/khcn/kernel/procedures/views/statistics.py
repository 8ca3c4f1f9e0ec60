"""How procedures keep their times: tallies of cases, and of each step."""

from datetime import timedelta

import django_filters
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khcn.kernel.procedures.models import Case
from khcn.kernel.procedures.queries import case_tally, cases_visible_to, step_tallies
from khcn.web.acting import actor_of
from khcn.web.listing import Export, filtered
from khcn.web.screens import page, screen
from khcn.web.spreadsheets.writing import CellKind, Column

DAYS = 365
FILE = Export(
    name="thong-ke-quy-trinh",
    title="THỐNG KÊ CÁC BƯỚC",
    columns=[
        Column("Quy trình"), Column("Bước"), *(Column(title, CellKind.INTEGER) for title in (
            "Đã xong", "Đúng hạn", "Trả lại", "Đang làm", "Đang quá hạn")),
    ],
    row=lambda row: (row.procedure_code, row.name, row.done, row.in_time, row.returned, row.open, row.open_late),
)  # fmt: skip


class StatisticsFilter(django_filters.FilterSet):
    """By procedure and time of receipt."""

    quy_trinh = django_filters.CharFilter(
        field_name="version_pinned__procedure__code", lookup_expr="icontains", label=_("Mã quy trình")
    )
    ngay = django_filters.ChoiceFilter(
        method="by_days", label=_("Nhận trong"), empty_label=_("Một năm"),
        choices=[("30", _("30 ngày")), ("90", _("90 ngày"))],
    )  # fmt: skip

    class Meta:
        model = Case
        fields: list[str] = []

    def by_days(self, rows, name, value):  # type: ignore[no-untyped-def]
        """Received in the last days."""
        return rows.filter(received_at__gte=timezone.now() - timedelta(days=int(value)))


@screen(methods=("GET", "HEAD"))
def procedure_statistics(request: HttpRequest) -> HttpResponseBase:
    """`/quy-trinh/thong-ke/`: cases of the last year that I may read."""
    now = timezone.now()
    rows = cases_visible_to(actor_of(request)).filter(received_at__gte=now - timedelta(days=DAYS))
    filters = filtered(StatisticsFilter, request, rows)
    steps = step_tallies(filters.rows, now=now)
    if FILE.asked_for(request):
        return FILE.respond(request, steps)
    context = {"filters": filters, "tally": case_tally(filters.rows, now=now), "steps": steps}
    return page(request, "procedures/statistics.html", context, part="rows")
