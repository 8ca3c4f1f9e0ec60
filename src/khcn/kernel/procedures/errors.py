"""Refusals of the procedures room.

Failure
├── Refused
│   ├── QuorumMissing      the session may not begin
│   ├── BallotRefused      a ballot may not be cast or opened now
│   └── SeatBarred         a person may not sit, with the reasons
└── Forbidden
"""

from khcn.lib.failure import Refused


class QuorumMissing(Refused):
    """The session has not the members that the rule demands."""

    code = "quorum_missing"


class BallotRefused(Refused):
    """A ballot may not be cast, changed or opened now."""

    code = "ballot_refused"


class SeatBarred(Refused):
    """A conflict of interest keeps a person off a council."""

    code = "seat_barred"
