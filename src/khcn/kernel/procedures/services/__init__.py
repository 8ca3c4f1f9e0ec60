"""Writes of the procedures room: calendar, clocks, transitions, councils."""

from khcn.kernel.procedures.services.calendar import edit_day, remove_day, seed_calendar
from khcn.kernel.procedures.services.clocks import (
    cancel_clocks,
    explain_lateness,
    recompute_clocks,
    start_clock,
    stop_clock,
)
from khcn.kernel.procedures.services.transitions import log_transition

__all__ = [
    "cancel_clocks",
    "edit_day",
    "explain_lateness",
    "log_transition",
    "recompute_clocks",
    "remove_day",
    "seed_calendar",
    "start_clock",
    "stop_clock",
]
