"""Which members are controlled: points of risk, and a sample that takes the riskiest and some by lot. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from random import Random

from khcn.domains.marks.choices import FaultGrade, Sanction

#: what is done at once about a nonconformity of a grade, and the sanction that fits it
FITTING: Mapping[FaultGrade, Sanction] = {
    FaultGrade.MINOR: Sanction.WARNING, FaultGrade.MAJOR: Sanction.SUSPENSION, FaultGrade.CRITICAL: Sanction.REVOCATION,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Member:
    """What the risk of a member is read from. outside: part of its land not surely in the area."""

    key: int
    faults: Mapping[FaultGrade, int]
    failed_results: int
    outside: float
    last_control: date | None


def risk_of(member: Member, weights: Mapping[str, float], on: date) -> int:
    """Points from 0 to 100 by the dated weights; a member never controlled counts as two years late."""
    points = sum(weights.get(f"risk.{grade.value}", 0) * count for grade, count in member.faults.items())
    points += weights.get("risk.failed_result", 0) * member.failed_results
    points += weights.get("risk.outside", 0) * member.outside
    years = 2.0 if member.last_control is None else max(0.0, (on - member.last_control).days / 365)
    points += weights.get("risk.year", 0) * years
    return min(100, round(points))


def sample(risks: Mapping[int, int], share: float, by_lot: float, seed: int) -> list[int]:
    """Keys of the members to control: `share` of all, at least one; `by_lot` of these are drawn, the rest the riskiest.

    seed: makes the draw one that can be drawn again.
    """
    if not risks or share <= 0:
        return []
    count = min(len(risks), max(1, ceil(len(risks) * share)))
    drawn_count = min(count - 1, round(count * by_lot))
    ordered = sorted(risks, key=lambda key: (-risks[key], key))
    riskiest = ordered[: count - drawn_count]
    rest: Sequence[int] = ordered[count - drawn_count :]
    return [*riskiest, *sorted(Random(seed).sample(rest, drawn_count))]  # noqa: S311 (a draw that can be repeated)
