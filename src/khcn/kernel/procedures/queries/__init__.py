"""Reads of the procedures room: calendar, clocks, transitions, councils."""

from khcn.kernel.procedures.queries.clocks import (
    ClockTally,
    calendar,
    clock_tally,
    clocks_of,
    clocks_waiting_for,
    open_clocks_of,
    overdue_clocks,
    transitions_of,
)
from khcn.kernel.procedures.queries.councils import (
    Turnout,
    ballots_visible_to,
    council_of,
    has_secretary_signed,
    missing_reviews,
    present_voters,
    reviews_visible_to,
    seat_of,
    sitting_seats,
    subjects_judging,
    turnout,
)

__all__ = [
    "ClockTally",
    "Turnout",
    "ballots_visible_to",
    "calendar",
    "clock_tally",
    "clocks_of",
    "clocks_waiting_for",
    "council_of",
    "has_secretary_signed",
    "missing_reviews",
    "open_clocks_of",
    "overdue_clocks",
    "present_voters",
    "reviews_visible_to",
    "seat_of",
    "sitting_seats",
    "subjects_judging",
    "transitions_of",
    "turnout",
]
