"""Master data: parties, places, products – lists, pages, forms; and the templates of records."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from khcn.domains.traceability.choices import PartyKind
from khcn.domains.traceability.forms.filters import PartyFilter, ProductFilter, SiteFilter
from khcn.domains.traceability.forms.masters import PartyForm, ProductForm, SiteForm, TemplateForm
from khcn.domains.traceability.models import FormTemplate, Party, Product, Site
from khcn.domains.traceability.permissions import (
    acts_for,
    is_officer,
    may_keep,
    own_parties,
    visible_parties,
    visible_products,
    visible_sites,
)
from khcn.domains.traceability.queries.parameters import templates_on
from khcn.domains.traceability.services import parties as services
from khcn.domains.traceability.services.templates import change_template
from khcn.domains.traceability.views.acting import kept_bytes
from khcn.web.acting import actor_of, one_of
from khcn.web.listing import Export, filtered, order, paginate
from khcn.web.screens import done, page, screen, version_of
from khcn.web.spreadsheets.writing import CellKind, Column
from khcn.web.uploads import download_response

PARTIES = Export(
    name="Co so truy xuat", title="Cơ sở tham gia truy xuất nguồn gốc",
    columns=(Column("Mã cơ sở", width=14), Column("Tên cơ sở", width=40), Column("Loại cơ sở", width=24),
             Column("GLN", width=16), Column("Địa chỉ", width=40)),
    row=lambda one: (one.code, one.name, one.get_kind_display(), one.gln, one.address),
)  # fmt: skip
SITES = Export(
    name="Vung trong dia diem", title="Vùng trồng, địa điểm",
    columns=(Column("Cơ sở", width=36), Column("Số, ký hiệu", width=12), Column("Tên gọi", width=30),
             Column("Loại địa điểm", width=18), Column("Diện tích, ha", CellKind.DECIMAL),
             Column("Xã, phường", width=24)),
    row=lambda one: (one.party.name, one.code, one.name, one.get_kind_display(), one.area_ha, str(one.commune or "")),
)  # fmt: skip
PRODUCTS = Export(
    name="San pham truy xuat", title="Sản phẩm truy xuất nguồn gốc",
    columns=(Column("Cơ sở", width=36), Column("Mã riêng", width=12), Column("Mã vạch (GTIN)", width=18),
             Column("Tên sản phẩm", width=40), Column("Ngành hàng", width=14), Column("Quy cách", width=18)),
    row=lambda one: (one.party.name, one.code, one.gtin, one.name, one.get_sector_display(), one.packing),
)  # fmt: skip


def _list(
    request: HttpRequest, rows: Any, filterset: Any, orders: Any, default: str, export: Export, name: str, **more: Any
) -> Any:
    filters = filtered(filterset, request, rows)
    found, ordering = order(filters.rows, request, orders, default=default)
    if export.asked_for(request):
        return export.respond(request, found)
    context = {"filters": filters, "ordering": ordering, "page": paginate(found, request), **more}
    return page(request, f"traceability/{name}.html", context, part="list")


@screen
def party_list(request: HttpRequest) -> HttpResponseBase:
    """Parties that the actor sees."""
    actor = actor_of(request)
    rows = visible_parties(actor).select_related("commune", "head")
    may_add = is_officer(actor) or own_parties(actor).exists()
    return _list(
        request, rows, PartyFilter, {"name": "name", "code": "code"}, "name", PARTIES, "party_list", may_add=may_add
    )


@screen
def party_page(request: HttpRequest, code: str) -> HttpResponseBase:
    """One party with its places, products and latest records."""
    actor = actor_of(request)
    party = one_of(visible_parties(actor).select_related("commune", "head", "organisation"), code=code)
    context = {
        "party": party, "sites": party.sites.select_related("commune"), "products": party.products.all(),
        "members": party.members.all()[:50], "records": party.records.select_related("template")[:10],
        "may_keep": may_keep(actor, party), "may_write": acts_for(actor, party),
    }  # fmt: skip
    return page(request, "traceability/party_page.html", context)


def _party_form(request: HttpRequest, party: Party | None = None) -> PartyForm:
    actor = actor_of(request)
    heads = visible_parties(actor).filter(head=None, kind__in=[str(PartyKind.COOPERATIVE), str(PartyKind.COLLECTOR)])
    return PartyForm(request.POST or None, on=timezone.localdate(), heads=heads, officer=is_officer(actor), party=party)


@screen
def party_new(request: HttpRequest) -> HttpResponseBase:
    """Register a party."""
    form = _party_form(request)
    if form.is_valid():
        with form.refusals():
            party = services.register_party(by=actor_of(request), **form.cleaned_data)
            return done(request, _("Đã lập cơ sở."), reverse("trace_party", args=[party.code]))
    context = {"form": form, "label": _("Lập cơ sở"), "back": reverse("trace_party_list")}
    return page(request, "traceability/form.html", context, status=form.status)


@screen
def party_edit(request: HttpRequest, code: str) -> HttpResponseBase:
    """Correct a party."""
    party = one_of(visible_parties(actor_of(request)), code=code)
    form, back = _party_form(request, party), reverse("trace_party", args=[code])
    if form.is_valid():
        with form.refusals():
            services.change_party(
                by=actor_of(request), party=party, changes=form.cleaned_data, expected_version=version_of(request)
            )
            return done(request, _("Đã sửa cơ sở."), back)
    context = {"form": form, "label": _("Sửa cơ sở"), "back": back, "version": party.version}
    return page(request, "traceability/form.html", context, status=form.status)


@screen
def site_list(request: HttpRequest) -> HttpResponseBase:
    """Places of the parties that the actor sees."""
    orders = {"party": ("party__name", "code"), "name": "name", "area": "area_ha"}
    return _list(request, visible_sites(actor_of(request)), SiteFilter, orders, "party", SITES, "site_list")


@screen
def site_new(request: HttpRequest, code: str) -> HttpResponseBase:
    """Register a place of a party."""
    party = one_of(visible_parties(actor_of(request)), code=code)
    form, back = SiteForm(request.POST or None, on=timezone.localdate()), reverse("trace_party", args=[code])
    if form.is_valid():
        with form.refusals():
            services.register_site(by=actor_of(request), party=party, **form.cleaned_data)
            return done(request, _("Đã thêm địa điểm."), back)
    context = {"form": form, "label": _("Thêm địa điểm"), "back": back, "subject": party}
    return page(request, "traceability/form.html", context, status=form.status)


@screen
def site_edit(request: HttpRequest, uid: str) -> HttpResponseBase:
    """Correct a place."""
    site: Site = one_of(visible_sites(actor_of(request)), uid=uid)
    form = SiteForm(request.POST or None, on=timezone.localdate(), site=site)
    back = reverse("trace_party", args=[site.party.code])
    if form.is_valid():
        with form.refusals():
            services.change_site(
                by=actor_of(request), site=site, changes=form.cleaned_data, expected_version=version_of(request)
            )
            return done(request, _("Đã sửa địa điểm."), back)
    context = {"form": form, "label": _("Sửa địa điểm"), "back": back, "subject": site, "version": site.version}
    return page(request, "traceability/form.html", context, status=form.status)


@screen
def product_list(request: HttpRequest) -> HttpResponseBase:
    """Products of the parties that the actor sees."""
    orders = {"name": "name", "party": ("party__name", "name")}
    return _list(request, visible_products(actor_of(request)), ProductFilter, orders, "name", PRODUCTS, "product_list")


def _picture(form: ProductForm) -> bytes:
    sent = form.cleaned_data.pop("image", None)
    return sent.read() if sent else b""


@screen
def product_new(request: HttpRequest, code: str) -> HttpResponseBase:
    """Register a product of a party."""
    party = one_of(visible_parties(actor_of(request)), code=code)
    form = ProductForm(request.POST or None, request.FILES or None)
    back = reverse("trace_party", args=[code])
    if form.is_valid():
        with form.refusals():
            image = _picture(form)
            services.register_product(by=actor_of(request), party=party, image=image, **form.cleaned_data)
            return done(request, _("Đã thêm sản phẩm."), back)
    context = {"form": form, "label": _("Thêm sản phẩm"), "back": back, "subject": party}
    return page(request, "traceability/form.html", context, status=form.status)


@screen
def product_edit(request: HttpRequest, uid: str) -> HttpResponseBase:
    """Correct a product."""
    product: Product = one_of(visible_products(actor_of(request)), uid=uid)
    form = ProductForm(request.POST or None, request.FILES or None, product=product)
    back = reverse("trace_party", args=[product.party.code])
    if form.is_valid():
        with form.refusals():
            image = _picture(form)
            services.change_product(
                by=actor_of(request), product=product, changes=form.cleaned_data, image=image,
                expected_version=version_of(request),
            )  # fmt: skip
            return done(request, _("Đã sửa sản phẩm."), back)
    context = {"form": form, "label": _("Sửa sản phẩm"), "back": back, "subject": product, "version": product.version}
    return page(request, "traceability/form.html", context, status=form.status)


@screen(login=False, methods=("GET", "HEAD"))
def product_image(request: HttpRequest, uid: str) -> HttpResponseBase:
    """The picture of a product; it is on the goods, so it is public."""
    product = Product.objects.filter(uid=uid).select_related("image").first()
    if product is None or product.image is None:
        raise Http404
    response = download_response(
        kept_bytes(product.image), "san-pham", media_type=product.image.media_type, inline=True
    )
    response["Cache-Control"] = "public, max-age=86400"
    return response


@screen
def template_list(request: HttpRequest) -> HttpResponseBase:
    """Templates in force, by trade."""
    context = {"templates": templates_on(timezone.localdate()), "may_change": is_officer(actor_of(request))}
    return page(request, "traceability/template_list.html", context)


@screen
def template_edit(request: HttpRequest, uid: str) -> HttpResponseBase:
    """Change a template from a day on."""
    template: FormTemplate = one_of(FormTemplate.objects.all(), uid=uid)
    form, back = TemplateForm(request.POST or None, template=template), reverse("trace_template_list")
    if form.is_valid():
        with form.refusals():
            change_template(
                by=actor_of(request), template=template, valid_from=form.cleaned_data["valid_from"],
                changes=form.changes(), expected_version=version_of(request),
            )  # fmt: skip
            return done(request, _("Đã lưu mẫu mới; bản cũ dùng đến hết ngày trước đó."), back)
    context = {"form": form, "label": _("Sửa mẫu ghi"), "back": back, "subject": template, "version": template.version}
    return page(request, "traceability/form.html", context, status=form.status)
