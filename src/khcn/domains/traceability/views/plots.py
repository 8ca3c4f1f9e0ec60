"""The register of plots: map, page of a plot, borders drawn, walked and imported, papers of the land."""

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from shapely.geometry import mapping

from khcn.domains.traceability.choices import GROWING, ShapeSource
from khcn.domains.traceability.forms.plots import BorderForm, ImportForm, PlotPaperForm, WalkForm, row_uid
from khcn.domains.traceability.models import Party, PlotPaper, PlotShape, Site
from khcn.domains.traceability.permissions import may_keep, require_keeper, visible_parties, visible_plots
from khcn.domains.traceability.queries.plots import features_of_sites, neighbours_of, points_of_sites
from khcn.domains.traceability.services.plots import (
    add_plot_paper,
    doubts_about,
    import_borders,
    measure_plot,
    plan_import,
)
from khcn.domains.traceability.views.acting import kept_bytes, own_party
from khcn.kernel.documents.models import StoredFile
from khcn.kernel.documents.services import store_file
from khcn.kernel.places.queries import areas_of_file
from khcn.lib.failure import Failure, Refused
from khcn.web.acting import actor_of, one_of
from khcn.web.screens import done, page, screen
from khcn.web.uploads import download_response
from khcn.web.wording import said

GEOJSON = "application/geo+json"
_MAP_FILE = "application/octet-stream"


def _plot(request: HttpRequest, uid: str) -> Site:
    found: Site = one_of(visible_plots(actor_of(request)).select_related("party", "commune"), uid=uid)
    return found


@screen
def plot_map(request: HttpRequest) -> HttpResponseBase:
    """All borders that the actor sees on one map; also as GeoJSON."""
    plots = visible_plots(actor_of(request)).select_related("party")
    found = features_of_sites(plots)
    if request.GET.get("dang") == "geojson":
        content = json.dumps(found, ensure_ascii=False).encode()
        return download_response(content, "lo-dat.geojson", media_type=GEOJSON)
    context = {
        "map": {"others": found, "names": _names_on_map(plots)},
        "drawn": len(found["features"]),
        "plots": plots.count(),
    }
    return page(request, "traceability/plot_map.html", context)


@screen
def plot_page(request: HttpRequest, uid: str) -> HttpResponseBase:
    """One plot: its border, how it was measured, what is worth a second look, its papers; also as GeoJSON."""
    site = _plot(request, uid)
    borders = list(site.shapes.select_related("measured_by__person")[:30])
    current = next((one for one in borders if one.valid_to is None), None)
    if request.GET.get("dang") == "geojson":
        content = json.dumps(features_of_sites([site]), ensure_ascii=False).encode()
        return download_response(content, f"lo-dat-{site.code}.geojson", media_type=GEOJSON)
    context = {
        "site": site, "borders": borders, "current": current, "papers": site.papers.select_related("file")[:50],
        "map": _map_of(site, current), "may_keep": may_keep(actor_of(request), site.party),
    }  # fmt: skip
    return page(request, "traceability/plot_page.html", context)


def _names_on_map(plots: Iterable[Site]) -> list[dict[str, Any]]:
    """Names of plots where they lie, each leading to its page."""
    return [
        {"code": site.code, "name": site.name, "href": reverse("trace_plot", args=[site.uid]), "at": at}
        for site, at in points_of_sites(plots)
    ]


def _map_of(site: Site, current: PlotShape | None) -> dict[str, Any]:
    """What the map of a plot draws: its border, neighbours without names, where to look when there is none."""
    shape = current.geometry if current else None
    others = [mapping(other) for _name, other in neighbours_of(site, shape.buffer(0.005))] if shape is not None else []
    commune = site.commune
    middle = (
        [site.longitude, site.latitude] if site.longitude is not None
        else [commune.longitude, commune.latitude] if commune and commune.longitude is not None else [106.9, 11.75]
    )  # fmt: skip
    features = [{"type": "Feature", "properties": {}, "geometry": one} for one in others]
    return {
        "own": mapping(shape) if shape is not None else None, "middle": middle,
        "others": {"type": "FeatureCollection", "features": features},
    }  # fmt: skip


@screen
def border_new(request: HttpRequest, uid: str) -> HttpResponseBase:
    """Draw or type a new border; the one in force ends on that day."""
    site, now = _plot(request, uid), timezone.now()
    require_keeper(actor_of(request), site.party)
    form, back = BorderForm(request.POST or None, on=timezone.localdate()), reverse("trace_plot", args=[uid])
    if form.is_valid():
        with form.refusals():
            data = form.cleaned_data
            doubts = doubts_about(site=site, geometry=data["geometry"], on=data["measured_on"])
            if doubts and not data["is_looked_at"]:
                form.ask_to_look(doubts)
                return _border_page(request, site, form)
            border, _new = measure_plot(
                by=actor_of(request), uid=data["uid"], site=site, geometry=data["geometry"],
                measured_on=data["measured_on"], source=ShapeSource.DRAWN, now=now,
            )  # fmt: skip
            return done(request, _("Đã ghi ranh giới, %(area)s ha.") % {"area": border.area_ha}, back)
    return _border_page(request, site, form)


