"""The stations and warnings of the demonstration: a proposal waits, one is in force, all of it is illustration."""

from pathlib import Path
from uuid import UUID

import pytest
from django.utils import timezone

from khcn.domains.hazards.models import Station
from khcn.domains.hazards.services.reference import load_hazards
from khcn.domains.warnings.choices import WarningState
from khcn.domains.warnings.models import Bulletin, CapMessage, Delivery, MessageDraft, WarningCase
from khcn.domains.warnings.services.reference import load_warnings
from khcn.kernel.orgs.tests.cast import make_organisation
from khcn.kernel.places.choices import UnitLevel
from khcn.kernel.places.models import AdministrativeUnit
from khcn.lib.actor import Actor
from khcn.site.demo.hazards import STATIONS, tell_hazards
from khcn.site.demo.warnings import tell_warnings

REFERENCE = Path(__file__).parents[4] / "data" / "reference"


@pytest.mark.django_db
def test_warnings_of_the_demonstration_wait_hold_and_end_and_are_all_illustration(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    today = timezone.localdate()
    office = Actor(uid=UUID(int=1), name="Minh họa", on=today, is_system=True)
    load_hazards(by=office, folder=REFERENCE / "hazards")
    load_warnings(by=office, folder=REFERENCE / "warnings")
    for number, one in enumerate(STATIONS):
        AdministrativeUnit.objects.create(
            code=f"2520{number:02d}", name=f"Xã {number}", level=UnitLevel.COMMUNE, latitude=one.latitude,
            longitude=one.longitude,
        )  # fmt: skip
    bodies = {"BP-SKHCN": make_organisation("Sở thử", code="BP-SKHCN")}

    stations = tell_hazards(today=today, bodies=bodies, office=office)
    told = tell_warnings(today=today, bodies=bodies, office=office)

    assert (stations, Station.objects.filter(is_illustration=True).count()) == (len(STATIONS), len(STATIONS))
    assert told == WarningCase.objects.filter(is_illustration=True).count() == 5
    proposed = MessageDraft.objects.filter(case__state=WarningState.PROPOSED).order_by("case__hazard")
    assert [(one.case.hazard, one.level) for one in proposed] == [("heavy_rain", 1), ("river_flood", 1)]
    assert WarningCase.objects.filter(state=WarningState.IN_FORCE).count() == 1
    assert {one.status for one in CapMessage.objects.all()} == {"Test", "Exercise"}
    assert all(one.is_illustration for one in Bulletin.objects.all())
    assert Delivery.objects.exclude(sent_at=None).count() == Delivery.objects.count() > 4
