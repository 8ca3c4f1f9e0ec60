"""Who may sit and who is there: conflicts of interest, composition and quorum of a council, read from its records."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from khcn.domains.programme.choices import CouncilKind, RelationKind, SeatRole
from khcn.domains.programme.models import Application, ChangeRequest, Task
from khcn.domains.programme.queries.councils.law import parameters, thresholds_of
from khcn.domains.programme.queries.councils.subjects import parties_of, records_of
from khcn.domains.programme.rules.conflicts import Candidate, Conflict, Kinship, Party, find_conflicts
from khcn.domains.programme.rules.councils import Seat as RuleSeat
from khcn.domains.programme.rules.councils import composition_breaches, quorum_breaches
from khcn.domains.programme.rules.findings import Finding
from khcn.kernel.orgs.models import Appointment, Person, PersonRelation
from khcn.kernel.procedures.models import Council, Seat
from khcn.lib.roles import Role
from khcn.lib.text import fold_words
from khcn.web.search import matching

#: How a tie reads from the other side.
MIRROR = {RelationKind.PARENT: RelationKind.CHILD, RelationKind.CHILD: RelationKind.PARENT}
#: Who keeps the money of the programme.
FUND_ROLES = frozenset({Role.ACCOUNTANT.value, Role.FINANCE.value})
TEAM_ROLES = (SeatRole.TEAM_HEAD, SeatRole.TEAM_VICE, SeatRole.TEAM_MEMBER, SeatRole.ADMIN_SECRETARY)
COUNCIL_ROLES = (
    SeatRole.CHAIR, SeatRole.VICE_CHAIR, SeatRole.REVIEWER, SeatRole.SCI_SECRETARY, SeatRole.MEMBER,
    SeatRole.ADMIN_SECRETARY, SeatRole.EXPERT,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Declared:
    """What the proposer of a seat knows of the person and no record holds; each bars by itself."""

    under_sanction: bool = False
    under_prosecution: bool = False
    bias_evidence: str = ""


NOTHING_DECLARED = Declared()


@dataclass(frozen=True, slots=True)
class Attendance:
    """Who is in the room: uids of seats, and whether the vice-chair presides by written authority."""

    present: frozenset[UUID] = field(default_factory=frozenset)
    chaired_by_vice: bool = False


def roles_of_kind(kind: CouncilKind) -> tuple[SeatRole, ...]:
    """The roles that a seat of this kind of council may have."""
    return TEAM_ROLES if kind is CouncilKind.BUDGET_APPRAISAL else COUNCIL_ROLES


def candidates_of(people: Collection[Person], *, on: date) -> dict[int, Candidate]:
    """Each person's jobs and family as known on the day, by person's key. Three queries for any number of people."""
    keys = [person.pk for person in people]
    employers: dict[int, set[str]] = {person.pk: set() for person in people}
    for person in people:
        if person.employer_id is not None:
            employers[person.pk].add(str(person.employer_id))
    held = Appointment.objects.valid_on(on).filter(person_id__in=keys)
    for person_id, organisation_id in held.values_list("person_id", "organisation_id"):
        employers[person_id].add(str(organisation_id))
    ties: dict[int, list[Kinship]] = {key: [] for key in keys}
    for row in PersonRelation.objects.filter(person_id__in=keys).select_related("other"):
        if row.kind in RelationKind.values():
            ties[row.person_id].append(Kinship(str(row.other.uid), RelationKind(row.kind)))
    for row in PersonRelation.objects.filter(other_id__in=keys).select_related("person"):
        if row.kind in RelationKind.values():
            kind = RelationKind(row.kind)
            ties[row.other_id].append(Kinship(str(row.person.uid), MIRROR.get(kind, kind)))
    return {
        person.pk: Candidate(str(person.uid), frozenset(employers[person.pk]), tuple(ties[person.pk]))
        for person in people
    }


def conflicts_of(
    council: Council,
    people: Collection[Person],
    role: SeatRole,
    *,
    on: date,
    parties: Sequence[Party] | None = None,
    declared: Declared = NOTHING_DECLARED,
) -> dict[int, tuple[Conflict, ...]]:
    """Why each person may not take a seat of the role, by person's key; empty for those who may."""
    judged = parties if parties is not None else parties_of([record for _, record in records_of(council)])
    kind = CouncilKind(council.kind)
    return {
        key: find_conflicts(
            kind,
            role,
            replace(
                candidate, under_sanction=declared.under_sanction, under_prosecution=declared.under_prosecution,
                bias_evidence=declared.bias_evidence,
            ),
            judged,
        )
        for key, candidate in candidates_of(people, on=on).items()
    }  # fmt: skip


