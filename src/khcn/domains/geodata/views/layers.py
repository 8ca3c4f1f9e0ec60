"""The catalogue of layers, one layer with its map and table, files out, and how it is kept."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from khcn.domains.geodata.choices import LayerChangeKind, LayerChangeState, LayerImportState
from khcn.domains.geodata.forms.filters import LayerFilter, object_filter
from khcn.domains.geodata.forms.layers import LayerEditForm, LayerNewForm, RuleForm, ShareForm, StyleForm
from khcn.domains.geodata.models import Layer, LayerShare, TopologyRule
from khcn.domains.geodata.permissions import may_approve, may_edit, may_keep, visible_layers
from khcn.domains.geodata.queries.exports import FORMATS, export_layer
from khcn.domains.geodata.queries.features import states, versions_of
from khcn.domains.geodata.queries.items import raw_rows
from khcn.domains.geodata.queries.prints import SHEETS, Sheet, legend_of, print_layer
from khcn.domains.geodata.rules.styles import PALETTE
from khcn.domains.geodata.services import layers
from khcn.domains.geodata.views.acting import look_of, map_of, view_for
from khcn.kernel.orgs.models import Organisation
from khcn.kernel.orgs.queries import organisations_on
from khcn.lib.text import slug
from khcn.standards.coordinate_systems import SYSTEMS
from khcn.web.acting import actor_of, day_of
from khcn.web.fields import state_mark
from khcn.web.listing import Export, filtered, order, paginate
from khcn.web.screens import done, page, screen, version_of
from khcn.web.spreadsheets.writing import CellKind, Column
from khcn.web.uploads import download_response

MOST_FILTERED_ON_MAP = 2_000
MOST_PRINTED = 20_000
EXPORT = Export(
    name="Lop du lieu ban do",
    title="Danh mục lớp dữ liệu bản đồ",
    columns=(
        Column("Khóa", width=24), Column("Tên", width=44), Column("Cơ quan quản lý", width=36),
        Column("Dùng làm", width=22), Column("Mức truy cập", width=26), Column("Số đối tượng", CellKind.INTEGER),
        Column("Phiên bản dữ liệu", CellKind.INTEGER), Column("Căn cứ", width=50),
    ),
    row=lambda one: (
        one.key, one.title, one.owner.name, one.get_kind_display(), one.get_access_display(), one.object_count,
        one.version_number, one.legal_basis,
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One object in the table: code, title, the values shown."""

    code: str
    title: str
    cells: tuple[Any, ...]


@screen
def layer_list(request: HttpRequest) -> HttpResponseBase:
    """Layers that the actor may read, as a page or a file."""
    actor = actor_of(request)
    rows = visible_layers(actor).select_related("owner")
    filters = filtered(LayerFilter, request, rows)
    orders = {"title": "title", "owner": "owner__sort_key", "count": "object_count", "updated": "updated_at"}
    found, ordering = order(filters.rows, request, orders, default="title")
    if EXPORT.asked_for(request):
        return EXPORT.respond(request, found)
    context = {
        "filters": filters, "ordering": ordering, "page": paginate(found, request),
        "may_create": _owners(request).exists(), "ogc": request.build_absolute_uri(reverse("ogc_landing")),
    }  # fmt: skip
    return page(request, "geodata/layer_list.html", context, part="list")


