"""Which days a report covers, by the cut-offs in force; the arithmetic is a rule, the parameters are dated rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from khcn.domains.programme.choices import PeriodBasis, PeriodKind, ReportCode
from khcn.domains.programme.queries.law import parameters_of, rule_set_in_force
from khcn.domains.programme.rules.periods import (
    ReportingPeriod,
    ReportingRules,
    period_before,
    period_containing,
    reporting_period,
)

KEYS: Final = ("reporting.cutoff_day", "reporting.province_due_day", "reporting.own_cutoff_day")
#: The period in which each report is usual. Source: design of the reports, §6.1; NĐ 09/2019/NĐ-CP, Điều 12.
USUAL: Final[Mapping[ReportCode, PeriodKind]] = {
    ReportCode.R1: PeriodKind.QUARTER,
    ReportCode.R2: PeriodKind.MONTH,
    ReportCode.R3: PeriodKind.QUARTER,
    ReportCode.R4: PeriodKind.HALF_YEAR,
    ReportCode.R5: PeriodKind.MONTH,
    ReportCode.R6: PeriodKind.QUARTER,
    ReportCode.R7: PeriodKind.YEAR,
    ReportCode.R8: PeriodKind.HALF_YEAR,
    ReportCode.R9: PeriodKind.YEAR,
    ReportCode.R10: PeriodKind.YEAR,
    ReportCode.R11: PeriodKind.HALF_YEAR,
    ReportCode.R12: PeriodKind.AD_HOC,
}


@dataclass(frozen=True, slots=True)
class Preset:
    """A period on offer: the value a form sends ("quarter-2025-2") and the period itself."""

    value: str
    period: ReportingPeriod


def reporting_rules(*, on: date) -> ReportingRules:
    """The cut-offs in force on the date."""
    return ReportingRules.from_parameters(parameters_of(rule_set_in_force(on=on), on=on, keys=KEYS))


def recent_periods(kind: PeriodKind, basis: PeriodBasis, *, on: date, count: int) -> list[ReportingPeriod]:
    """The period that counts the date and those before it, latest first."""
    rules = reporting_rules(on=on)
    periods = [period_containing(kind, basis, on, rules)]
    while len(periods) < count:
        periods.append(period_before(periods[-1], rules))
    return periods


def presets(*, on: date, count: int = 8) -> list[Preset]:
    """Months, quarters, half-years and years on offer under the administrative calendar, latest first in each kind."""
    return [
        Preset(f"{kind.value}-{period.year}-{period.number}", period)
        for kind in (PeriodKind.QUARTER, PeriodKind.MONTH, PeriodKind.HALF_YEAR, PeriodKind.YEAR)
        for period in recent_periods(kind, PeriodBasis.ADMINISTRATIVE, on=on, count=count if kind != "year" else 6)
    ]


def period_of(kind: PeriodKind, basis: PeriodBasis, year: int, number: int, *, on: date) -> ReportingPeriod:
    """One period by its year and number, with the cut-offs in force on the date. Raises ValueError for none such."""
    return reporting_period(kind, basis, year, number, reporting_rules(on=on))


def name_of(kind: PeriodKind, start: date, end: date) -> str:
    """A stored period's printed name, from its kind and its last day."""
    if kind is PeriodKind.AD_HOC:
        return f"Từ {start:%d/%m/%Y} đến {end:%d/%m/%Y}"
    if kind is PeriodKind.MONTH:
        return f"Tháng {end.month} năm {end.year}"
    if kind is PeriodKind.QUARTER:
        return f"Quý {('I', 'II', 'III', 'IV')[(end.month - 1) // 3]} năm {end.year}"
    if kind is PeriodKind.HALF_YEAR:
        return f"6 tháng đầu năm {end.year}" if end.month <= 6 else f"6 tháng cuối năm {end.year}"
    return f"Năm {end.year}"
