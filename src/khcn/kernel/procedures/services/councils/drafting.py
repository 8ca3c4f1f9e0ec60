"""Draws up a council: its number, what it judges, who sits on it; then its decision, or its replacement."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from khcn.kernel.audit.services import record
from khcn.kernel.documents.services import next_number
from khcn.kernel.orgs.models import Organisation, Person
from khcn.kernel.procedures.choices import CouncilState
from khcn.kernel.procedures.errors import SeatBarred, StepRefused
from khcn.kernel.procedures.models import Council, CouncilSubject, Seat
from khcn.kernel.procedures.permissions import ADMIN_SECRETARY_SEAT, STEP_OFFICES, require_council_step
from khcn.kernel.procedures.rules import Verdict
from khcn.kernel.procedures.services.councils.steps import lock, record_refused_attempt, require_state, take_step
from khcn.lib.actor import Actor
from khcn.lib.digest import plain
from khcn.lib.failure import Forbidden, Refused
from khcn.web.fields import Identified

DRAFT = CouncilState.DRAFTED


def draft_council(
    *,
    by: Actor,
    kind: str,
    title: str,
    rule_set: str,
    organisation: Organisation | None = None,
    on: date | None = None,
    is_illustration: bool = False,
) -> Council:
    """Open a council as a draft under the next code of the year's book (HD-2026-001).

    kind: the caller's own code. rule_set: code of the rules that bind it from now on. on: day of drafting, today
    (the actor's date) by default.
    """
    if not by.holds(*STEP_OFFICES["draft"]):
        raise Forbidden("Bạn không có quyền lập hội đồng.")
    if not title.strip():
        raise Refused("Ghi tên hội đồng.", field="title")
    year = (on or by.on).year
    with transaction.atomic():
        number = next_number(series="council", year=year)
        council = Council.objects.create(
            code=f"HD-{year}-{number:03d}", kind=kind, title=title.strip()[:500], organisation=organisation,
            rule_set=rule_set, is_illustration=is_illustration,
        )  # fmt: skip
        record(by=by, verb="council.draft", subject=council, after={"code": council.code, "kind": kind})
    return council


def add_subject(
    *, by: Actor, council: Council, subject: Identified, label: str = "", facts: Mapping[str, Any] | None = None
) -> CouncilSubject:
    """Put a record before the council. facts: JSON-able values that the count will need (host is proposer, …)."""
    require_council_step(by, council, "draft")
    with transaction.atomic():
        lock(council)
        require_state(council, DRAFT, what="thêm nội dung họp")
        added = CouncilSubject.objects.create(
            council=council, subject_type=subject._meta.label_lower, subject_uid=subject.uid,
            label=(label or str(subject))[:500], facts=plain(facts or {}),
        )  # fmt: skip
        council.save()
        record(by=by, verb="council.add_subject", subject=council, after={"subject": str(added.subject_uid)})
    return added


def remove_subject(*, by: Actor, subject: CouncilSubject) -> None:
    """Take a record off a draft."""
    council = subject.council
    require_council_step(by, council, "draft")
    with transaction.atomic():
        lock(council)
        require_state(council, DRAFT, what="bỏ nội dung họp")
        record(by=by, verb="council.remove_subject", subject=council, before={"subject": str(subject.subject_uid)})
        subject.delete()
        council.save()


def add_seat(
    *, by: Actor, council: Council, person: Person, role: str, votes: bool = True, findings: Sequence[str] = ()
) -> Seat:
    """Seat a person on a draft council.

    findings: sentences of the caller's conflict-of-interest rule about this person; any one bars the seat. The refused
    attempt is kept in the audit log and nothing else is written, so call this outside another transaction.
    The administrative secretary never has a vote. Raises SeatBarred with the reasons.
    """
    require_council_step(by, council, "draft")
    if findings:
        reasons = [str(finding) for finding in findings]
        record_refused_attempt(
            by=by, verb="council.seat_barred", subject=council, label=f"{council.code}: {person}",
            after={"person": str(person.uid), "role": role, "reasons": reasons},
        )  # fmt: skip
        raise SeatBarred(f"{person} không được tham gia hội đồng: {' '.join(reasons)}", reasons=reasons)
    with transaction.atomic():
        lock(council)
        require_state(council, DRAFT, what="thêm thành viên")
        if council.seats.filter(person=person).exists():
            raise Refused(f"{person} đã có trong hội đồng này.", field="person")
        seat = Seat.objects.create(
            council=council, person=person, role=role, votes=votes and role != ADMIN_SECRETARY_SEAT
        )
        council.save()
        record(
            by=by, verb="council.add_seat", subject=council,
            after={"person": str(person.uid), "role": role, "votes": seat.votes},
        )  # fmt: skip
    return seat


def remove_seat(*, by: Actor, seat: Seat) -> None:
    """Take a person off a draft council."""
    council = seat.council
    require_council_step(by, council, "draft")
    with transaction.atomic():
        lock(council)
        require_state(council, DRAFT, what="bớt thành viên")
        record(
            by=by, verb="council.remove_seat", subject=council,
            before={"person": str(seat.person.uid), "role": seat.role},
        )  # fmt: skip
        seat.delete()
        council.save()


def establish_council(
    *,
    by: Actor,
    council: Council,
    decision_number: str,
    established_on: date,
    verdicts: Sequence[Verdict] = (),
    expected_version: int | None = None,
) -> Council:
    """Found the council by a decision. verdicts: the caller's rules on composition and conflicts."""
    require_council_step(by, council, "establish")
    if not decision_number.strip():
        raise Refused("Ghi số quyết định thành lập hội đồng.", field="decision_number")
    with transaction.atomic():
        lock(council, expected_version=expected_version)
        if not council.seats.exists() or not council.subjects.exists():
            raise StepRefused("Hội đồng phải có thành viên và nội dung họp trước khi thành lập.")
        council.decision_number, council.established_on = decision_number.strip()[:80], established_on
        return take_step(by=by, council=council, event="establish", verdicts=verdicts)


def replace_council(
    *, by: Actor, council: Council, reason: str, successor: Council | None = None, expected_version: int | None = None
) -> Council:
    """Set a council aside with a reason, naming the one that follows it where there is one."""
    require_council_step(by, council, "replace")
    if not reason.strip():
        raise Refused("Ghi rõ lý do thay hội đồng.", field="reason")
    note = reason.strip() + (f" Thay bằng {successor.code}." if successor else "")
    with transaction.atomic():
        lock(council, expected_version=expected_version)
        return take_step(by=by, council=council, event="replace", note=note)
