"""Counts what the score of a year is made of, from records as they stood on a day, with the ids behind each count."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import F, Q

from khcn.domains.qms.choices import (
    AnnouncementState,
    AuditState,
    DocumentType,
    NonconformityState,
    ReviewState,
    RevisionState,
    Severity,
)
from khcn.domains.qms.models import (
    Announcement,
    Audit,
    AuditProgramme,
    AuditTeam,
    Complaint,
    DocumentRevision,
    ManagementReview,
    Nonconformity,
    Objective,
    QualitySystem,
    ReadAck,
)
from khcn.domains.qms.queries.dossiers import DossierFacts, dossier_facts, procedures_run_by
from khcn.domains.qms.queries.voices import satisfaction_of
from khcn.domains.qms.rules.effectiveness import Share, YearFacts
from khcn.domains.qms.rules.periods import ended_periods
from khcn.kernel.documents.errors import FileDamaged
from khcn.kernel.documents.queries import content_of

NOT_VOID = [NonconformityState.CANCELLED, NonconformityState.DRAFT]


@dataclass(slots=True)
class Counted:
    """The facts of one agency-year and the ids of the records that were counted, by fact."""

    facts: YearFacts
    ids: dict[str, Any] = field(default_factory=dict)


def engine_facts(*, year: int, as_of: date, organisation_ids: list[int] | None = None) -> dict[int, DossierFacts]:
    """What the engine recorded of the year, for all agencies at once."""
    return dossier_facts(
        first=date(year, 1, 1), last=date(year, 12, 31), as_of=as_of, organisation_ids=organisation_ids
    )


def count_year(system: QualitySystem, *, year: int, as_of: date, engine: DossierFacts | None) -> Counted:
    """Count everything of one agency and year up to `as_of`. engine: the agency's row of `engine_facts`."""
    first, last = date(year, 1, 1), min(date(year, 12, 31), as_of)
    ran = engine or DossierFacts()
    ids: dict[str, Any] = {"dossiers": {"count": ran.cases, "sha256": ran.digest}}
    announced = _announced(system, last, ids)
    covered = _covered(system, first, last, ids)
    audits, lines, self_audits, last_audit = _audits(system, year, last, ids)
    reviews, decisions = _reviews(system, year, last, last_audit, ids)
    measured, met = _objectives(system, year, last, ids)
    faults = Nonconformity.objects.filter(system=system, detected_on__lte=last).exclude(state__in=NOT_VOID)
    overdue = [
        str(row.uid)
        for row in faults.filter(severity=Severity.MAJOR)
        if row.deadline is not None
        and row.deadline < last
        and (row.finished_on is None or row.finished_on > last)
        and (row.closed_on is None or row.closed_on > last)
    ]
    ids["major_overdue"] = overdue
    return Counted(
        YearFacts(
            announced=announced, covered=covered, audits_closed=audits, audited_lines=lines, self_audits=self_audits,
            reviews_whole=reviews, decisions_whole=decisions, major_overdue=len(overdue),
            electronic=Share(ran.electronic, ran.cases_due), steps_in_time=Share(ran.steps_in_time, ran.steps),
            cases_in_time=Share(ran.cases_in_time, ran.cases_due), reads_in_time=_reads(system, first, last, ids),
            obsolete_forms=_obsolete_forms(system, first, last, ids), objectives_measured=measured, objectives_met=met,
            closed_in_time=_closed(system, first, last, ids), complaints_in_time=_complaints(system, first, last, ids),
            satisfaction=satisfaction_of(system, first=first, last=last),
        ),
        ids,
    )  # fmt: skip


def _announced(system: QualitySystem, last: date, ids: dict[str, Any]) -> bool:
    standing = Announcement.objects.filter(
        system=system, state__in=[AnnouncementState.PUBLISHED, AnnouncementState.SUPERSEDED],
        published_on__lte=last, effective_from__lte=last,
    ).exclude(superseded_on__lte=last)  # fmt: skip
    row = standing.order_by("-effective_from").select_related("paper").first()
    ids["announcement"] = []
    if row is None or row.paper is None:
        return False
    stored = row.paper.revisions.select_related("file").order_by("number").last()
    if stored is None:
        return False
    try:
        content_of(stored)
    except (FileDamaged, FileNotFoundError):
        return False
    ids["announcement"] = [str(row.uid), stored.file.sha256]
    return True


def _covered(system: QualitySystem, first: date, last: date, ids: dict[str, Any]) -> Share:
    wanted = procedures_run_by(system.organisation, first=first, last=last, on=last)
    revisions = DocumentRevision.objects.filter(
        system=system, document__type=DocumentType.PROCEDURE, document__procedure_code__in=wanted,
        state__in=[RevisionState.EFFECTIVE, RevisionState.SUPERSEDED, RevisionState.WITHDRAWN],
        effective_from__lte=last,
    ).exclude(effective_to__lte=last)  # fmt: skip
    good = {
        row.document.procedure_code: row.code
        for row in revisions.select_related("document").prefetch_related("legal_bases")
        if all(law.is_valid_on(last) for law in row.legal_bases.all())
    }
    ids["covered"] = {code: good.get(code, "") for code in sorted(wanted)}
    return Share(len(good), len(wanted))


