"""Reporting periods of the programme: which days a report covers and when it leaves the province.

The arithmetic of periods is in `khcn.lib.periods`; here is which basis a report uses. Cut-offs are parameters: a
People's Committee may set its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from khcn.lib.periods import Period, half_year, month, quarter, year_period

from ..choices import PeriodBasis, PeriodKind

_PER_YEAR = {PeriodKind.MONTH: 12, PeriodKind.QUARTER: 4, PeriodKind.HALF_YEAR: 2, PeriodKind.YEAR: 1}


@dataclass(frozen=True, slots=True)
class ReportingRules:
    """The last day counted of a month in administrative reports, the committee's own or None, and the due day."""

    cutoff_day: int
    province_due_day: int
    own_cutoff_day: int | None = None

    @classmethod
    def from_parameters(cls, values: Mapping[str, str]) -> ReportingRules:
        """Read them from resolved parameters `reporting.*`. Raises KeyError for a missing one."""
        own = values.get("reporting.own_cutoff_day")
        return cls(
            cutoff_day=int(values["reporting.cutoff_day"]),
            province_due_day=int(values["reporting.province_due_day"]),
            own_cutoff_day=int(own) if own else None,
        )


@dataclass(frozen=True, slots=True)
class ReportingPeriod:
    """A period with the facts a report needs of it. cutoff_on: last day counted; due_on: last day to send it up.

    due_on is None for statistics and ad hoc reports, whose due day stands in the request.
    """

    kind: PeriodKind
    basis: PeriodBasis
    year: int
    number: int
    days: Period
    cutoff_on: date
    due_on: date | None


def reporting_period(
    kind: PeriodKind, basis: PeriodBasis, year: int, number: int, rules: ReportingRules
) -> ReportingPeriod:
    """Return the `number`-th period of `kind` in `year` (1 for a year).

    Administrative: month from the 15th to the 14th, quarter from the 15th of the month before to the 14th of its last
    month, half-year 15/12 to 14/6 and 15/6 to 14/12, year 15/12 to 14/12; due on the 25th of the closing month.
    Statistical: whole calendar periods. Raises ValueError for an ad hoc period or a number out of range.
    Source: NĐ 09/2019/NĐ-CP, Điều 12, 13; NĐ 60/2018/NĐ-CP.
    """
    if kind not in _PER_YEAR or not 1 <= number <= _PER_YEAR[kind]:
        raise ValueError(f"no {kind} number {number}")
    cut_off = _cut_off(basis, rules)
    days = {
        PeriodKind.MONTH: lambda: month(year, number, cut_off=cut_off),
        PeriodKind.QUARTER: lambda: quarter(year, number, cut_off=cut_off),
        PeriodKind.HALF_YEAR: lambda: half_year(year, number, cut_off=cut_off),
        PeriodKind.YEAR: lambda: year_period(year, cut_off=cut_off),
    }[kind]()
    due = None if basis is PeriodBasis.STATISTICAL else days.end.replace(day=rules.province_due_day)
    return ReportingPeriod(kind, basis, year, number, days, days.end, due)


def ad_hoc_period(start: date, end: date, name: str, due_on: date | None = None) -> ReportingPeriod:
    """Return a period of any days, for a special report. Raises ValueError when it ends before it starts."""
    days = Period(start, end, name)
    return ReportingPeriod(PeriodKind.AD_HOC, PeriodBasis.OWN, end.year, 1, days, end, due_on)


def period_containing(kind: PeriodKind, basis: PeriodBasis, day: date, rules: ReportingRules) -> ReportingPeriod:
    """Return the period of `kind` that counts `day`; 15 December opens the periods of the next year."""
    for year in (day.year, day.year + 1):
        for number in range(1, _PER_YEAR[kind] + 1):
            period = reporting_period(kind, basis, year, number, rules)
            if day in period.days:
                return period
    raise ValueError(f"no {kind} counts {day}")


def period_before(period: ReportingPeriod, rules: ReportingRules) -> ReportingPeriod:
    """Return the period of the same kind and basis that ends the day before this one starts."""
    year, number = (period.year, period.number - 1) if period.number > 1 else (period.year - 1, _PER_YEAR[period.kind])
    return reporting_period(period.kind, period.basis, year, number, rules)


def _cut_off(basis: PeriodBasis, rules: ReportingRules) -> int | None:
    if basis is PeriodBasis.STATISTICAL:
        return None
    return rules.own_cutoff_day or rules.cutoff_day if basis is PeriodBasis.OWN else rules.cutoff_day
