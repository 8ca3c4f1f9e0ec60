"""Management reviews: planned, inputs frozen with a digest, held, signed as minutes, decisions followed."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.urls import reverse

from khcn.domains.qms.choices import Duty
from khcn.domains.qms.errors import NotYetProven, StepNotOpen, TooEarly
from khcn.domains.qms.models import ManagementReview, Membership, QualitySystem, ReviewDecision
from khcn.domains.qms.permissions import require_duty
from khcn.domains.qms.queries.papers import review_minutes
from khcn.domains.qms.queries.papers.review_inputs import LETTERS, compile_inputs
from khcn.domains.qms.services import steps
from khcn.kernel.audit.services import record
from khcn.kernel.documents.choices import DocumentKind
from khcn.kernel.documents.services import register_document
from khcn.kernel.notices.choices import NoticeKind
from khcn.kernel.notices.services import notify, settle
from khcn.kernel.orgs.models import User
from khcn.lib.actor import Actor
from khcn.lib.digest import digest
from khcn.lib.failure import Refused
from khcn.standards.nd30.pdf_writer import render_pdf

MACHINE = "management_review"


def plan_review(*, by: Actor, system: QualitySystem, planned_on: date) -> ManagementReview:
    """Set a working day for the review."""
    require_duty(by, system, Duty.SECRETARY, Duty.HEAD)
    steps.require_working_day(planned_on, "planned_on")
    with transaction.atomic():
        review = ManagementReview.objects.create(
            system=system, code=steps.numbered(system, "XXLĐ", by.on, width=2), year=planned_on.year,
            planned_on=planned_on,
        )  # fmt: skip
        record(by=by, verb="qms.plan_review", subject=review, after={"planned_on": planned_on})
    return review


def freeze_inputs(*, by: Actor, review: ManagementReview, expected_version: int | None = None) -> ManagementReview:
    """Fill the agenda from records and freeze it: from now on it is what the meeting looked at, with its digest."""
    with transaction.atomic():
        step = steps.begin(by=by, record=review, machine=MACHINE, event="freeze", expected_version=expected_version)
        found = [item.plain() for item in compile_inputs(review.system, on=by.on)]
        missing = set(LETTERS) - {item["letter"] for item in found if item["lines"]}
        if missing:
            raise NotYetProven(f"Thiếu đầu vào {', '.join(sorted(missing))} của điều 9.3.2.")
        contents = {"on": by.on.isoformat(), "inputs": found}
        steps.finish(
            by=by, record=review, machine=MACHINE, step=step, inputs=contents, inputs_sha256=digest(contents),
            frozen_on=by.on,
        )  # fmt: skip
    return review


def hold_review(
    *, by: Actor, review: ManagementReview, held_on: date, attendees: str, minutes: str,
    decisions: Iterable[tuple[str, Membership, date]], expected_version: int | None = None,
) -> ManagementReview:  # fmt: skip
    """Write down what was said and decided; each decision has somebody and a day."""
    wanted = [(what.strip(), owner, due) for what, owner, due in decisions if what.strip()]
    with transaction.atomic():
        step = steps.begin(by=by, record=review, machine=MACHINE, event="hold", expected_version=expected_version)
        if held_on < (review.frozen_on or held_on) or held_on > by.on:
            raise TooEarly("Ngày họp phải từ ngày chốt đầu vào đến hôm nay.", field="held_on")
        if not wanted:
            raise NotYetProven("Cuộc xem xét cần ít nhất một kết luận, có người làm và thời hạn.", field="decisions")
        for _, owner, due in wanted:
            if owner.system_id != review.system_id:
                raise Refused("Người thực hiện phải thuộc cơ quan.", field="decisions")
            if due < held_on:
                raise TooEarly("Hạn của kết luận không thể trước ngày họp.", field="decisions")
        steps.require_text(attendees, "Ghi thành phần dự họp.", "attendees")
        ReviewDecision.objects.bulk_create(
            [ReviewDecision(review=review, what=what[:500], owner=owner, due_on=due) for what, owner, due in wanted]
        )
        steps.finish(
            by=by, record=review, machine=MACHINE, step=step, held_on=held_on, attendees=attendees,
            minutes=steps.require_text(minutes, "Ghi diễn biến và kết luận.", "minutes"),
        )  # fmt: skip
    return review


def sign_minutes(*, by: Actor, review: ManagementReview, expected_version: int | None = None) -> ManagementReview:
    """Sign: the minutes are set in the official layout and kept; owners of decisions are told."""
    with transaction.atomic():
        step = steps.begin(by=by, record=review, machine=MACHINE, event="sign", expected_version=expected_version)
        if digest(review.inputs) != review.inputs_sha256:
            raise StepNotOpen("Đầu vào đã chốt không còn khớp dấu vết. Báo quản trị hệ thống kiểm tra.")
        paper = register_document(
            by=by, kind=DocumentKind.MINUTES, title=f"Biên bản xem xét của lãnh đạo {review.code}",
            content=render_pdf(review_minutes(review, signer=by.name)), filename=f"{review.code}.pdf",
            media_type="application/pdf", owner=review.system.organisation, issued_on=by.on,
            subject_type=review._meta.label_lower, subject_uid=review.uid, role="minutes",
        )  # fmt: skip
        steps.finish(
            by=by, record=review, machine=MACHINE, step=step, signed_on=by.on, signed_by_id=by.user_id, paper=paper
        )
        for decision in review.decisions.select_related("owner"):
            notify(
                recipients=User.objects.filter(is_active=True, person=decision.owner.person_id), kind=NoticeKind.DO,
                title=f"Thực hiện kết luận {review.code}", body=decision.what, due_on=decision.due_on, subject=review,
                url=reverse("qms_review_page", args=[review.uid]),
            )  # fmt: skip
    return review


def complete_decision(*, by: Actor, decision: ReviewDecision, result: str) -> ReviewDecision:
    """Say what came of a decision: whoever had to do it, or the secretary."""
    if decision.owner.person_id != by.person_id:
        require_duty(by, decision.review.system, Duty.SECRETARY)
    text = steps.require_text(result, "Ghi kết quả thực hiện.", "result")
    if decision.done_on is not None:
        raise StepNotOpen("Kết luận này đã được ghi là xong.")
    with transaction.atomic():
        decision.done_on, decision.result = by.on, text[:500]
        decision.save(update_fields=["done_on", "result"])
        record(by=by, verb="qms.complete_decision", subject=decision.review, after={"what": decision.what})
    return decision


def end_follow_up(*, by: Actor, review: ManagementReview, expected_version: int | None = None) -> ManagementReview:
    """End, once every decision is done."""
    with transaction.atomic():
        step = steps.begin(by=by, record=review, machine=MACHINE, event="follow_up", expected_version=expected_version)
        left = review.decisions.filter(done_on=None).count()
        if left:
            raise NotYetProven(f"Còn {left} kết luận chưa thực hiện.")
        steps.finish(by=by, record=review, machine=MACHINE, step=step)
        settle(subject=review)
    return review
