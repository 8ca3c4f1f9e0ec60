"""The steps of a message and of its case: who comes next, when a level is official, how long an approval holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from khcn.domains.warnings.choices import LevelOrigin, MessageDraftState, MessageKind, WarningKind, WarningState

#: step → (states it starts from, state it leads to)
STEPS: dict[str, tuple[frozenset[MessageDraftState], MessageDraftState]] = {
    "edit": (frozenset({MessageDraftState.DRAFT, MessageDraftState.RETURNED}), MessageDraftState.DRAFT),
    "submit": (frozenset({MessageDraftState.DRAFT}), MessageDraftState.SUBMITTED),
    "return": (frozenset({MessageDraftState.SUBMITTED, MessageDraftState.APPROVED}), MessageDraftState.RETURNED),
    "approve": (frozenset({MessageDraftState.SUBMITTED, MessageDraftState.APPROVED}), MessageDraftState.APPROVED),
    "issue": (frozenset({MessageDraftState.APPROVED}), MessageDraftState.ISSUED),
    "drop": (
        frozenset({MessageDraftState.DRAFT, MessageDraftState.RETURNED, MessageDraftState.SUBMITTED}),
        MessageDraftState.DROPPED,
    ),
}
#: kind of message → states of the case in which it may begin
BEGINS = {
    MessageKind.ALERT: frozenset({WarningState.PROPOSED, WarningState.PREPARING}),
    MessageKind.UPDATE: frozenset({WarningState.IN_FORCE}),
    MessageKind.CANCEL: frozenset({WarningState.IN_FORCE}),
}
#: kind of message → state of the case once it is issued
ENDS_IN = {
    MessageKind.ALERT: WarningState.IN_FORCE, MessageKind.UPDATE: WarningState.IN_FORCE,
    MessageKind.CANCEL: WarningState.CANCELLED,
}  # fmt: skip
HIGHEST = 5


@dataclass(frozen=True, slots=True)
class Claim:
    """What a message says of its level."""

    kind: WarningKind
    level: int | None
    origin: LevelOrigin
    raise_reason: str = ""
    bulletin_level: int | None = None


def level_fault(claim: Claim) -> str:
    """The sentence for a level that may not be stated so, "" where it may.

    An official level comes from a bulletin only; it may be raised by up to two with a reason (QĐ 18/2021, article 4.4).
    """
    if claim.level is not None and not 1 <= claim.level <= HIGHEST:
        return "Cấp độ phải từ 1 đến 5."
    if claim.kind is WarningKind.RELAY:
        if claim.origin is not LevelOrigin.BULLETIN:
            return "Tin chuyển phát chỉ mang cấp độ của bản tin chính thức."
        stated = claim.bulletin_level
        if claim.level is not None and stated is None:
            return "Bản tin không nêu cấp độ rủi ro; để trống cấp độ."
        if claim.level is not None and stated is not None and claim.level != stated:
            return f"Bản tin nêu cấp {stated}; tin chuyển phát không đổi cấp độ."
        return ""
    if claim.origin is LevelOrigin.BULLETIN and claim.bulletin_level is None:
        return "Không có bản tin chính thức thì không ghi cấp độ chính thức."
    above = (claim.level or 0) - (claim.bulletin_level or claim.level or 0)
    if claim.origin is LevelOrigin.BULLETIN and above > 0:
        if above > 2:
            return "Chỉ được nâng nhiều nhất hai cấp so với bản tin."
        if not claim.raise_reason.strip():
            return "Ghi lý do nâng cấp độ so với bản tin."
    return ""


def approval_holds(approved_at: datetime | None, now: datetime, *, minutes: float) -> bool:
    """Whether an approval still lets a message be issued."""
    return approved_at is not None and approved_at <= now <= approved_at + timedelta(minutes=minutes)


def times_fault(*, onset_at: datetime | None, expires_at: datetime, now: datetime) -> str:
    """The sentence for times that do not follow each other, "" where they do."""
    if expires_at <= now:
        return "Thời điểm hết hiệu lực phải sau bây giờ."
    if onset_at is not None and expires_at <= onset_at:
        return "Thời điểm hết hiệu lực phải sau thời điểm bắt đầu."
    return ""


def needs_rank(level: int | None, ranks: tuple[float, ...]) -> int:
    """Which rank approves a level: 0 division, 1 agency, 2 province. ranks: the highest level of each."""
    return sum((level or 0) > bound for bound in ranks)
