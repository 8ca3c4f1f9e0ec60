"""The programme's indicator sources: each answers one kind of question from facts by a pure formula."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from khcn.domains.programme.choices import (
    DenominatorPolicy,
    FundingSourceKind,
    LedgerEntryKind,
    ProductType,
    Purpose,
    Sector,
)
from khcn.domains.programme.models import Contract, Plan
from khcn.domains.programme.queries.facts import PlanFacts, agency_facts, issue_facts, plan_facts, step_facts
from khcn.domains.programme.queries.law import parameters_of, rule_set_in_force
from khcn.domains.programme.queries.money import SIGNED, plan_entries
from khcn.domains.programme.rules.indicators import (
    Measure,
    ProductTarget,
    applied_share,
    count_stages,
    effective_share,
    issues_answered,
    money_progress,
    steps_in_time,
)
from khcn.kernel.indicators.queries import Measurement, Question

STAGES = ("ordered", "contracted", "accepted", "applied")


def products_applied(question: Question) -> Measurement:
    """T1–T5: products of the asked types (and purposes, sectors) that are applied; all four stages beside it.

    parameters: types, purposes, sectors (lists; absent: any).
    """
    wanted = question.parameters
    target = ProductTarget(
        code="",
        types=frozenset(ProductType(item) for item in wanted["types"]),
        purposes=frozenset(Purpose(item) for item in wanted["purposes"]) if wanted.get("purposes") else None,
        sectors=frozenset(Sector(item) for item in wanted["sectors"]) if wanted.get("sectors") else None,
    )
    facts = facts_of(question)
    stages = count_stages(
        target, facts.products, facts.tasks, facts.handovers, facts.uses, on=question.as_of,
        min_days=int(_figure(question, "uptake.min_days")),
    )  # fmt: skip
    return _measurement(
        stages.applied, {name: list(getattr(stages, name).numerator) for name in STAGES}, extra=stages.accepted.excluded
    )


def tasks_applied(question: Question) -> Measurement:
    """T7: share of accepted tasks with an applied product; strict is the value, matured stands beside it."""
    facts = facts_of(question)
    shares = applied_share(
        list(facts.tasks.values()), facts.products, facts.handovers, facts.uses, on=question.as_of,
        min_days=int(_figure(question, "uptake.min_days")), grace_months=int(_figure(question, "uptake.grace_months")),
    )  # fmt: skip
    matured = shares.matured
    return _measurement(
        shares.strict,
        {
            "matured": {
                "value": _percent_text(matured.value),
                "numerator": list(matured.numerator),
                "denominator": list(matured.denominator),
                "excluded": [list(item) for item in matured.excluded],
            }
        },
    )


def agencies_effective(question: Question) -> Measurement:
    """T6: share of obliged agencies that use the electronic quality system effectively, under the target's policy.

    parameters: kinds, levels, baseline_on. All three policies are computed; the target's one is the value.
    """
    agencies, effective = agency_facts(kinds=question.parameters["kinds"], levels=question.parameters["levels"])
    baseline = question.target.frozen_on if question.target and question.target.frozen_on else None
    baseline = baseline or date.fromisoformat(question.parameters["baseline_on"])
    chosen = question.target.denominator if question.target else DenominatorPolicy.FROZEN
    measures = {
        policy: effective_share(agencies, effective, policy, baseline_on=baseline, on=question.as_of)
        for policy in DenominatorPolicy
    }
    value = measures[DenominatorPolicy(chosen) if chosen in measures else DenominatorPolicy.FROZEN]
    return _measurement(
        value,
        {
            policy.value: {
                "value": _percent_text(found.value),
                "numerator": list(found.numerator),
                "denominator": list(found.denominator),
            }
            for policy, found in measures.items()
        },
    )


def money_of_plan(question: Question) -> Measurement:
    """M1: share of the plan's total that is paid; approved, contracted and paid by source, and the gap, beside it."""
    plan = Plan.objects.get(uid=question.scope_uid)
    found = money_progress(plan.total_vnd or 0, **_money_by_source(plan, question.as_of))
    paid = found.paid_share
    return Measurement(
        value=None if paid is None else _percent(paid),
        stages={
            "total_vnd": found.total_vnd,
            "gap_vnd": found.gap_vnd,
            **{
                name: {kind.value: amount for kind, amount in getattr(found, name).items()}
                for name in ("approved_vnd", "contracted_vnd", "paid_vnd")
            },
        },
    )


