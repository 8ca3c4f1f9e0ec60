"""The fixed cast of tests: organisations, people, posts, appointments and accounts with Vietnamese names.

Every call makes new rows with codes of its own; names repeat, as in life. Import from any app's tests, or use the
fixtures `people`, `make_member` and `client_for` of the root `conftest.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any

from django.test import Client
from django.utils import timezone

from khcn.kernel.orgs.choices import DelegationForm, OrganisationKind, OrganisationLevel
from khcn.kernel.orgs.models import Appointment, Delegation, Organisation, Person, Post, User
from khcn.kernel.orgs.queries import actor_for
from khcn.lib.actor import Actor
from khcn.lib.roles import Role

PASSWORD = "Mật khẩu thử nghiệm 2026"
LONG_AGO = date(2015, 1, 1)
_numbers = count(1)
_NAMES = (
    "Nguyễn Thị Ánh Nguyệt", "Trần Quốc Đạt", "Lê Hoàng Ưng", "Phạm Thị Ơn", "Đặng Văn Ẩn", "Võ Thị Ngọc Diễm",
    "Hồ Ngọc Ứng", "Điểu Sơn", "Thị Hậu", "Bùi Đình Đủ", "Đỗ Thị Ý Nhi", "Huỳnh Khắc Huệ",
)  # fmt: skip


@dataclass(frozen=True)
class Member:
    """One of the cast: the account, the person, where they work, and the actor that services take."""

    user: User
    person: Person
    organisation: Organisation
    actor: Actor


def make_organisation(name: str = "Sở Khoa học và Công nghệ", **values: Any) -> Organisation:
    """An organisation of the province, a state body unless told otherwise."""
    number = next(_numbers)
    values.setdefault("code", f"TC{number:04d}")
    values.setdefault("kind", OrganisationKind.STATE)
    values.setdefault("level", OrganisationLevel.PROVINCE)
    return Organisation.objects.create(name=name, **values)


def make_person(name: str = "", **values: Any) -> Person:
    """A person; the names of the cast take turns."""
    number = next(_numbers)
    return Person.objects.create(full_name=name or _NAMES[number % len(_NAMES)], **values)


def make_post(*roles: Role | str, name: str = "", **values: Any) -> Post:
    """A post with the roles its holder may use."""
    number = next(_numbers)
    values.setdefault("code", f"CV{number:04d}")
    labels = ", ".join(str(getattr(role, "label", role)) for role in roles)
    return Post.objects.create(name=name or labels or "Nhân viên", roles=[str(role) for role in roles], **values)


def appoint(
    person: Person, organisation: Organisation, *roles: Role | str, valid_from: date = LONG_AGO, **values: Any
) -> Appointment:
    """Give the person a post with the roles at the organisation."""
    return Appointment.objects.create(
        person=person, post=make_post(*roles), organisation=organisation, valid_from=valid_from, **values
    )


def make_user(person: Person | None = None, *, username: str = "", **values: Any) -> User:
    """An account with the password of the cast; of a new person unless one is given."""
    number = next(_numbers)
    user = User(username=username or f"can-bo-{number}", person=person or make_person(), **values)
    user.set_password(PASSWORD)
    user.save()
    return user


def make_member(
    *roles: Role | str, organisation: Organisation | None = None, name: str = "", on: date | None = None, **values: Any
) -> Member:
    """An account whose person holds the roles at the organisation (a new one unless given) since long ago."""
    organisation = organisation or make_organisation()
    person = make_person(name)
    if roles:
        appoint(person, organisation, *roles)
    user = make_user(person, **values)
    return Member(user, person, organisation, actor_for(user, on=on or timezone.localdate()))


def make_actor(*roles: Role | str, organisation: Organisation | None = None, on: date | None = None) -> Actor:
    """The actor of a new member with the roles."""
    return make_member(*roles, organisation=organisation, on=on).actor


def delegate(
    giver: Person, receiver: Person, organisation: Organisation, roles: Iterable[Role], **values: Any
) -> Delegation:
    """Hand roles from one person to another since long ago."""
    values.setdefault("valid_from", LONG_AGO)
    values.setdefault("form", DelegationForm.ON_BEHALF)
    values.setdefault("basis", "Giấy ủy quyền số 01/GUQ")
    return Delegation.objects.create(
        giver=giver, receiver=receiver, organisation=organisation, roles=[str(role) for role in roles], **values
    )


def client_for(who: Member | User | None = None, **headers: str) -> Client:
    """A browser signed in as the member; signed out for None. headers: e.g. HTTP_HX_REQUEST="true"."""
    client = Client(**headers)
    if who is not None:
        client.force_login(
            who.user if isinstance(who, Member) else who, backend="django.contrib.auth.backends.ModelBackend"
        )
    return client


@dataclass(frozen=True)
class Cast:
    """Who tries every page: the department's people, two hosts that must not see each other's files, and a stranger."""

    specialist: Member
    head: Member
    director: Member
    accountant: Member
    finance: Member
    leader: Member
    inspector: Member
    sysadmin: Member
    host: Member
    other_host: Member
    coordinator: Member
    stranger: Member


def make_cast() -> Cast:
    """The whole cast: one department, a finance department, the provincial committee, two institutes, a commune."""
    department = make_organisation("Sở Khoa học và Công nghệ")
    institute = make_organisation("Viện Nghiên cứu Nông nghiệp Đông Nam Bộ", kind=OrganisationKind.RESEARCH)
    company = make_organisation("Công ty Cổ phần Chế biến Điều Bù Đăng", kind=OrganisationKind.ENTERPRISE)
    commune = make_organisation("Ủy ban nhân dân xã Đắk Ơ", level=OrganisationLevel.COMMUNE)
    return Cast(
        specialist=make_member(Role.SPECIALIST, organisation=department),
        head=make_member(Role.HEAD, organisation=department),
        director=make_member(Role.DIRECTOR, organisation=department),
        accountant=make_member(Role.ACCOUNTANT, organisation=department),
        finance=make_member(Role.FINANCE, organisation=make_organisation("Sở Tài chính")),
        leader=make_member(Role.LEADER, organisation=make_organisation("Ủy ban nhân dân tỉnh")),
        inspector=make_member(Role.INSPECTOR, organisation=make_organisation("Thanh tra tỉnh")),
        sysadmin=make_member(Role.SYSADMIN, organisation=department),
        host=make_member(Role.HOST, Role.PI, Role.PROPOSER, organisation=institute),
        other_host=make_member(Role.HOST, Role.PI, Role.PROPOSER, organisation=company),
        coordinator=make_member(Role.COORDINATOR, organisation=commune),
        stranger=make_member(organisation=make_organisation("Hội Người cao tuổi")),
    )
