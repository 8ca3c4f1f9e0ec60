"""The pinned rules of a council, and each guard of its machine tested on facts; it reads no seats."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from khcn.domains.programme.choices import CouncilKind
from khcn.domains.programme.queries.law import clock_rules_of, parameters_of, rule_set_in_force
from khcn.domains.programme.rules.councils import CompositionThresholds
from khcn.domains.programme.rules.machines import COUNCIL
from khcn.domains.programme.rules.rule_trace import as_plain, run
from khcn.domains.programme.rules.transitions import GUARDS
from khcn.kernel.procedures.models import Council
from khcn.kernel.procedures.rules import Verdict
from khcn.lib.failure import Refused

APPRAISAL_GUARDS = {"council.quorum": "appraisal.quorum"}
"""An appraisal team has neither reviewers nor a scientific secretary; its quorum is a rule of its own."""


def prefix_of(council: Council) -> str:
    """What the council's parameters begin with."""
    return "appraisal" if council.kind == CouncilKind.BUDGET_APPRAISAL else council.kind


def parameters(council: Council, *, on: date) -> dict[str, Any]:
    """All parameters of the council's pinned rule set on the date; papers fall back on the set's time for them."""
    rules = rule_set_in_force(on=on, code=council.rule_set)
    found = parameters_of(rules, on=on)
    prefix = prefix_of(council)
    key = f"{prefix}.papers_working_days"
    if key not in found:
        time = clock_rules_of(rules, on=on, keys=(f"{prefix}.papers",)).get(f"{prefix}.papers")
        if time is not None:
            found[key] = time.amount
    return found


def thresholds_of(council: Council, values: Mapping[str, Any]) -> CompositionThresholds:
    """Sizes and quorum of the council's kind. Raises Refused when the rule set is silent on them."""
    try:
        return CompositionThresholds.from_parameters(
            CouncilKind(council.kind), {key: str(value) for key, value in values.items()}
        )
    except KeyError as missing:
        raise Refused(
            f"Bộ quy tắc {council.rule_set} chưa có tham số “{missing.args[0]}”; đề nghị bổ sung."
        ) from missing


def verdicts(council: Council, event: str, facts: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Verdict]:
    """Test every guard of an event on the facts; guard's name → verdict with its trace. Raises Refused."""
    row = next((item for item in COUNCIL.transitions if item.event == event), None)
    if row is None:
        raise LookupError(event)
    return {name: _verdict(council, name, facts, values) for name in row.guards}


def _verdict(council: Council, name: str, facts: Mapping[str, Any], values: Mapping[str, Any]) -> Verdict:
    is_team = council.kind == CouncilKind.BUDGET_APPRAISAL
    guard = GUARDS[APPRAISAL_GUARDS.get(name, name) if is_team else name]
    plain = {key: as_plain(facts[key]) for key in guard.facts}
    keys = [key.format(**plain) for key in guard.parameters]
    if unknown := [key for key in keys if key not in values]:
        raise Refused(f"Bộ quy tắc {council.rule_set} chưa có tham số “{', '.join(unknown)}”; đề nghị bổ sung.")
    trace = run(guard.name, parameters={key: values[key] for key in keys}, inputs=plain, rule_set=council.rule_set)
    return Verdict(trace.outcome["passed"], trace.outcome["message"] or "", (trace.as_json(),))
