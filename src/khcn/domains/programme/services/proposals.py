"""Proposals from the first draft to the council's word: write, file, check, return, withdraw, drop."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.db import transaction

from khcn.domains.programme.choices import CouncilState, IdentificationOutcome, ProposalState
from khcn.domains.programme.errors import NotNow
from khcn.domains.programme.models import Proposal
from khcn.domains.programme.permissions import roles_on
from khcn.domains.programme.queries.pinning import governing_rule_set
from khcn.domains.programme.queries.proposals import missing_parts
from khcn.domains.programme.rules.councils import IdentificationCount
from khcn.domains.programme.rules.transitions import GUARDS
from khcn.domains.programme.services.asking import ask, inform
from khcn.domains.programme.services.edits import apply_changes
from khcn.domains.programme.services.numbering import next_code
from khcn.domains.programme.services.transitions import advance
from khcn.kernel.audit.services import record
from khcn.kernel.notices.choices import NoticeKind
from khcn.kernel.notices.services import settle
from khcn.kernel.orgs.models import Organisation
from khcn.kernel.procedures.models import Council
from khcn.lib.actor import Actor
from khcn.lib.failure import Forbidden, Refused
from khcn.lib.roles import Role

EDITABLE: Final = (
    "plan", "field", "line", "plan_item", "title", "kind", "level", "grounds", "need", "objective", "contents",
    "expected_products", "application_address", "effects", "place", "year_from", "year_to", "budget_vnd", "orderer",
    "is_secret",
)  # fmt: skip
CONTENTS: Final = (
    "grounds", "need", "objective", "contents", "expected_products", "application_address", "effects",
)  # fmt: skip
OPEN_TO_PROPOSER: Final = frozenset({ProposalState.DRAFT, ProposalState.RETURNED})


def create_proposal(
    *, by: Actor, proposer: Organisation, title: str, on: date, is_illustration: bool = False, **changes: Any
) -> Proposal:
    """Open a draft for a unit that the actor proposes for; the code is drawn from the year's register.

    changes: any of EDITABLE. Raises Forbidden, Refused with the field.
    """
    if not by.holds_at(proposer.pk, Role.PROPOSER):
        raise Forbidden("Chỉ người được đơn vị cử làm đầu mối đề xuất mới lập được phiếu đề xuất của đơn vị.")
    if not title.strip():
        raise Refused("Ghi tên nhiệm vụ đề xuất.", field="title")
    with transaction.atomic():
        proposal = Proposal.objects.create(
            code=next_code(kind="proposal", on=on), title=title.strip()[:500], proposer=proposer,
            proposed_by_id=by.user_id, is_illustration=is_illustration,
        )  # fmt: skip
        record(by=by, verb="proposal.create", subject=proposal, after={"title": proposal.title})
        if changes:
            edit_proposal(by=by, proposal=proposal, changes=changes, expected_version=None)
    return proposal


def edit_proposal(
    *, by: Actor, proposal: Proposal, changes: Mapping[str, Any], expected_version: int | None, is_quiet: bool = False
) -> Proposal:
    """Change a draft or returned proposal. is_quiet: the form keeps itself every few seconds.

    Raises Forbidden, NotNow, Stale with the difference, Refused with the field.
    """
    if Role.PROPOSER not in roles_on(by, proposal):
        raise Forbidden("Chỉ đơn vị đề xuất được sửa phiếu đề xuất này.")
    if proposal.state not in OPEN_TO_PROPOSER:
        raise NotNow(f"Phiếu đề xuất đang ở trạng thái “{ProposalState(proposal.state).label}” nên không sửa được nữa.")
    _check_places(proposal, changes)
    _check_secrecy(proposal, changes)
    with transaction.atomic():
        apply_changes(
            by=by, subject=proposal, changes=changes, allowed=EDITABLE, verb="proposal.edit",
            expected_version=expected_version, is_quiet=is_quiet,
        )  # fmt: skip
    return proposal


def submit_proposal(*, by: Actor, proposal: Proposal, on: date, expected_version: int | None = None) -> Proposal:
    """File the proposal: complete, not secret; the rule set is pinned as of the first filing."""
    first_filed = proposal.submitted_on or on
    with transaction.atomic():
        proposal.rule_set = governing_rule_set(level=proposal.level, filed_on=first_filed, today=on)
        proposal.submitted_on = first_filed
        advance(
            by=by, subject=proposal, machine="proposal", event="submit", on=on, expected_version=expected_version,
            facts={"is_secret": proposal.is_secret is True, "form_complete": not missing_parts(proposal)},
        )  # fmt: skip
        ask(subject=proposal, on=on, roles=[Role.SPECIALIST], title=f"Kiểm tra phiếu đề xuất {proposal.code}")
    return proposal


def accept_proposal(*, by: Actor, proposal: Proposal, on: date, expected_version: int | None = None) -> Proposal:
    """Find the filed proposal complete; the look-up follows."""
    with transaction.atomic():
        pin_again(proposal, on)
        advance(
            by=by, subject=proposal, machine="proposal", event="accept", on=on, expected_version=expected_version,
            facts={"form_complete": not missing_parts(proposal)},
        )  # fmt: skip
        ask(subject=proposal, on=on, roles=[Role.SPECIALIST], title=f"Tra cứu trùng lặp đề xuất {proposal.code}")
        inform(
            subject=proposal, on=on, roles=[Role.PROPOSER], at=proposal.proposer,
            title=f"Phiếu đề xuất {proposal.code} hợp lệ",
        )  # fmt: skip
    return proposal


def return_proposal(
    *, by: Actor, proposal: Proposal, reason: str, on: date, expected_version: int | None = None
) -> Proposal:
    """Send the filed proposal back to be completed, with the reason."""
    with transaction.atomic():
        advance(
            by=by, subject=proposal, machine="proposal", event="return", on=on, note=reason.strip(), facts={},
            expected_version=expected_version,
        )  # fmt: skip
        ask(
            subject=proposal, on=on, roles=[Role.PROPOSER], at=proposal.proposer,
            title=f"Bổ sung phiếu đề xuất {proposal.code}: {reason.strip()}",
        )  # fmt: skip
    return proposal


def withdraw_proposal(
    *, by: Actor, proposal: Proposal, on: date, reason: str = "", expected_version: int | None = None
) -> Proposal:
    """Take one's own proposal back before it is found valid."""
    with transaction.atomic():
        advance(
            by=by, subject=proposal, machine="proposal", event="withdraw", on=on, note=reason.strip(), facts={},
            expected_version=expected_version,
        )  # fmt: skip
        settle(subject=proposal)
    return proposal


