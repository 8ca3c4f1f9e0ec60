"""Indicator sources: rights under protection, members who may use them, certificates of software copyright."""

from decimal import Decimal

from khcn.domains.marks.choices import FileState, RightState, UseState
from khcn.domains.marks.models import Right, SoftwareFile, UseRight
from khcn.domains.marks.queries.verdicts import acts_of
from khcn.domains.marks.rules.standing import standing_on
from khcn.kernel.indicators.queries import Measurement, Question, Source


def rights_protected(question: Question) -> Measurement:
    """Rights registered by the last day and not ended; illustrations left out."""
    last = min(question.period_to, question.as_of)
    rows = Right.objects.filter(state=RightState.REGISTERED, registered_on__lte=last, is_illustration=False)
    codes = [row.code for row in rows if row.expires_on is None or row.expires_on > last]
    return Measurement(Decimal(len(codes)), tuple(codes))


def members_in_force(question: Question) -> Measurement:
    """Members whose right to use holds on the last day; illustrations left out."""
    last = min(question.period_to, question.as_of)
    rows = UseRight.objects.filter(granted_on__lte=last, is_illustration=False).prefetch_related("steps")
    codes = [row.code for row in rows if standing_on(acts_of(row), last, row.valid_to) is UseState.GRANTED]
    return Measurement(Decimal(len(codes)), tuple(codes))


def software_certified(question: Question) -> Measurement:
    """Programs certified in the period with the help of the department; illustrations left out."""
    last = min(question.period_to, question.as_of)
    rows = SoftwareFile.objects.filter(
        state=FileState.CERTIFIED, certified_on__range=(question.period_from, last), is_illustration=False
    )
    codes = list(rows.values_list("code", flat=True))
    return Measurement(Decimal(len(codes)), tuple(codes))


SOURCES: dict[str, Source] = {
    "marks.rights": rights_protected, "marks.members": members_in_force, "marks.software": software_certified,
}  # fmt: skip
