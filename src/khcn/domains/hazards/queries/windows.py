"""Windows of many series at once, in one statement each: totals with how much of them is there, maxima by day."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Min, Q, Sum
from django.db.models.functions import TruncDate

from khcn.domains.hazards.choices import UNUSABLE
from khcn.domains.hazards.models import Datastream, Observation, Station
from khcn.domains.hazards.rules.facts import Window
from khcn.lib.dates import VIETNAM

Spans = dict[str, tuple[datetime, datetime]]


def totals_of(streams: Sequence[Datastream], spans: Spans) -> dict[int, dict[str, Window]]:
    """The totals of each series over each (start, end], by key of the series and name of the span. One statement."""
    if not streams or not spans:
        return {}
    usable = ~Q(quality__in=UNUSABLE) & Q(result__isnull=False)
    columns: dict[str, Any] = {}
    for name, (start, end) in spans.items():
        inside = usable & Q(phenomenon_time__gt=start, phenomenon_time__lte=end)
        columns[f"sum_{name}"] = Sum("result", filter=inside)
        columns[f"count_{name}"] = Count("pk", filter=inside)
    first, last = min(start for start, _end in spans.values()), max(end for _start, end in spans.values())
    rows = Observation.objects.filter(
        datastream__in=[one.pk for one in streams], phenomenon_time__gt=first, phenomenon_time__lte=last
    )
    grouped = rows.order_by().values("datastream_id").annotate(**columns)
    found: dict[int, dict[str, Any]] = {row["datastream_id"]: dict(row) for row in grouped}
    return {
        one.pk: {
            name: _window(found.get(one.pk, {}), name, one.interval_s, start, end)
            for name, (start, end) in spans.items()
        }
        for one in streams
    }


def _window(row: dict[str, Any], name: str, interval_s: int, start: datetime, end: datetime) -> Window:
    expected = round((end - start).total_seconds() / interval_s) if interval_s else 1
    value = row.get(f"sum_{name}")
    return Window(None if value is None else round(value, 3), row.get(f"count_{name}") or 0, expected)


def daily_maxima(
    streams: Sequence[Datastream], *, last: date, days: int, share: float
) -> dict[int, list[float | None]]:
    """The maxima of the calendar days up to `last`, oldest first, by key of the series; None where too little is known.

    A day of which little is known still counts with a maximum that is hot enough in any case: the caller decides.
    """
    if not streams:
        return {}
    first = last - timedelta(days=days - 1)
    start = datetime.combine(first, datetime.min.time(), tzinfo=VIETNAM)
    rows = Observation.objects.filter(
        datastream__in=[one.pk for one in streams], phenomenon_time__gt=start,
        phenomenon_time__lte=start + timedelta(days=days), result__isnull=False,
    ).exclude(quality__in=UNUSABLE)  # fmt: skip
    grouped = rows.order_by().annotate(day=TruncDate("phenomenon_time", tzinfo=VIETNAM)).values("datastream_id", "day")
    known = {
        (row["datastream_id"], row["day"]): (row["most"], row["count"])
        for row in grouped.annotate(most=Max("result"), count=Count("pk"))
    }
    found: dict[int, list[float | None]] = {}
    for one in streams:
        needed = share * 86_400 / one.interval_s if one.interval_s else 1
        line: list[float | None] = []
        for place in range(days):
            most, count = known.get((one.pk, first + timedelta(days=place)), (None, 0))
            line.append(most if most is not None and count >= needed else None)
        found[one.pk] = line
    return found


def open_streams(property_code: str, *, on: date, stations: Iterable[Station] | None = None) -> list[Datastream]:
    """Series of a property at stations that work on the day."""
    rows = Datastream.objects.filter(property__code=property_code, is_open=True, station__opened_on__lte=on)
    rows = rows.filter(Q(station__closed_on=None) | Q(station__closed_on__gt=on))
    if stations is not None:
        rows = rows.filter(station__in=list(stations))
    return list(rows.select_related("station", "latest").order_by("code"))


def newest_before(streams: Sequence[Datastream], as_of: datetime) -> dict[int, tuple[datetime, float]]:
    """The newest usable value of each series in the two hours up to a moment, by key of the series."""
    rows = Observation.objects.filter(
        datastream__in=[one.pk for one in streams], phenomenon_time__lte=as_of, result__isnull=False,
        phenomenon_time__gt=as_of - timedelta(hours=2),
    ).exclude(quality__in=UNUSABLE)  # fmt: skip
    found: dict[int, tuple[datetime, float]] = {}
    for key, at, value in rows.order_by("phenomenon_time").values_list("datastream_id", "phenomenon_time", "result"):
        if value is not None:
            found[key] = (at, value)
    return found


def newest_moment(as_of: datetime) -> datetime | None:
    """When the newest value up to a moment was measured, whatever it is."""
    return Observation.objects.filter(phenomenon_time__lte=as_of).aggregate(newest=Max("phenomenon_time"))["newest"]


def first_moment() -> datetime | None:
    """When the oldest value was measured."""
    return Observation.objects.aggregate(oldest=Min("phenomenon_time"))["oldest"]
