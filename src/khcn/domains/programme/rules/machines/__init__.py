"""The state machines of the programme as tables, found by code in `MACHINES`."""

from ..guards import GUARDS
from ..transitions import Machine
from .councils import COUNCIL
from .money import PAYMENT_FILE
from .monitoring import CHANGE_REQUEST, ISSUE, REPORT_RUN
from .pipeline import APPLICATION, CALL, ORDER_LIST, PROPOSAL
from .tasks import TASK
from .tracks import ASSETS, RECOVERY, RESULT, SETTLEMENT, UPTAKE

TASK_TRACKS: tuple[Machine, ...] = (RESULT, SETTLEMENT, ASSETS, UPTAKE, RECOVERY)
"""The tracks of a task that run in parallel after its main track has ended."""

MACHINES: dict[str, Machine] = {
    machine.code: machine
    for machine in (
        PROPOSAL,
        ORDER_LIST,
        CALL,
        APPLICATION,
        COUNCIL,
        TASK,
        *TASK_TRACKS,
        CHANGE_REQUEST,
        ISSUE,
        REPORT_RUN,
        PAYMENT_FILE,
    )
}

_UNDECLARED = {
    name for machine in MACHINES.values() for row in machine.transitions for name in row.guards if name not in GUARDS
}
if _UNDECLARED:
    raise LookupError(f"transitions name guards that are not declared: {sorted(_UNDECLARED)}")

__all__ = [
    "APPLICATION",
    "ASSETS",
    "CALL",
    "CHANGE_REQUEST",
    "COUNCIL",
    "ISSUE",
    "MACHINES",
    "ORDER_LIST",
    "PAYMENT_FILE",
    "PROPOSAL",
    "RECOVERY",
    "REPORT_RUN",
    "RESULT",
    "SETTLEMENT",
    "TASK",
    "TASK_TRACKS",
    "UPTAKE",
]