def steps_within_clock(question: Question) -> Measurement:
    """M2: share of due statutory steps done in time; median days per step against the statute beside it."""
    found = steps_in_time(step_facts(question.scope_uid), on=question.as_of)
    medians = {
        clock: {"median_days": str(taken), "allowed_days": allowed, "steps": steps}
        for clock, (taken, allowed, steps) in found.medians.items()
    }
    return _measurement(found.in_time, {"medians": medians})


def difficulties_answered(question: Question) -> Measurement:
    """M3: share of due difficulties answered in time; those open too long beside it. parameters: open_days."""
    found = issues_answered(
        issue_facts(question.scope_uid),
        on=question.as_of,
        open_days_limit=int(question.parameters.get("open_days", 30)),
    )
    return _measurement(found.answered, {"open_too_long": list(found.open_too_long)})


SOURCES = {
    "programme.products_applied": products_applied,
    "programme.tasks_applied": tasks_applied,
    "programme.agencies_effective": agencies_effective,
    "programme.money": money_of_plan,
    "programme.steps": steps_within_clock,
    "programme.difficulties": difficulties_answered,
}


def facts_of(question: Question) -> PlanFacts:
    """The plan's facts, read once for all indicators of one measurement run."""
    cached = question.shared.get("programme.facts")
    if not isinstance(cached, PlanFacts):
        cached = plan_facts(question.scope_uid)
        question.shared["programme.facts"] = cached
    return cached


def _figure(question: Question, key: str) -> Any:
    if key in question.parameters:
        return question.parameters[key]
    known = question.shared.get("programme.figures")
    if known is None:
        known = parameters_of(rule_set_in_force(on=question.as_of), on=question.as_of)
        question.shared["programme.figures"] = known
    return known[key]


def _money_by_source(plan: Plan, on: date) -> Mapping[str, dict[FundingSourceKind, int]]:
    """Approved, contracted and paid money of the plan's tasks by source up to a date. Two queries."""
    entries = plan_entries(plan).filter(on__lte=on)
    kinds = (LedgerEntryKind.PLAN, LedgerEntryKind.PAYMENT, LedgerEntryKind.CLEARANCE)
    approved: dict[FundingSourceKind, int] = {}
    paid: dict[FundingSourceKind, int] = {}
    rows = entries.filter(kind__in=kinds).values_list("source", "kind").annotate(amount=SIGNED).order_by()
    for source, kind, amount in rows:
        sums = approved if kind == LedgerEntryKind.PLAN else paid
        sums[FundingSourceKind(source)] = sums.get(FundingSourceKind(source), 0) + amount
    signed = Contract.objects.filter(task__plan=plan, signed_on__lte=on).values("task_id")
    planned = entries.filter(kind=LedgerEntryKind.PLAN, task__in=signed)
    contracted = {
        FundingSourceKind(source): amount
        for source, amount in planned.values_list("source").annotate(amount=SIGNED).order_by()
    }
    return {"approved_vnd": approved, "contracted_vnd": contracted, "paid_vnd": paid}


def _measurement(found: Measure, stages: dict[str, Any], extra: tuple[tuple[str, str], ...] = ()) -> Measurement:
    value: Decimal | None
    if found.value is None:
        value = None
    elif isinstance(found.value, Fraction):
        value = _percent(found.value)
    else:
        value = Decimal(found.value)
    return Measurement(
        value=value,
        numerator=found.numerator,
        denominator=found.denominator,
        excluded=tuple(dict.fromkeys((*found.excluded, *extra))),
        stages=stages,
    )


def _percent(share: Fraction) -> Decimal:
    return Decimal(share.numerator * 100) / Decimal(share.denominator)


def _percent_text(value: int | Fraction | None) -> str | None:
    return None if value is None else str(_percent(Fraction(value)).quantize(Decimal("0.01")))
