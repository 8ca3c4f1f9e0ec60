"""Reads people of a system: skills missing, certificates running out, who may audit."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from khcn.domains.qms.choices import CertificateKind
from khcn.domains.qms.models import Certificate, HeldSkill, Membership, QualitySystem, SkillRequirement, Unit


@dataclass(frozen=True, slots=True)
class SkillCell:
    """What a person's position needs of a skill and what the person has (0: never found)."""

    member: Membership
    skill: str
    needed: int
    held: int
    skill_id: int

    @property
    def person(self) -> str:
        """The person's name."""
        return str(self.member.person)

    @property
    def is_gap(self) -> bool:
        """True when less is held than needed."""
        return self.held < self.needed


def members_on(system: QualitySystem, on: date) -> QuerySet[Membership]:
    """People of the system on the day."""
    rows = Membership.objects.valid_on(on).filter(system=system)  # type: ignore[attr-defined]
    return rows.select_related("person", "unit").order_by("unit__code", "person__sort_key")


def skill_matrix(system: QualitySystem, *, on: date) -> list[SkillCell]:
    """Every requirement of every person's position, with the newest level found. Three queries."""
    needs: dict[str, list[SkillRequirement]] = {}
    for need in SkillRequirement.objects.filter(skill__system=system).select_related("skill").order_by("skill__name"):
        needs.setdefault(need.position, []).append(need)
    held: dict[tuple[int, int], int] = {}
    rows = HeldSkill.objects.filter(skill__system=system, found_on__lte=on).order_by("found_on", "id")
    for person, skill, level in rows.values_list("person_id", "skill_id", "level"):
        held[person, skill] = level
    return [
        SkillCell(member, need.skill.name, need.level, held.get((member.person_id, need.skill_id), 0), need.skill_id)
        for member in members_on(system, on)
        for need in needs.get(member.position, [])
    ]


def skill_gaps(system: QualitySystem, *, on: date) -> list[SkillCell]:
    """The cells where less is held than needed."""
    return [cell for cell in skill_matrix(system, on=on) if cell.is_gap]


def possible_auditors(system: QualitySystem, *, on: date, auditee: Unit | None = None) -> QuerySet[Membership]:
    """People with an auditor's certificate in force, of other units than the audited one."""
    certified = Certificate.objects.filter(
        system=system, kind=CertificateKind.INTERNAL_AUDITOR, issued_on__lte=on
    ).exclude(valid_until__lt=on)
    rows = members_on(system, on).filter(person__in=certified.values("person"))
    return rows.exclude(unit=auditee) if auditee is not None else rows


def certificates_running_out(system: QualitySystem, *, on: date, days: int = 60) -> QuerySet[Certificate]:
    """Certificates that end within so many days, or have ended."""
    rows = Certificate.objects.filter(Q(valid_until__lte=on + timedelta(days=days)), system=system)
    return rows.select_related("person").order_by("valid_until")
