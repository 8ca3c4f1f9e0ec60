"""Tables of traceability: events and what happened between things; parties, goods, and what people write down."""

from khcn.domains.traceability.models.access import Client
from khcn.domains.traceability.models.events import CapturedEvent, CaptureJob, Context, EventName, Reader
from khcn.domains.traceability.models.fieldwork import FieldRecord, FormTemplate, Holding, Lot, LotUse
from khcn.domains.traceability.models.flows import Containment, Transformed
from khcn.domains.traceability.models.names import Ident, Master
from khcn.domains.traceability.models.parties import Party, Product, Site
from khcn.domains.traceability.models.plots import EudrGoods, PlotPaper, PlotShape, Statement
from khcn.domains.traceability.models.public import (
    Evidence,
    FakeReport,
    LabelBatch,
    ProfileItem,
    Recall,
    RecalledLot,
    Scan,
    TraceParameter,
)
from khcn.domains.traceability.models.standing import NamedQuery
from khcn.domains.traceability.models.subscriptions import Delivery, Subscription

__all__ = [
    "CaptureJob",
    "CapturedEvent",
    "Client",
    "Containment",
    "Context",
    "Delivery",
    "EudrGoods",
    "EventName",
    "Evidence",
    "FakeReport",
    "FieldRecord",
    "FormTemplate",
    "Holding",
    "Ident",
    "LabelBatch",
    "Lot",
    "LotUse",
    "Master",
    "NamedQuery",
    "Party",
    "PlotPaper",
    "PlotShape",
    "Product",
    "ProfileItem",
    "Reader",
    "Recall",
    "RecalledLot",
    "Scan",
    "Site",
    "Statement",
    "Subscription",
    "TraceParameter",
    "Transformed",
]
