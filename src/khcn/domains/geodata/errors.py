"""Refusals of the layers room.

Failure
└── Refused
    ├── ChangeStepRefused   a proposal may not take this step from its state, or by this person
    ├── TopologyBroken      objects break a rule that must hold before a change is approved
    ├── ObjectMoved         an object has changed since the proposal read it
    └── SourceRefused       a file of map data cannot be read, or says something else than declared
"""

from khcn.lib.failure import Refused


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
