"""Holds an estimate against the norms line by line: what must be mended, what must be explained, what was explained.

The figures come from dated rows (parameters `norm.*`, cost norms); this page has none of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from ..choices import BudgetLineKind, EstimateBasis, FundingSourceKind, NormVerdict, WorkTitle
from .norms import (
    CostNorm,
    FeeLine,
    LabourLine,
    NormBreach,
    RemunerationLine,
    expert_breaches,
    fee_breaches,
    labour_breaches,
    overhead_breaches,
    remuneration_breaches,
)

_WHOLE = ("norm.pi_count_max", "norm.secretary_count_max", "norm.main_member_per_content_max")
#: Keys of both circulars; between them, in force from February and June 2023, nothing is held to half the rules.
_NEEDED = (
    "norm.pi_month_max_vnd",
    "norm.days_per_month",
    "norm.minimum_wage_highest_vnd",
    "norm.overhead_share",
    "norm.pi_count_max",
    "norm.coefficient.pi",
)
_EXPERTS = {
    "norm.domestic_expert_share_max": EstimateBasis.DOMESTIC_EXPERT,
    "norm.foreign_expert_share_max": EstimateBasis.FOREIGN_EXPERT,
}


@dataclass(frozen=True, slots=True)
class EstimateLine:
    """One line of an estimate with how it was reckoned.

    quantity: person-months (PAY), days (LABOUR) or number of units (FEE). unit_vnd: the leader's monthly rate (PAY) or
    the fee (FEE). fee: `activity.role` of the fee. person: uid or name, "" when a title stands for a group.
    """

    kind: BudgetLineKind
    source: FundingSourceKind
    amount_vnd: int
    basis: EstimateBasis = EstimateBasis.OTHER
    title: WorkTitle | None = None
    person: str = ""
    content: str = ""
    job: str = ""
    quantity: Fraction = Fraction(0)
    coefficient: Fraction = Fraction(0)
    unit_vnd: int = 0
    fee: str = ""
    justification: str = ""


@dataclass(frozen=True, slots=True)
class NormFinding:
    """A departure from a norm. line: place in the estimate from 0, None for the estimate as a whole."""

    line: int | None
    norm: str
    text: str
    limit_vnd: int
    actual_vnd: int
    citation: str
    verdict: NormVerdict
    justification: str = ""

    def as_json(self) -> dict[str, Any]:
        """As kept with the estimate."""
        return {
            "line": self.line, "norm": self.norm, "text": self.text, "limit_vnd": self.limit_vnd,
            "actual_vnd": self.actual_vnd, "citation": self.citation, "verdict": str(self.verdict),
            "justification": self.justification,
        }  # fmt: skip


def estimate_findings(
    lines: Sequence[EstimateLine], *, norms: Sequence[CostNorm], values: Mapping[str, Any], on: date
) -> tuple[NormFinding, ...]:
    """Return every departure of the lines from the norms in force on `on`, in the order of the lines, then the whole.

    values: parameters `norm.*` of the rule set. A departure that the law lets somebody explain (experts above their
    share, a fee without a norm) is EXPLAIN until the line carries a justification; any other is STOP. A line of pay
    whose reckoning is not given cannot be checked, which is a NOTE. Source: TT 03/2023/TT-BTC, Điều 3, 4, 6;
    TT 02/2023/TT-BKHCN, Điều 3, 4.
    """
    missing = [key for key in _NEEDED if key not in values]
    if missing:
        text = f"Chưa có định mức nào có hiệu lực ngày {on:%d/%m/%Y} trong bộ quy tắc nên chưa kiểm tra được."
        return (NormFinding(None, missing[0], text, 0, 0, "", NormVerdict.NOTE),)
    found: list[NormFinding] = []
    for place, line in enumerate(lines):
        found += _line_findings(place, line, norms, values, on)
    return (*found, *_whole_findings(lines, values))


def stopping(findings: Sequence[NormFinding]) -> list[NormFinding]:
    """The findings that keep an estimate from being handed in or approved."""
    return [item for item in findings if item.verdict in (NormVerdict.STOP, NormVerdict.EXPLAIN)]


def _line_findings(
    place: int, line: EstimateLine, norms: Sequence[CostNorm], values: Mapping[str, Any], on: date
) -> list[NormFinding]:
    breaches: tuple[NormBreach, ...] = ()
    if line.basis is EstimateBasis.PAY:
        breaches = _pay(line, values)
    elif line.basis is EstimateBasis.LABOUR:
        days = LabourLine(line.job, int(line.quantity), line.amount_vnd)
        wage = int(values["norm.minimum_wage_highest_vnd"])
        breaches = labour_breaches([days], highest_minimum_wage_vnd=wage, values=values)
    elif line.basis is EstimateBasis.FEE:
        breaches = _fee(line, norms, values, on)
    elif line.basis is EstimateBasis.OTHER and line.kind is BudgetLineKind.REMUNERATION:
        text = "Chưa nêu cách tính thù lao (chức danh, tháng công, hệ số, mức) nên chưa kiểm tra được định mức."
        return [NormFinding(place, "norm.not_reckoned", text, 0, line.amount_vnd, "", NormVerdict.NOTE)]
    return [_finding(place, breach, line.justification) for breach in breaches]


def _pay(line: EstimateLine, values: Mapping[str, Any]) -> tuple[NormBreach, ...]:
    if line.title is None:
        text = "Chọn chức danh của dòng thù lao."
        return (NormBreach("norm.title", text, 0, line.amount_vnd, "TT 02/2023/TT-BKHCN, Điều 3"),)
    return remuneration_breaches([_pay_line(line)], values)


def _fee(line: EstimateLine, norms: Sequence[CostNorm], values: Mapping[str, Any], on: date) -> tuple[NormBreach, ...]:
    activity, _, role = line.fee.partition(".")
    found = fee_breaches([FeeLine(activity, role, int(line.quantity), line.unit_vnd)], norms, on=on, values=values)
    due = int(line.quantity * line.unit_vnd)
    if line.amount_vnd > due:
        text = "Số tiền của dòng vượt số lượng nhân mức chi."
        found += (NormBreach("norm.fee_product", text, due, line.amount_vnd, "TT 03/2023/TT-BTC, Điều 3"),)
    return found


def _pay_line(line: EstimateLine) -> RemunerationLine:
    return RemunerationLine(
        content=line.content, job=line.job, title=line.title or WorkTitle.MEMBER, person=line.person,
        months=line.quantity, coefficient=line.coefficient, pi_month_vnd=line.unit_vnd, amount_vnd=line.amount_vnd,
    )  # fmt: skip


def _whole_findings(lines: Sequence[EstimateLine], values: Mapping[str, Any]) -> list[NormFinding]:
    paid = [line for line in lines if line.basis is EstimateBasis.PAY and line.title is not None]
    counts = [
        breach for breach in remuneration_breaches([_named(line) for line in paid], values) if breach.norm in _WHOLE
    ]
    found = [_finding(None, breach, "") for breach in counts]
    found += _expert_findings(lines, values)
    state_vnd = sum(line.amount_vnd for line in lines if line.source is not FundingSourceKind.S4_COUNTERPART)
    places = [
        place
        for place, line in enumerate(lines)
        if line.kind is BudgetLineKind.OVERHEAD and line.source is not FundingSourceKind.S4_COUNTERPART
    ]
    overhead_vnd = sum(lines[place].amount_vnd for place in places)
    for breach in overhead_breaches(overhead_vnd=overhead_vnd, state_vnd=state_vnd, values=values):
        found.append(_finding(places[0], breach, ""))
    return found


def _named(line: EstimateLine) -> RemunerationLine:
    """A title without a person is one post: the same post in several jobs stays one."""
    pay = _pay_line(line)
    return replace(pay, person=line.person or f"{pay.title}")


def _expert_findings(lines: Sequence[EstimateLine], values: Mapping[str, Any]) -> list[NormFinding]:
    sums = {basis: sum(line.amount_vnd for line in lines if line.basis is basis) for basis in _EXPERTS.values()}
    remuneration_vnd = sum(
        line.amount_vnd
        for line in lines
        if line.basis is EstimateBasis.PAY
        or (line.basis is EstimateBasis.OTHER and line.kind is BudgetLineKind.REMUNERATION)
    )
    breaches = expert_breaches(
        remuneration_vnd=remuneration_vnd, domestic_vnd=sums[EstimateBasis.DOMESTIC_EXPERT],
        foreign_vnd=sums[EstimateBasis.FOREIGN_EXPERT], values=values,
    )  # fmt: skip
    found = []
    for breach in breaches:
        places = [place for place, line in enumerate(lines) if line.basis is _EXPERTS[breach.norm]]
        told = "; ".join(lines[place].justification for place in places if lines[place].justification)
        found.append(_finding(places[0], breach, told))
    return found


def _finding(place: int | None, breach: NormBreach, justification: str) -> NormFinding:
    if not breach.needs_justification:
        verdict, told = NormVerdict.STOP, ""
    else:
        told = justification.strip()
        verdict = NormVerdict.EXPLAINED if told else NormVerdict.EXPLAIN
    return NormFinding(
        place, breach.norm, breach.text, breach.limit_vnd, breach.actual_vnd, breach.citation, verdict, told
    )
