"""Reads units and places: who holds a point on a date, which units follow which, how large they are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import shapely
from django.db.models import Q, QuerySet
from shapely.geometry import MultiPoint, Point
from shapely.geometry.base import BaseGeometry

from khcn.kernel.places.choices import UnitLevel
from khcn.kernel.places.models import AdministrativeSuccession, AdministrativeUnit, Place, UnitBoundary
from khcn.standards.geodesy import area_m2

SCHEMATIC_EDGE_DEG = 0.08
"""How far a schematic cell reaches beyond the outermost centres."""


def units_on(on: date, *, level: UnitLevel | None = None, within: str = "") -> QuerySet[AdministrativeUnit]:
    """Units in force on the date, of one level, below the unit with the code `within`."""
    units = AdministrativeUnit.objects.valid_on(on)
    if level is not None:
        units = units.filter(level=level)
    if within:  # by code: a province renamed since keeps the communes that were filed under its earlier name
        units = units.filter(Q(parent__code=within) | Q(parent__parent__code=within))
    return units


def units_at(latitude: float, longitude: float, *, on: date) -> list[AdministrativeUnit]:
    """Units in force whose loaded boundary holds or touches the point, widest level first."""
    found = AdministrativeUnit.objects.valid_on(on).filter(geometry__intersects=Point(longitude, latitude))
    widest_first = UnitLevel.values()
    return sorted(found, key=lambda unit: (widest_first.index(unit.level), unit.code))


def successor_units_of(unit: AdministrativeUnit, *, on: date) -> list[AdministrativeUnit]:
    """The units that cover its territory on the date, itself while it stands; follows chains once each."""
    if unit.is_valid_on(on):
        return [unit]
    found: dict[int, AdministrativeUnit] = {}
    seen, frontier = {unit.pk}, [unit.pk]
    while frontier:
        links = AdministrativeSuccession.objects.filter(predecessor_id__in=frontier, on__lte=on)
        frontier = []
        for link in links.select_related("successor"):
            if link.successor_id in seen:
                continue
            seen.add(link.successor_id)
            if link.successor.is_valid_on(on):
                found[link.successor_id] = link.successor
            else:
                frontier.append(link.successor_id)
    return sorted(found.values(), key=lambda item: item.code)


def area_km2_of(unit: AdministrativeUnit) -> float | None:
    """Area of the loaded boundary on the ellipsoid, None without one."""
    return None if unit.geometry is None else area_m2(unit.geometry) / 1e6


def places_within(unit: AdministrativeUnit) -> QuerySet[Place]:
    """Places that lie in the unit's boundary; those registered under it where no boundary is loaded."""
    if unit.geometry is None:
        return Place.objects.filter(unit=unit)
    return Place.objects.filter(geometry__intersects=unit.geometry)


@dataclass(frozen=True, slots=True)
class Cell:
    """A unit as an area for a small-scale map; schematic: no boundary is loaded and the cell only lies round it."""

    code: str
    name: str
    shape: BaseGeometry
    is_schematic: bool


def cells_on(on: date, *, level: UnitLevel = UnitLevel.COMMUNE, within: str = "") -> list[Cell]:
    """The units of a level on a date as areas: simplified boundaries, else schematic cells round their centres.

    Schematic cells part the land between the centres and never pass for boundaries: draw them with that label.
    """
    units = list(units_on(on, level=level, within=within).order_by("code"))
    simplified = {
        row.unit_id: row.simplified
        for row in UnitBoundary.objects.filter(unit__in=units).order_by("edition__holds_on", "edition_id")
    }
    with_shape = [(unit, simplified.get(unit.pk, unit.geometry)) for unit in units]
    cells = [Cell(unit.code, unit.name, shape, is_schematic=False) for unit, shape in with_shape if shape is not None]
    bare = [unit for unit, shape in with_shape if shape is None and unit.latitude is not None]
    return cells + _schematic(bare)


