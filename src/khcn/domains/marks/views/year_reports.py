"""The reports of the years of a right: freeze, write, issue, read, take away."""

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from khcn.domains.marks.choices import YearReportState
from khcn.domains.marks.forms.year_reports import FreezeForm, IssueForm, WordsForm
from khcn.domains.marks.models import YearReport
from khcn.domains.marks.permissions import is_of_the_state, may_decide, may_keep, visible_rights
from khcn.domains.marks.queries.year_papers import said, word_of, workbook_of
from khcn.domains.marks.rules.year_report import is_whole
from khcn.domains.marks.services import year_reports
from khcn.domains.marks.views.acting import kept_right, right_for
from khcn.kernel.documents.queries import content_of
from khcn.web.acting import actor_of, one_of
from khcn.web.listing import Export, paginate
from khcn.web.screens import done, page, screen, version_of
from khcn.web.spreadsheets.writing import CellKind, Column
from khcn.web.uploads import DOCX, XLSX, download_response

EXPORT = Export(
    name="Bao cao nam ve quyen",
    title="Báo cáo năm về quyền",
    columns=(
        Column("Mã", width=28), Column("Năm", CellKind.INTEGER), Column("Lần", CellKind.INTEGER),
        Column("Trạng thái", width=18), Column("Số liệu đến ngày", CellKind.DATE), Column("Số, ký hiệu", width=18),
        Column("Ban hành ngày", CellKind.DATE), Column("SHA-256", width=66),
    ),
    row=lambda one: (
        one.code, one.year, one.number, one.get_state_display(), one.as_of, one.document_number, one.issued_on,
        one.sha256,
    ),
)  # fmt: skip


@screen
def mark_years(request: HttpRequest, code: str) -> HttpResponseBase:
    """The reports of a right, as a page or a file."""
    right, actor = right_for(request, code), actor_of(request)
    if not is_of_the_state(actor):
        raise Http404
    rows = YearReport.objects.filter(right=right)
    if EXPORT.asked_for(request):
        return EXPORT.respond(request, rows)
    context = {"right": right, "page": paginate(rows, request), "may_keep": may_keep(actor, right)}
    return page(request, "marks/year_list.html", context)


@screen
def mark_year_new(request: HttpRequest, code: str) -> HttpResponseBase:
    """Freeze the figures of a year."""
    right = kept_right(request, code)
    form, back = FreezeForm(request.POST or None), reverse("mark_years", args=[code])
    if form.is_valid():
        with form.refusals():
            report = year_reports.freeze_year(
                by=actor_of(request), right=right, year=form.cleaned_data["year"], as_of=timezone.localdate()
            )
            return done(request, _("Đã chốt số liệu của năm."), reverse("mark_year", args=[report.code]))
    context = {"form": form, "label": _("Lập báo cáo năm"), "back": back, "subject": right}
    return page(request, "marks/form.html", context, status=form.status)


def _report(request: HttpRequest, code: str) -> YearReport:
    actor = actor_of(request)
    if not is_of_the_state(actor):
        raise Http404
    rows = YearReport.objects.filter(right__in=visible_rights(actor)).select_related(
        "right", "corrects", "word", "workbook"
    )
    found: YearReport = one_of(rows, code=code)
    return found


@screen
def mark_year(request: HttpRequest, code: str) -> HttpResponseBase:
    """One report: its words, figures and tables."""
    report, actor = _report(request, code), actor_of(request)
    grids = [
        {
            "title": grid["title"], "heads": [title for title, _kind in grid["columns"]],
            "rows": [
                [
                    (said(value, kind), kind != "text", title)
                    for value, (title, kind) in zip(row, grid["columns"], strict=True)
                ]
                for row in grid["rows"]
            ],
        }
        for grid in report.snapshot["grids"]
    ]  # fmt: skip
    context = {
        "report": report, "right": report.right, "grids": grids,
        "figures": [(one["label"], said(one["value"], one["kind"])) for one in report.snapshot["figures"]],
        "is_whole": is_whole(report.snapshot, report.sha256), "is_draft": report.state == YearReportState.DRAFT,
        "may_keep": may_keep(actor, report.right), "may_decide": may_decide(actor, report.right),
        "words": [
            (_("Đánh giá"), report.assessment), (_("Khó khăn, vướng mắc"), report.difficulties),
            (_("Kiến nghị, phương hướng"), report.proposals),
        ],
    }  # fmt: skip
    return page(request, "marks/year_page.html", context)


@screen
def mark_year_edit(request: HttpRequest, code: str) -> HttpResponseBase:
    """Write the words of a report."""
    report = _report(request, code)
    if not may_keep(actor_of(request), report.right):
        raise Http404
    form, back = WordsForm(request.POST or None, report=report), reverse("mark_year", args=[code])
    if form.is_valid():
        with form.refusals():
            year_reports.write_year(
                by=actor_of(request), report=report, words=form.cleaned_data, expected_version=version_of(request)
            )
            return done(request, _("Đã ghi lời báo cáo."), back)
    context = {
        "form": form, "label": _("Viết báo cáo"), "back": back, "subject": report, "version": report.version,
    }  # fmt: skip
    return page(request, "marks/form.html", context, status=form.status)


@screen
def mark_year_issue(request: HttpRequest, code: str) -> HttpResponseBase:
    """Issue a report under its number."""
    report = _report(request, code)
    if not may_decide(actor_of(request), report.right):
        raise Http404
    form, back = IssueForm(request.POST or None), reverse("mark_year", args=[code])
    if form.is_valid():
        with form.refusals():
            year_reports.issue_year(
                by=actor_of(request), report=report, on=form.cleaned_data["on"], expected_version=version_of(request)
            )
            return done(request, _("Đã ban hành báo cáo."), back)
    context = {
        "form": form, "label": _("Ban hành báo cáo"), "back": back, "subject": report, "version": report.version,
    }  # fmt: skip
    return page(request, "marks/form.html", context, status=form.status)


@screen(methods=("GET", "HEAD"))
def mark_year_paper(request: HttpRequest, code: str, ending: str) -> HttpResponseBase:
    """The report as Word or Excel: as it was issued, or as the draft reads."""
    report = _report(request, code)
    is_word = ending == "docx"
    if not is_word and ending != "xlsx":
        raise Http404
    kept = report.word if is_word else report.workbook
    revision = kept.revisions.select_related("file").first() if kept is not None else None
    write = word_of if is_word else workbook_of
    content = content_of(revision) if revision is not None else write(report)
    kind = DOCX if is_word else XLSX
    return download_response(content, f"{report.code}.{ending}", media_type=kind.media_type)
