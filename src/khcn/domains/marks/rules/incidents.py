"""What may follow what with a report about a right. Pure."""

from khcn.domains.marks.choices import IncidentAct, IncidentState

#: act: the states it may start from, and the state it leads to
INCIDENT_STEPS: dict[IncidentAct, tuple[tuple[IncidentState, ...], IncidentState]] = {
    IncidentAct.CHECK: ((IncidentState.RECEIVED,), IncidentState.CHECKING),
    IncidentAct.HAND_OVER: ((IncidentState.RECEIVED, IncidentState.CHECKING), IncidentState.HANDED),
    IncidentAct.CONCLUDE: ((IncidentState.CHECKING, IncidentState.HANDED), IncidentState.CONCLUDED),
    IncidentAct.DISMISS: (
        (IncidentState.RECEIVED, IncidentState.CHECKING, IncidentState.HANDED), IncidentState.UNFOUNDED,
    ),
}  # fmt: skip

#: states in which a report still waits for somebody
OPEN_STATES = (IncidentState.RECEIVED, IncidentState.CHECKING, IncidentState.HANDED)
