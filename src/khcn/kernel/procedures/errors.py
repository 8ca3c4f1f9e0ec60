"""Refusals of the procedures room.

Failure
├── Refused
│   ├── StepRefused        a council may not take this step from its state
│   ├── QuorumMissing      the session may not begin
│   ├── BallotRefused      a ballot may not be cast or opened now
│   ├── BallotTampered     the ballots are not those that were cast
│   └── SeatBarred         a person may not sit, with the reasons
└── Forbidden
"""

from collections.abc import Sequence

from khcn.lib.failure import Refused


class StepRefused(Refused):
    """A council may not take this step now."""

    code = "step_refused"


class QuorumMissing(Refused):
    """The session has not the members that the rule demands."""

    code = "quorum_missing"


class BallotRefused(Refused):
    """A ballot may not be cast, changed or opened now."""

    code = "ballot_refused"


class BallotTampered(Refused):
    """A ballot, or the set of ballots, differs from what the audit log committed to."""

    code = "ballot_tampered"


class SeatBarred(Refused):
    """A conflict of interest keeps a person off a council; `reasons` holds one sentence each."""

    code = "seat_barred"

    def __init__(self, message: str, *, reasons: Sequence[str] = ()) -> None:
        super().__init__(message, field="person")
        self.reasons = tuple(reasons)
