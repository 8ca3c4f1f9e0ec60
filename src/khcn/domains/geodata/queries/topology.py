"""Which rules of topology objects would break in a layer as it stands, in the layer's own plane."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from khcn.domains.geodata.choices import TopologyKind
from khcn.domains.geodata.models import Feature, Layer, TopologyRule
from khcn.domains.geodata.rules import topology
from khcn.domains.geodata.rules.topology import Finding
from khcn.standards.coordinate_systems import SYSTEMS, from_wgs84

MOST_FINDINGS = 200


def findings_of(
    layer: Layer, objects: Sequence[tuple[str, BaseGeometry]], *, leaving: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """Rules that the objects would break beside the current ones, without those that leave; at most 200.

    Each finding: rule, code, other, amount, is_blocking, text (a sentence).
    """
    if not objects and not leaving:
        return []
    codes = [code for code, _shape in objects]
    plane = _plane(layer, [shape for _code, shape in objects])
    found: list[dict[str, Any]] = []
    for rule in TopologyRule.objects.filter(layer=layer).select_related("other"):
        for finding in _broken(rule, layer, codes, plane, [shape for _code, shape in objects], leaving):
            found.append(
                {
                    "rule": str(rule.kind), "code": finding.code, "other": finding.other, "amount": finding.amount,
                    "is_blocking": rule.is_blocking, "text": _sentence(finding, rule),
                }
            )  # fmt: skip
    return found[:MOST_FINDINGS]


def _broken(
    rule: TopologyRule, layer: Layer, codes: list[str], plane: Any, degrees: list[BaseGeometry],
    leaving: Sequence[str],
) -> list[Finding]:  # fmt: skip
    match TopologyKind(rule.kind):
        case TopologyKind.NO_OVERLAP:
            near = _near(layer, degrees, but=[*codes, *leaving])
            found = topology.overlaps(codes, plane, [row[0] for row in near], _plane(layer, [row[1] for row in near]))
            return found + topology.overlaps(codes, plane, codes, plane)
        case TopologyKind.MIN_AREA:
            return topology.too_small(codes, plane, rule.amount or 0.0)
        case TopologyKind.NO_SLIVER:
            return topology.slivers(codes, plane)
        case TopologyKind.INSIDE:
            around = _near(rule.other, degrees) if rule.other else []
            return topology.outside(codes, plane, _plane(layer, [row[1] for row in around]))
        case TopologyKind.COVERS:
            return _uncovered(rule, layer, codes, degrees, leaving)
    return []


def _uncovered(
    rule: TopologyRule, layer: Layer, codes: list[str], degrees: list[BaseGeometry], leaving: Sequence[str]
) -> list[Finding]:
    """Objects of the other layer near the change that the layer would no longer cover."""
    if rule.other is None:
        return []
    left = [row[1] for row in Feature.objects.filter(layer=layer, code__in=leaving, valid_to=None).values_list(
        "code", "geometry")]  # fmt: skip
    touched = _near(rule.other, [*degrees, *left])
    beside = _near(layer, [shape for _code, shape in touched], but=[*codes, *leaving]) if touched else []
    cover = _plane(layer, [*degrees, *(shape for _code, shape in beside)])
    return topology.uncovered([code for code, _shape in touched], _plane(layer, [row[1] for row in touched]), cover)


def _near(layer: Layer, shapes: Sequence[BaseGeometry], *, but: Sequence[str] = ()) -> list[tuple[str, BaseGeometry]]:
    """Current objects of a layer that touch the box of each shape."""
    found: dict[str, BaseGeometry] = {}
    rows = Feature.objects.filter(layer=layer, valid_to=None).exclude(code__in=but)
    boxes = shapely.box(*shapely.bounds(np.array(shapes, dtype=object)).T) if len(shapes) else []
    for area in boxes if len(shapes) <= 50 else [shapely.box(*shapely.total_bounds(list(shapes)))]:
        found.update(rows.filter(geometry__bbox_overlaps=area).values_list("code", "geometry"))
    return list(found.items())


def _plane(layer: Layer, shapes: Sequence[BaseGeometry]) -> Any:
    """The shapes in metres: the layer's entry system, VN-2000 of the province where that is degrees."""
    epsg = 9212 if SYSTEMS[layer.entry_epsg].is_degrees else layer.entry_epsg
    found = np.empty(len(shapes), dtype=object)
    found[:] = list(shapes)
    return from_wgs84(found, epsg) if len(shapes) else found


def _sentence(finding: Finding, rule: TopologyRule) -> str:
    amount = f"{finding.amount:,.1f}".replace(",", " ").replace(".", ",")
    match TopologyKind(rule.kind):
        case TopologyKind.NO_OVERLAP:
            return f"{finding.code} chồng {finding.other} {amount} m²."
        case TopologyKind.MIN_AREA:
            return f"{finding.code} chỉ rộng {amount} m², dưới mức {rule.amount:.0f} m²."
        case TopologyKind.NO_SLIVER:
            return f"{finding.code} có phần chỉ rộng {amount} m."
        case TopologyKind.INSIDE:
            return f"{finding.code} nằm ngoài lớp “{rule.other}” {amount} m²."
    return f"Lớp không còn phủ kín {finding.other} của “{rule.other}”, hở {amount} m²."
