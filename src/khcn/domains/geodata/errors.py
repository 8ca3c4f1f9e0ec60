"""Refusals of the layers room.

Failure
└── Refused
    ├── ChangeStepRefused   a proposal may not take this step from its state, or by this person
    ├── TopologyBroken      objects break a rule that must hold before a change is approved
    ├── ObjectMoved         an object has changed since the proposal read it
    ├── SourceRefused       a file of map data cannot be read, or says something else than declared
    └── ApiRefusal          (of lib) a request of the OGC API, answered with its status: 400 unless a kind says more
        └── NotAcceptableForm 406 · Conflicting 409 · Outdated 412 · UnfitMedia 415
"""

from khcn.lib.failure import ApiRefusal, Refused


class ChangeStepRefused(Refused):
    """A proposal may not take this step now; the message says which condition fails."""

    code = "change_step_refused"


class TopologyBroken(Refused):
    """Objects break a rule of the layer."""

    code = "topology_broken"


class ObjectMoved(Refused):
    """An object is no longer what the proposal was written against."""

    code = "object_moved"


class SourceRefused(Refused):
    """A file of map data that cannot be used."""

    code = "source_refused"


class NotAcceptableForm(ApiRefusal):
    """A form of answer that is not served."""

    code = "not_acceptable"
    status = 406


class Conflicting(ApiRefusal):
    """The code is taken."""

    code = "conflicting"
    status = 409


class Outdated(ApiRefusal):
    """The object has changed since the client read it."""

    code = "outdated"
    status = 412


class UnfitMedia(ApiRefusal):
    """A body of another kind."""

    code = "unfit_media"
    status = 415
