"""Reads survey campaigns: those of one's agencies, and what was answered."""

from dataclasses import dataclass
from fractions import Fraction

from django.db.models import Count, QuerySet

from khcn.domains.onestop.choices import Satisfaction
from khcn.domains.onestop.models import CampaignAnswer, SurveyCampaign
from khcn.domains.onestop.permissions import READS_ALL
from khcn.domains.onestop.rules.service_index import survey_mean
from khcn.lib.actor import Actor


@dataclass(frozen=True, slots=True)
class Outcome:
    """Answers of a campaign: how many at each level of each question, and the mean 0–100 of the first."""

    answers: int
    mean: Fraction | None
    overall: dict[Satisfaction, int]
    attitude: dict[Satisfaction, int]
    time: dict[Satisfaction, int]


def visible_campaigns(actor: Actor) -> QuerySet[SurveyCampaign]:
    """Campaigns of agencies where the actor holds or inherits an office; leaders and inspectors read all."""
    rows = SurveyCampaign.objects.select_related("agency").annotate(answered=Count("answers"))
    return rows if actor.is_system or actor.holds(*READS_ALL) else rows.filter(agency_id__in=actor.places)


def outcome_of(campaign: SurveyCampaign) -> Outcome:
    """What was answered. One query for each question."""
    rows = CampaignAnswer.objects.filter(campaign=campaign).order_by()

    def counted(name: str) -> dict[Satisfaction, int]:
        found = dict(rows.values_list(name).annotate(n=Count("pk")))
        return {level: found.get(level.value, 0) for level in Satisfaction}

    overall = counted("overall")
    levels = [int(level.value) for level, count in overall.items() for _ in range(count)]
    return Outcome(len(levels), survey_mean(levels), overall, counted("attitude"), counted("time"))
