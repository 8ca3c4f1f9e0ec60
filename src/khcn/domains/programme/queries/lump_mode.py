"""Holds a dossier against the conditions of lumping its money to the final product."""

from datetime import date
from typing import Any, Final

from khcn.domains.programme.choices import LumpMode
from khcn.domains.programme.models import Application
from khcn.domains.programme.queries.applications import budget_sums
from khcn.domains.programme.queries.law import parameters_of
from khcn.domains.programme.rules.dossier_contents import asset_and_trip_vnd, names_its_products
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


def mode_of_council(application: Application) -> LumpMode | None:
    """The mode that the selection council concluded for the dossier, None before or when its minutes say nothing."""
    mode = (application.score or {}).get("lump_mode")
    return LumpMode(mode) if mode else None


def mode_of_appraisal(application: Application) -> LumpMode | None:
    """The mode that the appraisal team recommended, None before."""
    mode = (application.appraisal or {}).get("lump_mode")
    return LumpMode(mode) if mode else None
