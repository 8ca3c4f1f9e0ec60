"""Writes of the places room: places, boundaries and their editions, the list of administrative units."""

from khcn.kernel.places.services.editions import EditionReport, load_edition
from khcn.kernel.places.services.locating import BoundaryReport, load_boundaries, register_place
from khcn.kernel.places.services.units import SuccessionRow, UnitRow, load_units

__all__ = [
    "BoundaryReport", "EditionReport", "SuccessionRow", "UnitRow", "load_boundaries", "load_edition", "load_units",
    "register_place",
]  # fmt: skip
