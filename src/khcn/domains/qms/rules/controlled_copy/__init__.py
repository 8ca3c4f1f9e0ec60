"""Controlled documents as PDF: the sheet with header, step table and amendment log, and the mark on every served copy.

Values in, bytes out; it stores nothing and signs nothing.
"""

from khcn.domains.qms.rules.controlled_copy.sheet import Amendment, Sheet, render_sheet
from khcn.domains.qms.rules.controlled_copy.stamp import (
    CONTROLLED,
    OBSOLETE,
    UNCONTROLLED,
    Unstampable,
    require_stampable,
    stamp,
)

__all__ = [
    "CONTROLLED",
    "OBSOLETE",
    "UNCONTROLLED",
    "Amendment",
    "Sheet",
    "Unstampable",
    "render_sheet",
    "require_stampable",
    "stamp",
]
