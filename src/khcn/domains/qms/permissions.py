"""Who sees which system and in which standing they act on a record.

Row scope: people of an agency read their own system; the standing body, the province's leaders and inspectors read
all. A hidden record is not found, not forbidden.
"""

from typing import Any

from django.db.models import Q, QuerySet

from khcn.domains.qms.choices import Duty
from khcn.domains.qms.models import Audit, ChangeRequest, DocumentRevision, Membership, Nonconformity, QualitySystem
from khcn.lib.actor import Actor
from khcn.lib.failure import Forbidden
from khcn.lib.roles import Role

READS_ALL = (Role.SPECIALIST, Role.HEAD, Role.DIRECTOR, Role.LEADER, Role.INSPECTOR)
OVERSEERS = (Role.SPECIALIST, Role.HEAD, Role.DIRECTOR)


def reads_all(actor: Actor) -> bool:
    """True for those whose office covers every agency."""
    return actor.holds(*READS_ALL)


def visible_systems(actor: Actor) -> QuerySet[QualitySystem]:
    """Systems that the actor may read."""
    rows = QualitySystem.objects.select_related("organisation")
    if reads_all(actor):
        return rows
    mine = Membership.objects.valid_on(actor.on).filter(person_id=actor.person_id or 0).values("system")
    return rows.filter(Q(organisation_id__in=actor.organisation_ids) | Q(pk__in=mine))


def membership_of(actor: Actor, system: QualitySystem) -> Membership | None:
    """The actor's place in the system on the actor's date, if any."""
    if actor.person_id is None:
        return None
    return Membership.objects.valid_on(actor.on).filter(system=system, person_id=actor.person_id).first()


def duties_on(actor: Actor, system: QualitySystem, record: Any = None) -> frozenset[str]:
    """In which standing the actor may act on the system, and on one of its records."""
    if actor.is_system:
        return frozenset(str(duty) for duty in Duty)
    found = set()
    agency = system.organisation_id
    if actor.holds_at(agency, Role.AGENCY_HEAD):
        found.add(Duty.HEAD)
    if actor.holds_at(agency, Role.ISO_SECRETARY):
        found.add(Duty.SECRETARY)
    if actor.holds_at(agency, Role.INTERNAL_AUDITOR):
        found.add(Duty.AUDITOR)
    if actor.holds(*OVERSEERS):
        found.add(Duty.OVERSEER)
    if agency in actor.organisation_ids or membership_of(actor, system) is not None:
        found.add(Duty.STAFF)
    if record is not None and _owns(actor, record):
        found.add(Duty.OWNER)
    return frozenset(str(duty) for duty in found)


def require_duty(actor: Actor, system: QualitySystem, *duties: Duty, record: Any = None) -> None:
    """Pass when the actor stands in one of the duties; else Forbidden, naming who may."""
    if not duties_on(actor, system, record) & {str(duty) for duty in duties}:
        names = ", ".join(duty.label for duty in duties)
        raise Forbidden(f"Việc này dành cho: {names}.")


def may_keep(actor: Actor, system: QualitySystem) -> bool:
    """True for those who keep the system's registers: secretary and head."""
    return bool(duties_on(actor, system) & {str(Duty.SECRETARY), str(Duty.HEAD)})


def _owns(actor: Actor, record: Any) -> bool:
    if isinstance(record, Nonconformity):
        return record.owner is not None and record.owner.person_id == actor.person_id
    if isinstance(record, Audit):
        return record.team.filter(member__person_id=actor.person_id or 0).exists()
    if isinstance(record, DocumentRevision):
        return record.author_id is not None and record.author_id == actor.user_id
    if isinstance(record, ChangeRequest):
        return record.asked_by_id is not None and record.asked_by_id == actor.user_id
    return False
