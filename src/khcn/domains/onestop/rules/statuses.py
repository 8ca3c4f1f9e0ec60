"""The state machine of a dossier: one table, its conditions, and what each step does to clock and papers.

It stores nothing. Overdue is no status: it is computed from the due moment.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from khcn.domains.onestop.choices import NationalStatus as S
from khcn.domains.onestop.choices import PaperKind


class Clock(StrEnum):
    """What a step does to the statutory clock."""

    NONE = ""
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Step:
    """One row: from which statuses, to which (None: stays), its name, the paper it gives, what the clock does."""

    sources: tuple[S, ...]
    target: S | None
    label: str
    paper: PaperKind | None = None
    clock: Clock = Clock.NONE


_WORKED_ON = (S.ACCEPTED, S.IN_PROGRESS)
_OPEN = (*_WORKED_ON, S.AWAITING_SUPPLEMENT, S.AWAITING_FEE)

STEPS: dict[str, Step] = {
    "accept": Step((S.SUBMITTED,), S.ACCEPTED, "Tiếp nhận", PaperKind.RECEIPT, Clock.START),
    "ask_intake": Step((S.SUBMITTED,), None, "Yêu cầu bổ sung trước tiếp nhận", PaperKind.SUPPLEMENT),
    "refuse": Step((S.SUBMITTED,), S.REFUSED, "Từ chối tiếp nhận", PaperKind.REFUSAL, Clock.STOP),
    "start": Step((S.ACCEPTED,), S.IN_PROGRESS, "Chuyển xử lý"),
    "ask_supplement": Step(
        (S.IN_PROGRESS,), S.AWAITING_SUPPLEMENT, "Yêu cầu bổ sung", PaperKind.SUPPLEMENT, Clock.PAUSE
    ),
    "supplied": Step((S.AWAITING_SUPPLEMENT,), S.IN_PROGRESS, "Đã bổ sung", None, Clock.RESUME),
    "demand_fee": Step((S.IN_PROGRESS,), S.AWAITING_FEE, "Yêu cầu nộp phí", None, Clock.PAUSE),
    "paid": Step((S.AWAITING_FEE,), S.IN_PROGRESS, "Đã nộp phí", None, Clock.RESUME),
    "extend": Step((S.IN_PROGRESS,), None, "Xin lỗi và hẹn lại ngày trả", PaperKind.APOLOGY),
    "ask_withdraw": Step(_OPEN, S.WITHDRAWAL_ASKED, "Người nộp yêu cầu rút"),
    "deny_withdraw": Step((S.WITHDRAWAL_ASKED,), S.IN_PROGRESS, "Không cho rút"),
    "allow_withdraw": Step((S.WITHDRAWAL_ASKED,), S.STOPPED, "Cho rút hồ sơ", PaperKind.STOP, Clock.STOP),
    "stop": Step(
        (S.IN_PROGRESS, S.AWAITING_SUPPLEMENT, S.AWAITING_FEE), S.STOPPED, "Dừng giải quyết", PaperKind.STOP, Clock.STOP
    ),
    "decide": Step((S.IN_PROGRESS,), S.DECIDED, "Có kết quả", None, Clock.STOP),
    "hand_over": Step((S.DECIDED,), S.RETURNED, "Trả kết quả"),
}
"""Design table of the one-stop mechanism (NĐ 61/2018, NĐ 118/2025) with the statuses of the national portal.

