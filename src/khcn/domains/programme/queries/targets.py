"""How the targets of a plan stand on a date: value, stages, status; counted in SQL, so that any plan opens at once."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from khcn.domains.programme.choices import TargetOperator, TargetStatus
from khcn.domains.programme.models import Plan
from khcn.domains.programme.queries.law import parameters_of, rule_set_in_force, share
from khcn.domains.programme.queries.uptake import (
    AppliedTally,
    StageTally,
    applied_products,
    applied_tasks,
    product_stages,
    tally_of,
)
from khcn.domains.programme.rules.indicators import target_status
from khcn.domains.programme.rules.reports.snapshot import percent_of
from khcn.kernel.indicators.models import Indicator, IndicatorValue, Target
from khcn.kernel.indicators.queries import Question, ask, latest_values, targets_of

PRODUCTS, TASKS, AGENCIES = "programme.products_applied", "programme.tasks_applied", "programme.agencies_effective"
MEASURES = ("M1", "M2", "M3")
OPERATORS = {
    ">=": TargetOperator.AT_LEAST, "=": TargetOperator.EQUALS, "<=": TargetOperator.AT_MOST,
    ">": TargetOperator.MORE_THAN, "<": TargetOperator.LESS_THAN,
}  # fmt: skip
POLICY_LABELS = {
    "frozen": "Cố định tại ngày gốc", "as_of": "Theo danh sách tại ngày báo cáo",
    "successor_mapped": "Quy đổi sang cơ quan kế thừa",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Variant:
    """The same share under another way of counting, with its numerator and denominator; value None prints "chưa có"."""

    key: str
    label: str
    value: Decimal | None
    counted: int
    of: int


@dataclass(frozen=True, slots=True)
class TargetLine:
    """One target on a date: value (percent for shares), stages for products, other ways of counting, status."""

    target: Target
    value: Decimal | None
    status: TargetStatus
    stages: StageTally | None = None
    variants: tuple[Variant, ...] = ()
    stored: IndicatorValue | None = None

    @property
    def is_share(self) -> bool:
        """True when value and goal are percentages."""
        return self.target.indicator.unit == "%"

    @property
    def reached(self) -> Decimal | None:
        """Value ÷ goal in percent, at most 100."""
        if self.value is None or not self.target.value:
            return None
        return min(Decimal(100), self.value * 100 / self.target.value)


@dataclass(frozen=True, slots=True)
class Figures:
    """The parameters that the targets need on a date."""

    min_days: int
    grace_months: int
    at_risk_share: Fraction


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything that the lines share, read once."""

    stages: dict[tuple[str, str, str], StageTally] = field(default_factory=dict)
    applied: AppliedTally | None = None


def figures_on(on: date) -> Figures:
    """The uptake and risk parameters in force on the date. Raises Refused when no rule set is loaded."""
    keys = ("uptake.min_days", "uptake.grace_months", "target.at_risk_share")
    found = parameters_of(rule_set_in_force(on=on), on=on, keys=keys)
    return Figures(int(found[keys[0]]), int(found[keys[1]]), share(found[keys[2]]))


def target_lines(plan: Plan, *, on: date) -> list[TargetLine]:
    """The plan's targets as of a date, in order; at most eleven queries whatever the number of tasks."""
    targets = list(targets_of(plan.uid))
    figures = figures_on(on)
    sources = {target.indicator.source for target in targets}
    types = [
        kind
        for target in targets
        if target.indicator.source == PRODUCTS
        for kind in target.indicator.parameters["types"]
    ]
    by_task = TASKS in sources
    days, months = figures.min_days, figures.grace_months
    counted = bool(types) or by_task
    applied = applied_products(plan.uid, on=on, min_days=days, grace_months=months) if counted else []
    standing = Standing(
        stages=product_stages(plan.uid, on=on, applied=applied, types=types) if types else {},
        applied=applied_tasks(plan.uid, on=on, applied=applied, grace_months=months) if by_task else None,
    )
    stored = latest_values(plan.uid)
    return [_line(plan, target, standing, figures, stored.get(target.indicator_id), on) for target in targets]


def status_of(
    plan: Plan, target: Target, value: Decimal | None, stages: StageTally | None, *, on: date, at_risk_share: Fraction
) -> TargetStatus:
    """The computed status; a share has no earlier stages, so it is judged by its value alone."""
    applied = None if value is None else Fraction(value)
    return target_status(
        OPERATORS[target.operator],
        Fraction(target.value),
        contracted=stages.contracted if stages else None,
        accepted=stages.accepted if stages else None,
        applied=applied,
        starts_on=date(plan.period_from, 1, 1),
        due_on=target.due_on or date(plan.period_to, 12, 31),
        today=on,
        at_risk_share=at_risk_share,
    )


def measured_indicators(plan: Plan) -> list[Indicator]:
    """What is measured for a plan: its targets' indicators that have a source, and M1–M3."""
    own = [target.indicator for target in targets_of(plan.uid) if target.indicator.source]
    shown = {indicator.pk for indicator in own}
    for code in MEASURES:
        found = Indicator.objects.filter(code=code).order_by("-version").first()
        if found is not None and found.pk not in shown:
            own.append(found)
    return own


def _line(
    plan: Plan, target: Target, standing: Standing, figures: Figures, stored: IndicatorValue | None, on: date
) -> TargetLine:
    source = target.indicator.source
    value: Decimal | None = None
    stages: StageTally | None = None
    variants: tuple[Variant, ...] = ()
    if source == PRODUCTS:
        stages = tally_of(standing.stages, target.indicator.parameters)
        value = Decimal(stages.applied)
    elif source == TASKS and standing.applied is not None:
        tally = standing.applied
        value = percent_of(tally.applied, tally.accepted)
        variants = (
            Variant("strict", "Mọi nhiệm vụ đã nghiệm thu", value, tally.applied, tally.accepted),
            Variant("matured", "Nhiệm vụ đã qua thời gian chờ", percent_of(tally.matured_applied, tally.matured),
                    tally.matured_applied, tally.matured),
        )  # fmt: skip
    elif source == AGENCIES:
        found = ask(target.indicator, question_of(plan, target, on=on))
        value, variants = found.value, policies_of(found.stages)
    elif source:
        value = ask(target.indicator, question_of(plan, target, on=on)).value
    elif stored is not None:
        value = stored.value
    status = status_of(plan, target, value, stages, on=on, at_risk_share=figures.at_risk_share)
    return TargetLine(target, value, status, stages, variants, stored)


def policies_of(stages: dict[str, Any]) -> tuple[Variant, ...]:
    """The three ways of taking the denominator of an agency share, side by side."""
    return tuple(
        Variant(key, label, None if stages[key]["value"] is None else Decimal(stages[key]["value"]),
                len(stages[key]["numerator"]), len(stages[key]["denominator"]))
        for key, label in POLICY_LABELS.items()
        if key in stages
    )  # fmt: skip


def question_of(
    plan: Plan, target: Target | None, *, on: date, indicator: Indicator | None = None, shared: Any = None
) -> Question:
    """What a source is asked about a plan up to a date."""
    asked = target.indicator if target is not None else indicator
    return Question(
        scope_uid=plan.uid, period_from=date(plan.period_from, 1, 1), period_to=max(on, date(plan.period_from, 1, 1)),
        as_of=on, parameters=asked.parameters if asked is not None else {}, target=target,
        shared=shared if shared is not None else {},
    )  # fmt: skip
