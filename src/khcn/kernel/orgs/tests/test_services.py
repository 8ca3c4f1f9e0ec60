"""Appointments, delegations and accounts: every way in, every refusal."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from khcn.kernel.audit.queries import history_of
from khcn.kernel.orgs.choices import DelegationForm
from khcn.kernel.orgs.errors import AccountRefused, AppointmentRefused, DelegationRefused
from khcn.kernel.orgs.queries import accounts_to_review, actor_for
from khcn.kernel.orgs.services import (
    appoint,
    change_account,
    close_account,
    end_appointment,
    give_delegation,
    open_account,
    reopen_account,
    withdraw_delegation,
)
from khcn.kernel.orgs.tests.cast import make_member, make_organisation, make_person, make_post, make_user
from khcn.lib.failure import Forbidden
from khcn.lib.roles import Role

TODAY = date(2026, 3, 2)


@pytest.fixture
def admin(db):
    return make_member(Role.SYSADMIN, on=TODAY).actor


@pytest.fixture
def director(db):
    return make_member(Role.DIRECTOR, Role.HEAD, on=TODAY)


def hand(director, receiver, **changes):
    values = {
        "by": director.actor, "receiver": receiver, "organisation": director.organisation, "roles": [Role.HEAD],
        "form": DelegationForm.ON_BEHALF, "basis": "Giấy ủy quyền số 03/GUQ ngày 01/3/2026",
        "valid_from": TODAY, "valid_to": TODAY + timedelta(days=30),
    }  # fmt: skip
    return give_delegation(**(values | changes))


def test_appoint_by_sysadmin_gives_roles_and_is_audited(admin):
    user = make_user()

    appointment = appoint(
        by=admin, person=user.person, post=make_post(Role.SPECIALIST), organisation=make_organisation(),
        valid_from=TODAY, decision="QĐ 12/QĐ-SKHCN",
    )  # fmt: skip

    assert actor_for(user, on=TODAY).holds(Role.SPECIALIST)
    assert not actor_for(user, on=TODAY - timedelta(days=1)).holds(Role.SPECIALIST)
    entry = history_of(subject_type="orgs.appointment", subject_uid=appointment.uid).get()
    assert (entry.verb, entry.after["roles"]) == ("appoint", ["specialist"])


def test_appoint_by_anyone_else_is_forbidden(director):
    with pytest.raises(Forbidden):
        appoint(
            by=director.actor, person=make_person(), post=make_post(Role.HEAD), organisation=director.organisation,
            valid_from=TODAY, decision="",
        )  # fmt: skip


def test_appoint_twice_at_once_is_refused_and_after_the_end_is_not(admin):
    person, post, body = make_person(), make_post(Role.HEAD), make_organisation()
    values = {"by": admin, "person": person, "post": post, "organisation": body, "decision": ""}
    first = appoint(valid_from=TODAY, **values)

    with pytest.raises(AppointmentRefused):
        appoint(valid_from=TODAY + timedelta(days=5), **values)
    end_appointment(by=admin, appointment=first, valid_to=TODAY + timedelta(days=5))
    appoint(valid_from=TODAY + timedelta(days=5), **values)


def test_appoint_at_a_merged_organisation_is_refused(admin):
    body = make_organisation(valid_to=date(2025, 7, 1))

    with pytest.raises(AppointmentRefused) as refusal:
        appoint(by=admin, person=make_person(), post=make_post(), organisation=body, valid_from=TODAY, decision="")

    assert refusal.value.field == "organisation"


def test_end_appointment_before_its_begin_is_refused(admin):
    appointment = appoint(
        by=admin,
        person=make_person(),
        post=make_post(),
        organisation=make_organisation(),
        valid_from=TODAY,
        decision="",
    )

    with pytest.raises(AppointmentRefused):
        end_appointment(by=admin, appointment=appointment, valid_to=TODAY)


def test_delegation_gives_the_role_for_its_days_only(director):
    receiver = make_user()
    hand(director, receiver.person)

    assert actor_for(receiver, on=TODAY).holds_at(director.organisation.pk, Role.HEAD)
    assert not actor_for(receiver, on=TODAY).holds(Role.DIRECTOR)
    assert not actor_for(receiver, on=TODAY + timedelta(days=30)).holds(Role.HEAD)


def test_delegation_of_a_delegated_role_is_refused(director):
    middle = make_member(Role.SPECIALIST, organisation=director.organisation, on=TODAY)
    hand(director, middle.person)
    middle_now = actor_for(middle.user, on=TODAY)
    assert middle_now.holds(Role.HEAD)

    with pytest.raises(DelegationRefused) as refusal:
        hand(director, make_person(), by=middle_now)

    assert refusal.value.field == "roles"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"roles": []}, "roles"),
        ({"roles": [Role.FINANCE]}, "roles"),
        ({"valid_to": TODAY}, "valid_to"),
        ({"valid_to": TODAY + timedelta(days=400)}, "valid_to"),
        ({"basis": "  "}, "basis"),
    ],
)
def test_delegation_with_a_fault_is_refused_at_its_field(director, changes, field):
    with pytest.raises(DelegationRefused) as refusal:
        hand(director, make_person(), **changes)

    assert refusal.value.field == field


def test_delegation_to_oneself_is_refused(director):
    with pytest.raises(DelegationRefused):
        hand(director, director.person)


def test_withdraw_delegation_by_giver_ends_it_today(director):
    receiver = make_user()
    delegation = hand(director, receiver.person)

    withdraw_delegation(by=director.actor, delegation=delegation, on=TODAY + timedelta(days=3))

    assert actor_for(receiver, on=TODAY + timedelta(days=2)).holds(Role.HEAD)
    assert not actor_for(receiver, on=TODAY + timedelta(days=3)).holds(Role.HEAD)


def test_withdraw_delegation_before_it_begins_never_holds(director):
    receiver = make_user()
    delegation = hand(director, receiver.person, valid_from=TODAY + timedelta(days=9))

    withdraw_delegation(by=director.actor, delegation=delegation, on=TODAY)

    assert not any(actor_for(receiver, on=TODAY + timedelta(days=n)).holds(Role.HEAD) for n in range(40))


def test_withdraw_delegation_by_its_receiver_is_forbidden(director):
    receiver = make_member(Role.SPECIALIST, on=TODAY)
    delegation = hand(director, receiver.person)

    with pytest.raises(Forbidden):
        withdraw_delegation(by=receiver.actor, delegation=delegation, on=TODAY)


def test_open_account_has_no_password_and_one_person_has_one(admin):
    person = make_person("Điểu Sơn")

    user = open_account(by=admin, person=person, username=" Dieu.Son ", email="son@vd.vn")

    assert (user.username, user.has_usable_password()) == ("dieu.son", False)
    with pytest.raises(AccountRefused) as refusal:
        open_account(by=admin, person=person, username="dieu.son2")
    assert refusal.value.field == "person"


@pytest.mark.parametrize("name", ["ab", "có dấu", "a" * 41, "-gach", ""])
def test_open_account_with_an_unfit_name_is_refused(admin, name):
    with pytest.raises(AccountRefused):
        open_account(by=admin, person=make_person(), username=name)


def test_open_account_with_taken_name_or_address_is_refused(admin):
    open_account(by=admin, person=make_person(), username="thi.hau", email="Hau@vd.vn")

    with pytest.raises(AccountRefused):
        open_account(by=admin, person=make_person(), username="THI.HAU")
    with pytest.raises(AccountRefused):
        open_account(by=admin, person=make_person(), username="thi.hau2", email="hau@VD.vn")


def test_close_account_needs_a_reason_and_not_oneself(admin):
    user = make_user()

    with pytest.raises(AccountRefused):
        close_account(by=admin, user=user, reason=" ")
    close_account(by=admin, user=user, reason="Chuyển công tác")
    user.refresh_from_db()
    assert not user.is_active
    reopen_account(by=admin, user=user, reason="Ghi nhầm")
    with pytest.raises(AccountRefused):
        reopen_account(by=admin, user=user, reason="Lần nữa")


def test_close_own_account_is_refused(db):
    member = make_member(Role.SYSADMIN, on=TODAY)

    with pytest.raises(AccountRefused):
        close_account(by=member.actor, user=member.user, reason="Nghỉ")


def test_change_account_is_forbidden_without_the_role(director):
    with pytest.raises(Forbidden):
        change_account(by=director.actor, user=make_user(), email="a@vd.vn")


def test_accounts_to_review_lists_idle_and_postless_ones(db):
    today = timezone.localdate()
    fresh = make_member(Role.HEAD, last_seen_on=today - timedelta(days=44))
    idle = make_member(Role.HEAD, last_seen_on=today - timedelta(days=45))
    postless = make_user(last_seen_on=today)
    closed = make_user(is_active=False)

    found = {one.user.pk: one for one in accounts_to_review(on=today)}

    assert found.keys() == {idle.user.pk, postless.pk}
    assert found[idle.user.pk].idle_days == 45
    assert not found[postless.pk].holds_a_post
    assert fresh.user.pk not in found
    assert closed.pk not in found
