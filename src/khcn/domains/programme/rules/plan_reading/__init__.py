"""Read the text of a provincial plan into values that a person corrects and adopts. Pure: nothing is stored here."""

from khcn.domains.programme.rules.plan_reading.json_form import to_json, to_review
from khcn.domains.programme.rules.plan_reading.model import (
    LegalBasis,
    ParsedPlan,
    Passage,
    ReadDuty,
    ReadField,
    ReadPeriod,
    ReadTarget,
    Unplaced,
)
from khcn.domains.programme.rules.plan_reading.reader import read_plan

__all__ = [
    "LegalBasis",
    "ParsedPlan",
    "Passage",
    "ReadDuty",
    "ReadField",
    "ReadPeriod",
    "ReadTarget",
    "Unplaced",
    "read_plan",
    "to_json",
    "to_review",
]
