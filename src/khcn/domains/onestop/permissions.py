"""Who receives, handles, decides and reads dossiers: offices at the receiving point and at the deciding agency.

Where an agency ended, those who carry its duties on work on its dossiers; the dossiers keep their agency.
"""

from django.db.models import Q, QuerySet

from khcn.domains.onestop.models import AdministrativeProcedure, Complaint, Dossier
from khcn.lib.actor import Actor
from khcn.lib.failure import Forbidden
from khcn.lib.roles import Role

COUNTER = (Role.ONE_STOP,)
HANDLERS = (Role.SPECIALIST, Role.OFFICER, Role.HEAD, Role.DIRECTOR, Role.AGENCY_HEAD)
LEADERS = (Role.HEAD, Role.DIRECTOR, Role.AGENCY_HEAD)
READS_ALL = (Role.LEADER, Role.INSPECTOR)

AT_RECEIVING = {
    "receive",
    "accept",
    "ask_intake",
    "refuse",
    "start",
    "supplied",
    "paid",
    "hand_over",
    "ask_withdraw",
    "originals",
}
AT_DECIDING = {"ask_supplement": HANDLERS, "demand_fee": HANDLERS, "decide": HANDLERS, "work": HANDLERS}
BY_LEADERS = {"extend", "allow_withdraw", "deny_withdraw", "stop"}


def may(actor: Actor, event: str, dossier: Dossier) -> bool:
    """True when one of the actor's offices takes this step on the dossier."""
    if event in AT_RECEIVING:
        places = {dossier.receiving_id, dossier.support_id} - {None}
        return any(actor.acts_at(place, *COUNTER) for place in places)
    if event in BY_LEADERS:
        return actor.acts_at(dossier.deciding_id, *LEADERS)
    return actor.acts_at(dossier.deciding_id, *AT_DECIDING[event])


def require(actor: Actor, event: str, dossier: Dossier) -> None:
    """Pass, or Forbidden with a sentence that says whose work it is."""
    if may(actor, event, dossier):
        return
    if event in AT_RECEIVING:
        raise Forbidden("Việc này dành cho cán bộ một cửa của nơi tiếp nhận hồ sơ.")
    if event in BY_LEADERS:
        raise Forbidden("Việc này dành cho lãnh đạo của cơ quan giải quyết hồ sơ.")
    raise Forbidden("Việc này dành cho công chức của cơ quan giải quyết hồ sơ.")


def require_counter(actor: Actor, procedure: AdministrativeProcedure) -> None:
    """Pass for a clerk of the place that receives dossiers of the procedure."""
    if not actor.holds_at(procedure.office.pk, *COUNTER):
        raise Forbidden("Việc này dành cho cán bộ một cửa của nơi tiếp nhận thủ tục này.")


def may_publish(actor: Actor, organisation_id: int) -> bool:
    """Who keeps an agency's part of the catalogue: its specialists, heads and the administrator."""
    return actor.holds_at(organisation_id, Role.SPECIALIST, *LEADERS) or actor.holds(Role.SYSADMIN)


def may_answer(actor: Actor, complaint: Complaint) -> bool:
    """Who handles complaints: heads, and the one-stop clerk for what stands before the answer."""
    return actor.acts_at(complaint.agency_id, *LEADERS, Role.ONE_STOP)


def visible_dossiers(actor: Actor) -> QuerySet[Dossier]:
    """Dossiers that pass through an organisation where the actor holds or inherits an office; leaders read all."""
    rows = Dossier.objects.all()
    if actor.is_system or actor.holds(*READS_ALL):
        return rows
    own = _own(actor)
    return rows.filter(Q(receiving_id__in=own) | Q(deciding_id__in=own) | Q(support_id__in=own))


def visible_complaints(actor: Actor) -> QuerySet[Complaint]:
    """Complaints about organisations where the actor holds an office; leaders and inspectors read all."""
    rows = Complaint.objects.all()
    return rows if actor.is_system or actor.holds(*READS_ALL) else rows.filter(agency_id__in=_own(actor))


def _own(actor: Actor) -> frozenset[int]:
    return actor.answers_as(*COUNTER, *HANDLERS, Role.CLERK)
