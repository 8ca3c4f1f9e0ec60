"""Series by hour, day and month: a bucket with a hole says so, and a sum with a hole is not known.

A value ends its interval, so it belongs to the bucket (start, end]. Pure: points in, buckets out; edges are handed in.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from khcn.domains.hazards.choices import Aggregation
from khcn.lib.dates import VIETNAM

Point = tuple[datetime, float | None]


@dataclass(frozen=True, slots=True)
class Bucket:
    """The value of (start, end], None where too much is missing.

    known of expected values were there (expected 0: an irregular series). least: what a sum or maximum amounts to at
    least, although it has holes; None where nothing is known.
    """

    start: datetime
    end: datetime
    value: float | None
    known: int
    expected: int
    least: float | None = None
    smallest: float | None = None
    largest: float | None = None

    @property
    def has_hole(self) -> bool:
        """Whether values are missing."""
        return self.known < self.expected


def into_buckets(
    points: Iterable[Point], edges: Sequence[datetime], *, aggregation: Aggregation, interval_s: int,
    fewest_share: float,
) -> list[Bucket]:  # fmt: skip
    """Return one bucket between each two edges. Points outside the edges are passed over.

    A sum needs every value; means, maxima and minima need `fewest_share` of those expected (0 to 1).
    """
    values: list[list[float]] = [[] for _ in edges[1:]]
    for at, value in points:
        place = bisect_left(edges, at) - 1
        if value is not None and 0 <= place < len(values):
            values[place].append(value)
    found = []
    for (start, end), known in zip(pairwise(edges), values, strict=True):
        expected = round((end - start).total_seconds() / interval_s) if interval_s else 0
        needed = expected if aggregation is Aggregation.SUM else expected * fewest_share
        whole = bool(known) and len(known) >= needed
        found.append(
            Bucket(
                start, end, _amount(known, aggregation) if whole else None, len(known), expected,
                least=_least(known, aggregation), smallest=min(known, default=None), largest=max(known, default=None),
            )
        )  # fmt: skip
    return found


def _amount(known: Sequence[float], aggregation: Aggregation) -> float:
    match aggregation:
        case Aggregation.SUM:
            return round(sum(known), 6)
        case Aggregation.MAX:
            return max(known)
        case Aggregation.MIN:
            return min(known)
    return round(sum(known) / len(known), 6)


def _least(known: Sequence[float], aggregation: Aggregation) -> float | None:
    if not known:
        return None
    if aggregation is Aggregation.SUM:
        return round(sum(known), 6)
    return max(known) if aggregation is Aggregation.MAX else None


def hour_edges(first: datetime, last: datetime) -> list[datetime]:
    """Return the full hours from the one at or before `first` to the one at or after `last`."""
    start = first.replace(minute=0, second=0, microsecond=0)
    count = -int(-(last - start).total_seconds() // 3600)
    return [start + timedelta(hours=place) for place in range(count + 1)]


def day_edges(first: date, last: date, *, ends_hour: int = 24) -> list[datetime]:
    """Return the moments at which the days from `first` to `last` begin and end, in Vietnam.

    ends_hour: 24 for calendar days; 19 for days of rain, which end at 19 h of their date.
    """
    count = (last - first).days + 1
    ends = [
        datetime.combine(first + timedelta(days=place - 1), time(0), tzinfo=VIETNAM) + timedelta(hours=ends_hour)
        for place in range(count + 1)
    ]
    return ends


def month_edges(first: date, months: int) -> list[datetime]:
    """Return the beginnings of so many calendar months from that of `first`, and the end of the last one."""
    year, month = first.year, first.month
    edges = []
    for place in range(months + 1):
        extra, index = divmod(month - 1 + place, 12)
        edges.append(datetime(year + extra, index + 1, 1, tzinfo=VIETNAM))
    return edges