def _audits(system: QualitySystem, year: int, last: date, ids: dict[str, Any]) -> tuple[int, Share, int, date | None]:
    programme = AuditProgramme.objects.filter(system=system, year=year, approved_on__lte=last).first()
    closed = Audit.objects.filter(system=system, programme=programme, state=AuditState.CLOSED, closed_on__lte=last)
    rows = list(closed) if programme is not None else []
    lines = set(programme.lines.values_list("pk", flat=True)) if programme is not None else set()
    done = lines & set(Audit.lines.through.objects.filter(audit__in=rows).values_list("programmeline_id", flat=True))
    own = AuditTeam.objects.filter(audit__in=rows, member__unit=F("audit__auditee")).count()
    ids["audits"] = [str(row.uid) for row in rows]
    ended = max((row.closed_on for row in rows if row.closed_on), default=None)
    return len(rows), Share(len(done), len(lines)), own, ended


def _reviews(
    system: QualitySystem, year: int, last: date, last_audit: date | None, ids: dict[str, Any]
) -> tuple[int, bool]:
    signed = [ReviewState.MINUTES_SIGNED, ReviewState.FOLLOWED_UP]
    held = ManagementReview.objects.filter(system=system, held_on__year=year, held_on__lte=last, state__in=signed)
    whole = [
        row
        for row in held.prefetch_related("decisions")
        if last_audit is not None
        and row.held_on is not None
        and row.held_on >= last_audit
        and {item["letter"] for item in row.inputs.get("inputs", [])} == set("abcdef")
    ]
    decisions = [decision for row in whole for decision in row.decisions.all()]
    ids["reviews"] = [str(row.uid) for row in whole]
    return len(whole), bool(decisions)


def _reads(system: QualitySystem, first: date, last: date, ids: dict[str, Any]) -> Share:
    due = ReadAck.objects.filter(revision__system=system, asked_on__gte=first, asked_on__lte=last).filter(
        Q(due_on__lte=last) | Q(acknowledged_on__lte=last)
    )
    in_time = due.filter(acknowledged_on__lte=F("due_on")).filter(acknowledged_on__lte=last)
    ids["reads_late"] = [str(uid) for uid in due.exclude(pk__in=in_time.values("pk")).values_list("uid", flat=True)]
    return Share(in_time.count(), due.count())


def _obsolete_forms(system: QualitySystem, first: date, last: date, ids: dict[str, Any]) -> int:
    """Procedures in effect that name a form without an effective revision: whoever works by them uses an old form."""
    revisions = DocumentRevision.objects.filter(system=system, state=RevisionState.EFFECTIVE, effective_from__lte=last)
    using = revisions.filter(forms__isnull=False).exclude(
        forms__in=DocumentRevision.objects.filter(state=RevisionState.EFFECTIVE).values("document")
    )
    ids["obsolete_forms"] = [str(uid) for uid in using.distinct().values_list("uid", flat=True)]
    return len(ids["obsolete_forms"])


def _objectives(system: QualitySystem, year: int, last: date, ids: dict[str, Any]) -> tuple[Share, Share]:
    rows = list(Objective.objects.filter(system=system, year=year).prefetch_related("measurements"))
    measured, met = 0, 0
    for row in rows:
        wanted = ended_periods(year, row.frequency, on=last)
        newest: dict[tuple[date, date], Any] = {}
        for found in sorted(row.measurements.all(), key=lambda item: (item.measured_on, item.pk)):
            if found.measured_on <= last:
                newest[found.period_from, found.period_to] = found
        values = [newest[period].value for period in wanted if period in newest and newest[period].value is not None]
        if not wanted or len(values) < len(wanted):
            continue
        measured += 1
        met += values[-1] >= row.target if row.at_least else values[-1] <= row.target
    ids["objectives"] = [str(row.uid) for row in rows]
    return Share(measured, len(rows)), Share(met, measured)


def _closed(system: QualitySystem, first: date, last: date, ids: dict[str, Any]) -> Share:
    """Nonconformities whose deadline fell in the year: mended by it and, when closed, checked for their effect."""
    rows = Nonconformity.objects.filter(system=system, detected_on__lte=last).exclude(state__in=NOT_VOID)
    due = [row for row in rows.prefetch_related("actions", "checks") if row.deadline and first <= row.deadline <= last]
    good = [
        row
        for row in due
        if row.root_cause
        and row.actions.all()
        and row.finished_on is not None
        and row.deadline is not None
        and row.finished_on <= row.deadline
        and row.closed_on is not None
        and row.closed_on <= last
        and any(check.is_effective for check in row.checks.all())
    ]
    ids["nonconformities_due"] = [str(row.uid) for row in due]
    return Share(len(good), len(due))


def _complaints(system: QualitySystem, first: date, last: date, ids: dict[str, Any]) -> Share:
    due = Complaint.objects.filter(system=system, received_on__gte=first, received_on__lte=last).filter(
        Q(due_on__lte=last) | Q(answered_on__lte=last)
    )
    in_time = due.filter(answered_on__lte=F("due_on")).filter(answered_on__lte=last)
    ids["complaints"] = [str(uid) for uid in due.values_list("uid", flat=True)]
    return Share(in_time.count(), due.count())
