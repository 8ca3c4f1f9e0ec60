"""Who writes warnings, who approves and issues them, who keeps recipients, who reads what."""

from datetime import date

from django.db.models import Q, QuerySet

from khcn.domains.warnings.choices import WarningState
from khcn.domains.warnings.models import WarningCase
from khcn.lib.actor import Actor
from khcn.lib.failure import Forbidden
from khcn.lib.roles import Role

WRITERS = (Role.SPECIALIST, Role.OFFICER, Role.HEAD, Role.DIRECTOR, Role.AGENCY_HEAD)
#: By rank: who approves up to the level that the parameters give for the rank.
RANKS = (
    (Role.HEAD, Role.DIRECTOR, Role.AGENCY_HEAD), (Role.DIRECTOR, Role.AGENCY_HEAD), (Role.AGENCY_HEAD, Role.DIRECTOR),
)  # fmt: skip
READERS = (*WRITERS, Role.LEADER, Role.INSPECTOR, Role.COORDINATOR, Role.INFO_FOCAL, Role.CLERK)


def may_write(actor: Actor | None, organisation_id: int) -> bool:
    """Who writes and submits messages of an agency."""
    return actor is not None and actor.holds_at(organisation_id, *WRITERS)


def may_approve(actor: Actor | None, organisation_id: int, *, rank: int, today: date) -> bool:
    """Who approves at a rank, with a post that is valid today; the system never does."""
    if actor is None or actor.is_system or actor.on != today:
        return False
    return actor.holds_at(organisation_id, *RANKS[min(rank, len(RANKS) - 1)])


def reads_all(actor: Actor | None) -> bool:
    """Who reads proposals and drafts."""
    return actor is not None and (actor.is_system or actor.holds(*READERS))


def visible_cases(actor: Actor | None) -> QuerySet[WarningCase]:
    """Cases that the actor may read: the public those that went out and are no exercise."""
    rows = WarningCase.objects.all()
    if reads_all(actor):
        return rows
    out = [WarningState.IN_FORCE, WarningState.CANCELLED, WarningState.EXPIRED]
    return rows.filter(Q(state__in=out), is_exercise=False)


def require(allowed: bool, sentence: str) -> None:
    """Pass, or Forbidden with the sentence."""
    if not allowed:
        raise Forbidden(sentence)
