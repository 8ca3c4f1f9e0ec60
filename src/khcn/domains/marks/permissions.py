"""Who keeps, decides on and reads rights: the office that manages a right, and everybody what is open."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from khcn.domains.marks.choices import RightRole
from khcn.domains.marks.models import Right, RightParty
from khcn.lib.actor import Actor
from khcn.lib.failure import Forbidden
from khcn.lib.roles import Role

KEEPERS = (Role.SPECIALIST, Role.OFFICER, Role.HEAD, Role.DIRECTOR, Role.AGENCY_HEAD)
DECIDERS = (Role.HEAD, Role.DIRECTOR, Role.AGENCY_HEAD)
STATE = (*KEEPERS, Role.ONE_STOP, Role.CLERK, Role.INFO_FOCAL, Role.COORDINATOR, Role.LEADER, Role.INSPECTOR)


def is_of_the_state(actor: Actor | None) -> bool:
    """True for people with an office in a state body, who read what is not yet open."""
    return actor is not None and (actor.is_system or actor.holds(*STATE))


def manager_of(right: Right) -> RightParty | None:
    """Who manages the right today."""
    today = timezone.localdate()
    return right.parties.filter(role=RightRole.MANAGER).valid_on(today).select_related("organisation").first()


def may_keep(actor: Actor, right: Right) -> bool:
    """Who keeps a right's records: officials of the body that manages it, or carries on its duties."""
    party = manager_of(right)
    return party is not None and party.organisation_id is not None and actor.acts_at(party.organisation_id, *KEEPERS)


def may_decide(actor: Actor, right: Right) -> bool:
    """Who issues specifications and areas, grants and takes away: heads and leaders of the body that manages it."""
    party = manager_of(right)
    return party is not None and party.organisation_id is not None and actor.acts_at(party.organisation_id, *DECIDERS)


def require_keeper(actor: Actor, right: Right) -> None:
    """Raises Forbidden."""
    if not may_keep(actor, right):
        raise Forbidden("Việc này dành cho công chức của cơ quan, tổ chức quản lý quyền.")


def require_decider(actor: Actor, right: Right) -> None:
    """Raises Forbidden."""
    if not may_decide(actor, right):
        raise Forbidden("Việc này dành cho lãnh đạo của cơ quan, tổ chức quản lý quyền.")


def may_register(actor: Actor, organisation_id: int) -> bool:
    """Who enters a right for the body that will manage it."""
    return actor.holds_at(organisation_id, *KEEPERS)


def registering_places(actor: Actor) -> list[int]:
    """Keys of the organisations for which the actor may enter a right."""
    kept = {str(role) for role in KEEPERS}
    return sorted({one.organisation_id for one in actor.grants if one.role in kept and one.organisation_id})


def visible_rights(actor: Actor | None) -> QuerySet[Right]:
    """Rights that the actor may read; None is the public."""
    rows = Right.objects.all()
    if actor is None or not is_of_the_state(actor):
        return rows.filter(is_public=True)
    if actor.is_system or actor.holds(Role.LEADER, Role.INSPECTOR):
        return rows
    own = RightParty.objects.filter(organisation__in=actor.places).values("right")
    return rows.filter(Q(is_public=True) | Q(pk__in=own))
