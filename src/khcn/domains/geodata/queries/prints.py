"""Prints a layer as PDF on A4 or A3: the map to a round scale, legend, scale bar, north, title and provenance."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from xml.sax.saxutils import quoteattr

import msgspec
import shapely
import typst

from khcn.domains.geodata.choices import GeometryType
from khcn.domains.geodata.queries.features import View
from khcn.domains.geodata.queries.items import shapes_of
from khcn.domains.geodata.rules.styles import Look
from khcn.lib.failure import Refused
from khcn.standards.coordinate_systems import SYSTEMS, from_wgs84

SHEETS = {"a4": (297.0, 210.0), "a3": (420.0, 297.0)}
"""Landscape sheets in millimetres."""
_MARGIN_MM, _SIDE_MM, _HEAD_MM = 10.0, 62.0, 16.0
_SCALES = (500, 1_000, 2_000, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_000_000, 5_000_000)
_TEMPLATE = """
#let facts = json(bytes(sys.inputs.facts))
#set page(width: facts.width * 1mm, height: facts.height * 1mm, margin: 10mm)
#set text(font: ("Be Vietnam Pro", "Liberation Sans", "Arial", "Libertinus Serif"), size: 9pt, lang: "vi")
#text(size: 15pt, weight: "bold")[#facts.title] #h(1fr) #text(size: 9pt)[#facts.subtitle]
#v(2mm)
#grid(columns: (facts.map_width * 1mm, 1fr), column-gutter: 5mm,
  box(stroke: 0.5pt, clip: true, image(bytes(sys.inputs.map), format: "svg", width: facts.map_width * 1mm,
    height: facts.map_height * 1mm, alt: facts.title)),
  [
    #text(weight: "bold")[#facts.legend_title]
    #for item in facts.legend [
      #grid(columns: (7mm, 1fr), column-gutter: 2mm, align: horizon,
        rect(width: 7mm, height: 4mm, fill: rgb(item.at(0)).transparentize(40%), stroke: rgb(item.at(0)) + 0.8pt),
        [#item.at(1)])
    ]
    #v(4mm)
    #text(weight: "bold")[#facts.scale]
    #v(1mm)
    #box(width: facts.bar_mm * 1mm, height: 2.5mm, stroke: 0.6pt, grid(columns: (1fr, 1fr, 1fr, 1fr),
      rows: 2.5mm, ..range(4).map(i => rect(width: 100%, height: 100%, stroke: none,
      fill: if calc.even(i) { black } else { white }))))
    #linebreak() #text(size: 8pt)[0 #h(facts.bar_mm * 1mm - 8mm) #facts.bar_text]
    #v(5mm) #text(size: 16pt)[↑] #facts.north
    #v(4mm) #for line in facts.notes [#text(size: 8pt)[#line] #linebreak()]
  ])
"""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands beside the map: title, subtitle, and the words of the legend and of the notes."""

    title: str
    subtitle: str
    legend_title: str
    scale_word: str
    north_word: str
    notes: tuple[str, ...]


