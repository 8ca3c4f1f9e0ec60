"""Lots: list, page, labels, papers, and the trace as picture, timeline, table and files."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from khcn.domains.traceability.forms.filters import LotFilter
from khcn.domains.traceability.forms.goods import EvidenceForm, LabelForm
from khcn.domains.traceability.models import Lot
from khcn.domains.traceability.permissions import READS_ALL, is_officer, may_keep, visible_lots
from khcn.domains.traceability.queries.graphs import Picture, events_of, picture_of
from khcn.domains.traceability.queries.lots import completeness_of, evidence_of, lots_named, open_recalls, stages_of
from khcn.domains.traceability.rules.field_forms import document_of
from khcn.domains.traceability.rules.label_sheet import Label, qr_svg, render_labels
from khcn.domains.traceability.rules.story_map import story_map
from khcn.domains.traceability.rules.trace_sheet import Sheet, render_trace
from khcn.domains.traceability.services.goods import add_evidence, make_labels
from khcn.web.acting import actor_of, one_of
from khcn.web.listing import Export, filtered, order, paginate
from khcn.web.screens import done, page, screen
from khcn.web.spreadsheets.writing import CellKind, Column
from khcn.web.uploads import PDF, download_response

DIRECTIONS = {"back": "nguồn gốc", "forward": "đi tới", "start": "lô này"}
LOTS = Export(
    name="Lo hang", title="Lô hàng",
    columns=(Column("Số lô", width=22), Column("Sản phẩm", width=40), Column("Cơ sở", width=36),
             Column("Ngày tạo lô", CellKind.DATE), Column("Khối lượng, kg", CellKind.DECIMAL),
             Column("Mã truy vết", width=60)),
    row=lambda one: (one.code, one.product.name, one.product.party.name, one.made_on, one.quantity_kg, one.uri),
)  # fmt: skip
THINGS = Export(
    name="Truy vet lo hang", title="Truy vết lô hàng",
    columns=(Column("Mã truy vết", width=60), Column("Tên", width=50), Column("Cơ sở", width=36),
             Column("Khối lượng, kg", width=14), Column("Hướng", width=12), Column("Chắc chắn", width=10),
             Column("Tỷ lệ khối lượng", width=14)),
    row=lambda node: (node.uri, node.name, node.party, node.kg, DIRECTIONS[node.direction],
                      "có" if node.is_certain else "có thể", "" if node.share is None else f"{node.share:.4f}"),
)  # fmt: skip


def lot_of(request: HttpRequest, uid: str) -> Lot:
    """The lot, if the actor sees it; else it is not found."""
    return one_of(visible_lots(actor_of(request)).select_related("product__party__commune", "site__commune"), uid=uid)


def link_of(request: HttpRequest, lot: Lot, serial: str = "") -> str:
    """Where the QR of a lot leads: its Digital Link at this house, or its own page for a local code."""
    if lot.product.gtin:
        path = f"/01/{lot.product.gtin}/10/{lot.code}" + (f"/21/{serial}" if serial else "")
    else:
        path = reverse("trace_goods", args=[lot.uid]) + (f"?tem={serial}" if serial else "")
    return request.build_absolute_uri(path)


@screen
def lot_list(request: HttpRequest) -> HttpResponseBase:
    """Lots that the actor's parties made or held."""
    filters = filtered(LotFilter, request, visible_lots(actor_of(request)).filter(withdrawn=False))
    orders = {"made": "made_on", "code": "code", "product": "product__name"}
    found, ordering = order(filters.rows, request, orders, default="-made")
    if LOTS.asked_for(request):
        return LOTS.respond(request, found)
    context = {"filters": filters, "ordering": ordering, "page": paginate(found, request)}
    return page(request, "traceability/lot_list.html", context, part="list")


@screen
def lot_page(request: HttpRequest, uid: str) -> HttpResponseBase:
    """One lot: what is known, what is missing, where it is, its papers and labels."""
    lot, actor, today = lot_of(request, uid), actor_of(request), timezone.localdate()
    picture = picture_of(lot, _seen(request))
    lots = list(lots_named(node.uri for node in picture.nodes if node.direction != "forward").values())
    stages = stages_of(lots)
    context = {
        "lot": lot, "stages": stages, "completeness": completeness_of(lot, stages, today),
        "evidence": evidence_of([lot], today), "recalls": open_recalls(lot), "link": link_of(request, lot),
        "holdings": lot.holdings.select_related("party").exclude(kg=0, coming_kg=0),
        "batches": lot.label_batches.all()[:10], "may_keep": may_keep(actor, lot.product.party),
        "may_recall": may_keep(actor, lot.product.party) or is_officer(actor),
    }  # fmt: skip
    return page(request, "traceability/lot_page.html", context)


