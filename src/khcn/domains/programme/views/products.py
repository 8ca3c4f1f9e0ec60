"""The list of all products of all tasks: what was ordered, what came of it, where it is used."""

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from khcn.domains.programme.choices import Grade, ProductType, Purpose, Sector
from khcn.domains.programme.forms.products import ProductFilter
from khcn.domains.programme.models import Product
from khcn.domains.programme.permissions import visible_products
from khcn.domains.programme.queries.saved_filters import filters_of
from khcn.domains.programme.queries.uptake import with_uses
from khcn.web.acting import actor_of
from khcn.web.listing import Export, filtered, order, paginate
from khcn.web.screens import page, screen
from khcn.web.spreadsheets.writing import CellKind, Column

ORDERS = {
    "code": "code",
    "name": "name",
    "task": "task__code",
    "grade": ("grade", "graded_on"),
    "uses": "uses",
}


@screen(methods=("GET", "HEAD"))
def product_list(request: HttpRequest) -> HttpResponseBase:
    """Products of the tasks that the person may read, filtered, ordered, paged; or the same rows as a file."""
    actor = actor_of(request)
    rows = with_uses(visible_products(actor).select_related("task__host"))
    filters = filtered(ProductFilter, request, rows)
    found, ordering = order(filters.rows, request, ORDERS, default="code")
    export = _export([f"{chip.label}: {chip.value}" for chip in filters.chips])
    if export.asked_for(request):
        return export.respond(request, found)
    context = {
        "filters": filters, "ordering": ordering, "page": paginate(found, request),
        "saved": filters_of(actor, "products"),
    }  # fmt: skip
    return page(request, "programme/products/list.html", context, part="list")


def _export(provenance: list[str]) -> Export:
    return Export(
        _("Sản phẩm"),
        _("Danh sách sản phẩm của nhiệm vụ khoa học và công nghệ"),
        [
            Column(_("Mã"), width=20), Column(_("Sản phẩm"), width=50), Column(_("Loại"), width=28),
            Column(_("Phục vụ"), width=28), Column(_("Ngành"), width=24), Column(_("Nhiệm vụ"), width=18),
            Column(_("Tổ chức chủ trì"), width=36), Column(_("Đặt hàng"), CellKind.DECIMAL),
            Column(_("Đạt"), CellKind.DECIMAL), Column(_("Đơn vị tính"), width=14), Column(_("Kết quả"), width=16),
            Column(_("Nghiệm thu ngày"), CellKind.DATE), Column(_("Số nơi ứng dụng đã xác nhận"), CellKind.INTEGER),
        ],
        _row,
        provenance,
    )  # fmt: skip


def _row(item: Product) -> list[object]:
    return [
        item.code, item.name, _(ProductType(item.type).label), _(Purpose(item.purpose).label),
        _(Sector(item.sector).label), item.task.code, item.task.host.name, item.ordered_quantity,
        item.delivered_quantity, item.unit, _(Grade(item.grade).label) if item.grade else "", item.graded_on,
        getattr(item, "uses", 0),
    ]  # fmt: skip