def print_layer(
    view: View, rows: Sequence[tuple[Any, ...]], look: Look, sheet: Sheet, *, paper: str, on: date
) -> bytes:
    """The PDF. rows: raw rows of what is drawn. Raises Refused for another paper or for nothing to draw."""
    if paper not in SHEETS:
        raise Refused("Chọn khổ giấy A4 hoặc A3.", field="paper")
    if not rows:
        raise Refused("Không có đối tượng nào để in.")
    epsg = 9212 if SYSTEMS[view.layer.entry_epsg].is_degrees else view.layer.entry_epsg
    shapes = from_wgs84(shapes_of([row[1] for row in rows]), epsg)
    width, height = SHEETS[paper]
    map_width = width - 2 * _MARGIN_MM - _SIDE_MM
    map_height = height - 2 * _MARGIN_MM - _HEAD_MM
    scale = fitting_scale(shapely.total_bounds(shapes), map_width, map_height)
    svg = _svg(view, shapes, rows, look, scale, map_width, map_height)
    bar_m = _round_length(scale * 40 / 1000)
    facts = {
        "width": width, "height": height, "map_width": map_width, "map_height": map_height, "title": sheet.title,
        "subtitle": sheet.subtitle, "legend_title": sheet.legend_title, "legend": legend_of(view, look),
        "scale": f"{sheet.scale_word} 1:{scale:,}".replace(",", "."), "bar_mm": bar_m / scale * 1000,
        "bar_text": f"{bar_m / 1000:g} km" if bar_m >= 1000 else f"{bar_m:g} m", "north": sheet.north_word,
        "notes": [*sheet.notes, f"{SYSTEMS[epsg].name} (EPSG:{epsg})", f"{on:%d/%m/%Y}"],
    }  # fmt: skip
    inputs = {"facts": json.dumps(facts, ensure_ascii=False), "map": svg}
    return typst.compile(_TEMPLATE.encode(), sys_inputs=inputs)


def legend_of(view: View, look: Look) -> list[tuple[str, str]]:
    """(colour, words) of the legend."""
    if look.field and look.colours:
        return [(colour, value) for value, colour in look.colours]
    return [(look.colour, view.layer.title)]


def fitting_scale(bounds: Any, width_mm: float, height_mm: float) -> int:
    """The largest round scale at which the bounds, in metres, fit with some air."""
    west, south, east, north = bounds
    needed = 1.06 * max((east - west) / width_mm, (north - south) / height_mm, 0.05) * 1000
    return next((scale for scale in _SCALES if scale >= needed), int(math.ceil(needed / 1_000_000) * 1_000_000))


def _round_length(metres: float) -> float:
    power = 10 ** math.floor(math.log10(metres))
    return float(max(step * power for step in (1, 2, 5) if step * power <= metres))


def _svg(
    view: View, shapes: Any, rows: Sequence[Any], look: Look, scale: int, width_mm: float, height_mm: float
) -> str:
    """The map as SVG in tenths of millimetres."""
    west, south, east, north = shapely.total_bounds(shapes)
    middle_x, middle_y = (west + east) / 2, (south + north) / 2
    unit = 10_000 / scale  # metres to tenths of a millimetre on paper

    def place(points: Any) -> Any:
        found = points.copy()
        found[:, 0] = (points[:, 0] - middle_x) * unit + width_mm * 5
        found[:, 1] = (middle_y - points[:, 1]) * unit + height_mm * 5
        return found.round(1)

    drawn = shapely.simplify(shapely.transform(shapes, place), 0.5)
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width_mm * 10:.0f} {height_mm * 10:.0f}">']
    for shape, row in zip(drawn, rows, strict=True):
        value = msgspec.json.decode(row[2]).get(look.field) if look.field else None
        colour = quoteattr(look.colour_of(value))
        if view.layer.geometry_type == GeometryType.POINT:
            for point in getattr(shape, "geoms", [shape]):
                parts.append(f'<circle cx="{point.x}" cy="{point.y}" r="12" fill={colour} stroke="#fff"/>')
            continue
        filled = view.layer.geometry_type == GeometryType.POLYGON
        paint = f'fill={colour} fill-opacity="{look.opacity}"' if filled else 'fill="none"'
        parts.append(f'<path d="{_path(shape)}" {paint} stroke={colour} stroke-width="3" fill-rule="evenodd"/>')
    return "".join([*parts, "</svg>"])


def _path(shape: Any) -> str:
    lines = []
    for part in getattr(shape, "geoms", [shape]):
        rings = [part.exterior, *part.interiors] if part.geom_type == "Polygon" else [part]
        for ring in rings:
            points = " ".join(f"{x:.1f},{y:.1f}" for x, y in ring.coords)
            lines.append(f"M{points}" + ("Z" if part.geom_type == "Polygon" else ""))
    return "".join(lines)
