"""Dated thresholds of the room of marks."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from khcn.domains.marks.models import MarkParameter


def parameters_on(on: date) -> Mapping[str, Decimal]:
    """Every threshold in force, by key; the latest row where several are."""
    return dict(MarkParameter.objects.valid_on(on).order_by("valid_from").values_list("key", "value"))
