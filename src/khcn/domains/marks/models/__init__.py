"""Records of the room of marks."""

from khcn.domains.marks.models.areas import AreaUnit, AreaVersion
from khcn.domains.marks.models.law import MarkParameter
from khcn.domains.marks.models.rights import (
    Right,
    RightClass,
    RightParty,
    RightProduct,
    Specification,
    SpecParameter,
)

__all__ = [
    "AreaUnit",
    "AreaVersion",
    "MarkParameter",
    "Right",
    "RightClass",
    "RightParty",
    "RightProduct",
    "SpecParameter",
    "Specification",
]
