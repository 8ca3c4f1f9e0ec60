"""Screens of reports: the board, a run with its figures and words, its way to issue, versions, files."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khcn.domains.programme.choices import ReportCode, ReportRunState
from khcn.domains.programme.forms.reports import (
    CloseWithoutForm,
    NarrativeForm,
    ReasonForm,
    ReportRunFilter,
    StartRunForm,
)
from khcn.domains.programme.models import Plan, ReportRun
from khcn.domains.programme.permissions import reads_all, roles_on
from khcn.domains.programme.queries.figures import resolve
from khcn.domains.programme.queries.report_runs import (
    board,
    is_open,
    moved_between,
    open_contributions,
    scope_of,
    verify,
    versions_of,
    visible_runs,
    without_figures,
)
from khcn.domains.programme.queries.saved_filters import filters_of
from khcn.domains.programme.rules.machines import REPORT_RUN
from khcn.domains.programme.rules.reports import SECTIONS, cell_text
from khcn.domains.programme.rules.transitions import permitted_events
from khcn.domains.programme.services import reports as services
from khcn.domains.programme.services.reports.papers import (
    XLSX,
    default_addressees,
    default_recipients,
    printed_rows,
    report_title,
)
from khcn.domains.programme.services.reports.workflow import DOCX
from khcn.kernel.documents.queries import content_of
from khcn.kernel.procedures.queries import transitions_of
from khcn.lib.roles import Role
from khcn.web.acting import actor_of
from khcn.web.listing import Export, filtered, order, paginate
from khcn.web.screens import done, page, screen, version_of
from khcn.web.spreadsheets.writing import CellKind, Column
from khcn.web.uploads import download_response

STARTERS = (Role.SPECIALIST, Role.HEAD)
RUN_ORDERS = {"made": "id", "code": "code", "report": ("report", "period_to"), "as_of": "as_of", "state": "state"}
ROWS_SHOWN = 100
LONG_TEXT = 40  # characters from which a cell needs a wide column on the screen
ACTS = {
    "draft": (services.draft, gettext_lazy("Đã trình dự thảo để soát xét.")),
    "review": (services.review, gettext_lazy("Đã soát xét. Báo cáo chờ lãnh đạo ký.")),
    "sign": (services.sign, gettext_lazy("Đã ký báo cáo.")),
    "issue": (services.issue_report, gettext_lazy("Đã ban hành báo cáo và lưu tệp Word, Excel.")),
}


@screen(methods=("GET", "HEAD"))
def report_list(request: HttpRequest) -> HttpResponseBase:
    """The board: reports × periods of one plan, and all its runs, filtered, ordered, paged; or the runs as a file."""
    actor = actor_of(request)
    if not reads_all(actor):
        raise Http404
    plans = Plan.objects.exclude(state="draft")
    asked = _uid(request.GET.get("ke-hoach"))
    plan = (plans.filter(uid=asked).first() if asked else None) or plans.first()
    filters = filtered(ReportRunFilter, request, without_figures(visible_runs(actor).filter(plan=plan)))
    runs, ordering = order(filters.rows, request, RUN_ORDERS, default="-made")
    export = _runs_export([f"{chip.label}: {chip.value}" for chip in filters.chips])
    if export.asked_for(request):
        return export.respond(request, runs)
    context = {
        "plans": plans,
        "plan": plan,
        "board": board(plan, on=timezone.localdate()) if plan is not None else [],
        "filters": filters,
        "ordering": ordering,
        "page": paginate(runs, request),
        "saved": filters_of(actor, "reports"),
        "may_start": actor.holds(*STARTERS),
    }
    return page(request, "programme/reports/board.html", context, part="list")


@screen
def report_new(request: HttpRequest) -> HttpResponse:
    """Start a run; plan, report and period come from the board."""
    actor = actor_of(request)
    if not reads_all(actor):
        raise Http404
    initial = {
        "plan": request.GET.get("plan"),
        "report": request.GET.get("report"),
        "period": request.GET.get("period"),
    }
    form = StartRunForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            data = form.cleaned_data
            run = services.start_run(
                by=actor, plan=data["plan"], report=data["report"], period=form.chosen_period(),
                on=timezone.localdate(), query=form.query(), due_on=data["due_on"],
            )  # fmt: skip
            return done(request, _("Đã bắt đầu tổng hợp số liệu."), _address(run))
    return page(request, "programme/reports/new.html", {"form": form}, status=form.status)


@screen(methods=("GET", "HEAD"))
def report_page(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One run: state, figures, words, what may be done now; the partial `progress` while it is collected."""
    run = _run(request, uid)
    roles = roles_on(actor_of(request), run)
    events = {item.event for item in permitted_events(REPORT_RUN, run.state, roles)}
    versions = versions_of(run)
    context = {
        "run": run,
        "report_name": report_title(run),
        "scope": scope_of(run),
        "events": events,
        "is_collecting": run.state == "collecting" and run.progress < 100 and not run.failure,
        "missing": open_contributions(run) if "consolidate" in events else [],
        "close_form": CloseWithoutForm(),
        "reason_form": ReasonForm(),
        "reason_events": ("return", "recollect", "correct"),
        "may_write": is_open(run) and bool(roles & {Role.SPECIALIST, Role.HEAD}),
        "sections": _sections(run),
        "table": _table(run, limit=ROWS_SHOWN),
        "versions": versions,
        "history": transitions_of(subject_uid=run.uid),
    }
    return page(request, "programme/reports/page.html", context, part="progress")


