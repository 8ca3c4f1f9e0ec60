"""Tells those who must act next on a record, and closes what is no longer asked."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from khcn.domains.programme.permissions import OWN_UNIT_ROLES, units_concerned
from khcn.domains.programme.queries.addresses import address_of
from khcn.kernel.notices.choices import NoticeKind
from khcn.kernel.notices.services import notify, settle
from khcn.kernel.orgs.models import Organisation, User
from khcn.kernel.orgs.queries import holders_of
from khcn.kernel.procedures.queries import open_clocks_of
from khcn.lib.roles import Role


def ask(
    *, subject: Any, title: str, on: date, roles: Iterable[Role], at: Organisation | None = None,
    kind: NoticeKind = NoticeKind.DO,
) -> int:  # fmt: skip
    """Close the open lines about the subject and ask the holders of the roles (at a unit) to act; returns how many.

    The due day shown is that of the clock that ends first.
    """
    settle(subject=subject)
    clock = open_clocks_of(subject).order_by("due_on").first()
    told = notify(
        recipients=_holders(subject, roles, on, at), kind=kind, title=title, url=address_of(subject), subject=subject,
        due_on=clock.due_on if clock else None,
    )  # fmt: skip
    return len(told)


def inform(*, subject: Any, title: str, on: date, roles: Iterable[Role], at: Organisation | None = None) -> int:
    """Tell the holders of the roles what happened, beside what others are asked; returns how many."""
    told = notify(
        recipients=_holders(subject, roles, on, at), kind=NoticeKind.INFORM, title=title, url=address_of(subject),
        subject=subject,
    )  # fmt: skip
    return len(told)


def _holders(subject: Any, roles: Iterable[Role], on: date, at: Organisation | None) -> list[User]:
    """Holders of the roles; those of a unit's role only where the record concerns their unit."""
    found: dict[int, User] = {}
    for role in roles:
        concerned: list[int | None] = [at.pk] if at is not None else []
        if at is None and role in OWN_UNIT_ROLES:
            concerned += units_concerned(subject, role)
        for unit in concerned or [None]:
            found |= {user.pk: user for user in holders_of(role, on=on, organisation_id=unit)}
    return list(found.values())
