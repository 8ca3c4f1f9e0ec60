"""An office that keeps stations in four communes, another office, and people of each kind."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings

from khcn.domains.hazards.choices import ObservationDoor
from khcn.domains.hazards.models import ObservedProperty
from khcn.domains.hazards.services.observations import Reading, record_observations
from khcn.domains.hazards.services.reference import load_hazards
from khcn.domains.hazards.services.stations import create_station, set_up_stream
from khcn.kernel.places.choices import UnitLevel
from khcn.kernel.places.models import AdministrativeUnit
from khcn.lib.actor import Actor
from khcn.lib.roles import Role

NOW = datetime(2023, 5, 15, 1, 0, tzinfo=UTC)
"""Eight in the morning in Vietnam."""
DAY = date(2023, 5, 15)
CENTRES = ((106.5, 11.4), (107.3, 11.4), (107.2, 12.2), (106.7, 12.2))


@pytest.fixture
def world(cast):
    """`world.station(…)` sets up a station, `world.stream(station, "rain_mm")` a series, `world.record(…)` values."""
    for number, (x, y) in enumerate(CENTRES):
        AdministrativeUnit.objects.create(
            code=f"2500{number}", name=f"Xã {number}", level=UnitLevel.COMMUNE, latitude=y, longitude=x
        )
    owner, other = cast.organisation("Đài Khí tượng thử"), cast.organisation("Sở khác")
    made = SimpleNamespace(
        owner=owner, other=other, cast=cast,
        system=Actor(uid=owner.uid, name="Hệ thống", on=DAY, is_system=True),
        observer=cast.actor(Role.OFFICER, organisation=owner), keeper=cast.actor(Role.SPECIALIST, organisation=owner),
        head=cast.actor(Role.HEAD, organisation=owner), second=cast.actor(Role.HEAD, organisation=owner),
        stranger=cast.actor(Role.SPECIALIST, organisation=other),
        leader=cast.actor(Role.LEADER, organisation=other), host=cast.actor(Role.HOST, organisation=other),
    )  # fmt: skip
    load_hazards(by=made.system, folder=Path(settings.ROOT) / "data" / "reference" / "hazards")

    def station(code="TD-01", latitude=11.5, longitude=106.6, **more):
        values = {
            "by": made.keeper, "code": code, "name": f"Trạm {code}", "owner": owner, "latitude": latitude,
            "longitude": longitude, "opened_on": date(2015, 1, 1),
        }  # fmt: skip
        return create_station(**(values | more))

    def stream(of, property_code="rain_mm", **more):
        kind = ObservedProperty.objects.get(code=property_code)
        return set_up_stream(by=made.keeper, station=of, property=kind, **more)

    def put(to, values, *, start=NOW - timedelta(hours=1), door=ObservationDoor.STORY, **more):
        """Values one interval apart, the first at `start`."""
        readings = [
            Reading(to.pk, start + timedelta(seconds=to.interval_s * place), value)
            for place, value in enumerate(values)
        ]
        return record_observations(by=made.system, readings=readings, door=door, now=more.pop("now", NOW), **more)

    made.station, made.stream, made.put = station, stream, put
    return made
