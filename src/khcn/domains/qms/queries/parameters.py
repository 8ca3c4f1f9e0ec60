"""Reads the dated parameters: weights, thresholds and terms in force on a day."""

from datetime import date

from khcn.domains.qms.models import Parameter
from khcn.domains.qms.rules.effectiveness import SCORES, Parameters


def parameters_on(on: date) -> dict[str, Parameter]:
    """The rows in force on the day by key; the latest start wins."""
    return {row.key: row for row in Parameter.objects.valid_on(on).order_by("valid_from", "id")}  # type: ignore[attr-defined]


def number_on(key: str, on: date) -> int:
    """One parameter as a whole number. Raises LookupError when none is in force: reference data is not loaded."""
    row = parameters_on(on).get(key)
    if row is None:
        raise LookupError(f"parameter {key} is not in force on {on}; load the reference data")
    return int(row.value)


def scoring_on(on: date) -> Parameters:
    """Weights and threshold in force on the day. Raises LookupError."""
    rows = parameters_on(on)
    missing = [key for key in (*(f"weight.{code}" for code in SCORES), "threshold") if key not in rows]
    if missing:
        raise LookupError(f"parameters {missing} are not in force on {on}; load the reference data")
    return Parameters(
        weights={code: int(rows[f"weight.{code}"].value) for code in SCORES},
        threshold=int(rows["threshold"].value),
        decision=rows["threshold"].decision,
    )
