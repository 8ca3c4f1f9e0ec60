"""Who keeps, decides on and reads rights: the office that manages a right, and everybody what is open."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from khcn.domains.marks.choices import RightRole
from khcn.domains.marks.models import Incident, Right, RightParty, SoftwareFile, UseRight
from khcn.kernel.orgs.models import Organisation
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
    return sorted(actor.offices_as(*KEEPERS))


def visible_rights(actor: Actor | None) -> QuerySet[Right]:
    """Rights that the actor may read; None is the public."""
    rows = Right.objects.all()
    if actor is None or not is_of_the_state(actor):
        return rows.filter(is_public=True)
    if actor.is_system or actor.holds(Role.LEADER, Role.INSPECTOR):
        return rows
    own = RightParty.objects.filter(organisation__in=actor.places).values("right")
    return rows.filter(Q(is_public=True) | Q(pk__in=own))


def registering_for_members(actor: Actor) -> list[int]:
    """Keys of the producers for which the actor files applications."""
    return sorted(actor.offices_as(Role.PRODUCER))


def require_applicant(actor: Actor, right: Right, organisation: Organisation | None) -> None:
    """Pass for the counter of the managing body, and for a producer on its own behalf. Raises Forbidden."""
    own = organisation is not None and right.is_public and actor.holds_at(organisation.pk, Role.PRODUCER)
    if not own and not may_keep(actor, right):
        raise Forbidden("Hồ sơ do nơi quản lý quyền nhận, hoặc do chính cơ sở nộp cho mình.")


def may_keep_use(actor: Actor, use: UseRight) -> bool:
    """Who keeps a member's own records: the managing body, and the member."""
    own = use.organisation_id is not None and actor.acts_at(use.organisation_id, Role.PRODUCER)
    return own or may_keep(actor, use.right)


def require_use_keeper(actor: Actor, use: UseRight) -> None:
    """Raises Forbidden."""
    if not may_keep_use(actor, use):
        raise Forbidden("Việc này dành cho thành viên hoặc nơi quản lý quyền.")


def visible_uses(actor: Actor) -> QuerySet[UseRight]:
    """Rights to use that the actor may read: a member its own, officials those of the rights that they read."""
    if is_of_the_state(actor):
        return UseRight.objects.filter(right__in=visible_rights(actor))
    return UseRight.objects.filter(organisation__in=registering_for_members(actor))


def visible_incidents(actor: Actor) -> QuerySet[Incident]:
    """Reports that the actor may read: keepers of the right, and leaders and inspectors of the province."""
    rows = Incident.objects.select_related("right")
    if actor.is_system or actor.holds(Role.LEADER, Role.INSPECTOR):
        return rows
    if not actor.holds(*KEEPERS):
        return rows.none()
    own = RightParty.objects.valid_on(timezone.localdate()).filter(
        role=RightRole.MANAGER, organisation__in=actor.places
    )
    return rows.filter(right__in=own.values("right"))


def may_conclude(actor: Actor, incident: Incident) -> bool:
    """Who says what came of a report: leaders of the managing body, and inspectors of the body it was handed to."""
    if incident.handed_to_id is not None and actor.acts_at(incident.handed_to_id, Role.INSPECTOR):
        return True
    return may_decide(actor, incident.right)


def require_concluder(actor: Actor, incident: Incident, *, decides: bool = False) -> None:
    """Pass for who keeps or, with `decides`, concludes a report. Raises Forbidden."""
    if may_conclude(actor, incident) or (not decides and may_keep(actor, incident.right)):
        return
    raise Forbidden("Việc này dành cho nơi quản lý quyền hoặc cơ quan thanh tra đã nhận hồ sơ.")


def may_file_software(actor: Actor) -> bool:
    """Who begins files of software copyright: officials of the department, and enterprises for themselves."""
    return actor.holds(*KEEPERS, Role.PRODUCER, Role.HOST)


def require_software_filer(actor: Actor, owner: Organisation | None) -> None:
    """Pass for officials, and for people of the owner. Raises Forbidden."""
    own = owner is not None and actor.holds_at(owner.pk, Role.PRODUCER, Role.HOST)
    if not own and not actor.holds(*KEEPERS):
        raise Forbidden("Hồ sơ do công chức lập, hoặc do chính doanh nghiệp lập cho mình.")


def may_keep_software(actor: Actor, software: SoftwareFile) -> bool:
    """Who keeps a file: officials, and people of its owner."""
    own = software.owner_id is not None and actor.acts_at(software.owner_id, Role.PRODUCER, Role.HOST)
    return own or actor.holds(*KEEPERS)


def require_software_keeper(actor: Actor, software: SoftwareFile) -> None:
    """Raises Forbidden."""
    if not may_keep_software(actor, software):
        raise Forbidden("Việc này dành cho công chức hoặc chủ sở hữu chương trình.")


def visible_software(actor: Actor) -> QuerySet[SoftwareFile]:
    """Files that the actor may read: officials all, enterprises their own."""
    if actor.is_system or actor.holds(*KEEPERS, Role.LEADER, Role.INSPECTOR):
        return SoftwareFile.objects.all()
    return SoftwareFile.objects.filter(owner__in=actor.answers_as(Role.PRODUCER, Role.HOST))
