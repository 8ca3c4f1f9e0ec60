"""Who may see and act on what in the programme: roles on one record, and the rows an actor may list.

Row scope: the standing body, finance, leaders and inspectors read the whole programme; hosts, proposers and users of
results read what their own unit is part of. A hidden record is not found, not forbidden.
"""

from typing import Any

from django.db.models import Q, QuerySet

from khcn.domains.programme.models import (
    Application,
    ApplicationRecord,
    Handover,
    Issue,
    PaymentFile,
    Product,
    Proposal,
    Task,
)
from khcn.kernel.procedures.models import Council, CouncilSubject, Seat
from khcn.lib.actor import Actor
from khcn.lib.roles import Role

READS_ALL = frozenset(
    {
        Role.SPECIALIST,
        Role.HEAD,
        Role.DIRECTOR,
        Role.ADMIN_SECRETARY,
        Role.ACCOUNTANT,
        Role.FINANCE,
        Role.LEADER,
        Role.INFO_FOCAL,
        Role.INSPECTOR,
    }
)
OWN_UNIT_ROLES = frozenset({Role.PROPOSER, Role.HOST, Role.PI, Role.COORDINATOR})
COUNCIL_ROLES = frozenset(
    {Role.CHAIR, Role.VICE_CHAIR, Role.REVIEWER, Role.MEMBER, Role.SCI_SECRETARY, Role.ADMIN_SECRETARY, Role.APPRAISER}
)


def reads_all(actor: Actor) -> bool:
    """True for those whose office covers the whole programme."""
    return actor.is_system or bool(actor.roles & READS_ALL)


def roles_on(actor: Actor, subject: Any) -> frozenset[str]:
    """The roles in which the actor may act on one record.

    Offices of the standing body and of the province count as held; HOST, PI, PROPOSER and COORDINATOR only for the
    actor's own unit (or own task, for PI); council roles come from a seat on a council that judges the record.
    """
    if actor.is_system:
        return frozenset(role.value for role in Role)
    roles = {role for role in actor.roles if role not in OWN_UNIT_ROLES and role not in COUNCIL_ROLES}
    if Role.ADMIN_SECRETARY in actor.roles:
        roles.add(Role.ADMIN_SECRETARY)
    for role, organisation_ids in _own_units(subject).items():
        if any(actor.holds_at(organisation_id, role) for organisation_id in organisation_ids if organisation_id):
            roles.add(role)
    pi_id = getattr(getattr(subject, "task", subject), "pi_id", None)
    if pi_id is not None and pi_id == actor.person_id:
        roles.add(Role.PI)
    roles |= _seat_roles(actor, subject)
    return frozenset(str(role) for role in roles)


def units_concerned(subject: Any, role: Role | str) -> list[int]:
    """The units that the record concerns in a role of units, the nearest first; none for an office of the province."""
    units = [key for key in _own_units(subject).get(Role.HOST if role == Role.PI else Role(role), ()) if key]
    if role == Role.COORDINATOR and isinstance(subject, Task):
        uses = ApplicationRecord.objects.filter(product__task=subject).order_by("used_from", "id")
        receivers = Handover.objects.filter(product__task=subject).order_by("handed_on", "id")
        for found in (uses.values_list("user_organisation_id"), receivers.values_list("receiver_id")):
            units = [*(key for (key,) in found if key), *units]
    return list(dict.fromkeys(units))


def visible_tasks(actor: Actor) -> QuerySet[Task]:
    """Tasks the actor may read; secret ones are index lines for the standing body only."""
    tasks = Task.objects.all()
    if reads_all(actor):
        return tasks
    units = actor.organisation_ids
    return tasks.filter(is_secret=False).filter(
        Q(host_id__in=units) | Q(orderer_id__in=units) | Q(pi_id=actor.person_id or -1) | Q(pk__in=_partnered(actor))
        | Q(pk__in=Product.objects.filter(applications__user_organisation_id__in=units).values("task_id"))
        | Q(pk__in=Product.objects.filter(handovers__receiver_id__in=units).values("task_id"))
        | Q(uid__in=_judged(actor))
    )  # fmt: skip


