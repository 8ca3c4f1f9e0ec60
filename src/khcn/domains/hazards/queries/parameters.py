"""Reads the dated parameters."""

from datetime import date

from khcn.domains.hazards.models import HazardParameter
from khcn.domains.hazards.rules.parameters import Parameters


def parameters_on(on: date) -> Parameters:
    """The parameters in force on a day; of two, the one that began later."""
    rows = HazardParameter.objects.valid_on(on).order_by("valid_from").values_list("key", "value")
    return Parameters(dict(rows))