Added to it: a withdrawal may be asked for in every open status and may be denied; a dossier whose supplement or fee
never comes may be stopped.
"""

ENDS = (S.REFUSED, S.STOPPED, S.RETURNED)
"""Statuses that nothing leaves."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the conditions of the steps look at; each step reads only its own.

    missing: names of required components that are not there. supplements: requests during processing so far;
    max_supplements: how many are allowed; sector_basis: the law that allows more. new_due_at: asked by an extension.
    """

    now: datetime
    reason: str = ""
    missing: tuple[str, ...] = ()
    supplements: int = 0
    max_supplements: int = 1
    sector_basis: str = ""
    fee_vnd: int = 0
    due_at: datetime | None = None
    new_due_at: datetime | None = None
    extensions: int = 0
    max_extensions: int = 1
    has_signed_result: bool = False
    fee_open: bool = False
    originals_held: tuple[str, ...] = ()
    identity_or_proof: str = ""


def refusal(status: S, event: str, facts: Facts) -> str:
    """Why the step may not be taken now, as a whole sentence; empty when it may. Raises KeyError for no such step."""
    step = STEPS[event]
    if status not in step.sources:
        return f"Hồ sơ đang ở trạng thái “{status.label}” nên không thực hiện được bước “{step.label}”."
    condition = _CONDITIONS.get(event)
    return condition(facts) if condition else ""


def apply(status: S, event: str, facts: Facts) -> S:
    """The status after the step. Raises ValueError with the sentence of `refusal`."""
    why = refusal(status, event, facts)
    if why:
        raise ValueError(why)
    return STEPS[event].target or status


def possible(status: S) -> tuple[str, ...]:
    """Events that leave the status, in table order, conditions aside."""
    return tuple(event for event, step in STEPS.items() if status in step.sources)


def state_diagram() -> str:
    """The table as a Mermaid state diagram."""
    lines = ["stateDiagram-v2", f"    [*] --> {S.SUBMITTED}: Nộp hồ sơ"]
    for step in STEPS.values():
        for source in step.sources:
            lines.append(f"    {source} --> {step.target or source}: {step.label}")
    lines += [f"    {end} --> [*]" for end in ENDS]
    return "\n".join(lines) + "\n"


def _accept(facts: Facts) -> str:
    return f"Hồ sơ còn thiếu: {'; '.join(facts.missing)}. Yêu cầu bổ sung trước khi tiếp nhận." if facts.missing else ""


def _with_reason(facts: Facts) -> str:
    return "" if facts.reason.strip() else "Ghi rõ lý do để người nộp hồ sơ biết."


def _ask_supplement(facts: Facts) -> str:
    if facts.supplements >= facts.max_supplements and not facts.sector_basis.strip():
        return (
            f"Đã yêu cầu bổ sung {facts.supplements} lần; chỉ được yêu cầu thêm khi pháp luật chuyên ngành cho phép. "
            "Ghi căn cứ đó."
        )
    return _with_reason(facts)


def _demand_fee(facts: Facts) -> str:
    return "" if facts.fee_vnd > 0 else "Thủ tục này không thu phí, lệ phí."


def _extend(facts: Facts) -> str:
    if facts.due_at is None or facts.new_due_at is None:
        return "Chọn ngày hẹn trả mới."
    if facts.now > facts.due_at:
        return "Hồ sơ đã quá hạn; văn bản xin lỗi phải gửi trước khi hết hạn."
    if facts.extensions >= facts.max_extensions:
        return f"Mỗi hồ sơ chỉ được hẹn lại {facts.max_extensions} lần."
    if facts.new_due_at <= facts.due_at:
        return "Ngày hẹn mới phải sau ngày hẹn cũ."
    return _with_reason(facts)


def _allow_withdraw(facts: Facts) -> str:
    return "Kết quả đã được ký nên hồ sơ không rút được nữa." if facts.has_signed_result else ""


def _decide(facts: Facts) -> str:
    return "" if facts.has_signed_result else "Kết quả chưa được ký và lấy số."


def _hand_over(facts: Facts) -> str:
    if facts.fee_open:
        return "Người nộp chưa nộp phí, lệ phí."
    if facts.originals_held:
        return f"Còn giữ bản chính của người nộp: {'; '.join(facts.originals_held)}. Ghi trả bản chính trước."
    return "" if facts.identity_or_proof.strip() else "Ghi giấy tờ của người nhận hoặc số bưu gửi."


_CONDITIONS = {
    "accept": _accept, "ask_intake": _with_reason, "refuse": _with_reason, "ask_supplement": _ask_supplement,
    "demand_fee": _demand_fee, "extend": _extend, "allow_withdraw": _allow_withdraw, "deny_withdraw": _with_reason,
    "stop": _with_reason, "decide": _decide, "hand_over": _hand_over,
}  # fmt: skip
