"""Who makes a request, the layer it is about, and what the map on a page shows."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse

from khcn.domains.geodata.choices import GeometryType
from khcn.domains.geodata.models import ChangeProposal, Layer, LayerImport
from khcn.domains.geodata.permissions import clearance, visible_layers
from khcn.domains.geodata.queries.features import View, view_of
from khcn.domains.geodata.rules.styles import Look, maplibre_layers, read_look
from khcn.web.acting import actor_of

HOME_BOX = [106.4, 11.3, 107.45, 12.35]
"""Where a map opens before anything is drawn on it."""


def view_for(request: HttpRequest, key: str) -> View:
    """The layer under the actor's clearance; else it is not found."""
    layer = visible_layers(actor_of(request)).filter(key=key).select_related("owner", "template").first()
    if layer is None:
        raise Http404
    return view_of(layer, clearance(actor_of(request), layer))


def proposal_for(request: HttpRequest, uid: str) -> ChangeProposal:
    """A proposal of a layer that the actor reads as its keepers do."""
    rows = ChangeProposal.objects.select_related("layer__owner", "proposed_by__person", "checked_by__person",
                                                 "decided_by__person")  # fmt: skip
    found = rows.filter(uid=uid, layer__in=visible_layers(actor_of(request))).first()
    if found is None or clearance(actor_of(request), found.layer) != "restricted":
        raise Http404
    return found


def import_for(request: HttpRequest, uid: str) -> LayerImport:
    """A file on its way into a layer that the actor reads as its keepers do."""
    rows = LayerImport.objects.select_related("layer__owner", "file", "sent_by__person")
    found = rows.filter(uid=uid, layer__in=visible_layers(actor_of(request))).first()
    if found is None or clearance(actor_of(request), found.layer) != "restricted":
        raise Http404
    return found


def look_of(layer: Layer) -> Look:
    """The usual look."""
    style = layer.styles.first()
    return read_look(style.look if style else {})


def map_of(view: View, *, on: date, codes: list[str] | None = None, **more: Any) -> dict[str, Any]:
    """What the script draws: the layer's tiles on a day over the base map, only some codes where a filter stands."""
    layer, look = view.layer, look_of(view.layer)
    template = reverse("ogc_tile", args=[layer.key, "WebMercatorQuad", 0, 1, 2]).replace("/0/1/2", "/{z}/{y}/{x}")
    return {
        "bounds": layer.bbox or HOME_BOX,
        "base": base_template(),
        "layers": [{
            "key": layer.key, "title": layer.title, "tiles": f"{template}?datetime={on.isoformat()}",
            "paint": maplibre_layers(look, GeometryType(layer.geometry_type), source=layer.key, source_layer=layer.key),
            "page": reverse("map_object", args=[layer.key, "_"]).removesuffix("_/"), "codes": codes,
        }],
        **more,
    }  # fmt: skip


def base_template() -> str:
    """Address of the base map's tiles."""
    return reverse("base_tile", args=[0, 1, 2]).replace("/0/1/2", "/{z}/{x}/{y}")
