"""Periods in which objectives are measured."""

from datetime import date, timedelta

from khcn.domains.qms.choices import Frequency

MONTHS = {Frequency.MONTH: 1, Frequency.QUARTER: 3, Frequency.HALF_YEAR: 6, Frequency.YEAR: 12}


def periods_of(year: int, frequency: str) -> list[tuple[date, date]]:
    """First and last day of each period of the year."""
    step = MONTHS[Frequency(frequency)]
    found = []
    for month in range(1, 13, step):
        after = month + step
        end = date(year + 1, 1, 1) if after > 12 else date(year, after, 1)
        found.append((date(year, month, 1), end - timedelta(days=1)))
    return found


def ended_periods(year: int, frequency: str, *, on: date) -> list[tuple[date, date]]:
    """The periods of the year that have ended on the day."""
    return [period for period in periods_of(year, frequency) if period[1] <= on]
