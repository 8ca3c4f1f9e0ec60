"""When a statutory time ends; pure, the calendar is passed in."""

import calendar as gregorian
from datetime import date, timedelta
from typing import Protocol


class Days(Protocol):
    """What a due date needs of a calendar: the day `count` working days after `start`."""

    def add_working_days(self, start: date, count: int, /) -> date:
        """The date `count` working days after `start`, not counting `start` itself."""
        ...

    def is_working_day(self, day: date, /) -> bool:
        """True when offices work on the day."""
        ...


def due_date(start: date, amount: int, unit: str, days: Days) -> date:
    """The last day of a time that begins the day after `start`.

    unit: "WD" working days, "CD" calendar days, "month" calendar months (31/01 + 1 month = the month's last day).
    A time in calendar days or months that ends on a day off ends on the next working day (Civil Code 2015, Art. 148.5).
    Raises ValueError for another unit or a negative amount.
    """
    if amount < 0:
        raise ValueError(f"a time of {amount} {unit} cannot run")
    if unit == "WD":
        return days.add_working_days(start, amount)
    if unit == "CD":
        end = start + timedelta(days=amount)
    elif unit == "month":
        year, month = divmod(start.year * 12 + start.month - 1 + amount, 12)
        end = date(year, month + 1, min(start.day, gregorian.monthrange(year, month + 1)[1]))
    else:
        raise ValueError(f"unknown unit of time {unit!r}")
    while not days.is_working_day(end):
        end += timedelta(days=1)
    return end


def days_late(due_on: date, stopped_on: date | None, today: date) -> int:
    """Calendar days past the due date, 0 when in time."""
    return max(0, ((stopped_on or today) - due_on).days)
