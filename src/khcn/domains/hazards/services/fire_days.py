"""Keeps the days of fire weather, and forgets those that a value touches, from its day on."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from khcn.domains.hazards.models import FireWeatherDay, LatestObservation, Station
from khcn.domains.hazards.queries.fire_days import (
    FirePlace,
    day_of,
    days_after,
    fire_places,
    fire_terms,
    kept_before,
    kept_on,
    last_day,
)


def keep_fire_days(*, as_of: datetime) -> int:
    """Reckon and keep the days up to the last whole one, each from the day before; returns how many.

    What is kept already costs two statements. Nothing needs to be filled in beforehand: a station without rows begins
    at its oldest value. Each stretch is a transaction of its own, so that work cut short goes on where it stood.
    """
    last = last_day(as_of)
    places = fire_places(timezone.localdate(as_of))
    kept_now = kept_on(places, last)
    behind = [one for one in places if one.station.pk not in kept_now]
    kept = 0
    while behind and (done := _keep_next(behind, last)):
        kept += done
    return kept


def _keep_next(places: list[FirePlace], last: date) -> int:
    with transaction.atomic():
        _lock(places)
        rows = days_after(places, kept_before(places, last), last, fire_terms())
        FireWeatherDay.objects.bulk_create(rows, batch_size=500)
    return len(rows)


def _lock(places: Iterable[FirePlace]) -> None:
    """Wait for those who write to the series, and let them wait: a value never comes between reading and keeping."""
    keys = [stream.pk for one in places for stream in one.streams.values()]
    rows = LatestObservation.objects.select_for_update().filter(datastream_id__in=keys)
    list(rows.order_by("datastream_id").values_list("pk"))


def forget_fire_days(*, since: Mapping[int, datetime]) -> None:
    """Remove the days of stations (by key) from the one on to which a value of a moment belongs.

    They are locked in one order first, so that two who write to the same stations wait for each other and never cross.
    """
    days: dict[date, list[int]] = {}
    for station, at in since.items():
        days.setdefault(day_of(at), []).append(station)
    if not days:
        return
    touched = Q()
    for day, stations in days.items():
        touched |= Q(station__in=stations, ends_on__gte=day)
    rows = FireWeatherDay.objects.filter(touched)
    if list(rows.select_for_update().order_by("station_id", "ends_on").values_list("pk")):
        rows.delete()


def forget_station_days(*, station: Station | None = None) -> None:
    """Remove all days of a station, or of all: how they are reckoned has changed."""
    rows = FireWeatherDay.objects.all()
    (rows if station is None else rows.filter(station=station)).delete()
