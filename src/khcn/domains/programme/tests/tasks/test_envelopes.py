"""Two officials and one envelope of money: neither writes over the other unseen."""

import pytest
from django.urls import reverse

from khcn.domains.programme.choices import Certainty, FundingSourceKind
from khcn.domains.programme.models import PlanEnvelope
from khcn.domains.programme.services import money
from khcn.domains.programme.tests.tasks.world import make_world
from khcn.kernel.orgs.tests.cast import client_for
from khcn.lib.failure import Refused, Stale

pytestmark = pytest.mark.django_db
S4 = FundingSourceKind.S4_COUNTERPART


@pytest.fixture
def world():
    """A plan whose counterpart envelope of 2024 holds 3 million."""
    world = make_world()
    world.envelope = _set(world, 3_000_000)
    return world


def _set(world, planned, **more):
    values = {"certainty": Certainty.TARGETED, "basis": "QĐ 1", **more}
    return money.set_envelope(
        by=world.accountant.actor, plan=world.plan, source=S4, year=2024, planned_vnd=planned, granted_vnd=0, **values
    )


def test_envelope_set_as_new_where_one_stands_is_refused_and_changes_nothing(world):
    with pytest.raises(Refused, match="đã có khung kinh phí"):
        _set(world, 9_000_000, as_new=True)

    assert PlanEnvelope.objects.get(pk=world.envelope.pk).planned_vnd == 3_000_000


def test_envelope_changed_meanwhile_shows_every_differing_value(world):
    seen = world.envelope.version
    _set(world, 4_000_000, basis="QĐ 2", expected_version=seen)

    with pytest.raises(Stale) as caught:
        _set(world, 5_000_000, basis="QĐ 3", expected_version=seen)

    assert {label: (now, mine) for label, now, mine in caught.value.difference} == {
        PlanEnvelope._meta.get_field("planned_vnd").verbose_name: ("4000000", "5000000"),
        PlanEnvelope._meta.get_field("basis").verbose_name: ("QĐ 2", "QĐ 3"),
    }


def test_empty_form_for_a_taken_source_and_year_says_so_beside_the_year(world):
    client = client_for(world.accountant)
    address = reverse("envelope_new", args=[world.plan.uid])

    answer = client.post(
        address,
        {"source": S4.value, "year": 2024, "planned_vnd": "9 triệu", "granted_vnd": "0",
         "certainty": Certainty.TARGETED.value, "basis": "QĐ 9"},
    )  # fmt: skip

    assert answer.status_code in {200, 422}
    assert "đã có khung kinh phí" in answer.content.decode()
    assert PlanEnvelope.objects.get(pk=world.envelope.pk).planned_vnd == 3_000_000
