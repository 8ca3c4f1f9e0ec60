"""The count of the council that selects a host: points per criterion, outliers dropped once, bonus, ranking.

Source: TT 20/2023/TT-BKHCN, Điều 11 and 12. Every threshold comes in; everything is exact until printed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import Any, Final

from ...choices import CriteriaKind
from ..rule_trace import rule
from .exact import NoBallots, Number, exact, mean, one_ballot_each

#: The criterion on content and plan that breaks a last tie, per kind. Source: TT 20/2023/TT-BKHCN, Điều 11 khoản 8.
CONTENT_CRITERION: Final = {
    CriteriaKind.APPLIED_RESEARCH: "content_people_method",
    CriteriaKind.SOCIAL_SCIENCE: "content_support",
    CriteriaKind.PILOT_PRODUCTION: "content_plan",
}
_CRITERIA_PREFIX: Final = "selection.criteria."


class ScoreOutOfRange(ValueError):
    """A ballot lacks a criterion, has an unknown one, or points outside 0…maximum; `message` says which."""

    def __init__(self, message: str, *, voter: str, criterion: str) -> None:
        super().__init__(message)
        self.message, self.voter, self.criterion = message, voter, criterion


@dataclass(frozen=True, slots=True)
class SelectionThresholds:
    """The figures of the count: shares as fractions, `min_score` in points of 100."""

    outlier_share: Fraction
    proposer_bonus: Fraction
    min_score: Fraction
    zero_share_max: Fraction

    @classmethod
    def from_parameters(cls, values: Mapping[str, str]) -> SelectionThresholds:
        """Read them from resolved parameters `selection.*`. Raises KeyError for a missing one."""
        names = ("outlier_share", "proposer_bonus", "min_score", "zero_share_max")
        return cls(**{name: exact(values[f"selection.{name}"]) for name in names})


@dataclass(frozen=True, slots=True)
class ScoreBallot:
    """One member's points for one dossier: criterion code → points."""

    voter: str
    scores: Mapping[str, Number]

    @property
    def total(self) -> Fraction:
        """The sum of the points."""
        return sum((exact(points) for points in self.scores.values()), Fraction(0))


@dataclass(frozen=True, slots=True)
class ScoreCount:
    """The count of one dossier.

    mean_all: mean of all ballots. dropped: voters whose ballots deviate too far. mean_score: mean of the rest, None
    when none is left. final_score: with the proposer's bonus. criterion_means: over the ballots kept.
    """

    mean_all: Fraction
    dropped: tuple[str, ...]
    mean_score: Fraction | None
    bonus_applied: bool
    final_score: Fraction | None
    criterion_means: Mapping[str, Fraction]
    criteria_with_excess_zeros: tuple[str, ...]
    is_candidate: bool


@dataclass(frozen=True, slots=True)
class Contender:
    """A counted dossier that enters the ranking. excellent_recently: an `Xuất sắc` task within the years of the law."""

    application: str
    final_score: Fraction | None
    is_candidate: bool
    state_vnd: int
    excellent_recently: bool
    content_mean: Fraction


@dataclass(frozen=True, slots=True)
class Place:
    """A dossier's place. decided_by: `score`, `state_vnd`, `excellent`, `content`, or `undecided` if equal."""

    application: str
    rank: int
    decided_by: str


def criteria_maxima(values: Mapping[str, str], kind: CriteriaKind) -> dict[str, Fraction]:
    """Return criterion → maximum points for a kind of dossier from parameters `selection.criteria.<kind>.<criterion>`.

    Raises LookupError when the parameters hold none. Source: TT 20/2023/TT-BKHCN, Điều 12.
    """
    prefix = f"{_CRITERIA_PREFIX}{kind}."
    maxima = {key.removeprefix(prefix): exact(value) for key, value in values.items() if key.startswith(prefix)}
    if not maxima:
        raise LookupError(prefix)
    return maxima


