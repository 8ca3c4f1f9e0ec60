"""Asks whoever measures it how pleased people are with an agency: a source registered with the kernel's indicators.

No source registered means nobody has asked: there is no figure, never a zero.
"""

from datetime import date
from fractions import Fraction

from khcn.domains.qms.models import QualitySystem
from khcn.kernel.indicators.queries import Question, source_of

SATISFACTION = "agency.satisfaction"
"""Key of the source: mean of survey answers 0–100 on the agency whose uid is the scope."""


def satisfaction_of(system: QualitySystem, *, first: date, last: date) -> Fraction | None:
    """Mean satisfaction 0–100 in the span; None when nothing was asked or nobody measures it here."""
    try:
        source = source_of(SATISFACTION)
    except KeyError:
        return None
    question = Question(scope_uid=system.organisation.uid, period_from=first, period_to=last, as_of=last, parameters={})
    found = source(question)
    return None if found.value is None else min(max(Fraction(found.value), Fraction(0)), Fraction(100))
