"""Starts report runs, collects their figures in the background, freezes them, and opens corrected versions."""

import logging
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django_tasks import task

from khcn.domains.programme.choices import PeriodKind, ReportCode, ReportRunState
from khcn.domains.programme.models import Plan, ReportRun
from khcn.domains.programme.queries.report_runs import computed, open_contributions
from khcn.domains.programme.rules.periods import ReportingPeriod
from khcn.domains.programme.rules.reports import opening_sentences
from khcn.domains.programme.services.reports.papers import word_of, workbook_of
from khcn.domains.programme.services.transitions import advance
from khcn.kernel.audit.services import record
from khcn.kernel.documents.services import next_number
from khcn.kernel.orgs.permissions import require_role
from khcn.lib.actor import Actor
from khcn.lib.digest import digest
from khcn.lib.failure import Failure, Refused
from khcn.lib.roles import Role

logger = logging.getLogger(__name__)


def start_run(
    *,
    by: Actor,
    plan: Plan,
    report: ReportCode,
    period: ReportingPeriod,
    on: date,
    query: dict[str, Any] | None = None,
    due_on: date | None = None,
) -> ReportRun:
    """Open a run and queue the collection of its figures; the figures count records up to the period's cut-off.

    query: of an ad hoc report (see `queries.reports.tasks.answering`), or {"planned_new": n} of R9. Raises Refused when
    the period has a run that is not corrected.
    """
    require_role(by, Role.SPECIALIST, Role.HEAD)
    if report is ReportCode.R12 and period.kind is not PeriodKind.AD_HOC:
        raise Refused("Báo cáo đột xuất cần chọn khoảng thời gian riêng.", field="period")
    same = ReportRun.objects.filter(
        plan=plan, report=report, period_from=period.days.start, period_to=period.days.end
    ).order_by("-number")
    last = same.first()
    if last is not None and report is not ReportCode.R12:
        raise Refused(f"Kỳ này đã có báo cáo {last.code}. Mở báo cáo đó để làm tiếp hoặc đính chính.", field="period")
    with transaction.atomic():
        run = ReportRun.objects.create(
            code=_code(report, on), report=report, plan=plan, period=period.kind, period_from=period.days.start,
            period_to=period.days.end, as_of=period.cutoff_on, due_on=due_on or period.due_on,
            number=last.number + 1 if last is not None else 1, query=query or {}, created_by_id=by.user_id,
        )  # fmt: skip
        record(by=by, verb="report.start", subject=run, after={"report": report, "period": period.days.name})
    collect.enqueue(str(run.uid))
    run.refresh_from_db()
    return run


@task()
def collect(run_uid: str) -> None:
    """Compute a run's figures and try its papers, telling how far it is; a failure is told on the run.

    What is stored here is a preview: figures are frozen when a person consolidates.
    """
    runs = ReportRun.objects.filter(uid=run_uid, state=ReportRunState.COLLECTING)
    run = runs.select_related("plan__standing_body").first()
    if run is None:
        return
    runs.update(progress=5, failure="")
    try:
        run.snapshot = computed(run)
        runs.update(progress=60, snapshot=run.snapshot)
        run.narrative = _narrative(run)
        word_of(run)
        runs.update(progress=85)
        workbook_of(run)
        runs.update(progress=100)
    except Failure as failure:
        runs.update(failure=failure.message)
    except Exception as error:
        logger.exception("report collection failed", extra={"run": run_uid})
        runs.update(failure=f"Không tổng hợp được số liệu ({type(error).__name__}). Đề nghị báo quản trị hệ thống.")
        raise


def consolidate(
    *, by: Actor, run: ReportRun, on: date, close_without: str = "", expected_version: int | None = None
) -> ReportRun:
    """Freeze the figures as they are now, with their SHA-256, and write the first draft of the words from them.

    close_without: the reason for closing although units still owe contributions; printed in the report's notes.
    """
    missing = open_contributions(run)
    cutoff = run.as_of - timedelta(days=1) if run.period == PeriodKind.AD_HOC else run.as_of
    with transaction.atomic():
        run.snapshot = computed(run)
        run.sha256 = digest(run.snapshot)
        run.narrative = _narrative(run)
        run.narrative["missing"] = {"items": missing, "reason": close_without.strip()} if missing else {}
        run.progress, run.failure = 100, ""
        advance(
            by=by, subject=run, machine="report_run", event="consolidate", on=on, note=close_without,
            facts={"cutoff_on": cutoff, "open_contributions": [] if close_without.strip() else missing},
            expected_version=expected_version,
        )  # fmt: skip
    return run


def recollect(*, by: Actor, run: ReportRun, reason: str, on: date) -> ReportRun:
    """Open the figures again before anybody reviewed them, with the reason, and collect anew."""
    with transaction.atomic():
        run.sha256, run.progress = "", 0
        advance(by=by, subject=run, machine="report_run", event="recollect", on=on, note=reason, facts={})
    collect.enqueue(str(run.uid))
    run.refresh_from_db()
    return run


def correct(*, by: Actor, run: ReportRun, reason: str, on: date) -> ReportRun:
    """Open a new version of an issued report, with the reason; the issued one stays as it is. Returns the new one.

    Words that a person wrote are carried over; sentences made from figures are made anew.
    """
    with transaction.atomic():
        advance(
            by=by, subject=run, machine="report_run", event="correct", on=on, note=reason,
            facts={"new_version_created": True},
        )  # fmt: skip
        kept = {key: run.narrative.get(key) for key in ("edited", "rows", "addressees", "recipients")}
        kept["sections"] = {
            key: text for key, text in run.narrative.get("sections", {}).items() if key in (kept["edited"] or [])
        }
        version = ReportRun.objects.create(
            code=_code(ReportCode(run.report), on), report=run.report, plan=run.plan, period=run.period,
            period_from=run.period_from, period_to=run.period_to, as_of=run.as_of, due_on=run.due_on,
            number=run.number + 1, corrects=run, query=run.query, created_by_id=by.user_id,
            narrative={key: value for key, value in kept.items() if value},
        )  # fmt: skip
        record(by=by, verb="report.correct", subject=version, after={"corrects": run.code, "reason": reason})
    collect.enqueue(str(version.uid))
    version.refresh_from_db()
    return version


def _narrative(run: ReportRun) -> dict[str, Any]:
    """The words: computed sentences, but whatever a person edited stays as that person left it."""
    narrative = dict(run.narrative)
    edited = set(narrative.get("edited") or [])
    written = narrative.get("sections") or {}
    fresh = opening_sentences(run.report, run.snapshot["figures"] if run.snapshot else {})
    narrative["sections"] = {key: written.get(key, text) if key in edited else text for key, text in fresh.items()}
    return narrative


def _code(report: ReportCode, on: date) -> str:
    return f"{report.value}-{on.year}-{next_number(series='report_run', year=on.year):04d}"
