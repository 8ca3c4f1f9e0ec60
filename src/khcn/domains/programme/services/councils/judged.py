"""Clocks and notices around a council: those of the record it judges, and its members' inboxes."""

from collections.abc import Collection
from datetime import date
from typing import Any

from khcn.domains.programme.choices import CouncilKind
from khcn.domains.programme.queries.addresses import address_of
from khcn.domains.programme.queries.councils.subjects import records_of
from khcn.domains.programme.rules.machines import COUNCIL
from khcn.domains.programme.services.transitions import log_clock_start, stop_running_clock
from khcn.kernel.notices.choices import NoticeKind
from khcn.kernel.notices.services import notify
from khcn.kernel.orgs.models import User
from khcn.kernel.procedures.models import Council


def run_step_clocks(council: Council, event: str, *, on: date) -> None:
    """Stop and start the times of an acceptance that the step names; they run on the task, where people look."""
    if council.kind != CouncilKind.ACCEPTANCE:
        return
    row = next(item for item in COUNCIL.transitions if item.event == event)
    for _, task in records_of(council):
        for key in row.stops:
            stop_running_clock(subject=task, key=key, on=on)
        for key in row.starts:
            log_clock_start(subject=task, key=key, on=on)


def tell_members(
    council: Council, *, title: str, kind: NoticeKind, due_on: date | None = None, roles: Collection[str] = ()
) -> int:
    """Put a line into the inbox of every member with an account; returns how many were told."""
    seats: dict[str, Any] = {"person__seats__council": council, "person__seats__conflict": "", "is_active": True}
    if roles:
        seats["person__seats__role__in"] = list(roles)
    users = User.objects.filter(**seats).distinct()
    return len(
        notify(recipients=users, kind=kind, title=title, url=address_of(council), subject=council, due_on=due_on)
    )
