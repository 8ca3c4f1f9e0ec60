"""The scenes of the forms of stations: what is known of one, its instruments, its series, a value put right."""

from datetime import UTC, date, datetime
from typing import Any

from django.urls import reverse

from flows.edit_scenes import A, B, Scene, scene
from khcn.domains.hazards.choices import ObservationDoor
from khcn.domains.hazards.models import LevelTable, Observation, ObservedProperty, Station
from khcn.domains.hazards.services.observations import Reading, record_observations
from khcn.domains.hazards.services.stations import create_station, save_sensor, set_up_stream
from khcn.domains.hazards.services.tables import draft_table
from khcn.kernel.orgs.tests.cast import Member, make_member, make_organisation
from khcn.lib.roles import Role

AT = datetime(2023, 5, 1, 5, tzinfo=UTC)


def _station() -> tuple[Member, Station]:
    office = make_organisation("Đài Khí tượng thử")
    member = make_member(Role.SPECIALIST, organisation=office)
    station = create_station(
        by=member.actor, code="tt-01", name="Trạm thử", owner=office, latitude=11.5, longitude=106.9,
        opened_on=date(2015, 1, 1),
    )  # fmt: skip
    return member, station


def _stream(member: Member, station: Station) -> Any:
    kind, _made = ObservedProperty.objects.get_or_create(
        code="rain_mm", defaults={"name": "Lượng mưa", "unit": "mm", "aggregation": "sum"}
    )
    return set_up_stream(by=member.actor, station=station, property=kind, plausible_max=150.0)


@scene("station_edit")
def _description() -> Scene:
    member, station = _station()
    return Scene(member, reverse("station_edit", args=[station.code]), "note", A, B, station, "note")


@scene("sensor_edit")
def _instrument() -> Scene:
    member, station = _station()
    sensor = save_sensor(by=member.actor, station=station, name="Vũ lượng ký")
    return Scene(member, reverse("sensor_edit", args=[station.code, sensor.uid]), "model", A, B, sensor, "model")


@scene("stream_edit")
def _bounds() -> Scene:
    member, station = _station()
    stream = _stream(member, station)
    address = reverse("stream_edit", args=[station.code, "rain_mm"])
    return Scene(member, address, "plausible_max", "120", "90", stream, "plausible_max")


@scene("observation_page")
def _value() -> Scene:
    member, station = _station()
    stream = _stream(member, station)
    record_observations(by=member.actor, readings=[Reading(stream.pk, AT, 5.0)], door=ObservationDoor.STORY, now=AT)
    value = Observation.objects.get(datastream=stream)
    address = reverse("observation_page", args=[station.code, "rain_mm", f"{AT:%Y%m%dT%H%M%SZ}"])
    return Scene(member, address, "value", "6", "7", value, "result", {"reason": "Đọc lại máy"})


@scene("level_table_edit")
def _lines() -> Scene:
    member, station = _station()
    line = {"row": "1", "level": "1", "clause": "45.1", "input": "over_alarm_3_m", "test": "[0,)"}
    base = LevelTable.objects.create(
        code="lu-thu", hazard="river_flood", name="Lũ", decision="18/2021/QĐ-TTg", policy="highest", lines=[line]
    )
    table = draft_table(
        by=member.actor, base=base, owner=station.owner, decision="thử", valid_from=date(2023, 6, 1)
    )  # fmt: skip
    return Scene(member, reverse("level_table_edit", args=[table.code]), "decision", A, B, table, "decision")
