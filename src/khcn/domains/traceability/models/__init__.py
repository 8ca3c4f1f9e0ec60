"""Tables of the repository: names, events, what happened between things, and who may ask."""

from khcn.domains.traceability.models.access import Client
from khcn.domains.traceability.models.events import CapturedEvent, CaptureJob, Context, EventName, Reader
from khcn.domains.traceability.models.flows import Containment, Transformed
from khcn.domains.traceability.models.names import Ident, Master
from khcn.domains.traceability.models.standing import NamedQuery

__all__ = [
    "CaptureJob",
    "CapturedEvent",
    "Client",
    "Containment",
    "Context",
    "EventName",
    "Ident",
    "Master",
    "NamedQuery",
    "Reader",
    "Transformed",
]
