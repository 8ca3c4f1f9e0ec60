"""Reads units and places: who holds a point on a date, which units follow which, how large they are."""

from datetime import date

from django.db.models import Q, QuerySet
from shapely.geometry import Point

from khcn.kernel.places.choices import UnitLevel
from khcn.kernel.places.models import AdministrativeSuccession, AdministrativeUnit, Place
from khcn.standards.geodesy import area_m2


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
