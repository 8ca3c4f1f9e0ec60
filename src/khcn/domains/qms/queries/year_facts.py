"""Counts what the score of a year is made of, from records as they stood on a day, with the ids behind each count.

Every count is read for all agencies asked about at once; only the announced papers are opened one by one.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from django.db.models import F, Q

from khcn.domains.qms.choices import (
    AnnouncementState,
    AuditState,
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
    ObjectiveMeasurement,
    ProgrammeLine,
    QualitySystem,
    ReadAck,
)
from khcn.domains.qms.queries.coverage import coverage_of
from khcn.domains.qms.queries.dossiers import DossierFacts, dossier_facts
from khcn.domains.qms.queries.voices import Voices, voices_of
from khcn.domains.qms.rules.effectiveness import Share, YearFacts
from khcn.domains.qms.rules.periods import ended_periods
from khcn.kernel.documents.errors import FileDamaged
from khcn.kernel.documents.models import Revision
from khcn.kernel.documents.queries import content_of, verify_pdf
from khcn.standards.pades import PdfRefused

NOT_VOID = [NonconformityState.CANCELLED, NonconformityState.DRAFT]
Ids = dict[str, Any]


@dataclass(slots=True)
class Counted:
    """The facts of one agency-year and the ids of the records that were counted, by fact."""

    facts: YearFacts
    ids: Ids = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Span:
    """The year that is judged: its first day, the last one counted, the systems by key."""

    year: int
    first: date
    last: date
    systems: dict[int, QualitySystem]

    @property
    def organisation_ids(self) -> list[int]:
        """The agencies of the systems."""
        return [system.organisation_id for system in self.systems.values()]


def count_years(systems: Sequence[QualitySystem], *, year: int, as_of: date) -> dict[int, Counted]:
    """Count everything of a year up to `as_of`, by the system's key; the number of queries does not grow with them."""
    span = Span(year, date(year, 1, 1), min(date(year, 12, 31), as_of), {system.pk: system for system in systems})
    engine = dossier_facts(first=span.first, last=span.last, as_of=span.last, organisation_ids=span.organisation_ids)
    announced, covered, audits = _announced(span), _covered(span), _audits(span)
    reviews, objectives, faults = _reviews(span, audits), _objectives(span), _faults(span)
    reads, forms, complaints = _reads(span), _obsolete_forms(span), _complaints(span)
    voices = voices_of(span.organisation_ids, first=span.first, last=span.last)
    found = {}
    for key, system in span.systems.items():
        ran = engine.get(system.organisation_id, DossierFacts())
        heard = voices.get(system.organisation_id, Voices())
        ids: Ids = {
            "dossiers": {"count": ran.cases, "sha256": ran.digest}, "dossiers_late": sorted(ran.late),
            "announcement": announced[key], "covered": covered[key].by_code, "covered_in_grace": covered[key].in_grace,
            "audits": audits[key].uids, "reviews": reviews[key][0], "objectives": objectives[key].uids,
            "major_overdue": faults[key].major_overdue, "nonconformities_due": faults[key].due,
            "reads_late": reads[key].late, "obsolete_forms": forms[key],
            "complaints": complaints[key].uids, "complaints_late": sorted(heard.late_complaints),
            "surveys": heard.points,
        }  # fmt: skip
        found[key] = Counted(
            YearFacts(
                announced=bool(announced[key]), covered=covered[key].share, audits_closed=len(audits[key].uids),
                audited_lines=audits[key].lines, self_audits=audits[key].self_audits,
                reviews_whole=len(reviews[key][0]), decisions_whole=reviews[key][1],
                major_overdue=len(faults[key].major_overdue), electronic=Share(ran.electronic, ran.cases_due),
                steps_in_time=Share(ran.steps_in_time, ran.steps),
                cases_in_time=Share(ran.cases_in_time, ran.cases_judged), reads_in_time=reads[key].share,
                obsolete_forms=len(forms[key]), objectives_measured=objectives[key].measured,
                objectives_met=objectives[key].met, closed_in_time=faults[key].closed,
                complaints_in_time=complaints[key].plus(heard.complaints), satisfaction=heard.satisfaction,
            ),
            ids,
        )  # fmt: skip
    return found


def _announced(span: Span) -> dict[int, list[str]]:
    """Of the announcement that stood on the last day, when its paper is whole and every signature on it good: uid,
    digest, signers. Signatures are judged as of the moment the store took the paper in: by then they were there.
    """
    standing = Announcement.objects.filter(
        system__in=span.systems, state__in=[AnnouncementState.PUBLISHED, AnnouncementState.SUPERSEDED],
        published_on__lte=span.last, effective_from__lte=span.last,
    ).exclude(superseded_on__lte=span.last)  # fmt: skip
    newest: dict[int, Announcement] = {}
    for row in standing.order_by("effective_from", "pk").prefetch_related("paper__revisions__file"):
        newest[row.system_id] = row
    found: dict[int, list[str]] = {key: [] for key in span.systems}
    for key, row in newest.items():
        stored = max(row.paper.revisions.all(), key=lambda one: one.number, default=None) if row.paper else None
        signers = _signers(stored) if stored is not None else []
        if stored is not None and signers:
            found[key] = [str(row.uid), stored.file.sha256, *signers]
    return found


