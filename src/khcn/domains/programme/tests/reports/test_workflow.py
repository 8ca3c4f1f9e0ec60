"""A report from collection to issue and correction: guards, frozen figures, two people, numbers, papers."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from docx import Document as WordFile

from khcn.domains.programme.choices import PeriodBasis, PeriodKind, ReportCode
from khcn.domains.programme.errors import NotNow
from khcn.domains.programme.models import Issue, ReportRun
from khcn.domains.programme.queries.report_runs import board, moved_between, verify, versions_of, visible_runs
from khcn.domains.programme.queries.reports.periods import name_of, period_of
from khcn.domains.programme.rules.periods import ad_hoc_period
from khcn.domains.programme.services.reports import (
    consolidate,
    correct,
    draft,
    edit_narrative,
    issue_report,
    recollect,
    return_draft,
    review,
    sign,
    start_run,
    word_of,
    workbook_of,
)
from khcn.domains.programme.tests.reports.test_reports import busy
from khcn.domains.programme.tests.reports.world import TODAY
from khcn.kernel.documents.queries import content_of
from khcn.kernel.procedures.queries import transitions_of
from khcn.lib.failure import Forbidden, Refused, Stale
from khcn.standards.nd30.lint import Severity, lint_docx

pytestmark = pytest.mark.django_db
LATER = date(2025, 6, 20)


def start(world, officials, report=ReportCode.R1, **options):
    if report is ReportCode.R12:
        period = ad_hoc_period(date(2025, 1, 1), date(2025, 6, 14), "Đột xuất")
    else:
        period = period_of(PeriodKind.HALF_YEAR, PeriodBasis.ADMINISTRATIVE, 2025, 1, on=TODAY)
    return start_run(by=officials.specialist, plan=world.plan, report=report, period=period, on=TODAY, **options)


def frozen(world, officials, report=ReportCode.R1):
    return consolidate(
        by=officials.specialist, run=start(world, officials, report), on=LATER, close_without="Đơn vị gửi sau"
    )


def issued(world, officials, report=ReportCode.R1):
    run = frozen(world, officials, report)
    draft(by=officials.specialist, run=run, on=LATER)
    review(by=officials.head, run=run, on=LATER)
    sign(by=officials.director, run=run, on=LATER)
    return issue_report(by=officials.specialist, run=run, on=LATER)


def test_started_run_has_its_figures_progress_and_period(world, officials):
    run = start(world, officials)

    assert (run.state, run.progress, run.failure, run.sha256) == ("collecting", 100, "", "")
    assert (run.period_from, run.period_to, run.due_on) == (date(2024, 12, 15), date(2025, 6, 14), date(2025, 6, 25))
    assert run.snapshot["form"] == "R1"


def test_second_run_of_a_period_is_refused(world, officials):
    start(world, officials)

    with pytest.raises(Refused, match="Kỳ này đã có báo cáo"):
        start(world, officials)


def test_run_by_a_host_is_forbidden(world, officials):
    period = period_of(PeriodKind.QUARTER, PeriodBasis.ADMINISTRATIVE, 2025, 1, on=TODAY)

    with pytest.raises(Forbidden):
        start_run(by=officials.host, plan=world.plan, report=ReportCode.R2, period=period, on=TODAY)


def test_collection_that_fails_tells_why_on_the_run(world, officials):
    world.rules.parameters.filter(key="uptake.min_days").update(value="không phải số")

    run = start(world, officials)

    assert run.progress == 5
    assert "Không tổng hợp được số liệu" in run.failure


def test_consolidate_before_the_cut_off_is_refused(world, officials):
    run = start(world, officials)

    with pytest.raises(NotNow, match="Chưa qua ngày chốt"):
        consolidate(by=officials.specialist, run=run, on=run.as_of)
    run.refresh_from_db()
    assert (run.state, run.sha256) == ("collecting", "")


def test_consolidate_with_open_contributions_needs_a_reason_that_is_kept(world, officials):
    Issue.objects.create(
        code="VM-1", plan=world.plan, kind="money", title="Vốn", reporter=world.user, raised_on=date(2024, 5, 1)
    )
    run = start(world, officials)

    with pytest.raises(NotNow, match="VM-1"):
        consolidate(by=officials.specialist, run=run, on=LATER)
    run = consolidate(
        by=officials.specialist, run=ReportRun.objects.get(pk=run.pk), on=LATER, close_without="Đơn vị xin gửi sau"
    )

    assert run.narrative["missing"]["reason"] == "Đơn vị xin gửi sau"
    assert "Đơn vị xin gửi sau" in _text(word_of(run))


def test_frozen_figures_stay_while_records_change(world, officials):
    run = frozen(world, officials)
    before = (run.sha256, run.snapshot)

    assert verify(run).intact
    assert verify(run).reproduces
    product = world.applied_product()
    product.applications.update(confirmed_on=date(2025, 1, 10))
    run.refresh_from_db()
    found = verify(run)

    assert (run.sha256, run.snapshot) == before
    assert (found.intact, found.reproduces) == (True, False)


def test_sign_of_figures_changed_behind_the_back_is_refused(world, officials):
    run = frozen(world, officials)
    draft(by=officials.specialist, run=run, on=LATER)
    review(by=officials.head, run=run, on=LATER)
    run.snapshot["figures"]["achieved"] = 7
    ReportRun.objects.filter(pk=run.pk).update(snapshot=run.snapshot)

    with pytest.raises(NotNow, match="mã băm"):
        sign(by=officials.director, run=ReportRun.objects.get(pk=run.pk), on=LATER)


def test_review_by_the_one_who_wrote_is_refused(world, officials):
    run = frozen(world, officials)
    edit_narrative(by=officials.head, run=run, sections={"proposals": "Đề nghị bố trí vốn"})
    draft(by=officials.specialist, run=run, on=LATER)

    with pytest.raises(NotNow, match="Người soát xét phải khác"):
        review(by=officials.head, run=run, on=LATER)


def test_sign_by_a_specialist_is_refused(world, officials):
    run = frozen(world, officials)
    draft(by=officials.specialist, run=run, on=LATER)
    review(by=officials.head, run=run, on=LATER)

    with pytest.raises(NotNow, match="Lãnh đạo Sở"):
        sign(by=officials.specialist, run=run, on=LATER)


def test_words_edited_by_a_person_outlive_a_return_and_a_new_collection(world, officials):
    run = frozen(world, officials)
    edit_narrative(by=officials.specialist, run=run, sections={"limits": "Chậm do mưa bão."})
    draft(by=officials.specialist, run=run, on=LATER)
    return_draft(by=officials.head, run=run, reason="Bổ sung nguyên nhân", on=LATER)
    run = recollect(by=officials.specialist, run=run, reason="Có số liệu mới", on=LATER)
    run = consolidate(by=officials.specialist, run=run, on=LATER, close_without="Gửi sau")

    assert run.narrative["sections"]["limits"] == "Chậm do mưa bão."
    assert "chỉ tiêu" in run.narrative["sections"]["results"]


def test_words_saved_over_a_newer_version_are_told_stale(world, officials):
    run = frozen(world, officials)
    read = run.version
    edit_narrative(by=officials.specialist, run=run, sections={"limits": "Một"}, expected_version=read)

    with pytest.raises(Stale) as told:
        edit_narrative(by=officials.other_specialist, run=run, sections={"limits": "Hai"}, expected_version=read)

    assert told.value.difference == [("Hạn chế và nguyên nhân", "Một", "Hai")]


def test_issued_report_has_the_next_number_and_keeps_its_papers(world, officials):
    first = issued(world, officials)
    second = issued(world, officials, ReportCode.R2)

    assert (first.document_number, second.document_number) == ("01/BC-SKHCN", "02/BC-SKHCN")
    assert content_of(first.word.revisions.get()) == word_of(ReportRun.objects.get(pk=first.pk))
    assert content_of(first.workbook.revisions.get()) == workbook_of(ReportRun.objects.get(pk=first.pk))
    assert [row.event for row in transitions_of(subject_uid=first.uid)] == [
        "consolidate", "draft", "review", "sign", "issue",
    ]  # fmt: skip


def test_issued_report_takes_no_more_words(world, officials):
    run = issued(world, officials)

    with pytest.raises(NotNow):
        edit_narrative(by=officials.specialist, run=run, sections={"limits": "Khác"})


def test_corrected_report_is_a_new_version_and_says_which_figures_moved(world, officials):
    run = issued(world, officials)
    before = (run.sha256, run.snapshot)
    world.applied_product()

    version = correct(by=officials.head, run=run, reason="Bổ sung sản phẩm", on=LATER)
    version = consolidate(by=officials.specialist, run=version, on=LATER, close_without="Gửi sau")
    run.refresh_from_db()
    moved = {change.column for change in moved_between(run, version) if change.row.startswith("Hệ thống thông tin")}

    assert (run.state, run.sha256, run.snapshot) == ("corrected", *before)
    assert (version.number, version.corrects) == (2, run)
    assert {"Trong kỳ", "Lũy kế", "%", "Minh chứng"} <= moved
    assert versions_of(version) == [run, version]


def test_board_tells_what_exists_and_what_is_late(world, officials):
    run = start(world, officials, ReportCode.R4)

    cells = {row.report: row.cells for row in board(world.plan, on=date(2025, 6, 26))}

    assert cells[ReportCode.R4][1].run == run
    assert cells[ReportCode.R4][1].is_late
    assert cells[ReportCode.R1][0].is_running
    assert ReportCode.R12 not in cells


def test_board_asks_for_nothing_from_before_the_plan(world):
    world.plan.issued_on = date(2025, 4, 1)

    cells = {row.report: row.cells for row in board(world.plan, on=date(2025, 6, 26))}

    assert [(cell.is_owed, cell.is_late) for cell in cells[ReportCode.R7]][1:] == [(False, False)] * 3
    assert [cell.is_owed for cell in cells[ReportCode.R1]] == [
        cell.period.days.end >= date(2025, 4, 1) for cell in cells[ReportCode.R1]
    ]


def test_reports_are_seen_by_the_standing_body_only(world, officials):
    run = start(world, officials)

    assert list(visible_runs(officials.director)) == [run]
    assert not visible_runs(officials.host).exists()
    assert not visible_runs(officials.coordinator).exists()


@pytest.mark.parametrize("code", list(ReportCode))
def test_issued_word_of_every_report_keeps_to_the_decree(world, officials, code):
    busy(world)

    findings = lint_docx(word_of(issued(world, officials, code)))

    assert [item for item in findings if item.severity is Severity.ERROR] == []


def test_draft_word_leaves_only_the_day_of_signing_open(world, officials):
    busy(world)

    findings = lint_docx(word_of(frozen(world, officials)))

    assert {item.code for item in findings if item.severity is Severity.ERROR} == {"date.format"}


@pytest.mark.parametrize("code", list(ReportCode))
def test_papers_of_one_snapshot_are_the_same_bytes(world, officials, code):
    busy(world)
    run = frozen(world, officials, code)

    again = ReportRun.objects.get(pk=run.pk)

    assert word_of(run) == word_of(again)
    assert workbook_of(run) == workbook_of(again)


@pytest.mark.parametrize(
    ("kind", "end", "name"),
    [
        (PeriodKind.MONTH, date(2025, 3, 14), "Tháng 3 năm 2025"),
        (PeriodKind.QUARTER, date(2025, 6, 14), "Quý II năm 2025"),
        (PeriodKind.HALF_YEAR, date(2025, 12, 14), "6 tháng cuối năm 2025"),
        (PeriodKind.YEAR, date(2025, 12, 31), "Năm 2025"),
    ],
)
def test_period_name_follows_from_kind_and_last_day(kind, end, name):
    assert name_of(kind, end - timedelta(days=27), end) == name


def _text(content: bytes) -> str:
    return "\n".join(paragraph.text for paragraph in WordFile(BytesIO(content)).paragraphs)
