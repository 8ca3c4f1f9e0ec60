"""The engine of the state machines: tables of transitions, guards as named rules, one function that applies an event.

It neither stores a state nor knows who is signed in: the caller gives the state, the facts and the actor's roles.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from khcn.lib.labelled import Labelled
from khcn.lib.roles import Role

from .rule_trace import RuleTrace, as_plain, rule, run

Check = Callable[[Mapping[str, Any], Mapping[str, Any]], str | None]
"""A guard's test: `(parameters, facts)` to None when satisfied, else a whole Vietnamese sentence."""


class TransitionRefused(Exception):
    """The event may not happen now; `message` is a whole Vietnamese sentence for the person who asked.

    `guard` names the rule that refused, or is `state`, `role`, `fact` or `parameter`.
    """

    def __init__(self, message: str, *, guard: str, trace: RuleTrace | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.guard = guard
        self.trace = trace


@dataclass(frozen=True, slots=True)
class Guard:
    """A named condition of a transition, registered as a rule so that its verdict can be recomputed.

    `facts` are the keys it reads, `parameters` the keys of the rule set, where `{fact}` stands for a fact's value.
    """

    name: str
    facts: tuple[str, ...]
    check: Check
    parameters: tuple[str, ...] = ()
    citation: str = ""


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of a machine: who may do what from where, under which guards, and what it brings about.

    documents: form or document codes of which the service makes those that fit the kind of task or council.
    starts, stops: codes of statutory clocks. opens: `(machine, event)` pairs for parallel tracks that begin with it.
    automatic: a scheduled job may apply it without a role.
    """

    source: Labelled
    event: str
    target: Labelled
    label: str
    roles: tuple[Role, ...]
    guards: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()
    opens: tuple[tuple[str, str], ...] = ()
    automatic: bool = False


@dataclass(frozen=True)
class Machine:
    """A state machine: its code, Vietnamese title, states, first state and transitions."""

    code: str
    title: str
    states: type[Labelled]
    initial: Labelled
    transitions: tuple[Transition, ...]

    def from_state(self, state: str) -> tuple[Transition, ...]:
        """Return the transitions that leave `state`, in table order."""
        return tuple(row for row in self.transitions if row.source == state)

    def final_states(self) -> tuple[Labelled, ...]:
        """Return the states that nothing leaves."""
        sources = {row.source for row in self.transitions}
        return tuple(state for state in self.states if state not in sources)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a permitted transition gives; `traces` holds one trace per guard, in the order in which they were tested."""

    machine: str
    event: str
    label: str
    from_state: Labelled
    to_state: Labelled
    documents: tuple[str, ...]
    starts: tuple[str, ...]
    stops: tuple[str, ...]
    opens: tuple[tuple[str, str], ...]
    traces: tuple[RuleTrace, ...]


GUARDS: dict[str, Guard] = {}


def guard(declared: Guard) -> Guard:
    """Register a guard by its name and as a rule of the same name."""

    @rule(declared.name)
    def verdict(parameters: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
        message = declared.check(parameters, facts)
        return {"passed": message is None, "message": message}

    GUARDS[declared.name] = declared
    return declared


def row(
    sources: Labelled | Iterable[Labelled], event: str, target: Labelled, label: str, *roles: Role, **effects: Any
) -> tuple[Transition, ...]:
    """Write one table row, or one for each of several source states."""
    starts_from = (sources,) if isinstance(sources, Labelled) else tuple(sources)
    return tuple(Transition(source, event, target, label, roles, **effects) for source in starts_from)


def table(*rows: tuple[Transition, ...]) -> tuple[Transition, ...]:
    """Join rows made by `row` into one table. Raises ValueError when an event leaves a state twice."""
    joined = tuple(transition for part in rows for transition in part)
    keys = [(transition.source, transition.event) for transition in joined]
    if len(set(keys)) != len(keys):
        raise ValueError("an event leaves the same state twice")
    return joined


def apply(
    machine: Machine,
    state: str,
    event: str,
    *,
    facts: Mapping[str, Any],
    roles: Collection[str],
    parameters: Mapping[str, Any] | None = None,
    rule_set: str = "",
    automatic: bool = False,
) -> Outcome:
    """Apply `event` to `state` and return the outcome, or raise TransitionRefused with a Vietnamese sentence.

    facts: what the guards read, by key; a missing fact refuses. roles: the actor's role codes; ignored for a scheduled
    job (`automatic`) on a row that allows it. parameters: resolved rule parameters by key; rule_set: the code they came
    from, kept in the traces. The state is tested first, then the role, then every guard in order.
    """
    current = _state(machine, state)
    transition = next((item for item in machine.from_state(current) if item.event == event), None)
    if transition is None:
        raise TransitionRefused(_wrong_state(machine, current, event), guard="state")
    if not (automatic and transition.automatic) and not set(transition.roles) & set(roles):
        raise TransitionRefused(_wrong_role(transition, roles), guard="role")
    traces = tuple(_test(GUARDS[name], facts, parameters or {}, rule_set) for name in transition.guards)
    return Outcome(
        machine=machine.code,
        event=event,
        label=transition.label,
        from_state=current,
        to_state=transition.target,
        documents=transition.documents,
        starts=transition.starts,
        stops=transition.stops,
        opens=transition.opens,
        traces=traces,
    )


def permitted_events(machine: Machine, state: str, roles: Collection[str]) -> tuple[Transition, ...]:
    """Return the transitions that these roles may attempt from `state`; guards are not tested."""
    current = _state(machine, state)
    return tuple(item for item in machine.from_state(current) if set(item.roles) & set(roles))


def required_parameters(machine: Machine, state: str, event: str, facts: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the parameter keys that the guards of this event need, so that the caller can resolve just those."""
    for item in machine.from_state(state):
        if item.event == event:
            return tuple(key for name in item.guards for key in _parameter_keys(GUARDS[name], facts))
    return ()


def _state(machine: Machine, state: str) -> Labelled:
    try:
        return machine.states(state)
    except ValueError:
        raise TransitionRefused(
            f"Trạng thái “{state}” không có trong quy trình “{machine.title}”.", guard="state"
        ) from None


def _wrong_state(machine: Machine, current: Labelled, event: str) -> str:
    labels = [item.label for item in machine.transitions if item.event == event]
    if not labels:
        return f"Quy trình “{machine.title}” không có thao tác “{event}”."
    return f"Không thể thực hiện “{labels[0]}” khi {machine.title} đang ở trạng thái “{current.label}”."


def _wrong_role(transition: Transition, roles: Collection[str]) -> str:
    needed = ", ".join(role.label for role in transition.roles)
    held = ", ".join(role.label for role in Role if role in roles) or "chưa có vai trò"
    return f"Chỉ {needed} được thực hiện “{transition.label}”; vai trò hiện tại của bạn là: {held}."


def _parameter_keys(tested: Guard, facts: Mapping[str, Any]) -> tuple[str, ...]:
    plain = {key: as_plain(facts[key]) for key in tested.facts if key in facts}
    return tuple(key.format(**plain) for key in tested.parameters)


def _test(tested: Guard, facts: Mapping[str, Any], parameters: Mapping[str, Any], rule_set: str) -> RuleTrace:
    missing = [key for key in tested.facts if key not in facts]
    if missing:
        raise TransitionRefused(
            f"Chưa có dữ kiện “{', '.join(missing)}” để kiểm tra điều kiện “{tested.name}”.", guard="fact"
        )
    keys = _parameter_keys(tested, facts)
    unknown = [key for key in keys if key not in parameters]
    if unknown:
        raise TransitionRefused(
            f"Bộ quy tắc áp dụng chưa có tham số “{', '.join(unknown)}”; đề nghị bổ sung trước khi thực hiện.",
            guard="parameter",
        )
    trace = run(
        tested.name,
        parameters={key: parameters[key] for key in keys},
        inputs={key: facts[key] for key in tested.facts},
        rule_set=rule_set,
    )
    if not trace.outcome["passed"]:
        raise TransitionRefused(trace.outcome["message"], guard=tested.name, trace=trace)
    return trace
