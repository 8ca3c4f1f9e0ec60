"""The report of a year on a right: frozen, written, issued with its number, and corrected by a next one."""

from datetime import date
from typing import Any

from django.db import transaction

from khcn.domains.marks.choices import YearReportState
from khcn.domains.marks.errors import MarkStepRefused
from khcn.domains.marks.models import Right, YearReport
from khcn.domains.marks.permissions import manager_of, require_decider, require_keeper
from khcn.domains.marks.queries.year_papers import word_of, workbook_of
from khcn.domains.marks.queries.year_reports import figures_of
from khcn.domains.marks.rules.year_report import frozen, is_whole
from khcn.kernel.audit.services import record
from khcn.kernel.documents.choices import DocumentKind
from khcn.kernel.documents.services import next_number, register_document
from khcn.lib.actor import Actor
from khcn.lib.failure import Refused
from khcn.web.uploads import DOCX, XLSX

WORDS = ("assessment", "difficulties", "proposals")


def freeze_year(*, by: Actor, right: Right, year: int, as_of: date) -> YearReport:
    """Freeze the figures of a year up to a day. A year that was reported is corrected by a next report.

    Raises Forbidden, Refused for a year to come, MarkStepRefused while a report of the year is being written.
    """
    require_keeper(by, right)
    if not (right.registered_on.year if right.registered_on else year) <= year <= as_of.year:
        raise Refused("Chọn năm từ khi quyền được cấp đến năm nay.", field="year")
    with transaction.atomic():
        Right.objects.select_for_update().get(pk=right.pk)
        last = YearReport.objects.filter(right=right, year=year).order_by("-number").first()
        if last is not None and last.state == YearReportState.DRAFT:
            raise MarkStepRefused("Báo cáo của năm này đang được viết.")
        snapshot, sha256 = frozen(*figures_of(right, year, as_of))
        number = last.number + 1 if last is not None else 1
        report = YearReport.objects.create(
            code=f"{right.code}-{year}-{number}", right=right, year=year, number=number, corrects=last,
            as_of=min(as_of, date(year, 12, 31)), snapshot=snapshot, sha256=sha256, created_by_id=by.user_id,
            **({name: getattr(last, name) for name in WORDS} if last is not None else {}),
        )  # fmt: skip
        record(by=by, verb="mark.year_freeze", subject=right, after={"year": year, "sha256": sha256})
    return report


def write_year(
    *, by: Actor, report: YearReport, words: dict[str, Any], expected_version: int | None = None
) -> YearReport:
    """Write the words of a report. Raises Forbidden, MarkStepRefused once issued, Stale."""
    require_keeper(by, report.right)
    values = {name: str(words[name]).strip() for name in WORDS if name in words}
    with transaction.atomic():
        report.claim(expected_version, values)
        _require_draft(report)
        for name, value in values.items():
            setattr(report, name, value)
        report.save()
        record(by=by, verb="mark.year_write", subject=report, after=values)
    return report


def issue_year(*, by: Actor, report: YearReport, on: date, expected_version: int | None = None) -> YearReport:
    """Give a report its number and keep its Word and Excel for good.

    Raises Forbidden, Refused without an assessment, MarkStepRefused once issued or where figures were touched, Stale.
    """
    require_decider(by, report.right)
    if not report.assessment.strip():
        raise Refused("Viết phần đánh giá trước khi ban hành.", field="assessment")
    with transaction.atomic():
        report.claim(expected_version)
        _require_draft(report)
        if not is_whole(report.snapshot, report.sha256):
            raise MarkStepRefused("Số liệu đã chốt bị thay đổi; lập lại báo cáo.")
        party = manager_of(report.right)
        owner = party.organisation if party is not None else None
        number = next_number(series="marks.BC", year=on.year, organisation=owner)
        report.document_number, report.issued_on = f"{number:02d}/BC-SHTT", on
        report.state = YearReportState.ISSUED
        common: dict[str, Any] = {
            "by": by, "kind": DocumentKind.REPORT, "title": f"Báo cáo năm {report.year}: {report.right.name}",
            "owner": owner, "number": report.document_number, "issued_on": on,
            "subject_type": YearReport._meta.label_lower, "subject_uid": report.uid,
        }  # fmt: skip
        report.word = register_document(
            content=word_of(report), filename=f"{report.code}.docx", media_type=DOCX.media_type, role="word", **common
        )
        report.workbook = register_document(
            content=workbook_of(report), filename=f"{report.code}.xlsx", media_type=XLSX.media_type, role="workbook",
            **common,
        )  # fmt: skip
        report.save()
        record(
            by=by, verb="mark.year_issue", subject=report,
            after={"number": report.document_number, "sha256": report.sha256},
        )  # fmt: skip
    return report


def _require_draft(report: YearReport) -> None:
    if YearReport.objects.values_list("state", flat=True).get(pk=report.pk) != YearReportState.DRAFT:
        raise MarkStepRefused("Báo cáo đã ban hành nên không sửa; lập báo cáo đính chính.")
