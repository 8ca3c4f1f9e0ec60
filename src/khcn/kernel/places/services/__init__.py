"""Writes of the places room: places, boundaries, the list of administrative units."""

from khcn.kernel.places.services.locating import BoundaryReport, load_boundaries, register_place
from khcn.kernel.places.services.units import SuccessionRow, UnitRow, load_units

__all__ = ["BoundaryReport", "SuccessionRow", "UnitRow", "load_boundaries", "load_units", "register_place"]
