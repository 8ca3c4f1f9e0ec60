"""Files into layers: send, map the columns, look at the preview and the faults, take in or drop."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from khcn.domains.geodata.choices import LayerImportState
from khcn.domains.geodata.forms.changes import PREFIX, ImportForm, MappingForm
from khcn.domains.geodata.models import LayerImport
from khcn.domains.geodata.permissions import may_approve, may_edit
from khcn.domains.geodata.queries.source_files import read_source
from khcn.domains.geodata.rules.source_tables import SourceTable
from khcn.domains.geodata.services import imports
from khcn.domains.geodata.views.acting import import_for, map_of, view_for
from khcn.kernel.documents.queries import bytes_of
from khcn.standards.coordinate_systems import SYSTEMS
from khcn.web.acting import actor_of
from khcn.web.screens import done, page, screen, version_of


@screen
def import_new(request: HttpRequest, key: str) -> HttpResponseBase:
    """Send a file; the layer stays as it is until it is taken in."""
    view, actor = view_for(request, key), actor_of(request)
    if not may_edit(actor, view.layer):
        raise Http404
    form = ImportForm(
        request.POST or None, request.FILES or None, initial={"declared_epsg": view.layer.entry_epsg}
    )  # fmt: skip
    if form.is_valid():
        with form.refusals():
            sent = form.cleaned_data["file"]
            content = sent.read()
            table = read_source(content, sent.name, view.layer)
            batch = imports.prepare_import(
                by=actor, layer=view.layer, content=content, table=table,
                declared_epsg=form.cleaned_data["declared_epsg"], effective_on=form.cleaned_data["effective_on"],
                replaces=form.cleaned_data["replaces"],
            )  # fmt: skip
            return done(request, _("Đã đọc tệp; xem lại rồi nhập."), reverse("map_import_page", args=[batch.uid]))
    context = {"form": form, "label": _("Nhập tệp vào lớp"), "title": view.layer.title,
               "back": reverse("map_layer", args=[key])}  # fmt: skip
    return page(request, "geodata/form.html", context, status=form.status)


@screen
def import_page(request: HttpRequest, uid: str) -> HttpResponseBase:
    """The file as it would be taken in, and another reading of it."""
    batch, actor = import_for(request, uid), actor_of(request)
    view = view_for(request, batch.layer.key)
    initial = {
        "declared_epsg": batch.declared_epsg, "code_column": batch.code_column, "effective_on": batch.effective_on,
        "replaces": batch.replaces, **{PREFIX + name: column for name, column in batch.mapping.items()},
    }  # fmt: skip
    form = MappingForm(request.POST or None, view=view, columns=list(batch.columns), initial=initial)
    here = reverse("map_import_page", args=[uid])
    if form.is_valid():
        with form.refusals():
            data = form.cleaned_data
            changes = {
                "declared_epsg": data["declared_epsg"], "code_column": data["code_column"], "mapping": form.mapping,
                "effective_on": data["effective_on"], "replaces": data["replaces"],
            }  # fmt: skip
            imports.reread_import(
                by=actor, batch=batch, table=_table(batch, data["code_column"]), changes=changes,
                repair=data["repair"], expected_version=version_of(request),
            )  # fmt: skip
            return done(request, _("Đã đọc lại tệp."), f"{here}?sua=1" if data["repair"] else here)
    waits = batch.state == LayerImportState.PREPARED
    layer = batch.layer
    own = batch.sent_by_id is not None and batch.sent_by_id == actor.user_id
    governed = bool(layer.version_number and layer.needs_approval)
    may = may_approve(actor, layer) and not own if governed else may_edit(actor, layer) or may_approve(actor, layer)
    context = {
        "batch": batch, "layer": layer, "form": form if waits and may_edit(actor, layer) else None,
        "detected": [SYSTEMS[code] for code in batch.detected if code in SYSTEMS],
        "stated": SYSTEMS.get(batch.stated_epsg or 0), "declared": SYSTEMS[batch.declared_epsg],
        "map": _map(view, batch, actor), "may_apply": waits and may and not batch.fault_count,
        "may_drop": waits and may_edit(actor, layer), "governed": governed, "repair": request.GET.get("sua", ""),
    }  # fmt: skip
    return page(request, "geodata/import_page.html", context, status=form.status)


@screen(methods=("POST",))
def import_apply(request: HttpRequest, uid: str) -> HttpResponseBase:
    """Take the whole file in."""
    batch = import_for(request, uid)
    version = imports.apply_import(
        by=actor_of(request), batch=batch, table=_table(batch, batch.code_column),
        repair=request.GET.get("sua") == "1", expected_version=version_of(request),
    )  # fmt: skip
    message = _("Đã nhập thành phiên bản %(number)d: thêm %(added)d, kết thúc %(ended)d.") % {
        "number": version.number, "added": version.added, "ended": version.ended,
    }  # fmt: skip
    return done(request, message, reverse("map_layer", args=[batch.layer.key]))


@screen(methods=("POST",))
def import_drop(request: HttpRequest, uid: str) -> HttpResponseBase:
    """Put the file aside."""
    batch = import_for(request, uid)
    imports.drop_import(by=actor_of(request), batch=batch, expected_version=version_of(request))
    return done(request, _("Đã bỏ tệp."), reverse("map_layer", args=[batch.layer.key]))


def _table(batch: LayerImport, code_column: str) -> SourceTable:
    return read_source(bytes_of(batch.file), batch.filename, batch.layer, part=batch.part, code_column=code_column)


def _map(view: Any, batch: LayerImport, actor: Any) -> dict[str, Any]:
    found = map_of(view, on=actor.on)
    if batch.preview:
        import shapely
        from shapely.geometry import shape

        found["bounds"] = [
            float(one) for one in shapely.total_bounds([shape(one["geometry"]) for one in batch.preview])
        ]
        found["preview"] = {"type": "FeatureCollection", "features": batch.preview}
    return found
