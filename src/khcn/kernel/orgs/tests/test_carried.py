"""Duties of bodies that ended: who carries them, from when, along chains; what people inherit and what not."""

from datetime import date

import pytest

from khcn.kernel.orgs.models import OrganisationSuccession
from khcn.kernel.orgs.queries import actor_for
from khcn.kernel.orgs.services import renew_carried_duties
from khcn.kernel.orgs.tests.cast import make_member, make_organisation
from khcn.lib.roles import Role

pytestmark = [pytest.mark.django_db, pytest.mark.database]
MERGED, RENAMED = date(2025, 7, 1), date(2026, 4, 30)


def follow(before, after, on: date) -> None:
    OrganisationSuccession.objects.create(predecessor=before, successor=after, kind="merge", on=on)


@pytest.fixture
def chain():
    """A department merged into another, which was then renamed; and a third that goes on."""
    old = make_organisation("Sở Tư pháp Bình Phước", valid_to=MERGED)
    merged = make_organisation("Sở Tư pháp Đồng Nai", valid_to=RENAMED)
    now = make_organisation("Sở Tư pháp TP. Đồng Nai")
    alive = make_organisation("Sở Nội vụ")
    follow(old, merged, MERGED)
    follow(merged, now, RENAMED)
    follow(alive, now, MERGED)
    return old, merged, now, alive


def test_duties_are_carried_along_the_chain_from_the_day_of_the_last_link(chain) -> None:
    old, merged, now, alive = chain

    assert renew_carried_duties() == 2
    assert renew_carried_duties() == 0
    for body in chain:
        body.refresh_from_db()
    assert now.carries == sorted([[old.pk, "2026-04-30"], [merged.pk, "2026-04-30"]])
    assert merged.carries == [[old.pk, "2025-07-01"]]
    assert old.carries == alive.carries == []  # one that goes on is carried by nobody


def test_successions_in_a_circle_end(chain) -> None:
    old, merged, _now, _alive = chain
    follow(merged, old, MERGED)

    renew_carried_duties()

    merged.refresh_from_db()
    assert merged.carries == [[old.pk, "2025-07-01"]]


def test_people_inherit_their_roles_from_the_day_and_hold_nothing_new_there(chain) -> None:
    old, _merged, now, alive = chain
    renew_carried_duties()
    now.refresh_from_db()
    clerk = make_member(Role.ONE_STOP, organisation=now)

    before, after = (actor_for(clerk.user, on=day) for day in (date(2026, 4, 29), RENAMED))

    assert not before.acts_at(old.pk, Role.ONE_STOP)
    assert after.acts_at(old.pk, Role.ONE_STOP)
    assert not after.acts_at(old.pk, Role.HEAD)
    assert not after.acts_at(alive.pk, Role.ONE_STOP)
    assert not after.holds_at(old.pk, Role.ONE_STOP)
    assert old.pk not in after.organisation_ids
    assert after.places >= {old.pk, now.pk}