def _schematic(units: list[AdministrativeUnit]) -> list[Cell]:
    """One cell per centre: what is nearer to it than to any other, cut at some distance from the outermost."""
    points = {(unit.longitude, unit.latitude): unit for unit in units}
    if not points:
        return []
    centres, found = MultiPoint(list(points)), list(points.values())
    edge = centres.convex_hull.buffer(SCHEMATIC_EDGE_DEG)
    if len(points) == 1:
        (unit,) = points.values()
        return [Cell(unit.code, unit.name, edge, is_schematic=True)]
    shapes = np.array(shapely.voronoi_polygons(centres, extend_to=edge).geoms, dtype=object)
    # a tree finds each cell's centre: trying every centre on every cell takes seconds for the communes of the country
    which, where = shapely.STRtree(shapes).query(shapely.points(list(points)), predicate="within")
    cells = [
        Cell(found[unit].code, found[unit].name, shape, is_schematic=True)
        for unit, shape in zip(which, shapely.intersection(shapes[where], edge), strict=True)
    ]
    return sorted(cells, key=lambda one: one.code)


def shares_of(unit: AdministrativeUnit, *, on: date) -> list[tuple[AdministrativeUnit, float | None]]:
    """The units that hold its territory on the date with the part of its area each got; None: not measured.

    Follows chains: the part of a part is the product. Parts of zero (borders that only touch) are left out.
    """
    found: dict[int, tuple[AdministrativeUnit, float | None]] = {}
    frontier: list[tuple[AdministrativeUnit, float | None]] = [(unit, 1.0)]
    seen = {unit.pk}
    while frontier:
        current, part = frontier.pop()
        if current.is_valid_on(on):
            before = found.get(current.pk, (current, 0.0))[1]
            known = part is not None and before is not None
            found[current.pk] = (current, round(before + part, 6) if known else None)  # type: ignore[operator]
            continue
        for link in current.succeeded_by.filter(on__lte=on).select_related("successor"):
            if link.area_share == 0 or (link.successor_id in seen and not link.successor.is_valid_on(on)):
                continue
            seen.add(link.successor_id)
            share = link.area_share if link.is_partial else link.area_share or 1.0
            frontier.append((link.successor, None if part is None or share is None else part * share))
    return sorted(found.values(), key=lambda item: item[0].code)


def codes_at(longitudes: Any, latitudes: Any, areas: Sequence[tuple[str, BaseGeometry]]) -> list[str]:
    """The code of the area that holds each point, empty where none does; for many points at once.

    areas: (code, shape) that do not overlap, such as `cells_on` gives. A point on a border goes to one of the two.
    """
    codes = [code for code, _shape in areas]
    shapes = np.array([shape for _code, shape in areas], dtype=object)
    found = np.full(len(longitudes), -1)
    for place, shape in enumerate(shapes):
        shapely.prepare(shape)
        west, south, east, north = shape.bounds
        near = np.flatnonzero(
            (found < 0) & (longitudes >= west) & (longitudes <= east) & (latitudes >= south) & (latitudes <= north)
        )
        found[near[shapely.intersects_xy(shape, longitudes[near], latitudes[near])]] = place
    return [codes[place] if place >= 0 else "" for place in found]


@dataclass(frozen=True, slots=True)
class AreasOfFile:
    """Areas in a file of map data: the code of each, its shape in WGS 84 (None where it has none), the system read.

    notes: what the reader did to the file, as sentences.
    """

    codes: tuple[str, ...]
    shapes: tuple[BaseGeometry | None, ...]
    epsg: int
    notes: tuple[str, ...] = ()


AreaReader = Callable[[bytes, str, int], AreasOfFile]
_area_readers: list[AreaReader] = []


def register_area_reader(reader: AreaReader) -> None:
    """Make known who reads files of map data: (content, filename, EPSG or 0 for what the file says); wiring only."""
    _area_readers[:] = [reader]


def areas_of_file(content: bytes, filename: str, epsg: int = 0) -> AreasOfFile:
    """The areas in a file that a person sent. Raises the reader's Failure, and LookupError without a reader."""
    if not _area_readers:
        raise LookupError("no reader of map files is registered")
    return _area_readers[0](content, filename, epsg)