def place_in_council(
    *, by: Actor, proposal: Proposal, council: Council, on: date, expected_version: int | None = None
) -> Proposal:
    """Put the looked-up proposal before an established identification council."""
    established = bool(council.decision_number) and council.state not in (CouncilState.DRAFTED, CouncilState.REPLACED)
    with transaction.atomic():
        pin_again(proposal, on)
        advance(
            by=by, subject=proposal, machine="proposal", event="place_in_council", on=on, note=council.code,
            facts={"council_established": established}, expected_version=expected_version,
        )  # fmt: skip
        settle(subject=proposal)
    return proposal


def record_identification_result(
    *, by: Actor, proposal: Proposal, result: IdentificationCount, conclusion: str, on: date,
    roles: frozenset[str] | None = None,
) -> Proposal:  # fmt: skip
    """Write what the identification council counted; called when its minutes are signed.

    result: the count of `rules.councils`. conclusion: the council's words, the reason when it does not recommend.
    roles: given when the caller has resolved the actor's seat.
    """
    is_recommended = result.outcome == IdentificationOutcome.PERFORM
    with transaction.atomic():
        proposal.conclusion = conclusion.strip()
        advance(
            by=by, subject=proposal, machine="proposal", event="recommend" if is_recommended else "do_not_recommend",
            on=on, note=conclusion.strip(), roles=roles,
            facts={"ballots_total": result.total, "ballots_pass": result.passing},
        )  # fmt: skip
        if is_recommended:
            ask(
                subject=proposal, on=on, roles=[Role.SPECIALIST, Role.HEAD],
                title=f"Đưa đề xuất {proposal.code} vào danh mục đặt hàng",
            )  # fmt: skip
        else:
            ask(
                subject=proposal, on=on, roles=[Role.HEAD], kind=NoticeKind.APPROVE,
                title=f"Kết luận đề xuất {proposal.code} không được đề nghị thực hiện",
            )  # fmt: skip
        inform(
            subject=proposal, on=on, roles=[Role.PROPOSER], at=proposal.proposer,
            title=f"Hội đồng đã kết luận đề xuất {proposal.code}: {ProposalState(proposal.state).label.lower()}",
        )  # fmt: skip
    return proposal


def drop_proposal(
    *, by: Actor, proposal: Proposal, reason: str, on: date, expected_version: int | None = None
) -> Proposal:
    """Leave a proposal out of every list, with the reason."""
    with transaction.atomic():
        advance(
            by=by, subject=proposal, machine="proposal", event="drop", on=on, note=reason.strip(), facts={},
            expected_version=expected_version,
        )  # fmt: skip
        settle(subject=proposal)
        inform(
            subject=proposal, on=on, roles=[Role.PROPOSER], at=proposal.proposer,
            title=f"Đề xuất {proposal.code} không đưa vào danh mục: {reason.strip()}",
        )  # fmt: skip
    return proposal


def pin_again(proposal: Proposal, on: date) -> None:
    """Move an unapproved file to a new rule set where the set's policy says so; `advance` saves and logs it."""
    if proposal.submitted_on is not None:
        proposal.rule_set = governing_rule_set(level=proposal.level, filed_on=proposal.submitted_on, today=on)


def _check_places(proposal: Proposal, changes: Mapping[str, Any]) -> None:
    """The field must be the plan's, the line the field's, the annex row the plan's."""
    plan, field, line, item = (
        changes[name] if name in changes else getattr(proposal, name) for name in ("plan", "field", "line", "plan_item")
    )
    if field is not None and (plan is None or field.plan_id != plan.pk):
        raise Refused("Lĩnh vực đã chọn không thuộc kế hoạch này.", field="field")
    if line is not None and (field is None or line.field_id != field.pk):
        raise Refused("Nội dung đã chọn không thuộc lĩnh vực này.", field="line")
    if item is not None and (plan is None or item.plan_id != plan.pk):
        raise Refused("Dòng phụ lục đã chọn không thuộc kế hoạch này.", field="plan_item")
    first, last = (changes[name] if name in changes else getattr(proposal, name) for name in ("year_from", "year_to"))
    if first is not None and last is not None and first > last:
        raise Refused("Năm kết thúc phải từ năm bắt đầu trở đi.", field="year_to")


def _check_secrecy(proposal: Proposal, changes: Mapping[str, Any]) -> None:
    """What is secret is never stored here: declared secret, the contents must be empty."""
    if changes.get("is_secret", proposal.is_secret) is not True:
        return
    if any(str(changes.get(name, getattr(proposal, name)) or "").strip() for name in CONTENTS):
        rule = GUARDS["act.not_secret"].check({}, {"is_secret": True})
        raise Refused(f"{rule} Đề nghị xóa phần nội dung đã nhập; hệ thống chỉ giữ tên mục.", field="is_secret")
