"""M1–M3: money against the plan's total, steps against their clocks, difficulties against their due days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from statistics import median

from ...choices import FundingSourceKind
from .facts import Measure, by, exclude, share


@dataclass(frozen=True, slots=True)
class MoneyProgress:
    """M1: the plan's total, what was approved, contracted and paid by source, and the part without money, in đồng."""

    total_vnd: int
    approved_vnd: Mapping[FundingSourceKind, int]
    contracted_vnd: Mapping[FundingSourceKind, int]
    paid_vnd: Mapping[FundingSourceKind, int]
    gap_vnd: int
    approved_share: Fraction | None
    contracted_share: Fraction | None
    paid_share: Fraction | None


@dataclass(frozen=True, slots=True)
class StepFact:
    """A step under a clock: when it was due and done, and how many days it took in the clock's own unit."""

    id: str
    clock: str
    due_on: date
    done_on: date | None = None
    days_taken: int | None = None
    days_allowed: int | None = None


@dataclass(frozen=True, slots=True)
class StepPunctuality:
    """M2: the share of due steps done in time, and per clock `(median days taken, days allowed, steps)`."""

    in_time: Measure
    medians: Mapping[str, tuple[Fraction, int | None, int]]


@dataclass(frozen=True, slots=True)
class IssueFact:
    """A difficulty: when it was raised, must be answered, was answered, was closed."""

    id: str
    raised_on: date
    due_on: date | None = None
    answered_on: date | None = None
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class IssueHandling:
    """M3: the share of due difficulties answered in time, and the ids of those open too long."""

    answered: Measure
    open_too_long: tuple[str, ...]


def money_progress(
    total_vnd: int,
    *,
    approved_vnd: Mapping[FundingSourceKind, int],
    contracted_vnd: Mapping[FundingSourceKind, int],
    paid_vnd: Mapping[FundingSourceKind, int],
) -> MoneyProgress:
    """Return M1. Money whose source is not determined is no money: it stays in the gap, which may be negative."""
    funded = sum(amount for kind, amount in approved_vnd.items() if kind is not FundingSourceKind.UNDETERMINED)

    def of_total(amount: int) -> Fraction | None:
        return Fraction(amount, total_vnd) if total_vnd else None

    return MoneyProgress(
        total_vnd=total_vnd,
        approved_vnd=dict(approved_vnd),
        contracted_vnd=dict(contracted_vnd),
        paid_vnd=dict(paid_vnd),
        gap_vnd=total_vnd - funded,
        approved_share=of_total(funded),
        contracted_share=of_total(sum(contracted_vnd.values())),
        paid_share=of_total(sum(paid_vnd.values())),
    )


def steps_in_time(steps: Sequence[StepFact], *, on: date) -> StepPunctuality:
    """Return M2 as of `on`: steps due by then, done by their due day; a step done before it is due counts as due."""
    due = [step for step in steps if step.due_on <= on or by(step.done_on, on)]
    timely = [step.id for step in due if step.done_on is not None and step.done_on <= min(step.due_on, on)]
    taken: dict[str, list[StepFact]] = defaultdict(list)
    for step in due:
        if step.days_taken is not None and by(step.done_on, on):
            taken[step.clock].append(step)
    medians = {
        clock: (Fraction(median(Fraction(item.days_taken or 0) for item in rows)), rows[0].days_allowed, len(rows))
        for clock, rows in sorted(taken.items())
    }
    return StepPunctuality(share(timely, [step.id for step in due]), medians)


def issues_answered(issues: Sequence[IssueFact], *, on: date, open_days_limit: int) -> IssueHandling:
    """Return M3 as of `on`; a difficulty without a due day is excluded from the share, never from the open ones."""
    raised = [issue for issue in issues if issue.raised_on <= on]
    due = [issue for issue in raised if issue.due_on is not None and (issue.due_on <= on or by(issue.answered_on, on))]
    in_time = [
        issue.id
        for issue in due
        if issue.answered_on is not None and issue.due_on is not None and issue.answered_on <= min(issue.due_on, on)
    ]
    undated = [exclude(issue.id, "Chưa đặt thời hạn trả lời.") for issue in raised if issue.due_on is None]
    old = [
        issue.id for issue in raised if not by(issue.closed_on, on) and (on - issue.raised_on).days > open_days_limit
    ]
    return IssueHandling(share(in_time, [issue.id for issue in due], undated), tuple(sorted(old)))
