"""One object with its history, and a layer on two days side by side."""

from datetime import timedelta

import shapely
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from khcn.domains.geodata.choices import LayerChangeKind
from khcn.domains.geodata.permissions import may_edit
from khcn.domains.geodata.queries.features import history_of, state_of, states, values_of
from khcn.domains.geodata.services.base_map import base_map_path, base_tile
from khcn.domains.geodata.views.acting import map_of, view_for
from khcn.standards.coordinate_systems import SYSTEMS, from_wgs84
from khcn.web.acting import actor_of, day_of
from khcn.web.screens import page, screen
from khcn.web.uploads import download_response

MOST_CORNERS = 200


@screen
def map_object(request: HttpRequest, key: str, code: str) -> HttpResponseBase:
    """The object on a day, its corner points in the layer's system, its states, and what may be done with it."""
    view, actor, on = view_for(request, key), actor_of(request), day_of(request)
    history = history_of(view, code)
    if not history:
        raise Http404
    state = state_of(view, code, on=on) or history[0]
    system = SYSTEMS[view.layer.entry_epsg]
    corners = [
        (f"{y:.6f}", f"{x:.6f}") if system.is_degrees else (f"{y:.3f}", f"{x:.3f}")
        for x, y in _points(from_wgs84(state.geometry, system.epsg))[:MOST_CORNERS]
    ]  # fmt: skip
    bounds = state.geometry.bounds
    edge = max(bounds[2] - bounds[0], bounds[3] - bounds[1], 0.01) * 0.6
    box = [bounds[0] - edge, bounds[1] - edge, bounds[2] + edge, bounds[3] + edge]
    may = may_edit(actor, view.layer) and state.valid_to is None
    context = {
        "layer": view.layer, "state": state, "values": values_of(view, state), "history": history, "on": on,
        "system": system, "corners": corners, "may_edit": may,
        "map": {**map_of(view, on=on), "bounds": box, "shown": {
            "type": "Feature", "properties": {}, "geometry": state.geometry.simplify(0.00001).__geo_interface__}},
        "acts": [
            (kind, kind.label) for kind in (LayerChangeKind.MODIFY, LayerChangeKind.SPLIT, LayerChangeKind.MERGE,
                                            LayerChangeKind.RETIRE)
            if kind not in (LayerChangeKind.SPLIT,) or view.layer.geometry_type != "point"
        ] if may else [],
    }  # fmt: skip
    return page(request, "geodata/object_page.html", context)


@screen(methods=("GET", "HEAD"))
def map_compare(request: HttpRequest, key: str) -> HttpResponseBase:
    """The layer on two days, the maps moving together, and which codes differ."""
    view = view_for(request, key)
    today = timezone.localdate()
    first = day_of(request, "tu") if request.GET.get("tu") else today - timedelta(days=365)
    last = day_of(request, "den")
    before = dict(states(view, on=first).values_list("code", "digest"))
    after = dict(states(view, on=last).values_list("code", "digest"))
    changed = sorted(code for code in before.keys() & after.keys() if before[code] != after[code])
    context = {
        "layer": view.layer, "first": first, "last": last,
        "maps": [map_of(view, on=first, together="hai-ngay"), map_of(view, on=last, together="hai-ngay")],
        "groups": [
            (_("Mới có"), sorted(after.keys() - before.keys())[:200]),
            (_("Không còn"), sorted(before.keys() - after.keys())[:200]),
            (_("Đã đổi"), changed[:200]),
        ],
    }  # fmt: skip
    return page(request, "geodata/compare.html", context)


@screen(login=False, methods=("GET", "HEAD"))
def map_base_tile(request: HttpRequest, z: int, x: int, y: int) -> HttpResponseBase:
    """A tile of the base map; it holds open data only, so it needs no account."""
    content = base_tile(z, x, y)
    response = HttpResponse(content, content_type="application/vnd.mapbox-vector-tile", status=200 if content else 204)
    response["Cache-Control"] = "public, max-age=3600"
    return response


@screen(methods=("GET", "HEAD"))
def map_base_file(request: HttpRequest) -> HttpResponseBase:
    """The whole base map as one PMTiles file for use without a network."""
    path = base_map_path()
    if not path.is_file():
        raise Http404
    return download_response(path.read_bytes(), "nen.pmtiles", media_type="application/vnd.pmtiles")


def _points(shape: object) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in shapely.get_coordinates(shape)]
