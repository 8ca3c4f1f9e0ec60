"""Who reads, proposes, checks and approves: the owner's office, those it shares with, and everybody by level."""

from django.db.models import Q, QuerySet

from khcn.domains.geodata.choices import Access
from khcn.domains.geodata.models import Layer
from khcn.lib.actor import Actor
from khcn.lib.failure import Forbidden
from khcn.lib.roles import Role

STAFF = (
    Role.SPECIALIST, Role.HEAD, Role.DIRECTOR, Role.OFFICER, Role.AGENCY_HEAD, Role.INFO_FOCAL, Role.COORDINATOR,
    Role.ADMIN_SECRETARY, Role.CLERK,
)  # fmt: skip
EDITORS = (Role.SPECIALIST, Role.HEAD, Role.OFFICER, Role.INFO_FOCAL, Role.COORDINATOR)
CHECKERS = (Role.SPECIALIST, Role.HEAD, Role.OFFICER, Role.DIRECTOR, Role.AGENCY_HEAD)
APPROVERS = (Role.HEAD, Role.DIRECTOR, Role.AGENCY_HEAD)
KEEPERS = (Role.SPECIALIST, Role.HEAD, Role.DIRECTOR, Role.INFO_FOCAL, Role.AGENCY_HEAD)
READS_ALL = (Role.LEADER, Role.INSPECTOR)


def is_of_the_state(actor: Actor | None) -> bool:
    """True for people with an office in a state body, who read what is internal."""
    return actor is not None and (actor.is_system or actor.holds(*STAFF, *READS_ALL))


def visible_layers(actor: Actor | None) -> QuerySet[Layer]:
    """Layers that the actor may read; None is the public."""
    rows = Layer.objects.filter(is_open=True)
    if actor is not None and (actor.is_system or actor.holds(*READS_ALL)):
        return rows
    if actor is None or not is_of_the_state(actor):
        return rows.filter(access=Access.OPEN)
    own = actor.offices_as(*STAFF)
    shared = Layer.objects.filter(shares__organisation__in=own).values("pk")
    return rows.filter(~Q(access=Access.RESTRICTED) | Q(owner__in=own) | Q(pk__in=shared))


def clearance(actor: Actor | None, layer: Layer) -> Access:
    """The level up to which the actor reads objects and fields of a layer."""
    if actor is None or not is_of_the_state(actor):
        return Access.OPEN
    if actor.is_system or actor.holds(*READS_ALL):
        return Access.RESTRICTED
    own = actor.offices_as(*STAFF)
    if layer.owner_id in own or (own and layer.shares.filter(organisation__in=own).exists()):
        return Access.RESTRICTED
    return Access.INTERNAL


def may_keep(actor: Actor, organisation_id: int) -> bool:
    """Who sets up and describes layers of an organisation."""
    return actor.holds_at(organisation_id, *KEEPERS)


def may_edit(actor: Actor | None, layer: Layer) -> bool:
    """Who proposes changes and brings files."""
    if actor is None:
        return False
    if actor.holds_at(layer.owner_id, *EDITORS):
        return True
    own = actor.offices_as(*EDITORS)
    return bool(own) and layer.shares.filter(organisation__in=own, may_edit=True).exists()


def may_check(actor: Actor | None, layer: Layer) -> bool:
    """Who checks a proposal, returns or rejects it."""
    return actor is not None and actor.holds_at(layer.owner_id, *CHECKERS)


def may_approve(actor: Actor | None, layer: Layer) -> bool:
    """Who approves."""
    return actor is not None and actor.holds_at(layer.owner_id, *APPROVERS)


def require(allowed: bool, sentence: str) -> None:
    """Pass, or Forbidden with the sentence."""
    if not allowed:
        raise Forbidden(sentence)
