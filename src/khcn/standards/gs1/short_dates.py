"""Dates of six or eight digits as element strings write them; a day 00 means the last day of the month where allowed.

It settles no century: 29 February of year 00 is taken as one of 2000.
"""

from khcn.standards.gs1.check_digits import is_digits

_MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def date_problem(text: str, *, digits: int, zero_day: bool = False) -> str:
    """What is wrong with a date YYMMDD (6) or YYYYMMDD (8), or an empty text."""
    if len(text) != digits or not is_digits(text):
        return f"a date has {digits} digits"
    year, month, day = int(text[:-4]) + (2000 if digits == 6 else 0), int(text[-4:-2]), int(text[-2:])
    if not 1 <= month <= 12:
        return f"there is no month {month:02d}"
    longest = _MONTH_DAYS[month - 1] + (month == 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0))
    return "" if (0 if zero_day else 1) <= day <= longest else f"there is no day {day:02d} in that month"
