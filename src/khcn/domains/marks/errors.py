"""Refusals of the room of marks.

Failure
└── Refused
    ├── MarkStepRefused    a record may not take this step from its state, or by this person
    └── AreaUnreadable     a shape or a list of communes cannot be read
"""

from khcn.lib.failure import Refused


class MarkStepRefused(Refused):
    """A record may not take this step now; the message says which condition fails."""

    code = "mark_step_refused"


class AreaUnreadable(Refused):
    """A shape or a list of communes that cannot be read."""

    code = "area_unreadable"
