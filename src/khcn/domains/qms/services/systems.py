"""Enrols agencies and keeps their units, people, scope and exclusions."""

from datetime import date

from django.db import transaction

from khcn.domains.qms.choices import Duty, Obligation
from khcn.domains.qms.models import Membership, QualitySystem, ScopeExclusion, Unit
from khcn.domains.qms.permissions import OVERSEERS, require_duty
from khcn.domains.qms.services.readers import ask_newcomer
from khcn.domains.qms.services.steps import require_text
from khcn.kernel.audit.services import record
from khcn.kernel.orgs.models import Organisation, Person
from khcn.lib.actor import Actor
from khcn.lib.failure import Forbidden, Refused
from khcn.lib.roles import Role


def enrol_agency(
    *, by: Actor, organisation: Organisation, obligation: Obligation, started_on: date, scope: str = "",
    steering_decision: str = "", has_laboratory: bool = False, is_illustration: bool = False,
) -> QualitySystem:  # fmt: skip
    """Begin the quality system of an agency. The standing body may, and the agency's own head or secretary."""
    own = by.holds_at(organisation.pk, Role.AGENCY_HEAD, Role.ISO_SECRETARY)
    if not (own or by.holds(*OVERSEERS)):
        raise Forbidden(
            "Chỉ Sở Khoa học và Công nghệ, người đứng đầu hoặc thư ký ISO của cơ quan được khởi tạo hệ thống."
        )
    if QualitySystem.objects.filter(organisation=organisation).exists():
        raise Refused("Cơ quan này đã có hệ thống quản lý chất lượng.", field="organisation")
    with transaction.atomic():
        system = QualitySystem.objects.create(
            organisation=organisation, obligation=obligation, started_on=started_on, scope=scope,
            steering_decision=steering_decision, has_laboratory=has_laboratory, is_illustration=is_illustration,
        )  # fmt: skip
        record(by=by, verb="qms.enrol", subject=system, after={"obligation": obligation, "started_on": started_on})
    return system


def describe_system(
    *, by: Actor, system: QualitySystem, scope: str, steering_decision: str, has_laboratory: bool, standard: str,
    expected_version: int | None = None,
) -> QualitySystem:  # fmt: skip
    """Change the scope statement and the frame of the system."""
    require_duty(by, system, Duty.SECRETARY, Duty.HEAD)
    with transaction.atomic():
        changes = {
            "scope": require_text(scope, "Ghi phạm vi áp dụng của hệ thống.", "scope"),
            "steering_decision": steering_decision,
            "has_laboratory": has_laboratory,
            "standard": standard,
        }
        system.claim(expected_version, changes)
        before = {name: getattr(system, name) for name in changes}
        for name, value in changes.items():
            setattr(system, name, value)
        system.save()
        record(by=by, verb="qms.describe", subject=system, before=before, after=changes)
    return system


def add_unit(*, by: Actor, system: QualitySystem, code: str, name: str) -> Unit:
    """Add a division of the agency."""
    require_duty(by, system, Duty.SECRETARY, Duty.HEAD)
    if Unit.objects.filter(system=system, code=code).exists():
        raise Refused("Mã bộ phận này đã có.", field="code")
    with transaction.atomic():
        unit = Unit.objects.create(system=system, code=code, name=name, valid_from=by.on)
        record(by=by, verb="qms.add_unit", subject=unit, after={"code": code, "name": name})
    return unit


def assign_member(
    *, by: Actor, system: QualitySystem, unit: Unit, person: Person, position: str, since: date
) -> Membership:
    """Place a person in a unit; an earlier place in the same system ends the day the new one begins.

    Who joins is asked to read what binds them there.
    """
    require_duty(by, system, Duty.SECRETARY, Duty.HEAD)
    if unit.system_id != system.pk:
        raise Refused("Bộ phận này không thuộc cơ quan.", field="unit")
    with transaction.atomic():
        for place in Membership.objects.filter(system=system, person=person, valid_to=None):
            if place.valid_from is not None and place.valid_from >= since:
                raise Refused("Người này đã có vị trí từ ngày đó hoặc muộn hơn.", field="since")
            place.valid_to = since
            place.save(update_fields=["valid_to"])
        place = Membership.objects.create(system=system, unit=unit, person=person, position=position, valid_from=since)
        record(by=by, verb="qms.assign_member", subject=place, after={"unit": unit.code, "position": position})
        ask_newcomer(by=by, system=system, person=person, unit=unit)
    return place


def end_membership(*, by: Actor, membership: Membership, on: date) -> Membership:
    """End a person's place in the system."""
    require_duty(by, membership.system, Duty.SECRETARY, Duty.HEAD)
    if membership.valid_to is not None or (membership.valid_from and on <= membership.valid_from):
        raise Refused("Vị trí này đã kết thúc, hoặc ngày kết thúc không sau ngày bắt đầu.", field="on")
    with transaction.atomic():
        membership.valid_to = on
        membership.save(update_fields=["valid_to"])
        record(by=by, verb="qms.end_membership", subject=membership, after={"valid_to": on})
    return membership


def exclude_clause(*, by: Actor, system: QualitySystem, clause: str, justification: str) -> ScopeExclusion:
    """Say that a clause does not apply, and why."""
    require_duty(by, system, Duty.SECRETARY, Duty.HEAD)
    reason = require_text(justification, "Ghi lý do không áp dụng.", "justification")
    with transaction.atomic():
        row, _ = ScopeExclusion.objects.update_or_create(
            system=system, clause=clause, defaults={"justification": reason}
        )
        record(by=by, verb="qms.exclude_clause", subject=row, after={"clause": clause, "justification": reason})
    return row
