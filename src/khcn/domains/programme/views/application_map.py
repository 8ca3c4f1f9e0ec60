"""The map of the places where products are meant to be used or are used, with the products as table and file."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from khcn.domains.programme.choices import ProductType
from khcn.domains.programme.forms.products import ApplicationMapFilter
from khcn.domains.programme.models import Product
from khcn.domains.programme.queries.application_map import Spot, spots_of, staged_products, with_places
from khcn.domains.programme.queries.figures import STAGE_TITLES
from khcn.domains.programme.queries.saved_filters import filters_of
from khcn.kernel.places.models import AdministrativeUnit
from khcn.web.acting import actor_of
from khcn.web.charts import Area, Marker, PlaceMap
from khcn.web.listing import Export, filtered, order, paginate
from khcn.web.screens import page, screen
from khcn.web.spreadsheets.writing import CellKind, Column

STAGE_TONES = {"ordered": "draft", "contracted": "waiting", "accepted": "active", "applied": "done"}
ORDERS = {
    "code": "code",
    "name": "folded",
    "task": "task__code",
    "since": "stage_on",
}


@screen(methods=("GET", "HEAD"))
def application_map(request: HttpRequest) -> HttpResponseBase:
    """Places and products that the person may read, filtered; or the products with their places as a file."""
    actor, today = actor_of(request), timezone.localdate()
    filters = filtered(ApplicationMapFilter, request, staged_products(actor, on=today))
    found, ordering = order(filters.rows, request, ORDERS, default="code")
    export = _export([f"{chip.label}: {chip.value}" for chip in filters.chips])
    if export.asked_for(request):
        return export.respond(request, with_places(found, on=today))
    spots, total, count = spots_of(filters.rows, on=today)
    context = {
        "filters": filters, "ordering": ordering, "page": paginate(with_places(found, on=today), request, count=count),
        "map": place_map(spots, request), "spots": spots, "hidden": total - len(spots),
        "unplaced": [spot for spot in spots if spot.latitude is None or spot.longitude is None],
        "tones": STAGE_TONES, "saved": filters_of(actor, "application_map"),
    }  # fmt: skip
    return page(request, "programme/products/map.html", context)


def place_map(spots: Sequence[Spot], request: HttpRequest) -> PlaceMap:
    """The places with a position; each leads to its products under the filters that stand."""
    query = request.GET.copy()
    markers = []
    for spot in spots:
        if spot.latitude is not None and spot.longitude is not None:
            query["place"] = str(spot.place.uid)
            label = _("%(place)s (trung tâm xã)") % {"place": spot.place.name} if spot.is_centre else spot.place.name
            tone = "done" if spot.confirmed else "waiting" if spot.uses else "draft"
            address = f"{reverse('application_map')}?{query.urlencode()}"
            counts = (spot.planned, spot.uses, spot.confirmed)
            markers.append(Marker(label, spot.longitude, spot.latitude, counts, tone, address))
    headings = [_("Sản phẩm dự kiến"), _("Lượt ứng dụng"), _("Đã xác nhận")]
    return PlaceMap(_("Nơi ứng dụng kết quả"), markers, _areas(spots), headings)


def _areas(spots: Sequence[Spot]) -> list[Area]:
    """Boundaries of the places' units where they are loaded, the darker the more uses; none where they are not."""
    uses: dict[AdministrativeUnit, int] = {}
    for spot in spots:
        if spot.place.unit is not None and spot.place.unit.geometry is not None:
            uses[spot.place.unit] = uses.get(spot.place.unit, 0) + spot.uses
    most = max(uses.values(), default=0) or 1
    return [
        Area(unit.name, [(x, y) for x, y, *_z in shape.exterior.coords[:-1]], count / most)
        for unit, count in uses.items()
        for shape in getattr(unit.geometry, "geoms", [unit.geometry])
        if shape.geom_type == "Polygon"
    ]


def places_text(product: Any) -> str:
    """Where a product is used, else where it is meant to be used, in words."""
    used = dict.fromkeys(
        f"{use.user_organisation.name}, {use.place.name}" if use.place else use.user_organisation.name
        for use in product.used_at
    )
    return "; ".join(used) or (product.place.name if product.place else product.application_place)


def _export(provenance: list[str]) -> Export:
    return Export(
        _("Nơi ứng dụng"),
        _("Sản phẩm và nơi ứng dụng kết quả"),
        [
            Column(_("Mã"), width=20), Column(_("Sản phẩm"), width=50), Column(_("Loại"), width=28),
            Column(_("Lĩnh vực"), width=28), Column(_("Nhiệm vụ"), width=18), Column(_("Tổ chức chủ trì"), width=36),
            Column(_("Giai đoạn"), width=20), Column(_("Từ ngày"), CellKind.DATE),
            Column(_("Nơi ứng dụng"), width=60), Column(_("Lượt ứng dụng"), CellKind.INTEGER),
            Column(_("Đã xác nhận"), CellKind.INTEGER),
        ],
        _row,
        provenance,
    )  # fmt: skip


def _row(item: Any) -> list[object]:
    product: Product = item
    return [
        product.code, product.name, _(ProductType(product.type).label),
        product.task.field.title if product.task.field else "", product.task.code, product.task.host.name,
        _(STAGE_TITLES[item.stage]), item.stage_on, places_text(item), len(item.used_at),
        sum(use.confirmed_on is not None for use in item.used_at),
    ]  # fmt: skip