def score_application(
    ballots: Sequence[ScoreBallot],
    maxima: Mapping[str, Fraction],
    thresholds: SelectionThresholds,
    *,
    members_present: int,
    host_is_proposer: bool,
) -> ScoreCount:
    """Count one dossier.

    1. m = mean of all ballots; a ballot with |x − m| > outlier_share · m is dropped, once. 2. M = mean of the rest.
    3. The proposer as host gains `proposer_bonus` of M when M ≥ min_score. 4. Candidate when M ≥ min_score and no
    criterion got 0 from more than `zero_share_max` of the members present (dropped ballots count there: those members
    were present). Raises NoBallots, DuplicateBallot, ScoreOutOfRange.
    Source: TT 20/2023/TT-BKHCN, Điều 11 khoản 5, 7, 8.
    """
    if not ballots or members_present < len(ballots):
        raise NoBallots(NoBallots.message)
    one_ballot_each(ballot.voter for ballot in ballots)
    for ballot in ballots:
        _check(ballot, maxima)
    centre = mean(ballot.total for ballot in ballots)
    margin = thresholds.outlier_share * centre
    kept = [ballot for ballot in ballots if abs(ballot.total - centre) <= margin]
    score = mean(ballot.total for ballot in kept) if kept else None
    reaches = score is not None and score >= thresholds.min_score
    bonus = reaches and host_is_proposer
    zeros = _excess_zeros(ballots, maxima, thresholds.zero_share_max * members_present)
    return ScoreCount(
        mean_all=centre,
        dropped=tuple(ballot.voter for ballot in ballots if ballot not in kept),
        mean_score=score,
        bonus_applied=bonus,
        final_score=score * (1 + thresholds.proposer_bonus) if score is not None and bonus else score,
        criterion_means={name: mean(exact(item.scores[name]) for item in kept) for name in maxima} if kept else {},
        criteria_with_excess_zeros=zeros,
        is_candidate=reaches and not zeros,
    )


def rank_contenders(contenders: Sequence[Contender]) -> tuple[Place, ...]:
    """Rank the dossiers of one task: candidates first, each by score, then by the tie-breaks of the law, in order.

    Less state money, then an excellent task in recent years, then the higher mean for content and plan. What is still
    equal shares a rank and is `undecided`: the council must settle it, the program does not.
    Source: TT 20/2023/TT-BKHCN, Điều 11 khoản 6, 8.
    """
    ordered = sorted(contenders, key=lambda item: (_ladder(item), item.application))
    places: list[Place] = []
    for _, group in groupby(ordered, key=_ladder):
        equal = list(group)
        rank = len(places) + 1
        for item in equal:
            decided = "undecided" if len(equal) > 1 else _deciding_step(item, contenders)
            places.append(Place(item.application, rank, decided))
    return tuple(places)


def _check(ballot: ScoreBallot, maxima: Mapping[str, Fraction]) -> None:
    for name in [*maxima, *ballot.scores]:
        if name not in ballot.scores or name not in maxima:
            raise ScoreOutOfRange(
                f"Phiếu của {ballot.voter} không khớp danh mục tiêu chí ở “{name}”.", voter=ballot.voter, criterion=name
            )
        points = exact(ballot.scores[name])
        if not 0 <= points <= maxima[name]:
            raise ScoreOutOfRange(
                f"Điểm “{name}” trong phiếu của {ballot.voter} phải từ 0 đến {maxima[name]}.",
                voter=ballot.voter,
                criterion=name,
            )


def _excess_zeros(ballots: Sequence[ScoreBallot], maxima: Mapping[str, Fraction], most: Fraction) -> tuple[str, ...]:
    return tuple(name for name in maxima if sum(exact(item.scores[name]) == 0 for item in ballots) > most)


def _ladder(item: Contender) -> tuple[bool, Fraction, int, bool, Fraction]:
    score = item.final_score if item.final_score is not None else Fraction(-1)
    return (not item.is_candidate, -score, item.state_vnd, not item.excellent_recently, -item.content_mean)


def _deciding_step(item: Contender, contenders: Sequence[Contender]) -> str:
    mine = _ladder(item)
    shared = max((_common(mine, _ladder(other)) for other in contenders if other is not item), default=0)
    return {0: "score", 1: "score", 2: "state_vnd", 3: "excellent", 4: "content"}[shared]


def _common(left: tuple[Any, ...], right: tuple[Any, ...]) -> int:
    """Return how many leading steps two ladders share."""
    length = 0
    for one, other in zip(left, right, strict=True):
        if one != other:
            break
        length += 1
    return length


@rule("selection.score")
def _score_rule(parameters: Mapping[str, Any], inputs: Mapping[str, Any]) -> Any:
    """Parameters: selection.*. Inputs: kind, ballots [{voter, scores}], members_present, host_is_proposer."""
    return score_application(
        [ScoreBallot(row["voter"], row["scores"]) for row in inputs["ballots"]],
        criteria_maxima(parameters, CriteriaKind(inputs["kind"])),
        SelectionThresholds.from_parameters(parameters),
        members_present=inputs["members_present"],
        host_is_proposer=inputs["host_is_proposer"],
    )


@rule("selection.rank")
def _rank_rule(_: Mapping[str, Any], inputs: Mapping[str, Any]) -> Any:
    """Inputs: contenders, each with the fields of Contender, scores as exact text. Outcome: the places."""
    return rank_contenders(
        [
            Contender(
                application=row["application"],
                final_score=None if row["final_score"] is None else exact(row["final_score"]),
                is_candidate=row["is_candidate"],
                state_vnd=row["state_vnd"],
                excellent_recently=row["excellent_recently"],
                content_mean=exact(row["content_mean"]),
            )
            for row in inputs["contenders"]
        ]
    )
