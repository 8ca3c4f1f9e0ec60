"""Refusals of the warnings room.

Failure
└── Refused
    └── WarningRefused  a step that the rules do not let a warning take; violations name the rules of CAP broken
"""

from khcn.lib.failure import Refused


class WarningRefused(Refused):
    """A step that a warning may not take. violations: (rule, sentence)."""

    code = "warning_refused"

    def __init__(
        self, message: str = "", *, violations: tuple[tuple[str, str], ...] = (), field: str = ""
    ) -> None:  # fmt: skip
        super().__init__(message, field=field)
        self.violations = violations
