"""Reads organisations and people on a date: who someone is, who follows whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from khcn.kernel.orgs.choices import REVIEW_IDLE_DAYS
from khcn.kernel.orgs.models import Appointment, Delegation, Organisation, OrganisationSuccession, Person, User
from khcn.lib.actor import Actor, Grant
from khcn.lib.roles import Role


def actor_for(user: User, *, on: date) -> Actor:
    """The actor behind an account on a date: roles of all appointments and delegations in force.

    An account made at installation (superuser) administers the system before anybody is appointed.
    The first appointment by date gives the unit printed beside the name. Three queries at most.
    """
    grants: list[Grant] = []
    inherited: list[Grant] = []
    organisation: Organisation | None = None
    if user.person_id is not None:
        held = Appointment.objects.valid_on(on).filter(person_id=user.person_id).select_related("post", "organisation")
        for appointment in held.order_by("valid_from", "id"):
            organisation = organisation or appointment.organisation
            grants += [Grant(role, appointment.organisation_id) for role in appointment.post.roles]
            inherited += _inherited(appointment.organisation, appointment.post.roles, on)
        received = Delegation.objects.valid_on(on).filter(receiver_id=user.person_id).select_related("organisation")
        for delegation in received:
            grants += [Grant(role, delegation.organisation_id) for role in delegation.roles]
            inherited += _inherited(delegation.organisation, delegation.roles, on)
    if user.is_superuser:
        grants.append(Grant(Role.SYSADMIN, None))
    return Actor(
        uid=user.uid,
        name=str(user),
        on=on,
        user_id=user.pk,
        person_id=user.person_id,
        organisation_id=organisation.pk if organisation else None,
        organisation_name=str(organisation or ""),
        grants=tuple(dict.fromkeys(grants)),
        inherited=tuple(dict.fromkeys(inherited)),
    )


def posts_held_by(person: Person, *, on: date) -> QuerySet[Appointment]:
    """The person's appointments in force on the date, the oldest first."""
    held = Appointment.objects.valid_on(on).filter(person=person).select_related("post", "organisation")
    return held.order_by("valid_from", "id")


def roles_by_appointment(person: Person, *, organisation: Organisation, on: date) -> frozenset[str]:
    """Codes of the roles that the person's own appointments at the organisation give on the date."""
    held = Appointment.objects.valid_on(on).filter(person=person, organisation=organisation).select_related("post")
    return frozenset(role for appointment in held for role in appointment.post.roles)


def delegations_of(person: Person) -> QuerySet[Delegation]:
    """Delegations that the person gave or received, the newest first."""
    rows = Delegation.objects.filter(Q(giver=person) | Q(receiver=person))
    return rows.select_related("giver", "receiver", "organisation").order_by("-valid_from", "-id")


def accounts() -> QuerySet[User]:
    """All accounts with their people, by given name."""
    return User.objects.select_related("person", "person__employer").order_by("person__sort_key", "username")


@dataclass(frozen=True, slots=True)
class IdleAccount:
    """An open account that was not used for long: the account, its last use, whole days since (None: never used)."""

    user: User
    last_used_on: date | None
    idle_days: int | None
    holds_a_post: bool


def accounts_to_review(*, on: date, idle_days: int = REVIEW_IDLE_DAYS) -> list[IdleAccount]:
    """Open accounts unused for `idle_days`, or whose person holds no post any more; the longest idle first.

    Source of the days: `choices.REVIEW_IDLE_DAYS`. Two queries.
    """
    in_post = set(Appointment.objects.valid_on(on).values_list("person_id", flat=True))
    found = []
    for user in accounts().filter(is_active=True):
        login_on = timezone.localdate(user.last_login) if user.last_login else None
        used = max((day for day in (user.last_seen_on, login_on) if day), default=None)
        idle = (on - used).days if used else None
        since_opening = (on - timezone.localdate(user.date_joined)).days
        holds = user.person_id in in_post
        if (since_opening if idle is None else idle) >= idle_days or not (holds or user.is_superuser):
            found.append(IdleAccount(user, used, idle, holds))
    return sorted(found, key=lambda one: (one.idle_days is not None, -(one.idle_days or 0), one.user.username))


def organisations_on(on: date) -> QuerySet[Organisation]:
    """Organisations in force on the date."""
    return Organisation.objects.valid_on(on)


def successors_of(organisation: Organisation, *, on: date) -> list[Organisation]:
    """The organisations that carry its duties on the date; itself when it still stands. Follows chains once each."""
    if organisation.is_valid_on(on):
        return [organisation]
    found: dict[int, Organisation] = {}
    seen = {organisation.pk}
    frontier = [organisation.pk]
    while frontier:
        links = OrganisationSuccession.objects.filter(predecessor_id__in=frontier, on__lte=on).select_related(
            "successor"
        )
        frontier = []
        for link in links:
            if link.successor_id in seen:
                continue
            seen.add(link.successor_id)
            if link.successor.is_valid_on(on):
                found[link.successor_id] = link.successor
            else:
                frontier.append(link.successor_id)
    return list(found.values())


def holders_of(role: str, *, on: date, organisation_id: int | None = None) -> list[User]:
    """Accounts whose appointments give the role on the date, optionally at one organisation."""
    held = Appointment.objects.valid_on(on).select_related("post", "person__user")
    if organisation_id is not None:
        held = held.filter(organisation_id=organisation_id)
    users: dict[int, User] = {}
    for appointment in held:
        user = getattr(appointment.person, "user", None)
        if role in appointment.post.roles and user is not None and user.is_active:
            users[user.pk] = user
    return list(users.values())


def staff_of(organisation: Organisation, *, on: date) -> list[User]:
    """Active accounts appointed at an organisation on a date."""
    held = Appointment.objects.valid_on(on).filter(organisation=organisation)
    return list(User.objects.filter(is_active=True, person__appointments__in=held).distinct())


def _inherited(organisation: Organisation, roles: Iterable[str], on: date) -> list[Grant]:
    """The roles at bodies whose duties the organisation carries on the date."""
    day = on.isoformat()
    return [Grant(role, key) for key, since in organisation.carries if since <= day for role in roles]
