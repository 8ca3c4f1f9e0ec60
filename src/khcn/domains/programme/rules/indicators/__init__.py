"""The plan's targets T1–T7 and measures M1–M3 as formulas over facts; every figure names the rows it counted."""

from .agencies import AgencyFact, EffectivenessFact, effective_share
from .facts import ApplicationFact, HandoverFact, Measure, ProductFact, TaskFact, exclude
from .products import (
    PLAN_TARGETS,
    ProductTarget,
    StageCounts,
    application_evidence,
    count_stages,
    is_accepted,
    is_applied,
)
from .progress import IssueFact, MoneyProgress, StepFact, issues_answered, money_progress, steps_in_time
from .status import is_met, target_status
from .tasks import AppliedShare, applied_share

__all__ = [
    "PLAN_TARGETS",
    "AgencyFact",
    "ApplicationFact",
    "AppliedShare",
    "EffectivenessFact",
    "HandoverFact",
    "IssueFact",
    "Measure",
    "MoneyProgress",
    "ProductFact",
    "ProductTarget",
    "StageCounts",
    "StepFact",
    "TaskFact",
    "application_evidence",
    "applied_share",
    "count_stages",
    "effective_share",
    "exclude",
    "is_accepted",
    "is_applied",
    "is_met",
    "issues_answered",
    "money_progress",
    "steps_in_time",
    "target_status",
]
