"""Who drafts, initials, signs, numbers, seals and sends an organisation's papers, and who reads them."""

from django.db.models import QuerySet

from khcn.kernel.documents.models import IncomingPaper, OfficialPaper
from khcn.lib.actor import Actor
from khcn.lib.failure import Forbidden
from khcn.lib.roles import Role

DRAFTERS = (
    Role.SPECIALIST, Role.OFFICER, Role.ADMIN_SECRETARY, Role.HEAD, Role.DIRECTOR, Role.AGENCY_HEAD, Role.ONE_STOP,
    Role.CLERK,
)  # fmt: skip
STEP_ROLES: dict[str, tuple[Role, ...]] = {
    "draft": DRAFTERS,
    "check": DRAFTERS,
    "initial": (Role.HEAD, Role.DIRECTOR, Role.AGENCY_HEAD, Role.OFFICER),
    "return": (Role.HEAD, Role.DIRECTOR, Role.LEADER, Role.AGENCY_HEAD, Role.CLERK),
    "sign": (Role.DIRECTOR, Role.LEADER, Role.AGENCY_HEAD),
    "number": (Role.CLERK,),
    "seal": (Role.CLERK,),
    "send": (Role.CLERK,),
    "recall": (Role.CLERK, Role.DIRECTOR, Role.AGENCY_HEAD),
    "replace": (Role.CLERK, Role.DIRECTOR, Role.AGENCY_HEAD),
    "receive": (Role.CLERK,),
}


def may(actor: Actor, event: str, organisation_id: int) -> bool:
    """True when the actor holds an office of the organisation that takes the step."""
    return actor.holds_at(organisation_id, *STEP_ROLES[event])


def require(actor: Actor, event: str, organisation_id: int) -> None:
    """Pass, or Forbidden with the names of those who may."""
    if not may(actor, event, organisation_id):
        names = ", ".join(role.label for role in STEP_ROLES[event])
        raise Forbidden(f"Việc này dành cho: {names} của cơ quan ban hành.")


def visible_papers(actor: Actor) -> QuerySet[OfficialPaper]:
    """Papers of the organisations at which the actor holds an office; inspectors and the system read all."""
    papers = OfficialPaper.objects.all()
    if actor.is_system or actor.holds(Role.INSPECTOR):
        return papers
    return papers.filter(organisation_id__in=_own(actor))


def visible_arrivals(actor: Actor) -> QuerySet[IncomingPaper]:
    """Arrivals at the organisations at which the actor holds an office."""
    arrivals = IncomingPaper.objects.all()
    return arrivals if actor.is_system else arrivals.filter(organisation_id__in=_own(actor))


def _own(actor: Actor) -> frozenset[int]:
    return actor.offices_as(Role.LEADER, *(role for roles in STEP_ROLES.values() for role in roles))
