"""Reads the dated words, numbers and duties of warnings, and units of a day by their codes."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from khcn.domains.warnings.models import DutyRule, WarningParameter, WarningTemplate
from khcn.domains.warnings.rules.composing import Place, names_of
from khcn.kernel.places.choices import UnitLevel
from khcn.kernel.places.queries import cells_on, units_on

#: Rings of warnings are simplified to this, in degrees, until they are short enough.
COARSER = (0.0, 0.001, 0.002, 0.003, 0.005, 0.01, 0.02)
LONGEST_RING = 250


def numbers_on(on: date, key: str, usual: Sequence[float]) -> tuple[float, ...]:
    """The numbers under a key on a day; `usual` before reference data are loaded."""
    row = WarningParameter.objects.valid_on(on).filter(key=key).order_by("-valid_from").first()
    return tuple(float(part) for part in row.value.split(";")) if row else tuple(usual)


def template_for(hazard: str, level: int | None, *, on: date) -> WarningTemplate | None:
    """The words of a hazard at a level on a day; those of the lowest level where none is stated."""
    rows = WarningTemplate.objects.valid_on(on).filter(hazard__in=[hazard, "other"])
    ranked = sorted(rows, key=lambda one: (one.hazard != hazard, abs(one.level - (level or 1)), one.level))
    return ranked[0] if ranked else None


def duties_at(level: int, *, on: date) -> list[DutyRule]:
    """The duties of a level on a day."""
    return list(DutyRule.objects.valid_on(on).filter(level_from__lte=level, level_to__gte=level))


def named_units(codes: Iterable[str], *, on: date) -> tuple[tuple[str, str], ...]:
    """(code, name) of the communes in force on the day among the codes, in the order of their codes."""
    rows = units_on(on, level=UnitLevel.COMMUNE).filter(code__in=list(codes))
    return tuple(dict(rows.order_by("code").values_list("code", "name")).items())


def all_units(on: date) -> list[tuple[str, str]]:
    """(code, name) of every commune in force on the day, by name."""
    return list(units_on(on, level=UnitLevel.COMMUNE).order_by("folded").values_list("code", "name"))


def place_of(codes: Sequence[str], ring: Sequence[Sequence[float]], name: str, *, on: date) -> Place:
    """Where a message holds: units by code, their boundaries simplified, and a drawn ring.

    Schematic cells are no boundaries and never stand in a message.
    """
    units = named_units(codes, on=on)
    wanted = {code for code, _name in units}
    rings = []
    if ring:
        rings.append(tuple((round(float(y), 5), round(float(x), 5)) for y, x in ring))
    else:
        for cell in cells_on(on, level=UnitLevel.COMMUNE):
            if cell.code in wanted and not cell.is_schematic:
                rings += _rings_of(cell.shape)
    return Place(name or names_of(units) or "–", units, tuple(rings), on.year)


def _rings_of(shape: Any) -> list[tuple[tuple[float, float], ...]]:
    parts = shape.geoms if shape.geom_type == "MultiPolygon" else [shape]
    found = []
    for part in parts:
        for tolerance in COARSER:
            simple = part.simplify(tolerance) if tolerance else part
            if simple.geom_type == "Polygon" and len(simple.exterior.coords) <= LONGEST_RING:
                found.append(tuple((round(y, 5), round(x, 5)) for x, y in simple.exterior.coords))
                break
    return found
