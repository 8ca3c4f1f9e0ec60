"""What a state's colour and sign mean, in one place; colour never stands alone, every tone has its sign.

Keys are the names of the enumerations and their stored values, so that this floor need not import any domain.
A test of the site checks that every state of every machine has a tone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Tone:
    """A meaning: its name (the CSS class ends with it) and the icon that says it without colour."""

    name: str
    icon: str


DRAFT = Tone("draft", "pencil")
WAITING = Tone("waiting", "clock")
ACTIVE = Tone("active", "player-play")
DONE = Tone("done", "check")
BAD = Tone("bad", "alert-triangle")
WARN = Tone("warn", "alert-circle")
CLOSED = Tone("closed", "archive")
PLAIN = Tone("plain", "circle")

BY_NAME = {tone.name: tone for tone in (DRAFT, WAITING, ACTIVE, DONE, BAD, WARN, CLOSED, PLAIN)}

_STATES: dict[str, dict[Tone, str]] = {
    "FakeReportState": {WAITING: "new", BAD: "confirmed", CLOSED: "dismissed"},
    "StatementState": {
        DRAFT: "draft",
        WAITING: "submitted",
        DONE: "available",
        BAD: "rejected",
        CLOSED: "withdrawn archived grouped obsolete",
    },
    "NotificationState": {WAITING: "waiting", DONE: "done", BAD: "dead"},
    "ProposalState": {
        DRAFT: "draft",
        WAITING: "submitted valid similarity_checked",
        ACTIVE: "in_council",
        WARN: "returned",
        DONE: "recommended listed",
        BAD: "not_recommended",
        CLOSED: "dropped withdrawn",
    },
    "OrderListState": {DRAFT: "draft", WAITING: "submitted", DONE: "approved published", CLOSED: "superseded"},
    "PaymentFileState": {DRAFT: "drafting", WAITING: "sent", DONE: "entered", CLOSED: "dropped"},
    "CallState": {
        DRAFT: "draft",
        ACTIVE: "open",
        WAITING: "closed dossiers_opened",
        DONE: "concluded",
        WARN: "unsuccessful",
        CLOSED: "cancelled",
    },
    "LayerChangeState": {
        WAITING: "proposed checked",
        ACTIVE: "approved",
        DONE: "applied",
        WARN: "returned",
        CLOSED: "rejected",
    },
    "LayerImportState": {WAITING: "prepared", DONE: "applied", CLOSED: "dropped"},
    "StationFileState": {WAITING: "prepared", DONE: "applied", CLOSED: "dropped"},
    "WarningState": {
        WARN: "proposed",
        DRAFT: "preparing",
        ACTIVE: "in_force",
        CLOSED: "cancelled expired dropped",
    },
    "MessageDraftState": {
        DRAFT: "draft",
        WAITING: "submitted",
        WARN: "returned",
        ACTIVE: "approved",
        DONE: "issued",
        CLOSED: "dropped",
    },
    "WarningDeliveryState": {WAITING: "queued", ACTIVE: "sent", DONE: "confirmed read", BAD: "failed"},
    "DamageState": {WAITING: "received", DONE: "accepted", CLOSED: "rejected"},
    "LevelTableState": {DRAFT: "draft", WAITING: "submitted", DONE: "approved", WARN: "rejected", CLOSED: "ended"},
    "VerdictKind": {WARN: "level outside_table", DONE: "quiet", PLAIN: "unknown"},
    "ExceedanceState": {ACTIVE: "open", CLOSED: "closed"},
    "Hearing": {PLAIN: "never", DONE: "on_time", WARN: "late", BAD: "silent"},
    "ApplicationState": {
        DRAFT: "draft",
        WAITING: "submitted valid scored ranked reserve revised appraised revised_after_appraisal",
        DONE: "selected approved",
        BAD: "invalid rejected",
        CLOSED: "cancelled withdrawn",
    },
    "VersionState": {
        DRAFT: "draft",
        WAITING: "in_review approved",
        DONE: "effective",
        CLOSED: "superseded withdrawn",
    },
    "CaseState": {ACTIVE: "running", WARN: "paused", DONE: "ended", CLOSED: "cancelled"},
    "TaskState": {
        WAITING: "approved contracted dossier_submitted",
        ACTIVE: "running in_acceptance",
        WARN: "paused dossier_due",
        DONE: "accepted",
        BAD: "failed terminated",
        CLOSED: "cancelled archived",
    },
    "ResultState": {
        PLAIN: "not_started not_required",
        ACTIVE: "finalising",
        WAITING: "finalised registered",
        DONE: "recognised",
    },
    "SettlementState": {PLAIN: "not_started", ACTIVE: "open", WAITING: "settled", DONE: "liquidated"},
    "AssetTrackState": {
        PLAIN: "not_started no_assets",
        ACTIVE: "open inventoried",
        WAITING: "plan_submitted decided",
        DONE: "handed_over",
    },
    "UptakeState": {
        PLAIN: "not_started",
        WAITING: "awaiting_handover",
        ACTIVE: "in_application",
        DONE: "applied",
        BAD: "not_applied",
    },
    "RecoveryState": {PLAIN: "not_started waived", ACTIVE: "open", WARN: "demanded", DONE: "recovered"},
    "ChangeRequestState": {
        DRAFT: "draft",
        WAITING: "submitted complete orderer_consented council_advised notified",
        WARN: "returned",
        DONE: "approved annexed noted",
        BAD: "refused objected",
    },
    "IssueState": {
        WAITING: "raised classified",
        ACTIVE: "assigned",
        WARN: "escalated",
        DONE: "answered verified_closed",
        CLOSED: "merged",
    },
    "ReportRunState": {
        ACTIVE: "collecting",
        WAITING: "consolidated drafted reviewed",
        DONE: "signed issued",
        WARN: "corrected",
    },
    "CouncilState": {
        DRAFT: "drafted",
        WAITING: "established papers_sent",
        ACTIVE: "in_session ballots_sealed counted",
        DONE: "minutes_signed closed",
        CLOSED: "replaced",
    },
    "TargetStatus": {
        PLAIN: "not_started",
        WAITING: "committed",
        ACTIVE: "produced applied",
        DONE: "achieved",
        WARN: "at_risk",
        BAD: "missed",
    },
    "AssignmentState": {PLAIN: "not_started", ACTIVE: "in_progress", DONE: "done", BAD: "overdue"},
    "PlanState": {DRAFT: "draft", ACTIVE: "adopted", CLOSED: "superseded", DONE: "closed"},
    "ObligationStatus": {PLAIN: "not_due", WARN: "due_soon received_late", DONE: "received", BAD: "missed"},
    "CounterpartState": {WAITING: "pledged", ACTIVE: "proven", DONE: "spent"},
    "JobRunState": {WAITING: "queued", ACTIVE: "running", DONE: "done", BAD: "failed"},
    "RunState": {
        WAITING: "pending ready",
        ACTIVE: "claimed",
        DONE: "done",
        WARN: "returned",
        CLOSED: "skipped cancelled",
    },
    "AdvanceAge": {PLAIN: "running", WAITING: "to_clear", BAD: "overdue deducted"},
    "NormVerdict": {BAD: "stop", WARN: "explain", DONE: "explained", PLAIN: "note"},
    "Grade": {DONE: "excellent pass", BAD: "fail"},
    "Certainty": {DONE: "secured", WAITING: "targeted", WARN: "unfunded"},
    "NoticeKind": {WAITING: "approve", ACTIVE: "do", BAD: "late", PLAIN: "inform"},
    "RuleStatus": {DONE: "verified", WARN: "unverified", PLAIN: "provincial"},
    "RightState": {DRAFT: "preparing", WAITING: "filed", DONE: "registered", CLOSED: "ended"},
    "UseState": {WAITING: "applied", DONE: "granted", WARN: "suspended", CLOSED: "revoked", BAD: "refused"},
    "Outcome": {DONE: "certain", WARN: "possible", BAD: "no"},
    "FileState": {DRAFT: "draft", WAITING: "filed", WARN: "supplement", DONE: "certified", BAD: "refused"},
    "FaultState": {WARN: "open", WAITING: "appealed", DONE: "closed", CLOSED: "lifted"},
    "IncidentState": {
        WAITING: "received",
        ACTIVE: "checking",
        WARN: "handed",
        BAD: "concluded",
        CLOSED: "unfounded",
    },
    "YearReportState": {DRAFT: "draft", DONE: "issued"},
    "LegalStatus": {DONE: "verified", WARN: "unverified"},
    "RevisionState": {
        DRAFT: "draft",
        WAITING: "in_review approved",
        DONE: "effective",
        CLOSED: "superseded withdrawn",
    },
    "ChangeState": {DRAFT: "draft", WAITING: "assessed", ACTIVE: "approved", BAD: "refused", DONE: "done"},
    "ProgrammeState": {DRAFT: "draft", WAITING: "submitted", DONE: "approved"},
    "AuditState": {
        PLAIN: "planned",
        WAITING: "notified reported",
        ACTIVE: "running",
        DONE: "closed",
        CLOSED: "cancelled",
    },
    "NonconformityState": {
        DRAFT: "draft",
        ACTIVE: "analysis in_progress",
        WAITING: "action_plan verifying",
        DONE: "closed",
        WARN: "reopened",
        CLOSED: "cancelled",
    },
    "ReviewState": {
        PLAIN: "planned",
        WAITING: "inputs_frozen held",
        ACTIVE: "minutes_signed",
        DONE: "followed_up",
    },
    "AnnouncementState": {DRAFT: "drafted", WAITING: "confirmed", DONE: "published", CLOSED: "superseded"},
    "InspectionState": {PLAIN: "planned", ACTIVE: "checking", WARN: "remedying", DONE: "reported"},
    "YearState": {PLAIN: "computed", DONE: "confirmed", CLOSED: "revoked"},
    "FindingKind": {DONE: "conform", WARN: "minor", BAD: "major", WAITING: "observation", ACTIVE: "ofi"},
    "NationalStatus": {
        WAITING: "submitted accepted",
        ACTIVE: "in_progress",
        WARN: "awaiting_supplement awaiting_fee withdrawal_asked",
        DONE: "decided returned",
        BAD: "refused",
        CLOSED: "stopped",
    },
    "FinanceState": {PLAIN: "none not_demanded waived", WARN: "demanded", DONE: "paid"},
    "DeliveryState": {PLAIN: "not_ready", WAITING: "ready", ACTIVE: "posted", DONE: "handed_over"},
    "SyncState": {PLAIN: "not_sent", WAITING: "waiting", DONE: "sent", BAD: "failed"},
    "MessageState": {WAITING: "waiting", DONE: "sent", BAD: "refused", CLOSED: "given_up"},
    "ComplaintState": {
        WAITING: "received",
        BAD: "refused",
        WARN: "more_asked",
        ACTIVE: "in_progress",
        DONE: "answered published",
    },
    "PaperState": {
        DRAFT: "draft",
        WAITING: "checked initialled signed numbered",
        ACTIVE: "sealed sent",
        DONE: "acknowledged",
        WARN: "recalled",
        CLOSED: "replaced",
    },
    "DispatchState": {
        WAITING: "waiting",
        ACTIVE: "sent arrived in_progress",
        DONE: "accepted completed recall_agreed",
        BAD: "refused recall_refused",
        CLOSED: "given_up",
    },
    "IncomingState": {WAITING: "arrived", DONE: "accepted", BAD: "refused", WARN: "recalled", CLOSED: "replaced"},
    "DayKind": {PLAIN: "holiday local", WAITING: "swap_off", ACTIVE: "swap_on"},
}

_BY_VALUE = {
    (kind, value): tone for kind, tones in _STATES.items() for tone, values in tones.items() for value in values.split()
}


def tone_of(member: Any) -> Tone:
    """The tone of an enumeration's member; PLAIN for what has none."""
    return _BY_VALUE.get((type(member).__name__, str(member)), PLAIN)


def has_tones(kind: str) -> bool:
    """True when the enumeration of this name is drawn with tones."""
    return kind in _STATES


def is_toned(kind: str, value: str) -> bool:
    """True when this value of the enumeration has a tone of its own."""
    return (kind, value) in _BY_VALUE
