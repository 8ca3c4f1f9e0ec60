"""The dated parameters of one day, read by name; a name that is not there is a fault of the reference data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


class ParameterMissing(LookupError):
    """The reference data of the day lack a parameter; the message names it."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """Parameters in force on a day, as texts."""

    values: Mapping[str, str]

    def number(self, key: str) -> float:
        """The number under a name. Raises ParameterMissing."""
        return float(self.text(key))

    def numbers(self, key: str) -> tuple[float, ...]:
        """The numbers under a name, divided by semicolons. Raises ParameterMissing."""
        return tuple(float(part) for part in self.text(key).split(";"))

    def text(self, key: str) -> str:
        """The text under a name. Raises ParameterMissing."""
        if key not in self.values:
            raise ParameterMissing(f"Thiếu tham số {key} trong dữ liệu tham chiếu.")
        return self.values[key]
