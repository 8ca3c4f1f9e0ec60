"""Counts, concludes, signs and closes; the result moves the records judged only once the minutes are signed."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from khcn.domains.programme.choices import CouncilKind, CouncilState, Grade, IdentificationOutcome, LumpMode, SeatRole
from khcn.domains.programme.models import Application, Call, Product
from khcn.domains.programme.permissions import roles_on
from khcn.domains.programme.queries.councils.counts import comparer, counter, place_of, score_count_of
from khcn.domains.programme.queries.councils.law import parameters, verdicts
from khcn.domains.programme.queries.councils.outcomes import first_place_is_tied
from khcn.domains.programme.queries.councils.seating import rule_seats
from khcn.domains.programme.queries.councils.subjects import records_of
from khcn.domains.programme.queries.lump_mode import final_product_trace
from khcn.domains.programme.rules.councils import IdentificationCount, Place
from khcn.domains.programme.services.acceptance import grade_product, record_acceptance
from khcn.domains.programme.services.applications import SelectionResult, record_selection_result
from khcn.domains.programme.services.approvals import record_appraisal, refuse_final_product
from khcn.domains.programme.services.changes import record_advice
from khcn.domains.programme.services.councils.filing import file_count, file_minutes
from khcn.domains.programme.services.councils.judged import run_step_clocks, tell_members
from khcn.domains.programme.services.councils.session import FROM_COUNCIL, members_present
from khcn.domains.programme.services.proposals import record_identification_result
from khcn.domains.programme.services.transitions import stop_running_clock
from khcn.kernel.notices.choices import NoticeKind
from khcn.kernel.notices.services import settle
from khcn.kernel.procedures.models import Council
from khcn.kernel.procedures.queries import has_secretary_signed
from khcn.kernel.procedures.services import close_council, conclude_without_ballots, count_ballots, sign_minutes
from khcn.lib.actor import Actor
from khcn.lib.failure import Refused

HEADS = (SeatRole.CHAIR, SeatRole.TEAM_HEAD, SeatRole.VICE_CHAIR, SeatRole.TEAM_VICE, SeatRole.SCI_SECRETARY)
#: The place below the winner that waits in case the winner's result is cancelled.
RESERVE_RANK = 2


def count(*, by: Actor, council: Council, on: date, expected_version: int | None = None) -> Council:
    """Open the box, count by the pinned rules and file the minutes of the count.

    Not inside another transaction: a box found tampered with must leave its mark. Raises BallotTampered, BallotRefused.
    """
    values = parameters(council, on=on)
    count_ballots(
        by=by, council=council, count=counter(council, values), compare=comparer(council),
        expected_version=expected_version,
    )  # fmt: skip
    with transaction.atomic():
        file_count(by=by, council=council, on=on)
        _ask_to_sign(council, on)
    return council


def conclude_appraisal(
    *,
    by: Actor,
    council: Council,
    amount_vnd: int,
    months: int,
    lump_mode: LumpMode,
    line_comments: Mapping[int, str],
    on: date,
    expected_version: int | None = None,
) -> Council:
    """Write what the appraisal team agreed: the money and remarks by place in the estimate, from 0."""
    facts = {"is_appraisal_team": council.kind == CouncilKind.BUDGET_APPRAISAL}
    found = verdicts(council, "conclude", facts, parameters(council, on=on))
    ((line, application),) = records_of(council)
    if not 0 <= amount_vnd <= application.state_vnd:
        raise Refused("Kinh phí thẩm định phải từ 0 đến mức hồ sơ đề nghị.", field="amount_vnd")
    if lump_mode == LumpMode.FINAL_PRODUCT:
        refuse_final_product(final_product_trace(application, on=on))
    result = {
        "amount_vnd": amount_vnd,
        "months": months,
        "lump_mode": lump_mode.value,
        "line_comments": {str(place): text.strip() for place, text in line_comments.items() if text.strip()},
    }
    with transaction.atomic():
        conclude_without_ballots(
            by=by, council=council, results={str(line.uid): result}, verdicts=list(found.values()),
            expected_version=expected_version,
        )  # fmt: skip
        _ask_to_sign(council, on)
    return council


def sign(*, by: Actor, council: Council, conclusion: str, on: date, expected_version: int | None = None) -> Council:
    """Whoever presided signs the minutes, which are filed; an appraisal reaches its dossier at once, by its head."""
    has_secretary = council.seats.filter(role=SeatRole.SCI_SECRETARY.value, conflict="").exists()
    facts = {"secretary_signed": not has_secretary or has_secretary_signed(council)}
    found = verdicts(council, "sign_minutes", facts, parameters(council, on=on))
    with transaction.atomic():
        document = file_minutes(by=by, council=council, conclusion=conclusion, on=on)
        sign_minutes(
            by=by, council=council, conclusion=conclusion, document=document, verdicts=list(found.values()),
            expected_version=expected_version,
        )  # fmt: skip
        run_step_clocks(council, "sign_minutes", on=on)
        settle(subject=council)
        if council.kind == CouncilKind.BUDGET_APPRAISAL:
            _record_appraisal(by, council, on)
    return council


def close(
    *,
    by: Actor,
    council: Council,
    on: date,
    first: UUID | None = None,
    delivered: Mapping[UUID, Decimal] | None = None,
    lump_mode: LumpMode | None = None,
    expected_version: int | None = None,
) -> Council:
    """Write the signed result to the records judged and end the council, all or nothing.

    first: line of the dossier that the council chose among equals. delivered: product's uid → quantity as the minutes
    say; the ordered quantity by default. lump_mode: what a selection council concluded for the dossiers it recommends.
    Raises Refused, NotNow.
    """
    if council.state != CouncilState.MINUTES_SIGNED:
        raise Refused("Chỉ ghi nhận kết quả khi biên bản họp đã được ký.")
    with transaction.atomic():
        if council.kind == CouncilKind.IDENTIFICATION:
            _record_identification(by, council, on)
        elif council.kind == CouncilKind.SELECTION:
            _record_selection(by, council, first, lump_mode, on)
        elif council.kind == CouncilKind.ACCEPTANCE:
            _record_acceptance(by, council, delivered or {}, on)
        elif council.kind == CouncilKind.CHANGE:
            for _, change in records_of(council):
                record_advice(by=by, change=change, minutes_signed=True, on=on)
        close_council(by=by, council=council, expected_version=expected_version)
        settle(subject=council)
    return council


def _ask_to_sign(council: Council, on: date) -> None:
    tell_members(
        council, kind=NoticeKind.DO, roles=[role.value for role in HEADS], due_on=on,
        title=f"Ký biên bản họp: {council.title[:200]}",
    )  # fmt: skip


def _record_identification(by: Actor, council: Council, on: date) -> None:
    for line, proposal in records_of(council):
        result = (line.result or {})["count"]
        found = IdentificationCount(
            result["total"], result["passing"], result["needed"], IdentificationOutcome(result["outcome"])
        )
        record_identification_result(by=by, proposal=proposal, result=found, conclusion=council.conclusion, on=on)


def _record_selection(by: Actor, council: Council, first: UUID | None, lump_mode: LumpMode | None, on: date) -> None:
    tied = first_place_is_tied(council)
    if tied and first not in {line.uid for line in tied}:
        raise Refused("Có hồ sơ bằng nhau ở hạng nhất; chọn hồ sơ mà hội đồng đã biểu quyết.", field="first")
    results: list[SelectionResult] = []
    for line, application in records_of(council):
        result = line.result or {}
        place = place_of(result, str(application.uid))
        if tied and place.rank == 1 and line.uid != first:
            place = Place(place.application, RESERVE_RANK, place.decided_by)
        count = score_count_of(result)
        concluded = lump_mode if count.is_candidate else None
        results.append(SelectionResult(application, count, place, place.rank == RESERVE_RANK, concluded))
    call = Call.objects.select_related("order").get(pk=results[0].application.call_id)
    record_selection_result(by=by, call=call, results=results, on=on)


def _record_acceptance(by: Actor, council: Council, delivered: Mapping[UUID, Decimal], on: date) -> None:
    for line, task in records_of(council):
        result = line.result or {}
        for product in Product.objects.filter(task=task).select_related("task"):
            grade = Grade(result["products"][str(product.uid)]["grade"])
            quantity = delivered.get(product.uid, product.ordered_quantity)
            grade_product(by=by, product=product, grade=grade, delivered=quantity, on=on)
        grade = Grade(result["count"]["grade"])
        stop_running_clock(subject=task, key="acceptance.conclusion", on=on)
        record_acceptance(by=by, task=task, grade=grade, minutes_signed=True, on=on, note=council.conclusion)


def _record_appraisal(by: Actor, council: Council, on: date) -> None:
    present, total = members_present(council)
    from_council = any(seat.present and seat.council_role in FROM_COUNCIL for seat in rule_seats(council, on=on))
    for line, record in records_of(council):
        application: Application = record
        result = line.result or {}
        record_appraisal(
            by=by, application=application, amount_vnd=result["amount_vnd"], months=result["months"],
            lump_mode=LumpMode(result["lump_mode"]), conclusion=council.conclusion, members_total=total,
            members_present=present, council_member_present=from_council, on=on,
            line_comments={int(place): text for place, text in result["line_comments"].items()},
            roles=roles_on(by, application) | roles_on(by, council),
        )  # fmt: skip
