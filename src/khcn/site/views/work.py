"""Everything with a legal time that waits for me, in one list."""

from datetime import timedelta

import django_filters
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khcn.kernel.procedures.models import Clock
from khcn.kernel.procedures.queries import clocks_waiting_for
from khcn.web.acting import actor_of
from khcn.web.listing import Export, filtered, paginate
from khcn.web.screens import page, screen
from khcn.web.spreadsheets.writing import CellKind, Column

FILE = Export(
    name="viec-theo-han",
    title="VIỆC THEO HẠN",
    columns=[
        Column("Việc phải làm"),
        Column("Về"),
        Column("Căn cứ"),
        Column("Bắt đầu", CellKind.DATE),
        Column("Hạn", CellKind.DATE),
    ],
    row=lambda clock: (clock.title, clock.subject_label, clock.citation, clock.started_on, clock.due_on),
)


class WorkFilter(django_filters.FilterSet):
    """By words and by how near the due date is."""

    q = django_filters.CharFilter(method="by_words", label=_("Tìm theo việc, mã, tên"))
    han = django_filters.ChoiceFilter(
        method="by_due",
        label=_("Hạn"),
        choices=[("qua", _("Đã quá hạn")), ("7", _("Trong 7 ngày tới")), ("30", _("Trong 30 ngày tới"))],
        empty_label=_("Tất cả"),
    )

    class Meta:
        model = Clock
        fields: list[str] = []

    def by_words(self, rows, name, value):  # type: ignore[no-untyped-def]
        """The text in the duty or in what it is about."""
        return rows.filter(title__icontains=value.strip()) | rows.filter(subject_label__icontains=value.strip())

    def by_due(self, rows, name, value):  # type: ignore[no-untyped-def]
        """Past due, or due within the days."""
        today = timezone.localdate()
        if value == "qua":
            return rows.filter(due_on__lt=today)
        return rows.filter(due_on__gte=today, due_on__lte=today + timedelta(days=int(value)))


@screen(methods=("GET", "HEAD"))
def work_list(request: HttpRequest) -> HttpResponseBase:
    """`/viec/`: running clocks of my roles and units, soonest due first."""
    filters = filtered(WorkFilter, request, clocks_waiting_for(actor_of(request)))
    if FILE.asked_for(request):
        return FILE.respond(request, filters.rows)
    context = {"filters": filters, "page": paginate(filters.rows, request), "today": timezone.localdate()}
    return page(request, "site/work.html", context, part="list")
