"""Reads duties of the plan: who carries them on a date, what units last reported, what the actor may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from khcn.domains.programme.choices import AssignmentState
from khcn.domains.programme.models import Assignment, AssignmentReport, Plan
from khcn.domains.programme.permissions import reads_all
from khcn.kernel.orgs.models import Organisation, OrganisationSuccession
from khcn.lib.actor import Actor


@dataclass(frozen=True, slots=True)
class DutyLine:
    """One duty of one unit: its last report up to a date, None if it never did. unit None: none is known by name."""

    assignment: Assignment
    unit: Organisation | None
    report: AssignmentReport | None

    @property
    def unit_name(self) -> str:
        """The unit as known, else as the plan writes it."""
        return self.unit.name if self.unit is not None else self.assignment.units_text


def visible_assignments(actor: Actor) -> QuerySet[Assignment]:
    """Duties the actor may read: all, or those of its own unit and of the units whose work it took over."""
    duties = Assignment.objects.all()
    if reads_all(actor):
        return duties
    return duties.filter(organisations__in=[*actor.organisation_ids, *predecessors(actor.organisation_ids)]).distinct()


def carried_by(actor: Actor, assignment: Assignment) -> list[Organisation]:
    """The actor's units that carry the duty: named by the plan, or successors of one that is."""
    named = set(assignment.organisations.values_list("pk", flat=True))
    mine = [pk for pk in actor.organisation_ids if pk in named or named & set(predecessors([pk]))]
    return list(Organisation.objects.filter(pk__in=mine))


def predecessors(organisation_ids: Iterable[int]) -> list[int]:
    """Keys of all organisations that ended in these, through any number of mergers."""
    links: dict[int, set[int]] = {}
    for before, after in OrganisationSuccession.objects.values_list("predecessor_id", "successor_id"):
        links.setdefault(after, set()).add(before)
    found: set[int] = set()
    waiting = list(organisation_ids)
    while waiting:
        for before in links.get(waiting.pop(), set()) - found:
            found.add(before)
            waiting.append(before)
    return sorted(found)


def duty_lines(duties: QuerySet[Assignment], *, on: date, heirs: dict[int, int] | None = None) -> list[DutyLine]:
    """One line per duty and unit, in the plan's order, with the unit's last report up to the date. Four queries.

    heirs: organisation → the one that carries its duties on the date; left out, it is read.
    """
    reports = AssignmentReport.objects.filter(reported_on__lte=on).select_related("organisation")
    found = duties.prefetch_related(
        "organisations", Prefetch("reports", queryset=reports.order_by("-reported_on", "-id"), to_attr="recent")
    ).order_by("plan", "group", "ordinal")
    taken_over = _heirs(on) if heirs is None else heirs
    lines = []
    for duty in found:
        units = list(duty.organisations.all())
        if not units:
            lines.append(DutyLine(duty, None, duty.recent[0] if duty.recent else None))
        for unit in units:
            carriers = {unit.pk, taken_over.get(unit.pk, unit.pk)}
            own = next((report for report in duty.recent if report.organisation_id in carriers), None)
            lines.append(DutyLine(duty, unit, own))
    return lines


def silent_duties(plan: Plan, *, start: date, end: date) -> list[DutyLine]:
    """Duties of known units without a report in the period."""
    lines = duty_lines(Assignment.objects.filter(plan=plan), on=end)
    return [
        line for line in lines if line.unit is not None and (line.report is None or line.report.reported_on < start)
    ]


def duties_of(organisation: Organisation) -> QuerySet[Assignment]:
    """Duties that the organisation carries, its own and those of its predecessors."""
    return Assignment.objects.filter(
        Q(organisations=organisation) | Q(organisations__in=predecessors([organisation.pk]))
    ).distinct()


def lines_of(organisation: Organisation, *, on: date) -> list[DutyLine]:
    """The duties that the organisation carries, its own and those of its predecessors; other units' shares left out."""
    own = {organisation.pk, *predecessors([organisation.pk])}
    return [line for line in duty_lines(duties_of(organisation), on=on) if line.unit is None or line.unit.pk in own]


def is_overdue(line: DutyLine, *, on: date) -> bool:
    """True when the duty's day has passed and its unit has not reported it done."""
    due = line.assignment.due_on
    return due is not None and due < on and (line.report is None or line.report.state != AssignmentState.DONE)


def _heirs(on: date) -> dict[int, int]:
    links = OrganisationSuccession.objects.filter(on__lte=on).order_by("on")
    direct = dict(links.values_list("predecessor_id", "successor_id"))
    ends = {}
    for start in direct:
        current, seen = start, set[int]()
        while current in direct and current not in seen:
            seen.add(current)
            current = direct[current]
        ends[start] = current
    return ends