def _signers(stored: Revision) -> list[str]:
    """Who signed a stored paper; nobody when one signature on it is not good, or the paper is not what was stored."""
    try:
        reports = verify_pdf(content_of(stored), moment=stored.created_at)
    except (FileDamaged, FileNotFoundError, PdfRefused):
        return []
    return [report.signer for report in reports] if all(report.is_good for report in reports) else []


@dataclass(slots=True)
class _Covered:
    """What an agency must have a procedure for, by code; what it has just been given, whose time is not over."""

    by_code: dict[str, str] = field(default_factory=dict)
    in_grace: list[str] = field(default_factory=list)

    @property
    def share(self) -> Share:
        """Covered out of all that count."""
        return Share(sum(bool(code) for code in self.by_code.values()), len(self.by_code))


def _covered(span: Span) -> dict[int, _Covered]:
    """For each procedure in force the controlled procedure in effect that covers it, its legal bases in force."""
    found = {}
    for key, needed in coverage_of(span.systems, first=span.first, last=span.last).items():
        found[key] = _Covered(
            {item.code: item.by.code if item.by and item.is_covered else "" for item in needed if not item.in_grace},
            [item.code for item in needed if item.in_grace],
        )
    return found


@dataclass(slots=True)
class _Audits:
    """Closed audits of the year's programme: uids, lines audited, who audited their own unit, when the last closed."""

    uids: list[str] = field(default_factory=list)
    lines: Share = field(default_factory=partial(Share, 0, 0))
    self_audits: int = 0
    last_closed: date | None = None


def _audits(span: Span) -> dict[int, _Audits]:
    found = {key: _Audits() for key in span.systems}
    programmes = AuditProgramme.objects.filter(
        system__in=span.systems, year=span.year, approved_on__lte=span.last
    ).values("pk")
    lines: dict[int, set[int]] = defaultdict(set)
    for system, line in ProgrammeLine.objects.filter(programme__in=programmes).values_list(
        "programme__system_id", "pk"
    ):
        lines[system].add(line)
    closed = Audit.objects.filter(programme__in=programmes, state=AuditState.CLOSED, closed_on__lte=span.last)
    for row in closed.order_by("pk"):
        one = found[row.system_id]
        one.uids.append(str(row.uid))
        if row.closed_on is not None:
            one.last_closed = max(one.last_closed or row.closed_on, row.closed_on)
    done: dict[int, set[int]] = defaultdict(set)
    through = Audit.lines.through.objects.filter(audit__in=closed.values("pk"))
    for system, line in through.values_list("audit__system_id", "programmeline_id"):
        done[system].add(line)
    for key, one in found.items():
        one.lines = Share(len(lines[key] & done[key]), len(lines[key]))
    own = AuditTeam.objects.filter(audit__in=closed.values("pk"), member__unit=F("audit__auditee"))
    for system in own.values_list("audit__system_id", flat=True):
        found[system].self_audits += 1
    return found


def _reviews(span: Span, audits: dict[int, _Audits]) -> dict[int, tuple[list[str], bool]]:
    """Uids of reviews held after the last audit with whole inputs, and whether they decided something."""
    signed = [ReviewState.MINUTES_SIGNED, ReviewState.FOLLOWED_UP]
    held = ManagementReview.objects.filter(
        system__in=span.systems, held_on__year=span.year, held_on__lte=span.last, state__in=signed
    )
    found: dict[int, tuple[list[str], bool]] = {key: ([], False) for key in span.systems}
    for row in held.order_by("-planned_on", "-pk").prefetch_related("decisions"):
        last_audit = audits[row.system_id].last_closed
        whole = {item["letter"] for item in row.inputs.get("inputs", [])} == set("abcdef")
        if last_audit is None or row.held_on is None or row.held_on < last_audit or not whole:
            continue
        uids, decided = found[row.system_id]
        found[row.system_id] = ([*uids, str(row.uid)], decided or bool(row.decisions.all()))
    return found


@dataclass(slots=True)
class _Reads:
    """Reads in time of those due, and the uids of the late ones."""

    in_time: int = 0
    due: int = 0
    late: list[str] = field(default_factory=list)

    @property
    def share(self) -> Share:
        """In time out of due."""
        return Share(self.in_time, self.due)


def _reads(span: Span) -> dict[int, _Reads]:
    due = ReadAck.objects.filter(
        revision__system__in=span.systems, asked_on__gte=span.first, asked_on__lte=span.last
    ).filter(Q(due_on__lte=span.last) | Q(acknowledged_on__lte=span.last))
    found = {key: _Reads() for key in span.systems}
    rows = due.order_by("due_on", "pk").values_list("revision__system_id", "uid", "due_on", "acknowledged_on")
    for key, uid, due_on, read_on in rows:
        found[key].due += 1
        if read_on is not None and read_on <= min(due_on, span.last):
            found[key].in_time += 1
        else:
            found[key].late.append(str(uid))
    return found


