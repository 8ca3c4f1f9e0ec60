"""What happens to the money at the end: who keeps what was saved, what a failed task pays back.

Source: TTLT 27/2015/TTLT-BKHCN-BTC, Điều 4, 11, 16.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ...choices import FailureCause, LumpMode
from ..rule_trace import rule

_SHARE_KEY = {
    LumpMode.FINAL_PRODUCT: "recovery.final_product_share_min",
    LumpMode.PARTIAL: "recovery.partial_share_min",
}


@dataclass(frozen=True, slots=True)
class Savings:
    """Where money saved goes, in đồng: income of the host, its development fund, the S&T fund, back to the budget."""

    host_income_vnd: int
    host_fund_vnd: int
    science_fund_vnd: int
    returned_vnd: int


@dataclass(frozen=True, slots=True)
class Recovery:
    """What a failed task pays back at least, in đồng, by part; the authority may decide a larger share."""

    unspent_vnd: int
    proper_vnd: int
    unproven_vnd: int

    @property
    def total_vnd(self) -> int:
        """The least sum to be paid back."""
        return self.unspent_vnd + self.proper_vnd + self.unproven_vnd


def savings_of(
    *,
    lump_vnd: int,
    lump_spent_vnd: int,
    other_vnd: int,
    other_spent_vnd: int,
    not_done_vnd: int,
    host_has_fund: bool,
    host_share: Fraction,
) -> Savings:
    """Return where the state money saved by an accepted task goes.

    lump_vnd, other_vnd: budget with and without lumping; not_done_vnd: part of `other_vnd` for work not done, which is
    no saving and returns to the budget. Lump savings are the host's income; of the rest `host_share` goes to the host's
    development fund and the remainder to the S&T fund of the authority; all of it there when the host has no such fund.
    An odd đồng goes to the S&T fund. Raises ValueError when more was spent than budgeted.
    Source: TTLT 27/2015, Điều 4 khoản 2, 3, Điều 11 khoản 1.
    """
    lump_saved = lump_vnd - lump_spent_vnd
    other_saved = other_vnd - other_spent_vnd - not_done_vnd
    if min(lump_saved, other_saved, not_done_vnd) < 0:
        raise ValueError("more was spent than budgeted")
    to_host = int(host_share * other_saved) if host_has_fund else 0
    return Savings(lump_saved, to_host, other_saved - to_host, not_done_vnd)


def recovery_due(
    *,
    mode: LumpMode,
    cause: FailureCause,
    unspent_vnd: int,
    proper_vnd: int,
    unproven_vnd: int,
    parameters: Mapping[str, str],
) -> Recovery:
    """Return the least that a host pays back when its task was not completed.

    unspent_vnd: received and not used, returned whole. proper_vnd: used as the rules allow; unproven_vnd: not shown to
    be. An objective cause frees what was used; a subjective one costs at least 40 % (final product) or 30 % (partial)
    of what was properly used, rounded up, and all that is unproven. Source: TTLT 27/2015, Điều 16 khoản 2.
    """
    if cause is FailureCause.OBJECTIVE:
        return Recovery(unspent_vnd, 0, 0)
    least = Fraction(parameters[_SHARE_KEY.get(mode, _SHARE_KEY[LumpMode.PARTIAL])])
    unproven = Fraction(parameters["recovery.unproven_share"])
    return Recovery(unspent_vnd, _ceiling(least * proper_vnd), _ceiling(unproven * unproven_vnd))


def _ceiling(value: Fraction) -> int:
    return -(-value.numerator // value.denominator)


@rule("recovery.due")
def _recovery_rule(parameters: Mapping[str, Any], inputs: Mapping[str, Any]) -> Any:
    """Parameters: recovery.*. Inputs: mode, cause, unspent_vnd, proper_vnd, unproven_vnd. Outcome: parts and total."""
    due = recovery_due(
        mode=LumpMode(inputs["mode"]),
        cause=FailureCause(inputs["cause"]),
        unspent_vnd=inputs["unspent_vnd"],
        proper_vnd=inputs["proper_vnd"],
        unproven_vnd=inputs["unproven_vnd"],
        parameters=parameters,
    )
    return {"parts": due, "total_vnd": due.total_vnd}
