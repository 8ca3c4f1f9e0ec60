"""The ledger as a list: every entry of every task, filtered, ordered, paged, or as a file. It is never edited here."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from khcn.domains.programme.choices import FundingSourceKind, LedgerEntryKind
from khcn.domains.programme.forms.ledger import LedgerFilter
from khcn.domains.programme.models import LedgerEntry
from khcn.domains.programme.queries.money import count_and_sum
from khcn.domains.programme.queries.saved_filters import filters_of
from khcn.domains.programme.views.money import READERS
from khcn.kernel.orgs.permissions import require_role
from khcn.web.acting import actor_of
from khcn.web.listing import Export, filtered, order, paginate
from khcn.web.screens import page, screen
from khcn.web.spreadsheets.writing import CellKind, Column

ORDERS = {
    "on": "on",
    "task": "task__code",
    "kind": "kind",
    "source": ("source", "year"),
    "amount": "amount_vnd",
}


@screen(methods=("GET", "HEAD"))
def entry_list(request: HttpRequest) -> HttpResponseBase:
    """Entries of the ledger, the latest first, with their signed sum when one kind is chosen."""
    actor = actor_of(request)
    require_role(actor, *READERS)
    filters = filtered(LedgerFilter, request, LedgerEntry.objects.select_related("task__host", "reverses"))
    found, ordering = order(filters.rows, request, ORDERS, default="-on")
    export = _export([f"{chip.label}: {chip.value}" for chip in filters.chips])
    if export.asked_for(request):
        return export.respond(request, found)
    has_kind = bool(filters.form.cleaned_data.get("kind"))  # sums of different kinds say nothing
    count, total = count_and_sum(filters.rows.order_by()) if has_kind else (None, None)
    context = {
        "filters": filters, "ordering": ordering, "page": paginate(found, request, count=count),
        "total": total,
        "saved": filters_of(actor, "entries"),
    }  # fmt: skip
    return page(request, "programme/money/entries.html", context, part="list")


def _export(provenance: list[str]) -> Export:
    return Export(
        _("Sổ kinh phí"),
        _("Các bút toán của sổ kinh phí"),
        [
            Column(_("Ngày"), CellKind.DATE), Column(_("Nhiệm vụ"), width=18), Column(_("Tên nhiệm vụ"), width=50),
            Column(_("Tổ chức chủ trì"), width=36), Column(_("Nghiệp vụ"), width=24), Column(_("Nguồn"), width=36),
            Column(_("Năm ngân sách"), CellKind.INTEGER), Column(_("Chứng từ"), width=20),
            Column(_("Số tiền (đồng)"), CellKind.DONG), Column(_("Diễn giải"), width=40),
        ],
        _row,
        provenance,
    )  # fmt: skip


def _row(entry: Any) -> list[object]:
    task = entry.task
    return [
        entry.on, task.code, _("(nhiệm vụ mật)") if task.is_secret else task.title, task.host.name,
        _(LedgerEntryKind(entry.kind).label), _(FundingSourceKind(entry.source).label), entry.year,
        entry.document_number, -entry.amount_vnd if entry.reverses_id else entry.amount_vnd, entry.note,
    ]  # fmt: skip
