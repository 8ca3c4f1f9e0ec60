"""The marks part of the demonstration: its member is admitted, its lot is certain, its stamps are issued."""

from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from khcn.domains.marks.models import CertifiedLot, Incident, SoftwareFile, UseRight, YearReport
from khcn.domains.marks.services.reference import load_marks
from khcn.domains.traceability.services.reference import load_traceability
from khcn.kernel.orgs.tests.cast import make_organisation
from khcn.kernel.places.choices import UnitLevel
from khcn.kernel.places.models import AdministrativeUnit
from khcn.lib.actor import Actor
from khcn.site.demo.marks import tell_marks
from khcn.site.demo.traceability import TRADES, tell_traceability

REFERENCE = Path(__file__).parents[4] / "data" / "reference"
TODAY = date(2026, 11, 23)


@pytest.mark.django_db
def test_cashew_of_the_demonstration_goes_from_the_right_to_the_stamp() -> None:
    office = Actor(uid=UUID(int=1), name="Minh họa", on=TODAY, is_system=True)
    for folder, load in (("traceability", load_traceability), ("marks", load_marks)):
        load(by=office, folder=REFERENCE / folder)
    codes = {trade.body for trade in TRADES} | {"BP-SKHCN", "DN-SKHCN", "DN-SOFT"}
    bodies = {code: make_organisation(code, code=code) for code in sorted(codes)}
    for number in range(12):
        AdministrativeUnit.objects.create(
            code=f"2520{number:02d}", name=f"Xã {number}", level=UnitLevel.COMMUNE, latitude=11.8, longitude=106.9
        )
    tell_traceability(today=TODAY, bodies=bodies, office=office)

    issued = tell_marks(today=TODAY, bodies=bodies, office=office)

    assert issued == 100
    assert all(one.is_illustration for one in UseRight.objects.all())
    assert UseRight.objects.filter(state="applied").get().fees.get().amount_vnd == 500_000
    assert set(Incident.objects.values_list("state", flat=True)) == {"handed", "received"}
    assert YearReport.objects.get().snapshot["figures"]
    assert CertifiedLot.objects.get().least == 1
    assert SoftwareFile.objects.get().found["secrets"][0]["path"] == "so_dieu/settings.py"
