"""Refusals of the programme.

Failure
├── Refused
│   ├── NotNow            a transition's guard, state or role refuses; carries the guard's name and trace
│   └── MoneyRefused      an invariant of the money would break
└── Forbidden
"""

from typing import Any

from khcn.lib.failure import Refused


class NotNow(Refused):
    """A step of a state machine may not be taken now."""

    code = "not_now"

    def __init__(self, message: str, *, guard: str = "", trace: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.guard = guard
        self.trace = trace


class MoneyRefused(Refused):
    """An entry would break a rule of the money; the sentence names the rule and the amounts."""

    code = "money_refused"
