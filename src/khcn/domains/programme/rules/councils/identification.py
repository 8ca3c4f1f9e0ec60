"""The count of the council that identifies tasks: a ballot passes whole or not, a proposal above a share of ballots.

The wording of the order and the mode of award are texts of the minutes, not of this count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ...choices import IdentificationOutcome, PassFail
from ..rule_trace import rule
from .exact import NoBallots, Number, exact, one_ballot_each


@dataclass(frozen=True, slots=True)
class IdentificationBallot:
    """One member's ballot on one proposal: item code → Đạt or Không đạt."""

    voter: str
    items: Mapping[str, PassFail]

    @property
    def passes(self) -> bool:
        """True when every item passes; one without items does not. Source: TT 06/2023/TT-BKHCN, Điều 12 khoản 6."""
        return bool(self.items) and all(verdict == PassFail.PASS for verdict in self.items.values())


@dataclass(frozen=True, slots=True)
class IdentificationCount:
    """The count of one proposal: all ballots, those that pass, the least number that would do, and the outcome."""

    total: int
    passing: int
    needed: int
    outcome: IdentificationOutcome


def least_passing(total: int, pass_share: Number) -> int:
    """Return the least number of passing ballots strictly above `pass_share` of `total` (9 ballots, 3/4: 7)."""
    return int(exact(pass_share) * total) + 1


def count_identification(ballots: Sequence[IdentificationBallot], pass_share: Number) -> IdentificationCount:
    """Count one proposal: `Thực hiện` when strictly more than `pass_share` of all ballots pass.

    pass_share: e.g. "3/4". Raises NoBallots, DuplicateBallot. Source: TT 06/2023/TT-BKHCN, Điều 12 khoản 6, 7.
    """
    if not ballots:
        raise NoBallots(NoBallots.message)
    one_ballot_each(ballot.voter for ballot in ballots)
    passing = sum(ballot.passes for ballot in ballots)
    above = Fraction(passing, len(ballots)) > exact(pass_share)
    return IdentificationCount(
        total=len(ballots),
        passing=passing,
        needed=least_passing(len(ballots), pass_share),
        outcome=IdentificationOutcome.PERFORM if above else IdentificationOutcome.DO_NOT_PERFORM,
    )


@rule("identification.count")
def _count_rule(parameters: Mapping[str, Any], inputs: Mapping[str, Any]) -> Any:
    """Parameters: identification.pass_share. Inputs: ballots [{voter, items}]. Outcome: the count."""
    ballots = [IdentificationBallot(row["voter"], row["items"]) for row in inputs["ballots"]]
    return count_identification(ballots, parameters["identification.pass_share"])
