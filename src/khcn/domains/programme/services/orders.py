"""Order lists: recommended proposals become ordered tasks; submitted, approved, published, one day superseded."""

from datetime import date
from typing import Any, Final

from django.db import transaction

from khcn.domains.programme.choices import (
    AwardMode,
    CriteriaKind,
    DirectGround,
    OrderListState,
    ProposalState,
    TaskKind,
)
from khcn.domains.programme.errors import NotNow
from khcn.domains.programme.models import Order, OrderList, Plan, Proposal
from khcn.domains.programme.services.asking import ask, inform
from khcn.domains.programme.services.edits import apply_changes
from khcn.domains.programme.services.numbering import next_code
from khcn.domains.programme.services.proposals import pin_again
from khcn.domains.programme.services.transitions import advance
from khcn.kernel.audit.services import record
from khcn.kernel.notices.choices import NoticeKind
from khcn.kernel.notices.services import settle
from khcn.kernel.orgs.permissions import require_role
from khcn.kernel.procedures.services import stop_clock
from khcn.lib.actor import Actor
from khcn.lib.failure import Refused
from khcn.lib.roles import Role

EDITORS: Final = (Role.SPECIALIST, Role.HEAD, Role.DIRECTOR)
EDITABLE: Final = (
    "title", "objective", "products", "mode", "direct_ground", "direct_reason", "criteria", "budget_vnd", "orderer",
)  # fmt: skip
RECOMMENDED: Final = frozenset({ProposalState.RECOMMENDED, ProposalState.LISTED})
CRITERIA_OF_KIND: Final = {
    TaskKind.PILOT_PRODUCTION: CriteriaKind.PILOT_PRODUCTION,
    TaskKind.SCHEME: CriteriaKind.SOCIAL_SCIENCE,
}


def create_order_list(
    *, by: Actor, title: str, year: int, on: date, plan: Plan | None = None, is_illustration: bool = False
) -> OrderList:
    """Open the draft of a year's list."""
    require_role(by, *EDITORS)
    if not title.strip():
        raise Refused("Ghi tên danh mục.", field="title")
    if plan is not None and not plan.period_from <= year <= plan.period_to:
        raise Refused(f"Kế hoạch này chỉ gồm các năm {plan.period_from}–{plan.period_to}.", field="year")
    with transaction.atomic():
        order_list = OrderList.objects.create(
            code=next_code(kind="order_list", on=on, year=year), title=title.strip(), year=year, plan=plan,
            is_illustration=is_illustration,
        )  # fmt: skip
        record(by=by, verb="order_list.create", subject=order_list, after={"title": order_list.title, "year": year})
    return order_list


def add_order(*, by: Actor, order_list: OrderList, proposal: Proposal, **changes: Any) -> Order:
    """Put a recommended proposal on a draft list as an order; what is not given comes from the proposal.

    changes: any of EDITABLE. Raises NotNow, Refused with the field.
    """
    require_role(by, *EDITORS)
    _require_draft(order_list)
    if proposal.state != ProposalState.RECOMMENDED:
        raise NotNow("Chỉ đưa vào danh mục đề xuất được hội đồng đề nghị thực hiện.")
    if Order.objects.filter(proposal=proposal).exists():
        raise Refused(f"Đề xuất {proposal.code} đã có trong một danh mục.")
    values: dict[str, Any] = {
        "title": proposal.title, "objective": proposal.objective, "products": proposal.expected_products,
        "criteria": CRITERIA_OF_KIND.get(TaskKind(proposal.kind), CriteriaKind.APPLIED_RESEARCH),
        "budget_vnd": proposal.budget_vnd, "orderer": proposal.orderer or proposal.proposer,
        "mode": AwardMode.SELECTION, "direct_ground": "", "direct_reason": "", **changes,
    }  # fmt: skip
    _check_mode(values)
    with transaction.atomic():
        order = Order.objects.create(order_list=order_list, proposal=proposal, kind=proposal.kind, **values)
        record(
            by=by, verb="order.add", subject=order_list,
            after={"proposal": proposal.code, "mode": values["mode"], "ground": values["direct_ground"]},
        )  # fmt: skip
        settle(subject=proposal)
    return order


def edit_order(*, by: Actor, order: Order, changes: dict[str, Any], expected_version: int | None) -> Order:
    """Change an order of a draft list. Raises NotNow, Stale, Refused with the field."""
    require_role(by, *EDITORS)
    _require_draft(order.order_list)
    _check_mode({name: changes[name] if name in changes else getattr(order, name) for name in EDITABLE})
    with transaction.atomic():
        apply_changes(
            by=by, subject=order, changes=changes, allowed=EDITABLE, verb="order.edit",
            expected_version=expected_version,
        )  # fmt: skip
    return order


def remove_order(*, by: Actor, order: Order, reason: str) -> None:
    """Take an order off a draft list that was not submitted yet; its proposal stays recommended."""
    require_role(by, *EDITORS)
    _require_draft(order.order_list)
    if not reason.strip():
        raise Refused("Ghi lý do đưa ra khỏi danh mục.", field="reason")
    if order.proposal is not None and order.proposal.state != ProposalState.RECOMMENDED:
        raise NotNow("Nhiệm vụ đã trình một lần nên không đưa ra khỏi danh mục được; chỉ sửa nội dung đặt hàng.")
    with transaction.atomic():
        record(
            by=by, verb="order.remove", subject=order.order_list, before={"title": order.title},
            after={"reason": reason.strip()},
        )  # fmt: skip
        order.delete()


