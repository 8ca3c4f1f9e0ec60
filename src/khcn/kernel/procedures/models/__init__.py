"""Working calendar, statutory clocks, councils, procedures in versions, and the cases that run on them."""

from khcn.kernel.procedures.models.cases import (
    Case,
    CaseAttachment,
    CaseEvent,
    ClockSegment,
    FormDraft,
    StepRun,
)
from khcn.kernel.procedures.models.clocks import CalendarDay, CalendarRecount, Clock, TransitionRecord
from khcn.kernel.procedures.models.councils import (
    Ballot,
    Council,
    CouncilPaper,
    CouncilSubject,
    Review,
    Seat,
)
from khcn.kernel.procedures.models.procedures import (
    DecisionTable,
    FormTemplate,
    Procedure,
    ProcedureVersion,
    Step,
    Transition,
)

__all__ = [
    "Ballot",
    "CalendarDay",
    "CalendarRecount",
    "Case",
    "CaseAttachment",
    "CaseEvent",
    "Clock",
    "ClockSegment",
    "Council",
    "CouncilPaper",
    "CouncilSubject",
    "DecisionTable",
    "FormDraft",
    "FormTemplate",
    "Procedure",
    "ProcedureVersion",
    "Review",
    "Seat",
    "Step",
    "StepRun",
    "Transition",
    "TransitionRecord",
]
