"""The area of a right on a day, ready to be asked how much of a plot, a point or a commune lies in it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import shapely
from django.db.models import Q
from shapely.geometry.base import BaseGeometry

from khcn.domains.marks.models import AreaVersion, Right
from khcn.domains.marks.rules.spans import INSIDE, OUTSIDE, UNKNOWN, Passing, Span, Territory
from khcn.kernel.places.choices import UnitLevel
from khcn.kernel.places.models import AdministrativeSuccession, AdministrativeUnit
from khcn.kernel.places.queries import cells_on
from khcn.standards.geodesy import area_m2


@dataclass(frozen=True, slots=True)
class AreaView:
    """One version of an area. shape: drawn, or put together of the boundaries of all listed communes; else None.

    ties: the listed communes and those that came before or after them.
    """

    area: AreaVersion
    shape: BaseGeometry | None
    is_drawn: bool
    territory: Territory
    ties: frozenset[int] = frozenset()

    def of_shape(self, plot: BaseGeometry) -> Span:
        """The part of a plot's area that lies inside; unknown where the area has no shape."""
        if self.shape is None:
            return UNKNOWN
        if self.shape.contains(plot):
            return INSIDE
        if not self.shape.intersects(plot):
            return OUTSIDE
        whole = area_m2(plot)
        if whole <= 0:
            return INSIDE if self.shape.covers(plot) else OUTSIDE
        share = min(1.0, area_m2(self.shape.intersection(plot)) / whole)
        return Span(share, share)

    def of_unit(self, unit: int, boundary: BaseGeometry | None = None) -> Span:
        """The part of a commune's territory that lies inside: by the list of communes and their successions, else by
        its boundary where one is loaded.
        """
        if self.territory.listed:
            return self.territory.of(unit)
        return UNKNOWN if boundary is None else self.of_shape(boundary)


def area_on(right: Right, on: date) -> AreaVersion | None:
    """The issued version that describes the area on a day."""
    rows = AreaVersion.objects.valid_on(on).filter(right=right, issued_at__isnull=False)
    return rows.order_by("-number").first()


def view_of(area: AreaVersion) -> AreaView:
    """The area ready to be asked; reads its communes, their boundaries and the successions round them."""
    listed = list(area.units.values_list("unit_id", flat=True))
    shape, is_drawn = area.geometry, area.geometry is not None
    if shape is None and listed:
        shape = _put_together(listed)
    if shape is not None:
        shapely.prepare(shape)
    passings = _passings(listed)
    ties = frozenset(listed).union(*((one.before, one.after) for one in passings))
    return AreaView(area, shape, is_drawn, Territory(listed, passings), ties)


def _put_together(listed: list[int]) -> BaseGeometry | None:
    boundaries = list(AdministrativeUnit.objects.filter(pk__in=listed).values_list("geometry", flat=True))
    return None if any(one is None for one in boundaries) else shapely.union_all(boundaries)


def _passings(listed: list[int]) -> list[Passing]:
    """Successions tied to the listed communes, with the other parents of their successors, along the chains."""
    found: dict[tuple[int, int], Passing] = {}
    frontier, seen = set(listed), set(listed)
    while frontier:
        links = AdministrativeSuccession.objects.filter(
            Q(predecessor__in=frontier) | Q(successor__in=frontier),
            predecessor__level=UnitLevel.COMMUNE, successor__level=UnitLevel.COMMUNE,
        )  # fmt: skip
        for link in links:
            part = link.area_share if link.is_partial else 1.0
            found[(link.predecessor_id, link.successor_id)] = Passing(link.predecessor_id, link.successor_id, part)
        frontier = {end for pair in found for end in pair} - seen
        seen |= frontier
    return list(found.values())


def rings_of(view: AreaView) -> list[tuple[str, list[tuple[float, float]]]]:
    """What a small map draws of an area: (name, ring), its shape or schematic cells of its communes."""
    if view.shape is not None:
        simple = shapely.simplify(view.shape, 0.0005)
        return [(str(view.area.right), ring) for ring in _rings(simple)]
    codes = set(view.area.units.values_list("unit__code", flat=True))
    cells = cells_on(view.area.units_on, level=UnitLevel.COMMUNE)
    return [(cell.name, ring) for cell in cells if cell.code in codes for ring in _rings(cell.shape)]


def _rings(shape: BaseGeometry) -> list[list[tuple[float, float]]]:
    parts: Any = getattr(shape, "geoms", [shape])
    return [[(x, y) for x, y in part.exterior.coords] for part in parts if part.geom_type == "Polygon"]


def successors_on(view: AreaView, on: date) -> list[tuple[AdministrativeUnit, Span]]:
    """The communes in force on a day that hold land of the area, with how much of each lies in it."""
    units = AdministrativeUnit.objects.valid_on(on).filter(pk__in=view.ties)
    found = [(unit, view.of_unit(unit.pk)) for unit in units.defer("geometry").order_by("folded", "code")]
    return [(unit, span) for unit, span in found if span.high > 0]
