"""Records of the room of marks."""

from khcn.domains.marks.models.areas import AreaUnit, AreaVersion
from khcn.domains.marks.models.control import ControlVisit, Fault, VisitItem, VisitPhoto
from khcn.domains.marks.models.fees import FeeRate, UseFee
from khcn.domains.marks.models.incidents import Incident, IncidentEvidence, IncidentStep
from khcn.domains.marks.models.law import MarkParameter
from khcn.domains.marks.models.reports import YearReport
from khcn.domains.marks.models.rights import (
    Right,
    RightClass,
    RightParty,
    RightProduct,
    Specification,
    SpecParameter,
)
from khcn.domains.marks.models.software import SoftwareFile, SoftwareScreen
from khcn.domains.marks.models.stamps import (
    CertifiedLot,
    StampDesign,
    StampIssue,
    StampOrder,
    StampScan,
    StampVoid,
)
from khcn.domains.marks.models.uses import LabResult, UseCheck, UsePlot, UseRight, UseStep

__all__ = [
    "AreaUnit",
    "AreaVersion",
    "CertifiedLot",
    "ControlVisit",
    "Fault",
    "FeeRate",
    "Incident",
    "IncidentEvidence",
    "IncidentStep",
    "LabResult",
    "MarkParameter",
    "Right",
    "RightClass",
    "RightParty",
    "RightProduct",
    "SoftwareFile",
    "SoftwareScreen",
    "SpecParameter",
    "Specification",
    "StampDesign",
    "StampIssue",
    "StampOrder",
    "StampScan",
    "StampVoid",
    "UseCheck",
    "UseFee",
    "UsePlot",
    "UseRight",
    "UseStep",
    "VisitItem",
    "VisitPhoto",
    "YearReport",
]
