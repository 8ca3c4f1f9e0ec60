"""Draws up a council for chosen records, seats people the law allows, founds it by a decision, or sets it aside."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction

from khcn.domains.programme.choices import CouncilKind, ProposalState, SeatRole
from khcn.domains.programme.models import Application, Proposal
from khcn.domains.programme.queries.councils.law import parameters, verdicts
from khcn.domains.programme.queries.councils.seating import (
    NOTHING_DECLARED,
    Declared,
    composition_findings,
    conflicts_of,
    roles_of_kind,
    standing_conflicts,
)
from khcn.domains.programme.queries.councils.subjects import (
    facts_of,
    label_of,
    records_of,
    rule_set_of_record,
    waiting,
)
from khcn.domains.programme.queries.law import rule_set_in_force
from khcn.domains.programme.services.councils.judged import run_step_clocks
from khcn.domains.programme.services.procedure_cases import follow
from khcn.domains.programme.services.proposals import place_in_council
from khcn.kernel.notices.services import settle
from khcn.kernel.orgs.models import Organisation, Person
from khcn.kernel.procedures.models import Council, Seat
from khcn.kernel.procedures.rules import Verdict
from khcn.kernel.procedures.services import (
    add_seat,
    add_subject,
    draft_council,
    establish_council,
    replace_council,
)
from khcn.lib.actor import Actor
from khcn.lib.failure import Refused

#: Kinds that judge one record at a time.
ONE_RECORD = frozenset({CouncilKind.BUDGET_APPRAISAL, CouncilKind.ACCEPTANCE, CouncilKind.CHANGE})
NO_VOTE = frozenset({SeatRole.ADMIN_SECRETARY, SeatRole.EXPERT})


def create_council(
    *,
    by: Actor,
    kind: CouncilKind,
    records: Sequence[Any],
    on: date,
    title: str = "",
    organisation: Organisation | None = None,
) -> Council:
    """Draft a council of a kind for records that wait for one; their rule set is pinned on it.

    records: proposals, the applications of one call, or one application, task or change request. A selection council
    takes every valid dossier of the call, whatever was chosen. Raises Refused, Forbidden.
    """
    if not records:
        raise Refused("Chọn nội dung đưa ra hội đồng.", field="records")
    if kind is CouncilKind.SELECTION:
        records = _whole_call(records)
    if kind in ONE_RECORD and len(records) > 1:
        raise Refused("Loại hội đồng này xem xét từng nội dung; chỉ chọn một.", field="records")
    if waiting(kind).filter(pk__in=[record.pk for record in records]).count() != len(records):
        raise Refused("Có nội dung không ở bước chờ hội đồng này hoặc đã có hội đồng.", field="records")
    sets = {rules.code for rules in map(rule_set_of_record, records) if rules is not None}
    if len(sets) > 1:
        raise Refused("Các nội dung theo bộ quy tắc khác nhau phải họp riêng.", field="records")
    rules = sets.pop() if sets else rule_set_in_force(on=on).code
    with transaction.atomic():
        council = draft_council(
            by=by, kind=kind.value, title=title.strip() or _title(kind, records), rule_set=rules, on=on,
            organisation=organisation, is_illustration=any(getattr(item, "is_illustration", False) for item in records),
        )  # fmt: skip
        for record in records:
            add_subject(by=by, council=council, subject=record, label=label_of(record), facts=facts_of(record))
    return council


def seat_member(
    *, by: Actor, council: Council, person: Person, role: SeatRole, on: date, declared: Declared = NOTHING_DECLARED
) -> Seat:
    """Seat a person unless the law bars it; the refused attempt stays in the audit log.

    Call it outside another transaction. Raises SeatBarred with the reasons, Refused, Forbidden.
    """
    if role not in roles_of_kind(CouncilKind(council.kind)):
        raise Refused("Tư cách này không có trong loại hội đồng này.", field="role")
    reasons: list[str] = []
    if role is not SeatRole.ADMIN_SECRETARY:  # keeps the papers, is no member and never votes
        found = conflicts_of(council, [person], role, on=on, declared=declared)[person.pk]
        reasons = [f"{item.reason} ({item.citation})" for item in found]
    return add_seat(by=by, council=council, person=person, role=role.value, votes=role not in NO_VOTE, findings=reasons)


def establish(
    *,
    by: Actor,
    council: Council,
    decision_number: str,
    on: date,
    special_decision: str = "",
    expected_version: int | None = None,
) -> Council:
    """Found the council by a decision; its proposals come before it, its times begin.

    special_decision: number of the paper by which the head sets another number or composition.
    """
    found = composition_findings(council, on=on, special_decision=special_decision)
    facts = {
        "composition_breaches": [item.text.rstrip(".") for item in found],
        "conflicts": conflict_sentences(council, on=on),
    }
    with transaction.atomic():
        establish_council(
            by=by, council=council, decision_number=decision_number, established_on=on,
            verdicts=_listed(council, "establish", facts, on), expected_version=expected_version,
        )  # fmt: skip
        for _, record in records_of(council):
            if isinstance(record, Proposal) and record.state == ProposalState.SIMILARITY_CHECKED:
                place_in_council(by=by, proposal=record, council=council, on=on)
        run_step_clocks(council, "establish", on=on)
        follow(by=by, subject=council, machine="council", event="establish", on=on)
    return council


def replace(*, by: Actor, council: Council, reason: str, on: date, expected_version: int | None = None) -> Council:
    """Set the council aside with a reason; its records wait for another one."""
    with transaction.atomic():
        replace_council(by=by, council=council, reason=reason, expected_version=expected_version)
        run_step_clocks(council, "replace", on=on)
        follow(by=by, subject=council, machine="council", event="replace", on=on, note=reason)
        settle(subject=council)
    return council


def conflict_sentences(council: Council, *, on: date) -> list[str]:
    """One sentence per seat whose holder may no longer sit."""
    people = {seat.pk: seat.person for seat in council.seats.select_related("person")}
    found = standing_conflicts(council, on=on)
    return [f"{people[key]}: {' '.join(reasons).rstrip('.')}" for key, reasons in found.items()]


def _listed(council: Council, event: str, facts: dict[str, Any], on: date) -> list[Verdict]:
    return list(verdicts(council, event, facts, parameters(council, on=on)).values())


def _whole_call(records: Sequence[Any]) -> list[Application]:
    calls = {record.call_id for record in records}
    if len(calls) > 1:
        raise Refused("Hội đồng tuyển chọn chỉ xem xét các hồ sơ của cùng một thông báo.", field="records")
    return list(waiting(CouncilKind.SELECTION).filter(call_id=calls.pop()))


def _title(kind: CouncilKind, records: Sequence[Any]) -> str:
    first = records[0]
    if kind is CouncilKind.IDENTIFICATION:
        return f"{kind.label} ({len(records)} đề xuất)"
    order = getattr(getattr(first, "call", None), "order", None)
    task = getattr(first, "task", first)
    return f"{kind.label}: {order.title if order is not None else task.title}"
