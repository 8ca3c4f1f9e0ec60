"""How a statutory time stands on a day; the calendar's own arithmetic is in `lib.calendar`."""

from datetime import date


def days_late(due_on: date, stopped_on: date | None, today: date) -> int:
    """Calendar days past the due date, 0 when in time."""
    return max(0, ((stopped_on or today) - due_on).days)
