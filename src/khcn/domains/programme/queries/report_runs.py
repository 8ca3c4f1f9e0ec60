"""Reads report runs: who may see them, the board of periods, versions, whether figures still come out."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from khcn.domains.programme.choices import PeriodBasis, PeriodKind, ReportCode, ReportRunState
from khcn.domains.programme.models import Plan, ReportRun
from khcn.domains.programme.permissions import reads_all
from khcn.domains.programme.queries.assignments import silent_duties
from khcn.domains.programme.queries.reports import Scope, build_report
from khcn.domains.programme.queries.reports.issues import without_state_of_play
from khcn.domains.programme.queries.reports.periods import USUAL, name_of, recent_periods
from khcn.domains.programme.rules.periods import ReportingPeriod
from khcn.domains.programme.rules.reports import Change, compare
from khcn.lib.actor import Actor
from khcn.lib.digest import digest

SENT = frozenset({"issued", "corrected"})
PERIODS_SHOWN = 4


@dataclass(frozen=True, slots=True)
class BoardCell:
    """One period of one report: its latest run, if any, when it is due, and whether that day has passed unsent.

    begun_on: the day from which the plan is reported on.
    """

    period: ReportingPeriod
    run: ReportRun | None
    on: date
    begun_on: date

    @property
    def is_owed(self) -> bool:
        """True unless the period was over before the plan began: then there is nothing to report."""
        return self.period.days.end >= self.begun_on

    @property
    def is_late(self) -> bool:
        """True when the due day has passed and nothing was issued."""
        due = self.period.due_on
        is_sent = self.run is not None and self.run.state in SENT
        return self.is_owed and due is not None and due < self.on and not is_sent

    @property
    def is_running(self) -> bool:
        """True while the period has not ended."""
        return self.period.days.end >= self.on


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One report with its usual periods, latest first."""

    report: ReportCode
    kind: PeriodKind
    cells: tuple[BoardCell, ...]


@dataclass(frozen=True, slots=True)
class Verification:
    """intact: the stored figures have the stored digest. reproduces: today's records still give the very figures."""

    intact: bool
    reproduces: bool
    sha256: str
    now_sha256: str


def visible_runs(actor: Actor) -> QuerySet[ReportRun]:
    """Runs the actor may read: those whose office covers the programme, nobody else."""
    runs = ReportRun.objects.select_related("plan", "created_by__person")
    return runs if reads_all(actor) else runs.none()


def without_figures(runs: QuerySet[ReportRun]) -> QuerySet[ReportRun]:
    """The runs for a list: figures and words, megabytes for a long report, are read when asked for."""
    return runs.defer("snapshot", "narrative")


def scope_of(run: ReportRun) -> Scope:
    """What the run's report is asked for."""
    kind = PeriodKind(run.period)
    return Scope(
        plan=run.plan, period=kind, period_name=name_of(kind, run.period_from, run.period_to),
        period_from=run.period_from, period_to=run.period_to, as_of=run.as_of, query=run.query,
    )  # fmt: skip


def computed(run: ReportRun) -> dict[str, Any]:
    """The run's figures computed from the records as they are now."""
    return build_report(ReportCode(run.report), scope_of(run))


def board(plan: Plan, *, on: date) -> list[BoardRow]:
    """Reports × their last periods under the administrative calendar, with the latest run of each. Five queries."""
    latest: dict[tuple[str, date, date], ReportRun] = {}
    for run in without_figures(ReportRun.objects.filter(plan=plan)).order_by("number"):
        latest[run.report, run.period_from, run.period_to] = run
    begun_on = max(date(plan.period_from, 1, 1), plan.issued_on or date.min)
    kinds = {kind for kind in USUAL.values() if kind is not PeriodKind.AD_HOC}
    periods = {
        kind: recent_periods(kind, PeriodBasis.ADMINISTRATIVE, on=on, count=PERIODS_SHOWN) for kind in sorted(kinds)
    }
    return [
        BoardRow(
            report,
            kind,
            tuple(
                BoardCell(period, latest.get((report.value, period.days.start, period.days.end)), on, begun_on)
                for period in periods[kind]
            ),
        )
        for report, kind in USUAL.items()
        if kind in periods
    ]


def versions_of(run: ReportRun) -> list[ReportRun]:
    """All versions of the run's report and period, first to last; their figures are read when asked for."""
    return list(
        without_figures(
            ReportRun.objects.filter(
                plan=run.plan, report=run.report, period_from=run.period_from, period_to=run.period_to
            )
        ).order_by("number")
    )


def moved_between(earlier: ReportRun, later: ReportRun) -> list[Change]:
    """Which figures moved from one version to another; empty when either has none yet."""
    if not earlier.snapshot or not later.snapshot:
        return []
    return compare(earlier.snapshot, later.snapshot)


def verify(run: ReportRun) -> Verification:
    """Hash the stored figures again and compute them again from today's records."""
    stored = digest(run.snapshot) if run.snapshot is not None else ""
    now = digest(computed(run))
    return Verification(bool(run.sha256) and stored == run.sha256, now == run.sha256, run.sha256, now)


def is_intact(run: ReportRun) -> bool:
    """True when the stored figures have the stored digest."""
    return bool(run.sha256) and run.snapshot is not None and digest(run.snapshot) == run.sha256


def open_contributions(run: ReportRun) -> list[str]:
    """What units still owe to the run's report, as texts; a person may close it without them, giving a reason."""
    report = ReportCode(run.report)
    if report is ReportCode.R11:
        return [
            f"{line.unit_name}: {line.assignment.duty[:80]}"
            for line in silent_duties(run.plan, start=run.period_from, end=run.as_of)
        ]
    if report in (ReportCode.R1, ReportCode.R5):
        return [f"tình hình xử lý vướng mắc {issue.code}" for issue in without_state_of_play(scope_of(run))]
    return []


def is_open(run: ReportRun) -> bool:
    """True while the run's words may still be changed."""
    return run.state in (ReportRunState.CONSOLIDATED, ReportRunState.DRAFTED)