@screen
def layer_page(request: HttpRequest, key: str) -> HttpResponseBase:
    """A layer on a day: the map, the table beside it, filters, and the files out."""
    view, actor, on = view_for(request, key), actor_of(request), day_of(request)
    layer = view.layer
    rows = states(view, on=on).defer("geometry")
    filters = filtered(object_filter(view), request, rows)
    found, ordering = order(
        filters.rows, request, {"code": "code", "title": "title", "area": "area_m2"}, default="code"
    )
    wanted = request.GET.get("xuat", "")
    if wanted:
        return _file(request, view, filters.rows, wanted)
    shown = paginate(found, request)
    fields = [field for field in view.fields if field.name != layer.title_field][:4]
    lines = [
        Line(one.code, one.title, tuple((field.heading, one.properties.get(field.name)) for field in fields))
        for one in shown
    ]
    codes = None
    if filters.active:
        codes = list(filters.rows.order_by("code").values_list("code", flat=True)[:MOST_FILTERED_ON_MAP])
    context = {
        "layer": layer, "view": view, "filters": filters, "ordering": ordering, "page": shown, "lines": lines,
        "fields": fields, "on": on, "is_today": on == timezone.localdate(),
        "map": map_of(view, on=on, codes=codes), "legend": legend_of(view, look_of(layer)), "formats": FORMATS,
        "systems": [SYSTEMS[code] for code in dict.fromkeys((layer.entry_epsg, 9212, 5899, 3405, 4326))],
        "may_edit": may_edit(actor, layer), "may_keep": may_keep(actor, layer.owner_id), "papers": list(SHEETS),
        "versions": versions_of(layer)[:5], "kind_add": LayerChangeKind.ADD, "query": _query(request),
        "waiting": layer.proposals.filter(
            state__in=[LayerChangeState.PROPOSED, LayerChangeState.CHECKED, LayerChangeState.APPROVED]
        ).count() if view.clearance == "restricted" else 0,
        "imports": layer.imports.filter(state=LayerImportState.PREPARED) if view.clearance == "restricted" else (),
        "rules": layer.rules.select_related("other"),
    }  # fmt: skip
    return page(request, "geodata/layer_page.html", context, part="list")


@screen(methods=("GET", "HEAD"))
def layer_print(request: HttpRequest, key: str, paper: str) -> HttpResponseBase:
    """The layer on a day and under the filters, as a PDF on A4 or A3."""
    view, on = view_for(request, key), day_of(request)
    filters = filtered(object_filter(view), request, states(view, on=on))
    rows = list(raw_rows(filters.rows.order_by("code"))[:MOST_PRINTED])
    sheet = Sheet(
        title=view.layer.title, subtitle=view.layer.owner.name, legend_title=_("Chú giải"), scale_word=_("Tỷ lệ"),
        north_word=_("Bắc"),
        notes=(
            _("%(count)d đối tượng") % {"count": len(rows)},
            _("Phiên bản dữ liệu %(number)d") % {"number": view.layer.version_number},
            *(f"{chip.label}: {chip.value}" for chip in filters.chips),
            *((_("Dữ liệu minh họa"),) if view.layer.is_illustration else ()),
        ),
    )  # fmt: skip
    content = print_layer(view, rows, look_of(view.layer), sheet, paper=paper, on=on)
    return download_response(content, f"{view.layer.key}-{paper}.pdf", media_type="application/pdf")


@screen
def layer_new(request: HttpRequest) -> HttpResponseBase:
    """Set up a layer."""
    owners = _owners(request)
    if not owners.exists():
        raise Http404
    form = LayerNewForm(request.POST or None, owners=owners, initial={"template": request.GET.get("mau")})
    if form.is_valid():
        with form.refusals():
            layer = layers.create_layer(by=actor_of(request), **form.cleaned_data)
            return done(request, _("Đã lập lớp dữ liệu."), reverse("map_layer", args=[layer.key]))
    context = {"form": form, "label": _("Lập lớp dữ liệu"), "back": reverse("map_layers")}
    return page(request, "geodata/form.html", context, status=form.status)


@screen
def layer_edit(request: HttpRequest, key: str) -> HttpResponseBase:
    """Describe a layer anew."""
    layer = _kept(request, key)
    initial = {name: getattr(layer, name) for name in layers.CHANGEABLE}
    form = LayerEditForm(request.POST or None, initial=initial)
    back = reverse("map_layer", args=[key])
    if form.is_valid():
        with form.refusals():
            layers.change_layer(
                by=actor_of(request), layer=layer, changes=form.cleaned_data, expected_version=version_of(request)
            )  # fmt: skip
            return done(request, _("Đã ghi mô tả lớp."), back)
    context = {"form": form, "label": _("Sửa mô tả lớp"), "back": back, "version": layer.version}
    return page(request, "geodata/form.html", context, status=form.status)


