"""Takes one step of a state machine: role, traced guards, new state, log, clocks, cases, tracks that open."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import models, transaction

from khcn.domains.programme.errors import NotNow
from khcn.domains.programme.models import RuleSet
from khcn.domains.programme.permissions import OWN_UNIT_ROLES, roles_on, units_concerned
from khcn.domains.programme.queries.addresses import address_of
from khcn.domains.programme.queries.law import clock_rules_of, parameters_of, rule_set_in_force
from khcn.domains.programme.rules.machines import MACHINES
from khcn.domains.programme.rules.transitions import Outcome, TransitionRefused, apply, required_parameters
from khcn.domains.programme.services.procedure_cases import follow
from khcn.domains.programme.services.wishes import tell_of_move
from khcn.kernel.orgs.models import Organisation
from khcn.kernel.procedures.services import log_transition, start_clock, stop_clock
from khcn.lib.actor import Actor
from khcn.lib.roles import Role

STATE_FIELDS = {
    "result": "result_state",
    "settlement": "settlement_state",
    "assets": "asset_state",
    "uptake": "uptake_state",
    "recovery": "recovery_state",
}


def advance(
    *,
    by: Actor,
    subject: Any,
    machine: str,
    event: str,
    facts: Mapping[str, Any],
    on: date,
    note: str = "",
    expected_version: int | None = None,
    automatic: bool = False,
    roles: frozenset[str] | None = None,
) -> Outcome:
    """Apply `event` to the subject and save everything that follows, in one transaction.

    subject: a versioned model with the machine's state field. facts: what the guards read (a `reason` is taken from
    `note` when absent, `today` from `on`). automatic: a scheduled job, on rows that allow it. roles: given when the
    caller has already resolved them (a council's seat). Raises NotNow (a sentence), Stale, Forbidden.
    """
    definition = MACHINES[machine]
    state_field = STATE_FIELDS.get(machine, "state")
    with transaction.atomic():
        subject.claim(expected_version)
        subject.refresh_from_db(fields=[state_field])
        known = {"reason": note, "today": on, "task_state": str(getattr(subject, "state", "")), **facts}
        rules = rule_set_of(subject, on=on)
        keys = required_parameters(definition, getattr(subject, state_field), event, known)
        try:
            outcome = apply(
                definition,
                getattr(subject, state_field),
                event,
                facts=known,
                roles=roles_on(by, subject) if roles is None else roles,
                parameters=parameters_of(rules, on=on, keys=keys) if keys else {},
                rule_set=rules.code,
                automatic=automatic or by.is_system,
            )
        except TransitionRefused as refused:
            trace = refused.trace.as_json() if refused.trace else None
            raise NotNow(refused.message, guard=refused.guard, trace=trace) from refused
        setattr(subject, state_field, outcome.to_state)
        subject.save()
        log_transition(
            by=by, subject=subject, machine=machine, event=event, from_state=outcome.from_state,
            to_state=outcome.to_state, rule_set=rules.code, note=note,
            trace=[item.as_json() for item in outcome.traces],
        )  # fmt: skip
        run_clocks(subject=subject, rules=rules, outcome=outcome, on=on)
        follow(by=by, subject=subject, machine=machine, event=event, on=on, note=note)
        tell_of_move(subject, machine=machine)
        for track, opening in outcome.opens:
            advance(by=by, subject=subject, machine=track, event=opening, facts=facts, on=on, note=note, automatic=True)
    return outcome


def rule_set_of(subject: models.Model, *, on: date) -> RuleSet:
    """The set pinned on the record, on its task or its call; else the one in force on the date."""
    for owner in (subject, getattr(subject, "task", None), getattr(subject, "call", None)):
        pinned = getattr(owner, "rule_set", None)
        if isinstance(pinned, RuleSet):
            return pinned
        if isinstance(pinned, str) and pinned:
            return rule_set_in_force(on=on, code=pinned)
    return rule_set_in_force(on=on)


def run_clocks(*, subject: Any, rules: RuleSet, outcome: Outcome, on: date) -> None:
    """Stop and start the statutory clocks of a step; clocks that the rule set does not know do not run."""
    for key in outcome.stops:
        stop_clock(subject=subject, rule_key=key, on=on)
    if outcome.starts:
        _start_clocks(subject, rules, outcome.starts, on)


def log_clock_start(*, subject: Any, key: str, on: date) -> None:
    """Start one statutory clock of a record outside a state machine (a report filed, a visit made)."""
    _start_clocks(subject, rule_set_of(subject, on=on), (key,), on)


def stop_running_clock(*, subject: Any, key: str, on: date) -> None:
    """Stop one statutory clock of a record outside a state machine."""
    stop_clock(subject=subject, rule_key=key, on=on)


def _start_clocks(subject: Any, rules: RuleSet, keys: tuple[str, ...], on: date) -> None:
    for key, rule in clock_rules_of(rules, on=on, keys=keys).items():
        if rule.bound != "within":
            continue  # a time to be kept open, or to be counted back from a session, is no deadline that starts here
        role = rule.responsible_role
        unit = _unit_behind(subject, role)
        if role == Role.COORDINATOR and unit is None:
            role = Role.SPECIALIST.value  # nobody uses the result yet: the standing body sees to it
        start_clock(
            subject=subject, rule_set=rules.code, rule_key=key, title=rule.title, amount=rule.amount, unit=rule.unit,
            citation=rule.citation, started_on=on, url=address_of(subject), responsible_role=role,
            responsible=unit,
        )  # fmt: skip


def _unit_behind(subject: Any, role: str) -> Organisation | None:
    """The unit whose holders of the role must act; None for offices of the province."""
    if role not in OWN_UNIT_ROLES:
        return None
    return Organisation.objects.filter(pk__in=units_concerned(subject, role)[:1]).first()
