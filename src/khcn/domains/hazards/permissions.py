"""Who reads stations, who keeps them, who enters and corrects values, who changes the tables of levels."""

from django.db.models import QuerySet

from khcn.domains.hazards.choices import StationAccess
from khcn.domains.hazards.models import Station
from khcn.lib.actor import Actor
from khcn.lib.failure import Forbidden
from khcn.lib.roles import Role

STAFF = (
    Role.SPECIALIST, Role.HEAD, Role.DIRECTOR, Role.OFFICER, Role.AGENCY_HEAD, Role.INFO_FOCAL, Role.COORDINATOR,
    Role.ADMIN_SECRETARY, Role.CLERK,
)  # fmt: skip
OBSERVERS = (Role.SPECIALIST, Role.HEAD, Role.OFFICER, Role.COORDINATOR, Role.INFO_FOCAL)
KEEPERS = (Role.SPECIALIST, Role.HEAD, Role.DIRECTOR, Role.OFFICER, Role.AGENCY_HEAD, Role.INFO_FOCAL)
APPROVERS = (Role.HEAD, Role.DIRECTOR, Role.AGENCY_HEAD)
READS_ALL = (Role.LEADER, Role.INSPECTOR)


def is_of_the_state(actor: Actor | None) -> bool:
    """True for people with an office in a state body, who read what is internal."""
    return actor is not None and (actor.is_system or actor.holds(*STAFF, *READS_ALL))


def visible_stations(actor: Actor | None) -> QuerySet[Station]:
    """Stations that the actor may read; None is the public."""
    rows = Station.objects.all()
    return rows if is_of_the_state(actor) else rows.filter(access=StationAccess.OPEN)


def may_set_up(actor: Actor) -> bool:
    """Who sets up stations of an organisation of theirs."""
    return actor.holds(*KEEPERS)


def may_keep(actor: Actor | None, organisation_id: int) -> bool:
    """Who describes stations of an organisation, sets up series and hands out keys."""
    return actor is not None and actor.holds_at(organisation_id, *KEEPERS)


def may_observe(actor: Actor | None, organisation_id: int) -> bool:
    """Who enters, brings and corrects values of an organisation's stations."""
    return actor is not None and actor.holds_at(organisation_id, *OBSERVERS)


def require(allowed: bool, sentence: str) -> None:
    """Pass, or Forbidden with the sentence."""
    if not allowed:
        raise Forbidden(sentence)
