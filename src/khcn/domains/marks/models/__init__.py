"""Records of the room of marks."""

from khcn.domains.marks.models.areas import AreaUnit, AreaVersion
from khcn.domains.marks.models.control import ControlVisit, Fault, VisitItem
from khcn.domains.marks.models.law import MarkParameter
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
    "UsePlot",
    "UseRight",
    "UseStep",
    "VisitItem",
]
