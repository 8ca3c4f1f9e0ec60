"""The status of a target, computed from its stages and the calendar; nobody types it."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from ...choices import TargetOperator, TargetStatus


def is_met(operator: TargetOperator, value: int | Fraction | None, goal: int | Fraction) -> bool:
    """Tell whether a value meets a goal; None ("chưa có") meets none.

    `equals` is met by more as well: a plan that asks for "02 quy trình" is not missed by three.
    """
    if value is None:
        return False
    if operator in (TargetOperator.AT_LEAST, TargetOperator.EQUALS):
        return value >= goal
    if operator is TargetOperator.MORE_THAN:
        return value > goal
    return value <= goal if operator is TargetOperator.AT_MOST else value < goal


def target_status(
    operator: TargetOperator,
    goal: int | Fraction,
    *,
    contracted: int | Fraction | None,
    accepted: int | Fraction | None,
    applied: int | Fraction | None,
    starts_on: date,
    due_on: date,
    today: date,
    at_risk_share: Fraction,
) -> TargetStatus:
    """Return the status of a target on `today` from the values of its stages (None: nothing yet).

    achieved: applied meets the goal. missed: the due day has passed without. at_risk: at least `at_risk_share` of the
    time from `starts_on` to `due_on` is gone and what is contracted, were it all applied, would not meet the goal.
    Else how far it has come: applied (in part), produced, committed, not_started.
    """
    if is_met(operator, applied, goal):
        return TargetStatus.ACHIEVED
    if today > due_on:
        return TargetStatus.MISSED
    gone = Fraction((today - starts_on).days, max(1, (due_on - starts_on).days))
    if gone >= at_risk_share and not is_met(operator, contracted, goal):
        return TargetStatus.AT_RISK
    stages = ((applied, TargetStatus.APPLIED), (accepted, TargetStatus.PRODUCED), (contracted, TargetStatus.COMMITTED))
    return next((status for value, status in stages if value), TargetStatus.NOT_STARTED)
