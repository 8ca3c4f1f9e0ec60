"""What members pay: dated rates of a right, demands, payments. A case stands still while its fee is awaited."""

from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.urls import reverse

from khcn.domains.marks.choices import FeeCause, UseState
from khcn.domains.marks.errors import MarkStepRefused
from khcn.domains.marks.models import FeeRate, Right, UseFee, UseRight
from khcn.domains.marks.permissions import require_decider, require_keeper
from khcn.domains.marks.queries.fees import fee_on
from khcn.domains.marks.queries.law import parameters_on
from khcn.kernel.audit.services import record
from khcn.kernel.notices.choices import NoticeKind
from khcn.kernel.notices.services import notify
from khcn.kernel.orgs.queries import holders_of
from khcn.kernel.procedures.choices import CaseState, ClockReason
from khcn.kernel.procedures.services import pause_clock, resume_clock
from khcn.lib.actor import Actor
from khcn.lib.failure import Refused
from khcn.lib.money import format_vnd
from khcn.lib.roles import Role

#: in which state a member is asked to pay for what
ASKED_IN = {FeeCause.GRANT: UseState.APPLIED, FeeCause.RENEW: UseState.GRANTED}


def set_rate(
    *, by: Actor, right: Right, cause: FeeCause, amount_vnd: int, valid_from: date, basis: str
) -> FeeRate:  # fmt: skip
    """Say what is asked from a day on; the rate before ends there. Raises Forbidden, Refused."""
    require_decider(by, right)
    if amount_vnd < 0:
        raise Refused("Mức thu không thể nhỏ hơn 0.", field="amount_vnd")
    if not basis.strip():
        raise Refused("Ghi căn cứ của mức thu.", field="basis")
    with transaction.atomic():
        Right.objects.select_for_update().get(pk=right.pk)
        rows = right.fee_rates.filter(cause=cause)
        if rows.filter(valid_from__gte=valid_from).exists():
            raise Refused("Đã có mức thu từ ngày này hoặc sau đó.", field="valid_from")
        rows.filter(valid_to=None).update(valid_to=valid_from)
        rate = FeeRate.objects.create(
            right=right, cause=cause, amount_vnd=amount_vnd, valid_from=valid_from, basis=basis.strip()[:200]
        )
        record(
            by=by, verb="mark.fee_rate", subject=right,
            after={"cause": cause, "amount_vnd": amount_vnd, "from": valid_from},
        )  # fmt: skip
    return rate


def demand_fee(*, by: Actor, use: UseRight, cause: FeeCause, on: date) -> UseFee:
    """Ask a member for what the rate of the day says; its case stands still until it is paid.

    Raises Forbidden, Refused where nothing is asked, MarkStepRefused in another state or with an open demand.
    """
    require_keeper(by, use.right)
    amount, basis = fee_on(use.right, cause, on)
    if amount <= 0:
        raise Refused("Nơi quản lý không thu phí cho việc này vào ngày này.", field="cause")
    with transaction.atomic():
        held = UseRight.objects.select_for_update().get(pk=use.pk)
        if held.state != ASKED_IN[cause]:
            raise MarkStepRefused(f"Không yêu cầu phí này khi quyền sử dụng “{UseState(held.state).label}”.")
        if use.fees.filter(paid_on=None).exists():
            raise MarkStepRefused("Thành viên còn một yêu cầu phí chưa nộp.")
        days = int(parameters_on(on).get("use.fee_days", Decimal(30)))
        fee = UseFee.objects.create(
            use=use, cause=cause, amount_vnd=amount, basis=basis[:200], demanded_on=on,
            due_on=on + timedelta(days=days), demanded_by_id=by.user_id,
        )  # fmt: skip
        if use.case is not None and cause is FeeCause.GRANT and use.case.state == CaseState.RUNNING:
            pause_clock(by=by.as_system(), case=use.case, reason=ClockReason.FEE, note="Chờ nộp phí quyền sử dụng")
        record(by=by, verb="mark.fee_demand", subject=use, after={"cause": cause, "amount_vnd": amount})
        if use.organisation_id is not None:
            notify(
                recipients=holders_of(Role.PRODUCER, on=on, organisation_id=use.organisation_id), kind=NoticeKind.DO,
                title="Yêu cầu nộp phí quyền sử dụng", body=f"{use.right.name}: {format_vnd(amount)}", subject=fee,
                url=reverse("mark_use", args=[use.code]), due_on=fee.due_on,
            )  # fmt: skip
    return fee


def take_fee(*, by: Actor, fee: UseFee, on: date, receipt_number: str) -> UseFee:
    """Keep the payment with its receipt; the case runs on. Raises Forbidden, Refused, MarkStepRefused once paid."""
    require_keeper(by, fee.use.right)
    if not receipt_number.strip():
        raise Refused("Ghi số biên lai hoặc mã giao dịch.", field="receipt_number")
    if on < fee.demanded_on:
        raise Refused("Ngày nộp không thể trước ngày yêu cầu.", field="on")
    with transaction.atomic():
        held = UseFee.objects.select_for_update().get(pk=fee.pk)
        if held.paid_on is not None:
            raise MarkStepRefused("Khoản phí này đã nộp.")
        held.paid_on, held.receipt_number, held.taken_by_id = on, receipt_number.strip()[:60], by.user_id
        held.save(update_fields=["paid_on", "receipt_number", "taken_by"])
        case = fee.use.case
        if case is not None and held.cause == FeeCause.GRANT:
            case.refresh_from_db()
            if case.state == CaseState.PAUSED:
                resume_clock(by=by.as_system(), case=case, note="Đã nộp phí")
        record(by=by, verb="mark.fee_paid", subject=fee.use, after={"amount_vnd": held.amount_vnd, "on": on})
    return held
