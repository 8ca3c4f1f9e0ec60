"""Refusals of the hazards room.

Failure
└── Refused
    ├── ObservationRefused  a value, or a batch of values, that cannot be kept; says which and why
    ├── StationFileRefused  a file of observations that cannot be used
    └── RuleSetRefused      a decision table that may not take this step, or does not hold together
"""

from khcn.lib.failure import Refused


class ObservationRefused(Refused):
    """A value, or a batch of values, that cannot be kept. faults: (place in the batch, sentence)."""

    code = "observation_refused"

    def __init__(self, message: str = "", *, faults: tuple[tuple[int, str], ...] = (), field: str = "") -> None:
        super().__init__(message, field=field)
        self.faults = faults


class StationFileRefused(Refused):
    """A file of observations that cannot be used."""

    code = "station_file_refused"


class RuleSetRefused(Refused):
    """A decision table that may not take this step, or does not hold together."""

    code = "rule_set_refused"
