"""Organisations and people over time: roles on a date, delegations, and who follows whom."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khcn.kernel.orgs.models import Appointment, Delegation, OrganisationSuccession, Post
from khcn.kernel.orgs.permissions import require_role
from khcn.kernel.orgs.queries import actor_for, holders_of, organisations_on, successors_of
from khcn.lib.actor import Actor, Grant
from khcn.lib.failure import Forbidden
from khcn.lib.roles import Role

pytestmark = [pytest.mark.django_db, pytest.mark.database]
D = date


def follow(before, after, on):
    return OrganisationSuccession.objects.create(predecessor=before, successor=after, kind="merge", on=on)


def test_roles_hold_from_the_first_day_up_to_not_including_the_last(cast):
    office, person = cast.organisation(), cast.person()
    post = Post.objects.create(code="TP", name="Trưởng phòng", roles=["head"])
    Appointment.objects.create(
        person=person, post=post, organisation=office, valid_from=D(2022, 1, 1), valid_to=D(2023, 1, 1)
    )
    user = cast.user(person=person)

    held = [actor_for(user, on=on).holds(Role.HEAD) for on in (D(2021, 12, 31), D(2022, 1, 1), D(2022, 12, 31))]

    assert held == [False, True, True]
    assert not actor_for(user, on=D(2023, 1, 1)).holds(Role.HEAD)
    assert [found.pk for found in holders_of("head", on=D(2022, 6, 1))] == [user.pk]
    assert holders_of("head", on=D(2023, 6, 1)) == []


def test_two_appointments_give_the_roles_of_both_at_their_own_units(cast):
    first, second = cast.organisation(), cast.organisation()
    user = cast.user("specialist", organisation=first)
    post = Post.objects.create(code="HOST", name="Đại diện", roles=["host"])
    Appointment.objects.create(person=user.person, post=post, organisation=second, valid_from=D(2022, 1, 1))

    actor = actor_for(user, on=D(2023, 5, 15))

    assert actor.holds_at(second.pk, Role.HOST)
    assert not actor.holds_at(first.pk, Role.HOST)
    assert actor.organisation_ids == {first.pk, second.pk}


def test_delegation_gives_its_roles_for_its_days_only(cast):
    office, giver, receiver = cast.organisation(), cast.person(), cast.user()
    Delegation.objects.create(
        giver=giver, receiver=receiver.person, organisation=office, roles=["director"], form="TL.", basis="GUQ 1",
        valid_from=D(2023, 5, 1), valid_to=D(2023, 5, 8),
    )  # fmt: skip

    assert actor_for(receiver, on=D(2023, 5, 7)).holds_at(office.pk, Role.DIRECTOR)
    assert not actor_for(receiver, on=D(2023, 5, 8)).holds(Role.DIRECTOR)


def test_account_without_a_person_holds_nothing(cast):
    user = cast.user()
    user.person = None
    user.save()
    actor = actor_for(user, on=D(2023, 5, 15))

    assert actor.grants == ()
    with pytest.raises(Forbidden, match="Trưởng phòng"):
        require_role(actor, Role.HEAD)


def test_actor_of_an_account_takes_three_queries_at_most(cast, django_assert_max_num_queries):
    user = cast.user("specialist", "accountant")
    user.refresh_from_db()
    with django_assert_max_num_queries(3):
        actor_for(user, on=D(2023, 5, 15))


def test_successors_follow_a_chain_to_those_that_stand(cast):
    first = cast.organisation(valid_to=D(2021, 1, 1))
    second = cast.organisation(valid_from=D(2021, 1, 1), valid_to=D(2025, 3, 1))
    third = cast.organisation(valid_from=D(2025, 3, 1))
    follow(first, second, D(2021, 1, 1))
    follow(second, third, D(2025, 3, 1))

    assert successors_of(first, on=D(2020, 1, 1)) == [first]
    assert successors_of(first, on=D(2023, 1, 1)) == [second]
    assert successors_of(first, on=D(2026, 1, 1)) == [third]


def test_successors_of_a_split_are_all_parts_once_each(cast):
    whole, left, right = cast.organisation(valid_to=D(2022, 1, 1)), cast.organisation(), cast.organisation()
    middle = cast.organisation(valid_from=D(2022, 1, 1), valid_to=D(2023, 1, 1))
    for before, after, on in (
        (whole, left, D(2022, 1, 1)), (whole, middle, D(2022, 1, 1)), (middle, right, D(2023, 1, 1)),
        (middle, left, D(2023, 1, 1)),
    ):  # fmt: skip
        follow(before, after, on)

    assert {item.pk for item in successors_of(whole, on=D(2024, 1, 1))} == {left.pk, right.pk}


def test_successors_in_a_circle_of_mistaken_rows_end(cast):
    one = cast.organisation(valid_to=D(2022, 1, 1))
    two = cast.organisation(valid_to=D(2022, 1, 1))
    follow(one, two, D(2022, 1, 1))
    follow(two, one, D(2022, 1, 1))

    assert successors_of(one, on=D(2023, 1, 1)) == []


def test_succession_of_a_later_day_does_not_count_yet(cast):
    gone, heir = cast.organisation(valid_to=D(2022, 1, 1)), cast.organisation()
    follow(gone, heir, D(2023, 1, 1))

    assert successors_of(gone, on=D(2022, 6, 1)) == []


def test_organisations_on_a_date_leave_out_the_ended_and_the_coming(cast):
    ended = cast.organisation(valid_to=D(2023, 1, 1))
    coming = cast.organisation(valid_from=D(2024, 1, 1))
    standing = cast.organisation()

    assert set(organisations_on(D(2023, 6, 1))) == {standing}
    assert ended in organisations_on(D(2022, 12, 31))
    assert coming in organisations_on(D(2024, 1, 1))


@given(
    st.one_of(st.none(), st.dates(D(2000, 1, 1), D(2030, 1, 1))),
    st.one_of(st.none(), st.dates(D(2000, 1, 1), D(2030, 1, 1))),
    st.dates(D(2000, 1, 1), D(2030, 1, 1)),
)
def test_validity_in_python_and_in_the_database_agree(start, end, on):
    from khcn.kernel.orgs.models import Organisation

    if start is not None and end is not None and start >= end:
        return
    made = Organisation.objects.create(code=f"{start}{end}{on}", name="Tạm", valid_from=start, valid_to=end)
    agreed = Organisation.objects.valid_on(on).filter(pk=made.pk).exists() == made.is_valid_on(on)
    made.delete()
    assert agreed


def test_actor_holds_at_needs_role_and_unit_together():
    from uuid import UUID

    actor = Actor(uid=UUID(int=1), name="Thử", on=D(2023, 1, 1), grants=(Grant("host", 1), Grant("head", 2)))

    assert actor.holds_at(1, Role.HOST)
    assert not actor.holds_at(2, Role.HOST)
    assert not actor.holds(Role.DIRECTOR)
