"""Reads series: values as they are, by hour, day and month; what a value was before it was corrected."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from khcn.domains.hazards.choices import UNUSABLE, Aggregation
from khcn.domains.hazards.models import Datastream, Observation, ObservationRevision
from khcn.domains.hazards.queries.parameters import parameters_on
from khcn.domains.hazards.rules.series import Bucket, day_edges, hour_edges, into_buckets, month_edges


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a series to look at: from `start` (not included) to `end`; step: "raw", "hour", "day" or "month"."""

    start: datetime
    end: datetime
    step: str


def values_between(stream: Datastream, start: datetime, end: datetime) -> QuerySet[Observation]:
    """Values in (start, end], oldest first."""
    rows = Observation.objects.filter(datastream=stream, phenomenon_time__gt=start, phenomenon_time__lte=end)
    return rows.order_by("phenomenon_time")


def usable_points(stream: Datastream, start: datetime, end: datetime) -> list[tuple[datetime, float | None]]:
    """(time, value) in (start, end]; None for values that must not be used."""
    rows = values_between(stream, start, end).values_list("phenomenon_time", "result", "quality")
    return [(at, None if quality in UNUSABLE else result) for at, result, quality in rows]


def hourly(stream: Datastream, start: datetime, end: datetime) -> list[Bucket]:
    """The hours of a stretch."""
    return _buckets(stream, hour_edges(start, end))


def daily(stream: Datastream, first: date, last: date) -> list[Bucket]:
    """The days of a stretch; days of rain end at the hour that the parameters of the day give."""
    return _buckets(stream, day_edges(first, last, ends_hour=_day_ends(stream, last)))


def monthly(stream: Datastream, first: date, months: int) -> list[Bucket]:
    """So many months from the one of `first`."""
    return _buckets(stream, month_edges(first, months))


def day_of_bucket(bucket: Bucket) -> date:
    """The date of a day's bucket: that of its last moment, in Vietnam."""
    return timezone.localdate(bucket.end - timedelta(seconds=1))


def revisions_of(observation: Observation) -> QuerySet[ObservationRevision]:
    """What a value was before, the latest first."""
    return ObservationRevision.objects.filter(
        datastream_id=observation.datastream_id, phenomenon_time=observation.phenomenon_time
    ).select_related("replaced_by__person").order_by("-revision")  # fmt: skip


def _day_ends(stream: Datastream, on: date) -> int:
    if stream.aggregation != Aggregation.SUM:
        return 24
    return int(parameters_on(on).number("rain_day_ends_hour"))


def _buckets(stream: Datastream, edges: list[datetime]) -> list[Bucket]:
    on = edges[-1].date()
    return into_buckets(
        usable_points(stream, edges[0], edges[-1]), edges, aggregation=Aggregation(stream.aggregation),
        interval_s=stream.interval_s, fewest_share=parameters_on(on).number("mean_completeness"),
    )  # fmt: skip