def visible_products(actor: Actor) -> QuerySet[Product]:
    """Products of the tasks the actor may read, without those of secret tasks."""
    products = Product.objects.filter(task__is_secret=False)
    return products if reads_all(actor) else products.filter(task__in=visible_tasks(actor))


def visible_proposals(actor: Actor) -> QuerySet[Proposal]:
    """Proposals the actor may read: all for the standing body, one's own unit's otherwise, and those one judges."""
    proposals = Proposal.objects.all()
    if reads_all(actor):
        return proposals.exclude(Q(state="draft") & ~Q(proposer_id__in=actor.organisation_ids))
    return proposals.filter(
        Q(proposer_id__in=actor.organisation_ids) | Q(orderer_id__in=actor.organisation_ids) | Q(uid__in=_judged(actor))
    )


def visible_applications(actor: Actor) -> QuerySet[Application]:
    """Applications the actor may read; before the opening, only the host reads its own."""
    applications = Application.objects.all()
    own = Q(host_id__in=actor.organisation_ids) | Q(pi_id=actor.person_id or -1)
    if reads_all(actor):
        past_opening = ~Q(state__in=["draft", "submitted"]) | Q(call__state="closed", state="submitted")
        return applications.filter(own | past_opening)
    return applications.filter(own | Q(uid__in=_judged(actor)))


def visible_issues(actor: Actor) -> QuerySet[Issue]:
    """Difficulties the actor may read: all, or those one's unit raised, must solve or whose task one may read."""
    issues = Issue.objects.all()
    if reads_all(actor):
        return issues
    units = actor.organisation_ids
    ours = Q(reporter_id__in=units) | Q(assignee_id__in=units)
    return issues.filter(ours | Q(task__host_id__in=units) | Q(task__pi_id=actor.person_id or -1))


def visible_payment_files(actor: Actor) -> QuerySet[PaymentFile]:
    """Payment files the actor may read: all for those who read the whole programme, one's own tasks' for the host."""
    files = PaymentFile.objects.all()
    if reads_all(actor):
        return files
    own = Q(task__host_id__in=actor.organisation_ids) | Q(task__pi_id=actor.person_id or -1)
    return files.filter(own, task__is_secret=False)


def visible_councils(actor: Actor) -> QuerySet[Council]:
    """Councils the actor may read: the standing body's staff all, members their own."""
    councils = Council.objects.all()
    if reads_all(actor):
        return councils
    return councils.filter(seats__person_id=actor.person_id or -1, seats__conflict="")


def _partnered(actor: Actor) -> QuerySet:
    return Task.partners.through.objects.filter(organisation_id__in=actor.organisation_ids).values("task_id")


def _judged(actor: Actor) -> QuerySet:
    seats = Seat.objects.filter(person_id=actor.person_id or -1, conflict="").values("council_id")
    return CouncilSubject.objects.filter(council_id__in=seats).values("subject_uid")


def _own_units(subject: Any) -> dict[Role, tuple[int | None, ...]]:
    task = getattr(subject, "task", None)
    host = getattr(subject, "host_id", None) or getattr(task, "host_id", None)
    proposer = getattr(subject, "proposer_id", None) or getattr(subject, "reporter_id", None)
    orderer = getattr(subject, "orderer_id", None) or getattr(task, "orderer_id", None)
    user = getattr(subject, "user_organisation_id", None) or getattr(subject, "receiver_id", None)
    return {
        Role.HOST: (host, getattr(subject, "reporter_id", None)),
        Role.PROPOSER: (proposer,),
        Role.COORDINATOR: (orderer, user, getattr(subject, "assignee_id", None), getattr(subject, "reporter_id", None)),
    }


def _seat_roles(actor: Actor, subject: Any) -> set[str]:
    if actor.person_id is None or getattr(subject, "uid", None) is None:
        return set()
    seats = Seat.objects.filter(person_id=actor.person_id, conflict="").exclude(council__state="replaced")
    if isinstance(subject, Council):
        return set(seats.filter(council=subject).values_list("role", flat=True))
    return set(seats.filter(council__subjects__subject_uid=subject.uid).values_list("role", flat=True))
