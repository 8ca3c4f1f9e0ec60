"""The demonstration's two quality systems: one effective, one with open faults."""

from datetime import date
from uuid import UUID

import pytest
from django.core.management import call_command

from khcn.domains.qms.models import AgencyYear, Nonconformity
from khcn.kernel.orgs.models import Organisation, Person, User
from khcn.lib.actor import Actor
from khcn.site.demo.quality import tell_quality

pytestmark = pytest.mark.django_db


def _account(username: str, person: Person, body: Organisation, roles: tuple[str, ...]) -> None:
    User.objects.create(username=username, person=person)


@pytest.mark.parametrize("today", [date(2026, 11, 28), date(2027, 2, 3)])
def test_tell_quality_makes_one_effective_agency_and_one_with_open_faults(today: date) -> None:
    call_command("load_reference", verbosity=0)
    office = Actor(uid=UUID(int=1), name="Dữ liệu minh họa", on=today, is_system=True)

    tell_quality(office=office, overseer=Organisation.objects.get(code="DN-SKHCN"), today=today, account=_account)

    years = {row.system.organisation.code: row for row in AgencyYear.objects.select_related("system__organisation")}
    assert years["DN-STP"].is_effective, (years["DN-STP"].gates, years["DN-STP"].scores)
    assert years["DN-STP"].state == "confirmed"
    assert not years["DN-SCT"].is_effective
    states = set(Nonconformity.objects.filter(system=years["DN-SCT"].system).values_list("state", flat=True))
    assert {"draft", "in_progress"} <= states
    assert Nonconformity.objects.filter(source="overdue").exists()
