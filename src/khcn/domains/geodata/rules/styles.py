"""How a layer is drawn: a small description that people set, and the layers that MapLibre and prints make of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from khcn.domains.geodata.choices import GeometryType
from khcn.lib.failure import Refused

COLOUR = re.compile(r"#[0-9a-f]{6}", re.ASCII)
#: Told apart by most colour-blind eyes (Okabe and Ito 2008).
PALETTE = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#5b5b5b")


@dataclass(frozen=True, slots=True)
class Look:
    """Colours by the values of one field, or one colour; opacity 0–1, width of lines and points in pixels."""

    colour: str = PALETTE[0]
    field: str = ""
    colours: tuple[tuple[str, str], ...] = ()
    opacity: float = 0.5
    width: float = 1.5

    def colour_of(self, value: Any) -> str:
        """The colour of an object by its field's value."""
        return dict(self.colours).get(str(value), self.colour)


def read_look(described: Mapping[str, Any]) -> Look:
    """The look from its stored description. Raises Refused for what is no colour or out of range."""
    look = Look(
        colour=str(described.get("colour", PALETTE[0])).lower(), field=str(described.get("field", "")),
        colours=tuple((str(value), str(one).lower()) for value, one in dict(described.get("colours", {})).items()),
        opacity=float(described.get("opacity", 0.5)), width=float(described.get("width", 1.5)),
    )  # fmt: skip
    for colour in (look.colour, *(one for _value, one in look.colours)):
        if not COLOUR.fullmatch(colour):
            raise Refused(f"“{colour}” không phải màu dạng #rrggbb.", field="colour")
    if not 0 <= look.opacity <= 1 or not 0 < look.width <= 20:
        raise Refused("Độ đậm từ 0 đến 1, nét từ 0 đến 20.", field="opacity")
    return look


def describe_look(look: Look) -> dict[str, Any]:
    """The description as stored."""
    return {
        "colour": look.colour, "field": look.field, "colours": dict(look.colours), "opacity": look.opacity,
        "width": look.width,
    }  # fmt: skip


def maplibre_layers(look: Look, kind: GeometryType, *, source: str, source_layer: str) -> list[dict[str, Any]]:
    """Layers of a MapLibre style: areas with an edge, lines, or circles."""
    colour: Any = look.colour
    if look.field and look.colours:
        pairs = [part for pair in look.colours for part in pair]
        colour = ["match", ["to-string", ["get", look.field]], *pairs, look.colour]
    base = {"source": source, "source-layer": source_layer}
    match kind:
        case GeometryType.POLYGON:
            return [
                {**base, "id": f"{source}-fill", "type": "fill",
                 "paint": {"fill-color": colour, "fill-opacity": look.opacity}},
                {**base, "id": f"{source}-line", "type": "line",
                 "paint": {"line-color": colour, "line-width": look.width}},
            ]  # fmt: skip
        case GeometryType.LINE:
            return [{**base, "id": f"{source}-line", "type": "line",
                     "paint": {"line-color": colour, "line-width": look.width + 1}}]  # fmt: skip
    return [{**base, "id": f"{source}-circle", "type": "circle",
             "paint": {"circle-color": colour, "circle-radius": look.width + 4, "circle-stroke-width": 1,
                       "circle-stroke-color": "#ffffff"}}]  # fmt: skip