def _border_page(request: HttpRequest, site: Site, form: BorderForm) -> HttpResponseBase:
    back, current = reverse("trace_plot", args=[site.uid]), site.shapes.filter(valid_to=None).first()
    context = {"form": form, "site": site, "back": back, "map": {**_map_of(site, current), "drawing": True}}
    return page(request, "traceability/border_form.html", context, status=form.status)


@screen
def field_walk(request: HttpRequest, code: str) -> HttpResponseBase:
    """Walk around a plot with the phone; what was walked goes through the phone's queue like any record."""
    party, now = own_party(request, code), timezone.now()
    sites = party.sites.filter(kind__in=[str(one) for one in GROWING], is_active=True)
    if request.method == "POST":
        return _take_walk(request, party, now.date())
    return page(
        request, "traceability/field_walk.html", {"party": party, "sites": sites, "today": timezone.localdate()}
    )


def _take_walk(request: HttpRequest, party: Party, today: date) -> JsonResponse:
    form = WalkForm(request.POST)
    if not form.is_valid():
        told = " ".join(str(one) for errors in form.errors.values() for one in errors)
        return JsonResponse({"state": "refused", "message": told}, status=422)
    site = party.sites.filter(uid=form.cleaned_data["site"]).first()
    if site is None:
        return JsonResponse({"state": "refused", "message": _("Lô đất này không có trong cơ sở.")}, status=422)
    border, accuracy = form.cleaned_data["points"]
    try:
        made, is_new = measure_plot(
            by=actor_of(request), uid=form.cleaned_data["record"], site=site, geometry=border,
            measured_on=form.cleaned_data["day"], source=ShapeSource.WALKED, accuracy_m=accuracy, now=timezone.now(),
        )  # fmt: skip
    except Failure as refused:
        return JsonResponse({"state": "refused", "message": said(refused.message)}, status=422)
    message = _("Đã ghi ranh giới, %(area)s ha.") % {"area": made.area_ha}
    return JsonResponse({"state": "stored" if is_new else "known", "message": message, "sentence": str(made)})


@screen
def border_import(request: HttpRequest, code: str) -> HttpResponseBase:
    """Borders from a file: first what it would do, then the same file once more to take it in."""
    party: Party = one_of(visible_parties(actor_of(request)), code=code)
    require_keeper(actor_of(request), party)
    form = ImportForm(request.POST or None, request.FILES or None, initial={"measured_on": timezone.localdate()})
    back, planned, kept = reverse("trace_party", args=[code]), [], None
    notes: tuple[str, ...] = ()
    if form.is_valid():
        with form.refusals():
            data = form.cleaned_data
            kept, content, name = _kept_file(request, data)
            areas = areas_of_file(content, name, data["epsg"] or 0)
            notes = areas.notes
            if data["kept"]:
                uids = {one: row_uid(party.uid, kept.sha256, one) for one in areas.codes}
                made = import_borders(
                    by=actor_of(request), party=party, areas=areas, measured_on=data["measured_on"], uids=uids,
                    now=timezone.now(),
                )  # fmt: skip
                return done(request, _("Đã ghi %(count)d ranh giới mới.") % {"count": made}, back)
            planned = plan_import(party=party, areas=areas, on=data["measured_on"])
    context = {
        "form": form, "party": party, "back": back, "planned": planned[:500], "kept": kept, "notes": notes,
        "sent_name": form.cleaned_data["file"].name if kept and form.cleaned_data.get("file") else "",
        "is_ready": bool(planned) and not any(one.problem for one in planned),
    }  # fmt: skip
    return page(request, "traceability/border_import.html", context, status=form.status)


def _kept_file(request: HttpRequest, data: dict[str, Any]) -> tuple[StoredFile, bytes, str]:
    """The file that was sent now, or the one that was looked at before."""
    if data["kept"]:
        stored: StoredFile = one_of(StoredFile.objects.filter(media_type=_MAP_FILE), sha256=data["kept"])
        return stored, kept_bytes(stored), data["name"]
    sent = data["file"]
    if not sent:
        raise Refused("Hãy chọn tệp bản đồ.", field="file")
    content = sent.read()
    stored = store_file(by=actor_of(request), content=content, media_type=_MAP_FILE)
    return stored, content, sent.name


@screen
def plot_paper_new(request: HttpRequest, uid: str) -> HttpResponseBase:
    """Add a paper of the land or a proof against deforestation."""
    site = _plot(request, uid)
    require_keeper(actor_of(request), site.party)
    form, back = PlotPaperForm(request.POST or None, request.FILES or None), reverse("trace_plot", args=[uid])
    if form.is_valid():
        with form.refusals():
            add_plot_paper(by=actor_of(request), site=site, now=timezone.now(), **form.values())
            return done(request, _("Đã thêm giấy."), back)
    context = {"form": form, "label": _("Thêm giấy"), "back": back, "subject": site}
    return page(request, "traceability/form.html", context, status=form.status)


@screen(methods=("GET", "HEAD"))
def plot_paper_file(request: HttpRequest, uid: str) -> HttpResponseBase:
    """A paper of a plot, for those who see the plot."""
    papers = PlotPaper.objects.filter(site__in=visible_plots(actor_of(request)).values("pk")).select_related("file")
    paper: PlotPaper = one_of(papers, uid=uid)
    media = paper.file.media_type
    ending = "pdf" if media == "application/pdf" else media.rsplit("/", 1)[-1]
    return download_response(kept_bytes(paper.file), f"giay-lo-dat-{paper.pk}.{ending}", media_type=media)
