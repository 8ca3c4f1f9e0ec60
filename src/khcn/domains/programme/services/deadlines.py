"""Reminds people of what falls due: statutory clocks, reports that hosts owe, papers that urge a unit; a daily job."""

from datetime import date, timedelta
from typing import Any, Final

from khcn.domains.programme.models import Directive, ReportObligation
from khcn.domains.programme.queries.addresses import address_of
from khcn.kernel.notices.choices import NoticeKind
from khcn.kernel.notices.services import notify
from khcn.kernel.orgs.models import Organisation, User
from khcn.kernel.orgs.queries import holders_of, staff_of
from khcn.kernel.procedures.models import Clock
from khcn.lib.actor import Actor
from khcn.lib.roles import Role

#: How long before its end something is called to mind. The house's habit, in no law.
DAYS_BEFORE: Final = 3
REPORT_DAYS_BEFORE: Final = 14
#: What is older than this has been told often enough; it stands in the lists of what is late.
DAYS_AFTER: Final = 30


def remind_of_deadlines(*, by: Actor, on: date) -> int:
    """Tell those responsible what falls due in the next days and what fell due unfinished; returns how many lines.

    A line that somebody still has open is not repeated, so that running twice a day changes nothing.
    """
    return _clocks(on) + _reports(on) + _directives(on)


def _clocks(on: date) -> int:
    told = 0
    running = Clock.objects.filter(
        stopped_on=None, cancelled=False, due_on__lte=on + timedelta(days=DAYS_BEFORE),
        due_on__gte=on - timedelta(days=DAYS_AFTER),
    ).select_related("responsible")  # fmt: skip
    held: dict[tuple[str, int | None], list[User]] = {}
    for clock in running:
        key = (clock.responsible_role, clock.responsible_id)
        if key not in held:
            held[key] = _people(clock.responsible_role, clock.responsible, on)
        told += _tell(held[key], clock, clock.title, clock.due_on, clock.url, on)
    return told


def _reports(on: date) -> int:
    told = 0
    owed = ReportObligation.objects.filter(
        waived=False, report=None, due_on__lte=on + timedelta(days=REPORT_DAYS_BEFORE),
        due_on__gte=on - timedelta(days=DAYS_AFTER), task__state__in=["contracted", "running"],
    ).select_related("task__host")  # fmt: skip
    for item in owed:
        people = holders_of(Role.HOST, on=on, organisation_id=item.task.host_id)
        title = f"{item.task.code}: {item.get_kind_display().lower()}"  # type: ignore[attr-defined]
        told += _tell(people, item, title, item.due_on, address_of(item.task), on)
    return told


def _directives(on: date) -> int:
    told = 0
    open_ones = Directive.objects.filter(
        done_on=None, due_on__lte=on + timedelta(days=DAYS_BEFORE), due_on__gte=on - timedelta(days=DAYS_AFTER)
    ).select_related("addressee", "issue", "task")
    for item in open_ones:
        about = item.issue or item.task
        title = f"Văn bản đôn đốc {item.number}: {item.content}"
        told += _tell(staff_of(item.addressee, on=on), item, title, item.due_on, address_of(about) if about else "", on)
    return told


def _tell(people: list[User], subject: Any, title: str, due_on: date | None, url: str, on: date) -> int:
    if due_on is None:
        return 0
    is_late = due_on < on
    words = f"Quá hạn: {title}" if is_late else f"Sắp đến hạn: {title}"
    kind = NoticeKind.LATE if is_late else NoticeKind.DO
    return len(notify(recipients=people, kind=kind, subject=subject, title=words, url=url, due_on=due_on))


def _people(role: str, unit: Organisation | None, on: date) -> list[User]:
    if role:
        return holders_of(role, on=on, organisation_id=unit.pk if unit is not None else None)
    return staff_of(unit, on=on) if unit is not None else []
