"""Puts people on record."""

from django.db import transaction

from khcn.kernel.audit.services import record
from khcn.kernel.orgs.models import Organisation, Person
from khcn.kernel.orgs.permissions import require_role
from khcn.lib.actor import Actor
from khcn.lib.roles import Role
from khcn.lib.text import nfc


@transaction.atomic
def register_person(
    *,
    by: Actor,
    full_name: str,
    email: str = "",
    phone: str = "",
    degree: str = "",
    employer: Organisation | None = None,
) -> Person:
    """Put a person on record. Raises Forbidden unless the actor administers the system or the standing body's files."""
    require_role(by, Role.SYSADMIN, Role.SPECIALIST, Role.ADMIN_SECRETARY)
    person = Person.objects.create(
        full_name=nfc(" ".join(full_name.split())), email=email, phone=phone, degree=degree, employer=employer
    )
    record(by=by, verb="register_person", subject=person, after={"full_name": person.full_name, "degree": degree})
    return person
