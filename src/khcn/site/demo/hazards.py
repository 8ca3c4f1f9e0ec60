"""The stations of the demonstration: invented gauges with made-up weather, marked as illustration everywhere."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from khcn.domains.hazards.choices import ObservationDoor
from khcn.domains.hazards.models import Datastream, ObservedProperty, Station
from khcn.domains.hazards.services.evaluations import look_at_all
from khcn.domains.hazards.services.observations import Reading, record_observations
from khcn.domains.hazards.services.stations import create_station, save_sensor, set_up_stream
from khcn.kernel.orgs.models import Organisation
from khcn.lib.actor import Actor
from khcn.site.demo.onestop_office import Place, place_of

HOUR_S = 3600
DAYS = 21


@dataclass(frozen=True, slots=True)
class Invented:
    """A station that does not exist: code, name, place, what it measures besides rain."""

    code: str
    name: str
    latitude: float
    longitude: float
    more: tuple[str, ...] = ()
    facts: tuple[tuple[str, Any], ...] = ()


STATIONS = (
    Invented("mh-bu-gia-map", "Trạm mưa Bù Gia Mập (minh họa)", 12.12, 107.17, ("air_temp_c", "humidity_pct")),
    Invented("mh-dak-o", "Trạm mưa Đắk Ơ (minh họa)", 12.06, 107.08),
    Invented("mh-loc-ninh", "Trạm thời tiết Lộc Ninh (minh họa)", 11.85, 106.59, ("air_temp_c", "humidity_pct"),
             (("wind_height_m", 10.0), ("gauge_height_m", 1.2))),
    Invented("mh-phuoc-long", "Trạm mưa Phước Long (minh họa)", 11.83, 106.98),
    Invented("mh-bu-dang", "Trạm thời tiết Bù Đăng (minh họa)", 11.81, 107.24, ("air_temp_c", "humidity_pct")),
    Invented("mh-dong-xoai", "Trạm thời tiết Đồng Xoài (minh họa)", 11.53, 106.89,
             ("air_temp_c", "humidity_pct", "wind_ms")),
    Invented("mh-chon-thanh", "Trạm mưa Chơn Thành (minh họa)", 11.42, 106.62),
    Invented("mh-binh-long", "Trạm mưa Bình Long (minh họa)", 11.65, 106.60),
    Invented("mh-dong-phu", "Trạm mưa Đồng Phú (minh họa)", 11.45, 107.05),
    Invented("mh-song-be", "Trạm thủy văn sông Bé (minh họa)", 11.62, 106.87, ("water_level_m",),
             (("river", "Sông Bé"), ("alarm_1_m", 52.0), ("alarm_2_m", 53.0), ("alarm_3_m", 54.0),
              ("historic_m", 55.6), ("historic_year", 2000), ("station_class", "3"))),
)  # fmt: skip


def tell_hazards(*, today: date, bodies: Mapping[str, Organisation], office: Actor) -> int:
    """Set up the stations and their weather of the last weeks, and look at all places; returns how many stations."""
    place = place_of(bodies["BP-SKHCN"], today, {"chuyenvien", "truongphong", "giamdoc"})
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    properties = {one.code: one for one in ObservedProperty.objects.all()}
    readings: list[Reading] = []
    for number, one in enumerate(STATIONS):
        station = _station(place, one, number, today)
        for code in ("rain_mm", *one.more):
            stream = set_up_stream(
                by=place.specialist, station=station, property=properties[code], interval_s=HOUR_S,
                expected_latency_s=HOUR_S,
            )  # fmt: skip
            readings += _readings(stream, number, now)
    record_observations(by=office, readings=readings, door=ObservationDoor.STORY, now=now + timedelta(minutes=1))
    look_at_all(by=office, as_of=now)
    return len(STATIONS)


def _station(place: Place, one: Invented, number: int, today: date) -> Station:
    station = create_station(
        by=place.specialist, code=one.code, name=one.name, owner=place.body, latitude=one.latitude,
        longitude=one.longitude, opened_on=date(2016, 1, 1), is_illustration=True, elevation_m=60.0 + number * 17,
        **dict(one.facts),
    )  # fmt: skip
    save_sensor(
        by=place.specialist, station=station, name="Vũ lượng ký chao lật (minh họa)", serial=f"MH-{number + 1:03d}",
        installed_on=today - timedelta(days=700), calibrated_on=today - timedelta(days=380 - number * 40),
        calibration_due_on=today - timedelta(days=15 - number * 40),
    )  # fmt: skip
    return station


def _readings(stream: Datastream, number: int, now: datetime) -> list[Reading]:
    """Three weeks by the hour; one station falls silent two days ago, another misses some hours."""
    until = now - timedelta(days=2) if stream.station.code == "mh-dong-phu" else now
    hours = [now - timedelta(hours=place) for place in range(DAYS * 24, -1, -1)]
    return [
        Reading(stream.pk, at, weather(stream.property.code, at, number, now))
        for place, at in enumerate(hours)
        if at <= until and not (number == 6 and place % 97 < 4)
    ]


def weather(code: str, at: datetime, number: int, now: datetime) -> float:
    """Made-up weather: the same for the same hour, so that a demonstration loaded twice is the same."""
    here = timezone.localtime(at)
    age = (now - at).total_seconds() / HOUR_S
    wave = math.sin(here.timetuple().tm_yday * 1.7 + number)
    warm = math.sin((here.hour - 9) / 24 * 2 * math.pi)
    match code:
        case "rain_mm":
            if number < 2 and age < 20:  # the storm of the last hours in the north-east
                return round(2.5 + 9.5 * math.exp(-(((age - 8) / 3.5) ** 2)) + number * 0.8, 1)
            return round(max(0.0, wave * 4 - 2 + warm), 1) if 14 <= here.hour <= 18 else 0.0
        case "air_temp_c":
            return round(27.5 + 5.2 * warm + wave * 1.1, 1)
        case "humidity_pct":
            return round(72 - 20 * warm - wave * 4)
        case "wind_ms":
            return round(2.4 + 1.8 * max(warm, 0) + 0.4 * wave, 1)
    return round(51.2 + 0.4 * wave + (0.9 if age < 12 else 0.0), 2)
