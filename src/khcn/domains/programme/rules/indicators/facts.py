"""The facts that the indicators read, as frozen rows, and the measure that they give.

Dates are None while the thing has not happened. Nothing here knows where a fact is stored.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from ...choices import Grade, ProductType, Purpose, Sector


@dataclass(frozen=True, slots=True)
class TaskFact:
    """A task of the plan. grade: of the council. ended_without_result_on: failed, terminated or cancelled."""

    id: str
    code: str
    ordered_on: date | None = None
    contracted_on: date | None = None
    accepted_on: date | None = None
    grade: Grade | None = None
    recognised_on: date | None = None
    ended_without_result_on: date | None = None


@dataclass(frozen=True, slots=True)
class ProductFact:
    """A product of a task: type, purpose and sector as locked at the contract; grade of its own line at acceptance."""

    id: str
    task: str
    type: ProductType
    purpose: Purpose
    sector: Sector
    grade: Grade | None = None


@dataclass(frozen=True, slots=True)
class HandoverFact:
    """The hand-over of a product to its user, with the day on which both had signed."""

    product: str
    signed_on: date | None


@dataclass(frozen=True, slots=True)
class ApplicationFact:
    """One use of a product: by whom, from when to when, and the day the using organisation signed its confirmation.

    verified_by_inspection: for the host's own operations, an inspection saw the use.
    """

    id: str
    product: str
    user: str
    user_is_host: bool
    used_from: date
    used_until: date | None = None
    confirmed_on: date | None = None
    verified_by_inspection: bool = False


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure with the rows behind it.

    value: a count, or an exact share; None when the denominator is empty, printed "chưa có". excluded: `(id, reason)`
    of rows that a reader might expect to be counted, each reason a whole Vietnamese sentence.
    """

    value: int | Fraction | None
    numerator: tuple[str, ...]
    denominator: tuple[str, ...] = ()
    excluded: tuple[tuple[str, str], ...] = ()

    @property
    def text(self) -> str:
        """The figure for print: a count, a percentage with one decimal and a comma, or "chưa có".

        Rounding never makes a share whole or nothing: short of everything prints at most 99,9%, above nothing 0,1%.
        """
        if self.value is None:
            return "chưa có"
        if isinstance(self.value, int):
            return str(self.value)
        tenths = (self.value * 2000 + 1) // 2  # halves up, in tenths of a percent
        if 0 < self.value < 1:
            tenths = min(max(tenths, 1), 999)
        whole, tenth = divmod(tenths, 10)
        return f"{whole},{tenth}%" if tenth else f"{whole}%"


def share(numerator: Iterable[str], denominator: Iterable[str], excluded: Iterable[tuple[str, str]] = ()) -> Measure:
    """Return numerator ÷ denominator as a measure; None over an empty denominator, never 100 %."""
    counted, base = tuple(sorted(numerator)), tuple(sorted(denominator))
    value = Fraction(len(counted), len(base)) if base else None
    return Measure(value, counted, base, tuple(sorted(excluded)))


def count(ids: Iterable[str], excluded: Iterable[tuple[str, str]] = ()) -> Measure:
    """Return the number of rows as a measure."""
    counted = tuple(sorted(ids))
    return Measure(len(counted), counted, (), tuple(sorted(excluded)))


def exclude(row: str, reason: str) -> tuple[str, str]:
    """Return a pair for `Measure.excluded`."""
    return row, reason


def by(day: date | None, on: date) -> bool:
    """Tell whether something had happened by the end of `on`."""
    return day is not None and day <= on