@screen
def report_words(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Edit the words; the figures stand beside and cannot be changed."""
    run = _run(request, uid)
    written = run.narrative.get("sections") or {}
    initial = {key: written.get(key, "") for key, _title in SECTIONS}
    initial["addressees"] = "\n".join(run.narrative.get("addressees") or default_addressees(run))
    initial["recipients"] = "\n".join(run.narrative.get("recipients") or default_recipients(run))
    form = NarrativeForm(request.POST or None, initial=initial)
    rows = _worded_rows(run)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            services.edit_narrative(
                by=actor_of(request), run=run,
                sections={key: form.cleaned_data[key] for key, _title in SECTIONS},
                rows=_row_words(request, rows) if rows else None, addressees=form.lines("addressees"),
                recipients=form.lines("recipients"), expected_version=version_of(request),
            )  # fmt: skip
            return done(request, _("Đã ghi lời văn báo cáo."), _address(run))
    context = {"run": run, "report_name": report_title(run), "form": form, "rows": rows}
    return page(request, "programme/reports/words.html", context, status=form.status)


@screen(methods=("POST",))
def report_freeze(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Freeze the figures."""
    run = _run(request, uid)
    form = CloseWithoutForm(request.POST)
    form.is_valid()
    services.consolidate(
        by=actor_of(request), run=run, on=timezone.localdate(), expected_version=version_of(request),
        close_without=form.cleaned_data.get("close_without", ""),
    )  # fmt: skip
    return done(request, _("Đã chốt số liệu và tính mã băm SHA-256."), _address(run))


@screen(methods=("POST",))
def report_act(request: HttpRequest, uid: UUID, event: str) -> HttpResponse:
    """One step of the workflow without more to say: draft, review, sign, issue."""
    run = _run(request, uid)
    if event not in ACTS:
        raise Http404
    act, message = ACTS[event]
    act(by=actor_of(request), run=run, on=timezone.localdate(), expected_version=version_of(request))
    return done(request, str(message), _address(run))


@screen(methods=("POST",))
def report_with_reason(request: HttpRequest, uid: UUID, event: str) -> HttpResponse:
    """A step that needs its reason: return, recollect, correct."""
    run = _run(request, uid)
    acts = {"return": services.return_draft, "recollect": services.recollect, "correct": services.correct}
    if event not in acts:
        raise Http404
    reason = request.POST.get("reason", "").strip()
    result = acts[event](by=actor_of(request), run=run, reason=reason, on=timezone.localdate())
    return done(request, _("Đã ghi, kèm lý do."), _address(result))


@screen(methods=("GET", "HEAD"))
def report_file(request: HttpRequest, uid: UUID, ending: str) -> HttpResponse:
    """The Word or Excel file: as stored when issued, else made from the run as it is."""
    run = _run(request, uid)
    if run.snapshot is None:
        raise Http404
    stored = run.word if ending == "docx" else run.workbook
    if stored is not None:
        content = content_of(stored.revisions.order_by("-number").select_related("file")[0])
    else:
        content = services.word_of(run) if ending == "docx" else services.workbook_of(run)
    media_type = DOCX if ending == "docx" else XLSX
    return download_response(content, f"{run.code}.{ending}", media_type=media_type)  # type: ignore[return-value]


@screen(methods=("GET", "HEAD"))
def report_print(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The whole report on paper."""
    run = _run(request, uid)
    context = {
        "run": run,
        "report_name": report_title(run),
        "sections": _sections(run),
        "table": _table(run),
        "scope": scope_of(run),
    }
    return page(request, "programme/reports/print.html", context)


@screen(methods=("GET", "HEAD"))
def report_compare(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Which figures moved from the version before to this one, or from any other version."""
    run = _run(request, uid)
    versions = versions_of(run)
    asked = request.GET.get("voi", "")
    earlier = next((item for item in versions if str(item.number) == asked), None) or run.corrects
    if earlier is None:
        raise Http404
    context = {
        "run": run, "report_name": report_title(run), "earlier": earlier, "versions": versions,
        "changes": moved_between(earlier, run),
    }  # fmt: skip
    return page(request, "programme/reports/compare.html", context)


@screen(methods=("GET", "HEAD"))
def report_verify(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Hash the stored figures again and compute them again from today's records."""
    run = _run(request, uid)
    if not run.sha256:
        raise Http404
    return page(
        request, "programme/reports/verify.html", {"run": run, "report_name": report_title(run), "found": verify(run)}
    )


@screen(methods=("GET", "HEAD"))
def report_figure(request: HttpRequest, uid: UUID, row: str, column: str) -> HttpResponse:
    """The rows behind one cell of a report, as frozen."""
    run = _run(request, uid)
    snapshot = run.snapshot or {"rows": [], "columns": []}
    found = next((item for item in snapshot["rows"] if item["key"] == row), None)
    if found is None or column not in found["refs"]:
        raise Http404
    refs = found["refs"][column]
    if "query" in refs:
        return HttpResponseRedirect(_entries_address(run, refs["query"]))
    context = {
        "run": run, "report_name": report_title(run), "heading": _heading(found, snapshot["columns"]),
        "column": next(item["title"] for item in snapshot["columns"] if item["key"] == column),
        "counted": resolve(refs["subject"], refs["counted"]), "of": resolve(refs["subject"], refs.get("of", [])),
    }  # fmt: skip
    return page(request, "programme/reports/figure.html", context)


def _runs_export(provenance: list[str]) -> Export:
    return Export(
        _("Báo cáo"),
        _("Các báo cáo đã lập"),
        [
            Column(_("Mã"), width=24), Column(_("Báo cáo"), width=50), Column(_("Lần"), CellKind.INTEGER),
            Column(_("Từ ngày"), CellKind.DATE), Column(_("Đến ngày"), CellKind.DATE),
            Column(_("Số liệu đến"), CellKind.DATE), Column(_("Hạn gửi"), CellKind.DATE),
            Column(_("Số, ký hiệu"), width=20), Column(_("Ban hành ngày"), CellKind.DATE),
            Column(_("Trạng thái"), width=24),
        ],
        lambda run: [
            run.code, _(ReportCode(run.report).label), run.number, run.period_from, run.period_to, run.as_of,
            run.due_on, run.document_number, run.issued_on, _(ReportRunState(run.state).label),
        ],
        provenance,
    )  # fmt: skip


def _run(request: HttpRequest, uid: UUID) -> ReportRun:
    whole = visible_runs(actor_of(request)).select_related(
        "plan__standing_body__parent", "word", "workbook", "corrects"
    )
    runs = whole.defer("corrects__snapshot", "corrects__narrative")
    return get_object_or_404(runs, uid=uid)


def _address(run: ReportRun) -> str:
    return reverse("report_page", args=[run.uid])


def _uid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _sections(run: ReportRun) -> list[dict[str, Any]]:
    written = run.narrative.get("sections") or {}
    return [
        {"numeral": numeral, "title": title, "lines": [line for line in written.get(key, "").splitlines() if line]}
        for numeral, (key, title) in zip(("I", "II", "III", "IV", "V"), SECTIONS, strict=True)
    ]


def _table(run: ReportRun, limit: int | None = None) -> dict[str, Any]:
    """Columns and printed rows; each cell knows its text, whether it is a number, and the address of its rows."""
    if not run.snapshot:
        return {"columns": [], "rows": [], "notes": [], "left": 0}
    columns = run.snapshot["columns"]
    rows = printed_rows(run)
    shown = rows if limit is None or len(rows) <= limit else [
        row for index, row in enumerate(rows) if index < limit or row["kind"] != "row"
    ]  # fmt: skip
    drawn = []
    for row in shown:
        if row["kind"] == "group":
            drawn.append({"kind": "group", "title": row["cells"][0]})
            continue
        cells = [_cell(run, row, column, value) for column, value in zip(columns, row["cells"], strict=True)]
        drawn.append({"kind": row["kind"], "cells": cells})
    return {"columns": columns, "rows": drawn, "notes": run.snapshot["notes"], "left": len(rows) - len(shown)}


def _cell(run: ReportRun, row: dict[str, Any], column: dict[str, Any], value: Any) -> dict[str, Any]:
    is_total = row["kind"] == "total"
    text = "" if value is None and (is_total or column["key"] == "number") else cell_text(value, column["kind"])
    address = ""
    if column["key"] in row["refs"]:
        address = reverse("report_figure", args=[run.uid, row["key"], column["key"]])
    return {
        "text": text, "title": column["title"], "address": address,
        "is_long": len(text) > LONG_TEXT,
        "is_number": column["kind"] in ("vnd", "count", "percent", "figure"),
    }  # fmt: skip


def _worded_rows(run: ReportRun) -> list[dict[str, Any]]:
    """Rows of R1 with the two texts that a person may change."""
    if run.report != ReportCode.R1 or not run.snapshot:
        return []
    places = {item["key"]: index for index, item in enumerate(run.snapshot["columns"])}
    return [
        {"key": row["key"], "title": row["cells"][places["target"]], "causes": row["cells"][places["causes"]],
         "measures": row["cells"][places["measures"]]}
        for row in printed_rows(run)
    ]  # fmt: skip


def _row_words(request: HttpRequest, rows: list[dict[str, Any]]) -> dict[str, dict[str, str]]:
    """What a person changed of R1's computed causes and measures; unchanged texts stay computed."""
    words: dict[str, dict[str, str]] = {}
    for row in rows:
        for name in ("causes", "measures"):
            text = request.POST.get(f"{name}-{row['key']}", "").replace("\r\n", "\n").strip()
            if text and text != row[name]:
                words.setdefault(row["key"], {})[name] = text
    return words


def _heading(row: dict[str, Any], columns: list[dict[str, Any]]) -> str:
    texts = [
        cell_text(value, column["kind"])
        for value, column in zip(row["cells"], columns, strict=False)
        if column["key"] != "number" and value not in (None, "")
    ]
    return " – ".join(texts[:2])


def _entries_address(run: ReportRun, query: dict[str, Any]) -> str:
    asked = {"loai": ",".join(query.get("kinds", [])), "nguon": query.get("source", ""), "nam": query.get("year", ""),
             "ngay": query.get("until", "")}  # fmt: skip
    kept = urlencode({key: value for key, value in asked.items() if value})
    return f"{reverse('plan_entries', args=[run.plan.uid])}?{kept}"
