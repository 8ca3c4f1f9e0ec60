"""Refusals of the procedures room.

Failure
├── Refused
│   ├── StepRefused        a council may not take this step from its state
│   ├── QuorumMissing      the session may not begin
│   ├── BallotRefused      a ballot may not be cast or opened now
│   ├── BallotTampered     the ballots are not those that were cast
│   ├── SeatBarred         a person may not sit, with the reasons
│   ├── VersionStepRefused a version of a procedure may not take this step from its state
│   ├── NotRunnable        a definition has faults, one sentence each
│   ├── StepTaken          somebody else completed, returned or holds the step
│   ├── CaseClosed         the case has ended or was cancelled
│   ├── ClockRefused       the case's clock may not be paused, resumed, restarted or extended now
│   └── FormRefused        answers do not fit a form, one sentence per field
└── Forbidden
"""

from collections.abc import Mapping, Sequence

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


class VersionStepRefused(Refused):
    """A version of a procedure may not take this step now."""

    code = "version_step_refused"


class NotRunnable(Refused):
    """A definition has faults that stop it from running; `faults` holds one sentence each."""

    code = "not_runnable"

    def __init__(self, message: str, *, faults: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.faults = tuple(faults)


class StepTaken(Refused):
    """Somebody else was faster: the step is done, returned or cancelled, or another person holds it."""

    code = "step_taken"


class CaseClosed(Refused):
    """The case has ended or was cancelled."""

    code = "case_closed"


class ClockRefused(Refused):
    """The case's clock cannot be paused, resumed, restarted or extended now."""

    code = "clock_refused"


class FormRefused(Refused):
    """Answers to a step's form do not fit; `errors` holds a sentence by field key."""

    code = "form_refused"

    def __init__(self, message: str, *, errors: Mapping[str, str]) -> None:
        super().__init__(message, field=next(iter(errors), ""))
        self.errors = dict(errors)
