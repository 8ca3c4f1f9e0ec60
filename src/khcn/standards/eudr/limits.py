"""Limits and findings of the EUDR rules; values come from the caller's dated data."""

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Limits:
    """What the information system accepts: hectares, decimals, bytes and counts."""

    point_most_ha: float
    point_least_ha: float
    decimals: int
    package_most_bytes: int
    commodities: int
    producers_per_commodity: int
    producers_per_statement: int
    species_per_commodity: int
    grouped: int
    description_letters: int
    reference_letters: int
    producer_letters: int

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Names of all limits."""
        return tuple(field.name for field in fields(cls))


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that is broken: a stable code, the place as a JSON Pointer, and what was found there.

    is_fatal: the information system refuses it; otherwise it would change or ignore what was meant.
    """

    code: str
    pointer: str
    detail: str = ""
    is_fatal: bool = True
