"""The count of a council that advises on a change: opinions for and against; the decision stays with the authority.

No article gives a share that would bind the decider, so this count recommends nothing by itself.
Source: NĐ 08/2014/NĐ-CP, Điều 33 khoản 2; TT 04/2015/TT-BKHCN, Điều 12.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...choices import PassFail
from ..rule_trace import rule
from .exact import NoBallots, one_ballot_each


@dataclass(frozen=True, slots=True)
class AdviceCount:
    """Ballots cast, those for the change and those against it."""

    total: int
    in_favour: int
    against: int


def count_advice(ballots: Sequence[tuple[str, PassFail]]) -> AdviceCount:
    """Count (voter, opinion) pairs. Raises NoBallots, DuplicateBallot."""
    if not ballots:
        raise NoBallots(NoBallots.message)
    one_ballot_each(voter for voter, _ in ballots)
    in_favour = sum(opinion is PassFail.PASS for _, opinion in ballots)
    return AdviceCount(len(ballots), in_favour, len(ballots) - in_favour)


@rule("change.advice")
def _advice_rule(_: Mapping[str, Any], inputs: Mapping[str, Any]) -> Any:
    """Inputs: ballots [{voter, opinion}]. Outcome: the count."""
    return count_advice([(row["voter"], PassFail(row["opinion"])) for row in inputs["ballots"]])
