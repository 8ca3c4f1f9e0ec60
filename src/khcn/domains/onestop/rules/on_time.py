"""Whether a dossier was settled on time, by the formula of QĐ 766/QĐ-TTg (2022), item 2.1; it reads no records.

The source seen is a formula sheet embedded in a provincial dashboard, not the decision itself: status unverified.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from khcn.domains.onestop.choices import NationalStatus as S

FINISHING = ((S.DECIDED,), (S.RETURNED,), (S.STOPPED, S.REFUSED, S.WITHDRAWAL_ASKED))
"""Which status ends the count: "done" before "returned" before "stopped, refused, asked back"."""


@dataclass(frozen=True, slots=True)
class History:
    """A dossier's statuses in order of time.

    appointment_at: the promise on form 01 (or 04), which supplements do not move; None where there was none, then
    max_limit counts. period_end: end of the reporting period, at which an unfinished dossier is looked at.
    """

    received_at: datetime
    statuses: Sequence[tuple[S, datetime]]
    period_end: datetime
    appointment_at: datetime | None = None
    max_limit: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The judgement with what it rests on: the end counted (after deduction), supplement time, and why."""

    on_time: bool
    end: datetime
    supplement: timedelta
    is_finished: bool
    reason: str


def judge(history: History) -> Verdict:
    """On time or not.

    end = moment of 9, else of 10, else of 8, 3 or 7 (a withdrawal that was denied ends nothing); with a single
    supplement request still open, its moment; else the period's end. More than one request is overdue. A completed
    request is deducted from the end. On time when the end is not after the appointment, or, without one, when the time
    used is not over the limit. Statuses after the period's end are not known yet. Raises ValueError with neither
    appointment nor limit.
    """
    known = [(status, at) for status, at in history.statuses if at <= history.period_end]
    requests = [index for index, (status, _) in enumerate(known) if status is S.AWAITING_SUPPLEMENT]
    end, finished = _end(known), True
    supplement = timedelta()
    if end is None:
        finished = False
        end = history.period_end
    if len(requests) > 1:
        return Verdict(False, end, supplement, finished, "Yêu cầu bổ sung hơn một lần.")
    if requests:
        index = requests[0]
        asked_at = known[index][1]
        if index + 1 < len(known):
            supplement = known[index + 1][1] - asked_at
            end -= supplement
        elif not finished:
            end = asked_at
    if history.appointment_at is not None:
        on_time = end <= history.appointment_at
        reason = "Không sau ngày hẹn trả." if on_time else "Sau ngày hẹn trả."
    elif history.max_limit is not None:
        on_time = end - history.received_at <= history.max_limit
        reason = "Trong thời hạn tối đa." if on_time else "Quá thời hạn tối đa."
    else:
        raise ValueError("neither an appointment nor a limit to judge by")
    return Verdict(on_time, end, supplement, finished, reason)


def _end(known: Sequence[tuple[S, datetime]]) -> datetime | None:
    denied = {
        index for index, (status, _) in enumerate(known[:-1])
        if status is S.WITHDRAWAL_ASKED and known[index + 1][0] is S.IN_PROGRESS
    }  # fmt: skip
    for group in FINISHING:
        moments = [at for index, (status, at) in enumerate(known) if status in group and index not in denied]
        if moments:
            return moments[0]
    return None
