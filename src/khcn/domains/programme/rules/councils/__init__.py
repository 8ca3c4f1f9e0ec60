"""The arithmetic of councils: composition and quorum, identification, selection and acceptance, all exact."""

from .acceptance import (
    AcceptanceCount,
    AcceptanceThresholds,
    ProductRating,
    contradiction,
    count_acceptance,
    derived_level,
    is_dossier_late,
)
from .advice import AdviceCount, count_advice
from .composition import (
    CompositionThresholds,
    Seat,
    composition_breaches,
    expert_team_breaches,
    quorum_breaches,
)
from .exact import DuplicateBallot, NoBallots, rounded
from .identification import IdentificationBallot, IdentificationCount, count_identification, least_passing
from .selection import (
    Contender,
    Place,
    ScoreBallot,
    ScoreCount,
    ScoreOutOfRange,
    SelectionThresholds,
    criteria_maxima,
    rank_contenders,
    score_application,
)

__all__ = [
    "AcceptanceCount",
    "AcceptanceThresholds",
    "AdviceCount",
    "CompositionThresholds",
    "Contender",
    "DuplicateBallot",
    "IdentificationBallot",
    "IdentificationCount",
    "NoBallots",
    "Place",
    "ProductRating",
    "ScoreBallot",
    "ScoreCount",
    "ScoreOutOfRange",
    "Seat",
    "SelectionThresholds",
    "composition_breaches",
    "contradiction",
    "count_acceptance",
    "count_advice",
    "count_identification",
    "criteria_maxima",
    "derived_level",
    "expert_team_breaches",
    "is_dossier_late",
    "least_passing",
    "quorum_breaches",
    "rank_contenders",
    "rounded",
    "score_application",
]