def submit_order_list(*, by: Actor, order_list: OrderList, on: date, expected_version: int | None = None) -> OrderList:
    """Submit the list to the province's Chairman; its proposals are listed from now on."""
    with transaction.atomic():
        proposals = [order.proposal for order in order_list.orders.select_related("proposal")]
        outside = [str(item.code) if item else "?" for item in proposals if not item or item.state not in RECOMMENDED]
        advance(
            by=by, subject=order_list, machine="order_list", event="submit", on=on, expected_version=expected_version,
            facts={"has_items": bool(proposals), "items_not_recommended": outside},
        )  # fmt: skip
        for proposal in proposals:
            if proposal is not None and proposal.state == ProposalState.RECOMMENDED:
                pin_again(proposal, on)
                advance(
                    by=by, subject=proposal, machine="proposal", event="list", on=on, facts={}, note=order_list.code
                )
                _stop_review(proposal, on)
        ask(
            subject=order_list, on=on, roles=[Role.LEADER], kind=NoticeKind.APPROVE,
            title=f"Phê duyệt danh mục {order_list.code}",
        )  # fmt: skip
    return order_list


def return_order_list(*, by: Actor, order_list: OrderList, reason: str, on: date) -> OrderList:
    """Send the list back to the Sở with the reason."""
    with transaction.atomic():
        advance(by=by, subject=order_list, machine="order_list", event="return", on=on, note=reason.strip(), facts={})
        ask(
            subject=order_list, on=on, roles=[Role.HEAD, Role.DIRECTOR],
            title=f"Hoàn thiện danh mục {order_list.code}: {reason.strip()}",
        )  # fmt: skip
    return order_list


def approve_order_list(
    *, by: Actor, order_list: OrderList, decision_number: str, on: date, expected_version: int | None = None
) -> OrderList:
    """Approve the list by a decision with number and date."""
    if not decision_number.strip():
        raise Refused("Ghi số quyết định phê duyệt danh mục.", field="decision_number")
    with transaction.atomic():
        order_list.decision_number, order_list.approved_on = decision_number.strip(), on
        advance(
            by=by, subject=order_list, machine="order_list", event="approve", on=on, facts={},
            note=f"Quyết định {order_list.decision_number}", expected_version=expected_version,
        )  # fmt: skip
        ask(
            subject=order_list, on=on, roles=[Role.SPECIALIST, Role.HEAD],
            title=f"Công bố danh mục {order_list.code}",
        )  # fmt: skip
    return order_list


def publish_order_list(*, by: Actor, order_list: OrderList, on: date) -> OrderList:
    """Publish the approved list; calls may be opened for its tasks."""
    with transaction.atomic():
        order_list.published_on = on
        advance(by=by, subject=order_list, machine="order_list", event="publish", on=on, facts={})
        settle(subject=order_list)
        for order in order_list.orders.select_related("proposal__proposer"):
            if order.proposal is not None:
                inform(
                    subject=order.proposal, on=on, roles=[Role.PROPOSER], at=order.proposal.proposer,
                    title=f"Đề xuất {order.proposal.code} đã vào danh mục {order_list.code}",
                )  # fmt: skip
    return order_list


def supersede_order_list(*, by: Actor, order_list: OrderList, replacement: OrderList, on: date) -> OrderList:
    """End a list for one that was approved in its place."""
    approved = replacement.pk != order_list.pk and replacement.state in (
        OrderListState.APPROVED, OrderListState.PUBLISHED,
    )  # fmt: skip
    with transaction.atomic():
        advance(
            by=by, subject=order_list, machine="order_list", event="supersede", on=on, note=replacement.code,
            facts={"replacement_approved": approved},
        )  # fmt: skip
        settle(subject=order_list)
    return order_list


def _stop_review(proposal: Proposal, on: date) -> None:
    """The time for review by the Sở began on each proposal and ends with the submission of its list."""
    stop_clock(subject=proposal, rule_key="order_list.review", on=on)


def _require_draft(order_list: OrderList) -> None:
    if order_list.state != OrderListState.DRAFT:
        raise NotNow(f"Danh mục đang ở trạng thái “{OrderListState(order_list.state).label}” nên không sửa được nữa.")


def _check_mode(values: dict[str, Any]) -> None:
    if not str(values["title"]).strip():
        raise Refused("Ghi tên nhiệm vụ.", field="title")
    if values["mode"] == AwardMode.SELECTION:
        if values["direct_ground"]:
            raise Refused("Nhiệm vụ tuyển chọn không có căn cứ giao trực tiếp; bỏ chọn mục này.", field="direct_ground")
        return
    if values["direct_ground"] not in DirectGround.values():
        raise Refused("Chọn căn cứ giao trực tiếp theo Điều 30 Luật Khoa học và công nghệ.", field="direct_ground")
    if not str(values["direct_reason"]).strip():
        raise Refused("Thuyết minh vì sao đủ căn cứ giao trực tiếp.", field="direct_reason")
