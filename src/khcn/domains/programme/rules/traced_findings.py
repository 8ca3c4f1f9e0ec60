"""The rules that answer with findings, registered so that their answers can be computed again: bars, limits, conflicts.

The guards of the state machines read only the sentences; whoever computes them keeps these traces beside.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from ..choices import CouncilKind, SeatRole, TaskLevel
from .adjustments import AdjustmentThresholds, extension_breaches
from .conflicts import Candidate, Kinship, Participant, Party, find_conflicts
from .eligibility import EligibilityThresholds, Leader, PastTask, host_bars, leader_bars
from .money import (
    AdvanceRequest,
    MoneyThresholds,
    PaymentRequest,
    advance_breaches,
    final_product_mode_breaches,
    payment_breaches,
)
from .plain_values import restore
from .rule_trace import rule


@rule("eligibility.host_bars")
def _host(parameters: Mapping[str, Any], inputs: Mapping[str, Any]) -> Any:
    """Parameters: eligibility.*. Inputs: tasks (PastTask), level, closing_on. Outcome: findings."""
    return host_bars(
        [restore(PastTask, row) for row in inputs["tasks"]],
        level=TaskLevel(inputs["level"]),
        closing_on=date.fromisoformat(inputs["closing_on"]),
        thresholds=EligibilityThresholds.from_parameters(parameters),
    )


@rule("eligibility.leader_bars")
def _leader(parameters: Mapping[str, Any], inputs: Mapping[str, Any]) -> Any:
    """Parameters: eligibility.*. Inputs: leader, led, unpaid_by_hosts, level, closing_on. Outcome: findings."""
    return leader_bars(
        restore(Leader, inputs["leader"]),
        [restore(PastTask, row) for row in inputs["led"]],
        level=TaskLevel(inputs["level"]),
        closing_on=date.fromisoformat(inputs["closing_on"]),
        thresholds=EligibilityThresholds.from_parameters(parameters),
        unpaid_by_hosts=[restore(PastTask, row) for row in inputs["unpaid_by_hosts"]],
    )


@rule("council.conflicts")
def _conflicts(_: Mapping[str, Any], inputs: Mapping[str, Any]) -> Any:
    """Inputs: kind, role, candidate (Candidate), parties (Party). Outcome: conflicts."""
    candidate, parties = inputs["candidate"], inputs["parties"]
    return find_conflicts(
        CouncilKind(inputs["kind"]),
        SeatRole(inputs["role"]),
        Candidate(
            person=candidate["person"],
            employers=frozenset(candidate["employers"]),
            kinships=tuple(restore(Kinship, row) for row in candidate["kinships"]),
            under_sanction=candidate["under_sanction"],
            under_prosecution=candidate["under_prosecution"],
            bias_evidence=candidate["bias_evidence"],
        ),
        [
            Party(
                host=row["host"],
                host_name=row["host_name"],
                partners=tuple((code, name) for code, name in row["partners"]),
                participants=tuple(restore(Participant, item) for item in row["participants"]),
            )
            for row in parties
        ],
    )


@rule("adjustment.extension")
def _extension(parameters: Mapping[str, Any], inputs: Mapping[str, Any]) -> Any:
    """Parameters: extension.*, shortening.*, change.*. Inputs: as extension_breaches. Outcome: findings."""
    return extension_breaches(
        term_months=inputs["term_months"],
        extra_months=inputs["extra_months"],
        earlier_extensions=inputs["earlier_extensions"],
        ends_on=date.fromisoformat(inputs["ends_on"]),
        asked_on=date.fromisoformat(inputs["asked_on"]),
        thresholds=AdjustmentThresholds.from_parameters(parameters),
    )


@rule("money.advance")
def _advance(parameters: Mapping[str, Any], inputs: Mapping[str, Any]) -> Any:
    """Parameters: advance.*, lump.*. Inputs: the fields of AdvanceRequest. Outcome: findings."""
    return advance_breaches(restore(AdvanceRequest, inputs), MoneyThresholds.from_parameters(parameters))


@rule("money.final_product_mode")
def _final_product(parameters: Mapping[str, Any], inputs: Mapping[str, Any]) -> Any:
    """Parameters: advance.*, lump.*. Inputs: as final_product_mode_breaches. Outcome: findings."""
    return final_product_mode_breaches(
        asset_and_trip_vnd=inputs["asset_and_trip_vnd"],
        state_vnd=inputs["state_vnd"],
        product_is_specified=inputs["product_is_specified"],
        proposed_by_host=inputs["proposed_by_host"],
        proposed_by_council=inputs["proposed_by_council"],
        thresholds=MoneyThresholds.from_parameters(parameters),
    )


@rule("money.payment")
def _payment(_: Mapping[str, Any], inputs: Mapping[str, Any]) -> Any:
    """Inputs: the fields of PaymentRequest. Outcome: findings."""
    return payment_breaches(restore(PaymentRequest, inputs))
