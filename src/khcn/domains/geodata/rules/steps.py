"""The steps of a change, one table: from which states, to which state, and who may not be the same person."""

from __future__ import annotations

from dataclasses import dataclass

from khcn.domains.geodata.choices import LayerChangeState as State


@dataclass(frozen=True, slots=True)
class Step:
    """One step: where it starts and ends, and the earlier acts whose person must be another."""

    sources: tuple[State, ...]
    target: State
    not_by: tuple[str, ...] = ()
    needs_reason: bool = False


STEPS: dict[str, Step] = {
    "revise": Step((State.RETURNED,), State.PROPOSED),
    "check": Step((State.PROPOSED,), State.CHECKED, not_by=("propose",)),
    "return": Step((State.PROPOSED, State.CHECKED), State.RETURNED, needs_reason=True),
    "reject": Step((State.PROPOSED, State.CHECKED), State.REJECTED, needs_reason=True),
    "approve": Step((State.CHECKED,), State.APPROVED, not_by=("propose",)),
    "apply": Step((State.APPROVED,), State.APPLIED),
}
FINAL = (State.APPLIED, State.REJECTED)


def events_from(state: State) -> list[str]:
    """The events that a proposal in this state may meet."""
    return [event for event, step in STEPS.items() if state in step.sources]
