"""Reports as frozen values: the snapshot, how its cells print, what its figures say in sentences, what moved."""

from .difference import Change, compare
from .estimate import NewTaskEstimate, estimate_new_tasks, estimate_year
from .narrative import SECTIONS, opening_sentences
from .snapshot import Column, Refs, Row, Snapshot, cell_text

__all__ = [
    "SECTIONS",
    "Change",
    "Column",
    "NewTaskEstimate",
    "Refs",
    "Row",
    "Snapshot",
    "cell_text",
    "compare",
    "estimate_new_tasks",
    "estimate_year",
    "opening_sentences",
]
