"""What people of an organisation wish that another room of the house takes up: research behind an improvement.

Typed events only; whoever wishes publishes, whoever does research subscribes and answers.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ResearchWished:
    """An improvement needs research; published once. wish_uid: under which the answers come back."""

    wish_uid: UUID
    organisation_uid: UUID
    wished_by_uid: UUID
    title: str
    problem: str
    solution: str
    on: date


@dataclass(frozen=True, slots=True)
class ResearchMoved:
    """What came of a wish: code and page of the record that carries it now, and where it stands, in Vietnamese."""

    wish_uid: UUID
    code: str
    url: str
    outcome: str
