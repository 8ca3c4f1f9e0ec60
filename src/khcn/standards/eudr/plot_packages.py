"""Plots to GeoJSON files that the information system takes: six decimals, no holes, points only where small, split."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry import LineString, MultiPolygon, Polygon, box
from shapely.geometry.base import BaseGeometry
from shapely.ops import split

from khcn.standards.eudr.limits import Finding, Limits

_DEEPEST_CUT = 64


@dataclass(frozen=True, slots=True)
class Plot:
    """One plot of land: its stable code, who works it, where, its area in hectares, its shape in WGS 84.

    shape: polygon, or a point, which only a small plot may be.
    """

    code: str
    producer: str
    country: str
    place: str
    area_ha: float | None
    shape: BaseGeometry


def without_holes(polygon: Polygon) -> list[Polygon]:
    """The same land as polygons without holes: cut along the meridian through a hole's middle until none is left."""
    whole, waiting = [], [(polygon, 0)]
    while waiting:
        part, depth = waiting.pop()
        if not part.interiors or depth >= _DEEPEST_CUT:
            whole.append(part)
            continue
        middle = Polygon(part.interiors[0]).representative_point().x
        _west, south, _east, north = part.bounds
        cut = split(part, LineString([(middle, south - 1), (middle, north + 1)]))
        waiting += [(one, depth + 1) for one in cut.geoms if isinstance(one, Polygon)]
    return sorted(whole, key=lambda one: one.bounds)


def plot_findings(plots: Iterable[Plot], limits: Limits) -> list[Finding]:
    """What is wrong with plots before they are written; the pointer is the plot's code."""
    found = []
    for plot in plots:
        if plot.shape.geom_type == "Point":
            if plot.area_ha is None:
                found.append(Finding("area_unknown", plot.code))
            elif plot.area_ha > limits.point_most_ha:
                found.append(Finding("polygon_needed", plot.code, f"{plot.area_ha:g}"))
        elif not plot.shape.is_valid or not isinstance(plot.shape, Polygon | MultiPolygon):
            found.append(Finding("self_crossing", plot.code))
    return found


def features_of(plot: Plot, limits: Limits) -> list[bytes]:
    """The plot as features, one for each part, each as its JSON text."""
    names: dict[str, Any] = {"ProducerName": plot.producer} if plot.producer else {}
    names |= {"ProducerCountry": plot.country, "ProductionPlace": plot.place, "PlotId": plot.code}
    if plot.shape.geom_type == "Point":
        area = {} if plot.area_ha is None else {"Area": round(plot.area_ha, 4)}
        return [_feature(names | area, "Point", _position(plot.shape.x, plot.shape.y, limits))]  # type: ignore[attr-defined]
    parts = plot.shape.geoms if isinstance(plot.shape, MultiPolygon) else [plot.shape]
    made = []
    for part in (one for polygon in parts for one in without_holes(polygon)):
        for ring in _drawn(part, limits):
            made.append(_feature(names, "Polygon", f"[[{','.join(_position(x, y, limits) for x, y in ring)}]]"))
    return made


def _drawn(polygon: Polygon, limits: Limits) -> list[list[tuple[float, float]]]:
    """The outer rings on the grid of the kept decimals: closed, without repeated points, against the clock's sense."""
    snapped = shapely.set_precision(polygon, 10.0**-limits.decimals)
    parts = [snapped] if isinstance(snapped, Polygon) else [one for one in snapped.geoms if isinstance(one, Polygon)]
    return [list(shapely.geometry.polygon.orient(one).exterior.coords) for one in parts if not one.is_empty]


def _position(x: float, y: float, limits: Limits) -> str:
    return f"[{x:.{limits.decimals}f},{y:.{limits.decimals}f}]"


def _feature(properties: dict[str, Any], kind: str, coordinates: str) -> bytes:
    told = json.dumps(properties, ensure_ascii=False)
    geometry = f'{{"type":"{kind}","coordinates":{coordinates}}}'
    return f'{{"type":"Feature","properties":{told},"geometry":{geometry}}}'.encode()


_HEAD, _TAIL = b'{"type":"FeatureCollection","features":[', b"]}"


def packages_of(plots: Sequence[Plot], limits: Limits) -> list[bytes]:
    """As few FeatureCollections as the limit of bytes allows, in the order of the plots; a plot is never torn apart."""
    packages: list[bytes] = []
    held: list[bytes] = []
    size = len(_HEAD) + len(_TAIL)
    for plot in plots:
        written = b",".join(features_of(plot, limits))
        if held and size + len(written) + 1 > limits.package_most_bytes:
            packages.append(_HEAD + b",".join(held) + _TAIL)
            held, size = [], len(_HEAD) + len(_TAIL)
        if written:
            held.append(written)
            size += len(written) + 1
    return [*packages, _HEAD + b",".join(held) + _TAIL] if held or not packages else packages


def covering_box(plots: Iterable[Plot]) -> BaseGeometry | None:
    """The box around all plots, for a map."""
    shapes = [plot.shape for plot in plots]
    return box(*shapely.total_bounds(shapes)) if shapes else None
