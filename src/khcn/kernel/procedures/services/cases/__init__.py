"""Writes of cases: opening, working on steps, the clock, messages and timers, notes, migration, cancellation."""

from khcn.kernel.procedures.services.cases.clock import (
    extend_case,
    pause_clock,
    recompute_case,
    restart_clock,
    resume_clock,
)
from khcn.kernel.procedures.services.cases.happenings import (
    CaseClockMoved,
    CaseEnded,
    CaseStarted,
    StepCompleted,
    StepOverdue,
    StepReady,
    StepReturned,
)
from khcn.kernel.procedures.services.cases.many import complete_steps
from khcn.kernel.procedures.services.cases.migrating import migrate_cases
from khcn.kernel.procedures.services.cases.notes import attach_file, comment_case, save_form_draft
from khcn.kernel.procedures.services.cases.opening import cancel_case, open_case, start_case
from khcn.kernel.procedures.services.cases.placing import set_step_due, set_step_unit
from khcn.kernel.procedures.services.cases.recounting import ask_recount, follow_calendar, resume_recounts
from khcn.kernel.procedures.services.cases.sweeping import (
    fire_timers,
    send_message,
    sweep_cases,
    tell_overdue,
)
from khcn.kernel.procedures.services.cases.working import (
    Work,
    assign_step,
    claim_step,
    complete_step,
    release_step,
    return_step,
)

__all__ = [
    "CaseClockMoved",
    "CaseEnded",
    "CaseStarted",
    "StepCompleted",
    "StepOverdue",
    "StepReady",
    "StepReturned",
    "Work",
    "ask_recount",
    "assign_step",
    "attach_file",
    "cancel_case",
    "claim_step",
    "comment_case",
    "complete_step",
    "complete_steps",
    "extend_case",
    "fire_timers",
    "follow_calendar",
    "migrate_cases",
    "open_case",
    "pause_clock",
    "recompute_case",
    "release_step",
    "restart_clock",
    "resume_clock",
    "resume_recounts",
    "return_step",
    "save_form_draft",
    "send_message",
    "set_step_due",
    "set_step_unit",
    "start_case",
    "sweep_cases",
    "tell_overdue",
]
