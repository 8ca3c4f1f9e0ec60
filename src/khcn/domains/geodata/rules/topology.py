"""Topology of layers, computed in metres or degrees alike: overlaps, slivers, least areas, inside and covering.

Pure: shapes in one plane come in, findings go out. Nothing is mended here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

#: A part of an overlap thinner or smaller than this is the noise of drawing, not an overlap.
LEAST_OVERLAP_M2 = 1.0
#: Four pi times area over squared perimeter, 1 for a circle; below this and narrow an area is a sliver.
SLIVER_ROUNDNESS = 0.02
#: Widest a sliver is, in metres: twice the area over the perimeter.
SLIVER_WIDTH_M = 2.0


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that an object breaks: the rule's kind, the object, the other one where there is one, and how much.

    amount: square metres of the overlap, of the area, or outside; metres of a sliver's width.
    """

    kind: str
    code: str
    other: str = ""
    amount: float = 0.0


def overlaps(codes: Sequence[str], shapes: Any, other_codes: Sequence[str], other_shapes: Any) -> list[Finding]:
    """Pairs whose interiors share more than a square metre; a shape is not compared with its own code."""
    mine, others = np.asarray(shapes, dtype=object), np.asarray(other_shapes, dtype=object)
    found: list[Finding] = []
    seen: set[tuple[str, str]] = set()
    if not len(mine) or not len(others):
        return found
    left, right = shapely.STRtree(others).query(mine, predicate="intersects")
    areas = shapely.area(shapely.intersection(mine[left], others[right]))
    for first, second, area in zip(left, right, areas, strict=True):
        pair = (codes[first], other_codes[second])
        if area < LEAST_OVERLAP_M2 or pair[0] == pair[1] or pair[::-1] in seen:
            continue
        seen.add(pair)
        found.append(Finding("no_overlap", *pair, round(float(area), 1)))
    return found


def too_small(codes: Sequence[str], shapes: Any, least_m2: float) -> list[Finding]:
    """Areas below the least."""
    areas = shapely.area(np.asarray(shapes, dtype=object))
    return [
        Finding("min_area", code, amount=round(float(area), 1))
        for code, area in zip(codes, areas, strict=True)
        if area < least_m2
    ]


def slivers(codes: Sequence[str], shapes: Any) -> list[Finding]:
    """Areas, or parts of areas, that are long and narrower than two metres."""
    parts, owners = shapely.get_parts(np.asarray(shapes, dtype=object), return_index=True)
    areas, around = shapely.area(parts), shapely.length(parts)
    found: dict[str, Finding] = {}
    for owner, area, length in zip(owners, areas, around, strict=True):
        width = 2 * area / length if length else 0.0
        if length and width < SLIVER_WIDTH_M and 4 * np.pi * area / length**2 < SLIVER_ROUNDNESS:
            found.setdefault(codes[owner], Finding("no_sliver", codes[owner], amount=round(float(width), 2)))
    return list(found.values())


def outside(codes: Sequence[str], shapes: Any, containers: Any) -> list[Finding]:
    """Objects that do not lie in the union of the containers; amount: area outside, 0 for points and lines."""
    cover = shapely.union_all(np.asarray(containers, dtype=object))
    found = []
    for code, shape in zip(codes, shapes, strict=True):
        if cover.covers(shape):
            continue
        left = shape.difference(cover)
        if shape.area and left.area < LEAST_OVERLAP_M2:
            continue
        found.append(Finding("inside", code, amount=round(float(left.area), 1)))
    return found


def uncovered(codes: Sequence[str], shapes: Any, covering: Any) -> list[Finding]:
    """Objects of the other layer that the union of this one does not cover."""
    return [Finding("covers", "", one.code, one.amount) for one in outside(codes, shapes, covering)]
