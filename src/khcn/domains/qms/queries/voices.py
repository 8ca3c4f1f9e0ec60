"""Asks whoever surveys them how pleased people are with agencies, and how their complaints were answered.

The rooms that survey register with the kernel's indicators. Where nobody has asked there is no figure, never a zero.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import partial

from khcn.domains.qms.rules.effectiveness import Share
from khcn.kernel.indicators.queries import AgencyCount, AgencyQuestion, count_agencies

SATISFACTION = "agency.satisfaction"
"""Key of the sources: points given out of 100 for each answer to a survey on the agency."""
COMPLAINTS = "agency.complaints_in_time"
"""Key of the sources: complaints about the agency answered in time, of those answered or past their limit."""


@dataclass(frozen=True, slots=True)
class Voices:
    """What was said of one agency: points out of all that could be given, complaints answered in time, late ones."""

    points: tuple[int, int] = (0, 0)
    complaints: Share = field(default_factory=partial(Share, 0, 0))
    late_complaints: tuple[str, ...] = ()

    @property
    def satisfaction(self) -> Fraction | None:
        """Mean of the answers, 0–100; None when nobody answered."""
        given, most = self.points
        return Fraction(100 * given, most) if most else None


def voices_of(organisation_ids: Collection[int], *, first: date, last: date) -> dict[int, Voices]:
    """What was said of each agency in the span."""
    asked = AgencyQuestion(first, last, last, frozenset(organisation_ids))
    surveyed, complained = count_agencies(SATISFACTION, asked), count_agencies(COMPLAINTS, asked)
    nothing = AgencyCount()
    return {
        agency: Voices(
            points=(surveyed.get(agency, nothing).counted, surveyed.get(agency, nothing).of),
            complaints=Share(complained.get(agency, nothing).counted, complained.get(agency, nothing).of),
            late_complaints=complained.get(agency, nothing).unmet,
        )
        for agency in organisation_ids
    }