@screen(methods=("GET", "HEAD"))
def lot_qr(request: HttpRequest, uid: str) -> HttpResponseBase:
    """The QR of a lot as SVG."""
    svg = qr_svg(link_of(request, lot_of(request, uid)))
    return HttpResponse(svg, content_type="image/svg+xml", headers={"Content-Security-Policy": "default-src 'none'"})


@screen
def lot_labels(request: HttpRequest, uid: str) -> HttpResponseBase:
    """Print labels: the form, then the sheet as a PDF."""
    lot = lot_of(request, uid)
    form = LabelForm(request.POST or None)
    if form.is_valid():
        with form.refusals():
            count = form.cleaned_data["count"]
            serials = [""] * count
            if form.cleaned_data["numbered"]:
                _batch, serials = make_labels(by=actor_of(request), lot=lot, count=count, on=timezone.localdate())
            labels = [_label(request, lot, serial) for serial in serials[:1000]]
            return download_response(render_labels(labels), f"tem-{lot.code}.pdf", media_type=PDF.media_type)
    context = {"form": form, "label": _("In tem"), "back": reverse("trace_lot", args=[uid]), "subject": lot}
    return page(request, "traceability/form.html", context, status=form.status)


def _label(request: HttpRequest, lot: Lot, serial: str) -> Label:
    dates = f"NSX {lot.made_on:%d/%m/%Y}" + (f" – HSD {lot.expires_on:%d/%m/%Y}" if lot.expires_on else "")
    return Label(link_of(request, lot, serial), lot.product.name, lot.code, dates, serial)


@screen
def evidence_new(request: HttpRequest, uid: str) -> HttpResponseBase:
    """Add a test report or certificate."""
    lot, back = lot_of(request, uid), reverse("trace_lot", args=[uid])
    form = EvidenceForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        with form.refusals():
            add_evidence(by=actor_of(request), **form.values(lot))
            return done(request, _("Đã thêm giấy."), back)
    context = {"form": form, "label": _("Thêm giấy kiểm nghiệm, chứng nhận"), "back": back, "subject": lot}
    return page(request, "traceability/form.html", context, status=form.status)


def _seen(request: HttpRequest) -> set[int] | None:
    actor = actor_of(request)
    if actor.is_system or actor.holds(*READS_ALL):
        return None
    return set(visible_lots(actor).values_list("pk", flat=True))


@screen
def lot_trace(request: HttpRequest, uid: str) -> HttpResponseBase:
    """The trace both ways: picture, timeline, table; as EPCIS, CSV, Excel and PDF."""
    lot = lot_of(request, uid)
    picture = picture_of(lot, _seen(request))
    asked = request.GET.get("tai", "")
    if asked == "epcis":
        raw = document_of(events_of([node.uri for node in picture.nodes]), timezone.now())
        return download_response(raw, f"truy-vet-{lot.code}.jsonld", media_type="application/ld+json")
    if asked == "pdf":
        return download_response(
            render_trace(_sheet(lot, picture)), f"truy-vet-{lot.code}.pdf", media_type=PDF.media_type
        )
    if THINGS.asked_for(request):
        return THINGS.respond(request, picture.nodes)
    known = lots_named(node.uri for node in picture.nodes)
    stages = stages_of(list(known.values()))
    places = [
        (one.where, one.latitude, one.longitude) for one in stages
        if one.latitude is not None and one.longitude is not None
    ]  # fmt: skip
    context = {
        "lot": lot, "picture": picture, "stages": stages, "directions": DIRECTIONS, "map": story_map(places),
        "may_keep": may_keep(actor_of(request), lot.product.party),
    }  # fmt: skip
    return page(request, "traceability/lot_trace.html", context)


def _sheet(lot: Lot, picture: Picture) -> Sheet:
    rows = [
        (DIRECTIONS[node.direction], node.name, node.party, node.kg, "có" if node.is_certain else "có thể")
        for node in picture.nodes
    ]
    facts: list[tuple[str, Any]] = [
        ("Sản phẩm", lot.product.name), ("Số lô", lot.code), ("Cơ sở", lot.product.party.name),
        ("Ngày tạo lô", f"{lot.made_on:%d/%m/%Y}"), ("Mã truy vết", lot.uri),
        ("Xuất lúc", f"{timezone.localtime():%H:%M %d/%m/%Y}"),
    ]  # fmt: skip
    return Sheet(facts=facts, rows=rows)
