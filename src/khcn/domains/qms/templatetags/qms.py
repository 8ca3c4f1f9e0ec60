"""Filters of the verdict's pages: shares as percent, names of gates and parts, gates that do not hold."""

from fractions import Fraction
from typing import Any

from django import template
from django.utils.translation import gettext

from khcn.domains.qms.rules.effectiveness import NAMES

register = template.Library()


@register.filter
def as_percent(value: Any) -> str:
    """A share (Fraction, or its text "3/4") as a number of percent with one digit."""
    return f"{float(Fraction(value) * 100):.1f}"


@register.filter
def missing(gates: dict[str, dict[str, Any]]) -> str:
    """Codes of the gates that do not hold: "G2, G4"."""
    return ", ".join(code for code, gate in sorted(gates.items()) if not gate["holds"])


@register.filter
def part_name(code: str) -> str:
    """The translated name of a gate or of a part of the score: "G1" is "Công bố"."""
    return gettext(NAMES[code]) if code in NAMES else ""