def _obsolete_forms(span: Span) -> dict[int, list[str]]:
    """Documents in effect that name a form without an effective revision: whoever works by them uses an old form."""
    revisions = DocumentRevision.objects.filter(
        system__in=span.systems, state=RevisionState.EFFECTIVE, effective_from__lte=span.last
    )
    using = revisions.filter(forms__isnull=False).exclude(
        forms__in=DocumentRevision.objects.filter(state=RevisionState.EFFECTIVE).values("document")
    )
    found: dict[int, list[str]] = {key: [] for key in span.systems}
    for key, uid in using.order_by("pk").distinct().values_list("system_id", "uid"):
        found[key].append(str(uid))
    return found


@dataclass(slots=True)
class _Objectives:
    """Objectives of the year: all, those with something to measure by now, those measured in every period of which
    there was something to measure, those of them that were met.

    to_measure leaves out objectives of which no period has ended, and those computed of nothing in every ended one.
    """

    uids: list[str] = field(default_factory=list)
    to_measure: int = 0
    measured_count: int = 0
    met_count: int = 0

    @property
    def measured(self) -> Share:
        """Measured in whole out of those with something to measure."""
        return Share(self.measured_count, self.to_measure)

    @property
    def met(self) -> Share:
        """Met out of those measured."""
        return Share(self.met_count, self.measured_count)


def _objectives(span: Span) -> dict[int, _Objectives]:
    found = {key: _Objectives() for key in span.systems}
    rows = Objective.objects.filter(system__in=span.systems, year=span.year).order_by("code", "pk")
    for row in rows.prefetch_related("measurements"):
        one = found[row.system_id]
        one.uids.append(str(row.uid))
        wanted = ended_periods(span.year, row.frequency, on=span.last)
        newest: dict[tuple[date, date], ObjectiveMeasurement] = {}
        for measured in sorted(row.measurements.all(), key=lambda item: (item.measured_on, item.pk)):
            if measured.measured_on <= span.last:
                newest[measured.period_from, measured.period_to] = measured
        wanted = [period for period in wanted if not _is_of_nothing(newest.get(period))]
        values = [value for period in wanted if period in newest and (value := newest[period].value) is not None]
        one.to_measure += bool(wanted)
        if wanted and len(values) == len(wanted):
            one.measured_count += 1
            one.met_count += values[-1] >= row.target if row.at_least else values[-1] <= row.target
    return found


def _is_of_nothing(measured: ObjectiveMeasurement | None) -> bool:
    """Whether a period was looked at and nothing had happened in it that could be counted."""
    return measured is not None and measured.is_computed and measured.value is None


@dataclass(slots=True)
class _Faults:
    """Major nonconformities past their deadline; those whose deadline fell in the year, and how many were closed well.

    Closed well: with cause and actions, mended by the deadline, and found effective.
    """

    major_overdue: list[str] = field(default_factory=list)
    due: list[str] = field(default_factory=list)
    well: int = 0

    @property
    def closed(self) -> Share:
        """Closed well out of due."""
        return Share(self.well, len(self.due))


def _faults(span: Span) -> dict[int, _Faults]:
    found = {key: _Faults() for key in span.systems}
    rows = Nonconformity.objects.filter(system__in=span.systems, detected_on__lte=span.last).exclude(state__in=NOT_VOID)
    for row in rows.order_by("-detected_on", "-pk").prefetch_related("actions", "checks"):
        one, deadline = found[row.system_id], row.deadline
        if deadline is None:
            continue
        mended = row.finished_on is not None and row.finished_on <= min(deadline, span.last)
        closed = row.closed_on is not None and row.closed_on <= span.last
        unmended = row.finished_on is None or row.finished_on > span.last
        if row.severity == Severity.MAJOR and deadline < span.last and unmended and not closed:
            one.major_overdue.append(str(row.uid))
        if span.first <= deadline <= span.last:
            one.due.append(str(row.uid))
            proven = any(check.is_effective for check in row.checks.all())
            one.well += bool(row.root_cause and row.actions.all() and mended and closed and proven)
    return found


@dataclass(slots=True)
class _Complaints:
    """Complaints of the register that were answered in time, of those due."""

    uids: list[str] = field(default_factory=list)
    in_time: int = 0

    def plus(self, other: Share) -> Share:
        """With those that another room keeps."""
        return Share(self.in_time + other.counted, len(self.uids) + other.of)


def _complaints(span: Span) -> dict[int, _Complaints]:
    due = Complaint.objects.filter(
        system__in=span.systems, received_on__gte=span.first, received_on__lte=span.last
    ).filter(Q(due_on__lte=span.last) | Q(answered_on__lte=span.last))
    found = {key: _Complaints() for key in span.systems}
    for row in due.order_by("pk"):
        found[row.system_id].uids.append(str(row.uid))
        found[row.system_id].in_time += row.answered_on is not None and row.answered_on <= min(row.due_on, span.last)
    return found