@screen
def layer_settings(request: HttpRequest, key: str) -> HttpResponseBase:
    """Shares, rules of topology and the look of a layer."""
    layer, actor = _kept(request, key), actor_of(request)
    others = visible_layers(actor).exclude(pk=layer.pk)
    act = request.POST.get("act", "")
    look = look_of(layer)
    names = [(field.name, field.title) for field in layer.described_fields]
    initial = {
        "colour": look.colour, "opacity": look.opacity, "width": look.width, "by": look.field,
        "colours": "\n".join(f"{value} = {colour}" for value, colour in look.colours),
    }  # fmt: skip
    share = ShareForm(request.POST if act == "share" else None)
    rule = RuleForm(request.POST if act == "rule" else None, layers=others)
    style = StyleForm(request.POST if act == "style" else None, initial=initial, names=names)
    here = reverse("map_layer_settings", args=[key])
    for name, form, save in (("share", share, _save_share), ("rule", rule, _save_rule), ("style", style, _save_style)):
        if act == name and form.is_valid():
            with form.refusals():
                save(actor, layer, form.cleaned_data, version_of(request))
                return done(request, _("Đã ghi."), here)
    if act == "end_share":
        layers.end_share(
            by=actor, share=get_object_or_404(LayerShare, layer=layer, organisation__code=request.POST.get("code"))
        )
        return done(request, _("Đã ghi."), here)
    if act == "end_rule":
        layers.remove_rule(by=actor, rule=get_object_or_404(TopologyRule, layer=layer, uid=request.POST.get("uid")))
        return done(request, _("Đã ghi."), here)
    context = {
        "layer": layer, "share": share, "rule": rule, "style": style, "version": _look_mark(layer),
        "shares": layer.shares.select_related("organisation"),
        "rules": layer.rules.select_related("other"),
    }  # fmt: skip
    status = max(form.status for form in (share, rule, style))
    return page(request, "geodata/layer_settings.html", context, status=status)


def _look_mark(layer: Layer) -> int:
    usual = layer.styles.first()
    return state_mark(usual) if usual else 0


def _save_share(actor: Any, layer: Layer, values: dict[str, Any], _seen: int | None) -> None:
    layers.share_layer(by=actor, layer=layer, **values)


def _save_rule(actor: Any, layer: Layer, values: dict[str, Any], _seen: int | None) -> None:
    layers.set_rule(by=actor, layer=layer, **values)


def _save_style(actor: Any, layer: Layer, values: dict[str, Any], seen: int | None) -> None:
    look: dict[str, Any] = {"colour": values["colour"], "opacity": values["opacity"], "width": values["width"]}
    field = next((one for one in layer.described_fields if one.name == values["by"]), None)
    if field is not None:
        pairs = [line.split("=", 1) for line in values["colours"].splitlines() if "=" in line]
        look["field"] = field.name
        look["colours"] = {value.strip(): colour.strip() for value, colour in pairs} or {
            value: PALETTE[place % len(PALETTE)] for place, value in enumerate(field.choices)
        }
    usual = layer.styles.first()
    layers.set_style(by=actor, layer=layer, name=usual.name if usual else "", look=look, expected_version=seen)


def _kept(request: HttpRequest, key: str) -> Layer:
    layer = view_for(request, key).layer
    if not may_keep(actor_of(request), layer.owner_id) and not may_approve(actor_of(request), layer):
        raise Http404
    return layer


def _owners(request: HttpRequest) -> Any:
    actor = actor_of(request)
    keys = [pk for pk in actor.organisation_ids if may_keep(actor, pk)]
    if actor.is_system:
        return organisations_on(timezone.localdate())
    return Organisation.objects.filter(pk__in=keys)


def _file(request: HttpRequest, view: Any, rows: Any, kind: str) -> HttpResponseBase:
    epsg = request.GET.get("he", "")
    code = int(epsg) if epsg.isascii() and epsg.isdecimal() and len(epsg) < 6 else view.layer.entry_epsg
    content = export_layer(view, list(raw_rows(rows.order_by("code"))), kind, epsg=code)
    ending = "zip" if kind == "shp" else kind
    return download_response(content, f"{slug(view.layer.key)}.{ending}", media_type=FORMATS[kind][1])


def _query(request: HttpRequest) -> str:
    query = request.GET.copy()
    for name in ("trang", "xuat", "he"):
        query.pop(name, None)
    return query.urlencode()
