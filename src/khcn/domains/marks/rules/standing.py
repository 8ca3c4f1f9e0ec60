"""What holds of a right to use on a day, read from its acts, and which act may follow which state. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from khcn.domains.marks.choices import UseAct, UseState

#: act: the states it may start from, and the state it leads to
USE_STEPS: dict[UseAct, tuple[tuple[UseState, ...], UseState]] = {
    UseAct.GRANT: ((UseState.APPLIED,), UseState.GRANTED),
    UseAct.REFUSE: ((UseState.APPLIED,), UseState.REFUSED),
    UseAct.AMEND: ((UseState.GRANTED,), UseState.GRANTED),
    UseAct.RENEW: ((UseState.GRANTED,), UseState.GRANTED),
    UseAct.SUSPEND: ((UseState.GRANTED,), UseState.SUSPENDED),
    UseAct.RESUME: ((UseState.SUSPENDED,), UseState.GRANTED),
    UseAct.REVOKE: ((UseState.GRANTED, UseState.SUSPENDED), UseState.REVOKED),
    UseAct.RESTORE: ((UseState.REVOKED,), UseState.GRANTED),
}


@dataclass(frozen=True, slots=True)
class Act:
    """One act and the day from which it counts; until: last-but-one day of a suspension with an end, exclusive."""

    act: UseAct
    on: date
    until: date | None = None


def standing_on(acts: Iterable[Act], on: date, valid_to: date | None = None) -> UseState | None:
    """The state on a day; None before the application and after the term."""
    state: UseState | None = None
    for one in acts:
        if one.on > on:
            continue
        if one.act is UseAct.APPLY:
            state = UseState.APPLIED
        elif one.act is UseAct.SUSPEND and one.until is not None and one.until <= on:
            state = UseState.GRANTED
        else:
            state = USE_STEPS[one.act][1]
    if state in (UseState.GRANTED, UseState.SUSPENDED) and valid_to is not None and on >= valid_to:
        return None
    return state


def why_not(state: UseState | None, holder: str, on: date) -> str:
    """Why a member in this state may not use the mark on a day; empty where it may."""
    said = f"{on:%d/%m/%Y}"
    match state:
        case UseState.GRANTED:
            return ""
        case UseState.REVOKED:
            return f"Quyền sử dụng của {holder} đã bị thu hồi trước ngày {said}."
        case UseState.SUSPENDED:
            return f"Quyền sử dụng của {holder} bị tạm dừng vào ngày {said}."
        case _:
            return f"{holder} không có quyền sử dụng còn hiệu lực vào ngày {said}."
