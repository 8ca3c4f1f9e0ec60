"""How a statutory time stands on a day, and which steps a council may take; no storage, no sender.

The calendar's own arithmetic is in `lib.calendar`; who may sit and how ballots count is the callers' rule.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from khcn.kernel.procedures.choices import CouncilState as S


def days_late(due_on: date, stopped_on: date | None, today: date) -> int:
    """Calendar days past the due date, 0 when in time."""
    return max(0, ((stopped_on or today) - due_on).days)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a caller's own rule says of a step: whether it holds, why not in a whole sentence, and its trace.

    trace: JSON-able mappings {"rule", "parameters", "inputs", "outcome", …}, kept with the step for an auditor.
    """

    holds: bool
    sentence: str = ""
    trace: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class CouncilStep:
    """One step of a council: the states it leaves, the state it reaches, its name for people."""

    sources: tuple[S, ...]
    target: S
    label: str


COUNCIL_STEPS: dict[str, CouncilStep] = {
    "establish": CouncilStep((S.DRAFTED,), S.ESTABLISHED, "Thành lập hội đồng"),
    "send_papers": CouncilStep((S.ESTABLISHED,), S.PAPERS_SENT, "Gửi tài liệu"),
    "open_session": CouncilStep((S.PAPERS_SENT,), S.IN_SESSION, "Khai mạc phiên họp"),
    "adjourn": CouncilStep((S.IN_SESSION,), S.PAPERS_SENT, "Hoãn phiên họp"),
    "seal_ballots": CouncilStep((S.IN_SESSION,), S.BALLOTS_SEALED, "Niêm phong phiếu"),
    "conclude": CouncilStep((S.IN_SESSION,), S.COUNTED, "Kết luận không bỏ phiếu"),
    "count": CouncilStep((S.BALLOTS_SEALED,), S.COUNTED, "Kiểm phiếu"),
    "sign_minutes": CouncilStep((S.COUNTED,), S.MINUTES_SIGNED, "Ký biên bản"),
    "close": CouncilStep((S.MINUTES_SIGNED,), S.CLOSED, "Kết thúc hội đồng"),
    "replace": CouncilStep(
        (S.DRAFTED, S.ESTABLISHED, S.PAPERS_SENT, S.MINUTES_SIGNED), S.REPLACED, "Thay hội đồng khác"
    ),
}
OPENED_STATES = (S.COUNTED, S.MINUTES_SIGNED, S.CLOSED)
"""States in which ballots have been opened by the count."""
