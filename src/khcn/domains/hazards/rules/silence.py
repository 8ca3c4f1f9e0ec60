"""Whether a series is heard of: on time, late, or silent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from khcn.lib.labelled import Labelled, gettext_noop


class Hearing(Labelled):
    """How a series is heard of now."""

    NEVER = "never", gettext_noop("Chưa có số liệu")
    ON_TIME = "on_time", gettext_noop("Đúng giờ")
    LATE = "late", gettext_noop("Chậm")
    SILENT = "silent", gettext_noop("Mất liên lạc")


@dataclass(frozen=True, slots=True)
class Patience:
    """After how many intervals, and after what time at least, a late series counts as silent."""

    intervals: float
    least: timedelta


def hearing_of(
    newest: datetime | None, *, interval_s: int, latency_s: int, now: datetime, patience: Patience
) -> Hearing:
    """Return how a series is heard of. An irregular series (interval 0) is late after its latency."""
    if newest is None:
        return Hearing.NEVER
    age = now - newest
    due = timedelta(seconds=interval_s + latency_s)
    if age <= due:
        return Hearing.ON_TIME
    return Hearing.SILENT if age > max(due * patience.intervals, patience.least) else Hearing.LATE