def standing_conflicts(council: Council, *, on: date) -> dict[int, list[str]]:
    """Seat's key → sentences, for holders who have come into conflict since; people change jobs."""
    seats = [seat for seat in sitting(council) if seat.role != SeatRole.ADMIN_SECRETARY]
    parties = parties_of([record for _, record in records_of(council)])
    known = candidates_of([seat.person for seat in seats], on=on)
    kind = CouncilKind(council.kind)
    found = {
        seat.pk: [item.reason for item in find_conflicts(kind, SeatRole(seat.role), known[seat.person_id], parties)]
        for seat in seats
    }
    return {key: reasons for key, reasons in found.items() if reasons}


def sitting(council: Council) -> list[Seat]:
    """Seats not emptied by a conflict, heads first."""
    order = {str(role): place for place, role in enumerate((*TEAM_ROLES[:-1], *COUNCIL_ROLES))}
    seats = council.seats.filter(conflict="").select_related("person__employer")
    return sorted(seats, key=lambda seat: (order.get(seat.role, 99), seat.pk))


def rule_seats(council: Council, *, on: date, attendance: Attendance | None = None) -> list[RuleSeat]:
    """The council's seats as the rules of composition and quorum take them."""
    seats = sitting(council)
    people = [seat.person_id for seat in seats]
    records = [record for _, record in records_of(council)]
    fund = _fund_people(people, on)
    before = _sat_before(council, records, people)
    selected = _selection_roles(records, people) if council.kind == CouncilKind.BUDGET_APPRAISAL else {}
    room = attendance or Attendance(frozenset(seat.uid for seat in seats if seat.is_present), council.chaired_by_vice)
    return [
        RuleSeat(
            person=_told_apart(seat, seats), role=SeatRole(seat.role), present=seat.uid in room.present,
            authorised=room.chaired_by_vice, is_scientist=seat.person.is_expert, sat_before=seat.person_id in before,
            is_fund_unit=seat.person_id in fund, council_role=selected.get(seat.person_id),
        )
        for seat in seats
    ]  # fmt: skip


def composition_findings(council: Council, *, on: date, special_decision: str = "") -> tuple[Finding, ...]:
    """What is wrong with the proposed seats, empty when nothing is."""
    thresholds = thresholds_of(council, parameters(council, on=on))
    return composition_breaches(
        CouncilKind(council.kind), rule_seats(council, on=on), thresholds, special_decision=special_decision
    )


def quorum_findings(council: Council, *, on: date, attendance: Attendance) -> tuple[Finding, ...]:
    """Why the session may not open with these people, empty when it may."""
    thresholds = thresholds_of(council, parameters(council, on=on))
    return quorum_breaches(CouncilKind(council.kind), rule_seats(council, on=on, attendance=attendance), thresholds)


def people_matching(text: str, *, limit: int = 20) -> list[Person]:
    """People whose name, address or field holds every word, diacritics aside."""
    if not fold_words(text):
        return []
    return list(matching(Person.objects.select_related("employer"), "folded", text)[:limit])


def _told_apart(seat: Seat, seats: Sequence[Seat]) -> str:
    """The name, with the place of work when somebody else on the council has the same name."""
    name = str(seat.person)
    namesakes = [other for other in seats if str(other.person) == name]
    if len(namesakes) == 1:
        return name
    return f"{name} ({seat.person.employer or 'chưa rõ nơi công tác'}, vị trí {seats.index(seat) + 1})"


def _fund_people(people: Iterable[int], on: date) -> set[int]:
    held = Appointment.objects.valid_on(on).filter(person_id__in=list(people)).select_related("post")
    return {item.person_id for item in held if FUND_ROLES & set(item.post.roles)}


def _sat_before(council: Council, records: Sequence[Any], people: Iterable[int]) -> set[int]:
    uids: list[UUID] = []
    for record in records:
        task = record.task if isinstance(record, ChangeRequest) else record
        application = task if isinstance(task, Application) else getattr(task, "application", None)
        if application is not None:
            uids.append(application.uid)
        if isinstance(task, Task) and task.order is not None and task.order.proposal is not None:
            uids.append(task.order.proposal.uid)
    earlier = Seat.objects.filter(
        person_id__in=list(people), conflict="", council__subjects__subject_uid__in=uids,
        council__kind__in=[CouncilKind.IDENTIFICATION.value, CouncilKind.SELECTION.value],
    )  # fmt: skip
    return set(earlier.exclude(council=council).exclude(council__state="replaced").values_list("person_id", flat=True))


def _selection_roles(records: Sequence[Any], people: Iterable[int]) -> dict[int, SeatRole]:
    seats = Seat.objects.filter(
        person_id__in=list(people), conflict="", council__kind=CouncilKind.SELECTION.value,
        council__subjects__subject_uid__in=[record.uid for record in records],
    ).exclude(council__state="replaced")  # fmt: skip
    return {person: SeatRole(role) for person, role in seats.values_list("person_id", "role")}
