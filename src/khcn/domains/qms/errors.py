"""Refusals of the quality system.

Failure
└── Refused
    ├── StepNotOpen        the record's state does not allow this step
    ├── DutiesConflict     the same person may not do both
    ├── NotYetProven       what the step needs (evidence, cause, acknowledgement …) is not there
    └── TooEarly           a time that must pass has not passed
"""

from khcn.lib.failure import Refused


class StepNotOpen(Refused):
    """The record's state does not allow this step."""

    code = "step_not_open"


class DutiesConflict(Refused):
    """The same person may not do both."""

    code = "duties_conflict"


class NotYetProven(Refused):
    """What the step needs is not there."""

    code = "not_yet_proven"


class TooEarly(Refused):
    """A time that must pass has not passed."""

    code = "too_early"
