"""Monthly rain of stations with many years: how far each month fell short of its normal, how dry it was by the SPI."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from django.db.models import Count, DateTimeField, ExpressionWrapper, F, OuterRef, Subquery, Sum
from django.db.models.functions import TruncMonth

from khcn.domains.hazards.choices import UNUSABLE
from khcn.domains.hazards.models import Datastream, Observation, Station
from khcn.domains.hazards.queries.windows import open_streams
from khcn.domains.hazards.rules.drought import SeriesTooShort, percent_of_normal, standardized_precipitation
from khcn.lib.dates import VIETNAM

MONTHS = 12


@dataclass(frozen=True, slots=True)
class MonthsOfRain:
    """The whole months of a station, the newest last; None where a month, or its normal, is not known."""

    station: Station
    short_pct: tuple[float | None, ...]
    dryness: Mapping[str, float | None]
    known_until: datetime


def long_streams(*, on: date, years: int) -> list[Datastream]:
    """Open series of rain whose first value is so many years old, those of uneven intervals left out."""
    keys = [one.pk for one in open_streams("rain_mm", on=on) if one.interval_s]
    first = Observation.objects.filter(datastream=OuterRef("pk")).order_by("phenomenon_time")
    rows = Datastream.objects.filter(pk__in=keys).annotate(first=Subquery(first.values("phenomenon_time")[:1]))
    oldest = datetime(on.year - years, on.month, 1, tzinfo=VIETNAM)
    return list(rows.filter(first__lte=oldest).select_related("station").order_by("code"))


def months_of(
    streams: Sequence[Datastream], *, until: date, share: float, windows: Mapping[str, int], years: int
) -> list[MonthsOfRain]:  # fmt: skip
    """The months of each series before the one of `until`. share: so much of a month makes it known.

    windows: names and lengths of the SPI asked for. One statement.
    """
    if not streams:
        return []
    end = datetime(until.year, until.month, 1, tzinfo=VIETNAM)
    rows = Observation.objects.filter(
        datastream__in=[one.pk for one in streams], phenomenon_time__lte=end, result__isnull=False
    ).exclude(quality__in=UNUSABLE)  # fmt: skip
    # A value ends its interval: the one at midnight of the first belongs to the month before.
    inside = ExpressionWrapper(F("phenomenon_time") - timedelta(seconds=1), output_field=DateTimeField())
    grouped = rows.order_by().annotate(month=TruncMonth(inside, tzinfo=VIETNAM)).values("datastream_id", "month")
    totals: dict[int, dict[tuple[int, int], tuple[float, int]]] = {one.pk: {} for one in streams}
    for row in grouped.annotate(total=Sum("result"), count=Count("pk")):
        totals[row["datastream_id"]][row["month"].year, row["month"].month] = (row["total"], row["count"])
    return [
        _months(one, totals[one.pk], end, share, windows, years) for one in streams if totals[one.pk]
    ]  # fmt: skip


def _months(
    stream: Datastream, totals: Mapping[tuple[int, int], tuple[float, int]], end: datetime, share: float,
    windows: Mapping[str, int], years: int,
) -> MonthsOfRain:  # fmt: skip
    first = min(totals)[0]
    count = (end.year - first) * MONTHS + end.month - 1
    monthly = np.full(count, np.nan)
    for place in range(count):
        year, month = first + place // MONTHS, place % MONTHS + 1
        total, known = totals.get((year, month), (0.0, 0))
        if known >= share * _expected(year, month, stream.interval_s):
            monthly[place] = total
    ratio = percent_of_normal(monthly, 1)
    enough = np.sum(~np.isnan(monthly)) >= years * MONTHS * share
    short = tuple(None if np.isnan(one) or not enough else float(100 * (1 - one)) for one in ratio)
    dryness: dict[str, float | None] = {}
    for name, length in windows.items():
        try:
            index = float(standardized_precipitation(monthly, length, fewest_years=years)[-1])
        except SeriesTooShort:
            index = float("nan")
        dryness[name] = None if np.isnan(index) or not enough else -index
    return MonthsOfRain(stream.station, short, dryness, end)


def _expected(year: int, month: int, interval_s: int) -> float:
    following = date(year + month // MONTHS, month % MONTHS + 1, 1)
    return (following - date(year, month, 1)).days * 86_400 / interval_s
