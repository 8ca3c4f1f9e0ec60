"""Holds a dossier, and later the estimates of its task, against the conditions of lumping to the final product."""

from datetime import date
from typing import Any, Final

from khcn.domains.programme.choices import LumpMode
from khcn.domains.programme.models import Application, BudgetVersion
from khcn.domains.programme.queries.applications import budget_sums
from khcn.domains.programme.queries.law import parameters_of
from khcn.domains.programme.rules.dossier_contents import asset_and_trip_vnd, names_its_products
from khcn.domains.programme.rules.findings import Finding
from khcn.domains.programme.rules.money import MoneyThresholds, asset_and_trip_breaches, lump_total_breaches
from khcn.domains.programme.rules.rule_trace import RuleTrace, run

THRESHOLDS: Final = (
    "advance.first_share_max", "advance.cleared_share_min", "advance.clear_months", "advance.deduct_months",
    "lump.final.asset_share_max", "lump.final.asset_cap_vnd",
)  # fmt: skip
#: What only the council can mend; before its conclusion it says nothing about the dossier.
COUNCIL: Final = "council"


def final_product_trace(application: Application, *, on: date) -> RuleTrace:
    """Run the rule on the dossier as it stands; its outcome is the list of findings."""
    rules, dossier = application.call.rule_set, application.dossier
    return run(
        "money.final_product_mode", parameters=parameters_of(rules, on=on, keys=THRESHOLDS), rule_set=rules.code,
        inputs={
            "asset_and_trip_vnd": asset_and_trip_vnd(dossier.get("budget", ())),
            "state_vnd": budget_sums(application)[0],
            "product_is_specified": names_its_products(dossier.get("products", ())),
            "proposed_by_host": application.lump_mode == LumpMode.FINAL_PRODUCT,
            "proposed_by_council": mode_of_council(application) == LumpMode.FINAL_PRODUCT,
        },
    )  # fmt: skip


def lump_mode_findings(application: Application, *, on: date) -> list[dict[str, Any]]:
    """What keeps the dossier from the mode that it asks for; nothing for a dossier that asks to lump parts only.

    While no council has concluded, its conclusion is not asked for.
    """
    if application.lump_mode != LumpMode.FINAL_PRODUCT:
        return []
    found: list[dict[str, Any]] = final_product_trace(application, on=on).outcome
    is_judged = application.score is not None
    return [item for item in found if is_judged or item["code"] != COUNCIL]


def estimate_findings(budget: BudgetVersion, *, on: date) -> tuple[Finding, ...]:
    """What keeps an estimate from a task that lumps to the final product; nothing for a task that lumps parts only.

    Assets and delegations abroad stay within their share and their most; the lump total stays that of the estimate
    approved before, if there is one.
    """
    task = budget.task
    if task.lump_mode != LumpMode.FINAL_PRODUCT:
        return ()
    lines = [
        {
            "kind": line.kind, "source": line.source, "amount_vnd": line.amount_vnd,
            "is_abroad": line.reckoning.get("is_abroad", False),
        }
        for line in budget.lines.all()
    ]  # fmt: skip
    found = asset_and_trip_breaches(
        asset_and_trip_vnd=asset_and_trip_vnd(lines),
        state_vnd=task.state_vnd,
        thresholds=MoneyThresholds.from_parameters(parameters_of(task.rule_set, on=on, keys=THRESHOLDS)),
    )
    earlier = task.budgets.exclude(approved_on=None).exclude(pk=budget.pk).order_by("-number").first()
    if earlier is None:
        return found
    decided, proposed = (
        sum(line.amount_vnd for line in item.lines.all() if line.is_lump) for item in (earlier, budget)
    )
    return (*found, *lump_total_breaches(decided_vnd=decided, proposed_vnd=proposed))


def mode_of_council(application: Application) -> LumpMode | None:
    """The mode that the selection council concluded for the dossier, None before or when its minutes say nothing."""
    mode = (application.score or {}).get("lump_mode")
    return LumpMode(mode) if mode else None


def mode_of_appraisal(application: Application) -> LumpMode | None:
    """The mode that the appraisal team recommended, None before."""
    mode = (application.appraisal or {}).get("lump_mode")
    return LumpMode(mode) if mode else None
